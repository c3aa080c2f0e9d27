"""What the numbers of one block became, and the two acts that end unused ones: give back (退库), report lost (报失)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from inspector_app.domain.continuity import TO_EXPLAIN, Accounted, Standing
from inspector_app.domain.numbering import parse_range, range_size
from inspector_app.services.device import Device
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import BlockLine, return_numbers
from ui import explain
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.pages.asking import AskedReason, ask_reason
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.list_pane import ListPane
from ui.widgets.moment_field import DayEdit

COLUMNS = (
    Column("ledger_span", 190, stretch=True),
    Column("ledger_size", 56, right=True),
    Column("ledger_standing"),
    Column("ledger_day", 100),
    Column("ledger_reason", 176),
)
TONES = {Standing.FREE: Tone.OFF, Standing.USED: Tone.GOOD}


class HeldBlock(NamedTuple):
    """A block as the page shows it: its line, its holder's name, and whether it is this person's at this computer."""

    line: BlockLine
    holder: str
    here: bool
    own: bool
    stretches: list[Accounted]
    until: str = ""
    """The last legal day of its numbers, "" where they have no end."""
    numbered: bool = False
    """Whether its sheets bear their numbers: what is given back may be drawn again then."""

    @property
    def free(self) -> str:
        """The last stretch of unused numbers as one types it, "" when none is left."""
        left = [one for one in self.stretches if one.standing in (Standing.FREE, Standing.SKIPPED)]
        return f"{left[-1].first}-{left[-1].last}" if left else ""


class BlockPane(ListPane):
    """The numbers of the marked block in stretches of one fate; Enter goes to the life of the marked one.

    Signals:
        reason_wanted: an act was chosen that cannot be done on this block (why).
    """

    reason_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.block: HeldBlock | None = None
        self.life_button = Button("plain", "history")
        self.return_button = Button("plain", "undo-2")
        self.loss_button = Button("plain", "shield-alert")
        super().__init__("stretches", COLUMNS, _cells, desk.preferences, empty_icon="list-ordered", searchable=False)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addStretch(1)
        for button in (self.life_button, self.return_button, self.loss_button):
            acts.addWidget(button)
        self.body.addLayout(acts)
        self.table.opened.connect(lambda _line: self.go_to_life())
        self.life_button.act_wanted.connect(self.go_to_life)
        self.return_button.act_wanted.connect(self.give_back)
        self.loss_button.act_wanted.connect(self.report_lost)
        for button in (self.life_button, self.return_button, self.loss_button):
            button.reason_wanted.connect(self.reason_wanted)

    def show_block(self, block: HeldBlock | None) -> None:
        """Show one, or none."""
        self.block = block
        self.show_items(block.stretches if block else [])
        self._say_block()

    def go_to_life(self) -> None:
        """The whole life of the marked number."""
        line = self.table.current
        if isinstance(line, Accounted):
            self.desk.go(Place.LIFE, f"{line.kind} {line.first}")

    def give_back(self) -> None:
        """Ask for range and reason; what is given back is never used out of this block, and on plain paper never."""
        if self.block is None:
            return
        kind, numbers = self.block.line.kind, _range_field(self.block.free)

        def deed(device: Device, asked: AskedReason) -> Any:
            return return_numbers(device, kind, str(asked.more["numbers"]), reason=asked.reason, note=asked.note)

        self._ask("return_sheets" if self.block.numbered else "return", "number_return", deed, [numbers])

    def report_lost(self) -> None:
        """Ask for range, cause and day; what is lost is dead from now on, and the province hears of it."""
        if self.block is None:
            return
        kind, numbers = self.block.line.kind, _range_field(self.block.free)
        day = Field("found_out_on", DayEdit(self.desk.today))
        day.set_value(self.desk.today())

        def deed(device: Device, asked: AskedReason) -> Any:
            typed, found_out_on = str(asked.more["numbers"]), str(asked.more["found_out_on"])
            return report_loss(device, kind, typed, cause=asked.reason, found_out_on=found_out_on, note=asked.note)

        self._ask("loss", "loss", deed, [numbers], [day])

    def _ask(
        self,
        act: str,
        of: str,
        deed: Callable[[Device, AskedReason], Any],
        first: Sequence[Field],
        more: Sequence[Field] = (),
    ) -> None:
        block, numbers = self.block, first[0]
        assert block is not None

        def done(_entry: Any) -> None:
            self.desk.say(text(f"numbers.{act}_done", kind=block.line.kind, numbers=str(numbers.value())))

        ask_reason(
            self.desk,
            self,
            of=of,
            title=text(f"numbers.{act}_title"),
            explanation=text(f"numbers.{act}_explained"),
            act=text(f"numbers.{act}_act"),
            facts=_facts(block),
            first=first,
            more=more,
            deed=deed,
            done=done,
        )

    def _say_block(self) -> None:
        block = self.block
        if block is None:
            self.title(text("numbers.fate"))
        else:
            self.title(text("numbers.fate_of", block=_named(block.line)), _caption(block))
        mine = block is not None and block.own
        free = block is not None and bool(block.free)
        self.life_button.block("" if block else text("numbers.choose_block"))
        self.return_button.block("" if mine and free else text("numbers.none_free" if mine else "numbers.not_own"))
        self.loss_button.block("" if free else text("numbers.none_free"))

    def _set_texts(self) -> None:
        super()._set_texts()
        self.empty.say(text("numbers.fate_empty"), text("numbers.fate_empty_body"))
        self.life_button.say(text("numbers.life"))
        self.return_button.say(text("numbers.return_this"))
        self.loss_button.say(text("numbers.loss_this"))
        self._say_block()
        self.model.renew_cells()


def _named(line: BlockLine) -> str:
    return f"{line.kind} {line.first} – {line.last}"


def _caption(block: HeldBlock) -> str:
    """How many ended how, and until when the rest may be used."""
    ended = dict.fromkeys((one.standing for one in block.stretches if one.standing is not Standing.FREE), 0)
    for one in block.stretches:
        if one.standing in ended:
            ended[one.standing] += one.size
    parts = [
        text("numbers.fate_ends", standing=explain.label("standing", standing.value), n=count)
        for standing, count in ended.items()
    ]
    return " · ".join([*parts, *([text("numbers.fate_until", day=block.until)] if block.until else [])])


def _facts(block: HeldBlock) -> list[tuple[str, str]]:
    where = text("numbers.here") if block.here else text("numbers.elsewhere")
    return [
        (text("column.block"), f"{_named(block.line)}  {block.holder} · {where}"),
        (text("column.free"), f"{block.line.count.free:,}"),
    ]


def _range_field(proposed: str) -> Field:
    """A range of one block; below it stands how many numbers that is."""
    field = Field("numbers", CodeLine(), required=True)

    def count() -> None:
        found = parse_range(str(field.value()))
        if found is not None:
            field.say(text("numbers.many", n=range_size(*found)), Tone.OFF)

    field.editor.edited.connect(count)
    field.set_value(proposed)
    count()
    return field


def _cells(one: Accounted) -> Sequence[Cell]:
    span = one.first if one.first == one.last else f"{one.first} – {one.last}"
    passed_up = text("numbers.passed_up", record=one.passed_up) if one.passed_up else ""
    tone = Tone.BAD if one.standing in TO_EXPLAIN else TONES.get(one.standing, Tone.WARN)
    return (
        Cell(span, order=one.first),
        Cell(f"{one.size:,}", right=True, order=one.size),
        Cell(explain.label("standing", one.standing.value), tone=tone),
        Cell(one.day),
        Cell(passed_up or (explain.label("reason", one.reason) if one.reason else "")),
    )
