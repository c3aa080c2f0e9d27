"""Counts typed into a line: what nobody counts is none, and never a crash."""

from __future__ import annotations

import pytest

from ui.forms.counts import typed_count
from ui.forms.inspection_form import scaled_value


@pytest.mark.parametrize(
    ("typed", "count"),
    [("12", 12), ("１２", 12), (" 12 ", 12), ("9" * 15, 10**15 - 1), ("", -1), ("十二", -1), ("-1", -1), ("1.5", -1)],
)
def test_a_count_is_read_as_people_type_it(typed: str, count: int) -> None:
    assert typed_count(typed, -1) == count


@pytest.mark.parametrize("typed", ["9" * 16, "9" * 25, "9" * 5000])
def test_more_than_a_record_holds_is_no_count(typed: str) -> None:
    assert typed_count(typed, -1) == -1
    assert scaled_value(typed, 1) is None
