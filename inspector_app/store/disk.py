"""Durable whole files: one function replaces, fsyncs file and folder, and retries sharing violations.

What a home holds is its owner's alone (0700, 0600); what a person names is written as the system's umask says.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

from inspector_app.clock import Clock, SystemClock
from inspector_app.errors import StationError

SHARING_RETRIES = 20
SHARING_WAIT_S = 0.05
OWNER_FOLDER, OWNER_FILE = 0o700, 0o600
ANY_FOLDER, ANY_FILE = 0o777, 0o666


class LocalDisk:
    """The local file system behind ``ports.Disk``; ``private`` keeps what it makes from other users of the machine."""

    def __init__(self, clock: Clock | None = None, *, private: bool = True) -> None:
        self._clock = clock or SystemClock()
        self._private = private
        self._mode = OWNER_FILE if private else ANY_FILE

    def read(self, path: Path, most: int = -1) -> bytes | None:
        """The file's bytes, no more than ``most`` of them, or None when it does not exist."""
        try:
            with path.open("rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise explained(error) from error

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        """Write beside, fsync, rename into place, fsync the folder. What need not be ``durable`` is overwritten."""
        beside = path.with_name(path.name + ".new")
        try:
            make_folder(path.parent, private=self._private)
            if not durable:
                self._overwrite(path, content)
                return
            with open(beside, "wb", opener=self._opened) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._rename(beside, path)
            sync_folder(path.parent)
        except OSError as error:
            _discard(beside)
            raise explained(error) from error

    def _rename(self, beside: Path, path: Path) -> None:
        # A virus scanner on Windows may hold the old file for a moment.
        for attempt in range(SHARING_RETRIES):
            try:
                beside.replace(path)
            except PermissionError:
                if attempt == SHARING_RETRIES - 1:
                    raise
                self._clock.wait(SHARING_WAIT_S)
            else:
                return

    def _overwrite(self, path: Path, content: bytes) -> None:
        # Neither a new file nor a new name: on a journalling file system those alone cost as much as a commit.
        with open(path, "r+b" if path.exists() else "wb", opener=self._opened) as file:
            file.write(content)
            file.truncate()

    def _opened(self, path: str, flags: int) -> int:
        return os.open(path, flags, self._mode)

    def exists(self, path: Path) -> bool:
        """Whether the file exists."""
        return path.exists()

    def remove(self, path: Path) -> None:
        """Remove the file if it exists."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise explained(error) from error


def _discard(beside: Path) -> None:
    try:
        beside.unlink(missing_ok=True)
    except OSError:
        pass  # what kept us from writing may keep us from tidying up; the first fault is the one to tell


def make_folder(folder: Path, *, private: bool = True) -> None:
    """Make a folder and those above it, each durably: a file is only as safe as the name of its folder."""
    if folder.is_dir():
        return
    make_folder(folder.parent, private=private)
    folder.mkdir(OWNER_FOLDER if private else ANY_FOLDER, exist_ok=True)
    sync_folder(folder.parent)


def begin_private(path: Path) -> None:
    """Make an empty file of the owner's alone where none is yet; whoever opens it by name then keeps its mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, OWNER_FILE))
    except OSError:
        return  # whoever opens it finds the same, and says it in words of its own


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def explained(error: OSError) -> StationError:
    """The environment's fault behind an operating-system error."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StationError("disk_full")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StationError("disk_read_only")
    return StationError("disk_failing", detail=error.strerror or type(error).__name__)


def free_bytes(folder: Path) -> int:
    """How much room is left on the drive a folder lies on."""
    return shutil.disk_usage(folder).free
