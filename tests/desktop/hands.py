"""Hands on the keyboard of a real window: only keys and the input method, no mouse, no shortcut past the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.application import Shell

PATIENCE_MS = 60_000
CONTROL = Qt.KeyboardModifier.ControlModifier
ENTER, NUMPAD_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter


class Hands:
    """Types into whatever has the focus."""

    def __init__(self, app: QApplication, shell: Shell) -> None:
        self.app, self.shell = app, shell

    @property
    def focus(self) -> QWidget:
        """Where the keys go."""
        widget = self.app.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    @property
    def here(self) -> str:
        """The name of where the keys go."""
        return self.focus.accessibleName()

    def type(self, text: str) -> None:
        """Letters and digits by key; Chinese as the input method commits it."""
        if text.isascii():
            QTest.keyClicks(self.focus, text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            self.app.sendEvent(self.focus, event)
        self.breathe()

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1
    ) -> None:
        """One key, perhaps several times."""
        for _ in range(times):
            QTest.keyClick(self.focus, key, modifiers)
            self.breathe()

    def submit(self) -> None:
        """Ctrl+Enter, then let everything arrive."""
        self.press(ENTER, CONTROL)
        self.settle()

    def go_to(self, name: str) -> None:
        """Enter from field to field until the focus is on the one that begins with ``name``."""
        for _ in range(40):
            if self.here.startswith(name):
                return
            self.press(ENTER)
        raise AssertionError(f"Enter never reached {name}; it is at {self.here}")

    def breathe(self) -> None:
        """Let the window paint and answer."""
        loop = QEventLoop()
        QTimer.singleShot(5, loop.quit)
        loop.exec()

    def settle(self) -> None:
        """Wait until the background has answered everything."""
        calm = 0
        while calm < 4:
            self.wait(lambda: self.shell.tasks.under_way == 0, "the background")
            self.breathe()
            calm = calm + 1 if self.shell.tasks.under_way == 0 else 0

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Wait for something to come about."""
        clock = QElapsedTimer()
        clock.start()
        while not condition():
            if clock.elapsed() > PATIENCE_MS:
                sys.exit(f"waited in vain for {what}; the focus is at {self.here}")
            self.breathe()
