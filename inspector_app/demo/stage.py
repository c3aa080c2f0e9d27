"""The stage: a practice province inside this process and two devices of one station, each with a real home on disk.

Nothing is acted: the province is the real code over its own database, the devices are enrolled by one-time codes, and
what passes between them are the real frames, whose bytes are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inspector_app import bootstrap, config
from inspector_app.clock import Clock
from inspector_app.demo import institutions
from inspector_app.domain.refusals import Refused
from inspector_app.errors import BugError, StationError
from inspector_app.ports import Reply
from inspector_app.practice import world
from inspector_app.practice.province import PRACTICE, register
from inspector_app.services.catching_up import DeviceJournal
from inspector_app.services.device import Device
from inspector_app.services.enrolment import Enrolment, let_colleague_join, prepare_home
from inspector_app.services.sign_in import LockedHome, Parts
from inspector_app.vault.faults import VaultFault
from sync import client
from sync.enrolment import enrol

if TYPE_CHECKING:
    from province.inprocess import InProcessExchange

HOST = "q.practice.example"
NOWHERE = "http://127.0.0.1:1"
"""What the homes are told about the server's address: the story's province lives in this process only."""
PROVINCE, LAPTOP, DESK = "province", "home", "desk"


class Contact(NamedTuple):
    """One contact with the province, in figures."""

    at: int
    place: str
    requests: int
    bytes_up: int
    bytes_down: int
    pushed: int
    pulled: int
    waiting: int
    frozen: str


class Wire:
    """An exchange that keeps what passed through it, for the proof that the same bytes twice change nothing."""

    def __init__(self, exchange: InProcessExchange) -> None:
        self._exchange = exchange
        self.sent: list[tuple[str, bytes, Reply]] = []

    def post(self, path: str, frame: bytes) -> Reply:
        """Hand over and remember."""
        reply = self._exchange.post(path, frame)
        self.sent.append((path, frame, reply))
        return reply


class Seat:
    """One device of the station in the hands of one person; ``place`` is ``laptop`` or ``desk``."""

    def __init__(self, place: str, folder: Path, person: world.PersonData, parts: Parts) -> None:
        self.place, self.folder, self.person, self.parts = place, folder, person, parts
        self._home: LockedHome | None = None
        self._device: Device | None = None

    @property
    def device(self) -> Device:
        """The opened device with its person signed in."""
        if self._device is None:
            raise BugError(f"the {self.place} is closed")
        return self._device

    @property
    def home(self) -> LockedHome:
        """The opened home."""
        if self._home is None:
            raise BugError(f"the {self.place} is closed")
        return self._home

    def found(self, code: str, wire: Wire) -> None:
        """Enrol with a one-time code, found the home and open it."""
        identity = prepare_home(self.folder, self.parts)
        welcome = enrol(wire, code, identity.signing, identity.box.public_raw, name=self.place, clock=self.parts.clock)
        enrolment = Enrolment(
            device=welcome.device,
            station=welcome.station,
            province=welcome.province,
            practice=welcome.practice,
            server=NOWHERE,
            host=welcome.host,
            root=welcome.root,
            statements=welcome.statements,
            epoch=welcome.epoch,
            documents=welcome.documents,
        )
        joining = bootstrap.Joining(self.folder, self.parts, enrolment, self.place)
        joining.found(self.person.number, world.PASSPHRASE).store.database.close()
        self.open()

    def open(self) -> None:
        """Open the home and sign in. StationError when it does not open."""
        self._home = bootstrap.open_home(self.folder, doing="demo", parts=self.parts)
        device = self._home.unlock(self.person.number, world.PASSPHRASE)
        if isinstance(device, VaultFault):
            self.close()
            raise StationError(device.value)
        self._device = device

    def let_join(self, person: world.PersonData) -> None:
        """A colleague joins this computer with a passphrase of their own; whoever works here goes on."""
        self.close()
        home = bootstrap.open_home(self.folder, doing="demo", parts=self.parts)
        joined = let_colleague_join(
            home,
            by=self.person.number,
            by_passphrase=world.PASSPHRASE,
            person=person.number,
            passphrase=world.PASSPHRASE,
        )
        home.close()
        if isinstance(joined, VaultFault):
            raise StationError(joined.value)
        self.open()

    @contextmanager
    def used_by(self, person: world.PersonData) -> Iterator[Device]:
        """The device while another person, who gave their own passphrase, works at it."""
        session = self.home.second(person.number, world.PASSPHRASE)
        if isinstance(session, VaultFault):
            raise StationError(session.value)
        before, self.device.session = self.device.session, session
        try:
            yield self.device
        finally:
            self.device.session = before

    def close(self) -> None:
        """Give the home back."""
        if self._home is not None:
            self._home.close()
        self._home = self._device = None

    def catch_up(self, wire: Wire) -> Contact:
        """One round with the province."""
        device, parts = self.device, self.parts
        journal = DeviceJournal(device, self.home.paths.trust, parts.disk)
        device.online = True
        report = client.sync_round(client.Device(journal, device.identity.signing, parts.clock), wire)
        device.online = False
        return Contact(
            at=parts.clock.now().at,
            place=self.place,
            requests=report.requests,
            bytes_up=report.bytes_up,
            bytes_down=report.bytes_down,
            pushed=report.sent,
            pulled=report.pulled,
            waiting=report.left,
            frozen=report.frozen,
        )


def done(result: object) -> str:
    """The result of a service that must not have refused: the story is written so that it does not."""
    if isinstance(result, Refused):
        raise BugError(f"the story was refused: {[item.code.value for item in result.refusals]}")
    return str(getattr(result, "number", result))


def refused(result: object) -> Refused:
    """The refusal the story expects at this place."""
    if not isinstance(result, Refused):
        raise BugError("the story expected a refusal")
    return result


class Stage:
    """Province, laptop and desk, in one folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.parts = bootstrap.real_parts(clock)
        self.laptop = Seat("laptop", folder / LAPTOP, world.VET, self.parts)
        self.desk = Seat("desk", folder / DESK, world.CLERK, self.parts)
        self.contacts: list[Contact] = []
        self._exchange: InProcessExchange | None = None

    def found_province(self, *hosts: str) -> None:
        """Found the practice province in the folder, with the invented station, its institutions and their stock."""
        place = self.folder / PROVINCE
        config.use_setting("INSPECTOR_PROVINCE", str(place))
        config.use_setting("INSPECTOR_PROVINCE_HOSTS", ",".join(hosts))
        from province.chance import SystemRandom
        from province.databases import DEFAULT
        from province.generations import FILE as GENERATION_FILE
        from province.generations import FileGeneration
        from province.high_water import FileHighWater
        from province.inprocess import InProcessExchange, set_up_django
        from province.keys import make_folder

        keys = make_folder(place, SystemRandom())
        set_up_django()
        from django.core.management import call_command

        from province import founding, provinces

        call_command("migrate", verbosity=0, interactive=False)
        marks = FileHighWater(place / "high_water.json")
        own = FileGeneration(place / GENERATION_FILE)
        provinces.register(provinces.Province(DEFAULT, keys, self.clock, SystemRandom(), marks, own, publishes=True))
        founding.found(DEFAULT, code=PRACTICE, name="练习省", name_en="Practice Province", practice=True, hosts=HOST)
        register(DEFAULT)
        institutions.found()
        self.draw_new_year()
        self._exchange = InProcessExchange(DEFAULT)

    def draw_new_year(self) -> None:
        """The station draws numbers for its notices; in the first days of a year again, last year's have ended."""
        from inspector_app.practice.province import draw_numbers
        from province.databases import DEFAULT

        draw_numbers(DEFAULT, "N")

    def wire(self) -> Wire:
        """A fresh line to the province."""
        if self._exchange is None:
            raise BugError("the province is not founded")
        return Wire(self._exchange)

    def enrol(self, seat: Seat) -> None:
        """Enrol a device with a one-time code of the station, and let it catch up until its numbers are there."""
        from inspector_app.practice.province import new_code

        seat.found(new_code(), self.wire())
        for _ in range(2):
            self.catch_up(seat)

    def catch_up(self, seat: Seat, wire: Wire | None = None) -> Contact:
        """One contact of a device, counted."""
        contact = seat.catch_up(wire or self.wire())
        self.contacts.append(contact)
        return contact

    def close(self) -> None:
        """Close both homes and the province's database."""
        self.laptop.close()
        self.desk.close()
        if self._exchange is not None:
            from django.db import connections

            connections.close_all()
