"""Founding a home for an enrolled device, and people joining it.

The home's sheet is written last: a wizard interrupted before that starts clean.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector_app.config import VERSION
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.devices import DeviceEnrolled, PersonKeyAdded
from inspector_app.journal.feed import Pulled
from inspector_app.services.catching_up import check_pulled
from inspector_app.services.device import Device, Session
from inspector_app.services.sign_in import Parts, assemble, keyring_of, secrets_of, vault_of, watch
from inspector_app.store.home import HomePaths, HomeSheet, require_local, write_sheet
from inspector_app.store.journal_store import pulled_entry
from inspector_app.suites import KEY_BYTES
from inspector_app.vault.device import DeviceIdentity
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.vault import Vault
from inspector_app.vault.witness import FILE_NAME as WITNESS_NAME
from inspector_app.vault.witness import WitnessFile

DEVICE_ITSELF = 0


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What the province answered to a one-time code: where the device belongs, whom it trusts, its first documents."""

    device: str
    station: int
    province: str
    practice: bool
    server: str
    host: str
    root: bytes
    statements: list[bytes]
    epoch: str
    documents: list[Pulled]


def prepare_home(folder: Path, parts: Parts) -> DeviceIdentity:
    """Make the device's keys in an empty home. StationError ``home_exists`` in one that is already founded."""
    require_local_parent(folder)
    paths = HomePaths(folder)
    if parts.disk.exists(paths.sheet):
        raise StationError("home_exists")
    paths.keyring.mkdir(parents=True, exist_ok=True)
    identity = secrets_of(paths, parts).load()
    if isinstance(identity, VaultFault) or vault_of(paths, parts).list_people() != ():
        _start_over(paths, parts)
        vault = Vault.create(
            paths.keyring, disk=parts.disk, secrets=secrets_of(paths, parts), random=parts.random, cost=parts.cost
        )
        identity = vault.identity()
    if isinstance(identity, VaultFault):
        raise StationError(identity.value)
    return identity


def require_local_parent(folder: Path) -> None:
    """The home may not exist yet; what counts is the drive it will lie on."""
    existing = folder
    while not existing.exists():
        existing = existing.parent
    require_local(existing)


def _start_over(paths: HomePaths, parts: Parts) -> None:
    # Without a sheet no person was ever told the home is theirs, so nothing anybody typed is in it.
    for path in [*paths.keyring.glob("*"), *paths.folder.glob("journal.db*")]:
        parts.disk.remove(path)


def found_home(folder: Path, parts: Parts, enrolment: Enrolment, *, name: str, person: int, passphrase: str) -> Device:
    """Found the home of an enrolled device and let its first person join; returns the device, signed in.

    StationError when a document of the province does not verify; then no home was founded.
    """
    paths = HomePaths(folder)
    sheet = _sheet(enrolment)
    identity = secrets_of(paths, parts).load()
    if isinstance(identity, VaultFault) or identity.device_id != enrolment.device:
        raise StationError("device_secret_missing")
    _forget_earlier_try(paths, parts)
    data_key = parts.random.bytes(KEY_BYTES)
    device = assemble(paths, sheet, parts, data_key, identity, founding=True)
    try:
        watch(device, WitnessFile(parts.disk, paths.keyring, identity.device_id, identity.secret))
        check_pulled(device, enrolment.documents)
        _first_entries(device, enrolment, name)
        join(device, vault_of(paths, parts), person=person, passphrase=passphrase, data_key=data_key)
        write_sheet(paths, parts.disk, sheet)
    except BaseException:
        device.store.database.abandon()
        raise
    return device


def _forget_earlier_try(paths: HomePaths, parts: Parts) -> None:
    # What an earlier try left has a key nobody knows any more, and a witness of a journal that was never begun.
    if parts.disk.exists(paths.sheet):
        raise StationError("home_exists")
    for path in [*paths.folder.glob("journal.db*"), paths.keyring / WITNESS_NAME]:
        parts.disk.remove(path)


def _sheet(enrolment: Enrolment) -> HomeSheet:
    sheet = HomeSheet(
        device=enrolment.device,
        station=enrolment.station,
        province=enrolment.province,
        practice=enrolment.practice,
        server=enrolment.server,
        host=enrolment.host,
        root=enrolment.root,
        statements=enrolment.statements,
    )
    if keyring_of(sheet).root.practice != enrolment.practice:
        raise BugError("practice is decided by the root alone")
    return sheet


def _first_entries(device: Device, enrolment: Enrolment, name: str) -> None:
    fact = DeviceEnrolled(
        station=enrolment.station,
        province=enrolment.province,
        root=device.keyring.root.key.key_id.hex(),
        name=name,
        program=VERSION,
    )
    act = Act(device.store.head(), device.clock.now(), DEVICE_ITSELF, salt=device.random.bytes)
    act.add(fact)
    if enrolment.documents:
        act.add(pulled_entry(enrolment.epoch, enrolment.documents))
    device.store.append(act, pulled=enrolment.documents)


def join(device: Device, vault: Vault, *, person: int, passphrase: str, data_key: bytes) -> None:
    """A person makes a slot and a signing key on this device; the key goes to the province with the next contact."""
    added = vault.add_person(person, passphrase, data_key)
    if isinstance(added, VaultFault):
        raise StationError(added.value)
    unlocked = vault.unlock(person, passphrase)
    if isinstance(unlocked, VaultFault):
        raise StationError(unlocked.value)
    device.session = Session(person, unlocked.signing_key, device.clock.now().at)
    fact = PersonKeyAdded(person=person, suite=added.suite, key=added.raw.hex())
    device.record(lambda act: act.add(fact, sign=device.sign))
