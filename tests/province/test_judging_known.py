"""Judging what the device could know: grants, results and sisters' words heard, forgotten or not yet told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.clock import MS_PER_DAY, day_start
from inspector_app.config import read_resource
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.declarations import (
    DeclarationNotAccepted,
    DeclarationWithdrawn,
    Note,
)
from province import inprocess
from province.journal.models import Deferred
from province.journal.recovery import declare_epoch
from province.registry import publishing
from province.registry.fencing import fence_device
from tests.province import work
from tests.province.fixtures import OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.judged import (
    notice,
    only,
    required,
    sampled,
    verdict_on,
    verdicts_on,
)
from tests.sync.fakes import FakeDevice

J = Judgement


# --- what was known, and what was true ------------------------------------------------------------------------------


def test_who_acts_on_a_grant_revoked_meanwhile_followed_the_rules(province: Province) -> None:
    device = province.enrol()
    publishing.grant(province.using, VET, station=STATION, posts=("reception",), valid_from=province.clock.at - 1)
    work.certify(device)
    sheets = verdicts_on(province, device)
    assert {(sheet.code, sheet.followed, sheet.holds) for sheet in sheets} == {("post_missing", True, False)}


def test_who_acts_against_the_grant_he_had_did_not(province: Province) -> None:
    device = province.enrol()
    publishing.grant(province.using, VET, station=STATION, posts=("reception",), valid_from=province.clock.at - 1)
    device.sync(province.exchange)
    inspection = work.inspect(device, work.declare(device))
    assert inspection
    (sheet,) = verdicts_on(province, device)
    assert (sheet.code, sheet.followed, sheet.holds) == ("post_missing", False, False)


def test_a_kind_without_filing_is_not_issued(province: Province) -> None:
    device = province.enrol(people=(VET, SECOND_VET))
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    work.issue(device, inspection, declaration, actor=SECOND_VET, taken=work.next_number(device, "A"))
    assert only(province, device)[0] is J.AUTHORITY_MISSING


def test_an_expired_grant_is_named_as_such(province: Province) -> None:
    device = province.enrol()
    publishing.grant(
        province.using,
        VET,
        station=STATION,
        posts=("vet",),
        kinds=("B",),
        valid_from=province.clock.at - 2,
        valid_until=province.clock.at - 1,
    )
    device.sync(province.exchange)
    work.declare(device)
    assert {sheet.code for sheet in verdicts_on(province, device)} == {"grant_expired"}


def test_a_grant_for_another_station_is_none_here(province: Province) -> None:
    device = province.enrol(people=())
    publishing.grant(province.using, VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    device.add_person(VET)
    assert only(province, device)[0] is J.WRONG_STATE
    assert device.sync(province.exchange).left == 0


def test_results_let_an_a_stand(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    sampled(device, inspection, required(province), "negative")
    work.issue(device, inspection, declaration, kind="A")
    assert verdicts_on(province, device) == []


def test_a_certificate_that_came_late_blames_nobody(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    province.clock.wait(3 * 86_400)
    assert only(province, device) == (J.LATE, True, True)


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_b_is_reported_with_its_day_whatever_the_hour(province: Province, hour: int) -> None:
    """A day is a legal day (UTC+8) and closed by the end of the next."""
    province.clock.at = day_start("2026-11-22") + hour * 3_600_000
    device = province.enrol()
    work.certify(device)
    province.clock.at = day_start("2026-11-24") - 1
    assert verdicts_on(province, device) == []
    province.clock.at = day_start("2026-11-22") + MS_PER_DAY + hour * 3_600_000
    work.certify(device)
    province.clock.at = day_start("2026-11-25")
    assert only(province, device) == (J.LATE, True, True)


@pytest.mark.parametrize(("hours", "late"), [(24, []), (25, [J.LATE])])
def test_an_a_is_reported_within_the_hours_of_policy(province: Province, hours: int, late: list[Judgement]) -> None:
    device = province.enrol()
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    sampled(device, inspection, required(province), "negative")
    work.issue(device, inspection, declaration, kind="A")
    province.clock.wait(hours * 3600)
    assert [sheet.code for sheet in verdicts_on(province, device)] == late


# --- the same, learnt from a sister ---------------------------------------------------------------------------------


def _withdrawn_by_a_sister(province: Province) -> tuple[FakeDevice, FakeDevice, str, str]:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    fact = DeclarationWithdrawn(declaration=declaration, reason="sold")
    sister.record(SECOND_VET, fact, private=Note(text="不卖了"))
    sister.sync(province.exchange)
    return device, sister, declaration, inspection


@pytest.mark.parametrize("told", [True, False])
def test_a_withdrawal_blames_only_who_had_heard_of_it(province: Province, told: bool) -> None:
    device, _sister, declaration, inspection = _withdrawn_by_a_sister(province)
    if told:
        device.sync(province.exchange)
    work.issue(device, inspection, declaration)
    assert only(province, device) == (J.WRONG_STATE, not told, False)


@pytest.mark.parametrize("told", [True, False])
def test_a_positive_result_blames_only_who_had_heard_of_it(province: Province, told: bool) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    sampled(sister, inspection, ["SVC"], "positive", actor=SECOND_VET)
    sister.sync(province.exchange)
    if told:
        device.sync(province.exchange)
    work.issue(device, inspection, declaration)
    assert only(province, device) == (J.INSPECTION_FAILED, not told, False)


@pytest.mark.parametrize("told", [True, False])
def test_who_issues_before_the_result_has_come_did_not_follow_though_it_holds(province: Province, told: bool) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    sampled(sister, inspection, required(province), "negative", actor=SECOND_VET)
    sister.sync(province.exchange)
    if told:
        device.sync(province.exchange)
    work.issue(device, inspection, declaration, kind="A")
    sheets = [(sheet.code, sheet.followed, sheet.holds) for sheet in verdicts_on(province, device)]
    assert sheets == ([] if told else [(J.RESULT_MISSING, False, True)])


def test_a_result_that_came_with_the_case_on_a_stick_was_known(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first, destination=work.WUHU)
    inspection = work.inspect(first, declaration)
    sampled(first, inspection, required(province), "negative")
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, kind="A")
    first.sync(province.exchange)
    assert verdicts_on(province, second) == []


def test_who_reports_before_the_giver_is_not_blamed_for_the_result_the_stick_brought(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first, destination=work.WUHU)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    sampled(first, inspection, required(province), "negative")
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, kind="A")
    assert verdicts_on(province, second) == []
    assert Deferred.objects.using(province.using).count() == 1
    first.sync(province.exchange)
    assert verdicts_on(province, second) == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_giver_who_never_gave_the_case_is_not_waited_for_for_ever(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first, destination=work.WUHU)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    work.take_case(first, second, declaration)
    issued = work.issue(second, inspection, declaration, kind="A")
    assert verdicts_on(province, second) == []
    first.sync(province.exchange)
    first.sync(province.exchange)
    assert verdict_on(province, second, issued.ref) == [(J.RESULT_MISSING, False, False)]


def test_what_a_stick_brought_against_the_batch_was_known_too(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    sampled(first, inspection, ["SVC"], "positive")
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration)
    first.sync(province.exchange)
    assert only(province, second) == (J.INSPECTION_FAILED, False, False)


def test_what_was_found_after_the_case_was_given_away_blames_nobody(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    sampled(first, inspection, ["SVC"], "positive")
    work.issue(second, inspection, declaration)
    first.sync(province.exchange)
    assert only(province, second) == (J.INSPECTION_FAILED, True, False)


def test_a_batch_used_up_before_the_case_was_given_away_was_known(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    second.sync(province.exchange)
    work.issue(first, inspection, declaration, quantity=work.QUANTITY)
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    first.sync(province.exchange)
    assert only(province, second) == (J.QUANTITY_EXCEEDS_INSPECTED, False, False)


def test_what_a_sister_issued_of_the_batch_meanwhile_blames_nobody(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    work.issue(first, inspection, declaration, quantity=work.QUANTITY)  # which it had no right to any more
    first.sync(province.exchange)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    codes = {(sheet.code, sheet.followed) for sheet in verdicts_on(province, second)}
    assert codes == {(J.QUANTITY_EXCEEDS_INSPECTED, True)}


@pytest.mark.parametrize("told", [True, False])
def test_a_policy_asks_for_results_from_the_day_the_device_has_heard_of_it(province: Province, told: bool) -> None:
    device = province.enrol()
    body = read_resource("catalogue/policy.toml").decode()
    asked = 'name = "result_required_kinds"\nvalue = ["A"'
    stricter = body.replace(asked, asked + ', "B"')
    assert stricter != body
    province.clock.wait(1)
    publishing.publish_policy(province.using, "2026-03", stricter)
    if told:
        device.sync(province.exchange)
    work.certify(device, policy="default-2026.1")
    assert only(province, device) == (J.RESULT_MISSING, not told, False)


def test_what_the_vet_did_afterwards_does_not_stand_against_what_was_done_before(province: Province) -> None:
    """The certificate waits for a sister; judged late, it is judged as of its place in the journal."""
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    fact = DeclarationWithdrawn(declaration=declaration, reason="sold")
    second.record(SECOND_VET, fact, private=Note(text="余下不卖了"))
    second.sync(province.exchange)
    first.sync(province.exchange)
    assert verdicts_on(province, second) == []


@pytest.mark.parametrize("fact", [DeclarationWithdrawn, DeclarationNotAccepted])
@pytest.mark.parametrize("told", [True, False])
def test_who_issues_on_an_acceptance_a_colleague_had_decided_against_is_blamed_if_told(
    province: Province, fact: type[DeclarationWithdrawn | DeclarationNotAccepted], told: bool
) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.take_down(device)
    device.sync(province.exchange)
    sister.record(SECOND_VET, fact(declaration=declaration, reason="sold"), private=Note(text="不卖了"))
    sister.sync(province.exchange)
    work.accept(device, declaration)
    inspection = work.inspect(device, declaration)
    if told:
        device.sync(province.exchange)
    issued = work.issue(device, inspection, declaration)
    found = verdict_on(province, device, issued.ref)
    assert found == [(J.WRONG_STATE, not told, False)]


@pytest.mark.parametrize("told", [True, False])
def test_a_notice_on_an_acceptance_a_colleague_had_decided_against_is_blamed_if_told(
    province: Province, told: bool
) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.take_down(device)
    device.sync(province.exchange)
    sister.record(SECOND_VET, DeclarationWithdrawn(declaration=declaration, reason="sold"), private=Note(text=""))
    sister.sync(province.exchange)
    work.accept(device, declaration)
    inspection = work.inspect(device, declaration, conclusion="failed")
    if told:
        device.sync(province.exchange)
    number, block = work.next_number(device, "N")
    ref = notice(device, declaration, inspection, number, block)
    assert verdict_on(province, device, ref) == [(J.WRONG_STATE, not told, False)]


def test_who_never_accepted_did_not_follow(province: Province) -> None:
    device = province.enrol()
    declaration = work.take_down(device)
    issued = work.issue(device, work.inspect(device, declaration), declaration)
    assert verdict_on(province, device, issued.ref) == [(J.WRONG_STATE, False, False)]


# --- relying on what the province forgot ----------------------------------------------------------------------------


def _told_and_forgotten(province: Province, backup: Path) -> tuple[FakeDevice, FakeDevice, Callable[[], work.Issued]]:
    """A sister's result is told to a device, and forgotten in a restore; what the device then issues on it."""
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    sister.sync(province.exchange)
    inprocess.copy_database(province.using, backup)
    sampled(sister, inspection, required(province), "negative", actor=SECOND_VET)
    sister.sync(province.exchange)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    publishing.add_station(province.using, 100, name="新站", name_en="New Station", area=321084, phone="1")
    return device, sister, lambda: work.issue(device, inspection, declaration, kind="A")


@pytest.mark.parametrize("pulled_again", [True, False])
@pytest.mark.parametrize("sister_first", [True, False])
def test_a_result_forgotten_in_a_restore_is_told_again_before_anything_is_said(
    province: Province, tmp_path: Path, pulled_again: bool, sister_first: bool
) -> None:
    device, sister, issue = _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    if pulled_again:
        device.sync(province.exchange)
    issue()
    for one in (sister, device) if sister_first else (device, sister):
        one.sync(province.exchange)
    assert verdicts_on(province, device) == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_result_of_a_sister_fenced_since_is_missing_and_its_lack_blames_nobody(
    province: Province, tmp_path: Path
) -> None:
    device, sister, issue = _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    device.sync(province.exchange)
    issued = issue()
    assert verdicts_on(province, device) == []
    (waiting,) = Deferred.objects.using(province.using).all()
    assert (waiting.waits_for, waiting.projected) == (f"{sister.device}/0", True)
    fence_device(province.using, sister.device)
    assert verdict_on(province, device, issued.ref) == [(J.RESULT_MISSING, True, False)]


def test_a_result_nobody_tells_again_is_missing_once_the_sisters_have_told_all(
    province: Province, tmp_path: Path
) -> None:
    device, sister, _issue = _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    device.sync(province.exchange)
    declaration = work.declare(device, destination=work.WUHU)
    issued = work.issue(device, work.inspect(device, declaration), declaration, kind="A")
    assert verdict_on(province, device, issued.ref) == []
    sister.sync(province.exchange)
    sister.sync(province.exchange)
    assert verdict_on(province, device, issued.ref) == [(J.RESULT_MISSING, True, False)]
    assert Deferred.objects.using(province.using).count() == 0


def test_who_was_told_nothing_that_was_forgotten_is_blamed_as_ever(province: Province, tmp_path: Path) -> None:
    _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    fresh = province.enrol("三号机")
    declaration = work.declare(fresh, destination=work.WUHU)
    issued = work.issue(fresh, work.inspect(fresh, declaration), declaration, kind="A")
    assert verdict_on(province, fresh, issued.ref) == [(J.RESULT_MISSING, False, False)]


# --- whose case it was ----------------------------------------------------------------------------------------------


def test_a_case_that_came_back_may_be_issued_on_whoever_reports_first(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    work.move_case(first, second, declaration)
    work.give_back(second, first, declaration, actor=SECOND_VET)
    work.issue(first, inspection, declaration)
    assert verdicts_on(province, first) == []
    assert Deferred.objects.using(province.using).count() == 1
    province.clock.wait(60)
    assert verdicts_on(province, second) == []
    assert verdicts_on(province, first) == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_case_that_did_not_come_back_is_told_once_the_sister_has_reported(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    work.issue(first, inspection, declaration)
    assert verdicts_on(province, first) == []
    province.clock.wait(60)
    assert verdicts_on(province, second) == []
    assert only(province, first) == (J.CASE_HANDED_OVER, False, False)


def test_who_never_had_the_case_may_not_issue_on_it(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    assert only(province, second) == (J.CASE_HANDED_OVER, False, False)
