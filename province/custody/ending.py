"""Stock that ends in a store: a loss reported, counted goods used up, a destruction asked for and decided."""

from __future__ import annotations

import msgspec

from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.organisations import OrganisationSheet, head_refusals, keeper_refusals
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Goods, Lot, hand_refusals, shape_refusals
from inspector_app.domain.stock_endings import (
    Ending,
    StockEndAsked,
    StockEndDeclined,
    StockEnded,
    StockLossConcluded,
    ending_refusals,
)
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ASKED
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.custody.receiving import read_kind
from province.custody.stores import lots
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


def end_stock(using: str, request: EndRequest) -> StockEnded | StockEndAsked | StockRefused:
    """Report a loss or what was used, at once; what is to be destroyed waits for the head."""
    with deciding.deciding(using):
        case = _case(using, request)
        found = _refusals(using, case) if isinstance(case, _Case) else [case]
        if found or not isinstance(case, _Case):
            return refuse(using, _sides(request), found)
        return _ask(using, case) if request.how == Ending.DESTROYED else _end(using, case)


def decide_end(using: str, ask: str, *, by: int, decline: bool = False) -> StockEnded | StockEndDeclined | StockRefused:
    """The head lets stock be destroyed, everything being asked again, or does not."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("stock_end_asks", ask=ask)
        if row is None:
            return _cannot(using, by, _unknown(ask))
        case = _case(using, _asked(row))
        if isinstance(case, StockRefusal):
            return _cannot(using, by, case)
        found = decider_refusals(case.organisation, by, case.request.by)
        if row["state"] != ASKED:
            found.append(refusal(StockCode.RECORD_SETTLED, current=ask))
        found += [] if decline else _refusals(using, case)
        if found:
            return refuse(using, _sides(case.request), found)
        if not decline:
            return _end(using, case, ask=ask, head=by)
        made = StockEndDeclined(ask, by, deciding.moment(using))
        record(using, made)
        return made


def conclude_loss(using: str, loss: str, *, cause: str, conclusion: str, by: int) -> StockLossConcluded | StockRefused:
    """The head concludes the case of a loss, or of a count with a surplus, once; what was lost stays dead."""
    with deciding.deciding(using):
        rows = DjangoRows(using)
        row = rows.one("stock_endings", ending=loss) or rows.one("store_counts", count=loss)
        organisation = find(using, int(row["organisation"] or 0)) if row is not None else None
        if row is None or organisation is None:
            return refuse(using, Sides(act="conclude_loss", by=by, organisation=0), [_unknown(loss)])
        found = decider_refusals(organisation, by, int(row["by"] or 0))
        found += deciding.reason_refusals("case_cause", cause, deciding.today(using))
        found += deciding.reason_refusals("case_conclusion", conclusion, deciding.today(using))
        if row["state"] != OPEN:
            found.append(refusal(StockCode.RECORD_SETTLED, current=loss))
        if found:
            sides = Sides(act="conclude_loss", by=by, organisation=organisation.organisation, kind=str(row["kind"]))
            return refuse(using, sides, found)
        made = StockLossConcluded(loss, cause, conclusion, by, deciding.moment(using))
        record(using, made)
        return made


def open_losses(using: str) -> list[Row]:
    """The losses of stores no head has concluded, the oldest first."""
    return DjangoRows(using).many("stock_endings", order="at", state=OPEN)


def asked_ends(using: str) -> list[Row]:
    """What is to be destroyed and waits for a head, the oldest first."""
    return DjangoRows(using).many("stock_end_asks", order="at", state=ASKED)


@enforces("G21")
def decider_refusals(organisation: OrganisationSheet, by: int, keeper: int) -> list[StockRefusal]:
    """What a keeper reported or asked for is decided by the head, another person (Art. 17)."""
    return head_refusals(organisation, by, keeper)


def _unknown(name: str) -> StockRefusal:
    return refusal(StockCode.RECORD_UNKNOWN, current=name)


def _asked(row: Row) -> EndRequest:
    return EndRequest(
        organisation=int(row["organisation"] or 0),
        kind=str(row["kind"]),
        how=Ending.DESTROYED,
        by=int(row["by"] or 0),
        cause=str(row["cause"]),
        typed=str(row["ranges"]),
        count=int(row["count"] or 0),
        location=int(row["location"] or 0),
    )


def _cannot(using: str, by: int, why: StockRefusal) -> StockRefused:
    return refuse(using, Sides(act="end_stock", by=by, organisation=0), [why])


def _case(using: str, request: EndRequest) -> _Case | StockRefusal:
    organisation = find(using, request.organisation)
    if organisation is None:
        return refusal(StockCode.ORGANISATION_UNKNOWN, current=request.organisation)
    read = read_kind(request.kind, request.typed, request.count, deciding.today(using))
    if isinstance(read, StockRefusal):
        return read
    # Numbers are named one and all: which ones are dead from now on is not for the program to guess from a count.
    return _Case(request, organisation, *read)


def _held(using: str, request: EndRequest) -> list[Lot]:
    return lots(using, request.organisation, request.kind, location=request.location)


def _refusals(using: str, case: _Case) -> list[StockRefusal]:
    request, day = case.request, deciding.today(using)
    found = _actor_refusals(using, case) + ending_refusals(case.kind, request.how)
    if request.how != Ending.USED:
        found += deciding.reason_refusals("loss", request.cause, day)
    return found + shape_refusals(case.kind, case.goods) + hand_refusals(_held(using, request), case.goods)


def _actor_refusals(using: str, case: _Case) -> list[StockRefusal]:
    """The keeper speaks of the store; a loss, which protects, the head may report too."""
    location, request = location_of(using, case.request.organisation, case.request.location), case.request
    if request.how == Ending.LOST and location is not None and request.by == case.organisation.head:
        return []
    return keeper_refusals(location, request.by)


def _ask(using: str, case: _Case) -> StockEndAsked:
    request, goods = case.request, case.goods
    name, place = deciding.name(using, "V", "stock_end_asks"), (request.organisation, request.location)
    at = deciding.moment(using)
    made = StockEndAsked(name, *place, request.kind, goods.ranges, goods.count, request.cause, request.by, at)
    record(using, made)
    return made


def _end(using: str, case: _Case, *, ask: str = "", head: int = 0) -> StockEnded:
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
        ask=ask,
        ledger=policy.ledger_format,
        by=request.by,
        head=head,
        at=deciding.moment(using),
    )
    record(using, made)
    return made


def _sides(request: EndRequest) -> Sides:
    return Sides(act="end_stock", by=request.by, organisation=request.organisation, kind=request.kind)
