"""Founding a home for an enrolled device, and people joining it.

The home's sheet is written last: a wizard interrupted before that starts clean.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

import msgspec

from inspector_app.config import VERSION
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.devices import DeviceEnrolled, PersonKeyAdded
from inspector_app.journal.feed import Pulled
from inspector_app.services.catching_up import check_pulled
from inspector_app.services.device import Device, Session
from inspector_app.services.sign_in import LockedHome, Parts, assemble, keyring_of, secrets_of, vault_of, watch
from inspector_app.store.disk import make_folder
from inspector_app.store.home import HomePaths, HomeSheet, require_local, write_sheet
from inspector_app.store.journal_store import pulled_entry
from inspector_app.suites import KEY_BYTES
from inspector_app.vault.device import DeviceIdentity
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.vault import Vault
from inspector_app.vault.witness import FILE_NAME as WITNESS_NAME
from inspector_app.vault.witness import WitnessFile

DEVICE_ITSELF = 0
LEAST_PASSPHRASE: Final = 15
"""Characters of a passphrase where no TPM stands beside it, of whatever kind (SECURITY 2.8)."""


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What the province answered to a one-time code: where the device belongs, whom it trusts, its first documents.

    ``ca`` is the CA of the province's server (PEM) that whoever enrolled vouches for; "" for the system's.
    """

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
    ca: bytes = b""


def prepare_home(folder: Path, parts: Parts) -> DeviceIdentity:
    """Make the device's keys in an empty home. StationError ``home_exists`` in one that is already founded."""
    require_local_parent(folder)
    paths = HomePaths(folder)
    if parts.disk.exists(paths.sheet):
        raise StationError("home_exists")
    make_folder(paths.keyring)
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

    StationError ``passphrase_too_short``, or when a document of the province does not verify; then no home was founded.
    """
    require_long_enough(passphrase)
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
        ca=enrolment.ca,
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


def require_long_enough(passphrase: str) -> None:
    """The floor of a new passphrase. StationError ``passphrase_too_short``."""
    if len(unicodedata.normalize("NFKC", passphrase).strip()) < LEAST_PASSPHRASE:
        raise StationError("passphrase_too_short", least=LEAST_PASSPHRASE)


def join(device: Device, vault: Vault, *, person: int, passphrase: str, data_key: bytes) -> None:
    """A person makes a slot and a signing key on this device; the key goes to the province with the next contact.

    Broken off between slot and journal, it is taken up again with the passphrase of the slot. StationError
    ``passphrase_too_short``, or a fault of the vault.
    """
    require_long_enough(passphrase)
    added = vault.add_person(person, passphrase, data_key)
    if added is VaultFault.PERSON_EXISTS and not device.rows.many("person_keys", person=person, device=device.id):
        added = vault.public_key(person)
    if isinstance(added, VaultFault):
        raise StationError(added.value)
    unlocked = vault.unlock(person, passphrase)
    if isinstance(unlocked, VaultFault):
        raise StationError(unlocked.value)
    device.session = Session(person, unlocked.signing_key, device.clock.now().at)
    fact = PersonKeyAdded(person=person, suite=added.suite, key=added.raw.hex())
    device.record(lambda act: act.add(fact, sign=device.sign))


def let_colleague_join(
    home: LockedHome, *, by: int, by_passphrase: str, person: int, passphrase: str
) -> Device | VaultFault:
    """A colleague who is on this device already lets a granted person join; the newcomer is signed in.

    StationError ``person_not_granted`` for somebody to whom the province has given no post at this station.
    """
    require_long_enough(passphrase)
    opened = home.vault.unlock(by, by_passphrase)
    device = opened if isinstance(opened, VaultFault) else home.unlock(by, by_passphrase)
    if isinstance(opened, VaultFault) or isinstance(device, VaultFault):
        return opened if isinstance(opened, VaultFault) else VaultFault.SLOT_DAMAGED
    grant = device.grant(person)
    if grant is None or grant.station not in (0, home.sheet.station):
        raise StationError("person_not_granted", person=person)
    join(device, home.vault, person=person, passphrase=passphrase, data_key=opened.data_key)
    return device
