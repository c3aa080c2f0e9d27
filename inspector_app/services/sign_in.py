"""Signing in: a locked home, its people, and the opened device.

What is behind the passphrase is the data key of the database and the person's own signing key. Nothing here needs a
network, and sign-in never expires with the right to issue.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector_app.clock import Clock
from inspector_app.domain.areas import Areas
from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.documents import DocumentFault, Keyring
from inspector_app.domain.policy import Policy
from inspector_app.domain.trust import Trust, TrustFile, open_pack
from inspector_app.errors import StationError
from inspector_app.journal.chain import Head
from inspector_app.ports import Disk, Paper, Random
from inspector_app.services.catching_up import doubtful_document
from inspector_app.services.device import Device, Session
from inspector_app.store.database import Database, Hook
from inspector_app.store.disk import free_bytes
from inspector_app.store.drafts import DraftStore
from inspector_app.store.files import FileStore
from inspector_app.store.home import HomePaths, HomeSheet, read_sheet, require_local
from inspector_app.store.journal_store import JournalStore
from inspector_app.store.lock import HomeLock
from inspector_app.suites import Argon2Cost, verify
from inspector_app.vault.device import DeviceIdentity, FileDeviceSecretStore
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.vault import Unlocked, Vault
from inspector_app.vault.witness import WitnessFile, compare

DEVICE_FILE = "device"
KEY_STATEMENT = "key/1"
DOUBTFUL = "document_doubtful"


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the program brings to every home: clocks, disk, reference data, the press."""

    clock: Clock
    random: Random
    disk: Disk
    catalogue: Catalogue
    areas: Areas
    paper: Paper
    base_policy: Policy
    machine: bytes
    cost: Argon2Cost = Argon2Cost.FLOOR
    before_statement: Hook | None = None


def secrets_of(paths: HomePaths, parts: Parts) -> FileDeviceSecretStore:
    """Where this home's device keys are kept."""
    return FileDeviceSecretStore(parts.disk, paths.keyring / DEVICE_FILE, parts.machine)


def vault_of(paths: HomePaths, parts: Parts) -> Vault:
    """The vault of a home."""
    secrets = secrets_of(paths, parts)
    return Vault(
        paths.keyring, disk=parts.disk, secrets=secrets, random=parts.random, cost=parts.cost, clock=parts.clock
    )


def keyring_of(sheet: HomeSheet) -> Keyring:
    """The one root this home trusts, with its key statements. StationError ``home_damaged`` when they do not hold."""
    keyring = Keyring.under(sheet.root, verify)
    for statement in sheet.statements:
        if isinstance(keyring, DocumentFault):
            break
        keyring = keyring.including(statement, verify)
    if isinstance(keyring, DocumentFault):
        raise StationError("home_damaged", detail=keyring.value)
    return keyring


class LockedHome:
    """A home nobody has signed in to; holds the home's lock from opening to :meth:`close`."""

    def __init__(self, folder: Path, parts: Parts, *, doing: str = "inspector") -> None:
        self.paths = HomePaths(folder)
        self.parts = parts
        require_local(folder)
        sheet = read_sheet(self.paths, parts.disk)
        if sheet is None:
            raise StationError("home_missing", folder=folder.name)
        self.sheet = sheet
        self._lock = HomeLock(self.paths.lock)
        self._lock.take(doing, parts.clock.now().at)
        self.vault = vault_of(self.paths, parts)
        self._database: Database | None = None

    def people(self) -> tuple[int, ...]:
        """Who has a slot here, by number. StationError when the keyring cannot be read."""
        people = self.vault.list_people()
        if isinstance(people, VaultFault):
            raise StationError(people.value)
        return people

    def trust(self) -> TrustFile | None:
        """The trust file kept beside the database; verifying needs no sign-in."""
        return read_trust(self.paths, self.parts.disk, self.sheet)

    def unlock(self, person: int, passphrase: str) -> Device | VaultFault:
        """Sign in. Takes Argon2id's time; call it on a worker thread."""
        unlocked = self.vault.unlock(person, passphrase)
        if isinstance(unlocked, VaultFault):
            return unlocked
        identity = self.vault.identity()
        if isinstance(identity, VaultFault):
            return identity
        return self._open(unlocked, identity)

    def second(self, person: int, passphrase: str) -> Session | VaultFault:
        """A second person at the desk gives their passphrase, for one confirmation; who is signed in stays so."""
        unlocked = self.vault.unlock(person, passphrase)
        if isinstance(unlocked, VaultFault):
            return unlocked
        return Session(unlocked.person, unlocked.signing_key, self.parts.clock.now().at)

    def _open(self, unlocked: Unlocked, identity: DeviceIdentity) -> Device:
        device = assemble(self.paths, self.sheet, self.parts, unlocked.data_key, identity)
        self._database = device.store.database
        device.session = Session(unlocked.person, unlocked.signing_key, self.parts.clock.now().at)
        watch(device, WitnessFile(self.parts.disk, self.paths.keyring, identity.device_id, identity.secret))
        device.files.sweep()
        device.drafts.expire(self.parts.clock.now().at)
        return device

    def lock(self) -> None:
        """Sign out: the database is closed and its key dropped; the home stays this process's."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def close(self) -> None:
        """Sign out and give the home back."""
        self.lock()
        self._lock.release()


def read_trust(paths: HomePaths, disk: Disk, sheet: HomeSheet) -> TrustFile | None:
    """The newest trust file this home has, checked against its own root; None when it has none that holds."""
    raw = disk.read(paths.trust)
    if raw is None:
        return None
    opened = open_pack(raw, verify, root=keyring_of(sheet).root.key)
    return opened.file if isinstance(opened, Trust) else None


def assemble(
    paths: HomePaths,
    sheet: HomeSheet,
    parts: Parts,
    data_key: bytes,
    identity: DeviceIdentity,
    *,
    founding: bool = False,
) -> Device:
    """Open the database with its key and put the device together; nobody is signed in yet.

    Only ``founding`` a home begins a journal; elsewhere a missing one is StationError
    ``database_missing``.
    """
    database = Database(paths.database, data_key, before=parts.before_statement, must_exist=not founding)
    try:
        return _put_together(paths, sheet, parts, database, identity)
    except BaseException:
        database.abandon()
        raise


def _put_together(
    paths: HomePaths, sheet: HomeSheet, parts: Parts, database: Database, identity: DeviceIdentity
) -> Device:
    store = JournalStore(database, sheet.device)
    rebuilt = store.open()
    keyring = keyring_of(sheet)
    _require_same_root(store, sheet, keyring)
    for statement in store.documents_of(KEY_STATEMENT):
        extended = keyring.including(statement, verify)
        keyring = extended if isinstance(extended, Keyring) else keyring
    device = Device(
        sheet,
        store,
        files=FileStore(paths.files, database, parts.disk, parts.random),
        drafts=DraftStore(database),
        identity=identity,
        keyring=keyring,
        clock=parts.clock,
        random=parts.random,
        catalogue=parts.catalogue,
        areas=parts.areas,
        paper=parts.paper,
        base_policy=parts.base_policy,
    )
    device.free_bytes = lambda: free_bytes(paths.folder)
    if rebuilt and doubtful_document(device) is not None:
        store.freeze(DOUBTFUL, parts.clock.now().at)
    device.frozen = store.frozen()
    return device


def _require_same_root(store: JournalStore, sheet: HomeSheet, keyring: Keyring) -> None:
    """The sheet lies open beside the database; whom this home trusts was recorded when it was founded."""
    founded = store.rows.one("journals", device=sheet.device)
    if founded is None:
        return
    held = (keyring.root.key.key_id.hex(), sheet.province, sheet.station)
    if held != (founded["root"], founded["province"], founded["station"]):
        raise StationError("home_root_differs")


def _remember(device: Device) -> None:
    # Work that goes on while issuing is frozen raises the witness again: the finding must not be lost by then.
    try:
        device.store.freeze(device.frozen, device.clock.now().at)
    except StationError:
        pass  # a full disk must not keep anybody from reading; the next start finds the same


def watch(device: Device, witness: WitnessFile) -> None:
    """Hold the journal against its witness, freeze *issuing* when it went back, and raise the witness from now on."""
    head = device.store.head()
    finding = compare(witness.read(), head.seq, head.hash)
    if finding.freezes and not device.frozen:
        device.frozen = finding.value
        _remember(device)

    def raise_witness(moved: Head) -> None:
        witness.raise_to(moved.seq, moved.hash)

    device.after_commit.append(raise_witness)
    if not finding.freezes:
        _catch_up(witness, head)


def _catch_up(witness: WitnessFile, head: Head) -> None:
    """What a full disk or a power cut kept from the witness it is told now, before anything can be put back."""
    try:
        witness.raise_to(head.seq, head.hash)
    except StationError:
        pass  # the next act tries again, and shows the trouble
