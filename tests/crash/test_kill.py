"""A real process, really killed while it works: what it had said to be durable is there, and the home is sound."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector_app.store.doctor import examine
from tests.source_tree import ROOT
from tests.store.homes import Home

SITTINGS = 6


def killed_after(folder: Path, lines: int, wait_s: float, seed: int) -> int:
    """Let a child live in the folder and kill it some time after it said ``lines`` lines; the last head it said."""
    command = [sys.executable, "-m", "tests.crash.child", str(folder), "live", str(seed)]
    said = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(lines):
            said = int(child.stdout.readline())
        time.sleep(wait_s)
        child.send_signal(signal.SIGKILL)
        said = max([said, *map(int, child.stdout.read().split(b"\n")[:-1])])
        child.wait(120)
        assert child.returncode == -signal.SIGKILL
    return said


@pytest.mark.parametrize("seed", range(SITTINGS))
def test_what_a_killed_process_had_said_is_there_and_the_home_is_sound(folder: Path, seed: int) -> None:
    dice = random.Random(seed)
    said = killed_after(folder, dice.randint(1, 60), dice.random() * 0.02, seed)
    home = Home(folder)
    assert home.store.head().seq >= said > 0
    home.files.sweep()
    assert examine(home.store, home.files) == []
    home.close()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 160))
def test_the_same_many_times(folder: Path, seed: int) -> None:
    test_what_a_killed_process_had_said_is_there_and_the_home_is_sound(folder, seed)
