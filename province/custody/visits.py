"""Supervision visits the institution's own person records (监督检查): findings with a term, and what was put right.

The station hears of both and has them beside what it recorded itself (GX-2014 Art. 27).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from inspector_app.domain.authority import Post
from inspector_app.domain.organisations import Line, OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.domain.visits import FindingsRectified, StationVisited
from inspector_app.journal.projections import Row
from province import reference
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, stations_below
from province.journal.judging.earlier import place_of
from province.journal.rows import DjangoRows
from province.ledgers.standing import standing_of
from province.registry.models import PublishedGrant

FINDINGS, NO_PICTURE = "supervision_finding", "no_picture"
_SHA256 = 64


class VisitReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a visit; ``visited_on`` "" is today, ``rectify_by`` a legal day where there are findings.

    ``picture`` is the SHA-256 (hex) of the photograph, or ``no_picture`` the reason why there is none.
    """

    station: int
    organisation: int
    by: int
    findings: tuple[str, ...] = ()
    rectify_by: str = ""
    visited_on: str = ""
    picture: str = ""
    no_picture: str = ""


def record_visit(using: str, report: VisitReport) -> StationVisited | StockRefused:
    """Record a visit with the ledgers as the province has them; the station is told."""
    with deciding.deciding(using):
        unit, day = find(using, report.organisation), report.visited_on or deciding.today(using)
        found = [*party_refusals(using, report.station, unit, report.by), *report_refusals(using, report, day)]
        if found or unit is None:
            sides = Sides(act="visit", by=report.by, organisation=report.organisation, counterpart=report.station)
            return refuse(using, sides, found)
        made = _made(using, report, unit, day)
        record(using, made, station=report.station)
        return made


def _made(using: str, report: VisitReport, unit: OrganisationSheet, day: str) -> StationVisited:
    seen = standing_of(using, report.station)
    findings = tuple(sorted(set(report.findings)))
    return StationVisited(
        visit=deciding.name(using, "J", "visits"),
        station=report.station,
        organisation=report.organisation,
        unit=unit.name,
        visited_on=day,
        findings=findings,
        rectify_by=report.rectify_by if findings else "",
        ledgers=seen.ledgers,
        blocks_hold=seen.blocks_hold,
        sheets_hold=seen.sheets_hold,
        open_cases=seen.open_cases,
        picture=report.picture,
        no_picture="" if report.picture else report.no_picture,
        by=report.by,
        at=deciding.moment(using),
    )


@enforces("G48")
def party_refusals(using: str, station: int, unit: OrganisationSheet | None, by: int) -> list[StockRefusal]:
    """An institution visits the stations below it, by its head, a keeper of its stores or a granted supervisor."""
    if unit is None or unit.line != Line.INSTITUTION:
        return [refusal(StockCode.ORGANISATION_UNKNOWN, current=unit.organisation if unit else "")]
    found = []
    if station not in stations_below(using, unit.organisation):
        found.append(refusal(StockCode.STATION_NOT_BELOW, current=station, limit=unit.organisation))
    if not acts_for(using, unit.organisation, by) and not is_supervisor(using, station, by):
        found.append(refusal(StockCode.NOT_OF_INSTITUTION, current=by or "", limit=unit.organisation))
    return found


def acts_for(using: str, organisation: int, person: int) -> bool:
    """Whether somebody heads an organisation or keeps a store of it."""
    unit = find(using, organisation)
    kept = DjangoRows(using).many("stock_locations", organisation=organisation, keeper=person) if person else []
    return bool(person and unit) and (bool(kept) or (unit is not None and unit.head == person))


def is_supervisor(using: str, station: int, person: int) -> bool:
    """Whether the grant that counts now lets somebody supervise this station."""
    now = deciding.moment(using)
    begun = PublishedGrant.objects.using(using).filter(person_id=person, valid_from__lte=now)
    given = begun.order_by("-ordinal").first()
    if given is None or given.valid_until < now:
        return False
    return Post.SUPERVISOR in given.posts and given.station in (0, station)


@enforces("G48")
def report_refusals(using: str, report: VisitReport, day: str) -> list[StockRefusal]:
    """A visit has its day, findings of the list with a term, and a photograph or the reason for none."""
    found = deciding.day_refusals(using, day)
    listed = codes_of_findings(deciding.today(using))
    found += [refusal(StockCode.REASON_UNKNOWN, current=code) for code in report.findings if code not in listed]
    if report.findings and not found:
        found += _term_refusals(report.rectify_by, day)
    return found + _picture_refusals(using, report)


def codes_of_findings(day: str) -> list[str]:
    """The findings that say everything by themselves: what needs words stays on the institution's own paper."""
    return [row.code for row in reference.catalogue().reasons(FINDINGS, day) if not row.needs_note]


def _term_refusals(term: str, day: str) -> list[StockRefusal]:
    if not term:
        return [refusal(StockCode.TERM_MISSING)]
    wrong = deciding.date_refusals(term)
    return wrong or ([refusal(StockCode.DAY_IMPOSSIBLE, current=term, limit=day)] if term < day else [])


def _picture_refusals(using: str, report: VisitReport) -> list[StockRefusal]:
    if report.picture:
        return [] if len(report.picture) == _SHA256 else [refusal(StockCode.PICTURE_MISSING)]
    if not report.no_picture:
        return [refusal(StockCode.PICTURE_MISSING)]
    return deciding.reason_refusals(NO_PICTURE, report.no_picture, deciding.today(using))


# --- putting right --------------------------------------------------------------------------------------------------


def record_rectified(using: str, visit: str, findings: Sequence[str], *, by: int) -> FindingsRectified | StockRefused:
    """The institution saw that findings of a visit were put right; the station is told."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("visits", ref=visit)
        station = station_of(using, row) if row is not None else 0
        if found := rectified_refusals(using, row, visit, findings, by):
            return refuse(using, Sides(act="rectified", by=by, organisation=0, counterpart=station), found)
        made = FindingsRectified(
            rectification=deciding.name(using, "Z", "rectifications"),
            visit=visit,
            station=station,
            findings=tuple(sorted(set(findings))),
            by=by,
            at=deciding.moment(using),
        )
        record(using, made, station=station)
        return made


@enforces("G48")
def rectified_refusals(
    using: str, visit: Row | None, name: str, findings: Sequence[str], by: int
) -> list[StockRefusal]:
    """Only what a visit found and nobody put right yet, said by somebody of an institution above the station."""
    if visit is None:
        return [refusal(StockCode.RECORD_UNKNOWN, current=name)]
    found = []
    if not speaks_above(using, station_of(using, visit), by):
        found.append(refusal(StockCode.NOT_OF_INSTITUTION, current=by or "", limit=""))
    left = left_of(using, visit)
    if not findings or not set(findings) <= set(left):
        found.append(refusal(StockCode.NOTHING_TO_RECTIFY, current="、".join(sorted(set(findings) - set(left)))))
    return found


def speaks_above(using: str, station: int, person: int) -> bool:
    """Whether somebody belongs to an institution above a station, or may supervise it."""
    return is_supervisor(using, station, person) or any(acts_for(using, one, person) for one in above(using, station))


def above(using: str, station: int) -> list[int]:
    """The institutions above a station, the nearest first; none for a station that is no using unit."""
    unit: Row = DjangoRows(using).one("organisations", station=station) or {}
    found: list[int] = []
    while upper := int(unit.get("superior") or 0):
        found.append(upper)
        unit = DjangoRows(using).one("organisations", organisation=upper) or {}
    return found


def station_of(using: str, visit: Row) -> int:
    """The station a visit was paid to, whoever recorded it."""
    home: Row = DjangoRows(using).one("journals", device=place_of(str(visit["ref"]))[0]) or {}
    return int(visit["station"] or home.get("station") or 0)


def left_of(using: str, visit: Row) -> list[str]:
    """The findings of a visit that nobody has put right yet."""
    done = {code for row in DjangoRows(using).many("rectifications", visit=visit["ref"]) for code in codes_in(row)}
    return [code for code in codes_in(visit) if code not in done]


def codes_in(row: Row) -> list[str]:
    """The findings a row lists."""
    listed: Any = row["findings"]
    return msgspec.json.decode(str(listed), type=list[str])
