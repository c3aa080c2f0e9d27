"""A warm process that forks workers and kills them: ``python -m tests.crash.acting HOME PERSON URL FOLDER``.

A worker opens the home and does one thing after another — issue, print, sync, rebuild, backup — saying ``+ act`` before
and ``- act what`` after each, on a pipe. Each line of standard input (``milliseconds seed``) is one worker's life,
counted from the moment its home is open; the answer is a line of JSON with everything it had said.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import station
from inspector_app import bootstrap
from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.quantities import Quantity
from inspector_app.services import issuing, print_jobs
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from inspector_app.store.disk import LocalDisk
from printing.file_printer import PdfFilePrinter
from tests.services.work import FISH, done, draft

ACTS = ("issue", "print", "issue", "print", "sync", "issue", "print", "rebuild", "backup", "sync")


class Worker:
    """One life."""

    def __init__(self, home: LockedHome, device: Device, url: str, folder: Path, seed: int) -> None:
        self.device, self.folder, self.seed = device, folder, seed
        self.contact = bootstrap.Contact(home, device, server=url)
        self.printer = PdfFilePrinter("folder", folder / "paper", LocalDisk(home.parts.clock))
        self.batch = str(device.rows.many("inspections")[0]["ref"])

    def act(self, name: str) -> str:
        """Do one thing; what it came to."""
        acts: dict[str, Callable[[], str]] = {
            "issue": self._issue,
            "print": self._print,
            "sync": self._sync,
            "rebuild": self._rebuild,
            "backup": self._backup,
        }
        return acts[name]()

    def _issue(self) -> str:
        departs = self.device.clock.now().at + MS_PER_MINUTE
        made = draft(self.device, self.batch, quantity=Quantity(1, 0, FISH), departs_at=departs)
        return done(issuing.issue_certificate(self.device, made)).number

    def _print(self) -> str:
        for attempt in print_jobs.open_attempts(self.device):
            done(print_jobs.answer(self.device, str(attempt["ref"]), "printed"))
        newest = self.device.rows.many("certificates", order="digits")[-1:]
        waiting = [row for row in newest if not self.device.rows.many("attempts", number=row["number"])]
        return "".join(done(print_jobs.submit(self.device, str(row["number"]), self.printer)).ref for row in waiting)

    def _sync(self) -> str:
        self.contact.sync(lambda _done, _all: None, lambda: False)
        return str(self.device.store.acknowledged().seq)

    def _rebuild(self) -> str:
        self.device.store.rebuild()
        return ""

    def _backup(self) -> str:
        path = self.folder / f"backup-{self.seed}.db"
        path.unlink(missing_ok=True)
        head = self.device.store.head().seq
        self.device.store.database.backup_to(path, bytes(32))
        return f"{path.name} {head}"


def work_until_killed(made: station.Measured, url: str, folder: Path, seed: int, tell: int) -> None:
    """Open the home and act for ever."""
    with station.opened(made) as (home, device):
        worker, dice = Worker(home, device, url, folder, seed), random.Random(seed)
        acts = list(ACTS)
        os.write(tell, b"open\n")
        while True:
            dice.shuffle(acts)
            for name in acts:
                os.write(tell, f"+ {name}\n".encode())
                os.write(tell, f"- {name} {worker.act(name)}\n".encode())


def live_and_die(made: station.Measured, url: str, folder: Path, delay_ms: float, seed: int) -> dict[str, object]:
    """Fork a worker, kill it; how it ended and what it had said."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            work_until_killed(made, url, folder, seed, tell)
        finally:
            os._exit(1)
    os.close(tell)
    heard = os.read(hear, 5)
    time.sleep(delay_ms / 1000)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    while chunk := os.read(hear, 65_536):
        heard += chunk
    os.close(hear)
    # A last line may be torn: it says nothing.
    said = heard.decode().split("\n")[:-1]
    return {"killed": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, "said": said}


def main(home: str, person: str, url: str, folder: str) -> None:
    """One life for each line."""
    made = station.Measured(Path(home), int(person))
    for line in sys.stdin:
        delay, seed = line.split()
        print(json.dumps(live_and_die(made, url, Path(folder), float(delay), int(seed))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
