"""How far numbers have been cut, remembered outside the database.

A restored backup of the database has forgotten the blocks cut since. The mark is raised before a block is told to
anybody, so after a restore cutting goes on above it, and no number is ever cut twice (SYNC 3.5, I1). The same holds for
every ordinal by which a later document supersedes an earlier one, and for the epochs of the province.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import msgspec

from inspector_app.errors import StationError


class HighWater(Protocol):
    """The marks by name: a draw, ``block <device>``, ``grant <person>``, ``epoch`` …"""

    def read(self, draw: str) -> int:
        """The highest place on the line of integers ever cut from the draw; 0 when none was."""

    def raise_to(self, draw: str, high: int) -> None:
        """Remember durably; a lower mark changes nothing."""


def next_ordinal(marks: HighWater, name: str, last: int) -> int:
    """One more than ever, whatever a restore has forgotten since ``last``.

    Devices that know a forgotten document would take the same ordinal again for old news, or for a step backward.
    """
    ordinal = max(last, marks.read(name)) + 1
    marks.raise_to(name, ordinal)
    return ordinal


class MemoryHighWater:
    """Marks of a province that lives in memory (tests, the simulated world's stable storage)."""

    def __init__(self) -> None:
        self.marks: dict[str, int] = {}

    def read(self, draw: str) -> int:
        """The mark of a draw."""
        return self.marks.get(draw, 0)

    def raise_to(self, draw: str, high: int) -> None:
        """Raise it."""
        self.marks[draw] = max(high, self.read(draw))


class FileHighWater:
    """Marks in a file of the province's folder, replaced as a whole and synced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, draw: str) -> int:
        """The mark of a draw."""
        return self._load().get(draw, 0)

    def raise_to(self, draw: str, high: int) -> None:
        """Raise it; on return it survives a power cut."""
        marks = self._load()
        if high <= marks.get(draw, 0):
            return
        marks[draw] = high
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(msgspec.json.encode(marks))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        _sync_folder(self._path.parent)

    def _load(self) -> dict[str, int]:
        if not self._path.exists():
            return {}
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, int])
        except msgspec.MsgspecError as problem:
            raise StationError("province.high_water_damaged", file=self._path.name) from problem


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and renames there need no further sync
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
