"""How long the numbers here will last and what brings more, as the person at this computer is told."""

from __future__ import annotations

import msgspec

from inspector_app.clock import day_start
from inspector_app.domain.supply import SupplyCode
from inspector_app.services import supplies
from inspector_app.services.device import Device
from inspector_app.services.ready import Weight, check_departure
from tests.office import STATION, VET, HandClock, Office
from tests.services.work import inspected, issued


def test_the_kinds_the_person_holds_are_forecast(device: Device) -> None:
    assert [(one.kind, one.free, one.days_left) for one in supplies.forecasts(device)] == [
        ("A", 10, None),
        ("B", 10, None),
        ("N", 10, None),
    ]
    assert all(one.codes == () for one in supplies.forecasts(device))


def test_what_was_used_makes_the_days_shorter(device: Device) -> None:
    batch = inspected(device)
    for _ in range(2):
        issued(device, batch)
    seen = supplies.forecast_of(device, "B")
    assert (seen.free, seen.days_left) == (8, 8 * 28 // 2)


def test_use_of_more_than_four_weeks_ago_no_longer_counts(device: Device, clock: HandClock) -> None:
    issued(device)
    clock.forward(days=28)
    assert supplies.forecast_of(device, "B").days_left is None


def test_when_all_that_was_drawn_is_cut_only_the_keeper_helps(device: Device) -> None:
    issued(device)
    assert supplies.forecast_of(device, "B").codes == (SupplyCode.BY_KEEPER,)


def test_while_the_draw_has_room_sync_helps(device: Device, office: Office) -> None:
    draw, _block = office.numbers(device.id, "B", size=50)
    office.publish(device, draw)
    issued(device)
    assert supplies.forecast_of(device, "B").codes == (SupplyCode.BY_SYNC,)
    (reason,) = [one for one in check_departure(device) if one.code == "supply_by_sync"]
    assert (reason.weight, reason.cure) == (Weight.CURE, "sync")


def test_a_colleague_s_draw_is_no_room_for_this_person(device: Device, office: Office) -> None:
    draw, _block = office.numbers(device.id, "B", size=50, holder=VET + 1)
    office.publish(device, draw)
    issued(device)
    assert supplies.forecast_of(device, "B").codes == (SupplyCode.BY_KEEPER,)


def test_a_notice_block_that_ends_with_the_year_is_told_in_december(
    device: Device, office: Office, clock: HandClock
) -> None:
    draw, block = office.numbers(device.id, "N", size=40)
    ends = day_start("2027-01-01") - 1
    lasting = msgspec.structs.replace(block, expires=ends)
    office.publish(device, draw, lasting)
    assert draw.station == STATION
    assert supplies.forecast_of(device, "N").ends_in_days == 40
    assert supplies.forecast_of(device, "N").codes == ()
    clock.forward(days=30)
    seen = supplies.forecast_of(device, "N")
    assert (seen.ends_in_days, seen.codes) == (10, (SupplyCode.BLOCK_ENDS,))
    clock.forward(days=11)
    assert supplies.forecast_of(device, "N").ends_in_days is None


# --- what one draw may hold -----------------------------------------------------------------------------------------


def ahead(device: Device, wanted: int) -> list[dict[str, object]]:
    return [dict(one.details) for one in supplies.cap_ahead(device, "B", wanted)]


def test_g14_a_wish_over_the_cap_is_told_before_the_keeper_above_meets_it(device: Device) -> None:
    assert ahead(device, 201) == [{"limit": 200, "current": 191, "unused": 10}]


def test_g14_the_cap_follows_what_was_used_in_three_months(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    for _ in range(3):
        issued(device, batch)
    clock.forward(days=80)
    assert ahead(device, 10) == [], "no longer new only when three months have passed"
    clock.forward(days=260)
    assert ahead(device, 10) == [{"limit": 3, "current": 3, "unused": 7}]


def test_a_wish_within_the_cap_or_what_is_here_is_told_nothing(device: Device) -> None:
    assert ahead(device, 200) == ahead(device, 10) == []
