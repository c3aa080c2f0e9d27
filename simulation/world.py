"""One world: a province, its laptops and printers, one true time, and everything that may go wrong between them."""

from __future__ import annotations

import re
import shutil
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from inspector_app.errors import StationError
from inspector_app.journal.chain import Head
from inspector_app.ports import PrintJob, Reply
from inspector_app.suites import sha256
from simulation.chance import Dice, SeededRandom
from simulation.checks import Checks, durable_before_ink
from simulation.clockwork import TrueTime
from simulation.evidence import Evidence
from simulation.faults import NO_FAULTS, Profile, Rates, thrown
from simulation.gate import Measure
from simulation.laptop import Laptop
from simulation.line import Line
from simulation.power import PowerCut
from simulation.printer import SimulatedPrinter
from simulation.server import ProvinceDown, Server
from simulation.trace import Trace
from simulation.violations import Violation
from simulation.workshop import PEOPLE, STATION_OF, Workshop
from sync.client import RoundReport, sync_round

CONTACTS = frozenset({"sync", "read stick"})
MISCOUNTS = 0.08
"""One count in twelve is wrong, while people are not told to be careful."""


class Order(msgspec.Struct, frozen=True):
    """A print order on its way from laptop to laptop, by hand."""

    number: str
    to_device: str
    sealed: bytes


class CarriedCase(msgspec.Struct, frozen=True):
    """A case on its way from laptop to laptop, on a stick."""

    case: str
    to_device: str
    file: bytes


class Carried(NamedTuple):
    """What lies on a stick, and which device wrote it or is to read it."""

    device: str
    content: bytes


class Kept(msgspec.Struct, frozen=True):
    """A copy somebody made of a laptop's disk, and where its journal stood then."""

    laptop: str
    folder: Path
    head: Head


class World:
    """Made from a seed; a context manager, because a province's database is opened."""

    def __init__(self, shop: Workshop, seed: int, profile: Profile) -> None:
        self.seed = seed
        self.profile = profile
        self.shop = shop
        self.trace = Trace()
        self.evidence = Evidence()
        self.late: list[tuple[str, bytes]] = []
        self.orders: list[Order] = []
        self.cases: list[CarriedCase] = []
        self.outward: list[Carried] = []
        self.inward: list[Carried] = []
        self.outdated: set[str] = set()
        self.laptops: list[Laptop] = []
        self.lines: dict[str, Line] = {}
        self.other: Server | None = None
        self.other_is_first = False
        """A second server that answers too and only records; it may be the one that was taken over from."""
        self.backups: list[Path] = []
        self.kept: list[Kept] = []
        self.checks = Checks(self)
        self.rates: Rates = thrown(profile.rates, Dice(seed, "swarm"), profile.without)
        self.calm = False
        self.restores = 0
        self.silent_restores = 0
        self.doing = ""
        self.declared_online = 0
        self.entries = 0
        self.acts = 0
        self._sheets_told = 0
        self.decrees = 0
        self.miscounted: set[str] = set()
        self.miscounts = MISCOUNTS
        self._dice: dict[str, Dice] = {}
        self._stack = ExitStack()

    def __enter__(self) -> World:
        founded = self.shop.founded()
        name, self.folder = self.shop.room()
        self.time = TrueTime(founded.at)
        place = self.folder / "province.sqlite3"
        shutil.copy(founded.province, place)
        self.server = self._stack.enter_context(Server(name, place, self.time, f"world {self.seed}"))
        self.server.go_on_with(founded.marks)
        for called, home in founded.homes.items():
            shutil.copytree(home, self.folder / called)
            laptop = self.add_laptop(called)
            laptop.people, laptop.person = PEOPLE[called], PEOPLE[called][0]
        return self

    def __exit__(self, *_: object) -> None:
        for laptop in self.laptops:
            laptop.close()
        self._stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dice(self, stream: str) -> Dice:
        """The stream of decisions of this name."""
        if stream not in self._dice:
            self._dice[stream] = Dice(self.seed, stream)
        return self._dice[stream]

    def add_laptop(self, name: str) -> Laptop:
        """Put a laptop on a desk; its home is (or will be) the folder of its name."""
        printer = SimulatedPrinter(name, self.evidence.sheets, self._first_byte)
        random = SeededRandom("laptop", name, self.seed)
        laptop = Laptop(name, self.folder / name, self.time, self.shop.shelf, printer, random)
        line = Line(laptop.power, Dice(self.seed, "line", name), self.deliver, self.late)
        line.on_fault = lambda fault: self.note(name, f"line: {fault}")
        line.rates = NO_FAULTS if self.calm else self.rates
        self.laptops.append(laptop)
        self.lines[name] = line
        return laptop

    def twin_of(self, laptop: Laptop) -> Laptop:
        """A second computer with a copy of this laptop's disk, which passes for the same machine."""
        laptop.close()
        name = laptop.name + "'"
        while any(one.name == name for one in self.laptops):
            name += "'"
        laptop.copy_to(self.folder / name)
        twin = self.add_laptop(name)
        twin.parts = msgspec.structs.replace(twin.parts, machine=laptop.parts.machine)
        twin.people, twin.person = laptop.people, laptop.person
        return twin

    def at_work(self) -> list[Laptop]:
        """The laptops that are not lost."""
        return [laptop for laptop in self.laptops if not laptop.lost]

    def become_calm(self) -> None:
        """From now on nothing goes wrong by itself."""
        self.calm, self.miscounts = True, 0.0
        for line in self.lines.values():
            line.rates = NO_FAULTS

    # --- what happens -----------------------------------------------------------------------------------------------

    def note(self, who: str, what: str, *public: bytes) -> None:
        """Put a line into the trace."""
        self.trace.note(self.time.at, who, what, *public)

    def note_papers(self) -> None:
        """Put a line into the trace for every sheet that came out since."""
        for sheet in self.evidence.sheets[self._sheets_told :]:
            self.note(sheet.printer, f"paper: {sheet.job}{'' if sheet.whole else ', torn'}", sheet.content)
        self._sheets_told = len(self.evidence.sheets)

    def measure(self) -> Measure:
        """How much has gone on so far."""
        stations = Counter(STATION_OF[laptop.people[0]] for laptop in self.laptops)
        lines = self.trace.lines
        return Measure(
            steps=len(lines),
            entries=self.entries,
            papers=len(self.evidence.sheets),
            stations=len(stations),
            together=max(stations.values()),
            crashes=sum("POWER CUT" in line or "PLUG PULLED" in line for line in lines),
            clones=sum("DISK COPIED" in line for line in lines),
            put_back=sum("PUT BACK" in line for line in lines),
            restores=self.restores,
        )

    def survive(self, mishap: str, happen: Callable[[], None]) -> None:
        """Let a mishap happen; that the program does not outlive it is a finding, and no end of the run."""
        try:
            happen()
        except Violation:
            raise
        except Exception as error:
            raise Violation("crash", f"{mishap}: {_where(error)}") from error

    def attempt(self, laptop: Laptop, act: Callable[[], str]) -> str:
        """Let somebody do something at a laptop; power and environment may fail, the program may not."""
        self._dare_the_power(laptop)
        before = laptop.device.store.head().seq if laptop.is_open else 0
        try:
            outcome = act()
        except PowerCut as cut:
            laptop.lose_power()
            outcome = f"POWER CUT {cut}"
        except StationError as error:
            self._must_be_weather(laptop, error)
            outcome = f"fault {error}"
        except Violation:
            raise
        except Exception as error:
            raise Violation("crash", f"{self.doing} on {laptop.name}: {_where(error)}") from error
        finally:
            laptop.power.disarm()
        self._count_entries(laptop, before)
        self.trace.count(f"{self.doing}: {sort_of(outcome)}")
        self.note(laptop.name, f"{self.doing}: {outcome}", self._head(laptop))
        return outcome

    def _dare_the_power(self, laptop: Laptop) -> None:
        dice = self.dice("power")
        nth = dice.between(1, 40)
        if dice.happens(0.0 if self.calm else self.rates.power_cut):
            laptop.power.arm(nth)

    def _count_entries(self, laptop: Laptop, before: int) -> None:
        """What people wrote in an act; what a laptop notes of a contact is none of theirs."""
        if before and laptop.is_open and self.doing not in CONTACTS:
            self.entries += max(0, laptop.device.store.head().seq - before)

    def _head(self, laptop: Laptop) -> bytes:
        return laptop.device.store.head().hash if laptop.is_open else b""

    def _must_be_weather(self, laptop: Laptop, error: StationError) -> None:
        family = error.code.partition(".")[0]
        device = laptop.device.id if laptop.is_open else ""
        excused = (
            (family == "network" and not self.calm)
            or (error.code == "disk_full" and laptop.disk.full)
            or (family in ("document", "trust", "network", "bundle") and laptop.clock.wrong_by)
            or (error.code == "file_missing" and device in self.evidence.tainted)
        )
        if not excused:
            raise Violation("crash", f"{self.doing} on {laptop.name}: a fault nobody caused: {error}")

    def sync(self, laptop: Laptop) -> RoundReport:
        """One round of catching up over the laptop's line."""
        return sync_round(laptop.caller(), self.lines[laptop.name])

    def deliver(self, path: str, frame: bytes) -> Reply:
        """Bytes reach the province; StationError when its power goes before it answers."""
        server = self._answering()
        server.dare_the_power(self.dice("province power"), 0.0 if self.calm else self.rates.province_down)
        try:
            reply = server.post(path, frame)
        except ProvinceDown as cut:
            self.evidence.reached(frame)
            self.note("province", f"POWER CUT {cut}")
            raise StationError("network.interrupted") from cut
        self.evidence.answered(server, frame, reply, goes_on=server is self.server)
        self.note("province", f"answers {reply.status}", sha256(frame), sha256(reply.body))
        return reply

    def _answering(self) -> Server:
        """Which server a message reaches, where two answer."""
        return self.other if self.other is not None and self.dice("split reached").happens(0.5) else self.server

    def attach_second(self, place: Path) -> Server:
        """A second server on a copy of the database, with the same marks; it answers from now on."""
        name, marks = f"{self.server.using}b{self.restores}", self.server.high_water
        self.other = self._stack.enter_context(
            Server(name, place, self.time, f"second {self.restores} {self.seed}", marks)
        )
        return self.other

    def _first_byte(self, printer: str, job: PrintJob) -> None:
        laptop = next(one for one in self.laptops if one.printer.name == printer)
        durable_before_ink(laptop, job)


def sort_of(outcome: str) -> str:
    """What an outcome is counted as; only what was done counts as done."""
    found = re.search(r"refused \w+|fault [\w.]+|POWER CUT|nothing to do|\bdone\b", outcome)
    return found[0] if found else "left undone"


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"
