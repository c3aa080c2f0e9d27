"""A server's own generation (:mod:`province.granting`), kept where no copy of its database goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from inspector_app.errors import StationError
from province.high_water import sync_folder

FILE = "generation"
"""Where a server keeps its own, in the province's folder."""


class Generation(Protocol):
    """The generation of one server, kept where no copy of its database goes."""

    def read(self) -> int:
        """The generation; 0 before it ever took over."""

    def write(self, generation: int) -> None:
        """Remember it durably."""


class MemoryGeneration:
    """Of a server that lives in memory."""

    def __init__(self) -> None:
        self._held = 0

    def read(self) -> int:
        """The generation."""
        return self._held

    def write(self, generation: int) -> None:
        """Remember it."""
        self._held = generation


class FileGeneration:
    """In a file of the server's own folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        """The generation. StationError ``province.generation_damaged``."""
        if not self._path.exists():
            return 0
        text = self._path.read_text("ascii", "replace").strip()
        if not text.isdigit():
            raise StationError("province.generation_damaged", file=self._path.name)
        return int(text)

    def write(self, generation: int) -> None:
        """Write it beside, sync, and put it in place."""
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="ascii") as file:
            file.write(f"{generation}\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        sync_folder(self._path.parent)
