"""The disk of one laptop: whole files as `inspector_app.ports.Disk` has them, cut off or full at any moment."""

from __future__ import annotations

from pathlib import Path

from inspector_app.clock import Clock
from inspector_app.errors import StationError
from inspector_app.store.disk import LocalDisk, make_folder
from simulation.power import Power


class SimulatedDisk:
    """The real disk, with the power cut before, half way through and after every file."""

    def __init__(self, power: Power, clock: Clock) -> None:
        self._power = power
        self._disk = LocalDisk(clock)
        self.full = False

    def read(self, path: Path, most: int = -1) -> bytes | None:
        """The file's bytes, no more than ``most`` of them, or None when it does not exist."""
        return self._disk.read(path, most)

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        """Write durably; StationError ``disk_full`` when there is no room."""
        self._power.point(f"before writing {path.name[:12]}")
        if self.full:
            raise StationError("disk_full")
        self._write_half(path, content)
        self._disk.replace(path, content, durable=durable)
        self._power.point(f"after writing {path.name[:12]}")

    def _write_half(self, path: Path, content: bytes) -> None:
        make_folder(path.parent)
        beside = path.with_name(path.name + ".new")
        beside.write_bytes(content[: len(content) // 2])
        self._power.point(f"half way through {path.name[:12]}")

    def exists(self, path: Path) -> bool:
        """Whether the file exists."""
        return self._disk.exists(path)

    def remove(self, path: Path) -> None:
        """Remove the file if it exists."""
        self._power.point(f"before removing {path.name[:12]}")
        self._disk.remove(path)
