"""How full the worlds of a run were: too few steps, papers or crashes are a failure of the run itself."""

from __future__ import annotations

import msgspec
import pytest

from simulation.gate import ENOUGH, IN_THE_MEDIAN, LEAST_STEPS, Measure, medians, shortfalls, totals

FULL = Measure(steps=LEAST_STEPS, **IN_THE_MEDIAN)


def test_worlds_that_are_full_enough_lack_nothing() -> None:
    assert shortfalls([FULL] * ENOUGH) == []


@pytest.mark.parametrize("name", sorted(IN_THE_MEDIAN))
def test_a_median_below_what_is_wanted_is_named(name: str) -> None:
    emptier = msgspec.structs.replace(FULL, **{name: IN_THE_MEDIAN[name] - 1})
    (said,) = shortfalls([emptier] * ENOUGH)
    assert said.startswith(f"{IN_THE_MEDIAN[name] - 1} {name} in the median")
    assert shortfalls([emptier] * (ENOUGH // 2 - 1) + [FULL] * (ENOUGH // 2 + 1)) == []


def test_one_world_with_too_few_steps_is_one_too_many() -> None:
    short = msgspec.structs.replace(FULL, steps=LEAST_STEPS - 1)
    assert shortfalls([FULL] * (ENOUGH - 1) + [short]) == [f"a world of {LEAST_STEPS - 1} steps, not {LEAST_STEPS}"]


def test_a_median_of_few_worlds_says_nothing() -> None:
    assert shortfalls([Measure()] * (ENOUGH - 1)) == []
    assert medians([])["papers"] == 0


def test_medians_and_sums_are_of_each_measure() -> None:
    worlds = [Measure(papers=papers, crashes=1) for papers in (1, 5, 9)]
    assert (medians(worlds)["papers"], totals(worlds)["papers"], totals(worlds)["crashes"]) == (5, 15, 3)
