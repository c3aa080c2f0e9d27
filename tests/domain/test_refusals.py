"""Refusals: all reasons at once, in one order, each code with its place in it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order, refused

ORDER = list(RefusalCode)


@pytest.mark.parametrize(("first", "second"), list(itertools.pairwise(RefusalCode)))
def test_of_two_neighbours_the_one_listed_first_is_the_headline(first: RefusalCode, second: RefusalCode) -> None:
    assert refused(Refusal(code=second), Refusal(code=first)).headline.code is first


@given(st.lists(st.sampled_from(RefusalCode), min_size=1))
def test_every_reason_is_told_once_in_the_order_of_precedence(codes: list[RefusalCode]) -> None:
    told = in_order(Refusal(code=code, current=place) for place, code in enumerate(codes))
    assert sorted(codes, key=ORDER.index) == [refusal.code for refusal in told]
    places = [(ORDER.index(refusal.code), int(refusal.current)) for refusal in told]
    assert places == sorted(places), "those of one code keep the order in which they were found"


def test_a_frozen_device_is_told_before_a_missing_number() -> None:
    both = refused(Refusal(code=RefusalCode.NO_NUMBERS_LEFT), Refusal(code=RefusalCode.DEVICE_FROZEN))
    assert [refusal.code for refusal in both.refusals] == [RefusalCode.DEVICE_FROZEN, RefusalCode.NO_NUMBERS_LEFT]


def test_a_refusal_without_a_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="a refusal has a reason"):
        refused()


def test_details_of_one_refusal_are_not_shared_with_the_next() -> None:
    one, other = Refusal(code=RefusalCode.NOT_FOUND), Refusal(code=RefusalCode.NOT_FOUND)
    one.details["number"] = "B 1"
    assert other.details == {}


def test_a_refusal_is_a_value_and_cannot_be_changed_afterwards() -> None:
    made = Refused((Refusal(code=RefusalCode.NOT_FOUND),))
    with pytest.raises(AttributeError, match="immutable"):
        made.refusals = ()  # type: ignore[misc]
    assert made == Refused((Refusal(code=RefusalCode.NOT_FOUND),))
