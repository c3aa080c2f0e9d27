"""Seeded worlds hold their invariants, go the same way twice, and notice what is planted into them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from inspector_app.journal.projections import Row
from inspector_app.ports import PrintJob
from inspector_app.services import print_jobs
from inspector_app.store.journal_store import JournalStore
from inspector_app.store.sql_rows import LIVE
from province.inprocess import set_up_django
from simulation.faults import PROFILES
from simulation.run import Lived, live_once, main
from simulation.workshop import Workshop

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("worlds")]


@pytest.fixture(scope="module")
def shop(django_db_blocker: Any) -> Iterator[Workshop]:
    set_up_django()
    with django_db_blocker.unblock(), Workshop() as made:
        yield made


@pytest.mark.parametrize("seed", range(101, 107))
def test_a_world_of_usual_faults_comes_right(shop: Workshop, seed: int) -> None:
    lived = live_once(shop, seed, PROFILES["normal"])
    assert not lived.violation, "\n".join(lived.timeline)


@pytest.mark.parametrize(("seed", "profile"), [(201, "calm"), (202, "copies"), (203, "restores")])
def test_a_world_of_one_kind_comes_right(shop: Workshop, seed: int, profile: str) -> None:
    lived = live_once(shop, seed, PROFILES[profile])
    assert not lived.violation, "\n".join(lived.timeline)


def test_the_same_seed_goes_the_same_way_whatever_the_hash_seed() -> None:
    hashes = {_simulated(seed=301, hash_seed=text)["hash"] for text in ("0", "12345")}
    assert len(hashes) == 1


def _simulated(*, seed: int, hash_seed: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app", "simulate", "--first", str(seed), "--seeds", "1", "--json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    lived: list[dict[str, Any]] = json.loads(done.stdout)
    return lived[0]


def test_wrong_usage_is_refused() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--profile", "of no kind"])
    assert stopped.value.code == 2


def _found(shop: Workshop, *, within: int) -> Lived:
    for seed in range(1, within + 1):
        lived = live_once(shop, seed, PROFILES["normal"])
        if lived.violation:
            return lived
    pytest.fail(f"no world of {within} noticed it")


def test_a_number_taken_out_of_order_is_noticed(shop: Workshop) -> None:
    def highest_free(store: JournalStore, block: str) -> Row | None:
        sql = f"SELECT scheme, digits FROM {LIVE}numbers WHERE block = ? AND state = 'free' ORDER BY digits DESC"
        row = store.database.one(sql, (block,))
        return {"scheme": row[0], "digits": row[1]} if row else None

    with patch.object(JournalStore, "lowest_free", highest_free):
        assert _found(shop, within=5).violation.startswith("I2")


def test_ink_before_the_record_is_noticed(shop: Workshop) -> None:
    recorded = print_jobs._record_attempt

    def ink_first(device: Any, number: str, print_no: int, form: str, exact: bytes, printer: Any) -> Any:
        printer.submit(PrintJob(f"{number} print {print_no} attempt 1", exact, print_jobs.media_type(form), 1))
        return recorded(device, number, print_no, form, exact, printer)

    with patch.object(print_jobs, "_record_attempt", ink_first):
        assert _found(shop, within=5).violation.startswith("I9")


@pytest.mark.long
def test_five_hundred_worlds_come_right(shop: Workshop) -> None:
    for seed in range(1_000, 1_500):
        lived = live_once(shop, seed, PROFILES["normal"])
        assert not lived.violation, f"seed {seed}: {lived.violation}\n" + "\n".join(lived.timeline)
