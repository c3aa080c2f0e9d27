"""Stock that ends in a store: a loss reported and concluded, counted goods used up."""

from __future__ import annotations

import msgspec

from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.organisations import OrganisationSheet, keeper_refusals
from inspector_app.domain.stock import Goods, Lot, hand_refusals, shape_refusals
from inspector_app.domain.stock_endings import Ending, StockEnded, StockLossConcluded, ending_refusals
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody import deciding
from province.custody.deciders import decider_refusals
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.custody.receiving import read_kind
from province.custody.store_notices import public_refusals
from province.custody.store_reports import unreported_refusals
from province.custody.stores import ended_lots, lots
from province.journal.rows import DjangoRows


class EndRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What ends in which store: ``typed`` ranges or a ``count``; ``cause`` is of the list ``loss``, "" for used."""

    organisation: int
    kind: str
    how: str
    by: int
    cause: str = ""
    typed: str = ""
    count: int = 0
    location: int = 1


class _Case(msgspec.Struct, frozen=True):
    request: EndRequest
    organisation: OrganisationSheet
    kind: StockKind
    goods: Goods


def end_stock(using: str, request: EndRequest) -> StockEnded | StockRefused:
    """Report a loss or what was used, at once; what is to be destroyed is asked for (:mod:`.destroying`)."""
    with deciding.deciding(using):
        case = _case(using, request)
        found = _refusals(using, case) if isinstance(case, _Case) else [case]
        if found or not isinstance(case, _Case):
            return refuse(using, _sides(request), found)
        return _end(using, case)


def conclude_loss(using: str, loss: str, *, cause: str, conclusion: str, by: int) -> StockLossConcluded | StockRefused:
    """The head concludes the case of a loss, of a count with a surplus, of a suspicion, once; what is lost stays dead.

    What the head reported is concluded above (:mod:`.deciders`). Numbers that a store lost are declared void in public
    before, and both reports went out.
    """
    with deciding.deciding(using):
        row = case_row(using, loss)
        organisation = find(using, int(row["organisation"] or 0)) if row is not None else None
        if row is None or organisation is None:
            return refuse(using, Sides(act="conclude_loss", by=by, organisation=0), [_unknown(loss)])
        found = decider_refusals(using, organisation, by, int(row["by"] or 0))
        found += deciding.reason_refusals("case_cause", cause, deciding.today(using))
        found += deciding.reason_refusals("case_conclusion", conclusion, deciding.today(using))
        if row["state"] != OPEN:
            found.append(refusal(StockCode.RECORD_SETTLED, current=loss))
        found += [] if found else public_refusals(using, row) + unreported_refusals(using, row)
        if found:
            sides = Sides(act="conclude_loss", by=by, organisation=organisation.organisation, kind=str(row["kind"]))
            return refuse(using, sides, found)
        made = StockLossConcluded(loss, cause, conclusion, by, deciding.moment(using))
        record(using, made)
        return made


def open_losses(using: str) -> list[Row]:
    """The losses of stores no head has concluded, the oldest first."""
    return DjangoRows(using).many("stock_endings", order="at", state=OPEN)


def case_row(using: str, case: str) -> Row | None:
    """The row behind a case of a store, its ``state`` that of the case: what was lost, a surplus, a suspicion."""
    rows = DjangoRows(using)
    if row := rows.one("stock_endings", ending=case) or rows.one("store_counts", count=case):
        return row
    asked = rows.one("stock_end_asks", ask=case, suspected=1)
    return asked | {"state": asked["case_state"]} if asked is not None else None


def _unknown(name: str) -> StockRefusal:
    return refusal(StockCode.RECORD_UNKNOWN, current=name)


def _case(using: str, request: EndRequest) -> _Case | StockRefusal:
    organisation = find(using, request.organisation)
    if organisation is None:
        return refusal(StockCode.ORGANISATION_UNKNOWN, current=request.organisation)
    read = read_kind(request.kind, request.typed, request.count, deciding.today(using))
    if isinstance(read, StockRefusal):
        return read
    # Numbers are named one and all: which ones are dead from now on is not for the program to guess from a count.
    return _Case(request, organisation, *read)


def _held(using: str, request: EndRequest, *, ended: bool) -> list[Lot]:
    return (ended_lots if ended else lots)(using, request.organisation, request.kind, location=request.location)


def _came_back(using: str, case: _Case) -> bool:
    """Whether they are numbers vets gave back, which lie on a shelf of their own and can be lost there too."""
    back = _held(using, case.request, ended=True) if case.goods.ranges else []
    return bool(back) and not hand_refusals(back, case.goods)


def _refusals(using: str, case: _Case) -> list[StockRefusal]:
    request, day = case.request, deciding.today(using)
    found = _actor_refusals(using, case) + ending_refusals(case.kind, request.how)
    if request.how == Ending.LOST:
        found += deciding.reason_refusals("loss", request.cause, day)
    held = _held(using, request, ended=_came_back(using, case))
    return found + shape_refusals(case.kind, case.goods) + hand_refusals(held, case.goods)


def _actor_refusals(using: str, case: _Case) -> list[StockRefusal]:
    """The keeper speaks of the store; a loss, which protects, the head may report too."""
    location, request = location_of(using, case.request.organisation, case.request.location), case.request
    if request.how == Ending.LOST and location is not None and request.by == case.organisation.head:
        return []
    return keeper_refusals(location, request.by)


def _end(using: str, case: _Case) -> StockEnded:
    request, today = case.request, deciding.today(using)
    policy = deciding.policy(using)
    made = StockEnded(
        ending=deciding.name(using, "E", "stock_endings"),
        organisation=request.organisation,
        location=request.location,
        kind=request.kind,
        ranges=case.goods.ranges,
        count=case.goods.count,
        how=request.how,
        cause=request.cause,
        on=today,
        due_on=policy.case_due_on(today) if request.how == Ending.LOST else "",
        shipment="",
        ask="",
        ledger=policy.ledger_format,
        by=request.by,
        head=0,
        at=deciding.moment(using),
        ended=_came_back(using, case),
    )
    record(using, made)
    return made


def _sides(request: EndRequest) -> Sides:
    return Sides(act="end_stock", by=request.by, organisation=request.organisation, kind=request.kind)
