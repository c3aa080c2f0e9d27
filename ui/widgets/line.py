"""Single lines of text that respect the input method: nothing moves, filters or submits while a word is composed.

A :class:`Line` keeps what is typed (names, places, remarks) with the input method on. A :class:`CodeLine` is for codes,
numbers, plates and telephones: the input method is off, and full-width characters become half-width on leaving.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector_app.domain.typed_text import normalise_code_text

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Line(QLineEdit):
    """A line for words.

    Signals:
        edited: the person changed it (committed text only).
        left: the focus went elsewhere; time to look at what was typed.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self.textEdited.connect(self._on_text_edited)

    @property
    def is_composing(self) -> bool:
        """Whether the input method holds text that is not yet committed."""
        return self._composing

    def value(self) -> str:
        """What was typed, ends trimmed."""
        return self.text().strip()

    def set_value(self, value: str) -> None:
        """Show a value; counts as not edited."""
        if value != self.text():
            self.setText(value)
            self.setCursorPosition(0)

    def draft(self) -> object:
        """What a draft keeps: the text as typed."""
        return self.text()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        Line.set_value(self, str(kept))

    def _on_text_edited(self, _text: str) -> None:
        self.edited.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether a word is being composed."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the input method while it composes, otherwise to the form."""
        if event.key() in ENTERS:
            if self._composing:
                event.accept()
            else:
                event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Composition ends with the focus."""
        super().focusOutEvent(event)
        self._composing = False
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class CodeLine(Line):
    """A line for codes, numbers, plates and telephones; the value is normalised (NFKC, upper case, no spaces)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.left.connect(self._on_left)

    def value(self) -> str:
        """The code as it will be recorded."""
        return normalise_code_text(self.text())

    def _on_left(self) -> None:
        if self.value() != self.text():
            self.set_value(self.value())
