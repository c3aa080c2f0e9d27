"""What a scanner reads, one sheet after the other: each reading ends with Enter and is judged at once (U34)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.line import ENTERS, CodeLine
from ui.widgets.living import Living
from ui.widgets.words import set_property, words

LAST_SHOWN = 6


class Reading(NamedTuple):
    """What a reading is: its number, "" where it does not count, and what to say of it."""

    digits: str
    shown: str
    tone: Tone


class ScanLine(CodeLine):
    """Enter ends a reading and never walks on: the next sheet follows at once.

    Signals:
        scanned: one reading (as it was typed).
    """

    scanned = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("keepsEnter", True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A reading of nothing is none; Ctrl+Enter is the form's."""
        if event.key() not in ENTERS or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        event.accept()
        typed = self.text()
        self.clear()
        if typed.strip():
            self.scanned.emit(typed)


class ScanEdit(Living, QWidget):
    """The value is the list of numbers read since the last record, in order; a sheet of two pages stands there twice.

    Signals:
        edited: a sheet was added or taken away.
        left: the focus went elsewhere.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, judge: Callable[[str, list[str]], Reading]) -> None:
        super().__init__()
        self._judge = judge
        self._read: list[str] = []
        self.line = ScanLine()
        self.said = words("message", wrap=True)
        self.tally = words("h3", wrap=True)
        self.undo_button = Button("quiet", "undo-2")
        row = QHBoxLayout()
        row.addWidget(self.tally, 1)
        row.addWidget(self.undo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.said)
        column.addLayout(row)
        self.setFocusProxy(self.line)
        self.line.scanned.connect(self.take)
        self.line.left.connect(self.left)
        self.undo_button.act_wanted.connect(self._take_back)
        self._say("", Tone.OFF)
        self.begin()

    def value(self) -> list[str]:
        """The numbers read, digits only."""
        return list(self._read)

    def set_value(self, value: object) -> None:
        """Begin with these."""
        self._read = [str(one) for one in value] if isinstance(value, list) else []
        self._show()

    def draft(self) -> object:
        """What a draft keeps: everything read; a power cut loses no sheet."""
        return self.value()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        self.set_value(kept)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the line the scanner types into."""
        self.line.setFocus(reason)

    def setAccessibleName(self, name: str) -> None:
        """The line bears it, since it holds the focus."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def take(self, typed: str) -> None:
        """Judge a reading, say what it is, and add it if it counts."""
        found = self._judge(typed, self._read)
        self._say(found.shown, found.tone)
        if found.digits:
            self._read.append(found.digits)
            self._show()
            self.edited.emit()

    def _take_back(self) -> None:
        if self._read:
            gone = self._read.pop()
            self._say(text("scan.taken_back", number=gone), Tone.OFF)
            self._show()
            self.edited.emit()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, shown: str, tone: Tone) -> None:
        set_property(self.said, "tone", tone.value)
        self.said.setText(shown)
        self.said.setVisible(bool(shown))

    def _show(self) -> None:
        last = text("list.comma").join(one[-4:] for one in reversed(self._read[-LAST_SHOWN:]))
        self.tally.setText(text("scan.tally", n=len(self._read), last=last) if self._read else "")
        self.tally.setVisible(bool(self._read))
        self.undo_button.setVisible(bool(self._read))

    def _set_texts(self) -> None:
        self.line.setPlaceholderText(text("scan.here"))
        self.undo_button.say(text("scan.undo"))
        self._show()
