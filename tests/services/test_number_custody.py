"""Numbers on this device: which comes next, whose they are, how many are left, asking for more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.services.device import Device, Session
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import (
    ledger,
    next_number,
    number_refusals,
    numbers_left,
    request_block,
    return_numbers,
)
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


# --- returned and lost ----------------------------------------------------------------------------------------------


def states(device: Device, kind: str = "B") -> list[str]:
    """The states of the numbers of a kind, lowest first."""
    return [str(row["state"]) for row in device.rows.many("numbers", order="digits", kind=kind)]


def test_unused_numbers_go_back_to_the_keeper_and_the_line_balances(device: Device) -> None:
    issued(device)
    done(return_numbers(device, "B", "9900000005-10", reason="leaves_post"))
    assert states(device) == ["used"] + ["free"] * 3 + ["returned"] * 6
    (line,) = [line for line in ledger(device) if line.kind == "B"]
    assert (line.count.returned, line.count.free, line.count.holds) == (6, 3, True)
    assert numbers_left(device, "B", VET) == 3


def test_when_all_are_returned_none_is_left(device: Device) -> None:
    done(return_numbers(device, "B", "9900000001～10", reason="computer_replaced"))
    assert [one.code for one in number_refusals(device, "B", VET)] == [C.NO_NUMBERS_LEFT]


def test_g31_a_colleagues_numbers_are_hers_to_return(office: Office, device: Device) -> None:
    office.publish(device, *office.numbers(device.id, "B", holder=COLLEAGUE))
    only(return_numbers(device, "B", "9900000011-20", reason="leaves_post"), C.NOT_FOUND, "numbers")
    assert "returned" not in states(device)


def test_g31_a_sisters_numbers_are_returned_at_her_computer(office: Office, device: Device, sister: Device) -> None:
    office.publish(device, *office.numbers(sister.id, "B", holder=VET))
    only(return_numbers(device, "B", "9900000011-20", reason="leaves_post"), C.NOT_FOUND, "numbers")


def test_g31_a_used_number_does_not_go_back(device: Device) -> None:
    issued(device)
    found = only(return_numbers(device, "B", "9900000001-10", reason="too_many"), C.WRONG_STATE, "numbers")
    assert (found.current, found.details) == ("used", {"number": "B 9900000001"})


def test_g31_numbers_go_back_to_the_end_of_their_block(device: Device) -> None:
    found = only(return_numbers(device, "B", "9900000005-8", reason="too_many"), C.NOT_TO_BLOCK_END, "numbers")
    assert (found.limit, found.current) == ("9900000010", "9900000008")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9900000005-9900000015", C.OUTSIDE_BLOCK),
        ("8800000001-5", C.NOT_FOUND),
        ("一号到五号", C.FIELD_INVALID),
        ("9900000009-1", C.FIELD_INVALID),
    ],
)
def test_a_range_that_is_not_here_is_refused_and_nothing_changes(device: Device, typed: str, code: C) -> None:
    before = device.store.head()
    only(return_numbers(device, "B", typed, reason="too_many"), code, "numbers")
    only(report_loss(device, "B", typed, cause="lost"), code, "numbers")
    assert device.store.head() == before


def test_a_return_has_a_reason_and_its_words(device: Device) -> None:
    only(return_numbers(device, "B", "9900000001-10", reason=""), C.FIELD_MISSING, "reason")
    only(return_numbers(device, "B", "9900000001-10", reason="other"), C.FIELD_MISSING, "note")
    done(return_numbers(device, "B", "9900000001-10", reason="other", note="站点撤销"))


def test_a_clerk_reports_a_loss_and_returns_nothing(device: Device, clerk: Session) -> None:
    with acting(device, clerk):
        assert C.POST_MISSING in codes(return_numbers(device, "B", "9900000001-10", reason="too_many"))
        done(report_loss(device, "B", "9900000003", cause="damaged"))
    assert states(device)[:4] == ["free", "free", "lost", "free"]


def test_a_lost_number_is_passed_over(device: Device) -> None:
    done(report_loss(device, "B", "9900000001-2", cause="stolen"))
    assert next_digits(device) == "9900000003"
    assert issued(device) == "B 9900000003"
    (line,) = [line for line in ledger(device) if line.kind == "B"]
    assert (line.count.lost, line.count.used, line.count.holds) == (2, 1, True)


def test_a_sisters_numbers_are_reported_lost_here(office: Office, device: Device, sister: Device) -> None:
    office.publish(device, *office.numbers(sister.id, "B", holder=VET))
    done(report_loss(device, "B", "9900000011-20", cause="stolen", note="电脑与车同时被盗"))
    assert states(device)[10:] == ["lost"] * 10


def test_g45_a_used_number_is_not_lost(device: Device) -> None:
    issued(device)
    found = only(report_loss(device, "B", "9900000001", cause="lost"), C.WRONG_STATE, "numbers")
    assert found.details == {"number": "B 9900000001"}


def test_g47_a_lost_number_is_neither_lost_again_nor_returned(device: Device) -> None:
    done(report_loss(device, "B", "9900000008-10", cause="lost"))
    only(report_loss(device, "B", "9900000009", cause="stolen"), C.WRONG_STATE, "numbers")
    only(return_numbers(device, "B", "9900000008-10", reason="too_many"), C.WRONG_STATE, "numbers")


@pytest.mark.parametrize("loss_first", [True, False])
def test_what_one_computer_reports_lost_and_another_gives_back_is_lost_on_both(
    office: Office, device: Device, sister: Device, *, loss_first: bool
) -> None:
    office.show_blocks(device, sister)
    acts: list[Callable[[], object]] = [
        lambda: report_loss(sister, "B", "9900000008-10", cause="stolen"),
        lambda: return_numbers(device, "B", "9900000008-10", reason="too_many"),
    ]
    for act in acts if loss_first else acts[::-1]:
        done(act())
    office.relay(device, sister)
    office.relay(sister, device)
    numbers = [one.rows.many("numbers", kind="B") for one in (device, sister)]
    assert [row["state"] for row in numbers[0][-3:]] == ["lost"] * 3
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    ("day", "code"), [("2099-01-01", C.DAY_TO_COME), ("1900-01-01", C.FIELD_INVALID), ("昨天", C.FIELD_INVALID)]
)
def test_a_loss_was_noticed_on_a_day_that_has_been(device: Device, day: str, code: C) -> None:
    only(report_loss(device, "B", "9900000001", cause="lost", found_out_on=day), code, "found_out_on")


def test_a_loss_has_a_cause_of_the_list(device: Device) -> None:
    only(report_loss(device, "B", "9900000001", cause="evaporated"), C.FIELD_INVALID, "cause")
