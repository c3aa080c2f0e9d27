"""How far numbers have been taken in, drawn and cut, remembered outside the database.

A restored backup of the database has forgotten the draws and blocks made since. The mark is raised before a draw or
block is told to anybody, so after a restore drawing and cutting go on above it, and no number is ever drawn or cut
twice (SYNC 3.5, I1). The same holds for every ordinal by which a later document supersedes an earlier one, and for the
epochs of the province.

Several processes raise marks in one file: the workers of the server, and commands beside them. What is read to be
changed is read and written under one lock of the operating system, which dies with its process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from inspector_app.errors import StationError


class HighWater(Protocol):
    """The marks by name: a draw, ``block <device>``, ``grant <person>``, ``epoch``, ``drawn <scheme> <first>`` …"""

    def read(self, name: str) -> int:
        """The mark; 0 where none was ever made."""

    def begin_with(self, start: str) -> dict[str, int]:
        """The marks whose names begin so, by the rest of their names."""

    def raise_to(self, name: str, high: int) -> None:
        """Remember durably; a lower mark changes nothing."""

    def step_above(self, name: str, last: int) -> int:
        """Raise the mark to one more than itself and ``last``, and return it: nobody else is ever given the same."""


def next_ordinal(marks: HighWater, name: str, last: int) -> int:
    """One more than ever, whatever a restore has forgotten since ``last``.

    Devices that know a forgotten document would take the same ordinal again for old news, or for a step backward. The
    caller has locked what ``last`` was read from.
    """
    return marks.step_above(name, last)


class MemoryHighWater:
    """Marks of a province that lives in memory (tests, the simulated world's stable storage)."""

    def __init__(self) -> None:
        self.marks: dict[str, int] = {}

    def read(self, name: str) -> int:
        """The mark of this name."""
        return self.marks.get(name, 0)

    def begin_with(self, start: str) -> dict[str, int]:
        """The marks whose names begin so."""
        return _beginning(self.marks, start)

    def raise_to(self, name: str, high: int) -> None:
        """Raise it."""
        self.marks[name] = max(high, self.read(name))

    def step_above(self, name: str, last: int) -> int:
        """Raise it by at least one."""
        self.marks[name] = max(last, self.read(name)) + 1
        return self.marks[name]


class FileHighWater:
    """Marks in a file of the province's folder, replaced as a whole and synced; ``.lock`` beside it is the lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> int:
        """The mark of this name."""
        with self._locked():
            return self._load().get(name, 0)

    def begin_with(self, start: str) -> dict[str, int]:
        """The marks whose names begin so."""
        with self._locked():
            return _beginning(self._load(), start)

    def raise_to(self, name: str, high: int) -> None:
        """Raise it; on return it survives a power cut."""
        with self._locked():
            marks = self._load()
            if high > marks.get(name, 0):
                self._write(marks | {name: high})

    def step_above(self, name: str, last: int) -> int:
        """Raise it by at least one; on return it survives a power cut."""
        with self._locked():
            marks = self._load()
            ordinal = max(last, marks.get(name, 0)) + 1
            self._write(marks | {name: ordinal})
            return ordinal

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The lock is a file of its own: the file of marks is replaced, and a lock on it would go with the old one.
        with self._path.with_suffix(".lock").open("ab") as file:
            _wait_for(file.fileno())
            yield

    def _load(self) -> dict[str, int]:
        if not self._path.exists():
            return {}
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, int])
        except msgspec.MsgspecError as problem:
            raise StationError("province.high_water_damaged", file=self._path.name) from problem

    def _write(self, marks: dict[str, int]) -> None:
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(msgspec.json.encode(marks))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        sync_folder(self._path.parent)


def _beginning(marks: dict[str, int], start: str) -> dict[str, int]:
    return {name.removeprefix(start): mark for name, mark in marks.items() if name.startswith(start)}


if sys.platform == "win32":
    import msvcrt

    def _wait_for(handle: int) -> None:
        # LK_LOCK gives up after ten seconds with OSError; closing the file lets the lock go.
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _wait_for(handle: int) -> None:
        # Belongs to this opening of the file, so threads of one process wait for each other too.
        fcntl.flock(handle, fcntl.LOCK_EX)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    if os.name == "nt":  # Windows cannot open a folder, and renames there need no further sync
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
