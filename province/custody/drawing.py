"""The last step, from a county's store to a station: a draw (领用), decided under all rules of custody.

Rules of stock and people are asked here; that no number is drawn twice is :func:`province.numbers.custody.draw`, which
signs. A draw over the cap is asked for by the keeper and waits for the
head. Only stations registered as a using unit come here; others draw as :mod:`province.numbers.custody` says.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.organisations import (
    OrganisationSheet,
    filing_refusals,
    head_refusals,
    keeper_refusals,
    unit_refusals,
)
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import (
    DrawAsked,
    DrawDecided,
    DrawDeclined,
    Goods,
    Lot,
    fee_refusals,
    format_refusals,
    hand_refusals,
    left_of,
    order_refusals,
    propose,
    shape_refusals,
    size_of,
    span,
    take_oldest,
)
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, in_order, refusal
from inspector_app.domain.usage import Use, cap_refusals, draw_cap
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.openings import lines_meeting
from inspector_app.journal.projections.stock import ASKED
from province.custody import deciding
from province.custody.deciders import decider_refusals
from province.custody.deciding import Sides, record, record_by_authority, refuse
from province.custody.distributing import categories
from province.custody.draw_sides import holder_refusals, untaken_refusals, unused
from province.custody.emergencies import open_emergencies
from province.custody.fees import owed_by
from province.custody.organisations import find, location_of, of_station
from province.custody.receiving import read_kind
from province.custody.stores import ended_lots, lots_to_draw
from province.custody.using import use_of
from province.journal.rows import DjangoRows
from province.numbers import custody as numbers
from province.numbers.models import DrawnRange


class DrawRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a county's keeper lets a station, or one vet (``holder``) of it, draw: one range, or a count.

    ``reason`` is why it may be more than the cap; ``emergency`` names the request of a station that has run out.
    """

    station: int
    kind: str
    by: int
    typed: str = ""
    count: int = 0
    holder: int = 0
    location: int = 1
    reason: str = ""
    emergency: str = ""
    ledger: str = ""


class _Case(msgspec.Struct, frozen=True):
    """A request with everything it is judged by."""

    request: DrawRequest
    unit: OrganisationSheet
    giver: OrganisationSheet
    goods: Goods
    use: Use
    cap: int
    unused: int


def draw(using: str, request: DrawRequest) -> DrawnRange | DrawAsked | StockRefused:
    """Draw, or ask the head where it is more than the cap and a reason is given.

    NumbersError as :func:`province.numbers.custody.draw`; StationError without the authority key.
    """
    with deciding.deciding(using):
        case = _case(using, request)
        if isinstance(case, StockRefused):
            return case
        found = _refusals(using, case)
        left = 0 if _is_urgent(using, case) else case.unused  # who has run out is not held to what lies elsewhere
        over = cap_refusals(case.goods.count, case.cap, unused=left, approved=False)
        if found := [*found, *_unexcused(using, request, over)]:
            return refuse(using, _sides(case), found)
        return _ask(using, case) if over else _carry_out(using, case)


def _unexcused(using: str, request: DrawRequest, over: list[StockRefusal]) -> list[StockRefusal]:
    """More than the cap goes to the head where a reason of the list is given."""
    if not over or not request.reason:
        return over
    wrong = deciding.reason_refusals("over_cap", request.reason, deciding.today(using))
    return [*wrong, *over] if wrong else []


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    """What a draw would be judged by before it is asked for: what is on hand, use, cap, what stands against it."""

    giver: int
    receiver: int
    on_hand: int
    use: Use
    cap: int
    unused: int
    proposed: tuple[tuple[str, str], ...]
    refusals: tuple[StockRefusal, ...]


def prospect(using: str, request: DrawRequest) -> Prospect | None:
    """The figures of a draw nobody has asked for yet; None for a station under no organisation."""
    unit = of_station(using, request.station)
    giver = find(using, unit.superior) if unit is not None else None
    if unit is None or giver is None:
        return None
    policy = deciding.policy(using)
    held = lots_to_draw(using, giver.organisation, request.kind, location=request.location)
    use = use_of(using, request.kind, policy.day, policy.draw_months, station=request.station, vet=request.holder)
    cap = draw_cap(use, policy.draw_quota_new)
    left = unused(using, request.kind, request.station, request.holder)
    return Prospect(
        giver=giver.organisation,
        receiver=unit.organisation,
        on_hand=sum(lot.count for lot in held),
        use=use,
        cap=cap,
        unused=left,
        proposed=propose(held, request.count or max(cap - left, 0)),
        refusals=in_order(_side_refusals(using, request, unit, giver)),
    )


def waiting(using: str) -> list[Row]:
    """The draws over the cap that wait for a head, the oldest first."""
    return DjangoRows(using).many("draw_asks", state=ASKED, order="at")


def confirm(using: str, ask: str, *, by: int) -> DrawnRange | StockRefused:
    """The head lets a draw over the cap happen; every other rule is asked again."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("draw_asks", ask=ask)
        case = _case(using, _request_of(row)) if row is not None else None
        if row is None or case is None or isinstance(case, StockRefused):
            return case if isinstance(case, StockRefused) else _unknown(using, ask, by)
        found = head_refusals(case.giver, by, case.request.by) + _refusals(using, case)
        if row["state"] != ASKED:
            found.append(refusal(StockCode.RECORD_SETTLED, current=ask))
        if found:
            return refuse(using, _sides(case), found)
        return _carry_out(using, case, ask=ask, head=by)


def decline(using: str, ask: str, *, by: int) -> DrawDeclined | StockRefused:
    """The head does not let it happen; of a request by who is the head since, who decides above does not."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("draw_asks", ask=ask)
        giver = find(using, int(row["giver"] or 0)) if row is not None else None
        if row is None or giver is None:
            return _unknown(using, ask, by)
        found = decider_refusals(using, giver, by, int(row["by"] or 0))
        if row["state"] != ASKED:
            found.append(refusal(StockCode.RECORD_SETTLED, current=ask))
        if found:
            sides = Sides(act="decline", by=by, organisation=giver.organisation, kind=str(row["kind"]))
            return refuse(using, sides, found)
        made = DrawDeclined(ask, by, deciding.moment(using))
        record(using, made)
        return made


def _unknown(using: str, ask: str, by: int) -> StockRefused:
    sides = Sides(act="confirm_draw", by=by, organisation=0)
    return refuse(using, sides, [refusal(StockCode.RECORD_UNKNOWN, current=ask)])


def _request_of(row: Row) -> DrawRequest:
    """The request a draw was asked for with; its range stands as it was asked for."""
    return DrawRequest(
        station=int(row["station"] or 0),
        kind=str(row["kind"]),
        by=int(row["by"] or 0),
        typed=f"{row['first']}-{row['last']}",
        holder=int(row["holder"] or 0),
        location=int(row["location"] or 0),
        reason=str(row["reason"]),
        emergency=str(row["emergency"]),
        ledger=str(row["ledger"]),
    )


def _case(using: str, request: DrawRequest) -> _Case | StockRefused:
    """The request read, its range proposed where only a count was typed."""
    day = deciding.today(using)
    unit = of_station(using, request.station)
    giver = find(using, unit.superior) if unit is not None else None
    if unit is None or giver is None:
        return _unread(using, request, 0, [refusal(StockCode.ORGANISATION_UNKNOWN, current=request.station)])
    goods = _goods(using, request, giver)
    if isinstance(goods, StockRefusal):
        found = _side_refusals(using, request, unit, giver) + _debts(using, unit, request)
        return _unread(using, request, giver.organisation, [*found, goods])
    policy = deciding.policy(using)
    use = use_of(using, request.kind, day, policy.draw_months, station=request.station, vet=request.holder)
    left = unused(using, request.kind, request.station, request.holder)
    return _Case(request, unit, giver, goods, use, draw_cap(use, policy.draw_quota_new), left)


def _goods(using: str, request: DrawRequest, giver: OrganisationSheet) -> Goods | StockRefusal:
    read = read_kind(request.kind, request.typed, request.count, deciding.today(using))
    if isinstance(read, StockRefusal) or read[1].ranges or read[1].count <= 0:
        return read if isinstance(read, StockRefusal) else read[1]
    return take_oldest(lots_to_draw(using, giver.organisation, request.kind, location=request.location), read[1].count)


def _unread(using: str, request: DrawRequest, giver: int, found: list[StockRefusal]) -> StockRefused:
    return refuse(using, Sides(act="draw", by=request.by, organisation=giver, kind=request.kind), found)


def _refusals(using: str, case: _Case) -> list[StockRefusal]:
    """Everything but the cap."""
    sides = _side_refusals(using, case.request, case.unit, case.giver)
    return sides + _debt_refusals(using, case) + _goods_refusals(using, case)


def _side_refusals(
    using: str, request: DrawRequest, unit: OrganisationSheet, giver: OrganisationSheet
) -> list[StockRefusal]:
    """What stands against it whatever is drawn: who decides, who draws, in which format."""
    day, in_force = deciding.today(using), deciding.policy(using).ledger_format
    found = keeper_refusals(location_of(using, giver.organisation, request.location), request.by)
    found += holder_refusals(using, request.station, request.kind, holder=request.holder, by=request.by)
    found += unit_refusals(unit) + filing_refusals(unit, day, categories(day))
    found += format_refusals(request.ledger or in_force, in_force)
    if request.emergency and not _is_emergency(using, request):
        found.append(refusal(StockCode.RECORD_UNKNOWN, current=request.emergency))
    return found


def _debt_refusals(using: str, case: _Case) -> list[StockRefusal]:
    """What is still owed of earlier draws: fees, stubs, old sheets.

    None of it stands against what a station that has run out is short of: refusing a batch that passed is an offence
    (APL Art. 89). Whatever is drawn beyond that is an ordinary draw.
    """
    return [] if _is_urgent(using, case) else _debts(using, case.unit, case.request)


def _debts(using: str, unit: OrganisationSheet, request: DrawRequest) -> list[StockRefusal]:
    old = [
        refusal(StockCode.SHEETS_OUTSTANDING, draw=one.draw, current=one.sheets)
        for one in numbers.unsettled(using, request.kind, request.station)
    ]
    found = fee_refusals(owed_by(using, unit.organisation)) + untaken_refusals(using, request.kind, request.station)
    return found + stub_refusals(using, request.kind, request.station) + old


def _is_urgent(using: str, case: _Case) -> bool:
    """Whether no more is drawn than the request named is short of beyond what contact alone will bring."""
    if not _is_emergency(using, case.request):
        return False
    asked = (one for one in open_emergencies(using) if one.request == case.request.emergency)
    return any(case.goods.count <= one.short - one.room for one in asked)


def _is_emergency(using: str, request: DrawRequest) -> bool:
    rows = DjangoRows(using)
    asked = rows.one("block_requests", ref=request.emergency)
    device = rows.one("devices", device=asked["device"]) if asked is not None else None
    urgent = asked is not None and bool(asked["emergency"]) and asked["kind"] == request.kind
    return urgent and device is not None and device["station"] == request.station


def _goods_refusals(using: str, case: _Case) -> list[StockRefusal]:
    request, goods = case.request, case.goods
    kind = deciding.kind_of(request.kind, deciding.today(using))
    if isinstance(kind, StockRefusal):
        return [kind]
    if len(goods.ranges) > 1:
        first, last = goods.ranges[0]
        return [refusal(StockCode.ONE_RANGE_EACH, limit=size_of([(first, last)]), current=f"{first}–{last}")]
    if dead := dead_refusals(using, request.kind, goods):
        return dead
    held = lots_to_draw(using, case.giver.organisation, request.kind, location=request.location)
    if dead := back_for_good(using, case.giver.organisation, request, goods, held):
        return dead
    return shape_refusals(kind, goods) + hand_refusals(held, goods) + order_refusals(held, goods, excused=False)


@enforces("G31", "G47")
def back_for_good(
    using: str, giver: int, request: DrawRequest, goods: Goods, held: Sequence[Lot]
) -> list[StockRefusal]:
    """What vets gave back is drawn again only as sheets that bear their numbers, counted in and not dead since."""
    back = ended_lots(using, giver, request.kind, location=request.location)
    for lot in left_of(back, [(one.first, one.last) for one in held]):
        for first, last in goods.ranges:
            if lot.touches(first, last):
                return [refusal(StockCode.BACK_FOR_GOOD, current=span(max(lot.first, first), min(lot.last, last)))]
    return []


@enforces("G33", "G47")
def dead_refusals(using: str, kind: str, goods: Goods) -> list[StockRefusal]:
    """Numbers that a station took over as lost, used or given back are drawn by nobody (Art. 22, 23 (3), 26)."""
    rows = DjangoRows(using)
    lines = [line for first, last in goods.ranges for line in lines_meeting(rows, kind, first, last)]
    return [
        refusal(StockCode.ENDED_BEFORE, current=span(str(line["first"]), str(line["last"])), station=_home(rows, line))
        for line in lines[:1]
    ]


def _home(rows: DjangoRows, line: Row) -> int:
    home = rows.one("journals", device=line["device"]) or {}
    return int(home.get("station") or 0)


@enforces("G09")
def stub_refusals(using: str, kind: str, station: int) -> list[StockRefusal]:
    """Old stubs come back before new numbers go out (缴旧领新, GX-2014 Art. 10), but of the draws still in arrears.

    By dated policy a stub is settled when it is on file at the station, or only when it was handed in.
    """
    open_stubs = outstanding_stubs(using, kind, station)
    if not open_stubs:
        return []
    draw = open_stubs[0][0]
    return [refusal(StockCode.STUBS_OUTSTANDING, draw=draw, current=sum(one == draw for one, _row in open_stubs))]


def outstanding_stubs(using: str, kind: str, station: int) -> list[tuple[str, Row]]:
    """The stubs that stand in the way of a draw, each with the draw it came from."""
    return [(one.draw, row) for one in numbers.old_sheets(using, kind, station) for row in one.stubs]


def _ask(using: str, case: _Case) -> DrawAsked:
    request, (first, last) = case.request, case.goods.ranges[0]
    made = DrawAsked(
        ask=deciding.name(using, "Q", "draw_asks"),
        giver=case.giver.organisation,
        location=request.location,
        station=request.station,
        holder=request.holder,
        kind=request.kind,
        first=first,
        last=last,
        reason=request.reason,
        emergency=request.emergency,
        ledger=request.ledger,
        by=request.by,
        at=deciding.moment(using),
    )
    record(using, made)
    return made


def _carry_out(using: str, case: _Case, *, ask: str = "", head: int = 0) -> DrawnRange:
    request, (first, last) = case.request, case.goods.ranges[0]
    whose = {"station": request.station, "holder": request.holder}
    drawn = numbers.draw(using, request.kind, first, last, **whose, emergency=_is_urgent(using, case))
    decided = DrawDecided(
        draw=drawn.draw,
        giver=case.giver.organisation,
        location=request.location,
        receiver=case.unit.organisation,
        recent=case.use.recent,
        coming=case.use.coming,
        cap=case.cap,
        unused=case.unused,
        reason=request.reason if head else "",
        emergency=request.emergency,
        ask=ask,
        ledger=deciding.policy(using).ledger_format,
        by=request.by,
        head=head,
        at=deciding.moment(using),
    )
    record_by_authority(using, decided)
    return drawn


def _sides(case: _Case) -> Sides:
    return Sides(
        act="draw",
        by=case.request.by,
        organisation=case.giver.organisation,
        counterpart=case.unit.organisation,
        kind=case.request.kind,
    )
