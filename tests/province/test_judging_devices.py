"""Judging by the device's licence, clock and policy; what retention lets go."""

from __future__ import annotations

import pytest

from inspector_app.clock import day_start
from inspector_app.config import read_resource
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.devices import (
    RetentionApplied,
)
from province.journal.judging.case import Court
from province.journal.models import EntryPrivate
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import OTHER_STATION, Province
from tests.province.judged import (
    only,
    required,
    sampled,
    verdicts_on,
)
from tests.sync.fakes import FakeDevice

J = Judgement


# --- the device's licence, its clock, its policy --------------------------------------------------------------------


@pytest.fixture
def in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The province judges as one that is not practice; everything else in its world stays."""
    monkeypatch.setattr(Court, "practice", False)


@pytest.mark.usefixtures("in_earnest")
def test_outside_practice_a_licensed_terminal_issues_in_silence(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    assert verdicts_on(province, device) == []


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("told", [True, False])
def test_outside_practice_a_licence_that_ended_is_missed(province: Province, told: bool) -> None:
    device = province.enrol()
    publishing.license_device(province.using, device.device, days=-1)
    if told:
        device.sync(province.exchange)
    work.certify(device)
    assert only(province, device) == (J.NO_TERMINAL_LICENCE, not told, False)


@pytest.mark.usefixtures("in_earnest")
def test_a_licence_renewed_since_does_not_undo_what_was_done_under_the_last(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    province.clock.wait(3600)
    publishing.license_device(province.using, device.device)
    assert verdicts_on(province, device) == []


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("behind_s", [1, 600])
def test_a_slow_clock_issues_under_the_licence_before_the_renewed_one(province: Province, behind_s: int) -> None:
    device = province.enrol()
    province.clock.wait(3600)
    publishing.license_device(province.using, device.device)
    device.sync(province.exchange)
    device.clock = type(province.clock)(province.clock.at - behind_s * 1000)
    work.certify(device)
    device.clock = province.clock
    assert verdicts_on(province, device) == []


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("told", [True, False])
def test_a_licence_taken_back_is_not_saved_by_the_one_before(province: Province, told: bool) -> None:
    device = province.enrol()
    province.clock.wait(3600)
    publishing.license_device(province.using, device.device, days=-1)
    if told:
        device.sync(province.exchange)
    province.clock.wait(60)
    work.certify(device)
    assert only(province, device) == (J.NO_TERMINAL_LICENCE, not told, False)


@pytest.mark.parametrize(
    ("to_midnight", "ahead_minutes", "expected"),
    [(1, 5, []), (1, 6, [(J.CLOCK_AHEAD, True, True)]), (6, 7, [(J.CLOCK_AHEAD, True, False)])],
)
def test_a_clock_some_minutes_ahead_at_midnight_makes_no_disputed_paper(
    province: Province, to_midnight: int, ahead_minutes: int, expected: list[tuple[Judgement, bool, bool]]
) -> None:
    province.clock.at = day_start("2026-11-23") - to_midnight * 60_000
    device = province.enrol()
    device.clock = type(province.clock)(province.clock.at + ahead_minutes * 60_000)
    work.certify(device)
    device.clock = province.clock
    found = [(Judgement(one.code), one.followed, one.holds) for one in verdicts_on(province, device)]
    assert found == expected


@pytest.mark.parametrize(("ahead_s", "holds"), [(600, True), (2 * 86_400, False)])
def test_a_clock_ahead_blames_nobody(province: Province, ahead_s: int, holds: bool) -> None:
    device = province.enrol()
    device.clock = type(province.clock)(province.clock.at + ahead_s * 1000)
    work.certify(device)
    device.clock = province.clock
    assert only(province, device) == (J.CLOCK_AHEAD, True, holds)


def test_a_policy_the_device_could_not_know_blames_nobody(province: Province) -> None:
    device = province.enrol()
    made_under, body = "2026-01", read_resource("catalogue/policy.toml").decode()
    publishing.publish_policy(province.using, made_under, body)
    shorter = body.replace('name = "validity_days_max"\nvalue = 5', 'name = "validity_days_max"\nvalue = 1')
    assert shorter != body
    province.clock.wait(1)
    publishing.publish_policy(province.using, "2026-02", shorter)
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    sampled(device, inspection, required(province), "negative")
    work.issue(device, inspection, declaration, kind="A", policy=made_under)
    assert only(province, device) == (J.VALIDITY_TOO_LONG, True, False)


# --- retention ------------------------------------------------------------------------------------------------------


TWO_YEARS_S = 731 * 86_400


def parts_of(province: Province, device: FakeDevice) -> int:
    return EntryPrivate.objects.using(province.using).filter(device=device.device).count()


def let_go(device: FakeDevice) -> None:
    """Everything the journal holds, in one entry."""
    device.record(0, RetentionApplied(entries=[f"{device.device}/{seq}" for seq in range(1, len(device.entries) + 1)]))


@pytest.mark.parametrize("after_s", [0, TWO_YEARS_S - 3 * 86_400])
def test_nothing_goes_before_its_retention_has_ended(province: Province, after_s: int) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    before = parts_of(province, device)
    province.clock.wait(after_s)
    let_go(device)
    assert only(province, device) == (J.RETENTION_EARLY, False, False)
    assert parts_of(province, device) == before > 0


def test_a_clock_ahead_ends_no_retention(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    province.clock.wait(5 * 86_400)
    device.clock = type(province.clock)(province.clock.at + TWO_YEARS_S * 1000)
    let_go(device)
    device.clock = province.clock
    assert only(province, device)[0] is J.RETENTION_EARLY


def test_past_its_retention_nothing_personal_is_left_at_the_province(either_province: Province) -> None:
    device = either_province.enrol()
    number = str(work.certify(device).number)
    work.void(device, work.certify(device))
    device.sync(either_province.exchange)
    either_province.clock.wait(TWO_YEARS_S + 2 * 86_400)
    let_go(device)
    assert verdicts_on(either_province, device) == []
    assert parts_of(either_province, device) == 0
    rows = DjangoRows(either_province.using)
    row = rows.one("certificates", number=number)
    assert row is not None
    assert (row["owner_name"], row["owner_phone"], row["plate"], row["species"]) == (None, None, None, work.GRASS_CARP)
    assert [one["owner_name"] for one in rows.many("declarations")] == [None, None]
    assert differences(either_province.using) == []


def test_what_came_in_since_the_last_but_one_backup_stays(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    province.clock.wait(TWO_YEARS_S + 2 * 86_400)
    device.sync(province.exchange)
    let_go(device)
    assert only(province, device)[0] is J.RETENTION_EARLY
    assert parts_of(province, device) == 1


@pytest.mark.parametrize("named", ["{other}/1", "{own}/999", "{own}/0", "nothing"])
def test_only_what_the_device_holds_can_be_let_go(province: Province, named: str) -> None:
    device, other = province.enrol(), province.enrol("别站", station=OTHER_STATION, people=())
    province.clock.wait(TWO_YEARS_S + 2 * 86_400)
    device.record(0, RetentionApplied(entries=[named.format(own=device.device, other=other.device)]))
    assert only(province, device)[0] is J.RETENTION_EARLY
