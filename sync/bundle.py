"""Bundles on a stick: written durably and read back, opened before anything in them is believed (SYNC 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector_app.errors import StationError
from inspector_app.ports import Disk
from inspector_app.suites import BoxKey
from sync.frames.bundled import MAX_BUNDLE_BYTES, Bundle, Content, pack, unpack


def write_bundle(disk: Disk, path: Path, content: Content, frames: Sequence[bytes], receiver: bytes) -> int:
    """Write a bundle durably and read it back; returns its size. StationError ``bundle.not_written`` if it differs."""
    packed = pack(content, frames, receiver)
    disk.replace(path, packed)
    if disk.read(path) != packed:
        raise StationError("bundle.not_written", file=path.name)
    return len(packed)


def read_bundle(disk: Disk, path: Path, box: BoxKey) -> Bundle:
    """Read and open a bundle. StationError ``bundle.absent`` when there is no such file."""
    raw = disk.read(path, MAX_BUNDLE_BYTES + 1)  # one too many tells that it is too large, without reading the rest
    if raw is None:
        raise StationError("bundle.absent", file=path.name)
    return unpack(raw, box)
