"""A file for another computer of the station: the act that makes it and where it is written, and taking one in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.pages import files
from ui.tasks import Lane
from ui.widgets.review import Review

T = TypeVar("T")


def _nothing() -> None:
    pass


class OutgoingFile:
    """A review whose act makes a file. The act comes first; the file is written after it, and again if need be."""

    def __init__(self, desk: Desk, review: Review) -> None:
        self._desk, self.review = desk, review

    def _send(
        self,
        path: Path,
        deed: Callable[[Device], bytes | Refused],
        *,
        saved: str,
        recorded: Callable[[], None] = _nothing,
    ) -> None:
        """Do the act and write what it made; ``recorded`` is called whatever becomes of the file, ``saved`` is said."""

        def on_recorded(content: bytes) -> None:
            recorded()
            files.write(self._desk, self.review, path, lambda: content, done=on_written, failed=self._say_problem)

        def on_written() -> None:
            self.review.accept()
            self._desk.say(saved)

        self._desk.act(
            deed,
            self.review,
            done=on_recorded,
            refused=lambda outcome: self._say(explain.refused(outcome.refusals)),
            failed=self._say_problem,
        )

    def _say_problem(self, error: Exception) -> None:
        self._say(explain.problem(error))

    def _say(self, said: Explained) -> None:
        self.review.banner.say(said.tone, said.headline, said.body, details=said.details)


def take_in(
    desk: Desk,
    owner: QWidget,
    path: Path,
    deed: Callable[[Device, bytes], T | Refused],
    *,
    done: Callable[[T], None],
    say: Callable[[Explained], None],
    most: int = files.LARGEST_ORDER,
) -> None:
    """Read a file of at most ``most`` bytes beside the window and do the act it is for; ``say`` tells what failed."""

    def on_failed(error: Exception) -> None:
        say(explain.problem(error))

    def on_read(content: bytes) -> None:
        desk.act(
            lambda device: deed(device, content),
            owner,
            done=done,
            refused=lambda outcome: say(explain.refused(outcome.refusals)),
            failed=on_failed,
        )

    reading = desk.tasks.run(lambda: files.read_small(path, most), Lane.OUTSIDE, owner)
    reading.on_success(on_read).on_failure(on_failed)
