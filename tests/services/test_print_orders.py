"""Print orders: issued here, printed there, without a network and without a key or a number on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inspector_app.domain.canonical import decode, encode
from inspector_app.domain.refusals import RefusalCode
from inspector_app.errors import StationError
from inspector_app.journal.entries.printing import PrintOrdered
from inspector_app.journal.projections.certificates import promised
from inspector_app.services.device import Device, Session
from inspector_app.services.print_jobs import answer, current_print, release_spare, submit
from inspector_app.services.print_orders import MAX_ORDER, ORDER_INFO, order_print, receive_order
from inspector_app.suites import seal
from tests.office import HEAD, VET, HandClock, Office, parts
from tests.printers.fake import FakePrinter
from tests.services.proof import judged, trust_of
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    hand_over,
    handed_over,
    inspected,
    issued,
    only,
    printed,
    state,
    void_paper,
)

C = RefusalCode


def ordered(device: Device, sister: Device) -> tuple[str, bytes]:
    number = issued(device)
    return number, done(order_print(device, number, sister.id))


def opened(sister: Device, sealed: bytes) -> list[Any]:
    """What is inside an order, as only the sister can see it."""
    return list(decode(sister.identity.box.open(ORDER_INFO + sister.id.encode(), sealed), MAX_ORDER))


def sealed_to(sister: Device, inside: list[Any]) -> bytes:
    return seal(sister.identity.box.public_raw, ORDER_INFO + sister.id.encode(), encode(inside))


def test_a_certificate_is_issued_here_and_printed_there_by_a_clerk(device: Device, sister: Device) -> None:
    number, sealed = ordered(device, sister)
    assert done(receive_order(sister, sealed)) == number
    printer = FakePrinter()
    printed(sister, number, printer)
    done(hand_over(sister, number))
    assert judged(sister, number, trust=trust_of(device)).code == "practice:genuine"
    row = sister.rows.one("certificates", number=number) or {}
    assert (row["device"], row["print_device"], row["owner_name"]) == (device.id, sister.id, "王大河")
    assert_sound(sister)
    assert_sound(device)


def test_the_paper_printed_there_is_the_paper_that_would_have_been_printed_here(device: Device, sister: Device) -> None:
    number, sealed = ordered(device, sister)
    done(receive_order(sister, sealed))
    printer = FakePrinter()
    printed(sister, number, printer)
    from inspector_app.services.print_jobs import content_of

    assert device.paper.render(content_of(device, number, 1)) == printer.sheets[0].content


def test_the_sender_prints_no_original_any_more(device: Device, sister: Device) -> None:
    number, _sealed = ordered(device, sister)
    found = only(submit(device, number, FakePrinter()), C.CASE_HANDED_OVER)
    assert found.details == {"device": sister.id}
    assert C.CASE_HANDED_OVER in codes(release_spare(device, number, reason="paper_jam", spoiled=[]))


def test_an_order_can_be_made_out_again_for_the_same_device_and_no_other(
    office: Office, device: Device, sister: Device, tmp_path: Path, clock: HandClock
) -> None:
    third = office.enrol(tmp_path / "third", parts(clock, seed="third"), person=HEAD, blocks=0)
    office.introduce(device, third)
    number, first = ordered(device, sister)
    again = done(order_print(device, number, sister.id))
    assert opened(sister, again) == opened(sister, first)
    assert sum(isinstance(entry.fact, PrintOrdered) for entry in device.store.entries()) == 1
    assert only(order_print(device, number, third.id), C.CASE_HANDED_OVER).details == {"device": sister.id}
    third.store.database.abandon()


def test_the_sealed_order_shows_nothing_to_whoever_finds_the_stick(device: Device, sister: Device) -> None:
    _number, sealed = ordered(device, sister)
    for text in ("王大河", "苏K12345", "9900000001"):
        assert text.encode() not in sealed


def test_neither_a_key_nor_a_free_number_travels(device: Device, sister: Device) -> None:
    _number, sealed = ordered(device, sister)
    plain = encode(opened(sister, sealed))
    assert device.session_key().private_bytes() not in plain
    assert device.identity.box.private_bytes() not in plain
    assert b"9900000002" not in plain


def test_a_clerk_there_releases_the_spares_the_vet_signed_here(device: Device, sister: Device) -> None:
    number, sealed = ordered(device, sister)
    done(receive_order(sister, sealed))
    printed(sister, number)
    for print_no in (2, 3):
        assert done(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2])) == print_no
        printed(sister, number)
    only(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2]), C.PRINTS_USED_UP)
    assert_sound(sister)


def test_print_4_is_not_signed_away_from_the_journal_that_issued_it(
    office: Office, device: Device, sister: Device, tmp_path: Path, clock: HandClock
) -> None:
    number, sealed = ordered(device, sister)
    done(receive_order(sister, sealed))
    vet_there = office.let_join(sister, tmp_path / "sister", parts(clock, seed="sister joins"), VET)
    printed(sister, number)
    for _ in range(2):
        done(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2]))
        printed(sister, number)
    with acting(sister, vet_there):
        only(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2]), C.PRINTS_USED_UP)


# --- what arrives and should not -------------------------------------------------------------------------------------


def test_an_order_for_another_device_does_not_open(
    office: Office, device: Device, sister: Device, tmp_path: Path, clock: HandClock
) -> None:
    _number, sealed = ordered(device, sister)
    third = office.enrol(tmp_path / "third", parts(clock, seed="third"), person=HEAD, blocks=0)
    office.introduce(device, third)
    with pytest.raises(StationError, match="order_unreadable"):
        receive_order(third, sealed)
    with pytest.raises(StationError, match="order_unreadable"):
        receive_order(device, sealed)
    third.store.database.abandon()


@pytest.mark.parametrize("place", [0, 40, -1])
def test_an_altered_order_does_not_open(device: Device, sister: Device, place: int) -> None:
    _number, sealed = ordered(device, sister)
    altered = bytearray(sealed)
    altered[place] ^= 1
    with pytest.raises(StationError, match="order_unreadable"):
        receive_order(sister, bytes(altered))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", bytes(100_000)])
def test_garbage_is_no_order(sister: Device, content: bytes) -> None:
    with pytest.raises(StationError, match="order_unreadable"):
        receive_order(sister, content)


def test_what_is_sealed_rightly_and_holds_nonsense_is_no_order(sister: Device) -> None:
    for inside in ([], [1, 2, 3], ["x", "y", b"", []]):
        with pytest.raises(StationError, match="order_unreadable"):
            receive_order(sister, sealed_to(sister, inside))


def test_an_order_that_comes_twice_is_taken_in_once(device: Device, sister: Device) -> None:
    number, sealed = ordered(device, sister)
    done(receive_order(sister, sealed))
    head = sister.store.head()
    assert only(receive_order(sister, sealed), C.ALREADY_RECORDED).current == number
    assert sister.store.head() == head


def test_an_order_of_one_copy_is_refused_where_the_number_is_known_on_the_paper_of_the_other(
    device: Device, sister: Device
) -> None:
    number, sealed = ordered(device, sister)
    # As the relayed certificate of the other copy of the sender's disk leaves it.
    sister.rows.insert("prints", {"number": number, "print": 1, "state": "open", "credential": "00" * 32})
    head = sister.store.head()
    assert only(receive_order(sister, sealed), C.NUMBER_ON_OTHER_PAPER).current == number
    assert sister.store.head() == head
    assert sister.rows.many("print_orders") == []


def test_a_certificate_of_the_other_copy_does_not_change_the_one_that_was_ordered(
    office: Office, device: Device, sister: Device
) -> None:
    number, sealed = ordered(device, sister)
    done(receive_order(sister, sealed))
    kept = promised(number, sister.rows)
    sister.rows.update("prints", {"number": number, "print": 2}, {"credential": "00" * 32})
    office.relay(device, sister)  # what is promised there is not what was promised here
    assert promised(number, sister.rows)[:1] == kept[:1]
    assert sister.rows.many("set_aside") != []
    assert (sister.rows.one("certificates", number=number) or {})["key"] is None


def test_an_entry_signed_by_nobody_the_province_knows_is_refused(
    office: Office, device: Device, tmp_path: Path, clock: HandClock
) -> None:
    stranger = office.enrol(tmp_path / "sister", parts(clock, seed="sister"), person=HEAD, blocks=0)
    office.publish(stranger, office.grant(HEAD, "clerk"))
    office.publish(device, office.device_sheet(stranger))
    _number, sealed = ordered(device, stranger)  # the sister never heard of the vet's key
    found = codes(receive_order(stranger, sealed))
    assert found == [C.KEY_NOT_PUBLISHED, C.KEY_NOT_PUBLISHED]
    stranger.store.database.abandon()


def test_a_forged_signature_is_found(device: Device, sister: Device) -> None:
    _number, sealed = ordered(device, sister)
    for which in (0, 1):
        inside = opened(sister, sealed)
        signature = bytearray(inside[which][4])
        signature[3] ^= 1
        inside[which] = [*inside[which][:4], bytes(signature)]
        found = only(receive_order(sister, sealed_to(sister, inside)), C.KEY_NOT_PUBLISHED)
        assert found.details == {"person": VET}


def test_changed_names_do_not_fit_the_entry_they_came_with(device: Device, sister: Device) -> None:
    _number, sealed = ordered(device, sister)
    inside = opened(sister, sealed)
    previous, public, salt, private, signature = inside[0]
    inside[0] = [previous, public, salt, private.replace("王大河".encode(), "赵大河".encode()), signature]
    only(receive_order(sister, sealed_to(sister, inside)), C.NOT_FOUND, "order")


@pytest.mark.parametrize("change", ["missing", "swapped", "foreign"])
def test_credentials_that_were_not_promised_at_issue_are_refused(device: Device, sister: Device, change: str) -> None:
    _number, sealed = ordered(device, sister)
    inside = opened(sister, sealed)
    spares = list(inside[3])
    inside[3] = {"missing": spares[:1], "swapped": spares[::-1], "foreign": [spares[0], bytes(len(spares[1]))]}[change]
    only(receive_order(sister, sealed_to(sister, inside)), C.NOT_FOUND, "order")


def test_an_order_for_one_certificate_does_not_serve_for_another(device: Device, sister: Device) -> None:
    _first, one = ordered(device, sister)
    _second, two = ordered(device, sister)
    mixed, other = opened(sister, one), opened(sister, two)
    mixed[1] = other[1]
    only(receive_order(sister, sealed_to(sister, mixed)), C.NOT_FOUND, "order")


def test_an_order_meant_for_another_sister_is_refused_even_if_it_opens(
    office: Office, device: Device, sister: Device, tmp_path: Path, clock: HandClock
) -> None:
    third = office.enrol(tmp_path / "third", parts(clock, seed="third"), person=HEAD, blocks=0)
    office.publish(third, office.grant(HEAD, "clerk"))
    office.introduce(device, third)
    _number, sealed = ordered(device, sister)
    only(receive_order(third, sealed_to(third, opened(sister, sealed))), C.NOT_FOUND, "order")
    third.store.database.abandon()


# --- what cannot be ordered ------------------------------------------------------------------------------------------


def test_a_device_nobody_knows_or_that_was_shut_down_prints_nothing(
    office: Office, device: Device, sister: Device
) -> None:
    number = issued(device)
    for nobody in ("0" * 32, device.id, ""):
        assert only(order_print(device, number, nobody), C.NOT_FOUND, "device").current == nobody
    office.publish(device, office.device_sheet(sister, state="shut_down"))
    only(order_print(device, number, sister.id), C.NOT_FOUND, "device")


def test_only_a_certificate_in_force_whose_first_print_lies_open_is_ordered(device: Device, sister: Device) -> None:
    only(order_print(device, "B 9900000009", sister.id), C.NOT_FOUND)
    found = only(order_print(device, handed_over(device), sister.id), C.WRONG_STATE)
    assert (found.current, found.limit) == ("printed", "open")
    void = issued(device)
    done(void_paper(device, void, reason="wrong_entry", on_desk=0))
    found = only(order_print(device, void, sister.id), C.WRONG_STATE)
    assert (found.current, found.limit) == ("voided", "issued")
    spare = printed(device)
    done(release_spare(device, spare, reason="paper_jam", spoiled=[1, 2]))
    only(order_print(device, spare, sister.id), C.WRONG_STATE)


def test_who_does_not_print_orders_and_receives_nothing(
    office: Office, device: Device, sister: Device, head: Session
) -> None:
    number, sealed = ordered(device, sister)
    with acting(device, head):
        assert codes(order_print(device, number, sister.id)) == [C.POST_MISSING]
    office.publish(sister, office.grant(sister.person(), "reception"))
    assert codes(receive_order(sister, sealed)) == [C.POST_MISSING]


# --- and the province relays -----------------------------------------------------------------------------------------


def test_order_first_and_relay_later_or_relay_first_and_order_later_end_the_same(
    office: Office, device: Device, sister: Device
) -> None:
    first, early = ordered(device, sister)
    done(receive_order(sister, early))
    second, late = ordered(device, sister)
    office.relay(device, sister)
    done(receive_order(sister, late))
    for number in (first, second):
        assert (current_print(sister, number) or {})["state"] == "open"
        printed(sister, number)
        done(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2]))
        printed(sister, number)
        done(hand_over(sister, number))
    assert_sound(sister)


def test_a_print_ordered_by_relay_alone_waits_for_its_file(office: Office, device: Device, sister: Device) -> None:
    number, sealed = ordered(device, sister)
    office.relay(device, sister)
    assert C.NOT_FOUND in codes(submit(sister, number, FakePrinter()))
    done(receive_order(sister, sealed))
    printed(sister, number)


def test_the_sender_learns_by_relay_what_became_of_the_paper(office: Office, device: Device, sister: Device) -> None:
    number, sealed = ordered(device, sister)
    done(receive_order(sister, sealed))
    attempt = done(submit(sister, number, FakePrinter(jams=True)))
    done(answer(sister, attempt.ref, "spoiled"))
    done(release_spare(sister, number, reason="paper_jam", spoiled=[]))
    printed(sister, number)
    done(hand_over(sister, number))
    office.relay(sister, device)
    assert (device.rows.one("certificates", number=number) or {})["handed_over_at"]
    assert (current_print(device, number) or {})["print"] == 2
    done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    assert state(device, number) == "voided"
    assert_sound(device)


def test_a_batch_is_counted_once_on_both_devices(office: Office, device: Device, sister: Device) -> None:
    from inspector_app.services.issuing_gates import certified

    batch = inspected(device)
    number = issued(device, batch)
    done(receive_order(sister, done(order_print(device, number, sister.id))))
    office.relay(device, sister)
    assert len(certified(sister, batch)) == len(certified(device, batch)) == 1
