"""Stock comes in: from the printing house at the province, from the direct superior below it."""

from __future__ import annotations

import msgspec

from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.organisations import OrganisationSheet, Tier, keeper_refusals
from inspector_app.domain.stock import (
    DistributionReceived,
    Goods,
    Lot,
    StockReceived,
    format_refusals,
    read_goods,
    shape_refusals,
    span,
)
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from province.custody import deciding
from province.custody.arrivals import WHOLE, Receiver, arrival_of, record_missing
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.journal.rows import DjangoRows
from province.numbers import custody as numbers
from province.numbers.models import Scheme, Stock
from province.numbers.ranges import contains, overlapping, place_of

ISSUED_KINDS = ("A", "B", "N")
"""Kinds whose numbers stations draw; the others reach a using unit by distribution."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What came from the printing house; ``typed`` are ranges, ``note`` is the number of the delivery note.

    ``day`` is "" for today, ``ledger`` is "" for the format in force.
    """

    organisation: int
    kind: str
    by: int
    location: int = 1
    typed: str = ""
    count: int = 0
    day: str = ""
    note: str = ""
    ledger: str = ""


def receive(using: str, delivery: Delivery) -> StockReceived | StockRefused:
    """Take a delivery into the province's store; certificates and notices become stock that can be drawn.

    NumbersError ``stock_overlaps`` for a range that crosses one the province holds already.
    """
    with deciding.deciding(using):
        day = delivery.day or deciding.today(using)
        read = read_kind(delivery.kind, delivery.typed, delivery.count, day)
        found = _receive_refusals(using, delivery, day, read)
        if found or isinstance(read, StockRefusal):
            sides = Sides(act="receive", by=delivery.by, organisation=delivery.organisation, kind=delivery.kind)
            return refuse(using, sides, found)
        kind, goods = read
        made = _received(using, delivery, goods, day)
        if kind.code in ISSUED_KINDS:
            for first, last in goods.ranges:
                _into_numbers(using, kind.code, first, last, source=delivery.note)
        record(using, made)
        return made


def read_kind(code: str, typed: str, count: int, day: str) -> tuple[StockKind, Goods] | StockRefusal:
    """The kind and what was typed of it."""
    kind = deciding.kind_of(code, day)
    if isinstance(kind, StockRefusal):
        return kind
    goods = read_goods(kind, typed, count)
    return goods if isinstance(goods, StockRefusal) else (kind, goods)


def _receive_refusals(
    using: str, delivery: Delivery, day: str, read: tuple[StockKind, Goods] | StockRefusal
) -> list[StockRefusal]:
    organisation = find(using, delivery.organisation)
    if organisation is None:
        return [refusal(StockCode.ORGANISATION_UNKNOWN, current=delivery.organisation)]
    found = keeper_refusals(location_of(using, delivery.organisation, delivery.location), delivery.by)
    found += _from_printer(organisation) + deciding.day_refusals(using, day)
    in_force = deciding.policy(using).ledger_format
    found += format_refusals(delivery.ledger or in_force, in_force)
    if isinstance(read, StockRefusal):
        return [*found, read]
    kind, goods = read
    return found + shape_refusals(kind, goods) + _range_refusals(using, kind.code, goods)


def _from_printer(organisation: OrganisationSheet) -> list[StockRefusal]:
    """Below the province stock comes from the direct superior alone (GX-2014 Art. 7)."""
    if organisation.gives and organisation.level == Tier.PROVINCE:
        return []
    return [refusal(StockCode.NOT_PRINTING_LEVEL, organisation=organisation.organisation)]


def _range_refusals(using: str, kind: str, goods: Goods) -> list[StockRefusal]:
    """Numbers of another scheme, and numbers that came in before."""
    rows = DjangoRows(using).many("stock_moves", kind=kind, flow="in", counterpart=0)
    held = [Lot("", str(row["first"]), str(row["last"]), 0) for row in rows]
    found = []
    for first, last in goods.ranges:
        if kind in ISSUED_KINDS and scheme_of(using, kind, first, last) is None:
            found.append(refusal(StockCode.RANGES_FOREIGN, current=span(first, last), kind=kind))
        if lot := next((lot for lot in held if lot.touches(first, last)), None):
            found.append(
                refusal(StockCode.ALREADY_IN_STOCK, current=span(first, last), limit=span(lot.first, lot.last))
            )
    return found


def scheme_of(using: str, kind: str, first: str, last: str) -> Scheme | None:
    """The scheme both ends of a range belong to."""
    numbers.scheme_for(using, kind)  # of notices this year's is made when it is first asked for
    for scheme in Scheme.objects.using(using).filter(kind=kind).order_by("space"):
        if all(len(end) == scheme.width and end.startswith(scheme.prefix) for end in (first, last)):
            return scheme
    return None


def _into_numbers(using: str, kind: str, first: str, last: str, *, source: str) -> None:
    """Make a range drawable; one taken in before there were organisations is so already."""
    scheme = scheme_of(using, kind, first, last)
    assert scheme is not None
    place = place_of(using, scheme.scheme, kind, first, last)
    held = overlapping(using, Stock, place)
    if held is None or not contains(held, place):
        numbers.add_stock(using, kind, first, last, source=source)


def _received(using: str, delivery: Delivery, goods: Goods, day: str) -> StockReceived:
    return StockReceived(
        receipt=deciding.name(using, "R", "stock_moves"),
        organisation=delivery.organisation,
        location=delivery.location,
        kind=delivery.kind,
        scheme=scheme_name(using, delivery.kind, goods),
        ranges=goods.ranges,
        count=goods.count,
        on=day,
        delivery=delivery.note,
        ledger=deciding.policy(using).ledger_format,
        by=delivery.by,
        at=deciding.moment(using),
    )


def scheme_name(using: str, kind: str, goods: Goods) -> str:
    """The name of the scheme of numbered goods; "" for other goods."""
    if kind not in ISSUED_KINDS or not goods.ranges:
        return ""
    scheme = scheme_of(using, kind, *goods.ranges[0])
    return scheme.scheme if scheme is not None else ""


def confirm_receipt(
    using: str, distribution: str, *, by: int, location: int = 1, day: str = "", counted: Counted = WHOLE
) -> DistributionReceived | StockRefused:
    """The receiver's keeper counts a distribution into a store; only then can it be given on.

    What did not come, or came damaged, opens a case in the same transaction.
    """
    with deciding.deciding(using):
        row = DjangoRows(using).one("distributions", distribution=distribution)
        if row is None:
            sides = Sides(act="confirm_receipt", by=by, organisation=0)
            return refuse(using, sides, [refusal(StockCode.RECORD_UNKNOWN, current=distribution)])
        on = day or deciding.today(using)
        receiver = Receiver(organisation=int(row["receiver"] or 0), location=location, by=by, on=on)
        arrival = arrival_of(using, row, counted)
        found = _receipt_refusals(using, row, receiver) + (arrival if isinstance(arrival, list) else [])
        if found or isinstance(arrival, list):
            giver = int(row["giver"] or 0)
            sides = Sides(act="confirm_receipt", by=by, organisation=receiver.organisation, counterpart=giver)
            return refuse(using, sides, found)
        record_missing(using, distribution, row, arrival, counted, receiver)
        came = arrival.came
        made = DistributionReceived(distribution, location, came.ranges, came.count, on, by, deciding.moment(using))
        record(using, made)
        return made


def _receipt_refusals(using: str, row: Row, receiver: Receiver) -> list[StockRefusal]:
    found = keeper_refusals(location_of(using, receiver.organisation, receiver.location), receiver.by)
    found += deciding.day_refusals(using, receiver.on, earliest=str(row["day"]))
    if row["received_on"] is not None:
        found.append(refusal(StockCode.RECORD_SETTLED, current=str(row["distribution"])))
    return found
