"""证号与纸证: every block with its equation and what became of its numbers; give back, report lost, ask (S14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from inspector_app.domain.continuity import Accounted
from inspector_app.domain.stock_refusals import StockRefusal
from inspector_app.domain.supply import Forecast
from inspector_app.services import number_custody
from inspector_app.services.blanks import has_blanks
from inspector_app.services.device import LAST_MOMENT, Device, last_day
from inspector_app.services.ledgers import continuity
from inspector_app.services.ready import Reason, before_next_draw
from inspector_app.services.supplies import cap_ahead, forecasts
from ui import explain
from ui.desk import Desk
from ui.explain import label
from ui.forms.counts import typed_count
from ui.forms.form import Form
from ui.forms.form_pane import FormPane
from ui.models.items import Cell, Column
from ui.models.naming import Naming
from ui.pages.block_pane import BlockPane, HeldBlock
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Above, Beside
from ui.widgets.card import Card
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option
from ui.widgets.scan_edit import ScanLine
from ui.widgets.words import set_property, words

COLUMNS = (
    Column("block", 216, stretch=True),
    Column("size", 62, right=True),
    Column("free", 62, right=True),
    Column("used", 62, right=True),
    Column("returned", 62, right=True),
    Column("lost", 62, right=True),
    Column("withdrawn", 62, right=True),
    Column("equation"),
)
KINDS = ("A", "B", "N")
USUAL_WISH = "100"
REQUEST_LOW_PX = 300
SCAN_MARGIN_PX = 30
LEDGER_LOW_PX, BLOCK_LOW_PX = 230, 236
LEFT_LOW_PX = LEDGER_LOW_PX + BLOCK_LOW_PX + 12


class Ledger(NamedTuple):
    """The blocks, the person's own numbers left and how long they last, and what was asked for."""

    lines: list[HeldBlock]
    lasting: dict[str, Forecast]
    left: dict[str, tuple[int, int]]
    asked: list[tuple[str, int]]
    owing: list[Reason]


def read_ledger(device: Device) -> Ledger:
    """Read the ledger; runs in the background."""
    lines, person = _blocks(device), device.person()
    left = {}
    for kind in KINDS:
        own = [one.line for one in lines if one.here and one.line.holder == person and one.line.kind == kind]
        size = sum(line.count.size for line in own)
        left[kind] = (number_custody.numbers_left(device, kind, person), size)
    asked = [
        (str(row["kind"]), int(row["wanted"] or 0)) for row in device.rows.many("block_requests", device=device.id)
    ]
    return Ledger(lines, {one.kind: one for one in forecasts(device)}, left, asked, before_next_draw(device))


def _blocks(device: Device) -> list[HeldBlock]:
    naming, fates = Naming(device), _fates(device)
    ends = {str(row["block"]): int(row["expires"] or 0) for row in device.rows.many("blocks")}
    own = {str(row["block"]) for kind in KINDS for row in number_custody.own_blocks(device, kind, device.person())}
    numbered = has_blanks(device)
    return [
        HeldBlock(
            line,
            naming.person(line.holder) if line.holder else "",
            line.device == device.id,
            line.block in own,
            fates.get(line.block, []),
            last_day(ends[line.block]) if 0 < ends.get(line.block, 0) < LAST_MOMENT else "",
            numbered,
        )
        for line in number_custody.ledger(device)
    ]


def _fates(device: Device) -> dict[str, list[Accounted]]:
    found: dict[str, list[Accounted]] = {}
    for one in continuity(device).stretches:
        found.setdefault(one.place.block, []).append(one)
    return found


class NumbersPage(Page):
    """Cards of what is left above, the ledger and the marked block below, the request at the right."""

    place = Place.NUMBERS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.cards: dict[str, _LeftCard] = {kind: _LeftCard(kind) for kind in KINDS}
        self.ledger = ListPane(
            "numbers", COLUMNS, self._cells, desk.preferences, empty_icon="list-ordered", searchable=False, tall=True
        )
        self.scan = ScanLine()
        self.ledger.corner.addWidget(self.scan)
        self.block = BlockPane(desk)
        self.request = RequestPane(desk)
        left = Above(self.ledger, self.block, (4, 3), (LEDGER_LOW_PX, BLOCK_LOW_PX))
        top = QHBoxLayout()
        top.setSpacing(14)
        for card in self.cards.values():
            top.addWidget(card, 1)
        self.content.addLayout(top)
        self.content.addWidget(
            Beside(left, self.request, (14, 5), list_width=600, low=REQUEST_LOW_PX, list_low=LEFT_LOW_PX), 1
        )
        self.scan.scanned.connect(lambda typed: self.desk.go(Place.LIFE, typed))
        self.key("Ctrl+F", self.scan.setFocus)
        self.ledger.table.marked.connect(self.block.show_block)
        self.block.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))
        self.begin()

    def _cells(self, held: HeldBlock) -> Sequence[Cell]:
        block, count = held.line, held.line.count
        where = text("numbers.here") if held.here else text("numbers.elsewhere")
        holds = text("numbers.holds") if count.holds else text("numbers.broken")
        numbers = [
            Cell(f"{value:,}", right=True, order=value)
            for value in (count.size, count.free, count.used, count.returned, count.lost, count.withdrawn)
        ]
        return (
            Cell(f"{block.kind} {block.first} – {block.last}", f"{held.holder} · {where}".strip(" ·")),
            *numbers,
            Cell(holds, tone=Tone.GOOD if count.holds else Tone.BAD),
        )

    def refresh(self) -> None:
        """Read the ledger again."""
        self.desk.read(read_ledger, self).on_success(self._show).on_failure(self.say_problem)

    def _show(self, ledger: Ledger) -> None:
        self.ledger.show_items(ledger.lines)
        self.block.show_block(self.ledger.table.current)
        for kind, (left, size) in ledger.left.items():
            self.cards[kind].show_left(left, size)
            self.cards[kind].show_lasting(ledger.lasting.get(kind))
        broken = [one for one in ledger.lines if not one.line.count.holds]
        tone = Tone.BAD if broken else Tone.GOOD
        self.set_chips([(text("numbers.all_hold" if not broken else "numbers.some_broken"), tone)])
        self.request.show_asked(ledger.asked)
        self.request.show_owing(ledger.owing)
        self.request.look_ahead()

    def submit(self) -> None:
        """Ask for numbers."""
        self.request.submit()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("Ctrl+F", text("numbers.find")), ("Ctrl+Enter", text("numbers.request")))

    def _set_texts(self) -> None:
        self.ledger.title(text("numbers.ledger"), text("numbers.equation"))
        self.scan.setPlaceholderText(text("numbers.find"))
        self.scan.setAccessibleName(text("numbers.find"))
        self.scan.setMinimumWidth(self.scan.fontMetrics().horizontalAdvance(text("numbers.find")) + SCAN_MARGIN_PX)
        self.ledger.empty.say(text("numbers.empty"), text("numbers.empty_body"))
        for card in self.cards.values():
            card.name()
        if not self._stale:
            self.refresh()


class _LeftCard(Card):
    """How many numbers of a kind the person has left here."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self._left = words("big")
        self._of = words("muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._lasting = words("message", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self._left)
        row.addWidget(self._of, 1)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self._lasting)
        self.add(holder)
        self.body.addStretch(1)
        self.name()

    def name(self) -> None:
        """Its words."""
        self.title(label("kind", self._kind))

    def show_left(self, left: int, size: int) -> None:
        """So many of so many."""
        self._left.setText(f"{left:,}")
        self._of.setText(text("numbers.of", n=size))
        self._bar.setRange(0, max(size, 1))
        self._bar.setValue(left)
        self._bar.setAccessibleName(f"{label('kind', self._kind)} {left} / {size}")

    def show_lasting(self, seen: Forecast | None) -> None:
        """How many days that is at the present use; where it runs short, what brings more."""
        shown = lasting_words(seen)
        set_property(self._lasting, "tone", (Tone.WARN if seen and seen.codes else Tone.OFF).value)
        self._lasting.setText(shown)
        self._lasting.setVisible(bool(shown))


def lasting_words(seen: Forecast | None) -> str:
    """``约还能用 12 天。请管理员领用。``; "" where nothing is used and nothing runs short."""
    if seen is None:
        return ""
    lang = explain.language_code()
    said = [explain.sentences().of("reasons", code.value, lang, {"kind": seen.kind}).todo for code in seen.codes]
    days = [] if seen.days_left is None else [text("numbers.lasting", n=seen.days_left)]
    return "\n".join([*days, *said])


class RequestPane(FormPane):
    """Ask the province for more numbers; they come with the next contact."""

    def __init__(self, desk: Desk) -> None:
        self.kind = Segments(upright=True)
        self.wanted = CodeLine()
        form = Form()
        form.add_section(
            [Field("kind", self.kind, required=True), Field("wanted", self.wanted, required=True)], columns=1
        )
        super().__init__(desk, form)
        self.asked = words("muted", wrap=True)
        self.body.insertWidget(2, self.asked)
        self.asked.hide()
        self.owing = words("message", wrap=True)
        set_property(self.owing, "tone", Tone.WARN.value)
        self.body.insertWidget(3, self.owing)
        self.owing.hide()
        self.ahead = words("message", wrap=True)
        set_property(self.ahead, "tone", Tone.WARN.value)
        self.body.insertWidget(4, self.ahead)
        self.ahead.hide()
        self.later_button.hide()
        self.form.edited.connect(self.look_ahead)
        self.begin()
        self.form.fill({"kind": "B", "wanted": USUAL_WISH})

    def deed(self) -> Any:
        """Record the request."""
        kind, wanted = self._wish()
        return lambda device: number_custody.request_block(device, kind, wanted)

    def _wish(self) -> tuple[str, int]:
        return str(self.kind.value() or ""), typed_count(self.wanted.value(), 0)

    def look_ahead(self) -> None:
        """Say so where the wish is more than one draw may hold (G14); it may be asked for all the same."""
        wish = self._wish()

        def show(ahead: Sequence[StockRefusal]) -> None:
            if wish == self._wish():
                self.ahead.setText(text("numbers.over_cap", **ahead[0].details) if ahead else "")
                self.ahead.setVisible(bool(ahead))

        self.desk.read(lambda device: cap_ahead(device, *wish), self).on_success(show)

    def recorded(self, result: Any) -> None:
        """Say that it goes out with the next contact."""
        super().recorded(result)
        self.desk.say(text("numbers.requested"))

    def show_asked(self, asked: Sequence[tuple[str, int]]) -> None:
        """What was asked for and has not come yet."""
        parts = [f"{explain.word('kind', kind)} {count}" for kind, count in asked]
        self.asked.setText(text("numbers.asked", what=text("list.comma").join(parts)) if parts else "")
        self.asked.setVisible(bool(parts))

    def show_owing(self, owing: Sequence[Reason]) -> None:
        """What is to be settled before numbers are drawn again: cost fees, and old sheets of earlier draws."""
        said = [
            explain.sentences().of("reasons", one.code, explain.language_code(), one.details).happened for one in owing
        ]
        self.owing.setText("\n".join([text("numbers.owing"), *said]) if said else "")
        self.owing.setVisible(bool(said))

    def _set_texts(self) -> None:
        self.title(text("numbers.request_title"), text("numbers.request_caption"))
        self.kind.offer([Option(kind, label("kind", kind)) for kind in KINDS])
        for button in self.kind.buttons:
            self.form.watch(button)
        self.act_button.say(text("numbers.request"))
