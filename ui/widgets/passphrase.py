"""A passphrase somebody gives beside another's work: shown as dots, kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.line import ENTERS, Line


class PassphraseLine(Line):
    """The value is what was typed, blanks and all; no draft ever holds it. Enter gives it, as at the lock page.

    Signals:
        given: Enter was pressed.
    """

    given = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def value(self) -> str:
        """What was typed."""
        return self.text()

    def draft(self) -> object:
        """Nothing."""
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter gives it once, however long it is held; Ctrl+Enter is the page's."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() not in ENTERS or not plain:
            super().keyPressEvent(event)
            return
        event.accept()
        if not event.isAutoRepeat():
            self.given.emit()
