"""One process per home: an operating-system lock that a crash releases by itself, and a note of who holds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

import msgspec

from inspector_app.errors import StationError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> None:
        file.seek(4096)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class Holder(msgspec.Struct, frozen=True):
    """Who holds a home: process id, what it is doing, since when (UTC ms)."""

    pid: int
    doing: str
    since: int


class HomeLock:
    """Held from opening a home to closing it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def take(self, doing: str, since: int) -> None:
        """Take the lock. Raises StationError ``home_in_use`` naming the holder."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+b")
        try:
            _try_lock(file)
        except OSError as error:
            holder = read_holder(self.path)
            file.close()
            pid, what = (holder.pid, holder.doing) if holder else (0, "")
            raise StationError("home_in_use", pid=pid, doing=what) from error
        file.truncate(0)
        file.write(msgspec.json.encode(Holder(os.getpid(), doing, since)))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


def read_holder(path: Path) -> Holder | None:
    """Who wrote the note last; meaningful only while the lock is held."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    except (OSError, msgspec.MsgspecError):
        return None
