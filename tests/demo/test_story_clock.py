"""The clock of the story: today, in order, and over before now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, Stamp, clock_text, day_start, legal_date
from inspector_app.demo.story_clock import FIRST, LAST, StillClock, StoryClock, minutes_of, seconds_until_safe
from inspector_app.errors import BugError

DAY = "2026-11-21"
MIDNIGHT = day_start(DAY)


def at(time: str) -> int:
    return MIDNIGHT + minutes_of(time) * MS_PER_MINUTE


def test_started_in_the_evening_the_day_has_its_own_hours() -> None:
    clock = StoryClock(at("18:30"))
    clock.go("09:12")
    assert clock_text(clock.now().at) == "09:12"
    assert not clock.is_pressed


def test_started_at_noon_it_begins_at_seven_forty_and_ends_at_noon() -> None:
    clock = StoryClock(at("12:00"))
    clock.go(FIRST)
    assert clock_text(clock.now().at) == FIRST
    clock.go(LAST)
    assert clock_text(clock.now().at) == "12:00"
    assert clock.is_pressed


def test_started_early_it_begins_at_midnight() -> None:
    clock = StoryClock(at("08:00"))
    clock.go(FIRST)
    assert clock.now().at == MIDNIGHT
    clock.go(LAST)
    assert clock.now().at == at("08:00")


@given(st.integers(0, MS_PER_DAY - 1), st.lists(st.integers(minutes_of(FIRST), minutes_of(LAST)), min_size=2))
def test_it_is_always_today_never_later_than_now_and_never_goes_back(start: int, minutes: list[int]) -> None:
    now = MIDNIGHT + start
    clock, before = StoryClock(now), 0
    for minute in sorted(minutes):
        clock.go(f"{minute // 60:02d}:{minute % 60:02d}")
        moment = clock.now().at
        assert legal_date(moment) == DAY
        assert before <= moment <= now
        before = moment


def test_going_back_is_a_fault_of_the_story() -> None:
    clock = StoryClock(at("20:00"))
    clock.go("10:00")
    with pytest.raises(BugError, match="goes back"):
        clock.go("09:59")


@pytest.mark.parametrize("time", ["07:39", "17:51", "00:00"])
def test_there_is_no_story_outside_its_day(time: str) -> None:
    with pytest.raises(BugError, match="runs from"):
        StoryClock(at("20:00")).go(time)


def test_days_before_and_planned_departures_keep_their_hours_however_early_it_is() -> None:
    clock = StoryClock(at("00:05"))
    clock.go("20:15", -4)
    assert (legal_date(clock.now().at), clock_text(clock.now().at)) == ("2026-11-17", "20:15")
    assert clock.planned("09:45") == at("09:45")
    assert clock.date(1) == "2026-11-22"


@pytest.mark.parametrize(("time", "waits"), [("12:00", False), ("23:55", False), ("23:57", True), ("23:59", True)])
def test_just_before_midnight_it_waits_for_the_new_day(time: str, waits: bool) -> None:
    seconds = seconds_until_safe(StillClock(at(time), 0))
    assert bool(seconds) == waits
    assert not waits or legal_date(at(time) + round(seconds * 1000)) == "2026-11-22"


def test_a_still_clock_says_what_it_was_told() -> None:
    clock = StillClock(5, 7)
    clock.wait(3)
    assert clock.now() == Stamp(5, 7, "story")
