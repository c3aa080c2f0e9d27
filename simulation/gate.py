"""What a world has to hold, so that "nothing was found" means something; and whether the worlds of a run held it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

import msgspec


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """How much went on in one world.

    ``steps`` are the lines of its time line: each act, mishap and message, each sheet of paper. ``entries`` were
    written by people; ``papers`` came out of a printer; ``crashes`` are laptops and provinces that lost their power.
    """

    steps: int = 0
    entries: int = 0
    papers: int = 0
    stations: int = 0
    together: int = 0
    crashes: int = 0
    clones: int = 0
    put_back: int = 0
    restores: int = 0


LEAST_STEPS: Final = 400
"""In every world; the others hold in the median, since each seed has its own mix of faults."""
IN_THE_MEDIAN: Final = {"entries": 100, "papers": 40, "stations": 3, "together": 2, "crashes": 5}
ENOUGH: Final = 20
"""A median of fewer worlds says nothing."""


def medians(measures: Sequence[Measure]) -> dict[str, float]:
    """The median of each measure."""
    names = Measure.__struct_fields__
    return {name: median(getattr(one, name) for one in measures) if measures else 0 for name in names}


def totals(measures: Sequence[Measure]) -> dict[str, int]:
    """The sum of each measure."""
    return {name: sum(getattr(one, name) for one in measures) for name in Measure.__struct_fields__}


def shortfalls(measures: Sequence[Measure]) -> list[str]:
    """What these worlds lacked, in words; empty when they were full enough, or too few to say."""
    if len(measures) < ENOUGH:
        return []
    least, middle = min(one.steps for one in measures), medians(measures)
    short = [f"a world of {least} steps, not {LEAST_STEPS}"] if least < LEAST_STEPS else []
    return short + [
        f"{middle[name]:g} {name} in the median, not {wanted}"
        for name, wanted in IN_THE_MEDIAN.items()
        if middle[name] < wanted
    ]
