"""A home whose plug can be pulled, or whose disk can fill up, at any one thing that reaches the disk.

Everything that could be lost is an *event*: each statement that is no reading, and each small file just before and just
after it was replaced. An act is done once to see its events, then once more for each of them. At a pulled plug the
folder is copied as it lies there, with its write-ahead log, and the copy is what the next start finds.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from inspector_app.errors import StationError
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from inspector_app.store.disk import LocalDisk
from tests.office import PASSPHRASE, VET, HandClock, parts
from tests.services.work import assert_sound

READING = ("SELECT", "PRAGMA", "EXPLAIN")
ROWS = (
    "numbers certificates notices prints attempts sheets sheet_moves days declarations print_orders grants blocks "
    "samples results inspections stocktakes stock_counts custody_cases acts"
).split()


class PowerCut(BaseException):
    """The plug was pulled; no handler of the program may see it."""


Trouble = Callable[["Watch"], None]


class Watch:
    """Notes what reaches the disk and lets one event come to grief."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.events: list[str] = []
        self.at = -1
        self.armed = False
        self.trouble: Trouble = pull_the_plug

    @property
    def copy(self) -> Path:
        """Where the folder is copied to at a pulled plug."""
        return self.home.with_name(f"{self.home.name}-cut")

    def arm(self, at: int, trouble: Trouble) -> None:
        """From now on count; at event number ``at`` (-1: never) the trouble comes."""
        self.events, self.at, self.armed, self.trouble = [], at, True, trouble

    def statement(self, sql: str) -> None:
        """Told of every statement before it runs."""
        if not sql.startswith(READING):
            self.note(" ".join(sql.split()[:3]))

    def note(self, event: str) -> None:
        """Count one event."""
        if self.armed:
            self.events.append(event)
            if len(self.events) - 1 == self.at:
                self.armed = False
                self.trouble(self)


def pull_the_plug(watch: Watch) -> None:
    """What is on the disk now is all there is."""
    shutil.copytree(watch.home, watch.copy)
    raise PowerCut


def fill_the_disk(_watch: Watch) -> None:
    """There is no room for this."""
    raise StationError("disk_full")


class WatchedDisk(LocalDisk):
    """Tells the watch of every small file."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(HandClock())
        self._watch = watch

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        self._watch.note(f"before {path.name[:12]}")
        super().replace(path, content, durable=durable)
        self._watch.note(f"after {path.name[:12]}")


@contextlib.contextmanager
def opened(home: Path, clock_at: int, watch: Watch | None = None) -> Iterator[Device]:
    """The home, signed in to by the vet; left as a killed process leaves it."""
    watched = watch or Watch(home)
    home_parts = parts(HandClock(clock_at), seed="later", disk=WatchedDisk(watched), before_statement=watched.statement)
    locked = LockedHome(home, home_parts)
    device = locked.unlock(VET, PASSPHRASE)
    assert isinstance(device, Device), device
    try:
        yield device
    finally:
        device.store.database.abandon()
        locked._database = None
        locked.close()


Picture = dict[str, list[tuple[Any, ...]]]
Act = Callable[[Device], object]


def picture(device: Device) -> Picture:
    """Everything the act could have changed.

    Not the kept files: bytes of an act that never came may lie there, under a name nothing mentions.
    """
    found: Picture = {name: [tuple(row.values()) for row in device.rows.many(name)] for name in ROWS}
    sql = "SELECT number, print, credential FROM credentials ORDER BY number, print"
    found["credentials"] = [tuple(row) for row in device.store.database.all(sql)]
    return found


class Rehearsal:
    """One act on one prepared home: what it looked like before and after, and everything that reached the disk."""

    def __init__(self, prepared: Path, room: Path, clock_at: int, act: Act) -> None:
        self._prepared, self._room, self._clock_at, self._act = prepared, room, clock_at, act
        self._count = 0
        home = self._fresh()
        watch = Watch(home)
        with opened(home, clock_at, watch) as device:
            self.before = picture(device)
            watch.arm(-1, pull_the_plug)
            self.outcome = act(device)
            watch.armed = False
            self.after = picture(device)
        self.events = list(watch.events)

    def _fresh(self) -> Path:
        self._count += 1
        home = self._room / f"home{self._count}"
        shutil.copytree(self._prepared, home)
        return home

    def cut(self, at: int, check: Callable[[Device, bool], None]) -> bool:
        """Pull the plug at event ``at``; the next start finds before or after, sound, and goes on with ``check``.

        ``check`` is told whether the act had been done. Returns that.
        """
        home = self._fresh()
        watch = Watch(home)
        with opened(home, self._clock_at, watch) as device:
            watch.arm(at, pull_the_plug)
            with contextlib.suppress(PowerCut):
                self._act(device)
        with opened(watch.copy, self._clock_at) as again:
            was_done = self._standing(again)
            assert again.frozen == ""
            assert_sound(again)
            check(again, was_done)
        return was_done

    def fill(self, at: int, check: Callable[[Device, bool], None]) -> bool:
        """Fill the disk at event ``at``: the act fails with nothing done, or is done; the same process goes on."""
        home = self._fresh()
        watch = Watch(home)
        with opened(home, self._clock_at, watch) as device:
            watch.arm(at, fill_the_disk)
            failed = self._fails(device)
            assert not watch.armed, "the trouble never came"
            was_done = self._standing(device)
            assert failed != was_done, "what failed was done, or what was done failed"
            assert_sound(device)
            check(device, was_done)
        return was_done

    def _fails(self, device: Device) -> bool:
        try:
            self._act(device)
        except StationError as error:
            if error.code != "disk_full":
                raise
            return True
        return False

    def _standing(self, device: Device) -> bool:
        seen = picture(device)
        assert seen in (self.before, self.after), "neither before nor after"
        return seen == self.after
