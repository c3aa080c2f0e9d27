"""A real home in a process that can be watched: ``python -m tests.crash.inking HOME PERSON URL PRINTER MODE DEED…``.

``MODE`` is SQLite's ``synchronous`` once the home is open. Deeds are ``issue``, ``print``, ``sync``, ``backup:FILE``.
Each is told on standard output when it is done, or with the fault of the environment it met; nothing else may end it.
"""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import station
from inspector_app import bootstrap
from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.quantities import Quantity
from inspector_app.errors import StationError
from inspector_app.ports import PrintJob
from inspector_app.services import issuing, print_jobs
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from tests.printers.fake import FakePrinter
from tests.services.work import FISH, done, draft

STDOUT = 1
BACKUP_KEY = bytes(32)


@dataclass
class SocketPrinter(FakePrinter):
    """Sends each job over a socket, as a printer on the network gets it."""

    port: int = 0

    def submit(self, job: PrintJob) -> str:
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(job.content)
        return super().submit(job)


def say(text: str) -> None:
    """One write to the outside, unbuffered."""
    os.write(STDOUT, text.encode() + b"\n")


def do(deed: str, home: LockedHome, device: Device, url: str, port: int) -> None:
    """One deed."""
    name, _, file = deed.partition(":")
    match name:
        case "issue":
            batch = str(device.rows.many("inspections")[0]["ref"])
            departs = device.clock.now().at + MS_PER_MINUTE
            made = draft(device, batch, quantity=Quantity(1, 0, FISH), departs_at=departs)
            done(issuing.issue_certificate(device, made))
        case "print":
            newest = device.rows.many("certificates", order="digits")[-1]
            done(print_jobs.submit(device, str(newest["number"]), SocketPrinter(port=port)))
        case "sync":
            bootstrap.Contact(home, device, server=url).sync(lambda _done, _all: None, lambda: False)
        case _:
            device.store.database.backup_to(Path(file), BACKUP_KEY)


def main(folder: str, person: str, url: str, port: str, mode: str, *deeds: str) -> None:
    """Open the home and do the deeds."""
    with station.opened(station.Measured(Path(folder), int(person))) as (home, device):
        device.store.database.execute(f"PRAGMA synchronous = {mode}")
        say("opened")
        for deed in deeds:
            try:
                do(deed, home, device, url, int(port))
            except StationError as fault:
                say(f"fault {fault.code}")
                os._exit(0)
            say(f"done {deed.partition(':')[0]}")
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
