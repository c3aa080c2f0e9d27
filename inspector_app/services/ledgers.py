"""Ledger books (台账): read from the projections, never written; the statutory books are reports over the journals.

Every line names the entry or document it comes from. The format is the province's (GX-2014 Art. 11): the version a book
is written in is named in it, and no book is made where the province names another.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.continuity import Accounted, Continuity
from inspector_app.domain.custody import SheetFlow
from inspector_app.domain.numerals import iso_date
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.continuity import read_continuity
from inspector_app.journal.books.flows import Ended, Flows, Received, SheetMove, read_flows
from inspector_app.journal.books.goods import GoodsMove, has_surplus, read_goods
from inspector_app.journal.books.register import unit_of
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries
from inspector_app.services.typed import code_refusals, day_refusals

FORMAT = "GX-2014/1"
"""The ledger format this program writes."""
KINDS = ("A", "B", "N")
Cell = str | int


class Carry(enum.StrEnum):
    """What of a column goes over to the next page (过次页): nothing, the sum so far, the last figure."""

    NOTHING = "nothing"
    SUM = "sum"
    LAST = "last"


class LedgerColumn(msgspec.Struct, frozen=True):
    """A column: its heading is the word ``column.<name>``; its codes are spelled by the table ``words``.

    One that is ``rare`` takes no room on paper or screen in a section where no line has anything in it.
    """

    name: str
    words: str = ""
    carry: Carry = Carry.NOTHING
    rare: bool = False


class Line(msgspec.Struct, frozen=True):
    """One line and the entry or document it comes from; ``label`` is ``opening`` or ``total`` for what sums up."""

    cells: tuple[Cell, ...]
    ref: str = ""
    label: str = ""


class Section(msgspec.Struct, frozen=True):
    """The lines of one kind: of its numbers, of its sheets, or of both (``item`` is "")."""

    kind: str
    item: str
    lines: tuple[Line, ...]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """A book over a period of legal days, both included; ``holds`` says whether what is counted equals what flowed."""

    book: str
    format: str
    first: str
    last: str
    columns: tuple[LedgerColumn, ...]
    sections: tuple[Section, ...]
    holds: bool


def continuity(device: Device) -> Continuity:
    """What became of every number drawn for this station, as it is known here."""
    return read_continuity(device.rows, device.sheet.station, KnownEntries(device))


def read_book(device: Device, book: str, *, first: str = "", last: str = "") -> Ledger | Refused:
    """A book from ``first`` to ``last``; without them from the beginning of the month (of the year, for sums) to today.

    Refused: a book or day there is not, days in the wrong order, a format this program does not write.
    """
    begins, ends = first or _beginning(book, last or device.today()), last or device.today()
    found = [*format_refusals(device), *code_refusals("book", [book], BOOKS)]
    found += [*day_refusals("first", begins), *day_refusals("last", ends)]
    if not found and begins > ends:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="first", current=begins, limit=ends))
    if found:
        return refused(*found)
    entries = KnownEntries(device)
    flows = read_flows(device.rows, device.sheet.station, entries)
    columns, write = BOOKS[book]
    sections = tuple(write(_Reading(device, flows, begins, ends)))
    holds = _goods_hold(device, sections) if book == "goods" else _holds(flows)
    return Ledger(book=book, format=FORMAT, first=begins, last=ends, columns=columns, sections=sections, holds=holds)


@enforces("G12")
def format_refusals(device: Device) -> list[Refusal]:
    """Only the ledger format the province names (GX-2014 Art. 11)."""
    named = device.policy().ledger_format
    if named == FORMAT:
        return []
    return [Refusal(code=RefusalCode.LEDGER_FORMAT_OTHER, limit=named, current=FORMAT)]


def _beginning(book: str, day: str) -> str:
    return f"{day[:4]}-01-01" if book in ("monthly", "yearly") else f"{day[:7]}-01"


def _holds(flows: Flows) -> bool:
    """Whether what flowed leaves what is counted: free numbers, and sheets on hand."""
    numbers = {
        kind: sum(one.size for one in flows.received if one.kind == kind)
        - sum(1 for one in flows.ended if one.kind == kind)
        for kind in flows.free
    }
    sheets: dict[str, int] = {}
    for move in flows.sheets:
        sheets[move.kind] = sheets.get(move.kind, 0) + _signed(move)
    return numbers == flows.free and {**dict.fromkeys(flows.on_hand, 0), **sheets} == flows.on_hand


def _signed(move: SheetMove) -> int:
    return move.sheets if move.flow is SheetFlow.IN else -move.sheets


class _Reading(msgspec.Struct, frozen=True):
    """What a book is written from: flows and the period."""

    device: Device
    flows: Flows
    first: str
    last: str

    def within(self, day: str) -> bool:
        """Whether a day lies in the period."""
        return self.first <= day <= self.last

    def kinds(self) -> list[str]:
        """The kinds of which there is anything at all."""
        known = {one.kind for one in self.flows.received} | {one.kind for one in self.flows.sheets}
        return [kind for kind in KINDS if kind in known]


# --- 出入库分类登记表 ------------------------------------------------------------

STOCK = (
    LedgerColumn("day"),
    LedgerColumn("what", "ledger"),
    LedgerColumn("span"),
    LedgerColumn("came_in", carry=Carry.SUM),
    LedgerColumn("went_out", carry=Carry.SUM),
    LedgerColumn("left", carry=Carry.LAST),
    LedgerColumn("by", "person"),
    LedgerColumn("ref", "entry"),
    LedgerColumn("request", "entry", rare=True),
)


class _Flow(msgspec.Struct, frozen=True):
    """One line of the stock book before its balance is known."""

    at: int
    day: str
    what: str
    span: str
    came_in: int
    went_out: int
    by: int
    ref: str
    request: str = ""


def _stock(reading: _Reading) -> Iterator[Section]:
    for kind in reading.kinds():
        yield _flowing(reading, kind, "numbers", [*_received(reading, kind), *_ended(reading, kind)])
        if moved := [_moved(reading, one) for one in reading.flows.sheets if one.kind == kind]:
            yield _flowing(reading, kind, "sheets", moved)


def _received(reading: _Reading, kind: str) -> Iterator[_Flow]:
    for one in reading.flows.received:
        if one.kind == kind:
            span = _span(one.first, one.last)
            yield _Flow(one.at, one.day, "received", span, one.size, 0, one.holder, one.block)


def _ended(reading: _Reading, kind: str) -> Iterator[_Flow]:
    """One line an entry, whatever the numbers it ended."""
    ended = [one for one in reading.flows.ended if one.kind == kind]
    for _key, together in groupby(ended, key=lambda one: (one.ref, one.what, one.day)):
        run = list(together)
        yield _Flow(run[0].at, run[0].day, run[0].what, spans(run), 0, len(run), run[0].by, run[0].ref)


def _moved(reading: _Reading, one: SheetMove) -> _Flow:
    came_in = one.sheets if one.flow is SheetFlow.IN else 0
    span, asked = f"{one.number}/{one.print}", carried_out(reading.device, one.ref) or {}
    request = str(asked.get("ref") or "")
    return _Flow(one.at, one.day, one.state, span, came_in, one.sheets - came_in, one.by, one.ref, request)


@enforces("G40")
def carried_out(device: Device, ref: str) -> Row | None:
    """The request for destruction an entry carried out: it stands in the book beside its result (Art. 24 (3))."""
    found = device.rows.many("destructions", destroyed_ref=ref)
    return found[0] if found else None


def _flowing(reading: _Reading, kind: str, item: str, flows: list[_Flow]) -> Section:
    """Opening, the lines of the period with their running balance, and what the period brought in all."""
    flows = sorted(flows, key=lambda one: (one.day, one.at))  # stable: of one moment as the journals have it
    before = sum(one.came_in - one.went_out for one in flows if one.day < reading.first)
    inside = [one for one in flows if reading.within(one.day)]
    balances = list(accumulate((one.came_in - one.went_out for one in inside), initial=before))
    lines = [Line(("", "opening", "", "", "", before, "", "", ""), label="opening")]
    lines += [_flow_line(one, left) for one, left in zip(inside, balances[1:], strict=True)]
    came_in, went_out = sum(one.came_in for one in inside), sum(one.went_out for one in inside)
    lines.append(Line(("", "total", "", came_in, went_out, balances[-1], "", "", ""), label="total"))
    return Section(kind, item, tuple(lines))


def _flow_line(one: _Flow, left: int) -> Line:
    moved = one.came_in or "", one.went_out or "", left
    return Line((one.day, one.what, one.span, *moved, one.by, one.ref, one.request), one.ref)


def spans(numbers: list[Ended]) -> str:
    """Digits as ranges: ``9900000001–9900000003, 9900000007``."""
    ordered = sorted(int(one.digits) for one in numbers)
    width = len(numbers[0].digits)
    runs = (list(run) for _key, run in groupby(enumerate(ordered), key=lambda at: at[1] - at[0]))
    return ", ".join(_span(*(str(value).zfill(width) for _at, value in (run[0], run[-1]))) for run in runs)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


# --- 其他证章标志台账 ------------------------------------------------------------


def _goods(reading: _Reading) -> Iterator[Section]:
    """Marks, licences, forms and seals of the station's store, each kind its own (GX-2014 Art. 3, 5)."""
    unit = unit_of(reading.device.rows, reading.device.sheet.station)
    moves = read_goods(reading.device.rows, unit.organisation) if unit is not None else []
    kinds = [row.code for row in reading.device.catalogue.records("stock_kind")]
    for kind in sorted({one.kind for one in moves} & {*kinds}, key=kinds.index):
        yield _flowing(reading, kind, "", [_goods_flow(one) for one in moves if one.kind == kind])


def _goods_flow(one: GoodsMove) -> _Flow:
    return _Flow(one.at, one.day, one.what, one.named, one.came_in, one.went_out, one.by, one.record)


def _goods_hold(device: Device, sections: Iterable[Section]) -> bool:
    """Whether no store ever held less than nothing, and none was found to hold more than its ledger says."""
    unit = unit_of(device.rows, device.sheet.station)
    if unit is not None and has_surplus(device.rows, unit.organisation):
        return False
    left = [column.name for column in STOCK].index("left")
    return all(int(line.cells[left]) >= 0 for section in sections for line in section.lines)


# --- 领用登记表 ------------------------------------------------------------

DRAWS = (
    LedgerColumn("day"),
    LedgerColumn("what", "ledger"),
    LedgerColumn("span"),
    LedgerColumn("size"),
    LedgerColumn("holder", "person"),
    LedgerColumn("device", "device"),
    LedgerColumn("ref", "entry"),
)


def _draws(reading: _Reading) -> Iterator[Section]:
    rows = reading.device.rows.many("draws", order="issued_at", station=reading.device.sheet.station)
    for kind in KINDS:
        lines = []
        for row in rows:
            day, name = legal_date(int(row["issued_at"] or 0)), str(row["draw"])
            if row["kind"] == kind and reading.within(day):
                span, size = _span(str(row["first"]), str(row["last"])), int(str(row["last"])) - int(str(row["first"]))
                lines.append(Line((day, "draw", span, size + 1, int(row["holder"] or 0), "", name), name))
        lines += [
            Line(
                (one.day, "received", _span(one.first, one.last), one.size, one.holder, one.device, one.block),
                one.block,
            )
            for one in reading.flows.received
            if one.kind == kind and reading.within(one.day)
        ]
        if lines:
            yield Section(kind, "", tuple(sorted(lines, key=lambda line: str(line.cells[0]))))


# --- 使用登记表 ------------------------------------------------------------

USE = (
    LedgerColumn("day"),
    LedgerColumn("number"),
    LedgerColumn("state", "state"),
    LedgerColumn("handed_on"),
    LedgerColumn("ended_on"),
    LedgerColumn("reason", "reason"),
    LedgerColumn("vet", "person"),
    LedgerColumn("ref", "entry"),
)


def _use(reading: _Reading) -> Iterator[Section]:
    for kind in KINDS:
        lines = [
            Line(
                (one.issued_on, one.digits, one.state, one.handed_on, one.ended_on, one.reason, one.vet, one.ref),
                one.ref,
            )
            for one in reading.flows.papers
            if one.kind == kind and reading.within(one.issued_on)
        ]
        if lines:
            yield Section(kind, "", tuple(lines))


# --- 个人保管登记表 ------------------------------------------------------------

ENDS = ("used", "returned", "lost", "withdrawn")
CUSTODY = (
    LedgerColumn("holder", "person"),
    LedgerColumn("device", "device"),
    LedgerColumn("span"),
    LedgerColumn("opening", carry=Carry.SUM),
    LedgerColumn("came_in", carry=Carry.SUM),
    *(LedgerColumn(name, carry=Carry.SUM) for name in ENDS),
    LedgerColumn("left", carry=Carry.SUM),
)
FIGURES = 3
"""The first column of the personal book that holds a figure."""


def _custody(reading: _Reading) -> Iterator[Section]:
    ended = defaultdict[str, list[Ended]](list)
    for end in reading.flows.ended:
        ended[end.block].append(end)
    for kind in reading.kinds():
        held = sorted((one for one in reading.flows.received if one.kind == kind), key=lambda one: (one.holder, one.at))
        lines = [line for one in held if (line := _held(reading, one, ended[one.block])) is not None]
        sums = [sum(int(line.cells[at]) for line in lines) for at in range(FIGURES, len(CUSTODY))]
        if lines:
            yield Section(kind, "numbers", (*lines, Line(("", "", "", *sums), label="total")))


def _held(reading: _Reading, block: Received, ended: Sequence[Ended]) -> Line | None:
    """One block in the period: held before it, received in it, ended in it, left; None for one that came later."""
    if block.day > reading.last:
        return None
    new = block.day >= reading.first
    opening = 0 if new else block.size - sum(1 for one in ended if one.day < reading.first)
    counts = [sum(1 for one in ended if one.what == what and reading.within(one.day)) for what in ENDS]
    received = block.size if new else 0
    span = f"{block.kind} {_span(block.first, block.last)}"
    left = opening + received - sum(counts)
    return Line((block.holder, block.device, span, opening, received, *counts, left), block.block)


# --- 月报、年报 ------------------------------------------------------------

SUMS = (
    LedgerColumn("period"),
    LedgerColumn("opening"),
    LedgerColumn("came_in", carry=Carry.SUM),
    LedgerColumn("used", carry=Carry.SUM),
    LedgerColumn("voided", carry=Carry.SUM),
    LedgerColumn("replaced", carry=Carry.SUM),
    *(LedgerColumn(name, carry=Carry.SUM) for name in ENDS[1:]),
    LedgerColumn("left", carry=Carry.LAST),
    LedgerColumn("sheets_opening"),
    LedgerColumn("sheets_in", carry=Carry.SUM),
    LedgerColumn("sheets_out", carry=Carry.SUM),
    LedgerColumn("sheets_left", carry=Carry.LAST),
)
MONTH, YEAR = 7, 4
"""How much of an ISO date names the month, the year."""


def _monthly(reading: _Reading) -> Iterator[Section]:
    return _summed(reading, MONTH)


def _yearly(reading: _Reading) -> Iterator[Section]:
    return _summed(reading, YEAR)


def _summed(reading: _Reading, length: int) -> Iterator[Section]:
    periods, tallies = _periods(*_years_told(reading), length), _tallies(reading, length)
    for kind in reading.kinds():
        lines = list(_period_lines(periods, tallies[kind]))
        yield Section(kind, "", (*lines, Line(_all_sums(lines), label="total")))


def _years_told(reading: _Reading) -> tuple[str, str]:
    """First and last day of the book, within the years of which it can say anything: a typed 0001 is no line each."""
    flows = reading.flows
    days = [reading.device.today(), *(one.day for one in flows.received), *(one.day for one in flows.ended)]
    days += [one.day for one in flows.sheets]
    first = min(max(reading.first, f"{min(days)[:4]}-01-01"), reading.last)
    return first, max(min(reading.last, f"{max(days)[:4]}-12-31"), first)


def _periods(first: str, last: str, length: int) -> list[str]:
    years = range(iso_date(first).year, iso_date(last).year + 1)
    named = [f"{year:04d}-{month:02d}"[:length] for year in years for month in range(1, 13)]
    return [one for one in dict.fromkeys(named) if first[:length] <= one <= last[:length]]


BEFORE = ""
"""The period of everything before the first day of the book."""
Tally = Counter[tuple[str, str]]
"""How much of what in which period: ``(period, what)``; ``what`` is a column of the sums."""


def _tallies(reading: _Reading, length: int) -> dict[str, Tally]:
    """What flowed, by kind: each flow is looked at once, however many periods there are."""
    tallies = defaultdict[str, Tally](Counter)

    def note(kind: str, day: str, what: str, count: int = 1) -> None:
        if day <= reading.last:
            tallies[kind][day[:length] if day >= reading.first else BEFORE, what] += count

    for received in reading.flows.received:
        note(received.kind, received.day, "came_in", received.size)
    for end in reading.flows.ended:
        note(end.kind, end.day, end.what)
    for paper in reading.flows.papers:
        if paper.ended_on:
            note(paper.kind, paper.ended_on, paper.state)
    for move in reading.flows.sheets:
        note(move.kind, move.day, "sheets_in" if move.flow is SheetFlow.IN else "sheets_out", move.sheets)
    return tallies


def _period_lines(periods: Iterable[str], tally: Tally) -> Iterator[Line]:
    """A line for each period; what one leaves, the next opens with."""
    left, sheets_left = _left(tally, BEFORE), _sheets_left(tally, BEFORE)
    for period in periods:
        opening, sheets_opening = left, sheets_left
        left, sheets_left = opening + _left(tally, period), sheets_opening + _sheets_left(tally, period)
        flowed = [tally[period, what] for what in ("came_in", "used", "voided", "replaced", *ENDS[1:])]
        sheets = (sheets_opening, tally[period, "sheets_in"], tally[period, "sheets_out"], sheets_left)
        yield Line((period, opening, *flowed, left, *sheets))


def _left(tally: Tally, period: str) -> int:
    return tally[period, "came_in"] - sum(tally[period, what] for what in ENDS)


def _sheets_left(tally: Tally, period: str) -> int:
    return tally[period, "sheets_in"] - tally[period, "sheets_out"]


def _all_sums(lines: list[Line]) -> tuple[Cell, ...]:
    """The whole book in one line: openings of its first period, sums, what is left at its end."""
    columns = list(zip(*(line.cells for line in lines), strict=True))
    taken = {"opening": 0, "sheets_opening": 0, "left": -1, "sheets_left": -1}
    figures = [
        column[taken[spec.name]] if spec.name in taken else sum(map(int, column))
        for spec, column in zip(SUMS[1:], columns[1:], strict=True)
    ]
    return ("", *figures)


# --- 连号核对表 ------------------------------------------------------------

CONTINUITY = (
    LedgerColumn("span"),
    LedgerColumn("size", carry=Carry.SUM),
    LedgerColumn("standing", "standing"),
    LedgerColumn("day"),
    LedgerColumn("reason", "reason"),
    LedgerColumn("holder", "person"),
    LedgerColumn("device", "device"),
    LedgerColumn("ref", "entry"),
)


def _continuity(reading: _Reading) -> Iterator[Section]:
    """Every number as it stands now, whatever the period."""
    for kind, stretches in groupby(continuity(reading.device).stretches, key=lambda one: one.kind):
        yield Section(kind, "numbers", tuple(_stretch(one) for one in stretches))


def _stretch(one: Accounted) -> Line:
    whose = one.place.holder or "", one.place.device
    cells = (_span(one.first, one.last), one.size, one.standing.value, one.day, one.reason, *whose, one.entry)
    return Line(cells, one.entry or one.place.block or one.place.draw)


Writer = Callable[[_Reading], Iterator[Section]]
BOOKS: dict[str, tuple[tuple[LedgerColumn, ...], Writer]] = {
    "stock": (STOCK, _stock),
    "goods": (STOCK, _goods),
    "draws": (DRAWS, _draws),
    "use": (USE, _use),
    "custody": (CUSTODY, _custody),
    "monthly": (SUMS, _monthly),
    "yearly": (SUMS, _yearly),
    "continuity": (CONTINUITY, _continuity),
}
"""Books by name: their columns and what writes their sections."""
