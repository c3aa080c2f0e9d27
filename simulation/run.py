"""``inspector simulate``: many worlds, each from its seed; exit 1 and a replayable time line at the first violation."""

from __future__ import annotations

import argparse
import sys

import msgspec

from inspector_app.clock import SystemClock
from province.inprocess import set_up_django
from simulation.faults import PROFILES, Profile
from simulation.violations import Violation
from simulation.workshop import Workshop
from simulation.world import World

EVERY_SO_MANY_TWICE = 5


class Lived(msgspec.Struct, frozen=True, kw_only=True):
    """How one world ended: its trace hash, what happened in it, and the invariant that did not hold, if any."""

    seed: int
    hash: str
    counts: dict[str, int]
    violation: str = ""
    timeline: tuple[str, ...] = ()


def main(argv: list[str]) -> int:
    """Run ``--seeds`` worlds from ``--first`` on. Exit 0 when all held, 1 at a violation, 2 for wrong usage."""
    arguments = _parser().parse_args(argv)
    set_up_django()
    profile = PROFILES[arguments.profile]
    clock = SystemClock()
    began = clock.now().mono
    with Workshop() as shop:
        lived = [_judged(shop, seed, profile) for seed in range(arguments.first, arguments.first + arguments.seeds)]
    seconds = (clock.now().mono - began) // 1000
    if arguments.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(lived), indent=1).decode() + "\n")
    else:
        _tell(lived, seconds)
    return 1 if any(one.violation for one in lived) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="inspector simulate", description="the deterministic world")
    parser.add_argument("--seeds", type=int, default=20, metavar="N")
    parser.add_argument("--first", type=int, default=1, metavar="S")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="normal")
    parser.add_argument("--json", action="store_true")
    return parser


def _judged(shop: Workshop, seed: int, profile: Profile) -> Lived:
    """One world; every fifth is lived twice and must go the same way."""
    first = live_once(shop, seed, profile)
    if first.violation or seed % EVERY_SO_MANY_TWICE:
        return first
    again = live_once(shop, seed, profile)
    same = again.hash == first.hash
    return first if same else msgspec.structs.replace(first, violation="determinism: the second run went another way")


def live_once(shop: Workshop, seed: int, profile: Profile) -> Lived:
    """Live one seed's world to its end."""
    from simulation.life import live

    with World(shop, seed, profile) as world:
        try:
            live(world)
        except Violation as violation:
            return Lived(
                seed=seed,
                hash=world.trace.hash,
                counts=world.trace.counts,
                violation=str(violation),
                timeline=tuple(world.trace.tail()),
            )
        return Lived(seed=seed, hash=world.trace.hash, counts=world.trace.counts)


def _tell(lived: list[Lived], seconds: int) -> None:
    for one in lived:
        said = one.violation or "held"
        sys.stdout.write(f"seed {one.seed}: {said}  {one.hash[:16]}\n")
        for line in one.timeline:
            sys.stdout.write(f"    {line}\n")
    failed = [one for one in lived if one.violation]
    again = f"; replay one with --first {failed[0].seed} --seeds 1" if failed else ""
    sys.stdout.write(f"{len(lived)} worlds in {seconds} s, {len(failed)} with a violation{again}\n")
