"""Places where writing fails for real: a tiny disk, a folder one may only read."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534


@contextmanager
def tiny_disk(kilobytes: int) -> Iterator[tuple[Path, str]]:
    """A folder on a file system of its own with that much room, and the fault writing meets when it is full.

    Where we may not mount one (an unprivileged container), a limit on the size of files stands in.
    """
    place = Path(tempfile.mkdtemp(prefix="tiny"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tiny", str(place)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        if mounted:
            yield place, "disk_full"
        else:
            with no_larger_files(kilobytes * 512):
                yield place, "disk_failing"
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
        shutil.rmtree(place)


@contextmanager
def no_larger_files(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes in this process (RLIMIT_FSIZE); writing more fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def readable_only(fill: Path) -> Iterator[Path]:
    """A copy of a folder that this process may read and not write, also when it is root's."""
    place = Path(tempfile.mkdtemp(prefix="readable", dir="/tmp"))
    shutil.copytree(fill, place, dirs_exist_ok=True)
    for path in [place, *place.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(NOBODY)
    try:
        yield place
    finally:
        if was_root:
            os.seteuid(0)
        for path in [place, *place.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(place)
