"""Distribution (发放): an institution's keeper gives stock to a direct subordinate (GX-2014 Art. 6, 7, 9, 11, 13).

What a lower level did with a paper slip is entered later by the same rules, as of the day on which it was done.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.catalogue import Shape, StockKind
from inspector_app.domain.organisations import (
    OrganisationSheet,
    Tier,
    district_refusals,
    filing_refusals,
    head_refusals,
    keeper_refusals,
    superior_refusals,
    unit_refusals,
)
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import (
    Distribution,
    Goods,
    Lot,
    early_refusals,
    fee_refusals,
    format_refusals,
    hand_refusals,
    order_refusals,
    shape_refusals,
    take_oldest,
)
from inspector_app.domain.stock_approvals import ApprovalAsked, Excused
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from province import reference
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.fees import owed_by
from province.custody.organisations import find, location_of
from province.custody.receiving import ISSUED_KINDS, read_kind, scheme_name
from province.custody.stores import lots, moves_of
from province.journal.rows import DjangoRows


class DistributionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a keeper gives to whom: ``typed`` ranges, or only a ``count``, for which the oldest is taken.

    ``day`` with ``paper`` is when it was done; otherwise it is today. A ``reason`` lets other stock than the oldest go
    out, where the head agrees: it is asked (the distribution then bears ``ask``), or is ``approved_by`` when they sign
    in beside the keeper.
    """

    giver: int
    receiver: int
    kind: str
    by: int
    location: int = 1
    typed: str = ""
    count: int = 0
    day: str = ""
    paper: bool = False
    order: str = ""
    reason: str = ""
    approved_by: int = 0
    ask: str = ""
    ledger: str = ""


def distribute(using: str, request: DistributionRequest) -> Distribution | ApprovalAsked | StockRefused:
    """Record a distribution; the stock is on its way until the receiver confirms it.

    Where a reason is given and no head is there, the head is asked and the stock lies where it lay.
    """
    with deciding.deciding(using):
        day = request.day or deciding.today(using)
        held = lots(using, request.giver, request.kind, location=request.location)
        read = _read(request, day, held)
        found = [read] if isinstance(read, StockRefusal) else _refusals_of_goods(using, request, day, held, read)
        found = [*_refusals_of_sides(using, request, day), *found]
        if found or isinstance(read, StockRefusal):
            return refuse(using, _sides(request), found)
        is_asked = request.reason and not request.approved_by
        made = _asked(using, request, read[1]) if is_asked else _distribution(using, request, day, read[1])
        record(using, made)
        return made


def _read(request: DistributionRequest, day: str, held: list[Lot]) -> tuple[StockKind, Goods] | StockRefusal:
    read = read_kind(request.kind, request.typed, request.count, day)
    if isinstance(read, StockRefusal) or read[0].shape is not Shape.NUMBERED or read[1].ranges or read[1].count <= 0:
        return read
    goods = take_oldest(held, read[1].count)
    return goods if isinstance(goods, StockRefusal) else (read[0], goods)


def _refusals_of_sides(using: str, request: DistributionRequest, day: str) -> list[StockRefusal]:
    giver, receiver = find(using, request.giver), find(using, request.receiver)
    if giver is None or receiver is None:
        missing = request.giver if giver is None else request.receiver
        return [refusal(StockCode.ORGANISATION_UNKNOWN, current=missing)]
    found = keeper_refusals(location_of(using, giver.organisation, request.location), request.by)
    found += superior_refusals(receiver, giver) + district_refusals(receiver, giver)
    found += unit_refusals(receiver) + filing_refusals(receiver, day, categories(day))
    found += fee_refusals(owed_by(using, receiver.organisation))
    if request.reason:
        found += deciding.reason_refusals("other_stock", request.reason, day)
        found += head_refusals(giver, request.approved_by, request.by) if request.approved_by else []
    return found + _last_step_refusals(request.kind, receiver)


def categories(day: str) -> set[str]:
    """The categories of units that may use certificates, seals and marks (GX-2014 Art. 6)."""
    return {row.code for row in reference.catalogue().reasons("unit_category", day)}


def _last_step_refusals(kind: str, receiver: OrganisationSheet) -> list[StockRefusal]:
    """Numbers reach a station by a draw, which the authority signs."""
    if kind not in ISSUED_KINDS or receiver.level != Tier.STATION:
        return []
    return [refusal(StockCode.DRAWN_NOT_DISTRIBUTED, kind=kind)]


def _refusals_of_goods(
    using: str, request: DistributionRequest, day: str, held: list[Lot], read: tuple[StockKind, Goods]
) -> list[StockRefusal]:
    kind, goods = read
    in_force = deciding.policy(using).ledger_format
    found = format_refusals(request.ledger or in_force, in_force) + _day_refusals(using, request, day)
    moves = moves_of(using, request.giver, request.kind, request.location)
    found += shape_refusals(kind, goods) + hand_refusals(held, goods) + early_refusals(moves, held, goods, day)
    found += order_refusals(held, goods, excused=bool(request.reason))
    return found + _order_refusals(using, request)


@enforces("G05")
def _order_refusals(using: str, request: DistributionRequest) -> list[StockRefusal]:
    """An order is answered by whom it was placed with, to whom placed it, in the kind that was ordered (Art. 7)."""
    if not request.order:
        return []
    row = DjangoRows(using).one("orders", order_no=request.order)
    if row is None:
        return [refusal(StockCode.RECORD_UNKNOWN, current=request.order)]
    placed = (row["superior"], row["organisation"], row["kind"])
    if placed == (request.giver, request.receiver, request.kind):
        return []
    return [
        refusal(StockCode.ORDER_OF_OTHER, current=request.order, limit=str(row["organisation"]), kind=str(row["kind"]))
    ]


def _day_refusals(using: str, request: DistributionRequest, day: str) -> list[StockRefusal]:
    """Only what was done on paper has another day than today."""
    earliest = "" if request.paper else deciding.today(using)
    return deciding.day_refusals(using, day, earliest=earliest)


def _asked(using: str, request: DistributionRequest, goods: Goods) -> ApprovalAsked:
    return ApprovalAsked(
        ask=deciding.name(using, "P", "stock_approvals"),
        act=Excused.DISTRIBUTE,
        organisation=request.giver,
        location=request.location,
        counterpart=request.receiver,
        kind=request.kind,
        ranges=goods.ranges,
        count=goods.count,
        on=request.day,
        paper=request.paper,
        order=request.order,
        reason=request.reason,
        ledger=request.ledger,
        by=request.by,
        at=deciding.moment(using),
    )


def _distribution(using: str, request: DistributionRequest, day: str, goods: Goods) -> Distribution:
    return Distribution(
        distribution=deciding.name(using, "D", "distributions"),
        giver=request.giver,
        location=request.location,
        receiver=request.receiver,
        kind=request.kind,
        scheme=scheme_name(using, request.kind, goods),
        ranges=goods.ranges,
        count=goods.count,
        on=day,
        paper=request.paper,
        order=request.order,
        reason=request.reason,
        approved_by=request.approved_by,
        ask=request.ask,
        ledger=deciding.policy(using).ledger_format,
        by=request.by,
        at=deciding.moment(using),
    )


def _sides(request: DistributionRequest) -> Sides:
    return Sides(
        act="distribute",
        by=request.by,
        organisation=request.giver,
        counterpart=request.receiver,
        kind=request.kind,
    )
