"""What arrived of stock on its way, down or back up: what came is received, the rest is a case (GX-2014 Art. 17)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.stock import Goods
from inspector_app.domain.stock_endings import Ending, StockEnded
from inspector_app.domain.stock_receipts import Arrival, Counted, read_arrival
from inspector_app.domain.stock_refusals import StockRefusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from province.custody import deciding
from province.custody.deciding import record

WHOLE = Counted()
"""Everything came, in good order."""


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who counts into which store, on which legal day."""

    organisation: int
    location: int
    by: int
    on: str


def arrival_of(using: str, row: Row, counted: Counted) -> Arrival | list[StockRefusal]:
    """What came of a distribution or return (its ``row``), and why it cannot be as it was typed."""
    today = deciding.today(using)
    kind = deciding.kind_of(str(row["kind"]), today)
    sent = Goods(ranges_of(str(row["ranges"])), int(row["count"] or 0))
    found = kind if isinstance(kind, StockRefusal) else read_arrival(kind, sent, counted)
    if isinstance(found, StockRefusal):
        return [found]
    wrong = deciding.reason_refusals("loss", counted.cause, today) if found.missing.count else []
    return wrong or found


def record_missing(
    using: str, shipment: str, row: Row, arrival: Arrival, counted: Counted, receiver: Receiver
) -> StockEnded | None:
    """Open the case of what did not come; None where everything did.

    It is the receiver's, whose head concludes it; the goods are in no store, and its numbers are drawn by nobody.
    """
    if not arrival.missing.count:
        return None
    policy = deciding.policy(using)
    made = StockEnded(
        ending=deciding.name(using, "E", "stock_endings"),
        organisation=receiver.organisation,
        location=receiver.location,
        kind=str(row["kind"]),
        ranges=arrival.missing.ranges,
        count=arrival.missing.count,
        how=Ending.LOST,
        cause=counted.cause,
        on=receiver.on,
        due_on=policy.case_due_on(deciding.today(using)),
        shipment=shipment,
        ask="",
        ledger=policy.ledger_format,
        by=receiver.by,
        head=0,
        at=deciding.moment(using),
    )
    record(using, made)
    return made
