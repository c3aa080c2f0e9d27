"""Hand-over to the holder, stubs on file, voids before and after it, and the second person."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.numbering import Number
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.certificates import CertificateHandedOver, CertificateVoided
from inspector_app.journal.entries.custody import SheetLost, StubFiled
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.projections import Row
from inspector_app.services import handing_over, on_desk
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import second_person
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import (
    Handed,
    Sheet,
    confirm_void,
    draw_stub,
    file_stub,
    sheets_on_desk,
)
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.print_jobs import answer, release_spare, submit
from inspector_app.services.print_orders import order_print, receive_order
from inspector_app.services.telling_owners import Order
from tests.office import HEAD, VET, HandClock, Office, PlainPaper
from tests.printers.fake import FakePrinter
from tests.services.work import (
    HANGZHOU,
    HOUR,
    MINUTE,
    acting,
    assert_sound,
    codes,
    done,
    draft,
    draft_a,
    hand_over,
    handed_over,
    inspected,
    issued,
    number_states,
    only,
    printed,
    reported,
    state,
    void_paper,
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
    ref = done(hand_over(device, number))
    fact = fact_of(device, ref)
    assert isinstance(fact, CertificateHandedOver)
    assert (fact.print, fact.sheets, fact.wet_signature, fact.wet_seal) == (1, 1, True, True)
    assert sheets(device, number) == ["kept", "handed_over"]
    assert device.store.head().seq == before + 2
    assert (device.rows.one("certificates", number=number) or {})["handed_over_at"] == device.clock.now().at
    assert_sound(device)


def test_a_stub_may_be_filed_later(device: Device) -> None:
    number = printed(device)
    done(hand_over(device, number, file_stub=False))
    assert sheets(device, number) == ["printed", "handed_over"]
    fact = fact_of(device, done(file_stub(device, number)))
    assert isinstance(fact, StubFiled)
    assert (fact.means, fact.attachments) == ("paper", [])
    assert sheets(device, number) == ["kept", "handed_over"]
    assert only(file_stub(device, number), C.ALREADY_RECORDED).current == number


def test_without_signature_and_seal_nothing_is_handed_over(device: Device) -> None:
    number = printed(device)
    only(hand_over(device, number, wet_signature=False), C.PAPER_UNSIGNED, "wet_signature")
    only(hand_over(device, number, wet_seal=False), C.PAPER_UNSEALED, "wet_seal")
    assert codes(hand_over(device, number, wet_signature=False, wet_seal=False)) == [C.PAPER_UNSIGNED, C.PAPER_UNSEALED]
    assert sheets(device, number) == ["printed", "printed"]


def test_a_seal_drawn_under_practice_is_none(device: Device) -> None:
    class Sealing(PlainPaper):
        def draws_seal(self) -> bool:
            return True

    device.paper = Sealing()
    only(hand_over(device, printed(device), wet_seal=False), C.PAPER_UNSEALED, "wet_seal")


def test_a_registered_seal_image_stands_for_the_wet_seal_while_policy_says_so(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sealing(PlainPaper):
        def draws_seal(self) -> bool:
            return True

    number = printed(device)
    device.paper = Sealing()
    monkeypatch.setattr(Device, "practice", False)
    done(hand_over(device, number, wet_seal=False))


def test_a_thermal_stub_is_never_filed_by_handing_over(device: Device) -> None:
    number = handed_over(device, printed(device, issued(device, medium="thermal_80")))
    assert sheets(device, number) == ["printed", "handed_over"]
    only(file_stub(device, number), C.STUB_NEEDS_PROOF)
    only(file_stub(device, number, means="photo"), C.STUB_NEEDS_PROOF)
    only(file_stub(device, number, means="photo", attachments=["5f" * 32]), C.FIELD_INVALID, "attachments")
    photo = attach(device, b"%PDF-1.7 stub")
    done(file_stub(device, number, means="photo", attachments=[photo]))
    assert sheets(device, number) == ["kept", "handed_over"]
    assert_sound(device)


def test_a_stub_drawn_on_plain_paper_counts_for_a_thermal_one(device: Device) -> None:
    number = handed_over(device, printed(device, issued(device, medium="thermal_58")))
    drawn = draw_stub(device, number)
    title, facts, *_rest = msgspec.json.decode(device.files.read(drawn))
    assert (title, facts["证号"], facts["货主"]) == ("存根归档补打", number, "王大河")
    fact = fact_of(device, done(file_stub(device, number, means="laser", attachments=[drawn])))
    assert isinstance(fact, StubFiled)
    assert (fact.means, fact.attachments) == ("laser", [drawn])


def test_a_stub_that_never_came_out_is_not_filed(device: Device, head: Session) -> None:
    number = issued(device)
    assert only(file_stub(device, number), C.WRONG_STATE).current == ""
    assert codes(file_stub(device, number, means="telegram")) == [C.WRONG_STATE, C.FIELD_INVALID, C.STUB_NEEDS_PROOF]
    assert only(file_stub(device, "B 9900000009"), C.NOT_FOUND).current == "B 9900000009"
    with acting(device, head):
        assert C.POST_MISSING in codes(file_stub(device, number))


def test_what_expired_on_the_desk_is_neither_printed_nor_handed_over(device: Device, clock: HandClock) -> None:
    on_desk, waiting = printed(device), issued(device)
    clock.forward(days=1)
    assert only(hand_over(device, on_desk), C.EXPIRED, "handed_at").limit == "2026-11-22 00:00"
    assert only(submit(device, waiting, FakePrinter()), C.EXPIRED).current == waiting
    only(release_spare(device, on_desk, reason="torn_or_wet", spoiled=[1, 2]), C.EXPIRED)
    done(void_paper(device, on_desk, reason="not_departed", on_desk=2))


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
    done(void_paper(device, number, reason="trip_cancelled", on_desk=2))
    found = only(hand_over(device, number), C.WRONG_STATE)
    assert (found.current, found.limit) == ("voided", "issued")


def test_a_number_nobody_used_is_neither_handed_over_nor_voided_nor_confirmed(device: Device) -> None:
    nothing = "B 9900000009"
    for outcome in (
        hand_over(device, nothing),
        void_paper(device, nothing, reason="wrong_entry", on_desk=0),
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
    batch = inspected(device, destination=HANGZHOU)
    reported(device, batch, GCHD="negative")
    clock.forward(days=6)
    fresh = draft_a(device, batch, valid_days=5, departs_at=clock.at + HOUR)
    number = printed(device, done(issue_certificate(device, fresh)).number)
    clock.forward(days=3)
    done(hand_over(device, number))


def test_of_two_who_hand_over_at_once_the_second_is_told(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    number = printed(device)
    real, faster = handing_over.hand_over_refusals, [1]

    def meanwhile(where: Device, what: str, handed: Handed) -> object:
        found = real(where, what, handed)
        if faster:
            faster.clear()
            done(hand_over(where, what))
        return found

    monkeypatch.setattr(handing_over, "hand_over_refusals", meanwhile)
    assert codes(hand_over(device, number)) == [C.ALREADY_RECORDED]
    assert_sound(device)


# --- recorded late (补录) ---------------------------------------------------------------------------------------------


def certificate(device: Device, number: str) -> Row:
    return device.rows.one("certificates", number=number) or {}


def test_what_was_handed_over_in_time_is_recorded_after_its_validity(device: Device, clock: HandClock) -> None:
    number, given_at = printed(device), clock.at
    clock.forward(days=1)
    fact = fact_of(device, done(hand_over(device, number, handed=Handed(given_at, "power_cut"))))
    assert isinstance(fact, CertificateHandedOver)
    assert (fact.handed_at, fact.late_reason) == (given_at, "power_cut")
    row = certificate(device, number)
    assert (row["handed_over_at"], row["handed_over_recorded_at"]) == (given_at, clock.at)
    assert row["late_reason"] == "power_cut"
    assert sheets(device, number) == ["kept", "handed_over"]
    (move,) = device.rows.many("sheet_moves", number=number, state="handed_over")
    assert move["day"] == device.today()  # the book is kept by the day of the record: a closed day stays as it was
    assert_sound(device)


def test_a_paper_given_away_before_the_power_cut_is_answered_for_after_it(device: Device, clock: HandClock) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))
    clock.forward(minutes=5)
    given_at = clock.at
    clock.forward(minutes=180)
    done(answer(device, attempt.ref, "printed"))
    done(hand_over(device, number, handed=Handed(given_at, "power_cut")))
    assert certificate(device, number)["handed_over_at"] == given_at


def test_a_paper_handed_over_when_it_had_expired_stays_refused(device: Device, clock: HandClock) -> None:
    number = printed(device)
    until = int(certificate(device, number)["expires_at"] or 0)
    clock.forward(days=2)
    found = only(hand_over(device, number, handed=Handed(until + 1, "power_cut")), C.EXPIRED, "handed_at")
    assert (found.current, found.limit) == (number, "2026-11-22 00:00")
    done(hand_over(device, number, handed=Handed(until, "power_cut")))


def test_nothing_is_handed_over_before_it_came_to_the_printer_or_in_time_to_come(
    device: Device, clock: HandClock
) -> None:
    number = issued(device)
    clock.forward(minutes=30)
    sent = clock.at
    printed(device, number)
    clock.forward(minutes=10)
    for wrong in (sent - MINUTE, clock.at + 1):
        only(hand_over(device, number, handed=Handed(wrong)), C.FIELD_INVALID, "handed_at")
    # In the very minute it was printed: people write minutes.
    done(hand_over(device, number, handed=Handed(sent - sent % MINUTE)))


@pytest.mark.parametrize(("ahead", "fits"), [(4, True), (5, True), (7, False)])
def test_the_clock_of_the_sister_that_printed_may_be_ahead_as_far_as_policy_says(
    office: Office, device: Device, sister: Device, clock: HandClock, ahead: int, fits: bool
) -> None:
    number = issued(device)
    done(receive_order(sister, done(order_print(device, number, sister.id))))
    clock.forward(minutes=ahead)
    printed(sister, number)
    clock.forward(minutes=-ahead)
    office.relay(sister, device)
    given_at = clock.at
    clock.forward(minutes=120)
    outcome = hand_over(device, number, handed=Handed(given_at, "power_cut"))
    if fits:
        done(outcome)
        return
    found = only(outcome, C.FIELD_INVALID, "handed_at")
    assert (found.limit, found.current) == ("2026-11-21 12:02", "2026-11-21 12:00")


@pytest.mark.parametrize(("ahead", "fits"), [(4, True), (5, True), (7, False)])
def test_nothing_is_handed_over_further_before_its_issue_than_the_province_lets_clocks_be_apart(
    device: Device, sister: Device, clock: HandClock, ahead: int, fits: bool
) -> None:
    clock.forward(minutes=ahead)
    sealed = done(order_print(device, number := issued(device), sister.id))
    clock.forward(minutes=-ahead)
    done(receive_order(sister, sealed))
    printed(sister, number)
    given_at = clock.at
    clock.forward(minutes=120)
    outcome = hand_over(sister, number, handed=Handed(given_at, "power_cut"))
    assert isinstance(outcome, str) is fits
    if not fits:
        assert only(outcome, C.FIELD_INVALID, "handed_at").limit == "2026-11-21 12:02"


def test_what_is_handed_over_as_it_is_recorded_asks_no_sister_for_the_time(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    number = issued(device)
    done(receive_order(sister, done(order_print(device, number, sister.id))))
    clock.forward(minutes=60)
    printed(sister, number)
    clock.forward(minutes=-60)
    office.relay(sister, device)
    done(hand_over(device, number))
    assert certificate(device, number)["handed_over_at"] == clock.at


def test_a_late_record_says_why(device: Device, clock: HandClock) -> None:
    number, given_at = printed(device), clock.at
    clock.forward(minutes=61)
    only(hand_over(device, number, handed=Handed(given_at)), C.FIELD_MISSING, "late_reason")
    only(hand_over(device, number, handed=Handed(given_at, "王大河说的")), C.FIELD_INVALID, "late_reason")
    only(hand_over(device, number, handed=Handed(given_at, "other")), C.FIELD_MISSING, "note")
    ref = done(hand_over(device, number, handed=Handed(given_at, "other", "王大河 9 点已提走")))
    entry = device.store.entry(ref)
    assert entry is not None
    assert entry.private == Note(text="王大河 9 点已提走")
    (written,) = device.store.written(entry.envelope.seq, 1)
    assert "王大河".encode() not in written.public
    assert certificate(device, number)["late_note"] == "王大河 9 点已提走"


# --- void ------------------------------------------------------------------------------------------------------------


def test_g35_before_hand_over_a_void_needs_every_sheet_on_the_desk(device: Device) -> None:
    number = printed(device)
    assert sheets_on_desk(device, number) == 2
    for counted in (0, 1, 3):
        found = only(void_paper(device, number, reason="wrong_entry", on_desk=counted), C.COPIES_NOT_ON_DESK, "on_desk")
        assert (found.limit, found.current) == (2, counted)
    done(void_paper(device, number, reason="wrong_entry", on_desk=2))
    assert state(device, number) == "voided"


def test_g35_spoiled_sheets_of_earlier_prints_are_counted_with_the_rest(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2]))
    printed(device, number)
    assert only(void_paper(device, number, reason="wrong_make", on_desk=2), C.COPIES_NOT_ON_DESK, "on_desk").limit == 4
    done(void_paper(device, number, reason="wrong_make", on_desk=4))


def test_a_sheet_nobody_can_find_is_reported_lost_and_the_void_goes_through(device: Device, clock: HandClock) -> None:
    number = printed(device)
    clock.forward(days=1)
    before = device.store.head().seq
    only(void_paper(device, number, reason="not_departed", on_desk=1), C.COPIES_NOT_ON_DESK, "on_desk")
    done(void_paper(device, number, reason="not_departed", on_desk=1, lost=[Sheet(1, 2)]))
    meant = SheetLost(Number("99-10", "B", "9900000001"), 1, 2, category="lost_before_handover")
    assert fact_of(device, f"{device.id}/{before + 1}") == meant
    assert (state(device, number), sheets(device, number)) == ("voided", ["spoiled", "lost"])
    (move,) = device.rows.many("sheet_moves", number=number, state="lost")
    assert move["flow"] == "out"
    assert_sound(device)


def test_what_is_not_in_hand_cannot_be_lost(device: Device) -> None:
    number = printed(device)

    def void(on_desk: int, *lost: Sheet, reason: str = "missing_sheet") -> object:
        return void_paper(device, number, reason=reason, on_desk=on_desk, lost=lost)

    assert only(void(1, Sheet(1, 3)), C.FIELD_INVALID, "lost").current == "1/3"
    assert only(void(0, Sheet(1, 2), Sheet(1, 2)), C.FIELD_INVALID, "lost").current == "1/2"
    assert only(void(2, Sheet(1, 2)), C.COPIES_NOT_ON_DESK, "on_desk").limit == 1
    done(hand_over(device, number))
    assert only(void(0, Sheet(1, 2), reason="trip_cancelled"), C.FIELD_INVALID, "lost").current == "1/2"
    assert sheets(device, number) == ["kept", "handed_over"]


def test_a_lost_sheet_is_not_lost_twice(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="lost_before_handover", spoiled=[1]))
    assert sheets(device, number) == ["spoiled", "lost"]
    lost = [Sheet(1, 2)]
    only(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=lost), C.FIELD_INVALID, "lost")
    done(void_paper(device, number, reason="missing_sheet", on_desk=1))
    assert sheets(device, number) == ["spoiled", "lost"]


def test_an_unprinted_certificate_is_voided_with_nothing_on_the_desk(device: Device) -> None:
    number = issued(device)
    done(void_paper(device, number, reason="not_departed", on_desk=0))


def test_after_hand_over_a_void_holds_although_the_sheet_is_away(device: Device) -> None:
    number = handed_over(device)
    order = Order("apl_56", HEAD)
    done(void_paper(device, number, reason="disease_found", on_desk=0, note="采样复检阳性", order=order))
    assert state(device, number) == "voided"
    assert_sound(device)


def test_a_void_is_in_force_at_once_and_its_number_never_comes_back(device: Device) -> None:
    batch = inspected(device)
    number = issued(device, batch)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    row = device.rows.one("certificates", number=number) or {}
    assert (row["void_by"], second_person(device, number), row["void_reason"]) == (VET, 0, "wrong_entry")
    assert issued(device, batch) == "B 9900000002"
    assert number_states(device, "B")[:2] == ["used", "used"]


def test_the_words_beside_a_void_are_private(device: Device) -> None:
    ref = done(void_paper(device, issued(device), reason="other", on_desk=0, note=" 王大河改了主意 "))
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
    only(void_paper(device, issued(device), reason=reason, on_desk=0, note=note), code, field)


def test_a_void_is_final(device: Device) -> None:
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    found = only(void_paper(device, number, reason="wrong_entry", on_desk=0), C.WRONG_STATE)
    assert (found.current, found.limit) == ("voided", "issued")


def test_a_head_voids_and_a_clerk_does_not(device: Device, clerk: Session, head: Session) -> None:
    number = issued(device)
    with acting(device, clerk):
        outcome = void_paper(device, number, reason="wrong_entry", on_desk=0)
        assert only(outcome, C.POST_MISSING).details == {"action": "void"}
    with acting(device, head):
        done(void_paper(device, number, reason="wrong_entry", on_desk=0))


def test_a_sister_voids_at_once_what_a_lost_computer_issued(office: Office, device: Device, sister: Device) -> None:
    office.publish(sister, office.grant(sister.person(), "clerk", "head"))
    office.show_blocks(device, sister)
    number = printed(device)
    office.relay(device, sister)
    only(void_paper(sister, number, reason="wrong_entry", on_desk=2), C.COPIES_NOT_ON_DESK, "on_desk")
    done(void_paper(sister, number, reason="wrong_entry", on_desk=0))
    assert state(sister, number) == "voided"
    office.relay(sister, device)
    assert (state(device, number), sheets(device, number)) == ("voided", ["spoiled", "spoiled"])
    assert only(hand_over(device, number), C.WRONG_STATE).current == "voided"
    assert_sound(device)


def test_a_sister_who_does_not_know_the_number_yet_voids_nothing(
    office: Office, device: Device, sister: Device
) -> None:
    office.publish(sister, office.grant(sister.person(), "clerk", "head"))
    number = issued(device)
    office.relay(device, sister)
    found = only(void_paper(sister, number, reason="wrong_entry", on_desk=0), C.CASE_HANDED_OVER)
    assert found.details == {"device": device.id}


@pytest.mark.parametrize("end", ["void", "replace"])
def test_a_print_nobody_answered_for_stands_against_the_end_of_its_paper(device: Device, end: str) -> None:
    batch = inspected(device)
    number = issued(device, batch)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))

    def ended(on_desk: int) -> object:
        if end == "void":
            return void_paper(device, number, reason="wrong_entry", on_desk=on_desk)
        changes = {"replaces": number, "replaces_on_desk": on_desk, "replace_reason": "vehicle_changed"}
        return issue_certificate(device, draft(device, batch, **changes))

    assert only(ended(0), C.PRINT_OPEN).details == {"number": number}
    done(answer(device, attempt.ref, "printed"))
    only(ended(0), C.COPIES_NOT_ON_DESK, "on_desk" if end == "void" else "replaces_on_desk")
    done(ended(2))
    assert sheets(device, number) == ["spoiled", "spoiled"]
    assert [row["category"] for row in device.rows.many("sheets", number=number)] == ["void", "void"]
    assert on_desk.sheets_on_desk(device, number) == 2
    assert_sound(device)


def test_what_is_with_the_holder_is_replaced_without_counting_sheets(device: Device) -> None:
    batch = inspected(device)
    number = handed_over(device, printed(device, issued(device, batch)))
    issued(device, batch, replaces=number, replace_reason="vehicle_changed")
    assert sheets(device, number) == ["kept", "handed_over"]


def test_everything_against_a_void_is_told_in_order(device: Device, clerk: Session) -> None:
    number = printed(device)
    with acting(device, clerk):
        outcome = void_paper(device, number, reason="", on_desk=5)
    assert codes(outcome) == [C.POST_MISSING, C.FIELD_MISSING, C.COPIES_NOT_ON_DESK]


# --- the second person -----------------------------------------------------------------------------------------------


def test_the_second_person_is_never_the_first_whatever_posts_they_hold(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, office.grant(VET, "vet", "head", "keeper", kinds=("A", "B")))
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    only(confirm_void(device, number), C.ONE_PERSON_TWICE)
    with acting(device, head):
        done(confirm_void(device, number))
        assert only(confirm_void(device, number), C.ALREADY_RECORDED).current == number
    assert second_person(device, number) == head.person
    assert_sound(device)


def test_there_is_nothing_to_confirm_about_a_certificate_in_force(device: Device, head: Session) -> None:
    number = issued(device)
    with acting(device, head):
        found = only(confirm_void(device, number), C.WRONG_STATE)
    assert (found.current, found.limit) == ("issued", "voided")


def test_a_clerk_confirms_nothing_and_the_post_is_told_before_the_person(device: Device, clerk: Session) -> None:
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    with acting(device, clerk):
        assert only(confirm_void(device, number), C.POST_MISSING).details == {"action": "confirm_void"}


def test_what_a_person_voided_before_a_change_of_hands_stays_theirs(device: Device, head: Session) -> None:
    number = issued(device)
    with acting(device, head):
        done(void_paper(device, number, reason="wrong_entry", on_desk=0))
        only(confirm_void(device, number), C.ONE_PERSON_TWICE)
    done(confirm_void(device, number))
