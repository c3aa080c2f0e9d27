"""Supervision visits the institution records: who may, the ledgers as the province has them, what the station hears."""

from __future__ import annotations

from hashlib import sha256

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspector_app.domain.stock_refusals import StockCode as S
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.domain.verdicts import Judgement
from inspector_app.domain.visits import FindingsRectified, StationVisited
from inspector_app.journal.entries.supervision import RectificationRecorded
from inspector_app.journal.projections import Row
from province import commands
from province.custody.refused import RefusedError
from province.custody.visits import VisitReport, left_of, record_rectified, record_visit
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.standing import standing_of
from province.registry import publishing
from province.violations import violations
from tests.province import work
from tests.province.desks import Desk, county, error_at
from tests.province.drawing import print_one
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    OTHER_COUNTY,
    OTHER_COUNTY_KEEPER,
    found_chain,
)
from tests.province.judged import only, verdicts_on
from tests.province.test_stock import visit

SUPERVISOR = 34
PHOTO = b"\xff\xd8 a cupboard"
REPORT = VisitReport(
    station=STATION,
    organisation=COUNTY,
    by=COUNTY_HEAD,
    findings=("storage_poor", "ledger_wrong"),
    rectify_by="2026-12-21",
    no_picture="too_dark",
)


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions over the stations under test."""
    found_chain(site)
    return site


def recorded(site: Province, **changes: object) -> StationVisited:
    made = record_visit(site.using, msgspec.structs.replace(REPORT, **changes))
    assert isinstance(made, StationVisited), made
    return made


def refused(outcome: object) -> tuple[S, ...]:
    assert isinstance(outcome, StockRefused), outcome
    return outcome.codes


def row_of(site: Province, ref: str) -> Row:
    return DjangoRows(site.using).one("visits", ref=ref) or {}


def ledger(site: Province, name: str) -> tuple[int, int]:
    (one,) = [seen for seen in standing_of(site.using, STATION).ledgers if seen.ledger == name]
    return one.records, one.lacking


# --- the ledgers ----------------------------------------------------------------------------------------------------


def test_the_ledgers_are_those_of_the_station_alone(chain: Province) -> None:
    device, other = chain.enrol(), chain.enrol("二号站", station=OTHER_STATION)
    for _each in range(3):
        work.certify(device)
    device.sync(chain.exchange)
    other.sync(chain.exchange)
    assert ledger(chain, "use") == (3, 0)
    elsewhere = standing_of(chain.using, OTHER_STATION).ledgers
    assert ("use", 0, 0) in [(one.ledger, one.records, one.lacking) for one in elsewhere]
    assert ledger(chain, "stocktake") == (0, 1)
    assert ledger(chain, "keep") == (0, 1)
    seen = standing_of(chain.using, STATION)
    assert len(seen.ledgers) == 7
    assert (seen.blocks_hold, seen.sheets_hold, seen.open_cases) == (True, True, 0)


def test_sheets_that_came_and_lie_there_hold_and_a_lost_row_does_not(chain: Province) -> None:
    device = chain.enrol()
    print_one(device, work.certify(device))
    device.sync(chain.exchange)
    assert standing_of(chain.using, STATION).sheets_hold
    row = DjangoRows(chain.using).many("sheets", device=device.device)[0]
    key = {name: row[name] for name in ("number", "print", "sheet")}
    DjangoRows(chain.using).update("sheets", key, {"state": "destroyed"})
    seen = standing_of(chain.using, STATION)
    assert not seen.sheets_hold
    assert ledger(chain, "destroy") == (1, 1), "destroyed, and no move on record"


# --- recording ------------------------------------------------------------------------------------------------------


def test_a_visit_goes_to_the_station_it_was_paid_to_and_to_no_other(chain: Province) -> None:
    device, other = chain.enrol(), chain.enrol("二号站", station=OTHER_STATION)
    made = recorded(chain)
    device.sync(chain.exchange)
    other.sync(chain.exchange)
    assert [one.kind for one in device.stored if one.kind == "station_visited/1"] == ["station_visited/1"]
    assert not [one for one in other.stored if one.kind == "station_visited/1"]
    assert (made.findings, made.unit) == (("ledger_wrong", "storage_poor"), "机构")
    assert row_of(chain, made.visit)["station"] == STATION
    assert differences(chain.using) == []


@pytest.mark.parametrize("person", [COUNTY_HEAD, COUNTY_KEEPER, SUPERVISOR])
def test_the_head_a_keeper_and_a_supervisor_record_visits(chain: Province, person: int) -> None:
    publishing.grant(chain.using, SUPERVISOR, station=0, posts=("supervisor",))
    assert recorded(chain, by=person).by == person


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": CITY_KEEPER}, S.NOT_OF_INSTITUTION),
        ({"by": 0}, S.NOT_OF_INSTITUTION),
        ({"by": VET}, S.NOT_OF_INSTITUTION),
        ({"organisation": OTHER_COUNTY, "by": OTHER_COUNTY_KEEPER}, S.STATION_NOT_BELOW),
        ({"organisation": 999}, S.ORGANISATION_UNKNOWN),
        ({"rectify_by": ""}, S.TERM_MISSING),
        ({"rectify_by": "2026-11-01"}, S.DAY_IMPOSSIBLE),
        ({"rectify_by": "soon"}, S.DAY_IMPOSSIBLE),
        ({"visited_on": "2099-01-01"}, S.DAY_IMPOSSIBLE),
        ({"findings": ("bad_mood",)}, S.REASON_UNKNOWN),
        ({"findings": ("other",)}, S.REASON_UNKNOWN),
        ({"no_picture": ""}, S.PICTURE_MISSING),
        ({"picture": "photo.jpg"}, S.PICTURE_MISSING),
        ({"no_picture": "bad_mood"}, S.REASON_UNKNOWN),
    ],
)
def test_g48_what_is_no_visit_of_the_institution_is_refused(
    chain: Province, changes: dict[str, object], code: S
) -> None:
    assert refused(record_visit(chain.using, msgspec.structs.replace(REPORT, **changes))) == (code,)
    assert DjangoRows(chain.using).count("visits") == 0


def test_g48_a_grant_that_ended_or_is_of_another_station_lets_nobody_visit(chain: Province) -> None:
    publishing.grant(chain.using, SUPERVISOR, station=OTHER_STATION, posts=("supervisor",))
    report = msgspec.structs.replace(REPORT, by=SUPERVISOR)
    assert refused(record_visit(chain.using, report)) == (S.NOT_OF_INSTITUTION,)
    soon = chain.clock.now().at + 1_000
    publishing.grant(chain.using, SUPERVISOR, station=STATION, posts=("supervisor",), valid_until=soon)
    chain.clock.wait(60)
    assert refused(record_visit(chain.using, report)) == (S.NOT_OF_INSTITUTION,)


def test_a_visit_without_findings_has_no_term(chain: Province) -> None:
    made = recorded(chain, findings=())
    assert (made.findings, made.rectify_by) == ((), "")


def test_findings_of_a_visit_past_their_term_are_violations_of_its_station(chain: Province) -> None:
    made = recorded(chain)
    record_rectified(chain.using, made.visit, ["storage_poor"], by=COUNTY_HEAD)
    chain.clock.wait(40 * 86_400)
    told = [(one.station, one.code, one.overdue) for one in violations(chain.using, station=STATION)]
    assert told == [(STATION, "ledger_wrong", True), (STATION, "storage_poor", False)]
    assert violations(chain.using, station=OTHER_STATION) == []


# --- putting right --------------------------------------------------------------------------------------------------


def test_the_institution_sees_put_right_what_the_station_s_own_record_found_too(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    ref = visit(device, "storage_poor", "ledger_incomplete")
    device.sync(chain.exchange)
    assert isinstance(record_rectified(chain.using, ref, ["storage_poor"], by=CITY_HEAD), FindingsRectified)
    assert left_of(chain.using, row_of(chain, ref)) == ["ledger_incomplete"]
    device.sync(chain.exchange)
    assert device.stored[-1].kind == "findings_rectified/1"


@pytest.mark.parametrize(
    ("findings", "by", "code"),
    [
        (["ledger_wrong"], VET, S.NOT_OF_INSTITUTION),
        (["ledger_wrong"], OTHER_COUNTY_KEEPER, S.NOT_OF_INSTITUTION),
        ([], COUNTY_HEAD, S.NOTHING_TO_RECTIFY),
        (["use_irregular"], COUNTY_HEAD, S.NOTHING_TO_RECTIFY),
        (["storage_poor"], COUNTY_HEAD, S.NOTHING_TO_RECTIFY),
    ],
)
def test_g48_only_what_is_open_is_seen_put_right_by_who_stands_above(
    chain: Province, findings: list[str], by: int, code: S
) -> None:
    made = recorded(chain)
    record_rectified(chain.using, made.visit, ["storage_poor"], by=COUNTY_HEAD)
    assert refused(record_rectified(chain.using, made.visit, findings, by=by)) == (code,)
    assert left_of(chain.using, row_of(chain, made.visit)) == ["ledger_wrong"]


def test_an_unknown_visit_has_nothing_to_put_right(chain: Province) -> None:
    assert refused(record_rectified(chain.using, "99-J0009-ab", ["storage_poor"], by=COUNTY_HEAD)) == (
        S.RECORD_UNKNOWN,
    )


def test_the_station_s_own_word_that_it_put_right_takes_effect(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    made = recorded(chain)
    device.sync(chain.exchange)
    device.record(HEAD, RectificationRecorded(visit=made.visit, findings=["storage_poor"], attachments=[]))
    device.sync(chain.exchange)
    assert verdicts_on(chain, device) == []
    assert left_of(chain.using, row_of(chain, made.visit)) == ["ledger_wrong"]


@pytest.mark.parametrize("invented", [False, True])
def test_nobody_puts_right_what_another_station_was_visited_for(chain: Province, invented: bool) -> None:
    publishing.grant(chain.using, SUPERVISOR, station=OTHER_STATION, posts=("head",))
    other = chain.enrol("二号站", station=OTHER_STATION, people=(SUPERVISOR,))
    made = recorded(chain)
    named = "99-J0777-ab" if invented else made.visit
    other.record(SUPERVISOR, RectificationRecorded(visit=named, findings=["storage_poor"], attachments=[]))
    assert only(chain, other) == (Judgement.REFERENCE_UNKNOWN, False, False)
    assert len(left_of(chain.using, row_of(chain, made.visit))) == 2


# --- at the desk ----------------------------------------------------------------------------------------------------

TYPED = {"organisation": str(COUNTY), "findings": "storage_poor", "rectify_by": "2026-12-21"}


def test_a_visit_is_recorded_at_the_desk_and_then_put_right(chain: Province) -> None:
    chain.enrol()
    desk = county(chain)
    assert "从来没有" not in desk.get("visits/new/")
    page = desk.post(f"visits/new/{STATION}/", **TYPED, no_picture="too_dark")
    (row,) = DjangoRows(chain.using).many("visits")
    assert "保管条件不合格" in page
    assert "现场光线不足" in page
    assert (row["by"], row["findings"]) == (COUNTY_KEEPER, '["storage_poor"]')
    assert str(row["ref"]) in desk.get("visits/")
    right = desk.post(f"visits/one/?visit={row['ref']}", findings="storage_poor")
    assert "登记整改" not in right
    assert left_of(chain.using, row) == []


def test_a_photograph_leaves_its_digest(chain: Province) -> None:
    picture = SimpleUploadedFile("cupboard.jpg", PHOTO)
    county(chain).client.post(f"/desk/visits/new/{STATION}/", TYPED | {"picture": picture})
    (row,) = DjangoRows(chain.using).many("visits")
    assert row["attachments"] == f'["{sha256(PHOTO).hexdigest()}"]'
    assert not row["no_picture"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({}, "picture", "YJ-8124"),
        ({"rectify_by": "", "no_picture": "too_dark"}, "rectify_by", "YJ-8123"),
        ({"visited_on": "2099-01-01", "no_picture": "too_dark"}, "visited_on", "YJ-"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    chain: Province, changes: dict[str, str], field: str, code: str
) -> None:
    page = county(chain).post(f"visits/new/{STATION}/", **(TYPED | changes))
    assert code in error_at(page, field)
    assert DjangoRows(chain.using).count("visits") == 0


def test_a_stranger_is_offered_no_station_and_no_form_of_rectification(chain: Province) -> None:
    made = recorded(chain)
    stranger = Desk(chain, OTHER_COUNTY_KEEPER)
    assert f"visits/new/{STATION}/" not in stranger.get("visits/new/")
    assert "登记整改" not in stranger.get(f"visits/one/?visit={made.visit}")
    assert error_at(stranger.post(f"visits/new/{STATION}/", **TYPED), "organisation")
    stranger.get("visits/one/?visit=99-J0777-ab", status=404)
    stranger.get("visits/new/999/", status=404)


# --- on the command line --------------------------------------------------------------------------------------------


def run(*typed: str) -> dict[str, object]:
    arguments = commands.parser().parse_args(list(typed))
    answer: dict[str, object] = arguments.run(arguments)
    return answer


def test_the_command_records_a_visit_and_what_was_put_right(chain: Province) -> None:
    place = ("--station", str(STATION), "--organisation", str(CITY), "--by", str(CITY_HEAD))
    told = run("visit", *place, "--finding", "storage_poor", "--term", "2026-12-21", "--no-picture", "too_dark")
    right = run("rectified", str(told["visit"]), "--finding", "storage_poor", "--by", str(CITY_HEAD))
    assert (right["visit"], right["station"]) == (told["visit"], STATION)
    assert left_of(chain.using, row_of(chain, str(told["visit"]))) == []


def test_the_command_says_why_a_visit_was_not_recorded(chain: Province) -> None:
    place = ("--station", str(STATION), "--organisation", str(CITY), "--by", str(COUNTY_HEAD))
    with pytest.raises(RefusedError):
        run("visit", *place, "--no-picture", "too_dark")
