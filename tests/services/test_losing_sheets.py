"""A sheet that cannot be found: by itself only where nobody would take it for a paper in force (GX-2014 Art. 26)."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.device import Device, Session
from inspector_app.services.following_losses import draft_papers
from inspector_app.services.handing_over import Handed
from inspector_app.services.loss_cases import loss_cases
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.on_desk import Sheet
from inspector_app.services.print_jobs import release_spare
from inspector_app.services.sheet_custody import lose_sheet, spoil_sheet
from tests.office import HandClock
from tests.services.old_papers import TRAVELLING
from tests.services.work import (
    MINUTE,
    acting,
    assert_sound,
    done,
    hand_over,
    handed_over,
    inspected,
    only,
    printed,
    state,
    void_paper,
)


def sheet_states(device: Device, number: str) -> list[str]:
    return [str(row["state"]) for row in device.rows.many("sheets", number=number, order="sheet")]


@pytest.mark.parametrize("cause", ["lost", "stolen", "damaged"])
def test_g45_what_would_be_believed_is_lost_only_with_what_ends_it(device: Device, cause: str) -> None:
    number = printed(device)
    assert only(lose_sheet(device, number, TRAVELLING, cause=cause), C.PAPER_IN_FORCE, "sheet").current == number
    assert (loss_cases(device), sheet_states(device, number)) == ([], ["printed", "printed"])
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[TRAVELLING]))
    assert (state(device, number), [case.span for case in loss_cases(device)]) == ("voided", [number])


def test_a_torn_travelling_sheet_of_a_paper_in_force_is_not_lost_by_itself_either(device: Device) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, TRAVELLING, category="damaged", no_picture="camera_broken"))
    only(lose_sheet(device, number, TRAVELLING, cause="stolen"), C.PAPER_IN_FORCE, "sheet")


def test_the_sheets_of_a_print_that_counts_no_more_are_lost_by_themselves(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2]))
    done(lose_sheet(device, number, TRAVELLING, cause="stolen"))
    assert sheet_states(device, number) == ["spoiled", "lost"]


def test_the_sheet_of_a_notice_that_waits_for_its_party_is_lost_with_its_void(device: Device) -> None:
    batch = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"], "suspected": ["GCHD"]})
    words = NoticeDraft(inspection=batch, basis=["apl_56"], method="isolation", failures=["clinical_signs"])
    number = printed(device, done(issue_notice(device, words)).number)
    only(lose_sheet(device, number, TRAVELLING, cause="stolen"), C.PAPER_IN_FORCE, "sheet")
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[TRAVELLING]))
    assert sheet_states(device, number) == ["spoiled", "lost"]


def test_g47_a_paper_is_not_handed_over_with_a_sheet_that_is_no_good(device: Device) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, TRAVELLING, category="damaged", no_picture="camera_broken"))
    found = only(hand_over(device, number), C.WRONG_STATE, "sheet")
    assert (found.current, found.details) == ("spoiled", {"sheet": f"{number} 1/2"})
    assert sheet_states(device, number) == ["printed", "spoiled"]


def test_what_was_handed_over_before_a_sheet_was_missed_is_written_down_late(device: Device, clock: HandClock) -> None:
    number = printed(device)
    clock.forward(minutes=10)
    at = clock.at
    clock.forward(minutes=10)
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[TRAVELLING]))
    clock.forward(minutes=10)
    only(hand_over(device, number, handed=Handed(clock.at - MINUTE, "power_cut")), C.WRONG_STATE)
    done(hand_over(device, number, handed=Handed(at, "power_cut")))
    assert sheet_states(device, number) == ["kept", "handed_over"]
    assert_sound(device)


def test_a_sheet_lost_before_the_next_print_is_a_loss_to_be_followed(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="lost_before_handover", spoiled=[1]))
    (case,) = loss_cases(device)
    assert (case.what, case.span, case.count) == ("sheet", number, 1)
    assert sheet_states(device, number) == ["spoiled", "lost"]
    assert_sound(device)


def test_where_every_sheet_is_there_the_next_print_is_no_loss(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2]))
    assert loss_cases(device) == []


@pytest.mark.parametrize(("ended", "stands"), [(False, True), (True, False)])
def test_the_notice_of_a_lost_stub_does_not_take_the_owner_s_paper(
    device: Device, head: Session, *, ended: bool, stands: bool
) -> None:
    number = handed_over(device)
    if ended:
        done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    loss = done(lose_sheet(device, number, Sheet(1, 1), cause="stolen"))
    with acting(device, head):
        papers = done(draft_papers(device, loss))
    for paper in (papers.notice, papers.to_authority, papers.to_institution):
        assert ("同号的现行证明照常有效" in device.files.read(paper).decode()) is stands
