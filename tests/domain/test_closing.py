"""The order of day closes: numbered, chained, of no day before the last."""

from __future__ import annotations

import pytest

from inspector_app.domain.closing import NONE_YET, ClosedDay, follows, last_close, last_closed

FIRST, SECOND = ClosedDay("2026-11-20", 1, "aa"), ClosedDay("2026-11-21", 2, "bb")
TODAY = "2026-11-21"


def test_the_first_close_follows_nothing() -> None:
    assert last_close([]) == NONE_YET
    assert follows([], date=TODAY, ordinal=1, previous="", today=TODAY)


def test_the_last_close_is_the_highest_number_whatever_its_day() -> None:
    assert last_close([SECOND, FIRST]) == SECOND
    again = ClosedDay("2026-11-20", 3, "cc")
    assert last_close([SECOND, again]) == again


@pytest.mark.parametrize(
    ("date", "ordinal", "previous"),
    [
        ("2026-11-21", 2, "bb"),
        ("2026-11-21", 4, "bb"),
        ("2026-11-21", 3, "aa"),
        ("2026-11-21", 3, ""),
        ("2026-11-20", 3, "bb"),
    ],
)
def test_a_close_that_is_not_the_next_is_found(date: str, ordinal: int, previous: str) -> None:
    assert not follows([FIRST, SECOND], date=date, ordinal=ordinal, previous=previous, today=TODAY)


@pytest.mark.parametrize("date", ["2026-11-21", "2026-11-25"])
def test_the_same_day_once_more_and_any_later_one_follow(date: str) -> None:
    assert follows([FIRST, SECOND], date=date, ordinal=3, previous="bb", today="2026-11-25")


def test_a_day_closed_by_a_clock_that_ran_ahead_stands_in_nobodys_way() -> None:
    ahead = ClosedDay("2027-11-21", 2, "bb")
    assert last_closed([FIRST, ahead], TODAY) == FIRST.date
    assert follows([FIRST, ahead], date=TODAY, ordinal=3, previous="bb", today=TODAY)
    assert not follows([FIRST, ahead], date="2026-11-19", ordinal=3, previous="bb", today=TODAY)
