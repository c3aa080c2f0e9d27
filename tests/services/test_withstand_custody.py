"""What custody must withstand at a station (issue 3): each time a clear refusal or a case, never a silent change.

What other files prove by name already is listed beside these in ``docs/withstands.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.projections import Row
from inspector_app.services import drafts, ledgers
from inspector_app.services.ceremony import confirm_act, unconfirmed
from inspector_app.services.custody_cases import open_cases
from inspector_app.services.day_close import close_day, day_sheet
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import confirm_void
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.loss_cases import find_case
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import numbers_left, return_numbers
from inspector_app.services.opening import read_opening
from inspector_app.services.sign_in import LockedHome, Parts
from inspector_app.services.stocktaking import close_stocktake, count_stock, open_stocktake, own_stocktake
from tests.office import CLERK, PASSPHRASE, VET, HandClock, Office, parts
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    draft,
    hand_over,
    inspected,
    issued,
    number_states,
    only,
    printed,
    state,
    void_paper,
)

C = RefusalCode
COLLEAGUE = 14
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def digits_of(device: Device, state_wanted: str) -> list[str]:
    """The last two digits of the B numbers in a state."""
    rows = device.rows.many("numbers", kind="B", state=state_wanted)
    return [str(row["digits"])[-2:] for row in rows]


def own_numbers(device: Device) -> list[Row]:
    return [row for row in device.rows.many("numbers", kind="B") if row["state"] == "used"]


# --- ranges as people type them --------------------------------------------------------------------------------------


def test_overlapping_ranges_are_refused_and_nothing_is_counted(device: Device) -> None:
    done(open_stocktake(device, kinds=("B",)))
    before = device.store.head()
    for typed in ("9900000001-5，9900000005-10", "9900000001-10，9900000003", "9900000003，9900000003"):
        assert codes(count_stock(device, "unused", "B", typed)) == [C.FIELD_INVALID], typed
    assert device.store.head() == before


def test_overlapping_ranges_of_two_acts_meet_at_what_has_ended(device: Device) -> None:
    done(return_numbers(device, "B", "9900000008-10", reason="too_many"))
    found = only(report_loss(device, "B", "9900000006-9", cause="lost"), C.WRONG_STATE, "numbers")
    assert found.details == {"number": "B 9900000008"}
    assert digits_of(device, "lost") == []
    assert digits_of(device, "returned") == ["08", "09", "10"]


@pytest.mark.parametrize("typed", ["9900000008-9900000010", "9900000008-10"])
def test_full_width_digits_mean_the_same_numbers(device: Device, typed: str) -> None:
    done(return_numbers(device, "B", typed.translate(FULL_WIDTH), reason="too_many"))
    assert digits_of(device, "returned") == ["08", "09", "10"]


def test_a_lost_number_may_be_typed_with_full_width_digits(device: Device) -> None:
    done(report_loss(device, "B", "９９０００００００４", cause="lost"))
    assert digits_of(device, "lost") == ["04"]


@pytest.mark.parametrize("comma", ["，", "、", ",", "；"])
def test_commas_of_any_kind_never_cut_a_range_short(device: Device, comma: str) -> None:
    """Where one range is asked for, several are refused as a whole; none of them is taken for all."""
    before = device.store.head()
    typed = f"9900000008{comma}9900000010"
    assert codes(return_numbers(device, "B", typed, reason="too_many")) == [C.FIELD_INVALID]
    assert codes(report_loss(device, "B", typed, cause="lost")) == [C.FIELD_INVALID]
    assert device.store.head() == before


@pytest.mark.parametrize("comma", ["，", "、", ","])
def test_a_count_is_typed_with_chinese_commas(device: Device, comma: str) -> None:
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "unused", "B", f"9900000001-6{comma}９９０００００００７-１０"))
    closed = done(close_stocktake(device, no_picture="camera_broken"))
    assert closed.differences == []


def test_a_range_whose_end_crosses_a_block_is_refused_whole(office: Office, device: Device) -> None:
    office.publish(device, *office.numbers(device.id, "B"))
    before = device.store.head()
    for outcome in (
        return_numbers(device, "B", "9900000009-9900000012", reason="too_many"),
        report_loss(device, "B", "9900000009-9900000012", cause="lost"),
    ):
        found = only(outcome, C.OUTSIDE_BLOCK, "numbers")
        assert found.details == {"block": "9900000001–9900000010"}
    assert device.store.head() == before
    assert number_states(device, "B") == ["free"] * 20


def test_a_taken_over_range_that_meets_a_block_is_an_error_of_its_row(device: Device) -> None:
    text = "what,kind,first,last,pages,state,opened_on,note\nsheet,B,9900000008,9900000012,2,blank,,\n"
    found = read_opening(device, text.encode())
    assert [one.details["row"] for one in found.errors] == [2]
    assert found.lines == []


# --- people and computers --------------------------------------------------------------------------------------------


@pytest.fixture
def vets_other(office: Office, device: Device, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    """A second computer of the same vet, with numbers of its own; each knows the other's."""
    opened = office.enrol(tmp_path / "other", parts(clock, seed="other"), person=VET, blocks=0)
    office.introduce(device, opened)
    office.show_blocks(device, opened)
    held = office.numbers(opened.id, "B")
    for one in (device, opened):
        office.publish(one, *held)
    yield opened
    opened.store.database.abandon()


def test_the_same_person_on_two_devices_never_signs_one_number_twice(device: Device, vets_other: Device) -> None:
    for one in (device, vets_other):
        batch = inspected(one)
        for _ in range(3):
            issued(one, batch)
    here, there = ({str(row["digits"]) for row in own_numbers(one)} for one in (device, vets_other))
    assert here == {"9900000001", "9900000002", "9900000003"}
    assert there == {"9900000011", "9900000012", "9900000013"}


def test_the_same_person_cannot_end_numbers_of_the_other_device(device: Device, vets_other: Device) -> None:
    only(return_numbers(device, "B", "9900000011-20", reason="too_many"), C.NOT_FOUND, "numbers")
    assert digits_of(vets_other, "free") == digits_of(device, "free") == [f"{one:02}" for one in range(1, 21)]


def test_two_vets_on_one_device_each_use_their_own_block(
    office: Office, device: Device, home: Path, home_parts: Parts
) -> None:
    office.publish(device, office.grant(COLLEAGUE, "vet", kinds=("A", "B")))
    office.publish(device, *office.numbers(device.id, "B", holder=COLLEAGUE))
    colleague = office.let_join(device, home, home_parts, COLLEAGUE)
    first = issued(device)
    with acting(device, colleague):
        second = issued(device)
    third = issued(device)
    assert (first, second, third) == ("B 9900000001", "B 9900000011", "B 9900000002")
    assert ledgers.continuity(device).to_explain == ()


def test_a_vet_without_numbers_is_refused_beside_a_colleague_who_has_some(
    office: Office, device: Device, home: Path, home_parts: Parts
) -> None:
    office.publish(device, office.grant(COLLEAGUE, "vet", kinds=("A", "B")))
    colleague = office.let_join(device, home, home_parts, COLLEAGUE)
    batch = inspected(device)
    with acting(device, colleague):
        refused = issue_certificate(device, draft(device, batch))
    assert C.NO_NUMBERS_LEFT in codes(refused)
    assert numbers_left(device, "B", VET) == 10


def test_abandoned_drafts_burn_no_number_even_when_the_program_dies(
    device: Device, home: Path, home_parts: Parts
) -> None:
    batch = inspected(device)
    for _ in range(4):
        drafts.save(device, drafts.new_draft(device), form="issue", subject=batch, content={"plate": "苏K12345"})
    device.store.database.abandon()
    again = LockedHome(home, home_parts, doing="after the crash")
    opened = again.unlock(VET, PASSPHRASE)
    try:
        assert isinstance(opened, Device)
        assert number_states(opened, "B") == ["free"] * 10
        assert issued(opened, batch) == "B 9900000001"
    finally:
        again.close()


# --- what was told late ----------------------------------------------------------------------------------------------


def test_a_void_racing_with_a_late_upload_leaves_the_paper_void_and_with_its_holder(
    office: Office, device: Device, sister: Device
) -> None:
    """The sister's head voids what she has heard of, while the hand-over still waits to be sent."""
    office.show_blocks(device, sister)
    office.publish(sister, office.grant(CLERK, "clerk", "head"))
    number = printed(device)
    office.relay(device, sister)
    done(hand_over(device, number))
    done(void_paper(sister, number, reason="wrong_entry", on_desk=0))
    office.relay(sister, device)
    office.relay(device, sister)
    for one in (device, sister):
        sheets = {row["sheet"]: row["state"] for row in one.rows.many("sheets", number=number)}
        assert (state(one, number), sheets[2]) == ("voided", "handed_over")
        assert_sound(one)
    assert codes(hand_over(device, number)) == [C.WRONG_STATE, C.ALREADY_RECORDED]


def test_a_lost_number_that_was_already_used_here_is_refused(device: Device) -> None:
    number = issued(device)
    found = only(report_loss(device, "B", "9900000001", cause="lost"), C.WRONG_STATE, "numbers")
    assert (found.current, found.details) == ("used", {"number": number})
    assert state(device, number) == "issued"


@pytest.mark.parametrize("loss_first", [True, False])
def test_a_lost_number_that_was_already_used_elsewhere_stays_used_and_its_case_names_it(
    office: Office, device: Device, sister: Device, *, loss_first: bool
) -> None:
    office.show_blocks(device, sister)
    acts: list[Callable[[], str]] = [
        lambda: issued(device),
        lambda: done(report_loss(sister, "B", "9900000001-10", cause="stolen")),
    ]
    said = [act() for act in (acts[::-1] if loss_first else acts)]
    number, loss = said[::-1] if loss_first else said
    office.relay(device, sister)
    office.relay(sister, device)
    for one in (device, sister):
        case = find_case(one, loss)
        assert case is not None
        assert case.used == (number,)
    assert state(device, number) == "issued"
    only(report_loss(device, "B", "9900000001", cause="lost"), C.WRONG_STATE, "numbers")


# --- second persons --------------------------------------------------------------------------------------------------


def test_two_approvals_by_one_person_through_two_posts_are_one(office: Office, device: Device, head: Session) -> None:
    office.publish(device, office.grant(VET, "vet", "keeper", "head", kinds=("A", "B")))
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    only(confirm_void(device, number), C.ONE_PERSON_TWICE)
    done(close_day(device, device.today()))
    for act in unconfirmed(device):
        only(confirm_act(device, str(act["ref"])), C.ONE_PERSON_TWICE)
    with acting(device, head):
        done(confirm_void(device, number))


# --- interruptions and periods ---------------------------------------------------------------------------------------


def test_a_stocktake_interrupted_by_power_loss_goes_on_as_it_was(
    office: Office, device: Device, home: Path, home_parts: Parts
) -> None:
    office.publish(device, *office.numbers(device.id, "B"))
    printed(device)
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "on_hand", "B", "9900000001", pages=2))
    device.store.database.abandon()
    again = LockedHome(home, home_parts, doing="after the cut")
    opened = again.unlock(VET, PASSPHRASE)
    try:
        assert isinstance(opened, Device)
        assert own_stocktake(opened) is not None
        only(return_numbers(opened, "B", "9900000018-20", reason="too_many"), C.STOCKTAKE_OPEN)
        done(count_stock(opened, "unused", "B", "9900000011-20"))
        done(count_stock(opened, "unused", "B", "9900000002-9"))
        closed = done(close_stocktake(opened, no_picture="camera_broken"))
        assert len(closed.differences) == 1
        assert [(row["first"], row["last"]) for row in open_cases(opened)] == [("9900000010", "9900000010")]
    finally:
        again.close()


def test_a_void_in_a_later_period_leaves_the_closed_period_as_it_was_signed(device: Device, clock: HandClock) -> None:
    number = printed(device)
    issued_on = device.today()
    done(close_day(device, issued_on))
    before = day_sheet(device, issued_on)
    clock.forward(days=40)
    done(void_paper(device, number, reason="not_departed", on_desk=2))
    assert day_sheet(device, issued_on).counts == before.counts
    (stretch,) = [one for one in ledgers.continuity(device).stretches if one.standing is Standing.VOIDED]
    assert (stretch.first, stretch.day) == ("9900000001", device.today())
    only(close_day(device, issued_on), C.ALREADY_RECORDED)
