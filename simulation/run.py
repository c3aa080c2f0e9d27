"""``inspector simulate``: run many seeds, stop at nothing, tell each finding with its time line and made smaller.

Exit code 0: all seeds held, and the worlds were full enough to say so; with ``--plant BUG``: the bug was found. 1: a
seed did not hold, or the worlds were too empty; with ``--plant``: the bug was not found. 2: wrong usage.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from inspector_app.clock import SystemClock
from simulation import report
from simulation.faults import PROFILES, Profile, Rates
from simulation.gate import shortfalls
from simulation.outcome import Outcome, run_seed
from simulation.planted import PLANTS
from simulation.shrinking import shrink
from simulation.side_by_side import run_on
from simulation.workshop import Workshop


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    arguments = _parser().parse_args(argv)
    profile, clock = _profile(arguments), SystemClock()
    began = clock.now().mono
    outcomes = _outcomes(arguments, profile)
    run = report.Run(
        profile=profile,
        bug=arguments.plant,
        seconds=(clock.now().mono - began) / 1000,
        jobs=arguments.jobs,
        outcomes=outcomes,
        short=_short(arguments, outcomes),
    )
    _say(report.as_json(run) if arguments.json else report.summary(run))
    if arguments.page:
        Path(arguments.page).write_text(report.page(run, clock.now().at), "utf-8")
    _make_smaller(arguments, run)
    return int(run.found != bool(arguments.plant)) or int(bool(run.short))


def _outcomes(arguments: Namespace, profile: Profile) -> list[Outcome]:
    outcomes = []
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    for outcome in run_on(arguments.jobs, seeds, profile, arguments.plant):
        outcomes.append(outcome)
        if not arguments.json:
            _say(report.told(outcome, arguments.plant))
        if arguments.plant and not outcome.held:
            break
    return outcomes


def _short(arguments: Namespace, outcomes: list[Outcome]) -> list[str]:
    """Only whole worlds with every fault are asked how full they were."""
    whole = not (arguments.plant or arguments.without or arguments.acts)
    return shortfalls([outcome.measure for outcome in outcomes if outcome.held]) if whole else []


def _make_smaller(arguments: Namespace, run: report.Run) -> None:
    """The first finding is made smaller, unless a machine reads this or it has been made smaller already."""
    found = next((outcome for outcome in run.outcomes if not outcome.held), None)
    if found is None or arguments.json or arguments.without or found.invariant == "determinism":
        return
    _say(f"making seed {found.seed} smaller …")
    with Workshop() as shop:

        def rerun(without: frozenset[str], acts: int) -> Outcome:
            return run_seed(shop, found.seed, run.profile.smaller(without, acts), run.bug)

        _say(report.smaller(shrink(found, run.profile.acts, rerun), run.bug))


def _profile(arguments: Namespace) -> Profile:
    named = PROFILES[arguments.profile or (PLANTS[arguments.plant].profile if arguments.plant else "normal")]
    if not (arguments.without or arguments.acts):
        return named
    return named.smaller(frozenset(arguments.without), arguments.acts or named.acts)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="inspector simulate", description="the deterministic world: laptops, lines, a province"
    )
    parser.add_argument("--seeds", type=_count, default=24, metavar="N", help="how many seeds")
    parser.add_argument("--first", type=int, default=1, metavar="S", help="the first seed")
    parser.add_argument("--profile", choices=sorted(PROFILES), help="kind of world")
    parser.add_argument("--plant", choices=sorted(PLANTS), default="", metavar="BUG", help=", ".join(sorted(PLANTS)))
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.add_argument("--jobs", type=_count, default=1, metavar="N", help="so many processes at once")
    parser.add_argument("--page", metavar="FILE", help="write a page about the run (Markdown)")
    parser.add_argument("--acts", type=_count, default=0, metavar="N", help="end after so many acts")
    parser.add_argument("--without", type=_faults, default=[], metavar="FAULT,…", help="faults to leave out")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _faults(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= set(Rates.__struct_fields__):
        raise ValueError
    return names


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
