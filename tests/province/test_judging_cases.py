"""Cases between the computers of a station before the judge: whose right it was, and in whatever order it is heard."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReturned, CaseTakenBack
from province.journal.models import Deferred
from province.journal.rows import DjangoRows
from province.registry.fencing import fence_device
from tests.province import work
from tests.province.fixtures import CLERK, OTHER_STATION, SECOND_VET, VET, Province
from tests.province.judged import notice, only, verdict_on, verdicts_on
from tests.sync.fakes import FakeDevice

J = Judgement
Case = tuple[FakeDevice, FakeDevice, str, str]


@pytest.fixture
def case(province: Province) -> Case:
    """A batch inspected on the first of two laptops, and known to both."""
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    second.sync(province.exchange)
    return first, second, declaration, inspection


def holder(province: Province, declaration: str) -> str:
    row = DjangoRows(province.using).one("declarations", ref=declaration)
    assert row is not None
    return str(row["holder"])


def reported_by(province: Province, device: FakeDevice, sister: FakeDevice) -> None:
    """A device reports, and later the sister whose word it may have waited for."""
    device.sync(province.exchange)
    province.clock.wait(60)
    sister.sync(province.exchange)


def given(declaration: str, to: str, **changes: Any) -> CaseHandedOver:
    facts: dict[str, Any] = {"declaration": declaration, "device": to, "bundle": work.BUNDLE, "turn": 1}
    return CaseHandedOver(**(facts | changes))


def test_who_issues_after_giving_the_case_away_did_not_follow(province: Province, case: Case) -> None:
    first, second, declaration, inspection = case
    work.move_case(first, second, declaration)
    issued = work.issue(first, inspection, declaration)
    first.sync(province.exchange)
    province.clock.wait(60)
    second.sync(province.exchange)
    assert verdict_on(province, first, issued.ref) == [(J.CASE_HANDED_OVER, False, False)]
    assert holder(province, declaration) == second.device


def test_a_notice_after_giving_the_case_away_did_not_follow_either(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration, conclusion="failed", failings=["permit"])
    work.move_case(first, second, declaration)
    number, block = work.next_number(first, "N")
    ref = notice(first, declaration, inspection, number, block)
    first.sync(province.exchange)
    province.clock.wait(60)
    second.sync(province.exchange)
    assert verdict_on(province, first, ref) == [(J.CASE_HANDED_OVER, False, False)]


def test_who_issues_after_giving_the_case_back_did_not_follow(province: Province, case: Case) -> None:
    first, second, declaration, inspection = case
    work.move_case(first, second, declaration)
    work.give_back(second, first, declaration, actor=SECOND_VET)
    first.sync(province.exchange)
    issued = work.issue(second, inspection, declaration, actor=SECOND_VET)
    assert verdicts_on(province, second) == []  # the first laptop might have given it once more
    province.clock.wait(60)
    first.sync(province.exchange)
    assert verdict_on(province, second, issued.ref) == [(J.CASE_HANDED_OVER, False, False)]


@pytest.mark.parametrize("first_reports_last", [True, False])
def test_there_and_back_and_there_again_is_the_last_turn_in_whatever_order_it_is_heard(
    province: Province, case: Case, first_reports_last: bool
) -> None:
    first, second, declaration, inspection = case
    third = province.enrol("三号机")
    work.move_case(first, second, declaration)
    work.give_back(second, first, declaration, actor=SECOND_VET)
    work.take_case(second, first, declaration, turn=2)
    work.move_case(first, third, declaration, turn=3)
    work.issue(third, inspection, declaration)
    order = (third, second, first) if first_reports_last else (first, third, second)
    for one in (*order, *order):
        province.clock.wait(60)
        one.sync(province.exchange)
    assert holder(province, declaration) == third.device
    assert [sheet for one in order for sheet in verdicts_on(province, one)] == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_hand_over_to_another_station_is_refused_and_the_case_stays(province: Province, case: Case) -> None:
    first, _second, declaration, _inspection = case
    stranger = province.enrol("外站机", station=OTHER_STATION, people=())
    first.record(VET, given(declaration, stranger.device))
    assert only(province, first) == (J.REFERENCE_UNKNOWN, False, False)
    assert holder(province, declaration) == first.device


def test_nobody_moves_another_station_s_case(province: Province, case: Case) -> None:
    first, _second, declaration, _inspection = case
    stranger, helper = (province.enrol(name, station=OTHER_STATION, people=(VET,)) for name in ("外站机", "外站二"))
    moved = stranger.record(VET, given(declaration, helper.device))
    ((_code, _followed, holds),) = verdict_on(province, stranger, moved)
    assert not holds
    assert holder(province, declaration) == first.device


@pytest.mark.parametrize("turn", [1, 2, 7])
def test_a_case_is_given_once_and_a_second_hand_over_moves_nothing(province: Province, case: Case, turn: int) -> None:
    first, second, declaration, _inspection = case
    third = province.enrol("三号机")
    work.move_case(first, second, declaration)
    again = first.record(VET, given(declaration, third.device, turn=turn))
    reported_by(province, first, second)
    assert verdict_on(province, first, again) == [(J.CASE_HANDED_OVER, False, False)]
    assert holder(province, declaration) == second.device


def test_who_never_had_the_case_gives_it_to_nobody(province: Province, case: Case) -> None:
    first, second, declaration, _inspection = case
    second.record(SECOND_VET, given(declaration, first.device))
    assert only(province, second) == (J.CASE_HANDED_OVER, False, False)
    assert holder(province, declaration) == first.device


def test_a_clerk_who_lets_a_case_go_is_told_and_the_sister_has_it(province: Province) -> None:
    first, second = province.enrol("一号机", people=(VET, CLERK)), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    first.record(CLERK, given(declaration, second.device))
    assert only(province, first) == (J.POST_MISSING, False, False)
    assert holder(province, declaration) == second.device


def test_a_case_handed_over_by_the_province_s_relay_may_be_issued_on_without_a_stick(
    province: Province, case: Case
) -> None:
    first, second, declaration, inspection = case
    first.record(VET, given(declaration, second.device))
    first.sync(province.exchange)
    second.sync(province.exchange)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    assert verdicts_on(province, second) == []


def test_two_laptops_that_hand_their_cases_to_each_other_at_once_are_both_right(province: Province, case: Case) -> None:
    first, second, declaration, inspection = case
    other = work.declare(second, actor=SECOND_VET)
    other_inspection = work.inspect(second, other, actor=SECOND_VET)
    work.move_case(first, second, declaration)
    work.move_case(second, first, other, actor=SECOND_VET)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    work.issue(first, other_inspection, other)
    for one in (first, second, first):
        province.clock.wait(60)
        one.sync(province.exchange)
    assert (verdicts_on(province, first), verdicts_on(province, second)) == ([], [])


# --- a lost receiver --------------------------------------------------------------------------------------------------


def test_a_case_lost_with_a_laptop_is_taken_back_once_the_province_shut_that_down(
    province: Province, case: Case
) -> None:
    first, second, declaration, inspection = case
    work.move_case(first, second, declaration)
    first.sync(province.exchange)
    fence_device(province.using, second.device)
    first.sync(province.exchange)
    first.record(VET, CaseTakenBack(declaration=declaration, device=second.device, turn=2))
    work.issue(first, inspection, declaration)
    assert verdicts_on(province, first) == []
    assert holder(province, declaration) == first.device


def test_nobody_takes_a_case_back_from_a_laptop_in_use(province: Province, case: Case) -> None:
    first, second, declaration, _inspection = case
    work.move_case(first, second, declaration)
    back = first.record(VET, CaseTakenBack(declaration=declaration, device=second.device, turn=2))
    assert verdict_on(province, first, back) == [(J.CASE_HANDED_OVER, False, False)]
    assert holder(province, declaration) == second.device


def test_nobody_takes_a_case_back_from_a_laptop_that_never_had_it(province: Province, case: Case) -> None:
    first, second, declaration, _inspection = case
    third = province.enrol("三号机")
    work.move_case(first, second, declaration)
    fence_device(province.using, third.device)
    first.sync(province.exchange)
    back = first.record(VET, CaseTakenBack(declaration=declaration, device=third.device, turn=2))
    assert verdict_on(province, first, back) == [(J.CASE_HANDED_OVER, False, False)]
    assert holder(province, declaration) == second.device


def test_nobody_takes_back_what_they_never_gave(province: Province, case: Case) -> None:
    first, second, declaration, _inspection = case
    fence_device(province.using, first.device)
    second.sync(province.exchange)
    second.record(SECOND_VET, CaseTakenBack(declaration=declaration, device=first.device, turn=1))
    assert only(province, second) == (J.CASE_HANDED_OVER, False, False)
    assert holder(province, declaration) == first.device


def test_a_return_the_sister_s_journal_forgot_blames_nobody_who_was_given_it(province: Province, case: Case) -> None:
    """The stick of the return was signed and read; the sister's disk was put back since and says nothing of it."""
    first, second, declaration, inspection = case
    work.move_case(first, second, declaration)
    work.take_case(second, first, declaration, turn=2)
    issued = work.issue(first, inspection, declaration)
    assert verdicts_on(province, first) == []
    province.clock.wait(60)
    second.sync(province.exchange)
    said = verdict_on(province, first, issued.ref)
    assert [(code, followed) for code, followed, _holds in said] in ([], [(J.CASE_HANDED_OVER, True)])


def test_a_return_to_whom_did_not_give_it_moves_nothing(province: Province, case: Case) -> None:
    first, second, declaration, _inspection = case
    second.record(SECOND_VET, CaseReturned(declaration=declaration, device=first.device, bundle=work.BUNDLE, turn=2))
    reported_by(province, second, first)
    assert only(province, second) == (J.CASE_HANDED_OVER, False, False)
    assert holder(province, declaration) == first.device


def test_a_return_heard_before_the_hand_over_it_answers_waits_for_that(province: Province) -> None:
    """Both were told over the network; the province lost its database since, and hears them in another order."""
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    first.sync(province.exchange)
    second.sync(province.exchange)
    first.record(VET, given(declaration, second.device))
    second.record(SECOND_VET, CaseReturned(declaration=declaration, device=first.device, bundle=work.BUNDLE, turn=2))
    second.sync(province.exchange)
    assert Deferred.objects.using(province.using).count() == 1
    province.clock.wait(60)
    first.sync(province.exchange)
    assert holder(province, declaration) == first.device
    assert verdicts_on(province, second) == []
