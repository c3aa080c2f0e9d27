"""The bar above a page: its title and states, the way to anything (Ctrl+K), what needs attention, and who is here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ui import theme
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.flow import Flow
from ui.widgets.living import Living
from ui.widgets.words import words


class TopBar(Living, QWidget):
    """Signals:
    palette_wanted: the search box was pressed.
    attention_wanted: the count of what needs attention was pressed.
    lock_wanted: 锁定.
    switch_wanted: 切换用户.
    """

    palette_wanted = Signal()
    attention_wanted = Signal()
    lock_wanted = Signal()
    switch_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = words("h1")
        states = QWidget()
        self._chips = Flow(states, spacing=8)
        self.search = Button("plain", "search")
        self.attention = Button("quiet", "triangle-alert")
        self.person = Button("quiet", "user")
        self._menu = QMenu(self)
        self._lock = self._menu.addAction("", self.lock_wanted.emit)
        self._switch = self._menu.addAction("", self.switch_wanted.emit)
        self._count = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 4)
        row.setSpacing(10)
        row.addWidget(self.title)
        row.addSpacing(4)
        row.addWidget(states, 1, Qt.AlignmentFlag.AlignVCenter)
        for part in (self.search, self.attention, self.person):
            row.addWidget(part)
        self.search.act_wanted.connect(self.palette_wanted)
        self.attention.act_wanted.connect(self.attention_wanted)
        self.person.act_wanted.connect(self._on_person)
        self.attention.hide()
        self.begin()

    def show_page(self, title: str, chips: Sequence[tuple[str, Tone]]) -> None:
        """Name the page and its states."""
        self.title.setText(title)
        while self._chips.count():
            item = self._chips.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for shown, tone in chips:
            self._chips.addWidget(Chip(shown, tone))
        self._fit()

    def show_person(self, name: str, posts: str) -> None:
        """Who is signed in, and as what."""
        self.person.say(name, posts)
        self.person.setAccessibleName(f"{name} {posts}".strip())
        self.person.setToolTip(posts)
        self._fit()

    def show_attention(self, count: int) -> None:
        """How many things need somebody; nothing when there is none."""
        self._count = count
        self.attention.say(text("top.attention", n=count))
        self.attention.setVisible(count > 0)
        self._fit()

    def _on_person(self) -> None:
        self._menu.popup(self.person.mapToGlobal(self.person.rect().bottomLeft()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for everything, the search is its sign alone."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._name_search(text("top.search"))
        if self.layout().minimumSize().width() > self.width():
            self._name_search("")

    def _name_search(self, shown: str) -> None:
        self.search.say(shown, "Ctrl+K" if shown else "")
        self.search.setAccessibleName(text("top.search"))
        self.search.setToolTip("" if shown else f"{text('top.search')}  Ctrl+K")

    def _set_texts(self) -> None:
        self._fit()
        self._lock.setText(text("top.lock") + "\tCtrl+L")
        self._switch.setText(text("top.switch") + "\tCtrl+Shift+L")
        self.show_attention(self._count)

    def _set_look(self) -> None:
        self.search.setMaximumWidth(theme.scaled(260))
        self._fit()
