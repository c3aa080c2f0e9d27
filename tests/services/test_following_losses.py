"""A loss from its report to its conclusion: papers, publication, two reports, terms; numbers found stay dead."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.services.attaching import attach
from inspector_app.services.day_close import day_sheet
from inspector_app.services.device import Device, Session
from inspector_app.services.following_losses import (
    LossPapers,
    acknowledge,
    conclude,
    draft_papers,
    publish,
    report,
    report_found,
)
from inspector_app.services.loss_cases import LossCase, find_case, loss_cases, open_losses, overdue_losses
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import return_numbers
from inspector_app.services.on_desk import Sheet
from inspector_app.services.ready import check_departure
from inspector_app.services.sheet_custody import lose_sheet
from tests.office import VET, HandClock, Office
from tests.services.test_ceremony import PHOTO
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    issued,
    number_states,
    only,
    printed,
    void_paper,
)

BOTH = ("authority", "institution")


def lost(device: Device, span: str = "9900000008-10", cause: str = "stolen") -> str:
    """Three numbers stolen, by the entry that told of it."""
    return done(report_loss(device, "B", span, cause=cause))


def followed(device: Device, head: Session, *, reports: tuple[str, ...] = BOTH, published: bool = True) -> str:
    """A loss of which the head did these steps."""
    loss = lost(device)
    with acting(device, head):
        done(draft_papers(device, loss))
        if published:
            clipping = attach(device, PHOTO)
            done(publish(device, loss, medium="newspaper", name="练习日报第 3 版", attachments=[clipping]))
        for to in reports:
            done(report(device, loss, to=to))
    return loss


def case_of(device: Device, loss: str) -> LossCase:
    """The case, which must be there."""
    case = find_case(device, loss)
    assert case is not None
    return case


def due(device: Device, loss: str) -> dict[str, tuple[str, str]]:
    """By step and recipient: due day and the day it was done."""
    return {f"{term.step} {term.to}".strip(): (term.due_on, term.done_on) for term in case_of(device, loss).terms}


def test_a_loss_goes_from_notice_and_reports_to_its_conclusion(device: Device, head: Session) -> None:
    loss = followed(device, head)
    with acting(device, head):
        for to in BOTH:
            done(acknowledge(device, loss, to=to))
        done(conclude(device, loss, cause="theft", conclusion="to_police"))
    assert open_losses(device) == []
    (case,) = loss_cases(device)
    assert case.concluded
    assert all(term.done_on == device.today() for term in case.terms)
    assert number_states(device, "B")[7:] == ["lost"] * 3
    assert_sound(device)


def test_the_papers_name_the_numbers_and_their_recipients(device: Device, head: Session) -> None:
    loss = lost(device)
    with acting(device, head):
        papers = done(draft_papers(device, loss))
    assert isinstance(papers, LossPapers)
    notice, authority, institution = (
        device.files.read(name).decode() for name in (papers.notice, papers.to_authority, papers.to_institution)
    )
    assert all(
        "9900000008" in one and "9900000010" in one and "被盗" in one for one in (notice, authority, institution)
    )
    assert "作废公告" in notice
    assert "农业农村局" in authority
    assert authority != institution
    assert case_of(device, loss).papers == (papers.notice, papers.to_authority, papers.to_institution)


def test_terms_are_working_days_from_the_day_it_was_noticed(device: Device, head: Session) -> None:
    """Noticed on a Saturday: the reports are due on the Monday, the notice on the Friday."""
    loss = lost(device)
    assert due(device, loss)["reported authority"] == ("2026-11-23", "")
    assert due(device, loss)["published"] == ("2026-11-27", "")
    assert "acknowledged authority" not in due(device, loss)
    with acting(device, head):
        done(draft_papers(device, loss))
        done(report(device, loss, to="authority"))
    assert due(device, loss)["acknowledged authority"] == ("2026-11-27", "")


@pytest.mark.parametrize(("days", "late"), [(2, False), (3, True)])
def test_what_is_past_its_term_is_told_before_departure(
    device: Device, clock: HandClock, days: int, late: bool
) -> None:
    lost(device)
    clock.forward(days=days)
    assert bool(overdue_losses(device)) == late
    assert ("loss_overdue" in [reason.code for reason in check_departure(device)]) == late


def test_g45_a_notice_is_drafted_before_and_its_clipping_kept(device: Device, head: Session) -> None:
    loss = lost(device)
    with acting(device, head):
        found = only(
            publish(device, loss, medium="newspaper", name="日报", attachments=[attach(device, PHOTO)]),
            C.LOSS_STEP_MISSING,
            "loss",
        )
        assert found.details == {"step": "drafted"}
        done(draft_papers(device, loss))
        only(publish(device, loss, medium="newspaper", name="日报"), C.FIELD_MISSING, "attachments")
    assert due(device, loss)["published"][1] == ""


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"medium": "rumour"}, C.FIELD_INVALID, "loss_medium"),
        ({"name": " "}, C.FIELD_MISSING, "medium_name"),
        ({"name": "日\u202e报"}, C.FIELD_INVALID, "medium_name"),
        ({"published_on": "2026-12-31"}, C.DAY_TO_COME, "published_on"),
        ({"published_on": "2026-11-20"}, C.FIELD_INVALID, "published_on"),
        ({"published_on": "昨天"}, C.FIELD_INVALID, "published_on"),
        ({"attachments": ["00" * 32]}, C.FIELD_INVALID, "attachments"),
    ],
)
def test_what_cannot_be_a_publication_is_refused(
    device: Device, head: Session, said: dict[str, object], code: C, field: str
) -> None:
    loss = followed(device, head, reports=(), published=False)
    with acting(device, head):
        right = {"medium": "newspaper", "name": "练习日报", "attachments": [attach(device, PHOTO)]}
        only(publish(device, loss, **(right | said)), code, field)  # type: ignore[arg-type]


@pytest.mark.parametrize("told", [(), ("authority",), ("institution",)])
def test_g22_no_loss_is_concluded_before_both_were_told(device: Device, head: Session, told: tuple[str, ...]) -> None:
    loss = followed(device, head, reports=told)
    with acting(device, head):
        found = conclude(device, loss, cause="theft", conclusion="to_police")
    assert codes(found) == [C.LOSS_STEP_MISSING] * (2 - len(told))
    assert not case_of(device, loss).concluded


@pytest.mark.parametrize(("cause", "conclusion"), [("", "to_police"), ("theft", ""), ("bad luck", "to_police")])
def test_g21_a_case_is_closed_with_its_cause_and_a_conclusion(
    device: Device, head: Session, cause: str, conclusion: str
) -> None:
    loss = followed(device, head)
    with acting(device, head):
        assert codes(conclude(device, loss, cause=cause, conclusion=conclusion))[0] in (
            C.FIELD_MISSING,
            C.FIELD_INVALID,
        )
    assert not case_of(device, loss).concluded


def test_each_step_is_told_once_and_in_its_order(device: Device, head: Session) -> None:
    loss = followed(device, head, reports=("authority",))
    with acting(device, head):
        only(report(device, loss, to="authority"), C.ALREADY_RECORDED, "loss")
        only(report(device, loss, to="newspaper"), C.FIELD_INVALID, "recipient")
        only(acknowledge(device, loss, to="institution"), C.LOSS_STEP_MISSING, "recipient")
        done(acknowledge(device, loss, to="authority"))
        only(acknowledge(device, loss, to="authority"), C.ALREADY_RECORDED, "loss")


def test_a_vet_reports_a_loss_and_the_head_follows_it(device: Device) -> None:
    loss = lost(device)
    only(draft_papers(device, loss), C.POST_MISSING)
    assert C.POST_MISSING in codes(conclude(device, loss, cause="theft", conclusion="to_police"))


@pytest.mark.parametrize("loss", ["", "nothing", "B 9900000001"])
def test_there_is_no_case_where_nothing_was_lost(device: Device, head: Session, loss: str) -> None:
    lost(device)
    with acting(device, head):
        only(draft_papers(device, loss), C.NOT_FOUND, "loss")


def test_a_day_before_the_numbers_were_given_hides_no_loss(device: Device) -> None:
    """An entry stays for ever: one with an impossible day must not keep anybody from seeing every loss."""
    block = str(device.rows.many("blocks", kind="B")[0]["block"])
    fact = NumbersLost(block=block, first="9900000008", last="9900000010", cause="lost", found_out_on="1900-01-01")
    done(device.record_unless(list, lambda act: act.add(fact, sign=device.sign)))
    assert [case.lost_on for case in loss_cases(device)] == [device.today()]


def test_a_case_is_found_by_a_number_of_it(device: Device) -> None:
    loss = lost(device)
    assert case_of(device, "B 9900000009").ref == loss


def test_a_sheet_nobody_can_find_is_a_loss_too(device: Device, head: Session) -> None:
    number = printed(device)
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[Sheet(1, 2)]))
    (case,) = loss_cases(device)
    assert (case.what, case.span, case.count, case.used) == ("sheet", number, 1, ())
    with acting(device, head):
        papers = done(draft_papers(device, case.ref))
    assert number.split()[1] in device.files.read(papers.notice).decode()


# --- found again -----------------------------------------------------------------------------------------------------


def test_g47_numbers_found_again_stay_dead(device: Device, head: Session) -> None:
    loss = lost(device)
    with acting(device, head):
        done(report_found(device, "B", "9900000008-9"))
    assert case_of(device, loss).found == ("B 9900000008", "B 9900000009")
    only(return_numbers(device, "B", "9900000008-10", reason="too_many"), C.WRONG_STATE, "numbers")
    only(report_loss(device, "B", "9900000008", cause="lost"), C.WRONG_STATE, "numbers")
    only(report_found(device, "B", "9900000007-8"), C.WRONG_STATE, "found")
    assert number_states(device, "B")[7:] == ["lost"] * 3
    assert_sound(device)


@pytest.mark.parametrize(
    ("span", "day", "code", "field"),
    [
        ("9900000008-9", "", C.ALREADY_RECORDED, "found"),
        ("9900000010", "2026-12-31", C.DAY_TO_COME, "found_on"),
        ("9900000010", "昨天", C.FIELD_INVALID, "found_on"),
        ("9900000010", "2026-11-20", C.FIELD_INVALID, "found_on"),
        ("9900000009-9900000015", "", C.OUTSIDE_BLOCK, "numbers"),
        ("8800000001", "", C.NOT_FOUND, "numbers"),
    ],
)
def test_what_cannot_have_been_found_is_refused(device: Device, span: str, day: str, code: C, field: str) -> None:
    lost(device)
    done(report_found(device, "B", "9900000008-9"))
    only(report_found(device, "B", span, found_on=day), code, field)


# --- two computers ---------------------------------------------------------------------------------------------------


def test_the_same_loss_told_by_two_computers_is_one_case(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    office.show_blocks(device, sister)
    theirs = done(report_loss(sister, "B", "9900000008-10", cause="stolen"))
    clock.forward(minutes=1)
    ours = lost(device)
    office.relay(sister, device)
    office.relay(device, sister)
    for one in (device, sister):
        (case,) = loss_cases(one)
        assert case.refs == (theirs, ours)
        assert {row["ended_by"] for row in one.rows.many("numbers", kind="B", state="lost")} == {theirs}
        assert_sound(one)


def test_a_lost_number_that_a_paper_bears_is_named(office: Office, device: Device, sister: Device) -> None:
    office.show_blocks(device, sister)
    number = issued(device)
    theirs = done(report_loss(sister, "B", "9900000001-10", cause="stolen"))
    office.relay(device, sister)
    assert case_of(sister, theirs).used == (number,)
    office.relay(sister, device)
    assert case_of(device, theirs).used == (number,)


def test_a_stub_the_stocktake_missed_is_a_loss_of_its_own(device: Device, head: Session) -> None:
    number = printed(device)
    before = day_sheet(device, device.today()).keeper
    loss = done(lose_sheet(device, number, Sheet(1, 1), cause="lost"))
    case = case_of(device, loss)
    assert (case.what, case.span, case.cause, case.lost_on) == ("sheet", number, "lost", device.today())
    after = day_sheet(device, device.today()).keeper
    assert (after.went_out - before.went_out, after.closing - before.closing, after.holds) == (1, -1, True)
    with acting(device, head):
        assert len({*msgspec.structs.astuple(done(draft_papers(device, loss)))}) == 4
    assert_sound(device)


def test_what_is_gone_already_or_never_was_is_not_lost(device: Device) -> None:
    number = handed_over(device)
    only(lose_sheet(device, number, Sheet(1, 2), cause="lost"), C.WRONG_STATE, "sheet")
    only(lose_sheet(device, number, Sheet(2, 1), cause="lost"), C.NOT_FOUND, "sheet")
    only(lose_sheet(device, number, Sheet(1, 1), cause="eaten"), C.FIELD_INVALID, "cause")
    done(lose_sheet(device, number, Sheet(1, 1), cause="stolen"))
    only(lose_sheet(device, number, Sheet(1, 1), cause="lost"), C.WRONG_STATE, "sheet")


def test_who_has_no_post_for_it_reports_no_sheet(office: Office, device: Device) -> None:
    number = printed(device)
    office.publish(device, office.grant(VET, "reception"))
    only(lose_sheet(device, number, Sheet(1, 1), cause="lost"), C.POST_MISSING)
