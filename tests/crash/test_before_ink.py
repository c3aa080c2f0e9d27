"""Nothing leaves for a printer or the province before what it stands on is on the disk; and disks that fail on the way.

A real home is watched at the system call (strace) while it issues, prints over a socket and syncs over HTTP: at each
byte to a socket, everything written to its journal has been synced since. Then each write, sync and rename of issuing,
syncing and backing up fails in turn.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks import station
from inspector_app.domain.quantities import Quantity
from inspector_app.services.device import Device
from inspector_app.store.database import Database
from tests.crash.inking import BACKUP_KEY
from tests.services.work import TEN_THOUSAND_FISH, assert_sound, inspected, number_states
from tests.source_tree import ROOT

LINE = re.compile(r"\b(?P<name>\w+)\((?:\d+<(?P<path>[^>]*)>|\"(?P<from>[^\"]*)\").*= (?P<result>-?\d+)")
WRITES = ("pwrite64", "write", "ftruncate")
SYNCS = ("fsync", "fdatasync")
SENDS = ("sendto", "sendmsg", "write")
WATCHED = (*WRITES, *SYNCS, "sendto", "sendmsg", "rename")
JOURNAL = ("journal.db", "journal.db-wal")
NUMBERS = 400
FAULTS = {"disk_full", "disk_failing"}


class Call(NamedTuple):
    """One system call: name, the file or socket it was made on, its result."""

    name: str
    path: str
    result: int


class World(NamedTuple):
    """A station whose computer is watched."""

    province: station.Province
    made: station.Measured
    url: str
    printer: int
    room: Path

    def watched(self, mode: str, *deeds: str, inject: Sequence[str] = ()) -> tuple[list[str], list[Call]]:
        """Do deeds in a process under strace; what it said, and the calls it made."""
        trace = self.room / "trace"
        command = ["strace", "-f", "-y", "-o", str(trace), "-e", f"trace={','.join(WATCHED)}", *inject]
        child = ["-m", "tests.crash.inking", str(self.made.folder), str(self.made.person), self.url, str(self.printer)]
        run = subprocess.run(
            [*command, sys.executable, *child, mode, *deeds],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        assert not run.stderr.strip(), run.stderr
        return run.stdout.splitlines(), list(_calls(trace.read_text("utf-8", "replace")))


def _calls(trace: str) -> Iterator[Call]:
    for line in trace.splitlines():
        if (match := LINE.search(line)) is not None:
            yield Call(match["name"], match["path"] or match["from"] or "", int(match["result"]))


def _swallow(listener: socket.socket) -> None:
    while True:
        try:
            line, _from = listener.accept()
        except OSError:
            return
        with line:
            while line.recv(65_536):
                pass


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, _databases_open: None) -> Iterator[World]:
    room = tmp_path_factory.mktemp("ink")
    printer = socket.create_server(("127.0.0.1", 0))
    swallowing = threading.Thread(target=_swallow, args=(printer,), daemon=True)
    swallowing.start()
    with station.Province(room / "province") as province:
        made = province.device(1, numbers=NUMBERS)
        with station.opened(made, province.parts()) as (home, device):
            inspected(device, quantity=Quantity(9_000, 0, TEN_THOUSAND_FISH))
            province.catch_up(home, device)
        with province.served() as port:
            yield World(province, made, f"http://127.0.0.1:{port}", printer.getsockname()[1], room)
    printer.shutdown(socket.SHUT_RDWR)
    printer.close()
    swallowing.join(10)


# --- fsync before ink ------------------------------------------------------------------------------------------------


def unsynced_when_sending(calls: Sequence[Call], home: Path) -> dict[str, list[set[str]]]:
    """For each socket, for each send on it: the journal's files that were written and not synced since."""
    dirty: set[str] = set()
    found: dict[str, list[set[str]]] = {}
    for call in calls:
        if call.path.startswith("socket:") and call.name in SENDS:
            found.setdefault(call.path, []).append(set(dirty))
        elif Path(call.path).parent == home and Path(call.path).name in JOURNAL:
            if call.name in SYNCS:
                dirty.discard(Path(call.path).name)
            elif call.name in WRITES and call.result >= 0:
                dirty.add(Path(call.path).name)
    return found


def test_what_stands_behind_a_byte_is_synced_before_it_goes_to_printer_or_province(world: World) -> None:
    said, calls = world.watched("FULL", "issue", "print", "sync")
    assert said == ["opened", "done issue", "done print", "done sync"]
    sent = unsynced_when_sending(calls, world.made.folder)
    assert len(sent) == 2, "a printer and a province were spoken to"
    assert all(dirty == set() for each in sent.values() for dirty in each)
    written = Counter(Path(call.path).name for call in calls if call.name in WRITES)
    assert written["journal.db-wal"] > 10


def test_with_the_weaker_setting_the_same_look_finds_it_missing(world: World) -> None:
    """The test above fails with ``synchronous = NORMAL``: the log is written, and not on the disk, when ink flows."""
    said, calls = world.watched("NORMAL", "issue", "print", "sync")
    assert said == ["opened", "done issue", "done print", "done sync"]
    sent = unsynced_when_sending(calls, world.made.folder)
    assert len(sent) == 2
    assert all("journal.db-wal" in each[0] for each in sent.values())


# --- each call failing in turn ---------------------------------------------------------------------------------------

FAILING = (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fsync", "EIO"), ("rename", "EIO"))
DEEDS = ("issue", "sync", "backup")
FEW = 2
"""Calls of each kind that fail in the normal profile; the long one lets every one fail."""


def _deed(world: World, deed: str) -> str:
    return f"backup:{world.room / 'copy.db'}" if deed == "backup" else deed


def _prepare(world: World, deed: str) -> int:
    """Something to sync, no backup yet; where the journal stands."""
    (world.room / "copy.db").unlink(missing_ok=True)
    if deed == "sync":
        said, _calls = world.watched("FULL", "issue")
        assert said[-1] == "done issue"
    with station.opened(world.made) as (_home, device):
        return device.store.head().seq


def counted(world: World, deed: str, call: str) -> tuple[int, int]:
    """How many such calls opening the home makes, and how many there are once the deed is done."""
    _prepare(world, deed)
    said, calls = world.watched("FULL", _deed(world, deed))
    assert said == ["opened", f"done {deed}"]
    opened = next(place for place, one in enumerate(calls) if one.name == "write" and one.path.startswith("pipe:"))
    return sum(one.name == call for one in calls[:opened]), sum(one.name == call for one in calls)


def fail_at(world: World, deed: str, call: str, error: str, when: int) -> None:
    """The ``when``-th such call fails: it is told or it did not matter, and afterwards everything is whole."""
    before = _prepare(world, deed)
    used = _used(world)
    inject = ("-e", f"inject={call}:error={error}:when={when}")
    said, _calls = world.watched("FULL", _deed(world, deed), inject=inject)
    assert said[0] == "opened"
    done = said[-1] == f"done {deed}"
    assert done or said[-1].removeprefix("fault ") in FAULTS, said
    with station.opened(world.made) as (_home, device):
        _assert_whole(device, deed, before, used, done=done)
    if deed == "backup":
        _assert_backup(world, done=done)
    station.rest(world.made, world.url)
    with station.opened(world.made) as (_home, device):
        assert world.province.standing(device) == (device.store.head().seq, device.store.head().seq, 0)
        assert world.province.holds(device)


def _used(world: World) -> int:
    with station.opened(world.made) as (_home, device):
        return number_states(device, "B").count("used")


def _assert_whole(device: Device, deed: str, before: int, used: int, *, done: bool) -> None:
    """All of the act or nothing of it."""
    assert device.frozen == ""
    assert_sound(device)
    states = number_states(device, "B")
    now = states.count("used")
    assert states == ["used"] * now + ["free"] * (len(states) - now)
    assert len(device.rows.many("certificates")) == now
    grown = int(deed == "issue")
    assert now - used in ({grown} if done else {0, grown})
    assert device.store.head().seq - before in ({grown} if deed != "sync" and done else {0, 1, 2})


def _assert_backup(world: World, *, done: bool) -> None:
    """A whole one, or none that somebody could rely on."""
    assert (world.room / "copy.db").exists() == done
    if not done:
        return
    backup = Database(world.room / "copy.db", BACKUP_KEY, must_exist=True)
    assert backup.one("PRAGMA integrity_check") == ("ok",)
    backup.close()


def _spread(first: int, last: int, count: int) -> list[int]:
    """So many of the calls ``first … last``: the first, the last, and between."""
    if last - first < count:
        return list(range(first, last + 1))
    return sorted({first + (last - first) * place // (count - 1) for place in range(count)})


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("call", "error"), FAILING)
def test_a_failing_call_is_told_and_nothing_is_half_done(world: World, deed: str, call: str, error: str) -> None:
    opening, whole = counted(world, deed, call)
    for when in _spread(opening + 1, whole, FEW):
        fail_at(world, deed, call, error, when)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("call", "error"), FAILING)
def test_every_call_in_turn(world: World, deed: str, call: str, error: str, part: int) -> None:
    opening, whole = counted(world, deed, call)
    for when in range(opening + 1 + part, whole + 2, 4):
        fail_at(world, deed, call, error, when)


def test_the_calls_that_fail_are_there_to_fail(world: World) -> None:
    """No test above runs on nothing."""
    for deed, call in (("issue", "pwrite64"), ("issue", "fsync"), ("sync", "pwrite64"), ("backup", "pwrite64")):
        opening, whole = counted(world, deed, call)
        assert whole > opening, (deed, call)
