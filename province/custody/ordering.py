"""Orders (订购): county → city → province, a county's until the tenth of the month (GX-2014 Art. 7, 8)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.organisations import (
    OrganisationSheet,
    Tier,
    district_refusals,
    head_refusals,
    keeper_refusals,
    superior_refusals,
)
from inspector_app.domain.stock import MOST, OrderPlaced, month_of_order
from inspector_app.domain.stock_approvals import ApprovalAsked, Excused
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an institution's keeper wants of its superior.

    A ``reason`` lets an order placed after the window count for its own month, where the head agrees: it is asked
    (the order then bears ``ask`` and the ``day`` of the asking), or is ``approved_by`` when they sign in beside the
    keeper.
    """

    organisation: int
    superior: int
    kind: str
    wanted: int
    by: int
    location: int = 1
    day: str = ""
    reason: str = ""
    approved_by: int = 0
    ask: str = ""


def place_order(using: str, request: OrderRequest) -> OrderPlaced | ApprovalAsked | StockRefused:
    """Place an order today, or ask the head where a reason is given and no head is there."""
    with deciding.deciding(using):
        day = request.day or deciding.today(using)
        lower = find(using, request.organisation)
        found = _order_refusals(using, request, lower, day)
        if found or lower is None:
            return refuse(using, _sides(request), found)
        is_asked = request.reason and not request.approved_by
        made = _asked(using, request, day) if is_asked else _placed(using, request, lower, day)
        record(using, made)
        return made


def _order_refusals(using: str, request: OrderRequest, lower: OrganisationSheet | None, day: str) -> list[StockRefusal]:
    upper = find(using, request.superior)
    if lower is None or upper is None:
        return [
            refusal(StockCode.ORGANISATION_UNKNOWN, current=request.organisation if lower is None else request.superior)
        ]
    found = keeper_refusals(location_of(using, lower.organisation, request.location), request.by)
    found += superior_refusals(lower, upper) + district_refusals(lower, upper)
    if isinstance(kind := deciding.kind_of(request.kind, day), StockRefusal):
        found.append(kind)
    if not 0 < request.wanted <= MOST:
        found.append(refusal(StockCode.NOT_ON_HAND, current=request.wanted, limit=0))
    if request.reason:
        found += deciding.reason_refusals("late_order", request.reason, day)
        found += head_refusals(lower, request.approved_by, request.by) if request.approved_by else []
    return found


def _asked(using: str, request: OrderRequest, day: str) -> ApprovalAsked:
    return ApprovalAsked(
        ask=deciding.name(using, "P", "stock_approvals"),
        act=Excused.ORDER,
        organisation=request.organisation,
        location=request.location,
        counterpart=request.superior,
        kind=request.kind,
        ranges=(),
        count=request.wanted,
        on=day,
        paper=False,
        order="",
        reason=request.reason,
        ledger="",
        by=request.by,
        at=deciding.moment(using),
    )


def _placed(using: str, request: OrderRequest, lower: OrganisationSheet, day: str) -> OrderPlaced:
    # The window is the counties'; a city gathers their orders afterwards.
    window = deciding.policy(using).order_window_day if lower.level == Tier.COUNTY else 31
    return OrderPlaced(
        order=deciding.name(using, "O", "orders"),
        organisation=request.organisation,
        superior=request.superior,
        kind=request.kind,
        wanted=request.wanted,
        on=day,
        month=month_of_order(day, window, excused=bool(request.reason)),
        late=int(day[8:10]) > window,
        reason=request.reason,
        approved_by=request.approved_by,
        ask=request.ask,
        by=request.by,
        at=deciding.moment(using),
    )


def _sides(request: OrderRequest) -> Sides:
    return Sides(
        act="order",
        by=request.by,
        organisation=request.organisation,
        counterpart=request.superior,
        kind=request.kind,
    )
