"""One box for number, name, pinyin initials, plate, telephone tail (U66); it waits a moment before it asks."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import icons, theme
from ui.texts import text
from ui.widgets.living import Living

WAIT_MS = 180


class SearchBox(Living, QLineEdit):
    """Signals:
    searched: the person paused typing, or pressed Enter (the text, ends trimmed).
    list_wanted: ↓ or Enter: the focus shall go to what was found.
    """

    searched = Signal(str)
    list_wanted = Signal()

    def __init__(self, words_key: str = "search.here", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words_key = words_key
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._ask)
        self._lens = QAction(self)
        self.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)
        self.textChanged.connect(lambda _text: self._timer.start())
        self.begin()

    def _ask(self) -> None:
        self._timer.stop()
        asked = self.text().strip()
        if asked != self._last:
            self._last = asked
            self.searched.emit(asked)

    def _set_texts(self) -> None:
        self.setPlaceholderText(text(self._words_key))
        self.setAccessibleName(text(self._words_key))

    def _set_look(self) -> None:
        self._lens.setIcon(icons.icon("search", theme.current().muted, theme.scaled(16)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks at once and goes to the list, ↓ goes there, Esc empties the box."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
            self.list_wanted.emit()
        elif key == Qt.Key.Key_Down:
            self.list_wanted.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
