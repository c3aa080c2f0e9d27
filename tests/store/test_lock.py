"""One process per home: who comes second is told who was first, and a crash leaves the home free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.store.lock import HomeLock, read_holder
from tests.source_tree import ROOT
from tests.store.places import readable_only, tiny_disk

HOLD = """
import sys, time
from pathlib import Path
from inspector_app.store.lock import HomeLock
lock = HomeLock(Path(sys.argv[1]))
lock.take("issuing", 1_795_136_400_000)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "lock"


def holder(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the home."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    process.send_signal(number)
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def test_a_second_process_is_told_who_holds_the_home_and_what_for(path: Path) -> None:
    process = holder(path)
    try:
        with pytest.raises(StationError, match="home_in_use") as refused:
            HomeLock(path).take("reading", 2)
        assert refused.value.details == {"pid": process.pid, "doing": "issuing"}
    finally:
        end(process)


def test_a_refused_process_leaves_the_holders_note_as_it_is(path: Path) -> None:
    process = holder(path)
    try:
        with pytest.raises(StationError, match="home_in_use"):
            HomeLock(path).take("reading", 2)
        note = read_holder(path)
        assert note is not None
        assert (note.pid, note.doing, note.since) == (process.pid, "issuing", 1_795_136_400_000)
    finally:
        end(process)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_died_holds_nothing(path: Path, number: int) -> None:
    end(holder(path), number)
    lock = HomeLock(path)
    lock.take("issuing", 3)
    note = read_holder(path)
    assert note is not None
    assert note.pid == os.getpid()
    lock.release()


def test_within_one_process_a_home_is_held_once_as_well(path: Path) -> None:
    first, second = HomeLock(path), HomeLock(path)
    first.take("issuing", 1)
    with pytest.raises(StationError, match="home_in_use"):
        second.take("reading", 2)
    first.release()
    second.take("reading", 2)
    second.release()


def test_releasing_twice_is_releasing_once(path: Path) -> None:
    lock = HomeLock(path)
    lock.take("issuing", 1)
    lock.release()
    lock.release()
    lock.take("issuing", 2)
    lock.release()


@pytest.mark.parametrize("note", [b"", b"{", b"\xff\xfe", b"[]", b'{"pid":"x"}'])
def test_a_note_that_cannot_be_read_names_nobody_and_hinders_nobody(path: Path, note: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(note)
    assert read_holder(path) is None
    lock = HomeLock(path)
    lock.take("issuing", 1)
    path.write_bytes(note)
    with pytest.raises(StationError, match="home_in_use") as refused:
        HomeLock(path).take("reading", 2)
    assert refused.value.details == {"pid": 0, "doing": ""}
    lock.release()


def test_a_full_disk_keeps_nobody_from_reading() -> None:
    with tiny_disk(64) as (place, _code):
        (place / "lock").touch()
        with (place / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4_096)):
                    pass
            except OSError:
                pass
        lock = HomeLock(place / "lock")
        lock.take("reading", 1)
        with pytest.raises(StationError, match="home_in_use"):
            HomeLock(place / "lock").take("reading", 2)
        lock.release()


def test_a_folder_one_may_only_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    with readable_only(tmp_path) as place:
        for name in ("lock", "other", "below/lock"):
            with pytest.raises(StationError, match="disk_read_only"):
                HomeLock(place / name).take("issuing", 1)
