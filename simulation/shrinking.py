"""A finding made smaller: which faults it needs, and after how many acts it shows (SYNC 4.3).

Each fault and each decision throws its own dice, so switching one fault off leaves what the others do as it was. First
the faults go one by one, then the acts after the finding; what is left is what a person has to read.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from simulation.faults import Rates
from simulation.outcome import Outcome

Try = Callable[[frozenset[str], int], Outcome]


class Shrunk(msgspec.Struct, frozen=True):
    """The faults that were not needed, how many acts are enough, and what came of that."""

    without: tuple[str, ...]
    acts: int
    outcome: Outcome


def shrink(found: Outcome, acts: int, rerun: Try) -> Shrunk:
    """Leave out every fault without which the same invariant is still broken, then all acts behind the finding."""
    without: frozenset[str] = frozenset()
    smallest = found
    for fault in Rates.__struct_fields__:
        outcome = rerun(without | {fault}, acts)
        if outcome.invariant == found.invariant:
            without, smallest = without | {fault}, outcome
    shorter = rerun(without, smallest.acts)
    if shorter.invariant == found.invariant:
        return Shrunk(tuple(sorted(without)), smallest.acts, shorter)
    return Shrunk(tuple(sorted(without)), acts, smallest)
