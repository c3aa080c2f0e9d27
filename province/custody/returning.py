"""The way back (退库): unused stock goes up to the direct superior, a level at a time, and is counted in there.

Two sorts of it. What nobody has drawn is stock like any other and may be given out again by whoever receives it. What a
vet gave back was in a block (GX-2014 Art. 21; DESIGN 4): it goes from the station's keeper upwards on a shelf of its
own and is counted at every level. On plain paper it never goes out again; sheets that bear their numbers may be drawn
anew from the store that counted them in (:mod:`province.numbers.drawing_again`).
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.organisations import (
    OrganisationSheet,
    Tier,
    district_refusals,
    keeper_refusals,
    superior_refusals,
)
from inspector_app.domain.stock import (
    Goods,
    Lot,
    ReturnReceived,
    StockGivenBack,
    format_refusals,
    hand_refusals,
    shape_refusals,
)
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from province.custody import deciding
from province.custody.arrivals import WHOLE, Receiver, arrival_of, record_missing
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.custody.receiving import ISSUED_KINDS, read_kind
from province.custody.stores import ended_lots, lots
from province.journal.rows import DjangoRows


class ReturnRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a keeper gives back to the institution above: ``typed`` ranges, or a ``count`` of counted goods."""

    giver: int
    kind: str
    by: int
    reason: str
    location: int = 1
    typed: str = ""
    count: int = 0
    ledger: str = ""


def give_back(using: str, request: ReturnRequest) -> StockGivenBack | StockRefused:
    """Record that unused stock goes back to the direct superior; it is on its way until that counts it in."""
    with deciding.deciding(using):
        giver = find(using, request.giver)
        receiver = find(using, giver.superior) if giver is not None else None
        if giver is None or receiver is None:
            return refuse(using, _sides(request), [_nobody(request, giver)])
        read = read_kind(request.kind, request.typed, request.count, deciding.today(using))
        found = _side_refusals(using, request, giver, receiver)
        found += [read] if isinstance(read, StockRefusal) else _goods_refusals(using, request, giver, read)
        if found or isinstance(read, StockRefusal):
            return refuse(using, _sides(request, receiver.organisation), found)
        made = _made(using, request, giver, read[1])
        record(using, made, station=giver.station)
        return made


def _nobody(request: ReturnRequest, giver: OrganisationSheet | None) -> StockRefusal:
    if giver is None:
        return refusal(StockCode.ORGANISATION_UNKNOWN, current=request.giver)
    return refusal(StockCode.NO_SUPERIOR, organisation=giver.organisation)


def _side_refusals(
    using: str, request: ReturnRequest, giver: OrganisationSheet, receiver: OrganisationSheet
) -> list[StockRefusal]:
    """Its keeper gives it, for a reason of the list, to the direct superior alone, in the ledger format in force."""
    in_force = deciding.policy(using).ledger_format
    found = keeper_refusals(location_of(using, giver.organisation, request.location), request.by)
    found += superior_refusals(giver, receiver) + district_refusals(giver, receiver)
    found += format_refusals(request.ledger or in_force, in_force)
    return found + deciding.reason_refusals("number_return", request.reason, deciding.today(using))


def _goods_refusals(
    using: str, request: ReturnRequest, giver: OrganisationSheet, read: tuple[StockKind, Goods]
) -> list[StockRefusal]:
    kind, goods = read
    held = _shelf(using, request, is_ended=_is_ended(using, request, giver, goods))
    return shape_refusals(kind, goods) + hand_refusals(held, goods)


def _is_ended(using: str, request: ReturnRequest, giver: OrganisationSheet, goods: Goods) -> bool:
    """Whether it is what a vet gave back: all a station ever has of drawn kinds, elsewhere what lies on that shelf."""
    if giver.level == Tier.STATION and request.kind in ISSUED_KINDS:
        return True
    dead = _shelf(using, request, is_ended=True) if goods.ranges else []
    return any(lot.touches(first, last) for lot in dead for first, last in goods.ranges)


def _shelf(using: str, request: ReturnRequest, *, is_ended: bool) -> list[Lot]:
    read = ended_lots if is_ended else lots
    return read(using, request.giver, request.kind, location=request.location)


def _made(using: str, request: ReturnRequest, giver: OrganisationSheet, goods: Goods) -> StockGivenBack:
    return StockGivenBack(
        record=deciding.name(using, "B", "stock_returns"),
        giver=giver.organisation,
        location=request.location,
        receiver=giver.superior,
        station=giver.station,
        kind=request.kind,
        ranges=goods.ranges,
        count=goods.count,
        ended=_is_ended(using, request, giver, goods),
        reason=request.reason,
        on=deciding.today(using),
        ledger=deciding.policy(using).ledger_format,
        by=request.by,
        at=deciding.moment(using),
    )


def _sides(request: ReturnRequest, counterpart: int = 0) -> Sides:
    kind, organisation = request.kind, request.giver
    return Sides(act="give_back", by=request.by, organisation=organisation, counterpart=counterpart, kind=kind)


def receive_back(
    using: str, name: str, *, by: int, location: int = 1, counted: Counted = WHOLE
) -> ReturnReceived | StockRefused:
    """The superior's keeper counts what was given back into a store; only then can it go further.

    What did not come, or came damaged, opens a case in the same transaction.
    """
    with deciding.deciding(using):
        row = DjangoRows(using).one("stock_returns", record=name)
        if row is None:
            sides = Sides(act="receive_back", by=by, organisation=0)
            return refuse(using, sides, [refusal(StockCode.RECORD_UNKNOWN, current=name)])
        receiver = Receiver(organisation=int(row["receiver"] or 0), location=location, by=by, on=deciding.today(using))
        arrival = arrival_of(using, row, counted)
        found = _receipt_refusals(using, row, receiver) + (arrival if isinstance(arrival, list) else [])
        if found or isinstance(arrival, list):
            giver = int(row["giver"] or 0)
            sides = Sides(act="receive_back", by=by, organisation=receiver.organisation, counterpart=giver)
            return refuse(using, sides, found)
        record_missing(using, name, row, arrival, counted, receiver)
        came = arrival.came
        made = ReturnReceived(name, location, came.ranges, came.count, receiver.on, by, deciding.moment(using))
        record(using, made, station=int(row["station"] or 0))
        return made


def _receipt_refusals(using: str, row: Row, receiver: Receiver) -> list[StockRefusal]:
    found = keeper_refusals(location_of(using, receiver.organisation, receiver.location), receiver.by)
    if row["received_on"] is not None:
        found.append(refusal(StockCode.RECORD_SETTLED, current=str(row["record"])))
    return found


def open_returns(using: str) -> list[dict[str, str | int | None]]:
    """What is on its way up and not counted in yet, the oldest first."""
    return DjangoRows(using).many("stock_returns", order="at", received_on=None)
