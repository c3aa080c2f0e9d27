"""Numbers drawn for the station that no block holds yet: lost, followed, found again, and never used."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.numbering import Block
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.device import Device, Session
from inspector_app.services.following_losses import draft_papers, report_found
from inspector_app.services.ledgers import continuity
from inspector_app.services.loss_cases import find_case, loss_cases
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import next_number, return_numbers, uncut
from inspector_app.services.tracing import trace
from tests.office import VET, Office
from tests.services.work import acting, assert_sound, codes, done, only

SPAN = "9900000013-15"


@pytest.fixture
def drawn(office: Office, device: Device) -> Block:
    """Ten more numbers B drawn, in no block yet; the block the province may cut over them."""
    draw, block = office.numbers(device.id, "B")
    office.publish(device, draw)
    return block


def lost(device: Device) -> str:
    return done(report_loss(device, "B", SPAN, cause="stolen"))


@pytest.mark.usefixtures("drawn")
def test_g45_numbers_in_no_block_yet_are_lost_like_any_other(device: Device, head: Session) -> None:
    loss = lost(device)
    assert uncut(device, "B", VET) == 7
    (case,) = loss_cases(device)
    assert (case.ref, case.span, case.count, case.used) == (loss, "B 9900000013–9900000015", 3, ())
    assert find_case(device, "B 9900000014") == case
    with acting(device, head):
        papers = done(draft_papers(device, loss))
    assert b"9900000013" in device.files.read(papers.notice)
    assert_sound(device)


def test_g47_a_block_cut_over_them_all_the_same_gives_none_of_them(
    office: Office, device: Device, drawn: Block
) -> None:
    lost(device)
    done(report_loss(device, "B", "9900000001-10", cause="stolen"))
    office.publish(device, msgspec.structs.replace(drawn, first="9900000013"))
    found = next_number(device, "B", VET)
    assert found is not None
    assert found.number.digits == "9900000016"
    assert uncut(device, "B", VET) == 2
    assert_sound(device)


@pytest.mark.usefixtures("drawn")
def test_continuity_and_trace_tell_of_them(device: Device) -> None:
    loss = lost(device)
    (gap,) = [one for one in continuity(device).stretches if one.standing is Standing.LOST]
    assert (gap.first, gap.last, gap.entry, gap.reason) == ("9900000013", "9900000015", loss, "stolen")
    rest = [one.size for one in continuity(device).stretches if one.standing is Standing.UNCUT and one.kind == "B"]
    assert rest == [2, 5]
    life = done(trace(device, "B 9900000014"))
    assert (life.standing, life.steps[-1].ref) == (Standing.LOST, loss)
    other = done(trace(device, "B 9900000016"))
    assert (other.standing, [step.what for step in other.steps]) == (Standing.UNCUT, ["draw"])


@pytest.mark.usefixtures("drawn")
def test_g47_what_was_lost_uncut_is_lost_once_and_found_again_stays_dead(device: Device, head: Session) -> None:
    loss = lost(device)
    twice = only(report_loss(device, "B", "9900000015-16", cause="lost"), C.WRONG_STATE, "numbers")
    assert twice.details == {"number": "B 9900000015"}
    with acting(device, head):
        never = only(report_found(device, "B", "9900000015-16"), C.WRONG_STATE, "found")
        assert never.details == {"number": "B 9900000016"}
        done(report_found(device, "B", "9900000013-14"))
        only(report_found(device, "B", "9900000014"), C.ALREADY_RECORDED, "found")
    case = find_case(device, loss)
    assert case is not None
    assert case.found == ("B 9900000013", "B 9900000014")
    assert uncut(device, "B", VET) == 7
    assert_sound(device)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("typed", ["9900000008-12", "9900000018-9900000022"])
def test_a_range_that_crosses_from_a_block_or_out_of_the_draw_is_refused(device: Device, typed: str) -> None:
    assert only(report_loss(device, "B", typed, cause="stolen"), C.OUTSIDE_BLOCK, "numbers").details["block"]
    assert loss_cases(device) == []


@pytest.mark.usefixtures("drawn")
def test_nobody_loses_them_before_they_were_drawn_or_gives_them_back(device: Device) -> None:
    early = report_loss(device, "B", SPAN, cause="stolen", found_out_on="2026-11-20")
    assert only(early, C.FIELD_INVALID, "found_out_on").limit == "2026-11-21"
    assert C.NOT_FOUND in codes(return_numbers(device, "B", SPAN, reason="leaves_post"))
    only(report_loss(device, "A", SPAN, cause="stolen"), C.NOT_FOUND, "numbers")
