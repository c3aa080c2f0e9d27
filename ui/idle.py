"""Locks the desk when nobody touches it: by wall clock, so that a lid closed for an hour counts as an hour (U14)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

MINUTES = (5, 10, 15, 30, 0)
USUAL_MINUTES = 15
LOOK_MS = 10_000
TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove)


class IdleLock(QObject):
    """Signals:
    idle: nobody touched keyboard or mouse for as long as the person allows.
    """

    idle = Signal()

    def __init__(self, app: QApplication, now: Callable[[], int], minutes: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._now, self._minutes = now, minutes
        self._touched = now()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app.installEventFilter(self)

    def look(self) -> None:
        """Is it time? 0 minutes never lock."""
        minutes = self._minutes()
        if minutes and self._now() - self._touched >= minutes * 60_000:
            self._touched = self._now()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or movement counts."""
        if event.type() in TOUCHES:
            self._touched = self._now()
        return False
