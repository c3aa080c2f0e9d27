"""A process that works on a home until it is killed: ``python -m tests.crash.child FOLDER DEED [SEED]``.

It says on stdout what it believes to be durable, one line each, as it would to a printer or a province.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from inspector_app.errors import StationError
from tests.journal.samples import SAMPLES
from tests.store.homes import Home, Life

STDOUT = 1


def say(text: str) -> None:
    """One write to the outside, unbuffered."""
    os.write(STDOUT, text.encode() + b"\n")


def live(folder: Path, seed: int) -> None:
    """A random life without end; says the journal's head after every step."""
    life = Life(Home(folder, seed=seed), seed)
    while True:
        life.step()
        say(str(life.home.store.head().seq))


def append(home: Home, acts: int) -> None:
    """Some acts of two entries and a file each; says the head after each."""
    for number in range(acts):
        home.files.add(b"picture %d" % number, "image/png")
        home.record(SAMPLES["party.recorded/1"][0], SAMPLES["declaration.recorded/1"][0])
        say(str(home.store.head().seq))


def record(home: Home, acts: int) -> None:
    """Acts without files, on a log that is folded into the database every few pages."""
    home.database.execute("PRAGMA wal_autocheckpoint = 12")
    for _ in range(acts):
        home.record(SAMPLES["party.recorded/1"][0], SAMPLES["declaration.recorded/1"][0])
        say(str(home.store.head().seq))
    os._exit(0)


def once(folder: Path) -> None:
    """One act; says whether it was done, or what fault of the disk was met."""
    try:
        home = Home(folder)
        say("opened")
        append(home, 1)
    except StationError as fault:
        say(f"fault {fault.code}")
    os._exit(0)


def main(folder: str, deed: str, seed: str = "0") -> None:
    match deed:
        case "live":
            live(Path(folder), int(seed))
        case "append":
            append(Home(Path(folder)), 6)
        case "record":
            record(Home(Path(folder)), 8)
        case "append unsynced":
            home = Home(Path(folder))
            home.database.execute("PRAGMA synchronous = OFF")
            append(home, 6)
        case _:
            once(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
