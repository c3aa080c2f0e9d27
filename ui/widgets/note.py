"""Several lines of free text: remarks in the person's own words."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui import theme


class Note(QPlainTextEdit):
    """Enter makes a new line, Tab moves on.

    Signals:
        edited: the person changed it.
        left: the focus went elsewhere.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._quiet = False
        self._composing = False
        self.setTabChangesFocus(True)
        self.setProperty("keepsEnter", True)
        self.textChanged.connect(self._on_changed)
        self.setFixedHeight(self.sizeHint().height())

    @property
    def is_composing(self) -> bool:
        """Whether the input method holds text that is not yet committed."""
        return self._composing

    def value(self) -> str:
        """What was typed, ends trimmed."""
        return self.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Show a value; counts as not edited."""
        self._quiet = True
        self.setPlainText(value)
        self._quiet = False

    def draft(self) -> object:
        """What a draft keeps: the text as typed."""
        return self.toPlainText()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        self.set_value(str(kept))

    def _on_changed(self) -> None:
        if not self._quiet and not self._composing:
            self.edited.emit()

    def sizeHint(self) -> QSize:
        """As high as its lines need."""
        return QSize(240, self.fontMetrics().lineSpacing() * self._lines + theme.scaled(22))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether a word is being composed."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter belongs to the form."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Time to look at what was typed."""
        super().focusOutEvent(event)
        self._composing = False
        self.left.emit()
