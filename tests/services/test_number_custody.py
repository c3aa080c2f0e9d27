"""Numbers on this device: which comes next, whose they are, how many are left, asking for more."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.services.device import Device, Session
from inspector_app.services.number_custody import ledger, next_number, number_refusals, numbers_left, request_block
from tests.office import CLERK, HEAD, VET, HandClock, Office, parts
from tests.services.work import HOUR, acting, codes, done, inspected, issued, only

C = RefusalCode
COLLEAGUE = 21


def next_digits(device: Device, kind: str = "B", person: int = VET) -> str | None:
    found = next_number(device, kind, person)
    return found.number.digits if found else None


def test_g26_the_lowest_free_number_of_the_oldest_block_comes_next(office: Office, device: Device) -> None:
    office.publish(device, *office.numbers(device.id, "B"))
    assert next_digits(device) == "9900000001"
    issued(device)
    assert next_digits(device) == "9900000002"
    assert numbers_left(device, "B", VET) == 19


def test_g30_a_block_belongs_to_one_person(office: Office, device: Device) -> None:
    office.publish(device, *office.numbers(device.id, "B", holder=COLLEAGUE))
    assert (next_digits(device), next_digits(device, person=COLLEAGUE)) == ("9900000001", "9900000011")
    assert next_digits(device, person=CLERK) is None
    assert number_refusals(device, "B", CLERK)[0].details == {"kind": "B"}


def test_kinds_have_numbers_of_their_own(device: Device) -> None:
    issued(device)
    assert [next_digits(device, kind) for kind in ("A", "B", "N")] == ["9900000001", "9900000002", "9900000001"]


def test_g30_a_sisters_block_is_shown_and_never_used(office: Office, device: Device, sister: Device) -> None:
    office.publish(device, *office.numbers(sister.id, "B", holder=VET))
    assert numbers_left(device, "B", VET) == 10
    sizes = {line.device: line.count.size for line in ledger(device) if line.kind == "B"}
    assert sizes == {device.id: 10, sister.id: 10}


def test_a_block_past_its_last_day_is_passed_over_for_the_next(
    office: Office, tmp_path: Path, clock: HandClock
) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=0)
    draw, old = office.numbers(device.id, "N")
    office.publish(device, draw, msgspec.structs.replace(old, expires=clock.at + HOUR))
    assert next_digits(device, "N") == "9900000001"
    clock.forward(minutes=60)
    assert next_digits(device, "N") == "9900000001"  # its last moment is still its own
    clock.forward(minutes=1)
    assert next_digits(device, "N") is None
    assert [found.code for found in number_refusals(device, "N", VET)] == [C.BLOCK_EXPIRED]
    office.publish(device, *office.numbers(device.id, "N"))
    assert next_digits(device, "N") == "9900000011"
    assert number_refusals(device, "N", VET) == []
    assert numbers_left(device, "N", VET) == 10
    device.store.database.abandon()


def test_every_line_of_the_ledger_balances(device: Device) -> None:
    batch = inspected(device)
    for _ in range(3):
        issued(device, batch)
    lines = {line.kind: line for line in ledger(device)}
    assert (lines["B"].count.used, lines["B"].count.free) == (3, 7)
    assert all(line.count.holds for line in lines.values())
    assert (lines["B"].first, lines["B"].last, lines["B"].holder) == ("9900000001", "9900000010", VET)


def test_more_numbers_are_asked_for_and_the_province_answers_later(device: Device) -> None:
    done(request_block(device, "B", 50, emergency=True))
    (row,) = device.rows.many("block_requests")
    assert (row["kind"], row["wanted"], row["emergency"]) == ("B", 50, 1)


@pytest.mark.parametrize("wanted", [0, -1, 100_001, 2**60])
def test_a_wish_has_bounds(device: Device, wanted: int) -> None:
    assert only(request_block(device, "B", wanted), C.FIELD_INVALID, "wanted").current == wanted


def test_a_wish_names_a_kind_there_is(device: Device) -> None:
    assert only(request_block(device, "X", 5), C.FIELD_INVALID, "kind").current == "X"


def test_a_clerk_asks_for_no_numbers_and_a_keeper_does(device: Device, clerk: Session, head: Session) -> None:
    with acting(device, clerk):
        assert codes(request_block(device, "B", 5)) == [C.POST_MISSING]
    with acting(device, head):
        done(request_block(device, "B", 5))
    assert head.person == HEAD
