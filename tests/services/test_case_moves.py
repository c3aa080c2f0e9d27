"""A case between two computers of a station: inspected here, issued there, and never two with the right to issue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from inspector_app.domain.canonical import decode, encode
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.errors import StationError
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReceived, CaseReturned, RetentionApplied
from inspector_app.journal.projections.cases import latest_move
from inspector_app.services import case_files, issuing, noticing
from inspector_app.services.case_moves import Taken, export_again, hand_case, return_case, take_back, take_case
from inspector_app.services.device import Device, Session
from inspector_app.services.inspecting import FAILED, complete_inspection
from inspector_app.services.issuing_gates import certified
from tests.office import CLERK, HandClock, Office, parts
from tests.services.work import (
    accepted,
    acting,
    assert_sound,
    codes,
    declared,
    document_checks,
    done,
    draft,
    inspected,
    inspection_form,
    issued,
    only,
    reported,
    void_paper,
)

C = RefusalCode


@pytest.fixture
def sister(office: Office, device: Device, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    """A second computer with the same vet and numbers of its own; both know each other."""
    opened = office.enrol(tmp_path / "sister", parts(clock, seed="sister"))
    office.introduce(device, opened)
    yield opened
    opened.store.database.abandon()


@pytest.fixture
def third(office: Office, device: Device, sister: Device, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    """A third one."""
    opened = office.enrol(tmp_path / "third", parts(clock, seed="third"))
    office.introduce(device, sister, opened)
    yield opened
    opened.store.database.abandon()


def case_of(device: Device, inspection: str) -> str:
    return str((device.rows.one("inspections", ref=inspection) or {})["declaration"])


def holder(device: Device, declaration: str) -> str:
    return str((device.rows.one("declarations", ref=declaration) or {}).get("holder"))


def moved(device: Device, sister: Device) -> tuple[str, str, bytes]:
    """A batch inspected here and taken in there: the inspection, its case and the file."""
    inspection = inspected(device)
    declaration = case_of(device, inspection)
    file = done(hand_case(device, declaration, sister.id))
    done(take_case(sister, file))
    return inspection, declaration, file


def whole(device: Device, inspection: str) -> Quantity:
    """All that was inspected."""
    row = device.rows.one("inspections", ref=inspection) or {}
    return Quantity(int(row["value"] or 0), int(row["scale"] or 0), int(row["unit"] or 0))


def kinds(device: Device, shape: type) -> int:
    return sum(isinstance(entry.fact, shape) for entry in device.store.entries())


# --- inspect here, issue there ----------------------------------------------------------------------------------------


def test_a_batch_is_inspected_here_and_its_certificate_issued_there(device: Device, sister: Device) -> None:
    inspection, declaration, _file = moved(device, sister)
    number = done(issuing.issue_certificate(sister, draft(sister, inspection))).number
    row = sister.rows.one("certificates", number=number) or {}
    assert (row["owner_name"], row["declaration"]) == ("王大河", declaration)
    assert holder(device, declaration) == holder(sister, declaration) == sister.id
    assert_sound(device)
    assert_sound(sister)


def test_here_nothing_can_be_issued_any_more_and_the_refusal_says_where(device: Device, sister: Device) -> None:
    inspection, _declaration, _file = moved(device, sister)
    found = only(issuing.issue_certificate(device, draft(device, inspection)), C.CASE_HANDED_OVER)
    assert found.details == {"device": sister.id}


def test_the_right_ends_with_the_hand_over_though_the_file_is_never_taken_in(device: Device, sister: Device) -> None:
    inspection = inspected(device)
    done(hand_case(device, case_of(device, inspection), sister.id))
    only(issuing.issue_certificate(device, draft(device, inspection)), C.CASE_HANDED_OVER)
    assert sister.rows.one("inspections", ref=inspection) is None


def test_a_sick_batch_is_noticed_there_and_only_once(device: Device, sister: Device) -> None:
    declaration, checks = accepted(device), document_checks(device)
    failed = inspection_form(device, declaration, conclusion=FAILED, failings=checks[:1], checks=checks[1:])
    inspection = done(complete_inspection(device, failed))
    form = noticing.NoticeDraft(inspection=inspection, basis=["apl_56"], method="burial", failures=["documents"])
    done(noticing.issue_notice(device, form))
    done(take_case(sister, done(hand_case(device, declaration, sister.id))))
    assert C.ALREADY_RECORDED in codes(noticing.issue_notice(sister, form))


def test_samples_and_results_come_with_the_case(device: Device, sister: Device) -> None:
    inspection = inspected(device, destination=330102)
    reported(device, inspection, SVC="negative")
    done(take_case(sister, done(hand_case(device, case_of(device, inspection), sister.id))))
    for table in ("samples", "results"):
        assert sister.rows.many(table, inspection=inspection) == device.rows.many(table, inspection=inspection)


def test_the_rows_of_the_case_are_the_same_on_both(device: Device, sister: Device) -> None:
    inspection, declaration, _file = moved(device, sister)
    for table, ref in (("declarations", declaration), ("inspections", inspection)):
        assert sister.rows.one(table, ref=ref) == device.rows.one(table, ref=ref)


# --- the sum on a batch -----------------------------------------------------------------------------------------------


def test_what_was_issued_before_counts_there(device: Device, sister: Device) -> None:
    inspection = inspected(device)
    part = structs.replace(whole(device, inspection), value=whole(device, inspection).value - 1)
    done(issuing.issue_certificate(device, draft(device, inspection, quantity=part)))
    done(take_case(sister, done(hand_case(device, case_of(device, inspection), sister.id))))
    assert certified(sister, inspection) == [part]
    only(issuing.issue_certificate(sister, draft(sister, inspection)), C.QUANTITY_EXCEEDS_INSPECTED, "quantity")
    done(issuing.issue_certificate(sister, draft(sister, inspection, quantity=structs.replace(part, value=1))))


def test_what_was_voided_before_does_not_count_there(device: Device, sister: Device) -> None:
    inspection = inspected(device)
    number = issued(device, inspection)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    done(take_case(sister, done(hand_case(device, case_of(device, inspection), sister.id))))
    assert certified(sister, inspection) == []


def test_what_the_sister_issued_counts_when_the_case_is_back(device: Device, sister: Device) -> None:
    inspection, declaration, _file = moved(device, sister)
    issued(sister, inspection, quantity=whole(sister, inspection))
    done(take_case(device, done(return_case(sister, declaration))))
    assert holder(device, declaration) == device.id
    only(issuing.issue_certificate(device, draft(device, inspection)), C.QUANTITY_EXCEEDS_INSPECTED, "quantity")


def test_a_certificate_the_province_tells_of_later_is_not_counted_twice(
    office: Office, device: Device, sister: Device
) -> None:
    inspection = inspected(device)
    half = structs.replace(whole(device, inspection), value=3)
    issued(device, inspection, quantity=half)
    done(take_case(sister, done(hand_case(device, case_of(device, inspection), sister.id))))
    office.show_blocks(device, sister)
    office.relay(device, sister)
    assert certified(sister, inspection) == [half]
    assert_sound(sister)


def test_neither_plates_nor_names_of_other_trucks_travel(device: Device, sister: Device) -> None:
    inspection = inspected(device)
    issued(device, inspection, quantity=structs.replace(draft(device, inspection).quantity, value=1))
    file = case_files.read_file(done(hand_case(device, case_of(device, inspection), sister.id)))
    content = encode(list(case_files.open_file(sister, file, case_files.word_of(file)).entries))
    assert "王大河".encode() in content
    assert "苏K12345".encode() not in content
    assert device.session_key().private_bytes() not in content


def test_whoever_finds_the_stick_reads_no_name(device: Device, sister: Device) -> None:
    file = done(hand_case(device, case_of(device, inspected(device)), sister.id))
    assert "王大河".encode() not in file


# --- once, and for one ------------------------------------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing(device: Device, sister: Device) -> None:
    _inspection, _declaration, file = moved(device, sister)
    head = sister.store.head()
    assert done(take_case(sister, file)).is_new is False
    assert sister.store.head() == head


def test_the_wrong_computer_takes_nothing_in_and_says_for_whom_it_is(
    device: Device, sister: Device, third: Device
) -> None:
    file = done(hand_case(device, case_of(device, inspected(device)), sister.id))
    head = third.store.head()
    assert only(take_case(third, file), C.CASE_HANDED_OVER, "file").details == {"device": sister.id}
    assert third.store.head() == head


def test_the_sender_reading_its_own_file_is_told_the_same(device: Device, sister: Device) -> None:
    file = done(hand_case(device, case_of(device, inspected(device)), sister.id))
    assert only(take_case(device, file), C.CASE_HANDED_OVER, "file").details == {"device": sister.id}


def test_a_lost_stick_is_made_out_again_for_the_same_computer_and_no_other(
    device: Device, sister: Device, third: Device
) -> None:
    inspection = inspected(device)
    declaration = case_of(device, inspection)
    first = case_files.read_file(done(hand_case(device, declaration, sister.id)))
    again = case_files.read_file(done(hand_case(device, declaration, sister.id)))
    assert (again.word, again.signature) == (first.word, first.signature)
    word = case_files.word_of(first)
    assert case_files.open_file(sister, again, word) == case_files.open_file(sister, first, word)
    assert kinds(device, CaseHandedOver) == 1
    assert only(hand_case(device, declaration, third.id), C.CASE_HANDED_OVER).details == {"device": sister.id}


def test_what_was_recorded_since_does_not_change_what_is_made_out_again(device: Device, sister: Device) -> None:
    inspection = inspected(device, destination=330102)
    declaration = case_of(device, inspection)
    first = case_files.word_of(case_files.read_file(done(hand_case(device, declaration, sister.id))))
    reported(device, inspection, SVC="negative")
    again = case_files.word_of(case_files.read_file(done(hand_case(device, declaration, sister.id))))
    assert again.entry == first.entry


def test_after_retention_the_file_is_not_made_out_again(device: Device, sister: Device) -> None:
    _inspection, declaration, _file = moved(device, sister)
    device.record(lambda act: act.add(RetentionApplied(entries=[declaration])), actor=0)
    with pytest.raises(StationError, match="case_gone"):
        hand_case(device, declaration, sister.id)


def test_retention_takes_the_private_part_a_stick_brought_and_the_home_stays_sound(
    device: Device, sister: Device
) -> None:
    inspection, declaration, _file = moved(device, sister)
    sister.record(lambda act: act.add(RetentionApplied(entries=[declaration])), actor=0)
    row = sister.rows.one("declarations", ref=declaration) or {}
    assert (row["owner_name"], row["holder"]) == (None, sister.id)
    assert sister.rows.one("inspections", ref=inspection) is not None
    assert_sound(sister)


# --- giving back ------------------------------------------------------------------------------------------------------


def test_only_the_receiver_s_return_gives_the_right_back(device: Device, sister: Device) -> None:
    inspection, declaration, _file = moved(device, sister)
    back = done(return_case(sister, declaration))
    only(issuing.issue_certificate(sister, draft(sister, inspection)), C.CASE_HANDED_OVER)
    only(issuing.issue_certificate(device, draft(device, inspection)), C.CASE_HANDED_OVER)
    done(take_case(device, back))
    issued(device, inspection)
    assert_sound(device)
    assert kinds(device, CaseReceived) == 1


def test_a_return_is_made_out_again_too(device: Device, sister: Device) -> None:
    _inspection, declaration, _file = moved(device, sister)
    first = case_files.read_file(done(return_case(sister, declaration)))
    again = case_files.read_file(done(return_case(sister, declaration)))
    assert again.word == first.word
    assert kinds(sister, CaseReturned) == 1


def test_whoever_let_the_case_go_last_makes_its_file_out_again_and_nobody_else(device: Device, sister: Device) -> None:
    _inspection, declaration, file = moved(device, sister)
    assert case_files.read_file(done(export_again(device, declaration))).word == case_files.read_file(file).word
    only(export_again(sister, declaration), C.WRONG_STATE, "case_out")
    back = done(return_case(sister, declaration))
    assert case_files.read_file(done(export_again(sister, declaration))).word == case_files.read_file(back).word
    only(export_again(device, accepted(device)), C.WRONG_STATE, "case_out")
    with acting(sister, None):
        assert C.NOT_SIGNED_IN in codes(export_again(sister, declaration))


def test_what_was_inspected_there_comes_back_with_the_case(device: Device, sister: Device) -> None:
    declaration = accepted(device)
    done(take_case(sister, done(hand_case(device, declaration, sister.id))))
    inspection = done(complete_inspection(sister, inspection_form(sister, declaration)))
    done(take_case(device, done(return_case(sister, declaration))))
    issued(device, inspection)
    assert_sound(device)


def test_a_lent_case_goes_back_and_never_on_to_a_third(device: Device, sister: Device, third: Device) -> None:
    _inspection, declaration, _file = moved(device, sister)
    assert only(hand_case(sister, declaration, third.id), C.CASE_HANDED_OVER, "giver").details == {"device": device.id}
    done(take_case(device, done(return_case(sister, declaration))))
    done(take_case(third, done(hand_case(device, declaration, third.id))))
    assert {holder(one, declaration) for one in (device, third)} == {third.id}


def test_a_case_that_never_came_cannot_be_given_back(device: Device) -> None:
    only(return_case(device, accepted(device)), C.WRONG_STATE, "case")


def test_a_case_that_went_on_is_not_taken_in_from_an_old_stick(device: Device, sister: Device) -> None:
    _inspection, declaration, first = moved(device, sister)
    back = done(return_case(sister, declaration))
    done(take_case(device, back))
    done(hand_case(device, declaration, sister.id))
    assert done(take_case(sister, first)).is_new is False  # its own receipt of that turn stands, and gives it nothing
    assert holder(sister, declaration) == device.id
    assert done(take_case(device, back)).is_new is False
    assert holder(device, declaration) == sister.id


def test_an_old_stick_never_read_before_is_refused_as_old(
    office: Office, device: Device, sister: Device, third: Device
) -> None:
    declaration = accepted(device)
    old = done(hand_case(device, declaration, sister.id))
    office.relay(device, sister)
    back = done(return_case(sister, declaration))
    done(take_case(device, back))
    done(hand_case(device, declaration, third.id))
    only(take_case(sister, old), C.ALREADY_RECORDED, "case")
    assert holder(sister, declaration) != sister.id


# --- through the province ---------------------------------------------------------------------------------------------


def test_relayed_by_the_province_the_hand_over_needs_no_stick(office: Office, device: Device, sister: Device) -> None:
    inspection = inspected(device)
    declaration = case_of(device, inspection)
    done(hand_case(device, declaration, sister.id))
    office.relay(device, sister)
    assert holder(sister, declaration) == sister.id
    issued(sister, inspection)
    assert kinds(sister, CaseReceived) == 0


@pytest.mark.parametrize("stick_first", [True, False])
def test_stick_and_relay_come_to_the_same_rows_in_either_order(
    office: Office, device: Device, sister: Device, stick_first: bool
) -> None:
    inspection = inspected(device)
    declaration = case_of(device, inspection)
    file = done(hand_case(device, declaration, sister.id))
    steps: list[Callable[[], Any]] = [lambda: done(take_case(sister, file)), lambda: office.relay(device, sister)]
    for step in steps if stick_first else steps[::-1]:
        step()
    for table, ref in (("declarations", declaration), ("inspections", inspection)):
        assert sister.rows.one(table, ref=ref) == device.rows.one(table, ref=ref)
    move = latest_move(sister.rows, declaration) or {}
    assert (move["giver"], move["device"], move["turn"], move["act"]) == (device.id, sister.id, 1, "handed_over")
    assert str(move["received_ref"]).startswith(sister.id)
    assert_sound(sister)
    sister.store.rebuild()
    assert holder(sister, declaration) == sister.id


def test_a_return_heard_through_the_province_gives_the_right_back(
    office: Office, device: Device, sister: Device
) -> None:
    inspection, declaration, _file = moved(device, sister)
    done(return_case(sister, declaration))
    office.relay(sister, device)
    assert holder(device, declaration) == device.id
    issued(device, inspection)


def test_two_that_hand_their_cases_to_each_other_at_once_both_end_with_the_other_s(
    device: Device, sister: Device
) -> None:
    mine, hers = inspected(device), inspected(sister)
    files = (
        done(hand_case(device, case_of(device, mine), sister.id)),
        done(hand_case(sister, case_of(sister, hers), device.id)),
    )
    done(take_case(sister, files[0]))
    done(take_case(device, files[1]))
    issued(device, hers)
    issued(sister, mine)
    only(issuing.issue_certificate(device, draft(device, mine)), C.CASE_HANDED_OVER)
    only(issuing.issue_certificate(sister, draft(sister, hers)), C.CASE_HANDED_OVER)


# --- what stands against giving ---------------------------------------------------------------------------------------


def test_only_an_accepted_case_that_is_here_is_handed_to_an_active_sister(
    office: Office, device: Device, sister: Device
) -> None:
    assert codes(hand_case(device, "nothing/1", sister.id)) == [C.NOT_FOUND]
    only(hand_case(device, declared(device), sister.id), C.DECLARATION_NOT_ACCEPTED)
    declaration = accepted(device)
    for nobody in ("ab" * 16, device.id, ""):
        only(hand_case(device, declaration, nobody), C.NOT_FOUND, "sister")
    office.publish(device, office.device_sheet(sister, state="fenced"))
    only(hand_case(device, declaration, sister.id), C.NOT_FOUND, "sister")
    assert kinds(device, CaseHandedOver) == 0


def test_a_frozen_computer_gives_no_case_away_and_none_back(device: Device, sister: Device) -> None:
    """It may be a copy, or an older state: it does not know what it gave away or issued already."""
    declaration, (_inspection, lent, _file) = accepted(device), moved(device, sister)
    device.frozen = sister.frozen = "rolled_back"
    assert C.DEVICE_FROZEN in codes(hand_case(device, declaration, sister.id))
    assert C.DEVICE_FROZEN in codes(return_case(sister, lent))


def test_only_a_vet_lets_a_case_go(device: Device, sister: Device, clerk: Session) -> None:
    declaration = accepted(device)
    with acting(device, clerk):
        assert codes(hand_case(device, declaration, sister.id)) == [C.POST_MISSING]
    with acting(device, None):
        assert codes(hand_case(device, declaration, sister.id)) == [C.NOT_SIGNED_IN]


def test_nobody_who_is_not_signed_in_takes_a_case_in_or_makes_it_out_again(device: Device, sister: Device) -> None:
    declaration = accepted(device)
    file = done(hand_case(device, declaration, sister.id))
    with acting(sister, None), acting(device, None):
        assert codes(take_case(sister, file)) == [C.NOT_SIGNED_IN]
        assert codes(hand_case(device, declaration, sister.id)) == [C.NOT_SIGNED_IN]


def outcome_of(sister: Device, raw: bytes) -> str:
    try:
        return "taken" if isinstance(take_case(sister, raw), Taken) else "refused"
    except StationError as error:
        return error.code


# --- what arrives and should not --------------------------------------------------------------------------------------


def test_every_damaged_byte_is_noticed_and_nothing_is_taken_in(device: Device, sister: Device) -> None:
    file = done(hand_case(device, accepted(device), sister.id))
    head = sister.store.head()
    for at in range(0, len(file), max(1, len(file) // 97)):
        damaged = file[:at] + bytes([file[at] ^ 0x41]) + file[at + 1 :]
        assert outcome_of(sister, damaged) != "taken"
        assert sister.store.head() == head


@pytest.mark.parametrize("raw", [b"", b"\x00", b"a photograph", encode(["inspector/case/1", b"", b"", b""])])
def test_what_is_no_case_file_is_told_so(sister: Device, raw: bytes) -> None:
    with pytest.raises(StationError, match="case_unreadable"):
        take_case(sister, raw)


def test_half_a_file_is_no_file(device: Device, sister: Device) -> None:
    file = done(hand_case(device, accepted(device), sister.id))
    with pytest.raises(StationError, match="case_unreadable"):
        take_case(sister, file[: len(file) // 2])


def test_a_case_sealed_anew_by_somebody_else_is_refused(device: Device, sister: Device) -> None:
    """The hash of what is sealed stands in the giver's signed word: nothing can be put in its place."""
    declaration, other = accepted(device), accepted(device)
    word = list(decode(done(hand_case(device, declaration, sister.id)), case_files.MAX_CASE))
    swapped = list(decode(done(hand_case(device, other, sister.id)), case_files.MAX_CASE))
    with pytest.raises(StationError, match="case_unreadable"):
        take_case(sister, encode([*word[:3], swapped[3]]))


def test_a_word_without_the_giver_s_device_signature_counts_for_nothing(device: Device, sister: Device) -> None:
    parts_of = list(decode(done(hand_case(device, accepted(device), sister.id)), case_files.MAX_CASE))
    parts_of[2] = bytes(len(parts_of[2]))
    only(take_case(sister, encode(parts_of)), C.NOT_FOUND, "giver")


def test_a_word_without_the_person_s_signature_counts_for_nothing(device: Device, sister: Device) -> None:
    parts_of = list(decode(done(hand_case(device, accepted(device), sister.id)), case_files.MAX_CASE))
    previous, public, salt, private, signature = decode(parts_of[1], case_files.MAX_CASE)
    parts_of[1] = encode([previous, public, salt, private, bytes(len(signature))])
    only(take_case(sister, encode(parts_of)), C.KEY_NOT_PUBLISHED)


def test_a_case_from_a_computer_that_was_shut_down_is_refused(office: Office, device: Device, sister: Device) -> None:
    file = done(hand_case(device, accepted(device), sister.id))
    office.publish(sister, office.device_sheet(device, state="fenced"))
    only(take_case(sister, file), C.NOT_FOUND, "giver")


def test_a_case_from_a_computer_nobody_here_has_heard_of_is_refused(
    office: Office, device: Device, tmp_path: Path, clock: HandClock
) -> None:
    stranger = office.enrol(tmp_path / "stranger", parts(clock, seed="stranger"), person=CLERK, blocks=0)
    office.publish(device, office.device_sheet(stranger))
    file = done(hand_case(device, accepted(device), stranger.id))
    only(take_case(stranger, file), C.NOT_FOUND, "giver")
    stranger.store.database.abandon()


def test_entries_that_differ_from_what_is_known_of_that_computer_are_refused(
    office: Office, device: Device, sister: Device
) -> None:
    declaration = accepted(device)
    file = done(hand_case(device, declaration, sister.id))
    office.relay(device, sister)
    from inspector_app.store.sql_rows import LIVE

    sister.store.database.execute(f"UPDATE {LIVE}relayed SET hash = ? WHERE ref = ?", ("00" * 32, declaration))
    only(take_case(sister, file), C.WRONG_STATE, "journal")


# --- a lost receiver --------------------------------------------------------------------------------------------------


def test_a_case_is_taken_back_once_the_province_has_shut_the_receiver_down(
    office: Office, device: Device, sister: Device
) -> None:
    inspection, declaration, _file = moved(device, sister)
    only(take_back(device, declaration), C.WRONG_STATE, "receiver")
    office.publish(device, office.device_sheet(sister, state="fenced"))
    only(issuing.issue_certificate(device, draft(device, inspection)), C.CASE_HANDED_OVER)
    done(take_back(device, declaration))
    issued(device, inspection)
    assert_sound(device)


def test_a_file_of_the_lost_computer_changes_nothing_afterwards(office: Office, device: Device, sister: Device) -> None:
    _inspection, declaration, _file = moved(device, sister)
    back = done(return_case(sister, declaration))
    office.publish(device, office.device_sheet(sister, state="fenced"))
    done(take_back(device, declaration))
    only(take_case(device, back), C.NOT_FOUND, "giver")
    assert holder(device, declaration) == device.id


def test_nobody_takes_back_what_is_here_or_was_never_given(device: Device, sister: Device) -> None:
    only(take_back(device, accepted(device)), C.WRONG_STATE, "case_out")
    _inspection, declaration, _file = moved(device, sister)
    only(take_back(sister, declaration), C.WRONG_STATE, "case_out")


def test_what_a_computer_lost_earlier_had_issued_still_counts(
    office: Office, device: Device, sister: Device, third: Device
) -> None:
    inspection, declaration, _file = moved(device, sister)
    issued(sister, inspection, quantity=whole(sister, inspection))
    done(take_case(device, done(return_case(sister, declaration))))
    done(hand_case(device, declaration, third.id))
    office.publish(device, office.device_sheet(third, state="fenced"))
    done(take_back(device, declaration))
    only(issuing.issue_certificate(device, draft(device, inspection)), C.QUANTITY_EXCEEDS_INSPECTED, "quantity")


def test_a_case_is_not_given_back_to_a_computer_that_was_shut_down(
    office: Office, device: Device, sister: Device
) -> None:
    _inspection, declaration, _file = moved(device, sister)
    office.publish(sister, office.device_sheet(device, state="fenced"))
    only(return_case(sister, declaration), C.NOT_FOUND, "giver")
    assert holder(sister, declaration) == sister.id
