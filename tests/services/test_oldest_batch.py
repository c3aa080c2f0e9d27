"""More old sheets than one slip or request names: the oldest go, and how many are left is told."""

from __future__ import annotations

import pytest

from inspector_app.domain.destruction import MOST_SHEETS
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.writing_off import CopyRead
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.services.destroying import due_for_destruction, request_destruction, sheets_of
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from inspector_app.services.opening import record_opening
from inspector_app.services.sheet_custody import hand_in, oldest_batch, to_hand_in
from inspector_app.services.writing_off import write_off
from tests.office import HEAD, HandClock
from tests.services.test_opening import form
from tests.services.work import FISH, assert_sound, codes, done, only

HEADINGS = "what,kind,first,last,pages,state,opened_on"


@pytest.fixture
def station(device: Device, head: Session) -> Device:
    """The keeper of the station's cabinet signed in."""
    device.session = head
    done(assign_store(device, "main", HEAD))
    return device


def take_over(device: Device, row: str) -> None:
    done(record_opening(device, f"{HEADINGS}\n{row}\n".encode(), "main"))


def test_of_too_many_sheets_the_oldest_are_handed_in_and_the_rest_the_next_time(
    station: Device, clock: HandClock
) -> None:
    take_over(station, "sheet,B,3200000500,3200000799,1,spoiled,")
    clock.forward(minutes=1)
    take_over(station, "sheet,B,3200000001,3200000300,1,spoiled,")
    handed = done(hand_in(station, to_hand_in(station), to="county_keeper"))
    assert (handed.count, handed.left) == (MOST_SHEETS, 100)
    left = [one.digits for one in to_hand_in(station)]
    assert (min(left), max(left), len(left)) == ("3200000201", "3200000300", 100)
    handed = done(hand_in(station, to_hand_in(station), to="county_keeper"))
    assert (handed.count, handed.left, to_hand_in(station)) == (100, 0, [])
    assert_sound(station)


def test_of_too_many_sheets_the_oldest_are_asked_to_be_destroyed_and_counted(station: Device) -> None:
    take_over(station, "sheet,B,3200000001,3200000006,100,kept,2020-01-01")
    copies = [CopyRead(sheet=at, issued_on="2019-05-12", quantity=Quantity(5, 0, FISH)) for at in range(1, 101)]
    for at in range(1, 7):
        done(write_off(station, form(f"B 320000000{at}", *copies)))
    sheets = [line.name for line in due_for_destruction(station)]
    many = request_destruction(station, sheets, method="shredding", planned_on="2026-12-01", counted=600)
    assert only(many, C.COUNT_DIFFERS, "counted").limit == MOST_SHEETS
    asked = done(request_destruction(station, sheets, method="shredding", planned_on="2026-12-01", counted=500))
    assert (asked.count, asked.left) == (500, 100)
    assert {one.digits for one in sheets_of(station, asked.ref)} == {f"320000000{at}" for at in range(1, 6)}


def test_a_batch_names_nothing_twice_and_nothing_that_is_not_here(station: Device) -> None:
    strange = [SheetName("B", f"99{at:08d}", 1, 1) for at in range(MOST_SHEETS + 1)]
    assert set(codes(hand_in(station, strange, to="county_keeper"))) == {C.NOT_FOUND}
    take_over(station, "sheet,B,3200000001,3200000300,1,spoiled,")
    twice = hand_in(station, to_hand_in(station) * 2, to="county_keeper")
    assert set(codes(twice)) == {C.FIELD_INVALID}


def test_what_one_paper_can_name_stays_in_the_order_in_which_it_was_named(station: Device) -> None:
    named = [SheetName("B", f"99{at:08d}", 1, 1) for at in range(MOST_SHEETS, 0, -1)]
    assert oldest_batch(station, named) == (named, 0)
