"""Sheets and hand-overs told of at two computers that do not know of each other: in either order the same comes out."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.certificates import CertificateHandedOver
from inspector_app.journal.projections import Row
from inspector_app.services.day_close import day_sheet
from inspector_app.services.device import Device
from inspector_app.services.handing_over import Handed, Sheet, sheets_in_hand
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.print_jobs import release_spare
from inspector_app.services.print_orders import receive_order
from tests.office import HandClock, Office
from tests.services.test_day_close import TODAY, heading
from tests.services.test_print_orders import ordered
from tests.services.work import (
    HOUR,
    MINUTE,
    assert_sound,
    done,
    draft,
    hand_over,
    inspected,
    issued,
    only,
    printed,
    state,
    void_paper,
)

C = RefusalCode
Told = list[tuple[object, ...]]


@pytest.fixture
def shared(office: Office, device: Device, sister: Device) -> str:
    """A certificate issued here and printed at the sister's; both know that."""
    heading(office, sister)
    office.show_blocks(device, sister)
    number, sealed = ordered(device, sister)
    office.relay(device, sister)
    done(receive_order(sister, sealed))
    printed(sister, number)
    office.relay(sister, device)
    return number


def shown(device: Device, number: str) -> Told:
    names = ("print", "sheet", "state", "category", "device")
    return [tuple(row[name] for name in names) for row in device.rows.many("sheets", number=number)]


def met(office: Office, device: Device, sister: Device, number: str) -> list[str]:
    """What both show once each has heard the other: the same, and both books balance."""
    office.relay(device, sister)
    office.relay(sister, device)
    assert shown(device, number) == shown(sister, number)
    assert (device.rows.many("set_aside"), sister.rows.many("set_aside")) == ([], [])
    for one in (device, sister):
        assert day_sheet(one, TODAY).equations_hold
        assert_sound(one)
    return [str(row["state"]) for row in device.rows.many("sheets", number=number)]


def lose(device: Device, number: str, *lost: Sheet) -> None:
    on_desk = len(sheets_in_hand(device, number)) - len(lost)
    done(void_paper(device, number, reason="missing_sheet", on_desk=on_desk, lost=lost))


def test_a_sheet_both_report_lost_is_lost_once(office: Office, device: Device, sister: Device, shared: str) -> None:
    for one in (device, sister):
        lose(one, shared, Sheet(1, 2))
    assert met(office, device, sister, shared) == ["spoiled", "lost"]


def test_a_hand_over_beats_a_loss_nobody_there_knew_better(
    office: Office, device: Device, sister: Device, shared: str
) -> None:
    done(hand_over(sister, shared))
    lose(device, shared, Sheet(1, 2))
    assert met(office, device, sister, shared) == ["kept", "handed_over"]


def test_a_print_released_beside_a_loss_stays_and_its_sheets_are_void(
    office: Office, device: Device, sister: Device, shared: str
) -> None:
    lose(device, shared, Sheet(1, 1), Sheet(1, 2))
    done(release_spare(sister, shared, reason="paper_jam", spoiled=[1, 2]))
    printed(sister, shared)
    assert met(office, device, sister, shared) == ["lost", "lost", "spoiled", "spoiled"]


def test_what_is_spoiled_by_a_void_and_by_a_release_tells_why_the_release_said(
    office: Office, device: Device, sister: Device, shared: str
) -> None:
    done(void_paper(device, shared, reason="wrong_entry", on_desk=2))
    done(release_spare(sister, shared, reason="paper_jam", spoiled=[1, 2]))
    assert met(office, device, sister, shared) == ["spoiled", "spoiled"]
    assert [row["category"] for row in device.rows.many("sheets", number=shared)] == ["paper_jam", "paper_jam"]


def test_a_print_lost_at_one_computer_and_void_at_the_other_is_lost(
    office: Office, device: Device, sister: Device, shared: str
) -> None:
    done(void_paper(device, shared, reason="wrong_entry", on_desk=2))
    done(release_spare(sister, shared, reason="lost_before_handover", spoiled=[]))
    assert met(office, device, sister, shared) == ["lost", "lost"]


@pytest.mark.parametrize("filed", [True, False])
def test_a_hand_over_and_a_void_meet_as_a_void_after_the_hand_over(
    office: Office, device: Device, sister: Device, shared: str, *, filed: bool
) -> None:
    done(hand_over(sister, shared, file_stub=filed))
    done(void_paper(device, shared, reason="wrong_entry", on_desk=2))
    assert met(office, device, sister, shared) == ["kept" if filed else "printed", "handed_over"]


# --- a hand-over recorded after the paper ended ----------------------------------------------------------------------


def given_then_voided(office: Office, device: Device, sister: Device, clock: HandClock) -> tuple[str, int]:
    """A paper given out here an hour before the sister voids it, unrecorded when that is heard of."""
    heading(office, sister)
    office.show_blocks(device, sister)
    number, given_at = printed(device), clock.at
    office.relay(device, sister)
    clock.at += HOUR
    done(void_paper(sister, number, reason="missing_sheet", on_desk=0))
    office.relay(sister, device)
    clock.at += HOUR
    return number, given_at


def test_what_was_given_out_before_the_void_is_recorded_after_it(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    number, given_at = given_then_voided(office, device, sister, clock)
    done(hand_over(device, number, handed=Handed(given_at, "power_cut")))
    assert state(device, number) == "voided"
    assert met(office, device, sister, number) == ["kept", "handed_over"]
    assert (device.rows.one("certificates", number=number) or {})["handed_over_at"] == given_at
    sheet = day_sheet(device, TODAY)
    assert (sheet.told_after, sheet.keeper.went_out, sheet.keeper.closing) == ([number], 1, 1)
    assert day_sheet(sister, TODAY).told_after == []


def test_what_was_given_out_after_the_void_is_refused(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    number, _given_at = given_then_voided(office, device, sister, clock)
    void_at = int((device.rows.one("certificates", number=number) or {})["void_at"] or 0)
    for handed in (Handed(void_at, "power_cut"), Handed(clock.at, "power_cut"), Handed()):
        assert only(hand_over(device, number, handed=handed), C.WRONG_STATE).current == "voided"
    assert [row["state"] for row in device.rows.many("sheets", number=number)] == ["spoiled", "spoiled"]


def test_a_replaced_paper_is_handed_over_late_as_well(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    number, given_at = printed(device, issued(device, batch)), clock.at
    clock.at += MINUTE
    issued(device, batch, replaces=number, replace_reason="vehicle_changed", replaces_on_desk=2)
    done(hand_over(device, number, handed=Handed(given_at)))
    assert [row["state"] for row in device.rows.many("sheets", number=number)] == ["kept", "handed_over"]
    assert_sound(device)


# --- the same hand-over recorded twice -------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["device", "sister"])
def test_of_two_records_of_a_hand_over_the_earlier_moment_counts(
    office: Office, device: Device, sister: Device, clock: HandClock, first: str
) -> None:
    heading(office, sister)
    office.show_blocks(device, sister)
    number, begun = printed(device), clock.at
    office.relay(device, sister)
    clock.at += 3 * HOUR
    early, late = Handed(begun + MINUTE, "other", "王大河"), Handed(begun + HOUR, "power_cut")
    said = (early, late) if first == "device" else (late, early)
    refs = [done(hand_over(one, number, handed=handed)) for one, handed in zip((device, sister), said, strict=True)]
    assert met(office, device, sister, number) == ["kept", "handed_over"]
    winner = refs[said.index(early)]
    for one in (device, sister):
        row = one.rows.one("certificates", number=number) or {}
        names = ("handed_over_ref", "handed_over_at", "late_reason", "late_note")
        assert [row[name] for name in names] == [winner, early.at, "other", "王大河"]


def test_of_two_records_of_one_moment_the_smaller_name_counts(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    heading(office, sister)
    office.show_blocks(device, sister)
    number = printed(device)
    office.relay(device, sister)
    refs = [done(hand_over(one, number, handed=Handed(clock.at))) for one in (device, sister)]
    met(office, device, sister, number)
    kept = [(one.rows.one("certificates", number=number) or {})["handed_over_ref"] for one in (device, sister)]
    assert kept == [min(refs), min(refs)]


# --- replacing a paper of which a sheet is lost ----------------------------------------------------------------------


def replacing(device: Device, batch: str, number: str, **changes: object) -> object:
    given = {"replaces": number, "replace_reason": "vehicle_changed"} | changes
    return issue_certificate(device, draft(device, batch, **given))


def test_a_paper_is_replaced_in_one_act_although_a_sheet_is_lost(device: Device) -> None:
    batch = inspected(device)
    number = printed(device, issued(device, batch))
    only(replacing(device, batch, number, replaces_on_desk=1), C.COPIES_NOT_ON_DESK, "replaces_on_desk")
    done(replacing(device, batch, number, replaces_on_desk=1, replaces_lost=[(1, 2)]))
    assert (state(device, number), [row[2] for row in shown(device, number)]) == ("replaced", ["spoiled", "lost"])
    assert day_sheet(device, TODAY).equations_hold
    assert_sound(device)


@pytest.mark.parametrize("lost", [[(1, 3)], [(2, 1)], [(1, 2), (1, 2)]])
def test_a_sheet_that_is_not_in_hand_is_not_lost_by_replacing(device: Device, lost: list[tuple[int, int]]) -> None:
    batch = inspected(device)
    number = printed(device, issued(device, batch))
    outcome = replacing(device, batch, number, replaces_on_desk=1, replaces_lost=lost)
    assert only(outcome, C.FIELD_INVALID, "replaces_lost").current == "/".join(map(str, lost[-1]))
    assert state(device, number) == "issued"


def test_lost_sheets_beside_no_replacement_are_refused(device: Device) -> None:
    outcome = issue_certificate(device, draft(device, inspected(device), replaces_lost=[(1, 2)]))
    only(outcome, C.FIELD_MISSING, "replaces")


# --- the reason of a late record -------------------------------------------------------------------------------------


def test_a_reason_given_within_the_hour_is_kept(device: Device, clock: HandClock) -> None:
    number, given_at = printed(device), clock.at
    clock.at += 30 * MINUTE
    ref = done(hand_over(device, number, handed=Handed(given_at, "other", "王大河先提走了")))
    entry = device.store.entry(ref)
    assert entry is not None
    assert isinstance(entry.fact, CertificateHandedOver)
    row: Row = device.rows.one("certificates", number=number) or {}
    assert (entry.fact.late_reason, row["late_reason"], row["late_note"]) == ("other", "other", "王大河先提走了")


@pytest.mark.parametrize(
    ("handed", "code", "field"),
    [
        (Handed(reason="nonsense"), C.FIELD_INVALID, "late_reason"),
        (Handed(reason="other"), C.FIELD_MISSING, "note"),
        (Handed(note="\u202e"), C.FIELD_INVALID, "note"),
        (Handed(0, "power_cut"), C.FIELD_INVALID, "handed_at"),
    ],
)
def test_what_is_said_of_a_hand_over_is_checked_whenever_it_was(
    device: Device, handed: Handed, code: RefusalCode, field: str
) -> None:
    number = printed(device)
    only(hand_over(device, number, handed=handed), code, field)
    assert not (device.rows.one("certificates", number=number) or {})["handed_over_at"]
