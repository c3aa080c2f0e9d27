"""A list as pages use it: search and views above, the table, an empty state in its place, a line of totals below."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from ui.models.items import Cell, Column, ItemModel
from ui.preferences import Preferences
from ui.texts import text
from ui.widgets.card import Card
from ui.widgets.choice import Segments
from ui.widgets.empty import EmptyState
from ui.widgets.living import Living
from ui.widgets.popup_list import Option
from ui.widgets.search_box import SearchBox
from ui.widgets.table import DataTable
from ui.widgets.words import words


class ListPane(Living, Card):
    """Signals:
    query_changed: search text or view are new; the page loads the list again.
    """

    query_changed = Signal()

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        cells: Callable[[Any], Sequence[Cell]],
        preferences: Preferences,
        *,
        empty_icon: str = "inbox",
        searchable: bool = True,
        tall: bool = False,
        search_words: str = "search.here",
    ) -> None:
        super().__init__(margin=10)
        self.model = ItemModel(columns, cells, self)
        self.table = DataTable(name, self.model, preferences, tall=tall)
        self.empty = EmptyState(empty_icon)
        self.search = SearchBox(search_words)
        self.views = Segments(look="filter")
        self.total = words("muted")
        self._stack = QStackedLayout()
        self._name = name
        self._build(searchable)
        self.model.modelReset.connect(self._on_reset)
        self.search.searched.connect(lambda _text: self.query_changed.emit())
        self.search.list_wanted.connect(self.enter_list)
        self.views.edited.connect(self.query_changed)
        self._chain_tabs()
        self.begin()

    def _set_texts(self) -> None:
        self.table.setAccessibleName(text(f"list_of.{self._name}"))

    def _build(self, searchable: bool) -> None:
        self.body.setSpacing(6)
        self.body.addWidget(self.search)
        self.body.addWidget(self.views)
        self.search.setVisible(searchable)
        self.views.hide()
        self.body.addLayout(self._stack, 1)  # first, or the stack shows its first widget as a window of its own
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.foot = QHBoxLayout()
        self.foot.addWidget(self.total, 1)
        self.body.addLayout(self.foot)
        self.total.hide()

    def _chain_tabs(self) -> None:
        """Search, views, list: as they stand."""
        walked = [
            widget for widget in (self.search, *self.views.buttons, self.table) if widget.window() is self.window()
        ]
        for before, after in itertools.pairwise(walked):
            QWidget.setTabOrder(before, after)

    @property
    def is_empty(self) -> bool:
        """Whether the empty state is in place of the table."""
        return self._stack.currentWidget() is self.empty

    @property
    def view(self) -> str:
        """The chosen view."""
        return str(self.views.value() or "")

    def offer_views(self, options: Sequence[Option]) -> None:
        """Saved views, the first one chosen."""
        self.views.offer(options)
        if self.views.value() is None and options:
            self.views.set_value(options[0].value)
        self.views.setVisible(bool(options))
        self._chain_tabs()

    def choose_view(self, number: int) -> None:
        """Choose a view by its place (Ctrl+1 …)."""
        buttons = self.views.buttons
        if 0 < number <= len(buttons):
            buttons[number - 1].click()

    def show_items(self, items: Sequence[Any], total: int | None = None) -> None:
        """Show a list, keeping the place the person was at."""
        keep = self._place()
        self.model.show_items(items, total)
        if items:
            self.table.mark(min(keep, len(items) - 1))

    def show_items_quietly(self, items: Sequence[Any], total: int | None = None) -> None:
        """The same, without telling that another row is current: what is beside the list stays."""
        self.table.blockSignals(True)
        self.show_items(items, total)
        self.table.blockSignals(False)

    def mark_quietly(self, row: int) -> None:
        """Mark a row without telling."""
        self.table.blockSignals(True)
        self.table.mark(row)
        self.table.blockSignals(False)

    def _place(self) -> int:
        return max(0, self.table.currentIndex().row())

    def enter_list(self) -> None:
        """Go into the list."""
        if self.model.rowCount():
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if self.table.current is None:
                self.table.mark(0)

    def _on_reset(self) -> None:
        has_rows = self.model.rowCount() > 0
        self._stack.setCurrentWidget(self.table if has_rows else self.empty)

    def say_total(self, shown: str) -> None:
        """The line below the list."""
        self.total.setText(shown)
        self.total.setVisible(bool(shown))
