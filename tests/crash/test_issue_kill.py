"""SIGKILL in the middle of issuing: a real process, a real disk, random moments; no number is ever half used.

A warm process forks one child after another. Each opens the home, issues as fast as it can, tells each number once
``issue_certificate`` has returned it, and is killed some milliseconds later; then the next start looks at the home.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inspector_app.domain.quantities import Quantity
from inspector_app.services.device import Device
from tests.office import NOON, Office, parts
from tests.services.power import opened
from tests.services.work import TEN_THOUSAND_FISH, assert_sound, inspected, issued, number_states

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MS = 45.0
"""About ten issues; a kill comes at any moment of them."""
ROOM = 25
"""Numbers for each kill."""

NURSERY = """
import json, os, select, signal, sys, time
from pathlib import Path
from inspector_app.bootstrap import SystemRandom
from inspector_app.domain.quantities import Quantity
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.sign_in import LockedHome
from tests.office import PASSPHRASE, VET, HandClock, parts
from tests.services.work import FISH, draft

home = Path(sys.argv[1])


def issue_until_killed(tell):
    locked = LockedHome(home, parts(HandClock(), random=SystemRandom()), doing="issuing")
    device = locked.unlock(VET, PASSPHRASE)
    batch = str(device.rows.many("inspections")[0]["ref"])
    os.write(tell, b"open\\n")
    while True:
        made = draft(device, batch, quantity=Quantity(1, 0, FISH))
        os.write(tell, issue_certificate(device, made).number.encode() + b"\\n")


for line in sys.stdin:
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            issue_until_killed(tell)
        finally:
            os._exit(1)
    os.close(tell)
    heard = os.read(hear, 5)
    time.sleep(float(line) / 1000)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    while chunk := os.read(hear, 65536):
        heard += chunk
    os.close(hear)
    told = [number for number in heard.decode().split("\\n")[1:-1]]
    print(json.dumps({"killed": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, "told": told}), flush=True)
"""


@contextmanager
def nursery(home: Path) -> Iterator[subprocess.Popen[str]]:
    """The warm process; ended when the test is."""
    process = subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(120)
        assert process.stdout is not None
        process.stdout.close()


def kill_after(process: subprocess.Popen[str], delay_ms: float) -> dict[str, Any]:
    """Let one child issue, kill it; what it had told by then."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{delay_ms}\n")
    process.stdin.flush()
    said: dict[str, Any] = json.loads(process.stdout.readline())
    return said


def founded(folder: Path, size: int) -> Path:
    """A home with so many numbers and a large batch."""
    device = Office().enrol(folder, parts(), blocks=size)
    inspected(device, quantity=Quantity(9_000, 0, TEN_THOUSAND_FISH))
    device.store.database.close()
    return folder


def used_in(device: Device) -> int:
    """How many numbers are used; they are the lowest ones, each by one certificate that can be read whole."""
    states = number_states(device, "B")
    used = states.count("used")
    assert states == ["used"] * used + ["free"] * (len(states) - used)
    rows = device.rows.many("certificates")
    assert [row["number"] for row in rows] == [f"B 99{count:08d}" for count in range(1, used + 1)]
    credentials = device.store.database.all("SELECT COUNT(*) FROM credentials")
    assert credentials == [(3 * used,)]
    return used


def live_and_die(home: Path, kills: int, seed: int) -> list[int]:
    """Kill so many children; returns how many certificates nobody was told of, for each kill."""
    dice, before, untold = random.Random(seed), 0, []
    with nursery(home) as process:
        for _ in range(kills):
            said = kill_after(process, dice.uniform(0.0, LONGEST_MS))
            assert said["killed"] == 9, said
            with opened(home, NOON) as device:
                used = used_in(device)
                assert device.frozen == ""
                assert_sound(device)
            told = said["told"]
            assert told == [f"B 99{count:08d}" for count in range(before + 1, before + len(told) + 1)]
            untold.append(used - before - len(told))
            before = used
    return untold


@pytest.mark.parametrize("kills", [24, pytest.param(300, marks=[pytest.mark.long, pytest.mark.timeout(1200)])])
def test_a_number_is_wholly_used_or_wholly_free_whenever_the_process_is_killed(tmp_path: Path, kills: int) -> None:
    home = founded(tmp_path / "home", ROOM * kills)
    untold = live_and_die(home, kills, seed=kills)
    # Told means committed. What was committed and not yet told is at most the one certificate on its way.
    assert set(untold) <= {0, 1}
    with opened(home, NOON) as device:
        before = used_in(device)
        assert before > 0
        assert issued(device, str(device.rows.many("inspections")[0]["ref"])) == f"B 99{before + 1:08d}"
        assert_sound(device)
