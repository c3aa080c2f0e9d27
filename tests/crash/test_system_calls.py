"""Durability where it is decided: the order of system calls, and each of them failing in turn (strace).

Before a byte leaves for a printer or the province (here: a pipe), everything written to the home must have been synced.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from inspector_app.store.doctor import examine
from tests.journal.samples import SAMPLES
from tests.source_tree import ROOT
from tests.store.homes import Home

PARTY = SAMPLES["party.recorded/1"][0]

CALL = re.compile(r"(?P<name>\w+)\((?P<fd>\d+)<(?P<path>[^>]*)>.*= (?P<result>-?\d+)")
WRITES = ("write", "pwrite64", "writev", "pwritev", "ftruncate")
SYNCS = ("fsync", "fdatasync")
NEED_NOT_LAST = ("-shm", "/lock")
"""The index of the write-ahead log is rebuilt from it; the lock's note is for the next who asks."""


class Call(NamedTuple):
    """One system call on a file: its name, descriptor, the file's path and the result."""

    name: str
    descriptor: int
    path: str
    result: int


def traced(folder: Path, deed: str, *options: str) -> tuple[str, list[Call]]:
    """Run the child under strace; what it said and the calls it made."""
    trace = folder.parent / "trace"
    calls = ",".join((*WRITES, *SYNCS))
    command = ["strace", "-f", "-y", "-o", str(trace), "-e", f"trace={calls}", *options]
    command += [sys.executable, "-m", "tests.crash.child", str(folder), deed]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert not run.stderr.strip(), run.stderr
    return run.stdout, list(_calls(trace.read_text("utf-8", "replace").splitlines()))


def _calls(lines: Iterable[str]) -> Iterator[Call]:
    for line in lines:
        if (match := CALL.search(line)) is not None:
            yield Call(match["name"], int(match["fd"]), match["path"], int(match["result"]))


def unsynced_when_speaking(calls: list[Call], folder: Path) -> list[set[str]]:
    """For each byte that went out: the files of the home that were written and not synced since."""
    dirty: set[str] = set()
    found = []
    for call in calls:
        if call.path.startswith(str(folder)) and not call.path.endswith(NEED_NOT_LAST):
            if call.name in SYNCS:
                dirty.discard(call.path)
            elif call.result >= 0:
                dirty.add(call.path)
        elif call.name == "write" and call.descriptor == 1:
            found.append(set(dirty))
    return found


def test_everything_written_is_synced_before_a_byte_goes_out(folder: Path) -> None:
    said, calls = traced(folder, "append")
    assert said.split() == ["2", "4", "6", "8", "10", "12"]
    assert unsynced_when_speaking(calls, folder) == [set()] * 6
    for suffix in ("journal.db-wal", ".new"):
        assert any(call.name in WRITES and call.path.endswith(suffix) for call in calls), suffix


def test_without_the_sync_the_same_look_finds_it_missing(folder: Path) -> None:
    """The test above can fail: with synchronous = OFF the log is still only written when the byte goes out."""
    said, calls = traced(folder, "append unsynced")
    assert len(said.split()) == 6
    assert all(f"{folder}/journal.db-wal" in dirty for dirty in unsynced_when_speaking(calls, folder))


def test_a_file_is_synced_under_its_new_name_before_its_key_is_kept(folder: Path) -> None:
    _said, calls = traced(folder, "append")
    first_file = next(place for place, call in enumerate(calls) if call.path.endswith(".new") and call.name in SYNCS)
    folder_synced = [
        place
        for place, call in enumerate(calls[first_file:], first_file)
        if call.name == "fsync" and Path(call.path).parent == folder / "files"
    ]
    next_log_write = next(
        place for place, call in enumerate(calls[first_file:], first_file) if call.path.endswith("-wal")
    )
    assert folder_synced[0] < next_log_write


# --- each call failing in turn ---------------------------------------------------------------------------------------


@pytest.fixture
def begun(folder: Path) -> Path:
    """A closed home with one entry."""
    home = Home(folder)
    home.record(PARTY)
    home.close()
    return folder


# Opening writes 8 times to the index of the log; an act with its file then needs some 15 writes of SQLite and 8 syncs.
INDEX, WRITES_TRIED, SYNCS_TRIED = 8, 24, 9
FULL, FAILING, DONE = "fault disk_full", "fault disk_failing", "3"
FAULTS = [
    *(("pwrite64", "ENOSPC", when) for when in range(1, WRITES_TRIED + 1)),
    *(("fsync", "EIO", when) for when in range(1, SYNCS_TRIED + 1)),
    ("mkdir", "ENOSPC", 1),
    ("mkdir", "ENOSPC", 2),
    ("rename", "EIO", 1),
]


@pytest.fixture(scope="module")
def needed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How often one act makes each call when nothing fails."""
    folder = tmp_path_factory.mktemp("needed") / "home"
    folder.mkdir()
    home = Home(folder)
    home.record(PARTY)
    home.close()
    said, calls = traced(folder, "once")
    assert said.split() == ["opened", DONE]
    return {"mkdir": 2, "rename": 1, **Counter(call.name for call in calls)}


def expected(call: str, error: str, when: int, needed: dict[str, int]) -> set[str]:
    """What the child may say when the n-th such call fails."""
    if when > needed[call]:
        return {DONE}
    if call == "fsync" and when < needed[call]:
        return {FAILING, DONE}  # SQLite lets it pass when the name of its log could not be synced; the log itself was
    if call == "pwrite64" and when <= INDEX:
        return {FULL, FAILING}
    return {FULL} if error == "ENOSPC" else {FAILING}


@pytest.mark.parametrize(("call", "error", "when"), FAULTS)
def test_each_failing_call_is_told_and_nothing_is_half_done(
    begun: Path, tmp_path: Path, needed: dict[str, int], call: str, error: str, when: int
) -> None:
    said, _calls = traced(begun, "once", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")
    outcome = said.split("\n")[-2]
    assert outcome in expected(call, error, when, needed), said
    found = Home(Path(shutil.copytree(begun, tmp_path / "found")))
    found.files.sweep()
    # A sync that failed after the last write leaves open what the disk has: all of the act or nothing, never half.
    assert found.store.head().seq in ((3,) if outcome == DONE else (1, 3))
    assert examine(found.store, found.files) == []
    found.record(PARTY)
    found.close()


@pytest.mark.long
@pytest.mark.parametrize("when", range(1, WRITES_TRIED + 1))
def test_each_write_that_fails_otherwise_too(begun: Path, tmp_path: Path, needed: dict[str, int], when: int) -> None:
    test_each_failing_call_is_told_and_nothing_is_half_done(begun, tmp_path, needed, "pwrite64", "EIO", when)
