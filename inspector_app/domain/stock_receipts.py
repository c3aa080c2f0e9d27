"""What a keeper counts of stock that arrives: what came, and what was sent and did not come (GX-2014 Art. 17)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.catalogue import Shape, StockKind
from inspector_app.domain.stock import Goods, Lot, left_of, read_goods, size_of, span
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted in good order: of counted goods ``count`` pieces, of numbered goods the ``typed`` ranges.

    ``count`` is None where everything came; of numbered goods it need not be typed beside the ranges. ``cause`` says
    what became of the rest, of the list ``loss``; "" where there is no rest.
    """

    count: int | None = None
    typed: str = ""
    cause: str = ""


class Arrival(msgspec.Struct, frozen=True):
    """What came, and what did not."""

    came: Goods
    missing: Goods


def read_arrival(kind: StockKind, sent: Goods, counted: Counted) -> Arrival | StockRefusal:
    """Take what was counted from what was sent.

    Refused: more, or other numbers, than were sent; fewer numbered goods without saying which; a cause of nothing.
    """
    found = _numbered(kind, sent, counted) if kind.shape is Shape.NUMBERED else _pieces(kind, sent, counted)
    if isinstance(found, Arrival) and counted.cause and not found.missing.count:
        return refusal(StockCode.NOTHING_MISSING, current=sent.count)
    return found


def _pieces(kind: StockKind, sent: Goods, counted: Counted) -> Arrival | StockRefusal:
    came = sent.count if counted.count is None else counted.count
    if counted.typed.strip():
        return refusal(StockCode.QUANTITY_MISFIT, kind=kind.code, shape=kind.shape.value)
    if not 0 <= came <= sent.count:
        return refusal(StockCode.MORE_THAN_SENT, current=came, limit=sent.count)
    return Arrival(Goods((), came), Goods((), sent.count - came))


def _numbered(kind: StockKind, sent: Goods, counted: Counted) -> Arrival | StockRefusal:
    if not counted.typed.strip():
        if counted.count in (None, sent.count):
            return Arrival(sent, Goods((), 0))
        if counted.count == 0:
            return Arrival(Goods((), 0), sent)
        return refusal(StockCode.QUANTITY_MISFIT, kind=kind.code, shape=kind.shape.value)
    came = read_goods(kind, counted.typed, counted.count or 0)
    return came if isinstance(came, StockRefusal) else _apart(sent, came)


def _apart(sent: Goods, came: Goods) -> Arrival | StockRefusal:
    lots = [Lot("", first, last, size_of([(first, last)])) for first, last in sent.ranges]
    missing = tuple((lot.first, lot.last) for lot in left_of(lots, came.ranges))
    if size_of(missing) + came.count != sent.count:  # a number nobody sent, or one typed twice
        said = "、".join(span(*one) for one in came.ranges)
        return refusal(StockCode.MORE_THAN_SENT, current=said, limit="、".join(span(*one) for one in sent.ranges))
    return Arrival(came, Goods(missing, size_of(missing)))
