"""Counting an institution's store against its ledger (库房盘点): the keeper counts, the head confirms."""

from __future__ import annotations

import msgspec

from inspector_app.domain.organisations import keeper_refusals
from inspector_app.domain.stock_endings import Ending, StockEnded
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.domain.store_counts import StoreCountConfirmed, StoreCounted, Tally, read_tally
from inspector_app.journal.projections import Row
from province.custody import deciding
from province.custody.deciders import decider_refusals
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.custody.stores import ended_lots, lots
from province.journal.rows import DjangoRows


class CountRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which goods of which store were counted, by whom, and what lay there (see :class:`Counted`).

    ``confirmed_by`` is the head, where the head counted along; 0 where that is confirmed later.
    """

    organisation: int
    kind: str
    by: int
    counted: Counted
    location: int = 1
    confirmed_by: int = 0


def count_store(using: str, request: CountRequest) -> StoreCounted | StockRefused:
    """Record a count; what is missing is lost from that moment, and its case is opened with it."""
    with deciding.deciding(using):
        organisation = find(using, request.organisation)
        if organisation is None:
            unknown = refusal(StockCode.ORGANISATION_UNKNOWN, current=request.organisation)
            return refuse(using, _sides(request), [unknown])
        tally = _tally(using, request)
        found = keeper_refusals(location_of(using, request.organisation, request.location), request.by)
        found += tally if isinstance(tally, list) else _cause_refusals(using, request, tally)
        found += decider_refusals(using, organisation, request.confirmed_by, request.by) if request.confirmed_by else []
        if found or isinstance(tally, list):
            return refuse(using, _sides(request), found)
        made = _record(using, request, tally)
        if request.confirmed_by:
            record(using, StoreCountConfirmed(made.count, request.confirmed_by, made.at))
        return made


def confirm_count(using: str, name: str, *, by: int) -> StoreCountConfirmed | StockRefused:
    """The head confirms a count, once."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("store_counts", count=name)
        organisation = find(using, int(row["organisation"] or 0)) if row is not None else None
        if row is None or organisation is None:
            sides = Sides(act="confirm_count", by=by, organisation=0)
            return refuse(using, sides, [refusal(StockCode.RECORD_UNKNOWN, current=name)])
        found = decider_refusals(using, organisation, by, int(row["by"] or 0))
        if row["confirmed_by"] is not None:
            found.append(refusal(StockCode.RECORD_SETTLED, current=name))
        if found:
            unit, kind = organisation.organisation, str(row["kind"])
            return refuse(using, Sides(act="confirm_count", by=by, organisation=unit, kind=kind), found)
        made = StoreCountConfirmed(name, by, deciding.moment(using))
        record(using, made)
        return made


def unconfirmed_counts(using: str) -> list[Row]:
    """The counts that wait for their second person, the oldest first."""
    return DjangoRows(using).many("store_counts", order="at", confirmed_by=None)


def _tally(using: str, request: CountRequest) -> Tally | list[StockRefusal]:
    kind = deciding.kind_of(request.kind, deciding.today(using))
    if isinstance(kind, StockRefusal):
        return [kind]
    held = lots(using, request.organisation, request.kind, location=request.location)
    back = ended_lots(using, request.organisation, request.kind, location=request.location)
    found = read_tally(kind, held, request.counted, beside=back)
    return [found] if isinstance(found, StockRefusal) else found


def _cause_refusals(using: str, request: CountRequest, tally: Tally) -> list[StockRefusal]:
    """What is missing has a cause of the list ``loss``."""
    if not tally.missing.count:
        return []
    return deciding.reason_refusals("loss", request.counted.cause, deciding.today(using))


def _record(using: str, request: CountRequest, tally: Tally) -> StoreCounted:
    """Each difference of book and stock is a case (GX-2014 Art. 17)."""
    policy, today = deciding.policy(using), deciding.today(using)
    made = StoreCounted(
        count=deciding.name(using, "K", "store_counts"),
        organisation=request.organisation,
        location=request.location,
        kind=request.kind,
        expected=tally.found.count + tally.missing.count,
        counted=tally.found.count,
        surplus=tally.surplus.ranges,
        surplus_count=tally.surplus.count,
        ending=_lose(using, request, tally),
        on=today,
        due_on=policy.case_due_on(today) if tally.surplus.count else "",
        ledger=policy.ledger_format,
        by=request.by,
        at=deciding.moment(using),
    )
    record(using, made)
    return made


def _lose(using: str, request: CountRequest, tally: Tally) -> str:
    """The case of what is missing, which is out of the store from now on; "" where nothing is."""
    if not tally.missing.count:
        return ""
    policy, today = deciding.policy(using), deciding.today(using)
    made = StockEnded(
        ending=deciding.name(using, "E", "stock_endings"),
        organisation=request.organisation,
        location=request.location,
        kind=request.kind,
        ranges=tally.missing.ranges,
        count=tally.missing.count,
        how=Ending.LOST,
        cause=request.counted.cause,
        on=today,
        due_on=policy.case_due_on(today),
        shipment="",
        ask="",
        ledger=policy.ledger_format,
        by=request.by,
        head=0,
        at=deciding.moment(using),
    )
    record(using, made)
    return made.ending


def _sides(request: CountRequest) -> Sides:
    return Sides(act="count_store", by=request.by, organisation=request.organisation, kind=request.kind)
