"""申报: what was declared, at the counter or online; taking it down, accepting it, or not with the reason (S04)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from inspector_app.services.device import Device
from ui.desk import Desk
from ui.models.declarations import (
    VIEWS,
    DeclarationDetail,
    DeclarationLine,
    DeclarationList,
    read_declaration,
    read_declarations,
    station_area,
)
from ui.models.items import Cell, Column
from ui.pages import case_moves
from ui.pages.decision_pane import DecisionPane
from ui.pages.declaration_pane import DeclarationPane
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option

COLUMNS = (
    Column("owner", stretch=True),
    Column("departs", 124),
    Column("state"),
)


class DeclarationsPage(Page):
    """List at the left; beside it the form, or the facts of the chosen one with what can be decided."""

    place = Place.DECLARATIONS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPane("declarations", COLUMNS, self._cells, desk.preferences, empty_icon="inbox", tall=True)
        self.new_button = Button("plain", "plus")
        self.take_button = Button("plain", "inbox")
        self.editor: DeclarationPane | None = None
        self.detail = DecisionPane(desk)
        self.nothing = EmptyState("inbox", on_card=True)
        self.side = QStackedWidget()
        self._wanted = ""
        self._build()
        self._connect()
        self.begin()

    def _build(self) -> None:
        for pane in (self.nothing, self.detail):
            self.side.addWidget(pane)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.addWidget(self.new_button)
        below.addWidget(self.take_button)
        below.addStretch(1)
        column.addLayout(below)
        self.content.addWidget(Beside(left, self.side, (9, 11)), 1)

    def _connect(self) -> None:
        self.list.query_changed.connect(self.refresh)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(self._on_opened)
        self.list.model.more_wanted.connect(self._load_more)
        self.list.empty.action_wanted.connect(self.start_new)
        self.nothing.action_wanted.connect(self.start_new)
        self.new_button.act_wanted.connect(self.start_new)
        self.take_button.act_wanted.connect(lambda: case_moves.take(self.desk, self, self.say, self._on_taken))
        self.detail.detail_wanted.connect(self.show_detail)
        self.detail.answer_wanted.connect(self.answer_online)
        self.key("Ctrl+N", self.start_new)
        self.key("Ctrl+F", self.list.search.setFocus)
        for number in range(1, len(VIEWS) + 1):
            self.key(f"Ctrl+{number}", lambda number=number: self.list.choose_view(number))

    def _cells(self, line: DeclarationLine) -> Sequence[Cell]:
        return (
            Cell(line.owner, f"{line.batch} · {line.quantity}"),
            Cell(line.departs, line.to, order=line.departs_at),
            Cell(line.state_words, tone=line.tone),
        )

    # --- the list ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again."""
        view, search = self.list.view or VIEWS[0], self.list.search.text()

        def question(device: Device) -> DeclarationList:
            return read_declarations(device, view=view, search=search)

        self.desk.read(question, self).on_success(self._show).on_failure(self.say_problem)

    def _load_more(self, have: int) -> None:
        view, search = self.list.view or VIEWS[0], self.list.search.text()

        def question(device: Device) -> DeclarationList:
            return read_declarations(device, view=view, search=search, first=have)

        self.desk.read(question, self).on_success(lambda found: self.list.model.add_items(found.lines))

    def _show(self, found: DeclarationList) -> None:
        wanted, self._wanted = self._wanted, ""
        self.list.show_items_quietly(found.lines, found.total)
        self.list.say_total(text("list.total", n=found.total) if found.total else "")
        waiting = sum(1 for line in found.lines if line.state in ("recorded", "online"))
        self.set_chips([(text("declarations.undecided", n=waiting), Tone.WARN)] if waiting else [])
        if wanted:
            self._mark(wanted)
            self.show_detail(wanted)
        elif self.side.currentWidget() is self.nothing and found.lines:
            self._on_marked(self.list.table.current)

    @property
    def _is_editing(self) -> bool:
        return self.editor is not None and self.side.currentWidget() is self.editor

    def _mark(self, ref: str) -> None:
        for row, line in enumerate(self.list.model.items):
            if ref in (line.ref, f"online:{line.online}"):
                self.list.mark_quietly(row)
                return

    def _on_marked(self, line: DeclarationLine | None) -> None:
        if line is not None and not self._is_editing:
            self.show_detail(line.ref or f"online:{line.online}")

    def _on_opened(self, line: DeclarationLine) -> None:
        self._leave_editor()
        self.show_detail(line.ref or f"online:{line.online}")
        self.detail.take_focus()

    # --- what is beside it ------------------------------------------------------------------------------------------

    def start_new(self) -> None:
        """An empty form (Ctrl+N)."""
        self._with_editor(lambda editor: editor.start())

    def answer_online(self, detail: DeclarationDetail) -> None:
        """A form filled from an online declaration."""
        self._with_editor(lambda editor: editor.start(detail))

    def _with_editor(self, use: Callable[[DeclarationPane], None]) -> None:
        """Bring the form to the front; it is made when first needed, knowing where the station lies."""

        def ready(area: int) -> None:
            if self.editor is None:
                self.editor = self._make_editor(area)
            self.side.setCurrentWidget(self.editor)
            use(self.editor)

        self.desk.read(station_area, self).on_success(ready)

    def _make_editor(self, area: int) -> DeclarationPane:
        editor = DeclarationPane(self.desk, area)
        editor.taken_down.connect(self._on_taken_down)
        editor.left.connect(self._on_left)
        self.side.addWidget(editor)
        return editor

    def _on_taken_down(self, ref: str, inspect_on: str) -> None:
        self.close_editor(ref)
        if inspect_on:
            self.detail.accept(ref, inspect_on)

    def _on_left(self) -> None:
        if self._is_editing:
            self.close_editor()

    def _leave_editor(self) -> None:
        if self.editor is not None and self._is_editing:
            self.side.setCurrentWidget(self.nothing)
            self.editor.leave()

    def show_detail(self, ref: str) -> None:
        """Facts and decisions of one declaration."""
        self.desk.read(lambda device: read_declaration(device, ref), self).on_success(self._on_detail)

    def _on_detail(self, detail: DeclarationDetail | None) -> None:
        if detail is not None and not self._is_editing:
            self.detail.show_detail(detail)
            self.side.setCurrentWidget(self.detail)

    def _on_taken(self, ref: str) -> None:
        """A case came from another computer: it is shown, wherever it stands."""
        self._leave_editor()
        self._wanted = ref
        self.list.choose_view(VIEWS.index("accepted") + 1)
        self.refresh()

    def close_editor(self, ref: str = "") -> None:
        """Back to the list, at the declaration just recorded."""
        self.side.setCurrentWidget(self.nothing)
        self._wanted = ref
        self.refresh()
        self.list.enter_list()

    def enter(self, subject: str = "") -> None:
        """``new``, ``draft:<name>``, ``online:<name>`` or a declaration."""
        if subject == "new":
            self.start_new()
        elif subject.startswith("draft:"):
            self._with_editor(lambda editor: editor.resume(subject.removeprefix("draft:")))
        elif subject:
            self._leave_editor()
            self._wanted = subject
            self.side.setCurrentWidget(self.nothing)
        self.refresh()

    def submit(self) -> None:
        """Ctrl+Enter: the main act of what is beside the list."""
        pane = self.side.currentWidget()
        if isinstance(pane, (DeclarationPane, DecisionPane)):
            pane.submit()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+N", text("declarations.new")),
            ("Ctrl+F", text("key.search")),
            ("Ctrl+1…4", text("key.views")),
            ("Ctrl+Enter", text("key.submit")),
        )

    def _set_texts(self) -> None:
        self.new_button.say(text("declarations.new"), "Ctrl+N")
        self.take_button.say(text("cases_moved.take"))
        self.list.offer_views([Option(view, text(f"declarations.view_{view}")) for view in VIEWS])
        for pane in (self.nothing, self.list.empty):
            pane.say(text("declarations.empty"), text("declarations.empty_body"), text("declarations.new"))
        if not self._stale:
            self.refresh()
