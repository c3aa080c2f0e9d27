"""Reading a large journal against its floor: what the encrypted database alone takes to hand over the same rows.

The journal is that of one computer over some years: blocks received one after another, most of their numbers issued,
printed, handed over and their stubs filed, the end of each block given back. One paper goes through the services; the
others are its facts with another number and another day, appended by the journal itself. A reading is all that a person
waits for at the command line or on the page. Its floor is one plain scan, into Python, of the tables it cannot do
without; for the life of a number, of the bytes of all entries. Both take turns in one run; the best of each counts,
because what a busy machine adds is no work.
"""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from benchmarks.setting import setting
from inspector_app.clock import legal_date
from inspector_app.domain.numbering import Block, Number
from inspector_app.domain.refusals import Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import CertificateHandedOver, CertificateIssued
from inspector_app.journal.entries.custody import NumbersReturned
from inspector_app.journal.entries.printing import PrintEnded
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections import TABLES
from inspector_app.services import ledgers, number_custody, stocktaking, supplies, tracing
from inspector_app.services.device import Device
from inspector_app.store.database import Database
from inspector_app.store.doctor import check_equations
from inspector_app.store.sql_rows import LIVE
from tests.office import VET, HandClock, Office, parts
from tests.services.work import handed_over, inspected, issued, printed

AIM = 8.0
BLOCKS, BLOCK = 200, 100
GIVEN_BACK = 10
"""Numbers at the end of each block that went back to the keeper."""
UNTOUCHED = 40
"""Blocks of which nothing has been used yet."""
DAYS_APART = 7
ROUNDS = 3
YEARS = {"first": "2026-01-01", "last": "2030-12-31"}

NUMBERS = ("draws", "blocks", "numbers", "certificates")
SHEETS = ("sheets", "sheet_moves")


class Reading(msgspec.Struct, frozen=True):
    """What is read, and the tables of its floor; no table stands for the bytes of all entries."""

    name: str
    read: Callable[[Device], object]
    tables: tuple[str, ...] = ()


class Figures(msgspec.Struct, frozen=True):
    """The best time of a reading and of its floor, in milliseconds."""

    reading: str
    floor_ms: float
    best_ms: float

    @property
    def ratio(self) -> float:
        """How many times the floor the reading takes."""
        return round(self.best_ms / self.floor_ms, 1)


class Station:
    """A practice home with the journal of some years."""

    def __init__(self, folder: Path, blocks: int, size: int, untouched: int) -> None:
        self.clock = HandClock()
        office = Office()
        self.device: Device = office.enrol(folder, parts(self.clock), blocks=0)
        received = [office.numbers(self.device.id, "B", size=size, holder=VET) for _ in range(blocks)]
        office.publish(self.device, *(document for pair in received for document in pair))
        batch = inspected(self.device)
        before = self.device.store.head().seq
        self.first = handed_over(self.device, printed(self.device, issued(self.device, batch)))
        self._paper = [entry for entry in self.device.store.entries() if entry.envelope.seq > before]
        for _draw, block in received[: blocks - untouched]:
            self._use_up(block)
            self.clock.forward(days=DAYS_APART)

    def _use_up(self, block: Block) -> None:
        numbers = [number for number in block.numbers() if str(number) != self.first]
        used, back = numbers[:-GIVEN_BACK], numbers[-GIVEN_BACK:]
        returned = NumbersReturned(block.block, back[0].digits, back[-1].digits, "too_many")

        def build(act: Act) -> str:
            for number in used:
                self._repeat(act, number, block.block)
            return act.add(returned, sign=self.device.sign)

        assert not isinstance(self.device.record_unless(list, build), Refused)

    def _repeat(self, act: Act, number: Number, block: str) -> None:
        """The facts of the first paper, for another."""
        made: dict[str, str] = {}
        for entry in self._paper:
            fact = _with_number(entry.fact, number, block, act.at, made)
            made[entry.ref] = act.add(fact, private=entry.private, sign=self.device.sign)


def _with_number(fact: Fact | None, number: Number, block: str, at: int, made: dict[str, str]) -> Fact:
    replace = msgspec.structs.replace
    match fact:
        case CertificateIssued(record=record):
            day = legal_date(at)
            changed = replace(record, number=number, block=block, issued_at=at, issued_on=day, departs_at=at + 1)
            return replace(fact, record=changed)
        case PrintEnded(attempt=attempt):
            return replace(fact, attempt=made[attempt])
        case CertificateHandedOver():
            return replace(fact, number=number, handed_at=at)
        case None:
            raise SystemExit("a fact of the first paper cannot be read")
        case _:
            return replace(fact, number=number)


def readings(station: Station) -> list[Reading]:
    """What is measured: every book, the report of gaps, the number ledger, a stocktake's opening, one number's life."""
    kinds = number_custody.KINDS
    books = [Reading(f"ledger {book}", _book(book), NUMBERS + SHEETS) for book in ledgers.BOOKS]
    return [
        *books,
        Reading("continuity report", ledgers.continuity, NUMBERS),
        Reading("numbers", _numbers, NUMBERS),
        Reading("stocktake, the book", lambda device: stocktaking.book(device, kinds), ("blocks", "numbers", "sheets")),
        Reading("trace", lambda device: tracing.trace(device, station.first)),
    ]


def _book(book: str) -> Callable[[Device], object]:
    return lambda device: ledgers.read_book(device, book, **YEARS)


def _numbers(device: Device) -> object:
    return number_custody.ledger(device), ledgers.continuity(device), supplies.forecasts(device)


def floor(database: Database, tables: Sequence[str]) -> int:
    """Scan these tables, or the bytes of all entries; how many rows."""
    if not tables:
        return len(database.all("SELECT public FROM entries ORDER BY seq"))
    return sum(len(database.all(f"SELECT {', '.join(TABLES[name].columns)} FROM {LIVE}{name}")) for name in tables)


def measure(station: Station, *, rounds: int = ROUNDS) -> list[Figures]:
    """Readings and floors in turn; SystemExit when a reading is refused or the home is not sound."""
    device, wanted = station.device, readings(station)
    times: dict[str, list[tuple[float, float]]] = {one.name: [] for one in wanted}
    for _ in range(rounds):
        for one in wanted:
            below = _timed(functools.partial(floor, device.store.database, one.tables))
            times[one.name].append((below, _timed(functools.partial(_read, one, device))))
    if findings := list(check_equations(device.store)):
        raise SystemExit(f"the home is not sound: {findings}")
    return [_figures(name, taken) for name, taken in times.items()]


def _read(reading: Reading, device: Device) -> None:
    found = reading.read(device)
    if isinstance(found, Refused):
        raise SystemExit(f"{reading.name} is refused: {found.refusals}")


def _timed(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _figures(name: str, taken: Sequence[tuple[float, float]]) -> Figures:
    below, above = (min(column) * 1000 for column in zip(*taken, strict=True))
    return Figures(name, round(below, 1), round(above, 1))


def main(argv: list[str]) -> int:
    """Print the table (or ``--json``); exit 0 when every reading meets the aim, 1 when one does not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks books", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--blocks", type=int, default=BLOCKS, help=f"blocks of {BLOCK} numbers")
    parser.add_argument("--folder", type=Path, default=None, help="where the home is made (a real disk)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        station = Station(Path(folder) / "home", options.blocks, BLOCK, UNTOUCHED * options.blocks // BLOCKS)
        size = {"entries": station.device.store.head().seq, "numbers": options.blocks * BLOCK}
        found = measure(station)
        station.device.store.database.close()
    met = all(one.ratio <= AIM for one in found)
    if options.json:
        rows = [msgspec.to_builtins(one) | {"ratio": one.ratio} for one in found]
        print(json.dumps({"setting": setting(), "journal": size, "rows": rows, "aim": AIM}, ensure_ascii=False))
    else:
        _print_table(found, size)
    return 0 if met else 1


def _print_table(found: Sequence[Figures], size: dict[str, int]) -> None:
    print("\n".join(f"{name:8} {value}" for name, value in setting().items()))
    print(f"\n{size['entries']} entries, {size['numbers']} numbers")
    print(f"{'':24}{'floor ms':>10}{'reading ms':>12}{'ratio':>8}")
    for row in found:
        print(f"{row.reading:24}{row.floor_ms:10.1f}{row.best_ms:12.1f}{row.ratio:8.1f}")
    worst = max(one.ratio for one in found)
    print(f"\naim at most {AIM:g} × the floor: {'met' if worst <= AIM else 'NOT met'} (worst {worst:g} ×)")
