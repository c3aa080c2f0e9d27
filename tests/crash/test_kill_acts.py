"""SIGKILL while a station issues, prints, syncs, rebuilds and backs up: real processes, a real province over HTTP.

After each kill the next start finds no number lost or doubled, every paper that left on record, nothing the province
acknowledged missing here and nothing it recorded different there. What was said to be done is done.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks import station
from inspector_app.domain.quantities import Quantity
from inspector_app.services.device import Device
from inspector_app.store.database import Database
from tests.services.work import TEN_THOUSAND_FISH, assert_sound, inspected, number_states
from tests.source_tree import ROOT

KILLS = 20
PARTS, KILLS_OF_PART = 10, 100
"""The long profile: 1,000 kills."""
LONGEST_MS = 250.0
NUMBERS_OF_A_KILL = 30
LEAST_INSIDE = 0.6
KINDS = {"issue", "print", "sync", "rebuild", "backup"}
SOUND_EVERY = 10


@contextmanager
def acting(made: station.Measured, url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The warm process; ended when the test is."""
    command = [sys.executable, "-m", "tests.crash.acting", str(made.folder), str(made.person), url, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def kill_one(process: subprocess.Popen[str], delay_ms: float, seed: int) -> list[str]:
    """Let one worker live so long; what it had said, the opening of the home first."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{delay_ms} {seed}\n")
    process.stdin.flush()
    found: dict[str, Any] = json.loads(process.stdout.readline())
    assert found["killed"] == 9, found
    said: list[str] = found["said"]
    assert said[0] == "open"
    return said[1:]


def inside(said: list[str]) -> str:
    """The act in the middle of which the worker died, "" between two."""
    return said[-1][2:] if said and said[-1].startswith("+ ") else ""


class Record:
    """What has been said to be done in all lives so far."""

    def __init__(self) -> None:
        self.issued: list[str] = []
        self.acknowledged = 0
        self.backups: dict[str, int] = {}
        self.killed_inside: Counter[str] = Counter()

    def take(self, said: list[str]) -> None:
        """Take in what one life said."""
        self.killed_inside[inside(said)] += 1
        for line in said:
            match line.split():
                case ["-", "issue", *number]:
                    self.issued.append(" ".join(number))
                case ["-", "sync", seq]:
                    self.acknowledged = max(self.acknowledged, int(seq))
                case ["-", "backup", name, head]:
                    self.backups[name] = int(head)
                case _:
                    pass


def assert_kept(device: Device, province: station.Province, record: Record, folder: Path) -> None:
    """Nothing said is missing, no number is doubled or lost, both sides hold one journal."""
    rows = [str(row["number"]) for row in device.rows.many("certificates", order="digits")]
    states = number_states(device, "B")
    assert states == ["used"] * len(rows) + ["free"] * (len(states) - len(rows))
    assert len(set(rows)) == len(rows)
    assert set(record.issued) <= set(rows)
    assert device.frozen == ""
    acknowledged, head = device.store.acknowledged().seq, device.store.head().seq
    recorded, _judged, verdicts = province.standing(device)
    assert record.acknowledged <= acknowledged <= recorded <= head
    assert verdicts == 0
    assert province.holds(device)
    printed = {f"{row['number']} print 1 attempt 1".replace(" ", "-") for row in device.rows.many("attempts")}
    left = {path.stem for path in (folder / "paper").glob("*.pdf")}
    assert left <= printed, "a paper left that no entry speaks of"


def assert_backups(record: Record, folder: Path, key: bytes) -> None:
    """Every backup said to be made opens and holds what there was."""
    for name, head in record.backups.items():
        backup = Database(folder / name, key, must_exist=True)
        assert (backup.one("SELECT MAX(seq) FROM entries") or (0,))[0] >= head
        backup.close()


def kill_many(folder: Path, kills: int, seed: int) -> Record:
    """Kill so many workers one after another, and look after each."""
    record, dice, paper = Record(), random.Random(seed), folder / "paper"
    paper.mkdir()
    with station.Province(folder / "province") as province:
        made = province.device(1, numbers=kills * NUMBERS_OF_A_KILL)
        with station.opened(made, province.parts()) as (home, device):
            inspected(device, quantity=Quantity(9_000, 0, TEN_THOUSAND_FISH))
            province.catch_up(home, device)
        with province.served() as port, acting(made, f"http://127.0.0.1:{port}", folder) as process:
            for count in range(kills):
                record.take(kill_one(process, dice.uniform(0, LONGEST_MS), count))
                with station.opened(made) as (_home, device):
                    assert_kept(device, province, record, folder)
                    if count % SOUND_EVERY == 0 or count == kills - 1:
                        assert_sound(device)
            station.rest(made, f"http://127.0.0.1:{port}")
            with station.opened(made) as (_home, device):
                assert province.standing(device)[:2] == (device.store.head().seq,) * 2
                assert_kept(device, province, record, folder)
    assert_backups(record, folder, bytes(32))
    return record


def assert_killed_inside(record: Record, kills: int) -> None:
    """Most kills fell inside an act; told, so that a run can be judged by it."""
    within = sum(count for name, count in record.killed_inside.items() if name in KINDS)
    print(f"{kills} kills, {within} inside an act: {dict(sorted(record.killed_inside.items()))}")
    assert within >= LEAST_INSIDE * kills


def test_whatever_a_killed_station_was_doing_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    record = kill_many(tmp_path, KILLS, seed=2026)
    assert_killed_inside(record, KILLS)
    assert record.issued


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_same_a_thousand_times(tmp_path: Path, part: int) -> None:
    record = kill_many(tmp_path, KILLS_OF_PART, seed=part)
    assert_killed_inside(record, KILLS_OF_PART)
    assert set(record.killed_inside) >= KINDS
    assert record.acknowledged


def test_a_number_that_was_told_and_is_not_there_is_noticed(tmp_path: Path) -> None:
    """The look above can fail."""
    with station.Province(tmp_path / "province") as province:
        made = province.device(1, numbers=station.BLOCK)
        with station.opened(made, province.parts()) as (home, device):
            province.catch_up(home, device)
            record = Record()
            record.take(["+ issue", "- issue B 9900000777", "+ sync"])
            assert (record.issued, inside(["+ sync"]), inside(["- sync 7"])) == (["B 9900000777"], "sync", "")
            with pytest.raises(AssertionError):
                assert_kept(device, province, record, tmp_path)
            lost = Record()
            lost.take([f"- sync {device.store.head().seq + 1}"])
            with pytest.raises(AssertionError):
                assert_kept(device, province, lost, tmp_path)
            assert_kept(device, province, Record(), tmp_path)
