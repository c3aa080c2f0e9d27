"""Seeded worlds hold, go the same way twice, and touch everything they are meant to touch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from simulation.chance import Dice
from simulation.faults import NO_FAULTS, PROFILES, USUAL, Rates, thrown
from simulation.gate import shortfalls
from simulation.outcome import Outcome, run_seed, run_seeds
from simulation.planted import PLANTS
from simulation.run import main
from simulation.workshop import Workshop

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(7_200)


def told(outcome: Outcome) -> str:
    return "\n".join([*outcome.timeline, f"seed {outcome.seed}: {outcome.invariant}: {outcome.message}"])


@pytest.mark.parametrize("part", range(5))
def test_a_hundred_worlds_are_full_and_come_right(shop: Workshop, part: int) -> None:
    outcomes = list(run_seeds(shop, range(part + 1, 101, 5), PROFILES["normal"]))
    for outcome in outcomes:
        assert outcome.held, told(outcome)
    assert shortfalls([outcome.measure for outcome in outcomes]) == []


@pytest.mark.parametrize("profile", sorted(PROFILES.keys() - {"normal", "long", "hands"}))
@pytest.mark.parametrize("seed", [104])
def test_a_world_of_one_kind_of_fault_comes_right(shop: Workshop, seed: int, profile: str) -> None:
    outcome = run_seed(shop, seed, PROFILES[profile])
    assert outcome.held, told(outcome)


def test_a_dozen_worlds_do_everything_people_do_and_see_every_fault_of_the_line(shop: Workshop) -> None:
    seen: Counter[str] = Counter()
    for seed, profile in [*((seed, "normal") for seed in range(45, 51)), (1, "long")]:
        outcome = run_seed(shop, seed, PROFILES[profile])
        assert outcome.held, told(outcome)
        seen.update(outcome.counts)
    # That every act is done at least once is for tests/simulation/test_custody_machine.py to say.
    work = "declare issue replace submit answer order receive void sync decide inspect stocktake".split()
    assert {f"{step}: done" for step in [*work, "hand over", "close day"]} <= seen.keys()
    faults = "drop cut_request doubled late lost_answer cut_answer stale_answer portal province_down".split()
    assert {f"line: {fault}" for fault in faults} <= seen.keys()
    assert any(what.endswith("POWER CUT") for what in seen)
    assert any(what.endswith("fault disk_full") for what in seen)


def test_the_same_seed_goes_the_same_way_twice(shop: Workshop) -> None:
    outcomes = list(run_seeds(shop, [5], PROFILES["normal"]))
    assert [outcome.held for outcome in outcomes] == [True]
    assert run_seed(shop, 5, PROFILES["normal"]).trace == outcomes[0].trace
    assert run_seed(shop, 6, PROFILES["normal"]).trace != outcomes[0].trace


def test_a_seed_that_goes_two_ways_is_a_finding(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    tick = iter(range(1, 10_000_000))
    monkeypatch.setattr("simulation.press.PlainPress.copies", lambda *_: 2 + next(tick) % 2)
    found = [outcome for outcome in run_seeds(shop, [5, 10, 15, 20], PROFILES["paper"]) if not outcome.held]
    assert [outcome.invariant for outcome in found][:1] == ["determinism"]


def test_the_same_seed_goes_the_same_way_whatever_the_hash_seed() -> None:
    traces = {_simulated("--first", "31", "--seeds", "1", hash_seed=text)["traces"]["31"] for text in ("0", "4711")}
    assert len(traces) == 1


def _simulated(*arguments: str, hash_seed: str = "0") -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app", "simulate", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    assert done.returncode in (0, 1), done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_the_command_tells_a_finding_with_its_time_line_and_how_to_see_it_again(
    shop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--seeds", "1", "--first", "1", "--plant", "print_before_commit"]) == 0
    said = capsys.readouterr().out
    assert "I9:" in said
    assert "inspector simulate --seeds 1 --first 1 --profile normal --plant print_before_commit" in said
    assert "2026-11-21 08:" in said


def test_a_planted_bug_that_is_not_found_is_a_failure(shop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    # In a calm world nothing is ever copied, so nobody misses the check against forks.
    assert main(["--seeds", "1", "--profile", "calm", "--plant", "no_fork_check"]) == 1
    assert "0 with a finding" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--profile", "of no kind"], ["--plant", "of no kind"], ["--seeds", "many"]])
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_every_seed_has_its_own_mix_of_faults_and_a_calm_profile_none() -> None:
    mixes = {thrown(USUAL, Dice(seed, "swarm")) for seed in range(20)}
    assert len(mixes) == 20
    assert any(rates.drop == 0 for rates in mixes)
    assert all(0 <= getattr(rates, name) <= 0.9 for rates in mixes for name in Rates.__struct_fields__)
    assert thrown(NO_FAULTS, Dice(1, "swarm")) == NO_FAULTS


@pytest.mark.long
@pytest.mark.parametrize("profile", sorted(PROFILES.keys() - {"normal"}))
def test_a_hundred_worlds_of_each_kind_come_right(shop: Workshop, profile: str) -> None:
    for outcome in run_seeds(shop, range(1_000, 1_100), PROFILES[profile]):
        assert outcome.held, told(outcome)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_two_thousand_worlds_come_right(shop: Workshop, part: int) -> None:
    outcomes = list(run_seeds(shop, range(2_001 + part * 100, 2_101 + part * 100), PROFILES["normal"]))
    for outcome in outcomes:
        assert outcome.held, told(outcome)
    assert shortfalls([outcome.measure for outcome in outcomes]) == []


@pytest.mark.long
@pytest.mark.parametrize("bug", sorted(PLANTS))
def test_a_planted_bug_shows_in_the_general_mix(shop: Workshop, bug: str) -> None:
    found = (seed for seed in range(1, 301) if not run_seed(shop, seed, PROFILES["normal"], bug).held)
    assert next(found, None) is not None, f"300 worlds did not notice {bug}"
