"""Deciding about one declaration: accepting it, not accepting it with the reason, or withdrawing it (S04)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.services import declaring
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.models.declarations import DeclarationDetail
from ui.models.naming import Naming
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.case_moves import CaseButton
from ui.pages.declaration_papers import PapersButton
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice import DropDown
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.moment_field import DayEdit
from ui.widgets.note import Note
from ui.widgets.scroll import Scroll, column


class DecisionPane(Card):
    """One declaration's facts; accept it, do not accept it, or withdraw it for the declarant.

    Signals:
        detail_wanted: a declaration's facts are to be read anew (its name).
        answer_wanted: an online declaration is to be answered in the form (its detail).
    """

    detail_wanted = Signal(str)
    answer_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._detail: DeclarationDetail | None = None
        self._told: tuple[str, Explained] | None = None
        self.state, self.place = Chip("", Tone.OFF), Chip("", Tone.OFF)
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
        self.case_button = CaseButton(desk, self)
        self._build()

    def _build(self) -> None:
        for chip in (self.place, self.state):
            self.corner.addWidget(chip)
        inner, lines = column()
        lines.addWidget(self.facts)
        asked = QHBoxLayout()
        asked.setSpacing(16)
        asked.addWidget(self.inspect_on, 1)
        asked.addWidget(self.short_notice, 2)
        lines.addLayout(asked)
        lines.addWidget(self.note)
        lines.addStretch(1)
        self.body.addWidget(self.banner)
        self.body.addWidget(Scroll(inner), 1)
        acts = QHBoxLayout()
        acts.addStretch(1)
        for at, button in enumerate((self.papers_button, self.case_button)):
            acts.insertWidget(at, button)
        for button in (self.withdraw_button, self.not_accept_button, self.accept_button, self.inspect_button):
            acts.addWidget(button)
        self.body.addLayout(acts)
        self.short_notice.editor.edited.connect(self._show_note)
        self.accept_button.act_wanted.connect(self.submit)
        self.not_accept_button.act_wanted.connect(self._on_not_accept)
        self.withdraw_button.act_wanted.connect(self._on_withdraw)
        self.inspect_button.act_wanted.connect(self._on_inspect)
        self.case_button.moved.connect(self.detail_wanted)
        self.case_button.troubled.connect(self._say)

    def show_detail(self, detail: DeclarationDetail) -> None:
        """Show one."""
        same = self._detail is not None and self._detail.line.ref == detail.line.ref
        if self._detail is None or not same or self._detail.line.state != detail.line.state:
            self.banner.dismiss()  # it was about a step that is behind us
        self._detail = detail
        line = detail.line
        self.title(line.owner, f"{line.batch} · {line.quantity} → {line.to}")
        self.state.say(line.state_words, line.tone)
        self.place.say(detail.place.chip, detail.place.tone)
        self.place.setVisible(bool(detail.place.chip))
        self.case_button.show_for(detail)
        self.facts.show_facts([*detail.facts, (text("declarations.reason"), detail.reason)])
        if not same:
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
        self.inspect_button.setVisible(state == "accepted" and detail.place.is_here)
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
            self.answer_wanted.emit(self._detail)
        elif self._detail.line.state == "recorded":
            self.accept(self._detail.line.ref, str(self.inspect_on.value() or self.desk.today()))
        elif self._detail.line.state == "accepted" and self._detail.place.is_here:
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
            self.detail_wanted.emit(ref)

        self.desk.act(deed, self, done=done, refused=lambda outcome: self._on_refused(ref, outcome))

    def _on_refused(self, ref: str, outcome: Refused) -> None:
        if outcome.headline.code is RefusalCode.LEAD_TIME_TOO_SHORT:
            self._told = (ref, explain.refusal(outcome.headline))
            self.detail_wanted.emit(ref)
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
            deed=deed, done=lambda _entry: self.detail_wanted.emit(line.ref),
        )  # fmt: skip

    def _on_inspect(self) -> None:
        if self._detail is not None:
            self.desk.go(Place.INSPECTION, self._detail.line.ref)
