"""That something is under way: nothing under 0.3 s, then a line with a word, after 2 s a bar with cancel (U100)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ui.tasks import Task
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.living import Living
from ui.widgets.words import words

QUIET_MS = 300
WORD_MS = 2_000


class Waiting(Living, QWidget):
    """Signals:
    cancel_wanted: the person does not want to wait any longer.
    """

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = words("muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = Button("quiet", "x")
        self._cancel.act_wanted.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._word)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self._timers = [self._timer(QUIET_MS, self._on_quiet_over), self._timer(WORD_MS, self._on_word_over)]
        self.hide()
        self.begin()

    def _timer(self, interval: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(then)
        return timer

    @property
    def bar(self) -> QProgressBar:
        """The bar; its range is 0–0 while the whole is unknown."""
        return self._bar

    def follow(self, task: Task[Any], word: str) -> None:
        """Show ``word`` and the task's steps until it has ended; cancel asks it to stop."""
        self.start(word)
        task.progressed.connect(self.step)
        task.ended.connect(self.stop)
        self.cancel_wanted.connect(task.cancel)

    def start(self, word: str) -> None:
        """Something began."""
        self._word.setText(word)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(word)
        for timer in self._timers:
            timer.start()

    def step(self, done: int, total: int, note: str = "") -> None:
        """How far it is; ``total`` 0 when unknown."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if note:
            self._word.setText(note)

    def stop(self) -> None:
        """It has ended."""
        for timer in self._timers:
            timer.stop()
        self.hide()

    def _on_quiet_over(self) -> None:
        self._bar.hide()
        self._cancel.hide()
        self.show()

    def _on_word_over(self) -> None:
        self._bar.show()
        self._cancel.show()

    def _on_cancel(self) -> None:
        self._word.setText(text("waiting.stopping"))
        self.cancel_wanted.emit()

    def _set_texts(self) -> None:
        self._cancel.say(text("waiting.cancel"))
