"""One seed from beginning to end, and many: how each ended and how much went on in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from simulation.faults import Profile
from simulation.gate import Measure
from simulation.life import live
from simulation.planted import planted
from simulation.violations import Violation
from simulation.workshop import Workshop
from simulation.world import World

DOUBLED = 5
"""Every fifth seed is run twice and must leave the same trace."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one seed ended; ``invariant`` is "" when everything held, ``timeline`` the last steps when not.

    ``acts`` is how many acts had been begun when it ended.
    """

    seed: int
    profile: str
    trace: str
    acts: int
    measure: Measure
    counts: dict[str, int]
    invariant: str = ""
    message: str = ""
    timeline: list[str] = []

    @property
    def held(self) -> bool:
        """Whether nothing was found."""
        return not self.invariant

    @property
    def steps(self) -> int:
        """The lines of its time line."""
        return self.measure.steps

    @property
    def sheets(self) -> int:
        """The papers that came out of its printers."""
        return self.measure.papers


def run_seed(shop: Workshop, seed: int, profile: Profile, bug: str = "") -> Outcome:
    """One world from beginning to end."""
    with World(shop, seed, profile) as world:
        found: Violation | None = None
        with planted(bug, world):
            try:
                live(world)
            except Violation as violation:
                found = violation
        faults = Counter(fault for line in world.lines.values() for fault in line.faults)
        return Outcome(
            seed=seed,
            profile=profile.name,
            trace=world.trace.hash,
            acts=world.acts,
            measure=world.measure(),
            counts=world.trace.counts | {f"line: {fault}": times for fault, times in faults.items()},
            invariant=found.invariant if found else "",
            message=found.message if found else "",
            timeline=world.trace.tail() if found else [],
        )


def run_twice_if_due(shop: Workshop, seed: int, profile: Profile, bug: str = "") -> Outcome:
    """One seed; every fifth is run twice, and a difference is the finding ``determinism``."""
    outcome = run_seed(shop, seed, profile, bug)
    if not outcome.held or seed % DOUBLED:
        return outcome
    again = run_seed(shop, seed, profile, bug)
    if again.trace == outcome.trace:
        return outcome
    said = f"the same seed left the traces {outcome.trace[:12]} and {again.trace[:12]}"
    return msgspec.structs.replace(again, invariant="determinism", message=said)


def run_seeds(shop: Workshop, seeds: Sequence[int], profile: Profile, bug: str = "") -> Iterator[Outcome]:
    """Seeds one after the other."""
    for seed in seeds:
        yield run_twice_if_due(shop, seed, profile, bug)
