"""Counts of an institution's store (库房盘点): what lies there against what its ledger says (GX-2014 Art. 17).

Nobody but its one keeper moves what lies in a store, so that a count stands still while the keeper records it; a second
person, the head, confirms it. What is missing is lost and a case like any loss of the store, what lies there without
being in the ledger is a case of the count; each is concluded by the head.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.catalogue import Shape, StockKind
from inspector_app.domain.documents import Role, document
from inspector_app.domain.stock import Goods, Lot, Ranges, left_of, read_goods, size_of
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


@document("store_counted", 1, signed_by=Role.SERVER)
class StoreCounted(msgspec.Struct, frozen=True, array_like=True):
    """A keeper counted one kind of goods in a store.

    ``expected`` is what the ledger said, ``counted`` what of it lay there. ``ending`` names the case of what was
    missing, "" where nothing was. ``surplus`` and ``surplus_count`` are what lay there and is in no ledger: a case of
    this count itself, to be concluded by ``due_on`` ("" without one).
    """

    count: str
    organisation: int
    location: int
    kind: str
    expected: int
    counted: int
    surplus: Ranges
    surplus_count: int
    ending: str
    on: str
    due_on: str
    ledger: str
    by: int
    at: int


@document("store_count_confirmed", 1, signed_by=Role.SERVER)
class StoreCountConfirmed(msgspec.Struct, frozen=True, array_like=True):
    """The head, another person than who counted, saw the same."""

    count: str
    by: int
    at: int


class Tally(msgspec.Struct, frozen=True):
    """What of the ledger lay there, what did not, and what lay there besides."""

    found: Goods
    missing: Goods
    surplus: Goods


def read_tally(
    kind: StockKind, held: Sequence[Lot], counted: Counted, *, beside: Sequence[Lot] = ()
) -> Tally | StockRefusal:
    """Hold what was counted against what lies in a store by its ledger.

    ``beside``: numbers vets gave back, which lie there by a ledger of their own; counted along they are not too much.

    Refused: another number of numbered goods than the ledger has without saying which; a cause of nothing missing.
    """
    found = _numbered(kind, held, counted, beside) if kind.shape is Shape.NUMBERED else _pieces(kind, held, counted)
    if isinstance(found, Tally) and counted.cause and not found.missing.count:
        return refusal(StockCode.NONE_MISSING, current=found.found.count + found.surplus.count)
    return found


def _pieces(kind: StockKind, held: Sequence[Lot], counted: Counted) -> Tally | StockRefusal:
    booked = sum(lot.count for lot in held)
    there = booked if counted.count is None else counted.count
    if counted.typed.strip() or there < 0:
        return refusal(StockCode.QUANTITY_MISFIT, kind=kind.code, shape=kind.shape.value)
    found = min(booked, there)
    return Tally(Goods((), found), Goods((), booked - found), Goods((), there - found))


def _numbered(kind: StockKind, held: Sequence[Lot], counted: Counted, beside: Sequence[Lot]) -> Tally | StockRefusal:
    booked, nothing = _goods(held), Goods((), 0)
    if counted.typed.strip():
        read = read_goods(kind, counted.typed, counted.count or 0)
        return read if isinstance(read, StockRefusal) else _apart(held, read, beside)
    if counted.count in (None, booked.count):
        return Tally(booked, nothing, nothing)
    if counted.count == 0:
        return Tally(nothing, booked, nothing)
    return refusal(StockCode.QUANTITY_MISFIT, kind=kind.code, shape=kind.shape.value)


def _apart(held: Sequence[Lot], there: Goods, beside: Sequence[Lot]) -> Tally:
    lay = [Lot("", first, last, size_of([(first, last)])) for first, last in there.ranges]
    missing = _goods(left_of(held, there.ranges))
    others = left_of(lay, [(lot.first, lot.last) for lot in held])
    found = left_of(lay, [(lot.first, lot.last) for lot in others])
    surplus = left_of(others, [(lot.first, lot.last) for lot in beside])
    return Tally(_goods(found), missing, _goods(surplus))


def _goods(lots: Sequence[Lot]) -> Goods:
    return Goods(tuple((lot.first, lot.last) for lot in lots), sum(lot.count for lot in lots))
