"""Power cuts as a disk sees them: of what was not synced, any part may be there, torn, and in any order.

The writes of a real run are recorded with their bytes (strace). For every cut, the files are put together from what had
been synced until then and a random part of the rest, and opened as the next start would find them.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from inspector_app.store.doctor import examine
from tests.journal.samples import SAMPLES
from tests.source_tree import ROOT
from tests.store.homes import Home

SECTOR: Final = 512
CUTS: Final = 60
LINE = re.compile(
    r"(?P<call>pwrite64|write|fsync|fdatasync|ftruncate)\(\d+<(?P<path>[^>]*)>"
    r'(?:, "(?P<data>[^"]*)", \d+(?:, (?P<offset>\d+))?|, (?P<size>\d+))?\) += (?P<result>-?\d+)'
)


class Step(NamedTuple):
    """One thing that happened: a write (``data`` at ``offset``), a truncation, a sync, or a word to the outside."""

    what: str
    name: str
    data: bytes = b""
    offset: int = 0


class Recording(NamedTuple):
    """A closed home, and everything that then happened to its two files, in order."""

    before: Path
    steps: list[Step]


def _steps(trace: str, folder: Path) -> Iterator[Step]:
    for match in map(LINE.search, trace.splitlines()):
        if match is None:
            continue
        path = Path(_bytes(match["path"]).decode())
        data, call = _bytes(match["data"] or ""), match["call"]
        if path.parent != folder and call == "write" and data.strip().isdigit():
            yield Step("say", "", data)
        elif path.parent == folder and path.name in ("journal.db", "journal.db-wal"):
            what = {"pwrite64": "write", "ftruncate": "truncate"}.get(call, "sync")
            yield Step(what, path.name, data, int(match["offset"] or match["size"] or 0))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    place = tmp_path_factory.mktemp("recorded")
    folder, before, trace = place / "home", place / "before", place / "trace"
    folder.mkdir()
    home = Home(folder)
    home.record(SAMPLES["party.recorded/1"][0])
    home.close()
    shutil.copytree(folder, before)
    command = ["strace", "-f", "-y", "-xx", "-s", "5000", "-o", str(trace)]
    command += ["-e", "trace=pwrite64,write,fsync,fdatasync,ftruncate"]
    subprocess.run(
        [*command, sys.executable, "-m", "tests.crash.child", str(folder), "record"],
        cwd=ROOT, capture_output=True, check=True, timeout=240,
    )  # fmt: skip
    return Recording(before, list(_steps(trace.read_text("ascii"), folder)))


class Disk:
    """What is certainly on the disk, and what is on its way there."""

    def __init__(self, before: Path) -> None:
        self.certain: dict[str, bytearray] = defaultdict(bytearray)
        for path in before.iterdir():
            self.certain[path.name] = bytearray(path.read_bytes())
        self.pending: dict[str, list[Step]] = defaultdict(list)
        self.said = 0

    def take(self, step: Step) -> None:
        match step.what:
            case "say":
                self.said = int(step.data)
            case "sync":
                for pending in self.pending.pop(step.name, []):
                    _apply(self.certain[step.name], pending)
            case _:
                self.pending[step.name].append(step)

    def after_a_cut(self, dice: random.Random) -> dict[str, bytes]:
        """The files with some of what was pending: dropped, torn at a sector, in another order."""
        found = {name: bytearray(content) for name, content in self.certain.items()}
        for name, steps in self.pending.items():
            arrived = [step for step in steps if dice.random() < 0.6]
            dice.shuffle(arrived)
            for step in arrived:
                whole = dice.random() < 0.6 or step.what == "truncate"
                torn = dice.randrange(0, len(step.data) + 1, SECTOR) if not whole else len(step.data)
                _apply(found.setdefault(name, bytearray()), step._replace(data=step.data[:torn]))
        return {name: bytes(content) for name, content in found.items()}


def _apply(content: bytearray, step: Step) -> None:
    if step.what == "truncate":
        del content[step.offset :]
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.data)] = step.data


def _open_after(folder: Path, files: dict[str, bytes]) -> Home:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return Home(folder)


def _cut(recording: Recording, place: Path, steps: int, dice: random.Random) -> bool:
    """Cut the power after so many steps; whether anything was on its way."""
    disk = Disk(recording.before)
    for step in recording.steps[:steps]:
        disk.take(step)
    home = _open_after(place, disk.after_a_cut(dice))
    head = home.store.head().seq
    assert head >= disk.said, f"cut after {steps} steps: {disk.said} was said to be durable, {head} is there"
    assert head % 2 == 1, "an act of two entries is there wholly or not at all"
    assert examine(home.store) == []
    home.record(SAMPLES["party.recorded/1"][0])
    home.close()
    return any(disk.pending.values())


def test_the_recording_is_whole(recording: Recording, tmp_path: Path) -> None:
    """Replayed to the end, it is the home the process left; both files were written, the log folded in between."""
    disk = Disk(recording.before)
    for step in recording.steps:
        disk.take(step)
    assert disk.said == 17
    assert {step.name for step in recording.steps if step.what == "write"} == {"journal.db", "journal.db-wal"}
    for steps in disk.pending.values():
        assert not [step for step in steps if step.name == "journal.db"]
    home = _open_after(tmp_path / "end", {name: bytes(content) for name, content in disk.certain.items()})
    assert home.store.head().seq == 17
    home.close()


def test_after_a_cut_at_any_moment_the_home_opens_and_keeps_what_was_said(recording: Recording, tmp_path: Path) -> None:
    dice = random.Random(2026)
    moments = [dice.randrange(len(recording.steps) + 1) for _ in range(CUTS)]
    interesting = sum(_cut(recording, tmp_path / str(place), moment, dice) for place, moment in enumerate(moments))
    assert interesting > CUTS // 3, "most cuts fell between a write and its sync"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(30))
def test_after_a_cut_at_every_moment_too(recording: Recording, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    for moment in range(len(recording.steps) + 1):
        _cut(recording, tmp_path / str(moment), moment, dice)


def test_a_disk_that_lies_about_its_syncs_is_what_breaks_it(recording: Recording, tmp_path: Path) -> None:
    """The look above can fail: without one synced write of the log, what was said is not there."""
    says = [place for place, step in enumerate(recording.steps) if step.what == "say"]
    assert [place for place in says if _is_lost_without_its_last_write(recording, tmp_path / str(place), place)]


def _is_lost_without_its_last_write(recording: Recording, place: Path, say: int) -> bool:
    log = [at for at in range(say) if recording.steps[at].what == "write" and recording.steps[at].name.endswith("-wal")]
    disk = Disk(recording.before)
    for at, step in enumerate(recording.steps[: say + 1]):
        if at != log[-1]:
            disk.take(step)
    home = _open_after(place, {name: bytes(content) for name, content in disk.certain.items()})
    lost = home.store.head().seq < disk.said
    home.database.abandon()
    return lost
