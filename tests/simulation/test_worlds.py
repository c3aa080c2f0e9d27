"""Seeded worlds hold their invariants, go the same way twice, and notice what is planted into them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulation.faults import PROFILES
from simulation.planted import PLANTS
from simulation.run import main, run_seed, run_seeds
from simulation.workshop import Workshop

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("worlds")]


@pytest.fixture(scope="module")
def shop(django_db_blocker: Any) -> Iterator[Workshop]:
    with django_db_blocker.unblock(), Workshop() as made:
        yield made


@pytest.mark.parametrize(("seed", "profile"), [(101, "normal"), (102, "normal"), (201, "calm"), (202, "copies")])
def test_a_world_comes_right(shop: Workshop, seed: int, profile: str) -> None:
    lived = run_seed(shop, seed, PROFILES[profile])
    assert lived.held, "\n".join([lived.message, *lived.timeline])


def test_the_same_seed_goes_the_same_way_whatever_the_hash_seed() -> None:
    traces = [_simulated(seed=301, hash_seed=text)["traces"] for text in ("0", "12345")]
    assert traces[0] == traces[1]


def _simulated(*, seed: int, hash_seed: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app", "simulate", "--first", str(seed), "--seeds", "1", "--json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_wrong_usage_is_refused() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--profile", "of no kind"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("bug", ["print_before_commit", "ack_before_commit"])
def test_a_planted_bug_is_found_within_a_dozen_worlds(shop: Workshop, bug: str) -> None:
    lived = run_seeds(shop, range(1, 13), PROFILES[PLANTS[bug].profile], bug)
    assert any(not one.held for one in lived)


@pytest.mark.long
@pytest.mark.parametrize("bug", sorted(PLANTS))
def test_every_planted_bug_is_found(shop: Workshop, bug: str) -> None:
    lived = run_seeds(shop, range(1, 101), PROFILES[PLANTS[bug].profile], bug)
    assert any(not one.held for one in lived)


@pytest.mark.long
def test_five_hundred_worlds_come_right(shop: Workshop) -> None:
    for lived in run_seeds(shop, range(1_000, 1_500), PROFILES["normal"]):
        assert lived.held, "\n".join([lived.message, *lived.timeline])
