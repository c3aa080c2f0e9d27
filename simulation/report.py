"""What is said about a run of many seeds: line by line, as JSON, and as the page ``docs/simulation.md``."""

from __future__ import annotations

import os
import platform
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from inspector_app.clock import moment_text
from simulation.faults import Profile
from simulation.gate import medians, totals
from simulation.outcome import Outcome

if TYPE_CHECKING:
    from simulation.shrinking import Shrunk

ROOT = Path(__file__).resolve().parent.parent
LIMIT = (
    "One fault no protocol can catch: the image of a whole disk is put back, or copied, and the other branch never "
    "reaches the province and no longer exists. Its papers are known by nobody but who holds them. A key in hardware "
    "(TPM) would show it; so does each paper that is scanned, since its credential names a number that nobody issued "
    "or that stands on another paper."
)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Many seeds of one profile; ``short`` is what the worlds lacked."""

    profile: Profile
    bug: str
    seconds: float
    jobs: int
    outcomes: list[Outcome]
    short: list[str]

    @property
    def found(self) -> bool:
        """Whether anything was found."""
        return any(not outcome.held for outcome in self.outcomes)

    @property
    def an_hour(self) -> int:
        """Seeds in an hour on one core; every fifth counts once although it is run twice."""
        return round(len(self.outcomes) * 3600 / self.seconds / self.jobs) if self.seconds else 0


def told(outcome: Outcome, bug: str) -> str:
    """One seed in one line; with its time line when something was found."""
    if outcome.held:
        return f"seed {outcome.seed}: held, {outcome.steps} steps, {outcome.sheets} papers, trace {outcome.trace[:12]}"
    lines = ["  " + line for line in outcome.timeline]
    lines.append(f"seed {outcome.seed}: {outcome.invariant}: {outcome.message}")
    return "\n".join([*lines, f"  again: {_again(outcome, bug)}"])


def smaller(shrunk: Shrunk, bug: str) -> str:
    """A finding made smaller, and how to see it again."""
    again = f"{_again(shrunk.outcome, bug)} --acts {shrunk.acts}"
    again += f" --without {','.join(shrunk.without)}" if shrunk.without else ""
    lines = ["  " + line for line in shrunk.outcome.timeline]
    lines.append(f"{shrunk.acts} acts and {len(shrunk.without)} faults less show it as well: {shrunk.outcome.message}")
    return "\n".join([*lines, f"  again: {again}"])


def _again(outcome: Outcome, bug: str) -> str:
    again = f"inspector simulate --seeds 1 --first {outcome.seed} --profile {outcome.profile}"
    return again + (f" --plant {bug}" if bug else "")


def summary(run: Run) -> str:
    """The run in a few lines."""
    found = sum(not outcome.held for outcome in run.outcomes)
    first = f"{len(run.outcomes)} seeds of profile {run.profile.name} in {run.seconds:.1f} s, {found} with a finding"
    return "\n".join([first, *(f"too little went on: {one}" for one in run.short)])


def as_json(run: Run) -> str:
    """The run for a machine: what was found, how full the worlds were, and what they lacked."""
    counts: Counter[str] = Counter()
    for outcome in run.outcomes:
        counts.update(outcome.counts)
    measures = [outcome.measure for outcome in run.outcomes]
    said = {
        "profile": run.profile.name,
        "plant": run.bug,
        "seconds": round(run.seconds, 1),
        "jobs": run.jobs,
        "seeds": len(run.outcomes),
        "seeds_per_hour_and_core": run.an_hour,
        "findings": [msgspec.to_builtins(outcome) for outcome in run.outcomes if not outcome.held],
        "least_steps": min((one.steps for one in measures), default=0),
        "medians": medians(measures),
        "sums": totals(measures),
        "too_little": run.short,
        "traces": {str(outcome.seed): outcome.trace for outcome in run.outcomes},
        "totals": dict(sorted(counts.items())),
    }
    return msgspec.json.encode(said).decode()


def page(run: Run, at: int) -> str:
    """The page of a run (Markdown): what was run, on what, what came of it, and what it cannot show."""
    measures = [outcome.measure for outcome in run.outcomes]
    middle, sums = medians(measures), totals(measures)
    found = [outcome for outcome in run.outcomes if not outcome.held]
    seeds = f"{run.outcomes[0].seed} to {run.outcomes[-1].seed}" if run.outcomes else "none"
    rows = [f"| {name} | {middle[name]:g} | {sums[name]:,} |" for name in sums]
    findings = [f"- seed {one.seed}: {one.invariant}: {one.message}" for one in found] or ["None."]
    return "\n".join(
        [
            "# The simulated world: the last run on record",
            "",
            "Written by `inspector simulate --page`; what the world is stands in `simulation/__init__.py`.",
            "",
            f"- Profile `{run.profile.name}`, seeds {seeds}: {len(run.outcomes):,} worlds, every fifth run twice.",
            f"- {moment_text(at)} (UTC+8), commit `{_commit()}`; {_machine()}.",
            f"- {run.seconds:,.0f} s on {run.jobs} processes: {run.an_hour:,} seeds an hour on each.",
            "",
            "| In one world | median | all together |",
            "|---|---:|---:|",
            *rows,
            "",
            "## Findings",
            "",
            *findings,
            *(f"- too little went on: {one}" for one in run.short),
            "",
            "## What no run can show",
            "",
            LIMIT,
            "",
        ]
    )


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, check=False)
    return done.stdout.decode("ascii", "replace").strip() or "unknown"


def _machine() -> str:
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
