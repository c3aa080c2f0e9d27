"""Issuing a certificate against its floor: what the disk and the signatures alone would cost.

Issuing is all of it: every gate asked, the number taken, three credentials and the entry signed, two spares sealed,
journal and projections committed, the witness raised; nothing is drawn. The floor is one bare commit of the same bytes
into one table of a SQLCipher database with the same settings (WAL, ``synchronous=FULL``) and the same four Ed25519
signatures. Both take turns in one run, on one disk, on a home that already has 1,000 certificates on 50 declarations.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from benchmarks.setting import setting
from inspector_app.bootstrap import SystemRandom
from inspector_app.domain.credential import CONTEXT
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refused
from inspector_app.journal.chain import ACTOR_CONTEXT
from inspector_app.services.device import Device
from inspector_app.services.issuing import issue_certificate
from inspector_app.store.database import Database
from inspector_app.store.doctor import examine
from inspector_app.suites import KEY_BYTES, SigningKey
from tests.office import VET, HandClock, Office, parts
from tests.services.work import FISH, TEN_THOUSAND_FISH, draft, inspected

AIM = 3.0
DECLARATIONS, CERTIFICATES = 50, 1_000
ROUND = 10
"""Issues, then floors, in a row."""

Step = Callable[[int], None]


class Figures(msgspec.Struct, frozen=True):
    """What one of the two took, in milliseconds."""

    p50_ms: float
    p95_ms: float
    mean_ms: float
    count: int


class Station:
    """A practice home with a year's work in it."""

    def __init__(self, folder: Path, declarations: int, certificates: int, further: int) -> None:
        home_parts = parts(HandClock(), random=SystemRandom())
        office = Office()
        self.device: Device = office.enrol(folder, home_parts, blocks=0)
        office.publish(self.device, *office.numbers(self.device.id, "B", size=certificates + further, holder=VET))
        self.batches = [
            inspected(self.device, owner=f"练习场{count}", quantity=Quantity(9_000, 0, TEN_THOUSAND_FISH))
            for count in range(declarations)
        ]
        for count in range(certificates):
            self.issue(count)

    def issue(self, count: int) -> None:
        """One certificate for another truck of one of the batches."""
        made = draft(self.device, self.batches[count % len(self.batches)], quantity=Quantity(1_000 + count, 0, FISH))
        outcome = issue_certificate(self.device, made)
        if isinstance(outcome, Refused):
            raise SystemExit(f"refused: {outcome.refusals}")

    def bytes_of_last(self) -> bytes:
        """What the last issue wrote into journal and credentials."""
        (written,) = self.device.store.written(self.device.store.head().seq, 1)
        private = written.private.salt + written.private.content if written.private else b""
        sql = "SELECT credential, sealed FROM credentials ORDER BY number DESC, print LIMIT 3"
        credentials = b"".join(bytes(part) for row in self.device.store.database.all(sql) for part in row if part)
        return written.public + private + written.actor_sig + credentials


class Floor:
    """One table, one row per commit, and the signatures."""

    def __init__(self, path: Path, key: SigningKey, payload: bytes) -> None:
        self._database = Database(path, SystemRandom().bytes(KEY_BYTES))
        self._database.execute("CREATE TABLE floor (seq INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        self._key, self._payload = key, payload

    def commit(self, count: int) -> None:
        """Three credentials' signatures and the entry's, then one durable commit."""
        covered = self._payload[:170]
        for _ in range(3):
            self._key.sign(CONTEXT, covered)
        self._key.sign(ACTOR_CONTEXT, covered[:32])
        with self._database.transaction():
            self._database.execute("INSERT INTO floor (seq, content) VALUES (?, ?)", (count + 1, self._payload))

    def close(self) -> None:
        """Fold the log in and close."""
        self._database.close()


def take_turns(steps: Sequence[Step], count: int, first: int) -> list[list[float]]:
    """Seconds of each call of each step; a busy moment of the machine hits all of them."""
    times: list[list[float]] = [[] for _ in steps]
    for start in range(0, count, ROUND):
        for step, taken in zip(steps, times, strict=True):
            for number in range(start, min(start + ROUND, count)):
                began = time.perf_counter()
                step(first + number)
                taken.append(time.perf_counter() - began)
    return times


def figures(times: list[float]) -> Figures:
    """The distribution in figures."""
    in_ms = sorted(one * 1000 for one in times)
    p95 = in_ms[min(len(in_ms) - 1, round(0.95 * len(in_ms)))]
    return Figures(round(statistics.median(in_ms), 3), round(p95, 3), round(statistics.fmean(in_ms), 3), len(in_ms))


def measure(folder: Path, *, declarations: int, certificates: int, count: int) -> dict[str, Figures]:
    """Issue and floor side by side in a folder of a real disk; the home is examined afterwards."""
    station = Station(folder / "home", declarations, certificates, count)
    floor = Floor(folder / "floor.db", station.device.session_key(), station.bytes_of_last())
    times = take_turns((floor.commit, station.issue), count, certificates)
    floor.close()
    findings = examine(station.device.store, station.device.files)
    used = len(station.device.rows.many("numbers", state="used"))
    if findings or used != certificates + count:
        raise SystemExit(f"the home is not sound: {findings}, {used} numbers used")
    station.device.store.database.close()
    return {"floor": figures(times[0]), "issue": figures(times[1])}


def main(argv: list[str]) -> int:
    """Print the table (or ``--json``); exit 0 when the aim is met, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks issue", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--count", type=int, default=400, help="issues measured, at least 300")
    parser.add_argument("--folder", type=Path, default=None, help="where the home is made (a real disk)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = measure(
            Path(folder), declarations=DECLARATIONS, certificates=CERTIFICATES, count=max(options.count, 300)
        )
    ratio = round(found["issue"].p50_ms / found["floor"].p50_ms, 2)
    if options.json:
        said = {"setting": setting(), "rows": found, "ratio_p50": ratio, "aim": AIM}
        print(json.dumps(msgspec.to_builtins(said), ensure_ascii=False))
    else:
        _print_table(found, ratio)
    return 0 if ratio <= AIM else 1


_NAMES = {"floor": "bare commit and signatures", "issue": "issue_certificate"}


def _print_table(found: dict[str, Figures], ratio: float) -> None:
    print("\n".join(f"{name:8} {value}" for name, value in setting().items()))
    print(f"\n{CERTIFICATES} certificates on {DECLARATIONS} declarations beforehand")
    print(f"{'':28}{'p50 ms':>9}{'p95 ms':>9}{'mean ms':>9}{'count':>7}")
    for name, row in found.items():
        print(f"{_NAMES[name]:28}{row.p50_ms:9.2f}{row.p95_ms:9.2f}{row.mean_ms:9.2f}{row.count:7}")
    print(f"\naim at most {AIM:g} × the floor at p50: {'met' if ratio <= AIM else 'NOT met'} ({ratio:g} ×)")
