"""申报: what was declared, at the counter or online; taking it down, accepting it, or not with the reason (S04)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.services import declaring, drafts
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.forms.declaration_form import DeclarationEditor
from ui.forms.form_pane import FormPane, Question
from ui.models.declarations import (
    VIEWS,
    DeclarationDetail,
    DeclarationLine,
    DeclarationList,
    read_declaration,
    read_declarations,
    read_owners,
    station_area,
)
from ui.models.items import Cell, Column
from ui.models.naming import Naming
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.declaration_papers import PapersButton
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice import DropDown
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.list_pane import ListPane
from ui.widgets.moment_field import DayEdit
from ui.widgets.note import Note
from ui.widgets.popup_list import Option
from ui.widgets.scroll import Scroll

COLUMNS = (
    Column("owner", stretch=True),
    Column("departs", 124),
    Column("state"),
)
FORM = "declaration"


class DeclarationsPage(Page):
    """List at the left; beside it the form, or the facts of the chosen one with what can be decided."""

    place = Place.DECLARATIONS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPane("declarations", COLUMNS, self._cells, desk.preferences, empty_icon="inbox", tall=True)
        self.new_button = Button("plain", "plus")
        self.editor: DeclarationPane | None = None
        self.detail = DecisionPane(desk, self)
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
        column.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(Beside(left, self.side, (9, 11)), 1)

    def _connect(self) -> None:
        self.list.query_changed.connect(self.refresh)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(self._on_opened)
        self.list.model.more_wanted.connect(self._load_more)
        self.list.empty.action_wanted.connect(self.start_new)
        self.nothing.action_wanted.connect(self.start_new)
        self.new_button.act_wanted.connect(self.start_new)
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
                self.editor = DeclarationPane(self.desk, self, area)
                self.side.addWidget(self.editor)
            self.side.setCurrentWidget(self.editor)
            use(self.editor)

        self.desk.read(station_area, self).on_success(ready)

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
        self.list.offer_views([Option(view, text(f"declarations.view_{view}")) for view in VIEWS])
        for pane in (self.nothing, self.list.empty):
            pane.say(text("declarations.empty"), text("declarations.empty_body"), text("declarations.new"))
        if not self._stale:
            self.refresh()


class DeclarationPane(FormPane):
    """The form with its two acts: take down and accept, or only take down."""

    def __init__(self, desk: Desk, page: DeclarationsPage, station_area: int) -> None:
        self.editor = DeclarationEditor(desk, station_area)
        super().__init__(desk, self.editor, draft_of=FORM)
        self._page = page
        self._accept = True
        self.record_button = Button("plain")
        self.acts.insertWidget(2, self.record_button)
        self.form.follow_with(self.later_button, self.record_button, self.act_button)
        self.record_button.act_wanted.connect(self._record_only)
        self.record_button.reason_wanted.connect(lambda _why: self._record_only())
        self.begin()

    def check(self) -> Question | None:
        """Everything still wrong with what is typed."""
        collected = self.editor.collect()
        return lambda device: declaring.check_form(device, collected)

    def start(self, online: DeclarationDetail | None = None) -> None:
        """An empty form, or one that answers an online declaration."""
        self._with_owners(lambda: self._start(online))

    def _start(self, online: DeclarationDetail | None) -> None:
        values = self.editor.values_of(online.line.row) if online else None
        self.editor.start(values, online.line.online if online else "")
        self.begin_draft(None, f"online:{online.line.online}" if online else "")
        self.editor.go_to("owner")

    def resume(self, draft: str) -> None:
        """A draft, as it was left."""

        def show(kept: drafts.Kept | None) -> None:
            if kept is not None:
                self._with_owners(lambda: self._restore(kept))

        self.desk.read(lambda device: drafts.find(device, draft), self).on_success(show)

    def _restore(self, kept: drafts.Kept) -> None:
        self.editor.start()
        self.begin_draft(kept, kept.subject)
        self.editor.go_to("owner")

    def _with_owners(self, then: Callable[[], None]) -> None:
        def show(owners: list[dict[str, Any]]) -> None:
            self.editor.know_owners(owners)
            then()

        self.desk.read(read_owners, self).on_success(show)

    def submit(self) -> None:
        """Take it down and accept it."""
        self._accept = True
        super().submit()

    def _record_only(self) -> None:
        self._accept = False
        super().submit()

    def deed(self) -> Callable[[Device], str | Refused]:
        """Take it down."""
        collected = self.editor.collect()
        return lambda device: declaring.record_declaration(device, collected)

    def recorded(self, result: str) -> None:
        """It is on record; accept it if that was wanted."""
        inspect_on = str(self.editor.value("inspect_on") or self.desk.today())
        self.desk.say(text("declarations.recorded", owner=str(self.editor.value("owner"))))
        self._page.close_editor(result)
        if self._accept:
            self._page.detail.accept(result, inspect_on)

    def _on_looked(self, refusals: Sequence[Refusal]) -> None:
        super()._on_looked(refusals)
        self.record_button.block(self.act_button.reason)

    def leave(self) -> None:
        """Back to the list; the draft stays."""
        super().leave()
        if self._page.side.currentWidget() is self:
            self._page.close_editor()

    def _set_texts(self) -> None:
        self.title(text("declarations.editor"), text("declarations.editor_caption"))
        self.act_button.say(text("declarations.accept_new"), "Ctrl+Enter")
        self.record_button.say(text("declarations.record_only"))
        self.later_button.say(text("form.later"))


class DecisionPane(Card):
    """One declaration's facts; accept it, do not accept it, or withdraw it for the declarant."""

    def __init__(self, desk: Desk, page: DeclarationsPage) -> None:
        super().__init__()
        self.desk = desk
        self._page = page
        self._detail: DeclarationDetail | None = None
        self._told: tuple[str, Explained] | None = None
        self.state = Chip("", Tone.OFF)
        self.facts = Facts()
        self.banner = Banner()
        self.inspect_on = Field("inspect_on", DayEdit(desk.today))
        self.short_notice = Field("short_notice", DropDown())
        self.note = Field("note", Note(1))
        self.accept_button = Button("primary", "check")
        self.not_accept_button = Button("plain", "ban")
        self.withdraw_button = Button("plain", "undo-2")
        self.inspect_button = Button("primary", "microscope")
        self.papers_button = PapersButton(desk, self._say)
        self._build()

    def _build(self) -> None:
        self.corner.addWidget(self.state)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(14)
        column.addWidget(self.facts)
        asked = QHBoxLayout()
        asked.setSpacing(16)
        asked.addWidget(self.inspect_on, 1)
        asked.addWidget(self.short_notice, 2)
        column.addLayout(asked)
        column.addWidget(self.note)
        column.addStretch(1)
        self.body.addWidget(self.banner)
        self.body.addWidget(Scroll(inner), 1)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.insertWidget(0, self.papers_button)
        for button in (self.withdraw_button, self.not_accept_button, self.accept_button, self.inspect_button):
            acts.addWidget(button)
        self.body.addLayout(acts)
        self.short_notice.editor.edited.connect(self._show_note)
        self.accept_button.act_wanted.connect(self.submit)
        self.not_accept_button.act_wanted.connect(self._on_not_accept)
        self.withdraw_button.act_wanted.connect(self._on_withdraw)
        self.inspect_button.act_wanted.connect(self._on_inspect)

    def show_detail(self, detail: DeclarationDetail) -> None:
        """Show one."""
        same = self._detail is not None and self._detail.line.ref == detail.line.ref
        self._detail = detail
        line = detail.line
        self.title(line.owner, f"{line.batch} · {line.quantity} → {line.to}")
        self.state.say(line.state_words, line.tone)
        self.facts.show_facts([*detail.facts, (text("declarations.reason"), detail.reason)])
        if not same:
            self.banner.dismiss()
            self.inspect_on.set_value(self.desk.today())
            self.short_notice.set_value(None)
            self.note.set_value("")
        self._show_acts(detail)
        self._tell(line.ref)

    def _say(self, said: Explained) -> None:
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _show_acts(self, detail: DeclarationDetail) -> None:
        self.papers_button.show_for(detail.line.ref, detail.line.state)
        state, late = detail.line.state, detail.lead_days < detail.lead_wanted
        may_decide = state in ("recorded", "online")
        self.short_notice.setVisible(state == "recorded" and late)
        self._show_note()
        self.inspect_on.setVisible(state == "recorded")
        self.accept_button.setVisible(may_decide)
        self.not_accept_button.setVisible(state == "recorded")
        self.withdraw_button.setVisible(state in ("recorded", "accepted"))
        self.inspect_button.setVisible(state == "accepted")
        self.accept_button.say(
            text("declarations.answer" if state == "online" else "declarations.accept"), "Ctrl+Enter"
        )
        self.not_accept_button.say(text("declarations.not_accept"))
        self.withdraw_button.say(text("declarations.withdraw"))
        self.inspect_button.say(text("declarations.inspect"), "Ctrl+Enter")
        if may_decide and late:
            self.short_notice.editor.offer(Naming(self.desk.device).reasons("short_notice", self.desk.today()))
            shown = text("declarations.short", wanted=detail.lead_wanted, given=max(detail.lead_days, 0))
            self.short_notice.say(shown, Tone.WARN)

    def _show_note(self) -> None:
        """Some reasons demand words beside them, and are asked for them at once."""
        code = str(self.short_notice.value() or "")
        known = self.desk.device.catalogue.reason("short_notice", code) if code else None
        wanted = not self.short_notice.isHidden() and known is not None and known.needs_note
        self.note.setVisible(wanted)

    def take_focus(self) -> None:
        """The keyboard comes here from the list."""
        for button in (self.accept_button, self.inspect_button, self.withdraw_button):
            if button.isVisibleTo(self):
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def submit(self) -> None:
        """The main act of this state: answer, accept, or go and inspect."""
        if self._detail is None:
            return
        if self._detail.line.state == "online":
            self._page.answer_online(self._detail)
        elif self._detail.line.state == "recorded":
            self.accept(self._detail.line.ref, str(self.inspect_on.value() or self.desk.today()))
        elif self._detail.line.state == "accepted":
            self._on_inspect()

    def accept(self, ref: str, inspect_on: str) -> None:
        """Accept; a short lead time asks for its reason first."""
        shown = self._detail is not None and self._detail.line.ref == ref
        reason = str(self.short_notice.value() or "") if shown else ""
        note = str(self.note.value()) if shown and not self.note.isHidden() else ""

        def deed(device: Device) -> str | Refused:
            return declaring.accept_declaration(device, ref, inspect_on=inspect_on, short_notice=reason, note=note)

        def done(_entry: str) -> None:
            self.desk.say(text("declarations.accepted"))
            self._page.show_detail(ref)

        self.desk.act(deed, self, done=done, refused=lambda outcome: self._on_refused(ref, outcome))

    def _on_refused(self, ref: str, outcome: Refused) -> None:
        if outcome.headline.code is RefusalCode.LEAD_TIME_TOO_SHORT:
            self._told = (ref, explain.refusal(outcome.headline))
            self._page.show_detail(ref)
            return
        self._say(explain.refused(outcome.refusals))

    def _tell(self, ref: str) -> None:
        """What was refused before this declaration's facts arrived stays until the person has answered it."""
        if self._told is None or self._told[0] != ref:
            return
        self._say(self._told[1])
        self._told = None
        self.short_notice.setFocus()

    def _on_not_accept(self) -> None:
        self._ask("not_accepted", text("declarations.not_accept"), declaring.refuse_acceptance)

    def _on_withdraw(self) -> None:
        self._ask("withdrawn", text("declarations.withdraw"), declaring.withdraw_declaration)

    def _ask(self, of: str, act: str, service: Callable[..., str | Refused]) -> None:
        assert self._detail is not None
        line = self._detail.line
        facts = [(explain.label("field", "owner"), line.owner), (explain.label("field", "species"), line.batch)]

        def deed(device: Device, asked: AskedReason) -> str | Refused:
            return service(device, line.ref, reason=asked.reason, note=asked.note)

        ask_reason(
            self.desk, self, of=of, title=act, explanation=text(f"declarations.{of}_explained"), act=act, facts=facts,
            deed=deed, done=lambda: self._page.show_detail(line.ref),
        )  # fmt: skip

    def _on_inspect(self) -> None:
        if self._detail is not None:
            self.desk.go(Place.INSPECTION, self._detail.line.ref)
