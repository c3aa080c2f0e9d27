"""Cases: what is to be cleared up and by when; concluded once, with cause and conclusion (GX-2014 Art. 17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from inspector_app.services import custody_cases
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.models.cases import Abouts, CaseLine, read_abouts, read_cases
from ui.models.items import Cell, Column
from ui.models.naming import Naming
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.case_deeds import ask_open
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice import DropDown
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.list_pane import ListPane
from ui.widgets.living import Living
from ui.widgets.review import Review
from ui.widgets.scroll import Scroll, column

COLUMNS = (Column("case", 210, stretch=True), Column("due_on", 96), Column("state"))
DETAIL_LOW_PX, NARROW_PX = 320, 740


class CasesPane(Living, QWidget):
    """The list, and beside it one case.

    Signals:
        counted: how many are open.
        failed: reading did not work (the error).
    """

    counted = Signal(int)
    failed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.case: CaseLine | None = None
        self._wanted = ""
        self.list = ListPane(
            "cases", COLUMNS, _cells, desk.preferences, empty_icon="shield-check", searchable=False, tall=True
        )
        self.nothing = EmptyState("shield-alert", on_card=True)
        self.card, self.facts = Card(), Facts()
        self.review: Review | None = None
        self.open_button = Button("plain", "plus")
        self.life_button = Button("plain", "history")
        self.conclude_button = Button("primary", "check")
        self.side = QStackedWidget()
        self._build()
        self.list.table.marked.connect(self.show_case)
        self.list.table.opened.connect(lambda _case: self.conclude())
        self.open_button.act_wanted.connect(self.ask_open)
        self.life_button.act_wanted.connect(self._go_to_life)
        self.conclude_button.act_wanted.connect(self.conclude)
        self.begin()

    def _build(self) -> None:
        inner, lines = column(spacing=10)
        lines.addWidget(self.facts)
        lines.addStretch(1)
        self.card.body.addWidget(Scroll(inner), 1)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.life_button)
        acts.addWidget(self.conclude_button)
        self.card.body.addLayout(acts)
        self.side.addWidget(self.nothing)
        self.side.addWidget(self.card)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        left = QWidget()
        lines = QVBoxLayout(left)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(10)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        around.addWidget(Beside(left, self.side, (6, 5), low=DETAIL_LOW_PX, narrow=NARROW_PX))

    def refresh(self, wanted: str = "") -> None:
        """Read the cases; ``wanted`` is the one to show."""
        self._wanted = wanted or self._wanted
        self.desk.read(read_cases, self).on_success(self._show).on_failure(self.failed.emit)

    def _show(self, cases: list[CaseLine]) -> None:
        self.list.show_items(cases)
        self.side.setVisible(bool(cases))  # where there is none there is nothing to choose
        wanted, self._wanted = self._wanted, ""
        at = next((at for at, case in enumerate(cases) if case.ref == wanted), None)
        if at is not None:
            self.list.table.mark(at)
        self.show_case(self.list.table.current)
        self.counted.emit(sum(1 for case in cases if case.is_open))

    def show_case(self, case: CaseLine | None) -> None:
        """One case, or none."""
        self.case = case
        self.side.setCurrentWidget(self.card if case is not None else self.nothing)
        if case is not None:
            self.card.title(case.title, case.state)
            self.facts.show_facts(case.facts)
            self.life_button.setVisible(bool(case.number))
            self.conclude_button.setVisible(case.is_open)

    def _go_to_life(self) -> None:
        if self.case is not None and self.case.number:
            self.desk.go(Place.LIFE, self.case.number)

    def ask_open(self, number: str = "") -> None:
        """Ask what a case opened by hand is about; with ``number`` it is about that one."""

        def done(ref: Any) -> None:
            self.desk.say(text("cases.opened_said"))
            self.refresh(str(ref))

        def ask(abouts: Abouts) -> None:
            self.review = ask_open(self.desk, self, abouts, done, number=number)

        self.desk.read(read_abouts, self).on_success(ask).on_failure(self.failed.emit)

    def conclude(self) -> None:
        """Ask for cause and conclusion; a case is concluded once."""
        case = self.case
        if case is None or not case.is_open:
            return
        ref, conclusion = case.ref, Field("case_conclusion", DropDown(), required=True)
        reasons = Naming(self.desk.device).reasons(custody_cases.CONCLUSIONS, self.desk.today())
        conclusion.editor.offer(reasons)

        def deed(device: Device, asked: AskedReason) -> Any:
            chosen = str(asked.more["case_conclusion"] or "")
            return custody_cases.conclude_case(device, ref, cause=asked.reason, conclusion=chosen, note=asked.note)

        ask_reason(
            self.desk,
            self,
            of=custody_cases.CAUSES,
            title=text("cases.conclude_title", what=case.title),
            explanation=text("cases.conclude_explained"),
            act=text("cases.conclude"),
            facts=case.facts,
            more=[conclusion],
            deed=deed,
            done=lambda _ref: self.desk.say(text("cases.concluded_said")),
        )

    def _set_texts(self) -> None:
        self.list.empty.say(text("cases.empty"), text("cases.empty_body"))
        self.nothing.say(text("cases.choose"), text("cases.choose_body"))
        self.open_button.say(text("cases.open"), "Ctrl+N")
        self.life_button.say(text("numbers.life"))
        self.conclude_button.say(text("cases.conclude"), "Ctrl+Enter")


def _cells(case: CaseLine) -> Sequence[Cell]:
    due = Cell(case.due, tone=Tone.BAD if case.late else None, order=case.due)
    return (Cell(case.title, case.about), due, Cell(case.state, tone=case.tone))
