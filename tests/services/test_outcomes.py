"""What became of each entry, and how a remark of the province is settled: by what puts it right, or explained."""

from __future__ import annotations

import pytest

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.authority import Lease
from inspector_app.domain.late_rejections import LateCase
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.journal.feed import Acknowledged
from inspector_app.services.contact_needs import waiting_needs
from inspector_app.services.correcting import correct
from inspector_app.services.custody_cases import conclude_case, open_case, open_cases
from inspector_app.services.day_close import close_day
from inspector_app.services.device import Device, Session
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.outcomes import (
    Outcome,
    all_remarks,
    open_remarks,
    outcome_of,
    paper_outcomes,
    settle,
    summary,
)
from tests.office import NOON, HandClock, Office
from tests.services.work import (
    HANGZHOU,
    HOUR,
    acting,
    assert_sound,
    codes,
    declared,
    done,
    draft_a,
    handed_over,
    inspected,
    issued,
    only,
    reported,
    void_paper,
)

J = Judgement
EXPLAINED = {"cause": "rule_not_kept", "conclusion": "explained", "note": "当班人员已重新学习规定。"}


def acknowledge(device: Device, seq: int) -> None:
    """The province holds the journal through ``seq``."""
    note = Acknowledged("1-aa", seq, device.store.hash_at(seq), b"", 0, device.clock.now().at)
    device.store.note_acknowledged(note)


def place(device: Device, number: str) -> int:
    """Where the entry of a paper stands."""
    row = device.rows.one("certificates", number=number) or {}
    return int(str(row["ref"]).rpartition("/")[2])


def judged(office: Office, device: Device, seq: int, code: J, *, followed: bool = False, holds: bool = False) -> str:
    """The province says this of an entry; returns its name."""
    today = legal_date(device.clock.now().at)
    due_on = "" if holds else device.policy().after_working_days(today, 3)
    at = device.clock.now().at
    office.publish(
        device, VerdictSheet(device.id, seq, followed, holds, code, at, "" if holds else "station/1/head", due_on)
    )
    return f"{device.id}/{seq}"


# --- figures --------------------------------------------------------------------------------------------------------


def test_every_entry_is_in_exactly_one_of_the_three_figures(office: Office, device: Device) -> None:
    number = issued(device)
    acknowledge(device, device.store.head().seq)
    judged(office, device, place(device, number), J.KIND_WRONG)
    declared(device)
    found, head = summary(device), device.store.head().seq
    assert (found.need_you, found.waiting) == (1, device.store.waiting())
    assert found.ok + found.need_you + found.waiting == head
    each = [outcome_of(device, seq) for seq in range(1, head + 1)]
    assert each.count(Outcome.NEEDS_YOU) == found.need_you
    assert each.count(Outcome.WAITS) == found.waiting
    assert each.count(Outcome.HELD) == found.held


def test_before_the_first_contact_everything_waits(device: Device) -> None:
    number = issued(device)
    assert summary(device).ok == 0
    assert [(one.number, one.outcome) for one in paper_outcomes(device)] == [(number, Outcome.WAITS)]


def test_what_a_lease_covers_is_accepted_and_the_rest_is_held(office: Office, device: Device) -> None:
    issued(device)
    head = device.store.head()
    now = device.clock.now().at
    office.publish(device, Lease(device.id, now + 1, now + MS_PER_DAY, head.seq - 1, b"\x00" * 32))
    acknowledge(device, head.seq)
    assert outcome_of(device, head.seq - 1) is Outcome.ACCEPTED
    assert outcome_of(device, head.seq) is Outcome.HELD
    assert summary(device).held == 1


def test_a_remark_on_what_waits_again_after_a_restore_counts_as_waiting(office: Office, device: Device) -> None:
    """The restored province has forgotten the entry: it is sent again, and asks nothing before it is."""
    number = issued(device)
    acknowledge(device, device.store.head().seq)
    judged(office, device, place(device, number), J.KIND_WRONG)
    acknowledge(device, place(device, number) - 1)
    assert summary(device).need_you == 0
    assert outcome_of(device, place(device, number)) is Outcome.WAITS


def test_a_computer_that_had_to_stop_needs_somebody(device: Device) -> None:
    device.frozen = "fork"
    assert (summary(device).need_you, summary(device).asks) == (0, 1)


# --- the four cases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "case"),
    [
        (J.PHOTO_MISSING, LateCase.REPAIR),
        (J.TIME_DIFFERS, LateCase.CORRECT),
        (J.NUMBER_TAKEN, LateCase.REPLACE),
        (J.GRANT_EXPIRED, LateCase.DECIDE),
    ],
)
def test_what_does_not_hold_is_one_of_four_cases(office: Office, device: Device, code: J, case: LateCase) -> None:
    number = issued(device)
    judged(office, device, place(device, number), code)
    (remark,) = open_remarks(device)
    assert (remark.case, remark.number, remark.holds) == (case, number, False)
    assert remark.due_on


def test_a_remark_is_overdue_the_day_after_its_term(office: Office, device: Device, clock: HandClock) -> None:
    judged(office, device, place(device, issued(device)), J.KIND_WRONG)
    (remark,) = open_remarks(device)
    assert not remark.is_overdue(remark.due_on)
    assert remark.is_overdue("2099-01-01")


def test_what_was_only_late_asks_nothing(office: Office, device: Device) -> None:
    judged(office, device, place(device, issued(device)), J.LATE, followed=True, holds=True)
    assert all_remarks(device) == []


def test_a_rule_that_was_not_kept_is_explained_without_a_term(office: Office, device: Device, head: Session) -> None:
    ref = judged(office, device, place(device, issued(device)), J.ORDER, holds=True)
    (remark,) = open_remarks(device)
    assert (remark.case, remark.due_on) == (None, "")
    with acting(device, head):
        done(settle(device, ref, **EXPLAINED))
    assert open_remarks(device) == []


def test_a_paper_that_ended_settles_its_remark(office: Office, device: Device) -> None:
    number = issued(device)
    judged(office, device, place(device, number), J.KIND_WRONG)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    (remark,) = all_remarks(device)
    assert (remark.settled, open_remarks(device)) == ("paper_ended", [])


def corrected(device: Device, number: str) -> None:
    done(correct(device, number, {"plate": "苏K99887"}, reason="vehicle_changed"))


@pytest.mark.parametrize(("code", "settled"), [(J.TIME_DIFFERS, True), (J.KIND_WRONG, False)])
def test_a_correction_note_settles_what_a_note_can_put_right(
    office: Office, device: Device, clock: HandClock, code: J, settled: bool
) -> None:
    number = handed_over(device)
    judged(office, device, place(device, number), code)
    clock.at += 1_000
    corrected(device, number)
    assert (open_remarks(device) == []) is settled


def test_a_note_made_before_the_province_spoke_settles_nothing(
    office: Office, device: Device, clock: HandClock
) -> None:
    number = handed_over(device)
    corrected(device, number)
    clock.at += 1_000
    judged(office, device, place(device, number), J.TIME_DIFFERS)
    assert len(open_remarks(device)) == 1


def test_a_later_verdict_that_holds_takes_the_remark_away(office: Office, device: Device) -> None:
    seq = place(device, issued(device))
    judged(office, device, seq, J.REFERENCE_UNKNOWN)
    judged(office, device, seq, J.LATE, followed=True, holds=True)
    assert all_remarks(device) == []


# --- explaining -----------------------------------------------------------------------------------------------------


def test_settling_is_a_case_opened_and_concluded_in_one_act(office: Office, device: Device, head: Session) -> None:
    ref = judged(office, device, place(device, issued(device)), J.GRANT_EXPIRED)
    before = device.store.head().seq
    with acting(device, head):
        case = done(settle(device, ref, **EXPLAINED))
    row = device.rows.one("custody_cases", ref=case) or {}
    assert (row["kind"], row["about"], row["state"]) == ("late_rejection", ref, "concluded")
    assert device.store.head().seq == before + 2
    assert all_remarks(device)[0].settled == "explained"
    assert open_cases(device) == []
    assert_sound(device)


def test_settling_asks_for_words_and_for_codes_of_their_lists(office: Office, device: Device, head: Session) -> None:
    ref = judged(office, device, place(device, issued(device)), J.GRANT_EXPIRED)
    with acting(device, head):
        only(settle(device, ref, **EXPLAINED | {"cause": "weather"}), C.FIELD_INVALID, "case_cause")
        only(settle(device, ref, **EXPLAINED | {"conclusion": ""}), C.FIELD_MISSING, "case_conclusion")
        only(settle(device, ref, **EXPLAINED | {"conclusion": "put_right", "note": " "}), C.FIELD_MISSING, "note")
    assert len(open_remarks(device)) == 1


def test_a_remark_is_settled_once_and_only_where_there_is_one(office: Office, device: Device, head: Session) -> None:
    ref = judged(office, device, place(device, issued(device)), J.GRANT_EXPIRED)
    with acting(device, head):
        only(settle(device, f"{device.id}/1", **EXPLAINED), C.NOT_FOUND, "case")
        done(settle(device, ref, **EXPLAINED))
        only(settle(device, ref, **EXPLAINED), C.ALREADY_RECORDED)


def test_the_head_settles_at_any_computer_of_the_station(
    office: Office, device: Device, sister: Device, head: Session
) -> None:
    office.publish(device, VerdictSheet(sister.id, 1, False, False, J.GRANT_EXPIRED, NOON, "x", "2026-11-25"))
    assert open_remarks(device) == [], "it needs somebody, but it is no entry of this computer"
    with acting(device, head):
        done(settle(device, f"{sister.id}/1", **EXPLAINED))
        only(settle(device, f"{sister.id}/1", **EXPLAINED), C.ALREADY_RECORDED)


def test_a_vet_who_may_not_conclude_settles_nothing(office: Office, device: Device) -> None:
    ref = judged(office, device, place(device, issued(device)), J.GRANT_EXPIRED)
    assert C.POST_MISSING in codes(settle(device, ref, **EXPLAINED))
    assert len(open_remarks(device)) == 1


def test_a_case_about_something_else_or_still_open_settles_nothing(
    office: Office, device: Device, head: Session
) -> None:
    seq = place(device, issued(device))
    ref = judged(office, device, seq, J.GRANT_EXPIRED)
    with acting(device, head):
        other = done(open_case(device, "other_matter", f"{device.id}/{seq - 1}", note="另一件事"))
        done(conclude_case(device, other, cause="misfiled", conclusion="put_right"))
        done(open_case(device, "late_rejection", ref))
    assert len(open_remarks(device)) == 1


# --- what should be there soon --------------------------------------------------------------------------------------


def test_nothing_waits_when_all_is_acknowledged(device: Device) -> None:
    acknowledge(device, device.store.head().seq)
    assert waiting_needs(device) == waiting_needs(device).__class__(0, is_urgent=False)


def test_a_b_paper_that_waits_is_no_hurry(device: Device) -> None:
    acknowledge(device, device.store.head().seq)
    issued(device)
    found = waiting_needs(device)
    assert (found.count > 0, found.is_urgent) == (True, False)


@pytest.mark.parametrize(("days", "urgent"), [(0, True), (1, False)])
def test_an_a_paper_that_departs_soon_is(device: Device, days: int, urgent: bool) -> None:
    leaves = device.clock.now().at + HOUR + days * MS_PER_DAY
    batch = inspected(device, destination=HANGZHOU)
    reported(device, batch, GCHD="negative")
    acknowledge(device, device.store.head().seq)
    done(issue_certificate(device, draft_a(device, batch, departs_at=leaves)))
    assert waiting_needs(device).is_urgent is urgent


def test_a_closed_day_that_waits_is(device: Device) -> None:
    issued(device)
    acknowledge(device, device.store.head().seq)
    done(close_day(device, device.today()))
    assert waiting_needs(device).is_urgent
