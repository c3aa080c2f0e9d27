"""``inspector simulate``: run many seeds, stop at nothing, tell each finding with its time line.

Exit code 0: all seeds held; with ``--plant BUG``: the bug was found. 1: a seed did not hold; with ``--plant``: the bug
was not found. 2: wrong usage.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from inspector_app.clock import SystemClock
from simulation.faults import PROFILES, Profile
from simulation.life import live
from simulation.planted import PLANTS, planted
from simulation.violations import Violation
from simulation.workshop import Workshop
from simulation.world import World

DOUBLED = 5
"""Every fifth seed is run twice and must leave the same trace."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one seed ended; ``invariant`` is "" when everything held, ``timeline`` the last steps when not."""

    seed: int
    trace: str
    steps: int
    sheets: int
    counts: dict[str, int]
    invariant: str = ""
    message: str = ""
    timeline: list[str] = []

    @property
    def held(self) -> bool:
        """Whether nothing was found."""
        return not self.invariant


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
            trace=world.trace.hash,
            steps=len(world.trace.lines),
            sheets=len(world.evidence.sheets),
            counts=world.trace.counts | {f"line: {fault}": times for fault, times in faults.items()},
            invariant=found.invariant if found else "",
            message=found.message if found else "",
            timeline=world.trace.tail() if found else [],
        )


def run_seeds(shop: Workshop, seeds: Sequence[int], profile: Profile, bug: str = "") -> Iterator[Outcome]:
    """Seeds one after the other; every fifth is run twice, and a difference is the finding ``determinism``."""
    for seed in seeds:
        outcome = run_seed(shop, seed, profile, bug)
        if outcome.held and seed % DOUBLED == 0:
            again = run_seed(shop, seed, profile, bug)
            if again.trace != outcome.trace:
                said = f"the same seed left the traces {outcome.trace[:12]} and {again.trace[:12]}"
                outcome = msgspec.structs.replace(again, invariant="determinism", message=said)
        yield outcome


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    arguments = _parser().parse_args(argv)
    profile = PROFILES[arguments.profile or (PLANTS[arguments.plant].profile if arguments.plant else "normal")]
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    clock = SystemClock()
    began = clock.now().mono
    outcomes: list[Outcome] = []
    with Workshop() as shop:
        for outcome in run_seeds(shop, seeds, profile, arguments.plant):
            outcomes.append(outcome)
            if not arguments.json:
                _tell(outcome, profile, arguments.plant)
            if arguments.plant and not outcome.held:
                break
    seconds = (clock.now().mono - began) / 1000
    _summarise(arguments, profile, outcomes, seconds)
    found = any(not outcome.held for outcome in outcomes)
    return int(found != bool(arguments.plant))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="inspector simulate", description="the deterministic world: laptops, lines, a province"
    )
    parser.add_argument("--seeds", type=int, default=24, metavar="N", help="how many seeds")
    parser.add_argument("--first", type=int, default=1, metavar="S", help="the first seed")
    parser.add_argument("--profile", choices=sorted(PROFILES), help="kind of world")
    parser.add_argument("--plant", choices=sorted(PLANTS), default="", metavar="BUG", help=", ".join(sorted(PLANTS)))
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    return parser


def _tell(outcome: Outcome, profile: Profile, bug: str) -> None:
    if outcome.held:
        _say(f"seed {outcome.seed}: held, {outcome.steps} lines, {outcome.sheets} sheets, trace {outcome.trace[:12]}")
        return
    for line in outcome.timeline:
        _say("  " + line)
    _say(f"seed {outcome.seed}: {outcome.invariant}: {outcome.message}")
    again = f"inspector simulate --seeds 1 --first {outcome.seed} --profile {profile.name}"
    _say(f"  again: {again}{' --plant ' + bug if bug else ''}")


def _summarise(arguments: Namespace, profile: Profile, outcomes: list[Outcome], seconds: float) -> None:
    found = [outcome for outcome in outcomes if not outcome.held]
    if not arguments.json:
        _say(f"{len(outcomes)} seeds of profile {profile.name} in {seconds:.1f} s, {len(found)} with a finding")
        return
    totals: Counter[str] = Counter()
    for outcome in outcomes:
        totals.update(outcome.counts)
    said = {
        "profile": profile.name,
        "plant": arguments.plant,
        "seconds": round(seconds, 1),
        "seeds": len(outcomes),
        "findings": [msgspec.structs.asdict(outcome) for outcome in found],
        "traces": {str(outcome.seed): outcome.trace for outcome in outcomes},
        "totals": dict(sorted(totals.items())),
    }
    _say(msgspec.json.encode(said).decode())


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
