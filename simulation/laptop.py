"""One laptop of a station: a real home with real services, and around it the power, disk and clock of the world.

A laptop may be copied disk and all, put back to an earlier state, or lose its power anywhere; it is the same device as
long as its keys are, and ``laptops`` that are copies of each other are one device twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import legal_date
from inspector_app.domain.areas import Areas
from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.policy import Policy
from inspector_app.errors import StationError
from inspector_app.ports import Random
from inspector_app.services.catching_up import DeviceJournal
from inspector_app.services.device import Device
from inspector_app.services.enrolment import join
from inspector_app.services.sign_in import LockedHome, Parts, vault_of
from inspector_app.store.disk import LocalDisk
from inspector_app.store.home import HomePaths
from inspector_app.suites import Argon2Cost
from inspector_app.vault.faults import VaultFault
from simulation.clockwork import BEGINNING, LaptopClock, TrueTime
from simulation.disk import SimulatedDisk
from simulation.power import Power
from simulation.press import PlainPress
from simulation.printer import SimulatedPrinter
from sync import client

CHEAP = Argon2Cost(memory_kib=64, iterations=1, lanes=1)
"""A passphrase costs microseconds here: the lock is not what this world tries."""
PASSPHRASE = "luyu chitang qingchen bandeng 7"  # noqa: S105 - of people who do not exist
NO_LIMIT = 1_073_741_823
LEFT_BEHIND = shutil.ignore_patterns("lock", "*-shm")


class Shelf(msgspec.Struct, frozen=True):
    """What every laptop brings from the shop: reference data and the press."""

    catalogue: Catalogue
    areas: Areas
    policy: Policy
    press: PlainPress

    @classmethod
    def filled(cls) -> Shelf:
        """The data the program ships."""
        policy = bootstrap.base_policy().on(legal_date(BEGINNING))
        return cls(bootstrap.catalogue(), bootstrap.areas(), policy, PlainPress())


class Laptop:
    """``home`` is open while somebody works at it; ``device`` is then the product's own Device."""

    def __init__(
        self, name: str, folder: Path, time: TrueTime, shelf: Shelf, printer: SimulatedPrinter, random: Random
    ) -> None:
        self.name = name
        self.folder = folder
        self.clock = LaptopClock(time)
        self.power = Power(self._take_image)
        self.disk = SimulatedDisk(self.power, self.clock)
        self.printer = printer
        self.person = 0
        self.people: tuple[int, ...] = ()
        self.lost = False
        self.parts = Parts(
            clock=self.clock,
            random=random,
            disk=self.disk,
            catalogue=shelf.catalogue,
            areas=shelf.areas,
            paper=shelf.press,
            base_policy=shelf.policy,
            machine=name.encode(),
            cost=CHEAP,
            before_statement=self.power.before_statement,
        )
        self._home: LockedHome | None = None
        self._device: Device | None = None

    def __repr__(self) -> str:
        return f"<Laptop {self.name}>"

    def moved_to(self, machine: str) -> None:
        """Its disk lies in another computer, or in one that passes for the same."""
        self.parts = msgspec.structs.replace(self.parts, machine=machine.encode())

    # --- opening and closing ------------------------------------------------------------------------------------

    @property
    def device(self) -> Device:
        """The opened device; signs the first person in when nobody is."""
        if self._device is None:
            self.open(self.person or self.people[0])
        assert self._device is not None
        return self._device

    @property
    def is_open(self) -> bool:
        """Whether somebody works at it."""
        return self._device is not None

    def adopt(self, device: Device) -> None:
        """Go on with a device just founded here."""
        self._device = device

    def open(self, person: int) -> None:
        """Sign a person in. StationError as the product raises it."""
        self.close()
        home = LockedHome(self.folder, self.parts, doing=self.name)
        try:
            opened = home.unlock(person, PASSPHRASE)
        except BaseException:
            home.close()
            raise
        if isinstance(opened, VaultFault):
            home.close()
            raise StationError(opened.value)
        self._home, self._device, self.person = home, opened, person
        self._limit_pages()

    def sit_down(self, person: int) -> None:
        """Let somebody else go on at the open laptop: the product's own second sign-in, without the wait of a start."""
        if self._home is None or self._device is None:
            self.open(person)
            return
        session = self._home.second(person, PASSPHRASE)
        if isinstance(session, VaultFault):
            raise StationError(session.value)
        self._device.session, self.person = session, person

    def admit(self, person: int) -> None:
        """Let a further person join the device; who is signed in vouches with the data key."""
        vault = vault_of(HomePaths(self.folder), self.parts)
        unlocked = vault.unlock(self.person, PASSPHRASE)
        if isinstance(unlocked, VaultFault):
            raise StationError(unlocked.value)
        join(self.device, vault, person=person, passphrase=PASSPHRASE, data_key=unlocked.data_key)
        self.person = person

    def close(self) -> None:
        """Sign out and close the home."""
        home, device, self._home, self._device = self._home, self._device, None, None
        if home is not None:
            home.close()
        elif device is not None:
            device.store.database.close()

    # --- power and disk -----------------------------------------------------------------------------------------

    @property
    def _image(self) -> Path:
        return self.folder.with_name(self.folder.name + ".image")

    def _take_image(self) -> None:
        self.copy_to(self._image)

    def copy_to(self, folder: Path) -> None:
        """Copy the disk as it is at this moment, committed or not, as a power cut would leave it."""
        shutil.rmtree(folder, ignore_errors=True)
        if self.folder.exists():
            shutil.copytree(self.folder, folder, ignore=LEFT_BEHIND)

    def lose_power(self) -> None:
        """After a PowerCut: drop everything in memory and go on from the image of the disk."""
        self.power.disarm()
        try:
            self.close()
        except StationError:
            pass  # the files are replaced anyway
        self.put_back(self._image)
        self.clock.start()

    def put_back(self, image: Path) -> None:
        """Let an earlier copy of the disk be the disk; the copy is used up."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if image.exists():
            image.replace(self.folder)

    def put_back_copy(self, copy: Path, *, database_alone: bool) -> None:
        """Restore a copy of the disk, or only the database out of it; the copy stays as it is."""
        self.close()
        if not database_alone:
            shutil.rmtree(self.folder)
            shutil.copytree(copy, self.folder)
            return
        for path in self.folder.glob("journal.db*"):
            path.unlink()
        for path in copy.glob("journal.db*"):
            shutil.copy(path, self.folder)

    def pull_the_plug(self) -> None:
        """Power goes while nothing happens."""
        self._take_image()
        self.lose_power()

    def fill_disk(self, *, full: bool) -> None:
        """No room for files from now on, nor for the database to grow; or room again."""
        self.disk.full = full
        self._limit_pages()

    def _limit_pages(self) -> None:
        if self._device is None:
            return
        database = self._device.store.database
        limit = database.one("PRAGMA page_count") if self.disk.full else None
        database.execute(f"PRAGMA max_page_count = {limit[0] if limit else NO_LIMIT}").fetchall()

    @contextmanager
    def seen_after_a_cut(self) -> Iterator[Device]:
        """The device as it would stand if the power went now; nothing of this laptop is touched."""
        beside = self.folder.with_name(self.folder.name + ".seen")
        self.copy_to(beside)
        parts = msgspec.structs.replace(self.parts, before_statement=None, disk=LocalDisk(self.clock))
        home = LockedHome(beside, parts, doing="looking")
        try:
            opened = home.unlock(self.person, PASSPHRASE)
            if isinstance(opened, VaultFault):
                raise StationError(opened.value)
            yield opened
        finally:
            home.close()
            shutil.rmtree(beside)

    # --- contact ------------------------------------------------------------------------------------------------

    def caller(self) -> client.Device:
        """The device as catching up sees it."""
        device = self.device
        journal = DeviceJournal(device, self.folder / "trust.pack", self.parts.disk)
        return client.Device(journal, device.identity.signing, self.clock)
