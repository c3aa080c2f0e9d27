"""One process per home: an operating-system lock that a crash releases by itself, and a note of who holds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

import msgspec

from inspector_app.errors import StationError
from inspector_app.journal.envelope import UNREADABLE
from inspector_app.store.disk import begin_private, explained, make_folder

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
        """Take the lock. StationError ``home_in_use`` naming the holder, or a fault of the disk."""
        try:
            make_folder(self.path.parent)
            begin_private(self.path)
            # Unbuffered: nothing is left to be written when the file is closed.
            file = self.path.open("a+b", buffering=0)
        except OSError as error:
            raise explained(error) from error
        try:
            _try_lock(file)
        except OSError as error:
            holder = read_holder(self.path)
            file.close()
            pid, what = (holder.pid, holder.doing) if holder else (0, "")
            raise StationError("home_in_use", pid=pid, doing=what) from error
        self._file = file
        self._leave_note(file, Holder(os.getpid(), doing, since))

    def _leave_note(self, file: IO[bytes], holder: Holder) -> None:
        try:
            file.truncate(0)
            file.write(msgspec.json.encode(holder))
        except OSError:
            pass  # the lock is held without it, and a full disk must not keep anybody from reading

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


def read_holder(path: Path) -> Holder | None:
    """Who wrote the note last; meaningful only while the lock is held."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    except (OSError, *UNREADABLE):
        return None
