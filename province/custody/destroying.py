"""Destruction of stock out of an institution's store (库存销毁): four persons agree, the deputy leader watches.

Keeper → head (初审) → deputy leader and legal representative, at the desk or on paper → destruction (GX-2014 Art. 24).
What is asked for lies where it lies until it is destroyed; each step asks again whether it is still there.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.destruction import Approvals, DestructionState, Step
from inspector_app.domain.organisations import OrganisationSheet, head_refusals, keeper_refusals
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Goods, Lot, hand_refusals, shape_refusals
from inspector_app.domain.stock_destruction import (
    StockDestroyed,
    StockEndApproved,
    StockEndAsked,
    StockEndFormConfirmed,
    StockEndReviewed,
    StockEndSigned,
    agreement_refusals,
    count_refusals,
    method_refusals,
    picture_refusals,
    post_refusals,
    presence_refusals,
    signer_refusals,
    standing_of,
    suspicion_refusals,
    turn_refusals,
    twice_refusals,
)
from inspector_app.domain.stock_endings import Ending, StockEnded
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.journal.projections.stock_destruction import stock_approvals
from province.custody import deciding
from province.custody.deciders import decider_refusals
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.custody.receiving import read_kind
from province.custody.stores import ended_lots, lots
from province.journal.rows import DjangoRows

METHOD, BACK = "destruction", "destruction_back"
"""The lists of methods, and of reasons for sending a request back."""
OPEN_STATE = DestructionState.REQUESTED.value


class DestructionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be destroyed of which store: ``typed`` ranges or a ``count``, why (list ``loss``), how and when."""

    organisation: int
    kind: str
    by: int
    cause: str
    method: str
    planned_on: str
    typed: str = ""
    count: int = 0
    location: int = 1


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How a request was carried out; ``picture`` is the photograph's SHA-256 (hex), ``on`` "" for today."""

    method: str
    counted: int
    supervisor: int
    picture: str
    on: str = ""


class _Request(msgspec.Struct, frozen=True):
    """A request on record with its organisation and who agreed so far."""

    row: Row
    organisation: OrganisationSheet
    agreed: Approvals

    @property
    def ask(self) -> str:
        return str(self.row["ask"])

    @property
    def keeper(self) -> int:
        return int(self.row["by"] or 0)

    @property
    def goods(self) -> Goods:
        return Goods(ranges_of(str(self.row["ranges"])), int(self.row["count"] or 0))

    @property
    def asked_on(self) -> str:
        return legal_date(int(self.row["at"] or 0))


# --- the request -----------------------------------------------------------------------------------------------------


def ask_destruction(using: str, request: DestructionRequest) -> StockEndAsked | StockRefused:
    """The keeper asks that stock be destroyed (销毁申请单)."""
    with deciding.deciding(using):
        if find(using, request.organisation) is None:
            return _refuse_ask(using, request, [refusal(StockCode.ORGANISATION_UNKNOWN, current=request.organisation)])
        read = read_kind(request.kind, request.typed, request.count, deciding.today(using))
        if isinstance(read, StockRefusal):
            return _refuse_ask(using, request, [read])
        kind, goods = read
        if found := request_refusals(using, request, kind, goods):
            return _refuse_ask(using, request, found)
        made = _asked(using, request, goods)
        record(using, made)
        return made


def _refuse_ask(using: str, request: DestructionRequest, found: list[StockRefusal]) -> StockRefused:
    sides = Sides(act="ask_destruction", by=request.by, organisation=request.organisation, kind=request.kind)
    return refuse(using, sides, found)


@enforces("G37")
def request_refusals(using: str, request: DestructionRequest, kind: StockKind, goods: Goods) -> list[StockRefusal]:
    """A request names what lies there and stands in no other one, with cause, method and time (Art. 24 (1))."""
    day = deciding.today(using)
    found = keeper_refusals(location_of(using, request.organisation, request.location), request.by)
    found += deciding.reason_refusals("loss", request.cause, day)
    found += deciding.reason_refusals(METHOD, request.method, day)
    found += _plan_refusals(request.planned_on, day)
    place, back = (request.organisation, request.kind, request.location), _came_back(using, request, goods)
    found += shape_refusals(kind, goods) + hand_refusals(_shelf(using, *place, ended=back), goods)
    return found + _twice_asked(using, request, goods)


def _came_back(using: str, request: DestructionRequest, goods: Goods) -> bool:
    """Whether they are numbers vets gave back, which lie on a shelf of their own."""
    back = _shelf(using, request.organisation, request.kind, request.location, ended=True) if goods.ranges else []
    return bool(back) and not hand_refusals(back, goods)


def _shelf(using: str, organisation: int, kind: str, location: int, *, ended: bool) -> list[Lot]:
    return (ended_lots if ended else lots)(using, organisation, kind, location=location)


def _plan_refusals(planned_on: str, day: str) -> list[StockRefusal]:
    wrong = deciding.date_refusals(planned_on)
    if not wrong and (not planned_on or planned_on < day):
        wrong = [refusal(StockCode.DAY_IMPOSSIBLE, current=planned_on, limit=day)]
    return wrong


def _twice_asked(using: str, request: DestructionRequest, goods: Goods) -> list[StockRefusal]:
    """Numbers stand in one open request; of counted goods no more is asked for than lies there."""
    rows = DjangoRows(using).many("stock_end_asks", state=OPEN_STATE)
    place = (request.organisation, request.location, request.kind)
    mine = [row for row in rows if (row["organisation"], row["location"], row["kind"]) == place]
    if goods.ranges:
        again = [row for row in mine if _meets(goods, ranges_of(str(row["ranges"])))]
        return [refusal(StockCode.ASKED_ALREADY, current=str(row["ask"])) for row in again[:1]]
    held = sum(lot.count for lot in lots(using, request.organisation, request.kind, location=request.location))
    together = goods.count + sum(int(row["count"] or 0) for row in mine)
    return [refusal(StockCode.ASKED_ALREADY, current=str(mine[0]["ask"]))] if mine and together > held else []


def _meets(goods: Goods, others: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= end and start <= last for first, last in goods.ranges for start, end in others)


def _asked(using: str, request: DestructionRequest, goods: Goods) -> StockEndAsked:
    return StockEndAsked(
        ask=deciding.name(using, "V", "stock_end_asks"),
        organisation=request.organisation,
        location=request.location,
        kind=request.kind,
        ranges=goods.ranges,
        count=goods.count,
        cause=request.cause,
        method=request.method,
        planned_on=request.planned_on,
        ended=_came_back(using, request, goods),
        by=request.by,
        at=deciding.moment(using),
    )


# --- who agrees ------------------------------------------------------------------------------------------------------


def asked_ends(using: str) -> list[Row]:
    """The requests that are neither carried out nor sent back, the oldest first."""
    return DjangoRows(using).many("stock_end_asks", order="at", state=OPEN_STATE)


def unconfirmed_forms(using: str, ask: str) -> list[Row]:
    """The forms signed on paper that the head has not confirmed yet, the oldest first; one row each."""
    rows = DjangoRows(using).many("stock_end_steps", order="at", ask=ask, step=Step.DEPUTY.value, on_paper=1)
    return [row for row in rows if row["confirmed_by"] is None]


def review(
    using: str, ask: str, *, counted: int, by: int, sent_back: str = "", suspected: bool = False
) -> StockEndReviewed | StockRefused:
    """The head reviews (初审): the request goes on, or back with its reason; a suspected offence is a case."""
    with deciding.deciding(using):
        request = _find(using, ask)
        if request is None:
            return _unknown(using, ask, by)
        found = _reviewing(using, request, by, sent_back=bool(sent_back)) + _open_refusals(request)
        found += suspicion_refusals(sent_back, suspected=suspected)
        if sent_back:
            found += deciding.reason_refusals(BACK, sent_back, deciding.today(using))
        else:
            found += difference_refusals(using, request, counted) + twice_refusals(request.agreed, by)
        if found:
            return _refused(using, "review_destruction", request, by, found)
        due_on = deciding.policy(using).case_due_on(deciding.today(using)) if suspected else ""
        made = StockEndReviewed(ask, counted, sent_back, suspected, due_on, by, deciding.moment(using))
        record(using, made)
        return made


def _reviewing(using: str, request: _Request, by: int, *, sent_back: bool) -> list[StockRefusal]:
    """Sending back gives nothing away: of a keeper who became the head it is done above, or nobody could."""
    if sent_back:
        return decider_refusals(using, request.organisation, by, request.keeper)
    return reviewer_refusals(request.organisation, by, request.keeper)


def approve(using: str, ask: str, *, by: int) -> StockEndApproved | StockRefused:
    """Deputy leader or legal representative agrees at the desk."""
    with deciding.deciding(using):
        request = _find(using, ask)
        if request is None:
            return _unknown(using, ask, by)
        step = standing_of(request.organisation, by)
        found = post_refusals(request.organisation, by) + _open_refusals(request)
        found += turn_refusals(request.agreed) + twice_refusals(request.agreed, by)
        if step is not None and not found and getattr(request.agreed, step.value):
            found.append(refusal(StockCode.RECORD_SETTLED, current=ask))
        if found or step is None:
            return _refused(using, "approve_destruction", request, by, found)
        made = StockEndApproved(ask, step.value, by, deciding.moment(using))
        record(using, made)
        return made


def enter_signed(using: str, ask: str, *, signed_on: str, picture: str, by: int) -> StockEndSigned | StockRefused:
    """The keeper enters the request both have signed and sealed on paper; the head has yet to confirm it."""
    with deciding.deciding(using):
        request = _find(using, ask)
        if request is None:
            return _unknown(using, ask, by)
        found = _keeper_refusals(using, request, by) + _open_refusals(request) + turn_refusals(request.agreed)
        found += signer_refusals(request.organisation, request.agreed) + picture_refusals(picture)
        found += deciding.day_refusals(using, signed_on, earliest=request.asked_on)
        if found:
            return _refused(using, "enter_signed", request, by, found)
        unit, form = request.organisation, deciding.name(using, "W", "stock_end_steps")
        made = StockEndSigned(form, ask, unit.deputy, unit.legal, signed_on, picture, by, deciding.moment(using))
        record(using, made)
        return made


def confirm_signed(using: str, form: str, *, by: int) -> StockEndFormConfirmed | StockRefused:
    """The head saw the signed form; from then on both names count."""
    with deciding.deciding(using):
        step = DjangoRows(using).one("stock_end_steps", record=form, step=Step.DEPUTY.value, on_paper=1)
        request = _find(using, str(step["ask"])) if step is not None else None
        if step is None or request is None:
            return _unknown(using, form, by)
        found = reviewer_refusals(request.organisation, by, int(step["by"] or 0)) + _open_refusals(request)
        if step["confirmed_by"] is not None:
            found.append(refusal(StockCode.RECORD_SETTLED, current=form))
        if found:
            return _refused(using, "confirm_signed", request, by, found)
        made = StockEndFormConfirmed(form, by, deciding.moment(using))
        record(using, made)
        return made


@enforces("G38")
def reviewer_refusals(organisation: OrganisationSheet, by: int, keeper: int) -> list[StockRefusal]:
    """The head reviews what a keeper asks for or enters, another person (Art. 24 (2))."""
    return head_refusals(organisation, by, keeper)


# --- the destruction -------------------------------------------------------------------------------------------------


def destroy(using: str, ask: str, done: Done, *, by: int) -> StockDestroyed | StockRefused:
    """The keeper records that a request was carried out; the stock has ended with it."""
    with deciding.deciding(using):
        request = _find(using, ask)
        if request is None:
            return _unknown(using, ask, by)
        found = _keeper_refusals(using, request, by) + _open_refusals(request)
        found += destroy_refusals(using, request, done, by) if not found else []
        if found:
            return _refused(using, "destroy_stock", request, by, found)
        return _destroyed(using, request, done, by)


def destroy_refusals(using: str, request: _Request, done: Done, by: int) -> list[StockRefusal]:
    """All four agreed, the deputy is there, and request, ledger, count and method are the same."""
    found = agreement_refusals(request.agreed) + presence_refusals(request.agreed, done.supervisor, done.picture, by=by)
    found += method_refusals(str(request.row["method"]), done.method)
    found += deciding.day_refusals(using, done.on or deciding.today(using), earliest=request.asked_on)
    return found + difference_refusals(using, request, done.counted)


@enforces("G41")
def difference_refusals(using: str, request: _Request, counted: int) -> list[StockRefusal]:
    """What is asked for still lies in the store, and is what was counted in hand (Art. 24 (4))."""
    row = request.row
    place = (int(row["organisation"] or 0), str(row["kind"]), int(row["location"] or 0))
    held = _shelf(using, *place, ended=bool(row["ended"]))
    return hand_refusals(held, request.goods) + count_refusals(request.goods.count, counted)


def _destroyed(using: str, request: _Request, done: Done, by: int) -> StockDestroyed:
    ended = _ended(using, request, done, by)
    record(using, ended)
    made = StockDestroyed(
        ask=request.ask,
        ending=ended.ending,
        method=done.method,
        counted=done.counted,
        on=ended.on,
        supervisor=done.supervisor,
        picture=done.picture,
        by=by,
        at=ended.at,
    )
    record(using, made)
    return made


def _ended(using: str, request: _Request, done: Done, by: int) -> StockEnded:
    row = request.row
    return StockEnded(
        ending=deciding.name(using, "E", "stock_endings"),
        organisation=int(row["organisation"] or 0),
        location=int(row["location"] or 0),
        kind=str(row["kind"]),
        ranges=request.goods.ranges,
        count=request.goods.count,
        how=Ending.DESTROYED,
        cause=str(row["cause"]),
        on=done.on or deciding.today(using),
        due_on="",
        shipment="",
        ask=request.ask,
        ledger=deciding.policy(using).ledger_format,
        by=by,
        head=request.agreed.head,
        at=deciding.moment(using),
        ended=bool(row["ended"]),
    )


# --- what the steps share --------------------------------------------------------------------------------------------


def _find(using: str, ask: str) -> _Request | None:
    rows = DjangoRows(using)
    row = rows.one("stock_end_asks", ask=ask)
    organisation = find(using, int(row["organisation"] or 0)) if row is not None else None
    if row is None or organisation is None:
        return None
    return _Request(row, organisation, stock_approvals(rows, row))


def _keeper_refusals(using: str, request: _Request, by: int) -> list[StockRefusal]:
    place = (request.organisation.organisation, int(request.row["location"] or 0))
    return keeper_refusals(location_of(using, *place), by)


def _open_refusals(request: _Request) -> list[StockRefusal]:
    if request.row["state"] == OPEN_STATE:
        return []
    return [refusal(StockCode.RECORD_SETTLED, current=request.ask)]


def _unknown(using: str, name: str, by: int) -> StockRefused:
    sides = Sides(act="destruction", by=by, organisation=0)
    return refuse(using, sides, [refusal(StockCode.RECORD_UNKNOWN, current=name)])


def _refused(using: str, act: str, request: _Request, by: int, found: list[StockRefusal]) -> StockRefused:
    unit, kind = request.organisation.organisation, str(request.row["kind"])
    return refuse(using, Sides(act=act, by=by, organisation=unit, kind=kind), found)
