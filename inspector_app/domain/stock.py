"""Stock of certificates, seals and marks (证章标志) on its way from the printing house to the using unit.

Everything an institution's people decide about stock is one of the documents below, signed by the server for the
person named in ``by`` and kept in the province's feed; from them follow the moves, and from the moves what lies where.
Days are legal days, ``at`` is the UTC ms at which it was recorded. Reasons are codes of the catalogue.

Three shapes of stock (:class:`~inspector_app.domain.catalogue.StockKind`): *numbered* goods are ranges of digits,
*counted* goods a count, and a *single* thing (a seal) has a sheet of its own (:mod:`inspector_app.domain.seals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from inspector_app.domain.catalogue import Shape, StockKind
from inspector_app.domain.documents import Role, document
from inspector_app.domain.numbering import parse_ranges, range_size
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal

MOST = 10**9
"""No count and no amount is larger: what is typed beyond is a mistake, not a quantity."""

Ranges = tuple[tuple[str, str], ...]
"""Digits of first and last number, both included."""


@document("stock_received", 1, signed_by=Role.SERVER)
class StockReceived(msgspec.Struct, frozen=True, array_like=True):
    """Stock came from the printing house into the province's store; ``delivery`` is the number of its delivery note."""

    receipt: str
    organisation: int
    location: int
    kind: str
    scheme: str
    ranges: Ranges
    count: int
    on: str
    delivery: str
    ledger: str
    by: int
    at: int


@document("stock_ordered", 1, signed_by=Role.SERVER)
class OrderPlaced(msgspec.Struct, frozen=True, array_like=True):
    """An order (订购) to the direct superior, counted for ``month`` (``YYYY-MM``).

    ``late``: placed after the window. ``reason`` and ``approved_by`` stand where it counts for its own month all the
    same, by approval of the head, who answered the ``ask`` or was beside the keeper.
    """

    order: str
    organisation: int
    superior: int
    kind: str
    wanted: int
    on: str
    month: str
    late: bool
    reason: str
    approved_by: int
    ask: str
    by: int
    at: int


@document("stock_distributed", 1, signed_by=Role.SERVER)
class Distribution(msgspec.Struct, frozen=True, array_like=True):
    """Stock left a giver's store for its direct subordinate (发放).

    ``paper``: it was done with a paper slip on the day ``on`` and is entered now. ``reason`` and ``approved_by`` stand
    where other stock than the oldest was given: the head answered the ``ask``, or was beside the keeper.
    """

    distribution: str
    giver: int
    location: int
    receiver: int
    kind: str
    scheme: str
    ranges: Ranges
    count: int
    on: str
    paper: bool
    order: str
    reason: str
    approved_by: int
    ask: str
    ledger: str
    by: int
    at: int


@document("distribution_received", 1, signed_by=Role.SERVER)
class DistributionReceived(msgspec.Struct, frozen=True, array_like=True):
    """The receiver's keeper has counted a distribution into a store of theirs: ``ranges`` and ``count`` are what came.

    What did not come in good order is a case of its own (:mod:`inspector_app.domain.stock_endings`).
    """

    distribution: str
    location: int
    ranges: Ranges
    count: int
    on: str
    by: int
    at: int


@document("stock_given_back", 1, signed_by=Role.SERVER)
class StockGivenBack(msgspec.Struct, frozen=True, array_like=True):
    """Unused stock went back from a store towards the institution it came from (退库), to the direct superior alone.

    ``ended``: the numbers were in a block once and a vet gave them back (GX-2014 Art. 21); they go up to be kept, and
    only pre-numbered sheets are ever drawn again. Otherwise nobody has drawn them, and the receiver may give them out
    again. ``station`` is that of a using unit, 0 for an institution. ``reason`` is of the list ``number_return``.
    """

    record: str
    giver: int
    location: int
    receiver: int
    station: int
    kind: str
    ranges: Ranges
    count: int
    ended: bool
    reason: str
    on: str
    ledger: str
    by: int
    at: int


@document("return_received", 1, signed_by=Role.SERVER)
class ReturnReceived(msgspec.Struct, frozen=True, array_like=True):
    """The superior's keeper has counted what was given back into a store of theirs: ``ranges`` and ``count`` came."""

    record: str
    location: int
    ranges: Ranges
    count: int
    on: str
    by: int
    at: int


@document("fee_charged", 1, signed_by=Role.SERVER)
class FeeCharged(msgspec.Struct, frozen=True, array_like=True):
    """The cost fee (工本费) between institutions for a distribution or a draw, in fen; ``invoice`` is its number."""

    fee: str
    distribution: str
    payer: int
    payee: int
    amount_fen: int
    invoice: str
    on: str
    by: int
    at: int


@document("fee_settled", 1, signed_by=Role.SERVER)
class FeeSettled(msgspec.Struct, frozen=True, array_like=True):
    """A payment of a cost fee, whole or in part; ``receipt`` is the number of the receipt (收据)."""

    fee: str
    receipt: str
    amount_fen: int
    on: str
    by: int
    at: int


@document("draw_asked", 1, signed_by=Role.SERVER)
class DrawAsked(msgspec.Struct, frozen=True, array_like=True):
    """A keeper's decision to let a station draw more than the cap, waiting for the head (GX-2014 Art. 12)."""

    ask: str
    giver: int
    location: int
    station: int
    holder: int
    kind: str
    first: str
    last: str
    reason: str
    emergency: str
    ledger: str
    by: int
    at: int


@document("draw_declined", 1, signed_by=Role.SERVER)
class DrawDeclined(msgspec.Struct, frozen=True, array_like=True):
    """The head did not approve a draw over the cap."""

    ask: str
    by: int
    at: int


@document("draw_decided", 1, signed_by=Role.AUTHORITY)
class DrawDecided(msgspec.Struct, frozen=True, array_like=True):
    """Who decided a draw, on what use and against which cap; ``head`` is 0 within the cap.

    ``recent`` and ``coming`` are the certificates of the last months and of the same coming months of last year,
    ``unused`` what still lay unused of earlier draws;
    ``emergency`` names the request of a station that had run out.
    """

    draw: str
    giver: int
    location: int
    receiver: int
    recent: int
    coming: int
    cap: int
    unused: int
    reason: str
    emergency: str
    ask: str
    ledger: str
    by: int
    head: int
    at: int


class Goods(msgspec.Struct, frozen=True):
    """What is moved: ranges of numbers, or a count."""

    ranges: Ranges
    count: int


class Move(msgspec.Struct, frozen=True):
    """One line in or out of a store; ``first`` and ``last`` are "" for counted goods."""

    is_in: bool
    first: str
    last: str
    count: int
    on: str


class Lot(msgspec.Struct, frozen=True):
    """What lies on hand together since one day; ``first`` and ``last`` are "" for counted goods."""

    on: str
    first: str
    last: str
    count: int

    def holds(self, first: str, last: str) -> bool:
        """Whether a whole range lies in it."""
        return len(first) == len(self.first) and self.first <= first and last <= self.last

    def touches(self, first: str, last: str) -> bool:
        """Whether any of a range lies in it."""
        return len(first) == len(self.first) and self.first <= last and first <= self.last


def size_of(ranges: Iterable[tuple[str, str]]) -> int:
    """How many numbers ranges hold together."""
    return sum(range_size(first, last) for first, last in ranges)


@enforces("G01")
def shape_refusals(kind: StockKind, goods: Goods) -> list[StockRefusal]:
    """Each kind is booked in its own measure: numbers by their ranges, marks by count, a seal by its own sheet."""
    measured = kind.shape is not Shape.SINGLE and bool(goods.ranges) == (kind.shape is Shape.NUMBERED)
    fits = measured and 0 < goods.count <= MOST and (not goods.ranges or goods.count == size_of(goods.ranges))
    return [] if fits else [refusal(StockCode.QUANTITY_MISFIT, kind=kind.code, shape=kind.shape.value)]


def read_goods(kind: StockKind, typed: str, count: int) -> Goods | StockRefusal:
    """What a keeper typed: ranges with commas, full-width or Chinese ones too, or a count."""
    if not typed.strip():
        return Goods((), count)
    ranges = parse_ranges(typed)
    if ranges is None:
        return refusal(StockCode.RANGES_UNREADABLE, current=typed)
    size = size_of(ranges)
    if count not in (0, size):
        return refusal(StockCode.QUANTITY_MISFIT, kind=kind.code, shape=kind.shape.value)
    return Goods(tuple(ranges), size)


def on_hand(moves: Sequence[Move], drawn: Iterable[tuple[str, str]] = ()) -> list[Lot]:
    """What lies in a store, the oldest first: what came in less what went out and what stations have drawn.

    The order in which moves were recorded does not matter. A range that was given back and came again entered a store
    twice, so what went out takes each of its numbers once, from the oldest lot that has it.
    """
    ins = sorted((move for move in moves if move.is_in), key=lambda move: (move.on, len(move.first), move.first))
    lots = [Lot(move.on, move.first, move.last, move.count) for move in ins]
    outs = [move for move in moves if not move.is_in]
    for move in outs:
        lots = _once_without(lots, move.first, move.last) if move.first else lots
    return _less(left_of(lots, drawn), sum(move.count for move in outs if not move.first))


def left_of(lots: Sequence[Lot], spans: Iterable[tuple[str, str]]) -> list[Lot]:
    """The lots without the numbers of these ranges, in their order."""
    left = list(lots)
    for first, last in spans:
        left = [piece for lot in left for piece in _without(lot, first, last)]
    return left


def _once_without(lots: list[Lot], first: str, last: str) -> list[Lot]:
    """What is left when each number of a range is taken out once: the oldest lots come first."""
    left, missing = [], [Lot("", first, last, range_size(first, last))]
    for lot in lots:
        pieces = [lot]
        for gap in missing:
            pieces = [rest for piece in pieces for rest in _without(piece, gap.first, gap.last)]
        missing = [rest for gap in missing for rest in _without(gap, lot.first, lot.last)]
        left += pieces
    return left


def _without(lot: Lot, first: str, last: str) -> list[Lot]:
    """What is left of a lot when a range is taken out of it."""
    if not lot.first or not lot.touches(first, last):
        return [lot]
    width = len(lot.first)
    below = (int(lot.first), int(first) - 1)
    above = (int(last) + 1, int(lot.last))
    left = [(low, high) for low, high in (below, above) if low <= high]
    return [Lot(lot.on, str(low).zfill(width), str(high).zfill(width), high - low + 1) for low, high in left]


def _less(lots: list[Lot], count: int) -> list[Lot]:
    """Counted goods go out of the oldest lot first."""
    left = []
    for lot in lots:
        taken = 0 if lot.first else min(count, lot.count)
        count -= taken
        if lot.count > taken:
            left.append(msgspec.structs.replace(lot, count=lot.count - taken))
    return left


def propose(lots: Sequence[Lot], count: int) -> Ranges:
    """The ranges to give for a number of sheets: oldest stock-in day first, then the lowest number (GX-2014 Art. 11).

    Fewer when less lies on hand.
    """
    found = []
    for lot in sorted(lots, key=lambda one: (one.on, len(one.first), one.first)):
        taken = min(count, lot.count)
        if taken > 0:
            last = str(int(lot.first) + taken - 1).zfill(len(lot.first))
            found.append((lot.first, last))
            count -= taken
    return tuple(found)


def take_oldest(lots: Sequence[Lot], count: int) -> Goods | StockRefusal:
    """The goods to give where only a count was typed; refused when less lies on hand."""
    ranges = propose(lots, count)
    if size_of(ranges) == count:
        return Goods(ranges, count)
    return refusal(StockCode.NOT_ON_HAND, current=count, limit=sum(lot.count for lot in lots))


def hand_refusals(lots: Sequence[Lot], goods: Goods) -> list[StockRefusal]:
    """What is not on hand, and ranges whose end crosses a range of the stock: each is entered on its own."""
    if not goods.ranges:
        held = sum(lot.count for lot in lots)
        short = goods.count > held
        return [refusal(StockCode.NOT_ON_HAND, current=goods.count, limit=held)] if short else []
    return [one for first, last in goods.ranges for one in _range_refusals(lots, first, last)]


def _range_refusals(lots: Sequence[Lot], first: str, last: str) -> list[StockRefusal]:
    if any(lot.holds(first, last) for lot in lots):
        return []
    current = span(first, last)
    touched = next((lot for lot in lots if lot.touches(first, last)), None)
    if touched is None:
        return [refusal(StockCode.NOT_ON_HAND, current=current, limit=sum(lot.count for lot in lots))]
    return [refusal(StockCode.CROSSES_STOCK, current=current, limit=span(touched.first, touched.last))]


def early_refusals(moves: Sequence[Move], lots: Sequence[Lot], goods: Goods, day: str) -> list[StockRefusal]:
    """Nothing goes out, on paper either, on a day on which it did not lie there yet: no store holds less than none.

    Whether it is on hand today :func:`hand_refusals` says.
    """
    since = _there_since(lots, goods) if goods.ranges else _enough_since(moves, goods.count)
    return [refusal(StockCode.NOT_YET_ON_HAND, current=day, limit=since)] if day < since else []


def _there_since(lots: Sequence[Lot], goods: Goods) -> str:
    return max((lot.on for lot in lots for one in goods.ranges if lot.touches(*one)), default="")


def _enough_since(moves: Sequence[Move], count: int) -> str:
    """The day from which on a count lay there all the time; "" where it does not lie there today."""
    since, left = "", sum(move.count if move.is_in else -move.count for move in moves)
    for day in sorted({move.on for move in moves}, reverse=True):
        if left < count:
            break
        since = day
        left -= sum(move.count if move.is_in else -move.count for move in moves if move.on == day)
    return since


@enforces("G11")
def order_refusals(lots: Sequence[Lot], goods: Goods, *, excused: bool) -> list[StockRefusal]:
    """Oldest stock and lowest number first; anything else needs an approved reason (GX-2014 Art. 11)."""
    proposed = propose(lots, goods.count) if goods.ranges else ()
    if excused or _joined(goods.ranges) == _joined(proposed):
        return []
    limit = "、".join(span(*one) for one in proposed)
    return [refusal(StockCode.OLDER_FIRST, limit=limit, current="、".join(span(*one) for one in goods.ranges))]


def _joined(ranges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same numbers with neighbouring ranges as one, so that how they were typed makes no difference."""
    found: list[tuple[str, str]] = []
    for first, last in sorted(ranges, key=lambda one: (len(one[0]), one[0])):
        if found and len(found[-1][1]) == len(first) and int(found[-1][1]) + 1 == int(first):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def span(first: str, last: str) -> str:
    """A range as people write it."""
    return f"{first}–{last}"


@enforces("G12")
def format_refusals(named: str, in_force: str) -> list[StockRefusal]:
    """Only records in the province's one ledger format (统一的台账格式) are taken (GX-2014 Art. 11)."""
    return [] if named == in_force else [refusal(StockCode.FORMAT_FOREIGN, limit=in_force, current=named)]


LEDGER_COLUMNS: dict[str, tuple[str, ...]] = {
    "GX-2014/1": ("on", "kind", "flow", "first", "last", "count", "counterpart", "record", "by", "balance"),
}
"""The columns of each version of the ledger format, in their order."""


@enforces("G07")
def month_of_order(on: str, window_day: int, *, excused: bool) -> str:
    """The month (``YYYY-MM``) an order counts for: its own until ``window_day``, the next one after it (Art. 8)."""
    month = on[:7]
    if int(on[8:10]) <= window_day or excused:
        return month
    year, number = divmod(int(month[:4]) * 12 + int(month[5:7]), 12)
    return f"{year:04d}-{number + 1:02d}"


class OpenFee(msgspec.Struct, frozen=True):
    """A cost fee that is not settled yet, and what is left of it."""

    fee: str
    invoice: str
    left_fen: int


@enforces("G15")
def fee_refusals(owed: Iterable[OpenFee]) -> list[StockRefusal]:
    """Nobody receives more before the cost fee of what they had before is settled (GX-2014 Art. 13)."""
    return [refusal(StockCode.FEE_UNSETTLED, fee=one.fee, invoice=one.invoice, yuan=yuan(one.left_fen)) for one in owed]


def yuan(fen: int) -> str:
    """An amount as people write it: 12345 fen are 123.45."""
    return f"{fen // 100}.{fen % 100:02d}"
