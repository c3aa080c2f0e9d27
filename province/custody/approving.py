"""The head answers what a keeper asked: an order after its window, other stock than the oldest (GX-2014 Art. 8, 11).

Asking is the act itself with a reason (:mod:`province.custody.ordering`, :mod:`province.custody.distributing`). When
the head lets it happen, every rule is asked again.
"""

from __future__ import annotations

from inspector_app.domain.organisations import OrganisationSheet, head_refusals
from inspector_app.domain.stock import Distribution, OrderPlaced
from inspector_app.domain.stock_approvals import ApprovalAsked, ApprovalDeclined, Excused
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ASKED
from province.custody import deciding
from province.custody.deciders import decider_refusals
from province.custody.deciding import Sides, record, refuse
from province.custody.distributing import DistributionRequest, distribute
from province.custody.ordering import OrderRequest, place_order
from province.custody.organisations import find
from province.journal.rows import DjangoRows


def waiting_approvals(using: str) -> list[Row]:
    """What waits for a head, the oldest first."""
    return DjangoRows(using).many("stock_approvals", state=ASKED, order="at")


def approve(using: str, ask: str, *, by: int) -> Distribution | OrderPlaced | StockRefused:
    """The head lets it happen: the order counts from the day it was asked for, goods go out today."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("stock_approvals", ask=ask)
        if row is None or row["state"] != ASKED:
            return _refused(using, row, by, [_no_longer(row, ask)])
        if found := _head_refusals(using, row, by):
            return _refused(using, row, by, found)
        made = _ordered(using, row, by) if row["act"] == Excused.ORDER else _distributed(using, row, by)
        assert not isinstance(made, ApprovalAsked)  # it names the ask, and who approves it
        return made


def decline(using: str, ask: str, *, by: int) -> ApprovalDeclined | StockRefused:
    """The head does not let it happen; of a request by who is the head since, who decides above does not."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("stock_approvals", ask=ask)
        if row is None or row["state"] != ASKED:
            return _refused(using, row, by, [_no_longer(row, ask)])
        if found := decider_refusals(using, _asking(using, row), by, int(row["by"] or 0)):
            return _refused(using, row, by, found)
        made = ApprovalDeclined(ask, by, deciding.moment(using))
        record(using, made)
        return made


def _no_longer(row: Row | None, ask: str) -> StockRefusal:
    return refusal(StockCode.RECORD_UNKNOWN if row is None else StockCode.RECORD_SETTLED, current=ask)


def _head_refusals(using: str, row: Row, by: int) -> list[StockRefusal]:
    return head_refusals(_asking(using, row), by, int(row["by"] or 0))


def _asking(using: str, row: Row) -> OrganisationSheet:
    organisation = find(using, int(row["organisation"] or 0))
    assert organisation is not None  # none is ever taken off the register
    return organisation


def _refused(using: str, row: Row | None, by: int, found: list[StockRefusal]) -> StockRefused:
    whose = row or {}
    sides = Sides(
        act="approve",
        by=by,
        organisation=int(whose.get("organisation") or 0),
        counterpart=int(whose.get("counterpart") or 0),
        kind=str(whose.get("kind") or ""),
    )
    return refuse(using, sides, found)


def _ordered(using: str, row: Row, head: int) -> OrderPlaced | ApprovalAsked | StockRefused:
    request = OrderRequest(
        organisation=int(row["organisation"] or 0),
        superior=int(row["counterpart"] or 0),
        kind=str(row["kind"]),
        wanted=int(row["count"] or 0),
        by=int(row["by"] or 0),
        location=int(row["location"] or 0),
        day=str(row["day"]),
        reason=str(row["reason"]),
        approved_by=head,
        ask=str(row["ask"]),
    )
    return place_order(using, request)


def _distributed(using: str, row: Row, head: int) -> Distribution | ApprovalAsked | StockRefused:
    request = DistributionRequest(
        giver=int(row["organisation"] or 0),
        receiver=int(row["counterpart"] or 0),
        kind=str(row["kind"]),
        by=int(row["by"] or 0),
        location=int(row["location"] or 0),
        typed=str(row["ranges"]),
        count=int(row["count"] or 0),
        day=str(row["day"]),
        paper=bool(row["paper"]),
        order=str(row["order_no"]),
        reason=str(row["reason"]),
        approved_by=head,
        ask=str(row["ask"]),
        ledger=str(row["ledger"]),
    )
    return distribute(using, request)
