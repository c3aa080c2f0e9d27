"""The command palette (Ctrl+K): a place, an act, a person or a number, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from inspector_app.domain.typed_text import search_key
from ui import theme
from ui.texts import text
from ui.widgets.line import ENTERS
from ui.widgets.living import Living
from ui.widgets.popup_list import Option, OptionDelegate, OptionModel

SHOWN = 10


class Command(NamedTuple):
    """Something one can go to or do: words, further words it is found by, its shortcut or kind, and the act."""

    words: str
    also: str
    detail: str
    act: Callable[[], None]


class CommandPalette(Living, QFrame):
    """Lies over the window; Esc or a click elsewhere closes it and the focus returns to where it was.

    Signals:
        typed: the person paused typing (the text); the window may add records it finds.
    """

    typed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "popup")
        self._commands: list[Command] = []
        self._records: list[Command] = []
        self._shown: list[Command] = []
        self._before: QWidget | None = None
        self.line = QLineEdit()
        self._model = OptionModel(self)
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(OptionDelegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.line)
        column.addWidget(self.view)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(lambda: self.typed.emit(self.line.text().strip()))
        self.line.textChanged.connect(self._on_text_changed)
        self.line.installEventFilter(self)
        self.hide()
        self.begin()

    @property
    def offered(self) -> list[str]:
        """The words of what is offered now."""
        return [command.words for command in self._shown]

    def open(self, commands: Sequence[Command]) -> None:
        """Show it with everything one can do here."""
        self._before = self.window().focusWidget()
        self._commands = list(commands)
        self._records = []
        self.line.clear()
        self._offer()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_quietly(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_records(self, asked: str, records: Sequence[Command]) -> None:
        """Add what was found for ``asked``, if the person still asks for it."""
        if asked == self.line.text().strip():
            self._records = list(records)
            self._offer()

    def _on_text_changed(self, _text: str) -> None:
        self._records = []
        self._pause.start()
        self._offer()

    def _offer(self) -> None:
        wanted = search_key(self.line.text())
        fitting = [one for one in self._commands if wanted in search_key(f"{one.words} {one.also}")]
        fitting.sort(key=lambda one: not search_key(one.words).startswith(wanted))
        self._shown = fitting + self._records
        self._model.offer([Option(at, one.words, one.detail) for at, one in enumerate(self._shown)])
        self.view.setCurrentIndex(self._model.index(0))
        self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        width = min(theme.scaled(600), window.width() - 40)
        rows = max(1, min(SHOWN, len(self._shown)))
        self.view.setFixedHeight(rows * theme.scaled(32) + 6)
        self.adjustSize()
        self.setGeometry((window.width() - width) // 2, theme.scaled(56), width, self.sizeHint().height())

    def _run(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            command = self._shown[row]
            self.close_quietly()
            command.act()

    def _on_clicked(self, index: QModelIndex) -> None:
        self._run(index.row())

    def _move(self, by: int) -> None:
        row = self.view.currentIndex().row() + by
        self.view.setCurrentIndex(self._model.index(max(0, min(len(self._shown) - 1, row))))

    def eventFilter(self, watched: object, event: object) -> bool:
        """↑ ↓ Enter Esc work while one types; losing the focus closes it."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Down:
            self._move(1)
        elif key == Qt.Key.Key_Up:
            self._move(-1)
        elif key == Qt.Key.Key_Escape:
            self.close_quietly()
        elif key in ENTERS:
            self._run(self.view.currentIndex().row())
        else:
            return False
        return True

    def _set_texts(self) -> None:
        self.line.setPlaceholderText(text("palette.hint"))
        self.line.setAccessibleName(text("palette.name"))
        self.view.setAccessibleName(text("palette.found"))
