"""Files a page gives out or takes in: chosen on the screen, written and read in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from inspector_app.errors import StationError
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.tasks import Lane
from ui.texts import text

LARGEST_ORDER = 1024 * 1024


def ask_where(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where a file is to be saved; None when the person thought better of it."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    return Path(chosen) if chosen else None


def ask_which(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Which file is to be taken in."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(chosen) if chosen else None


def write_now(path: Path, content: bytes) -> None:
    """Write a file, on whichever thread this is. StationError ``file_unreadable``."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StationError("file_unreadable", name=path.name) from error


def write(
    desk: Desk,
    owner: QWidget,
    path: Path,
    content: Callable[[], bytes],
    *,
    done: Callable[[], None],
    failed: Callable[[Exception], None],
) -> None:
    """Write what ``content`` makes, away from the screen."""

    def save() -> None:
        write_now(path, content())

    desk.tasks.run(save, Lane.OUTSIDE, owner).on_success(lambda _nothing: done()).on_failure(failed)


def save_kept(
    desk: Desk, owner: QWidget, kept: Callable[[Device], str], name: str, failed: Callable[[Exception], None]
) -> None:
    """Save a file the device keeps (``kept``: its hex SHA-256) where the person says."""
    path = ask_where(owner, text("file.save"), name, f"*{Path(name).suffix}")
    if path is None:
        return

    def save(device: Device) -> None:
        write_now(path, device.files.read(kept(device)))

    task = desk.read(save, owner)
    task.on_success(lambda _nothing: desk.say(text("file.saved", name=path.name))).on_failure(failed)


def read_small(path: Path, most: int = LARGEST_ORDER) -> bytes:
    """The bytes of a file that cannot be large. StationError ``file_unreadable``."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise StationError("file_unreadable", name=path.name) from error
