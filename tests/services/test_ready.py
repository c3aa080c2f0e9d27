"""Before departure: every reason not to drive off, the heaviest first."""

from __future__ import annotations

from pathlib import Path

from inspector_app import config
from inspector_app.domain.sentences import MISSING, Sentences
from inspector_app.services.day_close import close_day
from inspector_app.services.device import Device, Session
from inspector_app.services.print_jobs import submit
from inspector_app.services.ready import Reason, Weight, check_departure, may_drive, printers_not_ready
from tests.office import VET, HandClock, Office, parts
from tests.printers.fake import FakePrinter
from tests.services.work import DAY, acting, done, inspected, issued, online_declaration


def departure(device: Device) -> tuple[Reason, ...]:
    """The check of a device that has never been counted, which says so until it is (``test_upkeep``)."""
    return tuple(reason for reason in check_departure(device) if reason.code != "stocktake_due")


def told(device: Device) -> list[tuple[str, str]]:
    return [(reason.weight.value, reason.code) for reason in departure(device)]


def english() -> Sentences:
    names = config.resource_names("i18n", ".toml")
    return Sentences.parse(config.read_resource(name).decode("utf-8") for name in names)


def in_touch(device: Device) -> None:
    """The province has confirmed everything so far."""
    head = device.store.head()
    note = device.store.acknowledged()._replace(seq=head.seq, hash=head.hash, contacted_at=device.clock.now().at)
    device.store.note_acknowledged(note)


def test_a_device_with_numbers_and_a_lease_may_drive(office: Office, tmp_path: Path, clock: HandClock) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=20)
    in_touch(device)
    assert departure(device) == ()
    assert may_drive(departure(device))
    device.store.database.abandon()


def test_what_waits_for_the_province_is_worth_knowing_and_stops_nobody(device: Device) -> None:
    office_numbers = [reason for reason in departure(device) if reason.code == "waiting"]
    assert office_numbers[0].details == {"count": device.store.head().seq}
    assert may_drive(tuple(office_numbers))


def test_few_numbers_are_to_be_cured_and_none_stop_the_work(device: Device) -> None:
    batch = inspected(device)
    issued(device, batch)
    in_touch(device)
    (reason,) = departure(device)
    assert (reason.weight, reason.code) == (Weight.CURE, "supply_by_keeper")
    assert reason.details == {"kind": "B", "left": 9, "days": 252}
    for _ in range(9):
        issued(device, batch)
    in_touch(device)
    reason, also = departure(device)
    assert (reason.weight, reason.code, reason.cure) == (Weight.STOPS, "no_numbers_left", "numbers")
    assert (also.code, also.details["days"]) == ("supply_by_keeper", 0)
    assert not may_drive((reason,))


def test_a_lease_that_ends_on_the_trip_is_renewed_before_it(device: Device, clock: HandClock) -> None:
    clock.forward(days=4)
    in_touch(device)
    assert departure(device) == ()
    clock.forward(minutes=1)
    (reason,) = departure(device)
    assert (reason.weight, reason.code, reason.details) == (Weight.CURE, "lease_ends_soon", {"until": "2026-11-28"})
    clock.forward(days=3)
    assert told(device) == [("stops", "lease_expired")]


def test_a_day_not_closed_and_a_print_not_answered_are_to_be_cured(device: Device, clock: HandClock) -> None:
    number = issued(device)
    done(submit(device, number, FakePrinter(deaf=True)))
    clock.forward(days=1)
    in_touch(device)
    assert told(device) == [("cure", "supply_by_keeper"), ("cure", "day_not_closed"), ("cure", "print_open")]
    found = {reason.code: reason.details for reason in departure(device)}
    assert found["day_not_closed"] == {"date": "2026-11-21"}
    assert found["print_open"] == {"number": number}


def test_a_closed_day_is_no_reason_any_more(device: Device, clock: HandClock) -> None:
    issued(device)
    clock.forward(days=1)
    done(close_day(device, "2026-11-21"))
    assert "day_not_closed" not in [code for _weight, code in told(device)]


def test_online_declarations_wait_in_the_inbox(office: Office, device: Device) -> None:
    office.publish(device, online_declaration(device, "o-1"), online_declaration(device, "o-2"))
    in_touch(device)
    (reason,) = departure(device)
    assert (reason.weight, reason.code, reason.details) == (Weight.NOTE, "online_inbox", {"count": 2})


def test_a_frozen_device_and_a_full_disk_stop_it(device: Device) -> None:
    in_touch(device)
    device.frozen = "witness_higher"
    device.free_bytes = lambda: 1024
    assert told(device) == [("stops", "device_frozen"), ("stops", "disk_low")]


def test_reasons_come_heaviest_first(office: Office, device: Device, clock: HandClock) -> None:
    issued(device)
    office.publish(device, online_declaration(device, "o-1"))
    device.frozen = "witness_higher"
    clock.forward(days=5)
    weights = [reason.weight for reason in departure(device)]
    assert weights == sorted(weights, key=list(Weight).index)
    assert {Weight.STOPS, Weight.CURE, Weight.NOTE} == set(weights)


def test_nobody_signed_in_cannot_drive(device: Device) -> None:
    with acting(device, None):
        assert ("stops", "not_signed_in") in told(device)


def test_a_clerk_who_never_signs_needs_no_number_and_no_lease(device: Device, clerk: Session, clock: HandClock) -> None:
    clock.forward(days=8)
    in_touch(device)
    assert ("stops", "lease_expired") in told(device)
    with acting(device, clerk):
        assert departure(device) == ()


def test_what_stops_everybody_stops_a_clerk_too(office: Office, device: Device, clerk: Session) -> None:
    in_touch(device)
    office.publish(device, office.grant(clerk.person, "clerk", valid_until=device.clock.now().at - 1))
    device.free_bytes = lambda: 1024
    with acting(device, clerk):
        assert told(device)[:2] == [("stops", "disk_low"), ("stops", "grant_expired")]


def test_each_reason_says_its_values_and_where_it_is_cured(device: Device, clock: HandClock) -> None:
    clock.forward(days=8)
    in_touch(device)
    device.free_bytes = lambda: 3 * 1024 * 1024
    found = {reason.code: reason for reason in departure(device)}
    assert found["lease_expired"].details == {"limit": "2026-11-28"}
    assert found["lease_expired"].cure == "sync"
    assert found["disk_low"].details == {"limit": 64, "current": 3}
    assert found["disk_low"].cure == "disk"
    sentences = english()
    for reason in found.values():
        assert MISSING not in sentences.of("reasons", reason.code, "en", reason.details).whole


def test_a_wrong_clock_and_nobody_are_not_cured_by_syncing(device: Device, clock: HandClock) -> None:
    clock.forward(minutes=-6)
    cures = {reason.code: reason.cure for reason in departure(device)}
    assert cures["clock_behind_journal"] == "clock"
    with acting(device, None):
        assert {reason.code: reason.cure for reason in departure(device)}["not_signed_in"] == "sign_in"


def test_a_printer_without_paper_is_seen_before_leaving() -> None:
    printers = {"laser": FakePrinter(), "label": FakePrinter(paper_out=True), "van": FakePrinter(off=True)}
    label, van = printers_not_ready(printers)
    assert (label.weight, label.cure, label.details) == (
        Weight.CURE,
        "printer",
        {"printer": "label", "reasons": "media-empty"},
    )
    assert not may_drive((label,))
    said = english().of("reasons", van.code, "en", van.details).happened
    assert said == "The printer van cannot print now: not reached."


def test_a_grant_that_ran_out_stops_it(office: Office, device: Device, clock: HandClock) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("B",), valid_until=clock.at + DAY))
    clock.forward(days=2)
    assert ("stops", "grant_expired") in told(device)
