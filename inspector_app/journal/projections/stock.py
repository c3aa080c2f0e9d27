"""Organisations, their stores and every move of stock between them as rows; from these the province's own ledgers."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from inspector_app.domain.organisations import LocationSheet, OrganisationSheet, StoreHandedOver
from inspector_app.domain.rules import enforces
from inspector_app.domain.seals import LicenceFile, SealSheet
from inspector_app.domain.stock import (
    Distribution,
    DistributionReceived,
    DrawAsked,
    DrawDecided,
    DrawDeclined,
    FeeCharged,
    FeeSettled,
    OrderPlaced,
    Ranges,
    ReturnReceived,
    StockGivenBack,
    StockReceived,
)
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows

ASKED, DECLINED, DECIDED = "asked", "declined", "decided"
_COLUMN = {"on": "day", "order": "order_no"}  # words of SQL are no names of columns


def ranges_text(ranges: Iterable[tuple[str, str]]) -> str:
    """Ranges in one column."""
    return ",".join(f"{first}-{last}" for first, last in ranges)


def ranges_of(text: str) -> Ranges:
    """The ranges of such a column."""
    pairs = (part.split("-") for part in text.split(",") if part)
    return tuple((first, last) for first, last in pairs)


def _fields(value: msgspec.Struct, leaving_out: str = "") -> Row:
    """The fields of a document as they stand in its row; truth is 1 or 0."""
    names = [name for name in value.__struct_fields__ if name not in leaving_out.split()]
    plain = {_COLUMN.get(name, name): getattr(value, name) for name in names}
    return {name: int(one) if isinstance(one, bool) else one for name, one in plain.items()}


@projects_document(OrganisationSheet)
def organisation(value: OrganisationSheet, rows: Rows) -> None:
    """An organisation as it now is."""
    held = rows.one("organisations", organisation=value.organisation)
    if held is None or int(held["ordinal"] or 0) < value.ordinal:
        rows.put("organisations", _fields(value))


@projects_document(LocationSheet)
def location(value: LocationSheet, rows: Rows) -> None:
    """A store and its keeper as they now are."""
    held = rows.one("stock_locations", organisation=value.organisation, location=value.location)
    if held is None or int(held["ordinal"] or 0) < value.ordinal:
        rows.put("stock_locations", _fields(value))


@projects_document(StoreHandedOver)
def store_handed_over(value: StoreHandedOver, rows: Rows) -> None:
    """From hand to hand; every hand-over stays on record."""
    counted = ",".join(f"{kind} {count}" for kind, count in value.counted)
    rows.put("store_hand_overs", _fields(value, "counted") | {"counted": counted})


@projects_document(StockReceived)
def stock_received(value: StockReceived, rows: Rows) -> None:
    """Stock came in from the printing house."""
    store: Row = {"organisation": value.organisation, "location": value.location, "flow": "in", "counterpart": 0}
    row: Row = store | {"kind": value.kind, "day": value.on, "by": value.by, "at": value.at}
    note_moves(rows, row | {"record": value.receipt}, value.ranges, value.count)


@projects_document(OrderPlaced)
def order_placed(value: OrderPlaced, rows: Rows) -> None:
    """An order."""
    rows.put("orders", _fields(value))
    _note_approved(value, value.order, rows)


def _note_approved(value: OrderPlaced | Distribution, record: str, rows: Rows) -> None:
    """The head let happen what a keeper had asked for; ``record`` is what came of it."""
    answer: Row = {"state": DECIDED, "record": record, "answered_by": value.approved_by, "answered_at": value.at}
    if value.ask:
        rows.update("stock_approvals", {"ask": value.ask}, answer)


@projects_document(Distribution)
def distribution(value: Distribution, rows: Rows) -> None:
    """Stock is on its way to a subordinate; it lies in nobody's store until it is received."""
    open_row: Row = {"received_on": None, "received_by": None, "received_at": None}
    rows.put("distributions", _fields(value, "ranges") | {"ranges": ranges_text(value.ranges)} | open_row)
    _note_approved(value, value.distribution, rows)
    store: Row = {"organisation": value.giver, "location": value.location, "flow": "out", "counterpart": value.receiver}
    row: Row = store | {"kind": value.kind, "day": value.on, "by": value.by, "at": value.at}
    note_moves(rows, row | {"record": value.distribution}, value.ranges, value.count)


@projects_document(DistributionReceived)
def distribution_received(value: DistributionReceived, rows: Rows) -> None:
    """What came of it lies in the receiver's store; received once."""
    held = rows.one("distributions", distribution=value.distribution)
    if held is None or held["received_on"] is not None:
        return
    received: Row = {"received_on": value.on, "received_by": value.by, "received_at": value.at}
    rows.update("distributions", {"distribution": value.distribution}, received)
    store: Row = {"organisation": held["receiver"], "location": value.location, "flow": "in"}
    row: Row = store | {"counterpart": held["giver"], "kind": held["kind"], "day": value.on, "by": value.by}
    note_moves(rows, row | {"at": value.at, "record": value.distribution}, value.ranges, value.count)


@projects_document(StockGivenBack)
def stock_given_back(value: StockGivenBack, rows: Rows) -> None:
    """Unused stock is on its way up; it lies in nobody's store until it is received."""
    open_row: Row = {"received_on": None, "received_by": None, "received_at": None}
    rows.put("stock_returns", _fields(value, "ranges") | {"ranges": ranges_text(value.ranges)} | open_row)
    store: Row = {"organisation": value.giver, "location": value.location, "flow": "out", "counterpart": value.receiver}
    row: Row = store | {"kind": value.kind, "day": value.on, "by": value.by, "at": value.at}
    note_moves(rows, row | {"record": value.record, "ended": int(value.ended)}, value.ranges, value.count)


@projects_document(ReturnReceived)
def return_received(value: ReturnReceived, rows: Rows) -> None:
    """What came of it lies in the superior's store; received once."""
    held = rows.one("stock_returns", record=value.record)
    if held is None or held["received_on"] is not None:
        return
    received: Row = {"received_on": value.on, "received_by": value.by, "received_at": value.at}
    rows.update("stock_returns", {"record": value.record}, received)
    store: Row = {"organisation": held["receiver"], "location": value.location, "flow": "in"}
    row: Row = store | {"counterpart": held["giver"], "kind": held["kind"], "day": value.on, "by": value.by}
    row |= {"at": value.at, "record": value.record, "ended": held["ended"]}
    note_moves(rows, row, value.ranges, value.count)


@enforces("G03")
def note_moves(rows: Rows, row: Row, ranges: Ranges, count: int) -> None:
    """Each range, or the count, leaves its trace in the ledger of its store; nothing is changed there afterwards.

    Where nothing came at all there is nothing to write.

    Numbers that ended in a block (``ended``) have a shelf of their own there: nothing of it is distributed.
    """
    lines = [(first, last, int(last) - int(first) + 1) for first, last in ranges]
    lines = lines or ([("", "", count)] if count else [])
    for line, (first, last, size) in enumerate(lines):
        goods: Row = {"line": line, "first": first, "last": last, "count": size}
        rows.insert("stock_moves", {"ended": 0} | row | goods)


@projects_document(FeeCharged)
def fee_charged(value: FeeCharged, rows: Rows) -> None:
    """A cost fee is owed."""
    rows.put("fees", _fields(value) | {"paid_fen": 0, "settled_on": None})


@projects_document(FeeSettled)
def fee_settled(value: FeeSettled, rows: Rows) -> None:
    """A payment; the day of the last one settles the fee."""
    held = rows.one("fees", fee=value.fee)
    if held is None or rows.one("fee_payments", fee=value.fee, receipt=value.receipt) is not None:
        return
    rows.insert("fee_payments", _fields(value))
    paid = int(held["paid_fen"] or 0) + value.amount_fen
    settled_on = value.on if paid >= int(held["amount_fen"] or 0) else None
    rows.update("fees", {"fee": value.fee}, {"paid_fen": paid, "settled_on": settled_on})


@projects_document(DrawAsked)
def draw_asked(value: DrawAsked, rows: Rows) -> None:
    """A draw over the cap waits for the head."""
    answer: Row = {"state": ASKED, "draw": None, "answered_by": None, "answered_at": None}
    rows.put("draw_asks", _fields(value) | answer)


@projects_document(DrawDeclined)
def draw_declined(value: DrawDeclined, rows: Rows) -> None:
    """The head did not approve it."""
    answer: Row = {"state": DECLINED, "answered_by": value.by, "answered_at": value.at}
    rows.update("draw_asks", {"ask": value.ask}, answer)


@projects_document(DrawDecided)
def draw_decided(value: DrawDecided, rows: Rows) -> None:
    """Who decided a draw and on what figures."""
    rows.put("draw_decisions", _fields(value))
    if value.ask:
        answer: Row = {"state": DECIDED, "draw": value.draw, "answered_by": value.head, "answered_at": value.at}
        rows.update("draw_asks", {"ask": value.ask}, answer)


@projects_document(SealSheet)
def seal(value: SealSheet, rows: Rows) -> None:
    """A seal as it now is; every earlier holder stays on record."""
    rows.put("seals", _fields(value))


@projects_document(LicenceFile)
def licence_file(value: LicenceFile, rows: Rows) -> None:
    """The papers of a licence's application as they now are."""
    held = rows.one("licence_files", file=value.file)
    if held is None or int(held["ordinal"] or 0) < value.ordinal:
        rows.put("licence_files", _fields(value))
