"""Hand-over to the holder, stubs on file, voids before and after it, and the second person."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.certificates import CertificateHandedOver, CertificateVoided
from inspector_app.journal.entries.declarations import Note
from inspector_app.services import handing_over
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import confirm_void, hand_over, sheets_on_desk, void_certificate
from inspector_app.services.print_jobs import answer, release_spare, submit
from tests.office import VET, HandClock, Office
from tests.printers.fake import FakePrinter
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    inspected,
    issued,
    number_states,
    only,
    printed,
    state,
)

C = RefusalCode


def sheets(device: Device, number: str) -> list[str]:
    return [str(row["state"]) for row in device.rows.many("sheets", number=number)]


def fact_of(device: Device, ref: str) -> object:
    entry = device.store.entry(ref)
    assert entry is not None
    return entry.fact


# --- hand-over -------------------------------------------------------------------------------------------------------


def test_the_travelling_sheet_leaves_and_the_stub_goes_on_file_in_one_act(device: Device) -> None:
    number = printed(device)
    before = device.store.head().seq
    ref = done(hand_over(device, number, wet_seal=False))
    fact = fact_of(device, ref)
    assert isinstance(fact, CertificateHandedOver)
    assert (fact.print, fact.sheets, fact.wet_signature, fact.wet_seal) == (1, 1, True, False)
    assert sheets(device, number) == ["kept", "handed_over"]
    assert device.store.head().seq == before + 2
    assert (device.rows.one("certificates", number=number) or {})["handed_over_at"] == device.clock.now().at
    assert_sound(device)


def test_a_stub_may_be_filed_later(device: Device) -> None:
    number = printed(device)
    done(hand_over(device, number, file_stub=False))
    assert sheets(device, number) == ["printed", "handed_over"]


def test_the_print_that_counts_is_handed_over(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="torn_or_wet", spoiled=[1, 2]))
    assert only(hand_over(device, number), C.WRONG_STATE).current == "open"
    printed(device, number)
    fact = fact_of(device, done(hand_over(device, number)))
    assert isinstance(fact, CertificateHandedOver)
    assert fact.print == 2
    assert sheets(device, number) == ["spoiled", "spoiled", "kept", "handed_over"]


@pytest.mark.parametrize(("outcome", "current"), [("unknown", "unknown"), ("spoiled", "spoiled"), ("", "submitted")])
def test_paper_nobody_vouches_for_is_not_handed_over(device: Device, outcome: str, current: str) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))
    if outcome:
        done(answer(device, attempt.ref, outcome))
    found = only(hand_over(device, number), C.WRONG_STATE)
    assert (found.current, found.limit) == (current, "printed")


def test_a_certificate_is_handed_over_once(device: Device) -> None:
    number = handed_over(device)
    assert only(hand_over(device, number), C.ALREADY_RECORDED).current == number


def test_a_void_certificate_is_not_handed_over(device: Device) -> None:
    number = printed(device)
    done(void_certificate(device, number, reason="trip_cancelled", on_desk=2))
    found = only(hand_over(device, number), C.WRONG_STATE)
    assert (found.current, found.limit) == ("voided", "issued")


def test_a_number_nobody_used_is_neither_handed_over_nor_voided_nor_confirmed(device: Device) -> None:
    nothing = "B 9900000009"
    for outcome in (
        hand_over(device, nothing),
        void_certificate(device, nothing, reason="wrong_entry", on_desk=0),
        confirm_void(device, nothing),
    ):
        assert only(outcome, C.NOT_FOUND).current == nothing


def test_a_clerk_hands_over_and_a_head_does_not(device: Device, clerk: Session, head: Session) -> None:
    number = printed(device)
    with acting(device, head):
        assert only(hand_over(device, number), C.POST_MISSING).details == {"action": "hand_over"}
    with acting(device, clerk):
        done(hand_over(device, number))


def test_handing_over_goes_on_after_the_lease(device: Device, clock: HandClock) -> None:
    number = printed(device)
    clock.forward(days=9)
    done(hand_over(device, number))


def test_of_two_who_hand_over_at_once_the_second_is_told(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    number = printed(device)
    real, faster = handing_over.hand_over_refusals, [1]

    def meanwhile(where: Device, what: str) -> object:
        found = real(where, what)
        if faster:
            faster.clear()
            done(hand_over(where, what))
        return found

    monkeypatch.setattr(handing_over, "hand_over_refusals", meanwhile)
    assert codes(hand_over(device, number)) == [C.ALREADY_RECORDED]
    assert_sound(device)


# --- void ------------------------------------------------------------------------------------------------------------


def test_before_hand_over_a_void_needs_every_sheet_on_the_desk(device: Device) -> None:
    number = printed(device)
    assert sheets_on_desk(device, number) == 2
    for counted in (0, 1, 3):
        found = only(
            void_certificate(device, number, reason="wrong_entry", on_desk=counted), C.COPIES_NOT_ON_DESK, "on_desk"
        )
        assert (found.limit, found.current) == (2, counted)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=2))
    assert state(device, number) == "voided"


def test_spoiled_sheets_of_earlier_prints_are_counted_with_the_rest(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2]))
    printed(device, number)
    assert (
        only(void_certificate(device, number, reason="wrong_make", on_desk=2), C.COPIES_NOT_ON_DESK, "on_desk").limit
        == 4
    )
    done(void_certificate(device, number, reason="wrong_make", on_desk=4))


def test_an_unprinted_certificate_is_voided_with_nothing_on_the_desk(device: Device) -> None:
    number = issued(device)
    done(void_certificate(device, number, reason="not_departed", on_desk=0))


def test_after_hand_over_a_void_holds_although_the_sheet_is_away(device: Device) -> None:
    number = handed_over(device)
    done(void_certificate(device, number, reason="disease_found", on_desk=0, note="采样复检阳性"))
    assert state(device, number) == "voided"
    assert_sound(device)


def test_a_void_is_in_force_at_once_and_its_number_never_comes_back(device: Device) -> None:
    batch = inspected(device)
    number = issued(device, batch)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=0))
    row = device.rows.one("certificates", number=number) or {}
    assert (row["void_by"], row["void_confirmed_by"], row["void_reason"]) == (VET, None, "wrong_entry")
    assert issued(device, batch) == "B 9900000002"
    assert number_states(device, "B")[:2] == ["used", "used"]


def test_the_words_beside_a_void_are_private(device: Device) -> None:
    ref = done(void_certificate(device, issued(device), reason="other", on_desk=0, note=" 王大河改了主意 "))
    entry = device.store.entry(ref)
    assert entry is not None
    assert isinstance(entry.fact, CertificateVoided)
    assert entry.private == Note(text="王大河改了主意")
    (written,) = device.store.written(entry.envelope.seq, 1)
    assert "王大河".encode() not in written.public


@pytest.mark.parametrize(
    ("reason", "note", "code", "field"),
    [
        ("", "", C.FIELD_MISSING, "reason"),
        ("王大河要求", "", C.FIELD_INVALID, "reason"),
        ("other", "  ", C.FIELD_MISSING, "note"),
        ("other", "\u202e", C.FIELD_INVALID, "note"),
    ],
)
def test_a_void_needs_a_reason_of_the_list(
    device: Device, reason: str, note: str, code: RefusalCode, field: str
) -> None:
    only(void_certificate(device, issued(device), reason=reason, on_desk=0, note=note), code, field)


def test_a_void_is_final(device: Device) -> None:
    number = issued(device)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=0))
    found = only(void_certificate(device, number, reason="wrong_entry", on_desk=0), C.WRONG_STATE)
    assert (found.current, found.limit) == ("voided", "issued")


def test_a_head_voids_and_a_clerk_does_not(device: Device, clerk: Session, head: Session) -> None:
    number = issued(device)
    with acting(device, clerk):
        outcome = void_certificate(device, number, reason="wrong_entry", on_desk=0)
        assert only(outcome, C.POST_MISSING).details == {"action": "void"}
    with acting(device, head):
        done(void_certificate(device, number, reason="wrong_entry", on_desk=0))


def test_a_certificate_of_a_sister_device_is_voided_there(office: Office, device: Device, sister: Device) -> None:
    office.publish(sister, office.grant(sister.person(), "clerk", "head"))
    number = issued(device)
    office.relay(device, sister)
    found = only(void_certificate(sister, number, reason="wrong_entry", on_desk=0), C.CASE_HANDED_OVER)
    assert found.details == {"device": device.id}


def test_everything_against_a_void_is_told_in_order(device: Device, clerk: Session) -> None:
    number = printed(device)
    with acting(device, clerk):
        outcome = void_certificate(device, number, reason="", on_desk=5)
    assert codes(outcome) == [C.POST_MISSING, C.FIELD_MISSING, C.COPIES_NOT_ON_DESK]


# --- the second person -----------------------------------------------------------------------------------------------


def test_the_second_person_is_never_the_first_whatever_posts_they_hold(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, office.grant(VET, "vet", "head", "keeper", kinds=("A", "B")))
    number = issued(device)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=0))
    only(confirm_void(device, number), C.ONE_PERSON_TWICE)
    with acting(device, head):
        done(confirm_void(device, number))
        assert only(confirm_void(device, number), C.ALREADY_RECORDED).current == number
    assert (device.rows.one("certificates", number=number) or {})["void_confirmed_by"] == head.person
    assert_sound(device)


def test_there_is_nothing_to_confirm_about_a_certificate_in_force(device: Device, head: Session) -> None:
    number = issued(device)
    with acting(device, head):
        found = only(confirm_void(device, number), C.WRONG_STATE)
    assert (found.current, found.limit) == ("issued", "voided")


def test_a_clerk_confirms_nothing_and_the_post_is_told_before_the_person(device: Device, clerk: Session) -> None:
    number = issued(device)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=0))
    with acting(device, clerk):
        assert only(confirm_void(device, number), C.POST_MISSING).details == {"action": "confirm_void"}


def test_what_a_person_voided_before_a_change_of_hands_stays_theirs(device: Device, head: Session) -> None:
    number = issued(device)
    with acting(device, head):
        done(void_certificate(device, number, reason="wrong_entry", on_desk=0))
        only(confirm_void(device, number), C.ONE_PERSON_TWICE)
    done(confirm_void(device, number))
