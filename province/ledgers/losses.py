"""Every loss of the province and how far up it has come (遗失上报): station, county, city, province."""

from __future__ import annotations

import msgspec
from django.db import transaction

from inspector_app.clock import legal_date
from inspector_app.domain.documents import sign_document
from inspector_app.domain.losses import Level, LossPassed, next_level
from inspector_app.domain.organisations import is_inside
from inspector_app.domain.rules import enforces
from inspector_app.errors import StationError
from inspector_app.journal.projections import Row, project_document
from inspector_app.journal.projections.losses import CONCLUDED, PASSED, PUBLISHED
from province import provinces
from province.journal import feed
from province.journal.read_once import ReadOnceRows
from province.journal.rows import DjangoRows
from province.registry.models import Station


class LossState(msgspec.Struct, frozen=True, kw_only=True):
    """One loss: what and whose, the levels that took it up with their days, and the level it waits for ("": none)."""

    loss: str
    station: int
    what: str
    kind: str
    first: str
    last: str
    cause: str
    told_on: str
    published: bool
    concluded: bool
    passed: dict[str, str]
    waits_for: str


def loss_states(using: str) -> list[LossState]:
    """Every loss told to the province, the latest first."""
    rows = ReadOnceRows(using, "loss_steps")
    stations = {row["device"]: int(row["station"] or 0) for row in rows.many("journals")}
    return [_state(rows, row, stations.get(row["device"], 0)) for row in rows.many("losses", order="at")[::-1]]


def _state(rows: DjangoRows, row: Row, station: int) -> LossState:
    steps = rows.many("loss_steps", order="at", loss=row["ref"])
    passed = {str(step["to_whom"]): legal_date(int(step["at"] or 0)) for step in steps if step["step"] == PASSED}
    done = {str(step["step"]) for step in steps}
    return LossState(
        loss=str(row["ref"]),
        station=station,
        what=str(row["what"]),
        kind=str(row["kind"] or ""),
        first=str(row["first"]),
        last=str(row["last"]),
        cause=str(row["cause"]),
        told_on=legal_date(int(row["at"] or 0)),
        published=PUBLISHED in done,
        concluded=CONCLUDED in done,
        passed=passed,
        waits_for=next_level(set(passed)) or "",
    )


def pass_on(using: str, loss: str, level: str, *, by: int = 0) -> LossState:
    """A level takes a loss up, by this roster number; its station hears of it.

    StationError ``loss.unknown``, ``loss.level_wrong`` or, from who does not speak for it, ``loss.level_foreign``.
    """
    with transaction.atomic(using=using):
        feed.lock_state(using)
        state = next((one for one in loss_states(using) if one.loss == loss), None)
        if state is None:
            raise StationError("loss.unknown", loss=loss)
        if wrong := wrong_level(state, level):
            raise StationError("loss.level_wrong", level=level, next=wrong)
        if not speaks_for(using, state.station, level, by):
            raise StationError("loss.level_foreign", level=level, by=by)
        now = provinces.of(using).clock.now().at
        told = LossPassed(loss, level, now, by)
        feed.publish(using, sign_document(told, provinces.of(using).keys.server), feed.Audience(state.station), now)
        rows = DjangoRows(using)
        project_document(told, rows)
    return next(one for one in loss_states(using) if one.loss == loss)


def speaks_for(using: str, station: int, level: str, by: int) -> bool:
    """Whether who acts is head or keeper of an organisation of this level in whose area the station lies.

    Where no organisation is registered yet there is nobody to ask.
    """
    rows = DjangoRows(using)
    organisations = rows.many("organisations")
    if not organisations:
        return True
    area = Station.objects.using(using).filter(number=station).values_list("area", flat=True).first() or 0
    keeps = {row["organisation"] for row in rows.many("stock_locations", keeper=by)} if by else set()
    return any(
        row["level"] == level
        and is_inside(area, int(row["area"] or 0))
        and (bool(by) and (row["head"] == by or row["organisation"] in keeps))
        for row in organisations
    )


@enforces("G46")
def wrong_level(state: LossState, level: str) -> str | None:
    """The level whose turn it is, where that is another one: a loss goes up level by level (GX-2014 Art. 26)."""
    if level == state.waits_for:
        return None
    return state.waits_for or Level.PROVINCE.value
