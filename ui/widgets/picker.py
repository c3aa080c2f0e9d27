"""A field that is answered from a register: pinyin initials, full pinyin, Chinese or code find the entry (U29–U34).

The input method is off, so that ``cy`` filters at once; F4 opens the whole list, 中 turns the input method on. Only
committed text filters. A *free* picker also takes a text that is in no register (临时登记).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from ui import icons, theme
from ui.texts import text
from ui.widgets.line import Line
from ui.widgets.living import Living
from ui.widgets.popup_list import Option, PopupList

Search = Callable[[str], Sequence[Option]]


class Picker(Living, Line):
    """Shows the chosen entry's name; its value is the entry's code, or the text itself in a free picker."""

    def __init__(self, search: Search, *, free: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = search
        self._free = free
        self._chosen: Option | None = None
        self._popup = PopupList(self)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._toggle = QAction(self)
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._on_toggled)
        self.addAction(self._toggle, Line.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._on_typed)
        self._popup.option_chosen.connect(self.choose)
        self.begin()

    @property
    def chosen(self) -> Option | None:
        """The register's entry behind the text, if any."""
        return self._chosen

    @property
    def popup(self) -> PopupList:
        """The list below."""
        return self._popup

    def value(self) -> int | str | None:  # type: ignore[override]  # an entry's value, not its text
        """The chosen entry's value; in a free picker otherwise the text; None when there is nothing."""
        if self._chosen is not None:
            return self._chosen.value
        return self.text().strip() if self._free else None

    def set_value(self, value: object) -> None:
        """Show an :class:`Option`, or a text in a free picker; None empties it."""
        if isinstance(value, Option):
            self._chosen = value
            self.setText(value.title)
        else:
            self._chosen = None
            self.setText(str(value) if value else "")
        self.setCursorPosition(0)

    def draft(self) -> object:
        """What a draft keeps: the entry, or the text as typed."""
        return list(self._chosen) if self._chosen is not None else self.text()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        if isinstance(kept, list) and len(kept) == 3:
            self.set_value(Option(kept[0], str(kept[1]), str(kept[2])))
        else:
            self.set_value(str(kept))

    def choose(self, option: Option) -> None:
        """Take an entry, as if the person had picked it."""
        self._popup.hide()
        self.set_value(option)
        self.edited.emit()

    def search(self, typed: str) -> list[Option]:
        """What the register finds for a text."""
        return list(self._search(typed))

    def _on_typed(self, typed: str) -> None:
        self._chosen = None
        found = self.search(typed)
        self._popup.offer(found if typed.strip() else [])

    def take_marked(self) -> None:
        """Enter takes what is marked in the list, before the form goes on."""
        marked = self._popup.marked()
        if marked is not None:
            self.choose(marked)

    def _settle(self) -> None:
        """Leaving with the name of one entry, or with a text that finds only one, means that entry."""
        typed = self.text().strip()
        if self._chosen is not None or not typed:
            return
        found = self.search(typed)
        same = [option for option in found if option.title == typed]
        if same or (len(found) == 1 and not self._free):
            self.choose((same or found)[0])

    def _on_toggled(self, on: bool) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on)

    def _set_texts(self) -> None:
        self._toggle.setText(text("picker.input_method"))
        self._toggle.setToolTip(text("picker.input_method"))

    def _set_look(self) -> None:
        self._toggle.setIcon(icons.icon("languages", theme.current().muted, theme.scaled(15)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ mark, Enter and Tab take the marked entry, Esc closes the list, F4 opens it."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not self.is_composing:
            self._on_arrow(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_F4:
            self._popup.offer(self.search(""))
        elif key == Qt.Key.Key_Escape and self._popup.isVisible():
            self._popup.hide()
        else:
            super().keyPressEvent(event)

    def _on_arrow(self, by: int) -> None:
        if self._popup.isVisible():
            self._popup.move_mark(by)
        else:
            self._popup.offer(self.search(self.text() if self._chosen is None else ""))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab takes the marked entry, unless the text is free and stands for itself."""
        marked = self._popup.marked()
        if marked is not None and not (self._free and self.text().strip() != marked.title):
            self.choose(marked)
        return super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving settles what was typed."""
        self._popup.hide()
        self._settle()
        super().focusOutEvent(event)
