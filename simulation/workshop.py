"""Where worlds are made: a folder in memory, reference data read once, and the founding that all worlds begin with.

Founding a province and enrolling five laptops takes half a second and is the same for every seed: it is done
once and copied.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import msgspec

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE
from inspector_app.domain.refusals import Refused
from inspector_app.errors import BugError
from inspector_app.ports import Exchange
from inspector_app.services import declaring, inspecting
from inspector_app.services.enrolment import Enrolment, found_home, prepare_home
from province.numbers import blocks
from province.registry.enrolment import make_code
from simulation.batches import HANGZHOU, LOACH, XINGHUA, producers_form
from simulation.chance import SeededRandom
from simulation.clockwork import TrueTime
from simulation.laptop import PASSPHRASE, Laptop, Shelf
from simulation.printer import Sheet, SimulatedPrinter
from simulation.remembering import answers_remembered
from simulation.server import CLERK, DEPUTY, HEAD, LEGAL, NOBODY_REAL, SECOND_VET, STATION, VET, Server
from sync.client import sync_round
from sync.enrolment import enrol

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a fresh folder is made inside it
PEOPLE = {
    "L1": (VET, HEAD),
    "L2": (SECOND_VET, VET, CLERK),
    "L3": (CLERK, HEAD, DEPUTY, LEGAL),
    "L4": (21, 22),
    "L5": (31, 32, 33),
}
"""Who works where: one vet on two laptops, two vets on one laptop, a laptop without a vet, where a clerk prints and the
county's leaders sign in, and two stations with one laptop each."""
_VETS = frozenset(person["number"] for person in NOBODY_REAL if "vet" in person["posts"])
STATION_OF = {person["number"]: person["station"] for person in NOBODY_REAL}
SMALL_BLOCKS = {"A": 9, "B": 12, "N": 3}
"""Small, so that numbers run out and are replenished within a day."""


class Founded(msgspec.Struct, frozen=True):
    """The beginning of every world: the province's database, its marks, each laptop's disk, and when it was."""

    province: Path
    marks: dict[str, int]
    homes: dict[str, Path]
    at: int


class Workshop:
    """Makes worlds; a context manager, because its folder goes when it is closed."""

    def __init__(self) -> None:
        self.shelf = Shelf.filled()
        self._stack = ExitStack()
        self._worlds = 0
        self._founded: Founded | None = None
        self.folder = Path()

    def __enter__(self) -> Workshop:
        self.folder = Path(tempfile.mkdtemp(prefix="inspector-world-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._stack.enter_context(answers_remembered())
        self._stack.enter_context(patch.dict(blocks.BLOCK_SIZE, SMALL_BLOCKS))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def room(self) -> tuple[str, Path]:
        """A name and an empty folder for one world."""
        self._worlds += 1
        folder = self.folder / f"world-{self._worlds}"
        folder.mkdir()
        return f"world{self._worlds}", folder

    def founded(self) -> Founded:
        """The common beginning; made when first asked for."""
        if self._founded is None:
            self._founded = self._found()
        return self._founded

    def _found(self) -> Founded:
        name, folder = self.room()
        time = TrueTime()
        with Server(name, folder / "province.sqlite3", time, "founding") as server:
            server.found()
            homes = {called: self._enrolled(called, folder, time, server) for called in PEOPLE}
            for laptop in homes.values():
                prepare_batches(laptop)
                catch_up(laptop, server)
            for laptop in homes.values():
                catch_up(laptop, server)
                laptop.close()
            server.copy_to(folder / "founded.sqlite3")
            marks = dict(server.high_water.marks)
        return Founded(
            province=folder / "founded.sqlite3",
            marks=marks,
            homes={called: laptop.folder for called, laptop in homes.items()},
            at=time.at,
        )

    def _enrolled(self, name: str, folder: Path, time: TrueTime, server: Server) -> Laptop:
        sheets: list[Sheet] = []
        laptop = Laptop(
            name, folder / name, time, self.shelf, SimulatedPrinter(name, sheets), SeededRandom("founding", name)
        )
        people = PEOPLE[name]
        found_laptop(laptop, people, server, one_time_code(server, STATION_OF[people[0]]))
        catch_up(laptop, server)
        return laptop


def one_time_code(server: Server, station: int = STATION) -> str:
    """A new code for a station."""
    return make_code(server.using, station)


def found_laptop(laptop: Laptop, people: tuple[int, ...], exchange: Exchange, code: str) -> None:
    """Enrol a laptop by a one-time code, found its home, and let its people join."""
    identity = prepare_home(laptop.folder, laptop.parts)
    welcome = enrol(exchange, code, identity.signing, identity.box.public_raw, name=laptop.name, clock=laptop.clock)
    first, *others = people
    enrolment = Enrolment(
        device=welcome.device,
        station=welcome.station,
        province=welcome.province,
        practice=welcome.practice,
        server="https://province.example",
        host=welcome.host,
        root=welcome.root,
        statements=welcome.statements,
        epoch=welcome.epoch,
        documents=welcome.documents,
    )
    device = found_home(laptop.folder, laptop.parts, enrolment, name=laptop.name, person=first, passphrase=PASSPHRASE)
    laptop.adopt(device)
    laptop.people, laptop.person = people, first
    for person in others:
        laptop.admit(person)


def prepare_batches(laptop: Laptop) -> None:
    """Yesterday's work of a vet: large batches of loach, inspected and ready to be certified."""
    vet = next((person for person in (VET, *laptop.people) if person in laptop.people and person in _VETS), None)
    if vet is None:
        return
    laptop.open(vet)
    device = laptop.device
    checks = [check.code for check in device.catalogue.checks("documents", device.today())]
    for destination in (XINGHUA, HANGZHOU):
        form = producers_form(LOACH, destination, 5_000, device.clock.now().at + 3 * MS_PER_DAY)
        declaration = must(declaring.record_declaration(device, form))
        must(declaring.accept_declaration(device, declaration, inspect_on=device.today()))
        inspection = inspecting.InspectionForm(
            declaration=declaration,
            quantity=form.quantity,
            started_at=device.clock.now().at - MS_PER_MINUTE,
            ended_at=device.clock.now().at,
            history_clean=True,
            conclusion=inspecting.PASSED,
            checks=checks,
            batch="1 号池第一批",
        )
        must(inspecting.complete_inspection(device, inspection))


def must(outcome: str | Refused) -> str:
    """What was done; BugError when it was refused."""
    if isinstance(outcome, Refused):
        raise BugError(f"the world cannot begin: {outcome.refusals}")
    return outcome


def catch_up(laptop: Laptop, server: Server) -> None:
    """Two rounds over a good line: what the first brings up, the second brings down."""
    for _ in range(2):
        sync_round(laptop.caller(), server)
