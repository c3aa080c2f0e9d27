"""Pages of custody: views and a list at the left, one record with what may be done with it at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.services.device import Device
from ui.desk import Desk
from ui.models.items import ITEM, Cell, Column
from ui.models.records import Line, Record
from ui.pages.page import Page
from ui.pages.record_pane import RecordPane
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option

PANE_LOW_PX = 380


class RecordsPage(Page):
    """Subclasses say in ``words`` the name of their list, in ``view_names`` their views, and read both sides.

    ``several`` lets the person select more than one line (Shift, Ctrl+A); ``starts`` are deeds that need no line.
    """

    words: str
    icon = "clipboard-list"
    view_names: tuple[str, ...] = ()
    starts: tuple[tuple[str, str], ...] = ()
    searchable = False
    search_words = "search.here"
    several = False
    traces = False
    """Whether its lines name numbers, whose life can be looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = ""
        self.list = self._make_list()
        self.pane = RecordPane(self.word)
        self.start_buttons = {name: Button("plain", icon) for name, icon in self.starts}
        self.life_button = Button("quiet", "history")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._build()
        self._connect()
        self.begin()

    def _make_list(self) -> ListPane:
        columns = (
            Column(f"{self.words}_title", 170, stretch=True),
            Column(f"{self.words}_what", 132),
            Column(f"{self.words}_day", 100),
            Column("state"),
        )
        made = ListPane(
            self.words,
            columns,
            _cells,
            self.desk.preferences,
            empty_icon=self.icon,
            searchable=self.searchable,
            tall=True,
            search_words=self.search_words,
        )
        if self.several:
            made.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        return made

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        for button in self.start_buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self.list.foot.addStretch()
        self.list.foot.addWidget(self.life_button)
        self.life_button.setVisible(self.traces)
        column.addLayout(row)
        self.content.addWidget(Beside(left, self.pane, (11, 9), low=PANE_LOW_PX), 1)

    def _connect(self) -> None:
        self.list.query_changed.connect(self.refresh)
        self.list.table.selectionModel().selectionChanged.connect(lambda *_: self._soon.start())
        self.list.model.modelReset.connect(self._soon.start)
        self._soon.timeout.connect(self._read_record)
        self.list.table.opened.connect(lambda _line: self._enter_pane())
        self.list.table.previewed.connect(lambda _line: self._enter_pane())
        self.pane.deed_wanted.connect(self.do)
        self.life_button.act_wanted.connect(self._go_to_life)
        self.life_button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))
        for name, button in self.start_buttons.items():
            button.act_wanted.connect(lambda name=name: self.do(name))
        if self.searchable:
            self.key("Ctrl+F", self.list.search.setFocus)
        for number in range(1, len(self.view_names) + 1):
            self.key(f"Ctrl+{number}", lambda number=number: self.list.choose_view(number))

    # --- what a subclass says ---------------------------------------------------------------------------------------

    def word(self, name: str) -> str:
        """One of the page's own texts."""
        raise NotImplementedError

    def read_lines(self, device: Device, view: str, search: str) -> Sequence[Line]:
        """The lines of a view; runs in the background."""
        raise NotImplementedError

    def read_record(self, device: Device, view: str, chosen: Sequence[Line]) -> Record | None:
        """What is chosen, one line or several; runs in the background."""
        raise NotImplementedError

    def do(self, name: str) -> None:
        """A deed was chosen: ask what it needs."""
        raise NotImplementedError

    # --- showing ----------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Line]:
        """The selected lines, in the list's order."""
        rows = sorted(self.list.table.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(ITEM) for index in rows]

    def refresh(self) -> None:
        """Read the list again."""
        view, search = self.list.view, self.list.search.text()
        task = self.desk.read(lambda device: self.read_lines(device, view, search), self)
        task.on_success(lambda lines: self._show(view, lines)).on_failure(self.say_problem)

    def _show(self, view: str, lines: Sequence[Line]) -> None:
        if view != self.list.view:
            return
        self.list.empty.say(self._view_text("empty"), self._view_text("empty_body"))
        self.list.show_items(lines)
        self.list.say_total(text("list.total", n=len(lines)) if lines else "")
        refs = [line.ref for line in self.list.model.items]
        if self._wanted in refs:
            self.list.table.mark(refs.index(self._wanted))
        self._wanted = ""

    def _view_text(self, name: str) -> str:
        return self.word(f"{name}_{self.list.view}" if self.list.view else name)

    def number_of(self, line: Line) -> str:
        """The number a line is about, or a sheet of it; "" where it is about several or none."""
        return ""

    def _go_to_life(self) -> None:
        if self.chosen:
            self.desk.go(Place.LIFE, self.number_of(self.chosen[0]))

    def _read_record(self) -> None:
        chosen, view = self.chosen, self.list.view
        self.life_button.block("" if chosen and self.number_of(chosen[0]) else text("life.no_number"))
        if not chosen:
            self.pane.show_record(None)
            return

        def show(record: Record | None) -> None:
            if self.chosen == chosen:
                self.pane.show_record(record)

        task = self.desk.read(lambda device: self.read_record(device, view, chosen), self)
        task.on_success(show).on_failure(self.say_problem)

    def choose(self, ref: str) -> None:
        """The record of this name is shown once the list is read."""
        self._wanted = ref

    def show_view(self, view: str, ref: str = "") -> None:
        """Change to a view, there to a record."""
        self.choose(ref)
        self.list.views.set_value(view)
        self.refresh()

    def told(self, words: str) -> Callable[[Any], None]:
        """Says so once an act is on record."""
        return lambda _result: self.desk.say(words)

    def _enter_pane(self) -> None:
        for button in list(self.pane.buttons.values())[:1]:
            button.setFocus()

    def submit(self) -> None:
        """What may be done with the record now."""
        if self.pane.buttons:
            self.pane.submit()
        elif self.start_buttons:
            next(iter(self.start_buttons.values())).click()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        search = (("Ctrl+F", text("key.search")),) if self.searchable else ()
        views = ((f"Ctrl+1…{len(self.view_names)}", text("key.views")),) if self.view_names else ()
        return (*search, *views, ("Ctrl+Enter", text("key.submit")))

    def _set_texts(self) -> None:
        if self.view_names:
            self.list.offer_views([Option(view, self.word(f"view_{view}")) for view in self.view_names])
        self.list.empty.say(self._view_text("empty"), self._view_text("empty_body"))
        for name, button in self.start_buttons.items():
            button.say(self.word(name))
        self.life_button.say(text("numbers.life"))
        if self.pane.record is None:
            self.pane.show_record(None)
        if not self._stale:
            self.refresh()


def _cells(line: Line) -> Sequence[Cell]:
    return (
        Cell(line.title, line.detail),
        Cell(line.what),
        Cell(line.day),
        Cell(line.state, tone=line.tone),
    )
