"""Practice mode as the program sees it: start the province, enrol the first time, open the home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inspector_app import bootstrap, config
from inspector_app.errors import StationError
from inspector_app.practice import world
from inspector_app.practice.province import READY
from inspector_app.services.device import Device
from inspector_app.services.enrolment import join
from inspector_app.services.sign_in import LockedHome, Parts
from inspector_app.vault.faults import VaultFault

DEVICE_NAME = "练习机"


class PracticeProvince:
    """The child process that serves the practice province."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [*program(), "practice-province", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=config.RESOURCES.parent,
        )
        self.url = self._wait_until_ready()

    def _wait_until_ready(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout else ""
        word, _, url = line.strip().partition(" ")
        if word != READY:
            self.stop()
            raise StationError("practice_province_failed")
        return url

    def stop(self) -> None:
        """Stop the server and wait for it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def program() -> list[str]:
    """How this program starts itself: frozen by its own name, otherwise through the interpreter."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "inspector_app"]


def province_folder(folder: Path) -> Path:
    """Where the practice province of a practice folder lives."""
    return folder / "province"


def home_folder(folder: Path) -> Path:
    """Where the practice home lives."""
    return folder / "home"


def is_founded(folder: Path) -> bool:
    """Whether practice was founded here to the end: broken off before, it is taken up again."""
    return _mark(folder).exists()


def _mark(folder: Path) -> Path:
    return folder / "founded"


def found_practice(folder: Path, province: PracticeProvince, parts: Parts | None = None) -> None:
    """Enrol the practice device and let all invented people join; a province of this folder must be running.

    Each step that an interrupted try has done already is passed over.
    """
    used = parts or bootstrap.real_parts()
    if not (home_folder(folder) / "home.json").exists():
        _enrol_device(folder, province, used)
    home = bootstrap.open_home(home_folder(folder), doing="practice", parts=used)
    try:
        _let_everybody_join(home, province)
    finally:
        home.close()
    used.disk.replace(_mark(folder), b"")


def _enrol_device(folder: Path, province: PracticeProvince, parts: Parts) -> None:
    joining = bootstrap.enrol(home_folder(folder), province.url, new_code(folder), name=DEVICE_NAME, parts=parts)
    device = joining.found(world.VET.number, world.PASSPHRASE)
    device.store.database.close()


def new_code(folder: Path) -> str:
    """A one-time code of the practice province, as its administrator would read it out."""
    said = subprocess.run(
        [*program(), "practice-province", str(province_folder(folder)), "--code"],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        cwd=config.RESOURCES.parent,
    )
    if said.returncode:
        raise StationError("practice_province_failed")
    return said.stdout.strip().splitlines()[-1]


def _let_everybody_join(home: LockedHome, province: PracticeProvince) -> None:
    unlocked = home.vault.unlock(world.VET.number, world.PASSPHRASE)
    if isinstance(unlocked, VaultFault):
        raise StationError(unlocked.value)
    device = _signed_in(home)
    for person in world.PEOPLE[1:]:
        if not device.rows.many("person_keys", person=person.number, device=device.id):
            join(device, home.vault, person=person.number, passphrase=world.PASSPHRASE, data_key=unlocked.data_key)
    sync_twice(home, device, province.url)


def _signed_in(home: LockedHome) -> Device:
    device = home.unlock(world.VET.number, world.PASSPHRASE)
    if isinstance(device, VaultFault):
        raise StationError(device.value)
    return device


def sync_twice(home: LockedHome, device: Device, url: str) -> None:
    """The first contact carries the keys up, the second brings the numbers cut for them."""
    contact = bootstrap.Contact(home, device, server=url)
    for _ in range(2):
        contact.sync(lambda done, total, size=0: None, lambda: False)
