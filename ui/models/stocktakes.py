"""Stocktakes (盘点) and cases (案件) as the page shows them: what the book says, what was counted, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector_app.domain.numbering import range_size
from inspector_app.domain.stocktake import (
    Count,
    Difference,
    Shelf,
    StockLine,
    StocktakePurpose,
    StocktakeState,
    book_of,
    counted_numbers,
    expand,
    read_scan,
    runs,
    standing,
)
from inspector_app.services import ceremony, keeping, stocktaking
from inspector_app.services.device import Device
from inspector_app.services.stock_freeze import differences_of, kinds_of, lines_of, open_stocktakes
from ui import explain
from ui.models.naming import Naming, Row
from ui.models.standing import moment_words
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.popup_list import Option
from ui.widgets.scan_edit import Reading

Place = tuple[str, str]
STATES = {
    "left": Tone.OFF,
    "last": Tone.INFO,
    "part": Tone.WARN,
    "counted": Tone.GOOD,
    "gone": Tone.BAD,
    "surplus": Tone.WARN,
}


class CountLine(NamedTuple):
    """A range of the book, or one that was found and is not in it, with how many of its numbers were found."""

    shelf: str
    kind: str
    first: str
    last: str
    expected: int
    pages: int
    counted: int
    state: str


class OpenStocktake(NamedTuple):
    """The stocktake under way at this computer."""

    ref: str
    kinds: list[str]
    purpose: str
    store: str
    name: str
    when: str
    lines: list[CountLine]
    book: dict[Place, dict[str, int]]
    there: dict[Place, set[str]]
    stated: dict[Place, int]
    left: int
    differences: list[Difference]
    explained: int

    def judge(self, typed: str, before: list[str], shelf: str, kind: str, *, anew: bool) -> Reading:
        """What a reading of the scanner is, held against the book and what was counted before."""
        digits, what = read_scan(typed, kind), explain.word("kind", kind)
        if digits is None:
            return Reading("", text("stocktake.scan_unreadable", what=typed.strip()[:40], kind=what), Tone.BAD)
        book, number = self.book.get((shelf, kind), {}), f"{kind} {digits}"
        if book and len(digits) not in {len(one) for one in book}:
            return Reading("", text("stocktake.scan_foreign", number=number), Tone.BAD)
        if not anew and digits in self.there.get((shelf, kind), set()):
            return Reading("", text("stocktake.scan_again", number=number), Tone.BAD)
        times = before.count(digits)
        if times and shelf != Shelf.ON_HAND:
            return Reading("", text("stocktake.scan_twice", number=number), Tone.WARN)
        if digits not in book:
            return Reading(digits, text("stocktake.scan_surplus", number=number), Tone.WARN)
        if times >= book[digits]:
            return Reading(digits, text("stocktake.scan_pages", number=number, n=book[digits]), Tone.WARN)
        key = "scan_page" if shelf == Shelf.ON_HAND else "scan_good"
        return Reading(digits, text(f"stocktake.{key}", number=number, n=times + 1), Tone.GOOD)


class PastStocktake(NamedTuple):
    """One that was closed or given up."""

    ref: str
    title: str
    detail: str
    ended: str
    ended_at: int
    differences: str
    state: str
    tone: Tone
    to_confirm: str


class Stocktakes(NamedTuple):
    """What the page shows: the one under way here, those at sisters, the past ones, and when the next is due."""

    open: OpenStocktake | None
    elsewhere: list[str]
    past: list[PastStocktake]
    due_on: str
    overdue: bool
    stores: list[Option]
    alone: bool


def read_stocktakes(device: Device) -> Stocktakes:
    """Read the page; runs in the background."""
    naming, row = Naming(device), stocktaking.own_stocktake(device)
    due_on = stocktaking.stocktake_due_on(device)
    others = [one for one in open_stocktakes(device) if one["device"] != device.id]
    return Stocktakes(
        open=_open(device, naming, row) if row is not None else None,
        elsewhere=[naming.person(int(one["opened_by"] or 0)) for one in others],
        past=_past(device, naming),
        due_on=due_on,
        overdue=row is None and due_on <= device.today(),
        stores=[_store(naming, one) for one in keeping.stores(device) if one.keeper],
        alone=device.policy().ceremony("stocktake") == ceremony.APART,
    )


def _store(naming: Naming, one: keeping.StoreDue) -> Option:
    return Option(one.store, f"{one.store} · {naming.person(one.keeper)}")


def _open(device: Device, naming: Naming, row: Row) -> OpenStocktake:
    lines, counts = lines_of(dict(row)), stocktaking.counts_of(device, str(row["ref"]))
    unseen = stocktaking.uncounted(device, dict(row))
    found = stocktaking.found_so_far(device, dict(row))
    places = {(line.shelf, line.kind) for line in lines} | {(count.shelf, count.kind) for count in counts}
    there = {place: counted_numbers(standing(counts, place)) for place in places}
    return OpenStocktake(
        ref=str(row["ref"]),
        kinds=kinds_of(dict(row)),
        purpose=str(row["purpose"]),
        store=str(row["store"] or ""),
        name=naming.person(int(row["opened_by"] or 0)),
        when=moment_words(int(row["opened_at"] or 0), device.clock.now().at),
        lines=[*_book_lines(lines, unseen, there), *_surplus(lines, there)],
        book=book_of(lines),
        there=there,
        stated=_stated(counts, places),
        left=len(unseen),
        differences=found.differences,
        explained=found.explained,
    )


def _stated(counts: list[Count], places: set[Place]) -> dict[Place, int]:
    return {place: sum(count.pages for count in standing(counts, place)) for place in places}


def _book_lines(lines: list[StockLine], unseen: list[StockLine], there: dict[Place, set[str]]) -> Iterator[CountLine]:
    """The book in the order in which it is counted: the blocks in use come last."""
    rest = any(not line.current for line in unseen)
    for line in sorted(lines, key=lambda line: line.current):
        size = range_size(line.first, line.last)
        counted = sum(1 for one in expand(line.first, line.last) if one in there[line.shelf, line.kind])
        state = _state(line, counted, size, is_left=line in unseen, must_wait=line.current and rest)
        yield CountLine(line.shelf, line.kind, line.first, line.last, size, line.pages * size, counted, state)


def _state(line: StockLine, counted: int, size: int, *, is_left: bool, must_wait: bool) -> str:
    if is_left:
        return "last" if must_wait else "left"
    return "counted" if counted == size else "part" if counted else "gone"


def _surplus(lines: list[StockLine], there: dict[Place, set[str]]) -> Iterator[CountLine]:
    """What was found and was not in the book when the count began."""
    book = book_of(lines)
    for (shelf, kind), found in sorted(there.items()):
        for first, last in runs(found - book.get((shelf, kind), {}).keys()):
            yield CountLine(shelf, kind, first, last, 0, 0, range_size(first, last), "surplus")


def _past(device: Device, naming: Naming) -> list[PastStocktake]:
    rows = sorted(device.rows.many("stocktakes"), key=lambda row: -int(row["opened_at"] or 0))
    waiting = {str(row["ref"]) for row in ceremony.unconfirmed(device)}
    ended = [row for row in rows if row["state"] != StocktakeState.OPEN]
    return [_past_line(device, naming, row, str(row["ended_ref"]) in waiting) for row in ended]


def _past_line(device: Device, naming: Naming, row: Row, is_waiting: bool) -> PastStocktake:
    kinds = kinds_of(dict(row))
    closed, ended_at = row["state"] == StocktakeState.CLOSED, int(row["ended_at"] or 0)
    found = differences_of(dict(row))
    state = ("waiting" if is_waiting else "confirmed") if closed else "abandoned"
    tone = {"waiting": Tone.WARN, "confirmed": Tone.GOOD, "abandoned": Tone.OFF}[state]
    where = text("numbers.here") if row["device"] == device.id else text("numbers.elsewhere")
    return PastStocktake(
        ref=str(row["ref"]),
        title=text(f"stocktake.purpose_{row['purpose']}"),
        detail=f"{' '.join(kinds)} · {naming.person(int(row['opened_by'] or 0))} · {where}",
        ended=moment_words(ended_at, device.clock.now().at),
        ended_at=ended_at,
        differences=f"{len(found):,}" if closed else "",
        state=text(f"stocktake.state_{state}"),
        tone=tone,
        to_confirm=str(row["ended_ref"]) if is_waiting else "",
    )


def purposes(*, has_store: bool) -> list[Option]:
    """What a stocktake can be for; a hand-over needs a store that has a keeper."""
    offered = [one for one in StocktakePurpose if has_store or one is not StocktakePurpose.HAND_OVER]
    return [Option(one.value, text(f"stocktake.purpose_{one.value}")) for one in offered]
