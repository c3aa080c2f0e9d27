"""What is due at its time: the stocktake, the checks of stores, the quarterly list of old sheets; and who is told."""

from __future__ import annotations

import pytest

from inspector_app.services.destroying import request_destruction, sheets_due
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store, check_store, describe_store
from inspector_app.services.opening import record_opening
from inspector_app.services.ready import Weight, check_departure, may_drive
from inspector_app.services.sheet_custody import name_of
from inspector_app.services.stocktaking import abandon_stocktake, open_stocktake
from inspector_app.services.upkeep import Due, quarter_end, upkeep_due
from inspector_app.services.writing_off import write_off
from tests.office import CLERK, HEAD, HandClock, Office
from tests.services.test_opening import form
from tests.services.work import acting, done

TODAY = "2026-11-21"
MEASURES = ("desiccant", "iron_cabinet", "smoke_alarm")
OLD = "what,kind,first,last,pages,state,opened_on\nsheet,B,3200000021,3200000022,1,kept,2024-06-30\n"


@pytest.fixture
def station(device: Device, head: Session) -> Device:
    """The keeper of the station's cabinet signed in; the cabinet has its profile."""
    device.session = head
    done(assign_store(device, "main", HEAD))
    done(describe_store(device, "main", sort="cabinet", measures=MEASURES))
    return device


def codes(device: Device) -> list[str]:
    return [one.code for one in upkeep_due(device)]


def test_a_device_nobody_counted_yet_is_counted_today(device: Device) -> None:
    assert upkeep_due(device) == [Due("stocktake_due", TODAY)]


def test_a_stocktake_under_way_is_gone_on_with_and_one_given_up_is_due_again(station: Device) -> None:
    done(open_stocktake(station, kinds=("B",)))
    assert "stocktake_due" not in codes(station)
    done(abandon_stocktake(station, reason="wrong_scope"))
    assert "stocktake_due" in codes(station)


def test_the_keeper_is_told_of_a_store_nobody_checked_until_it_is_checked(station: Device) -> None:
    assert Due("store_check_due", TODAY, store="main") in upkeep_due(station)
    done(check_store(station, "main", no_picture="camera_broken"))
    assert "store_check_due" not in codes(station)


def test_a_check_is_due_again_and_is_late_the_day_after(station: Device, clock: HandClock) -> None:
    done(check_store(station, "main", no_picture="camera_broken"))
    days = station.policy().storage_check_days
    clock.forward(days=days - 1)
    assert "store_check_due" not in codes(station)
    clock.forward(days=2)
    (check,) = [one for one in upkeep_due(station) if one.code == "store_check_due"]
    assert check.due_on < station.today()


def test_the_quarterly_list_counts_what_nobody_has_asked_to_be_destroyed(station: Device) -> None:
    assert "destruction_due" not in codes(station)
    done(record_opening(station, OLD.encode(), "main"))
    assert Due("destruction_due", "2027-01-01", sheets=2) in upkeep_due(station)
    done(write_off(station, form("B 3200000021")))
    sheet = next(name_of(row) for _day, row in sheets_due(station, TODAY) if row["number"] == "B 3200000021")
    done(request_destruction(station, [sheet], method="shredding", planned_on="2026-12-01", counted=1))
    assert Due("destruction_due", "2027-01-01", sheets=1) in upkeep_due(station)


def test_who_may_not_do_it_is_not_told(office: Office, station: Device, clerk: Session) -> None:
    done(record_opening(station, OLD.encode(), "main"))
    with acting(station, clerk):
        assert upkeep_due(station) == []
        office.publish(station, office.grant(CLERK, "keeper"))
        assert "store_check_due" not in codes(station)  # the store has another keeper
        assert "destruction_due" in codes(station)


def test_before_departure_it_is_told_and_stops_nobody(station: Device) -> None:
    done(record_opening(station, OLD.encode(), "main"))
    found = {one.code: one for one in check_departure(station) if one.code.endswith("_due")}
    cures = {code: one.cure for code, one in found.items()}
    assert cures == {"stocktake_due": "stocktake", "store_check_due": "stores", "destruction_due": "old_sheets"}
    assert {one.weight for one in found.values()} == {Weight.NOTE}
    assert may_drive(tuple(found.values()))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-01-01", "2026-04-01"),
        ("2026-03-31", "2026-04-01"),
        ("2026-11-21", "2027-01-01"),
        ("2026-12-31", "2027-01-01"),
    ],
)
def test_a_quarter_ends_before_the_first_day_of_the_next(day: str, end: str) -> None:
    assert quarter_end(day) == end
