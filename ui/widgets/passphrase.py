"""A passphrase somebody gives beside another's work: shown as dots, kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.line import Line


class PassphraseLine(Line):
    """The value is what was typed, blanks and all; no draft ever holds it."""

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
