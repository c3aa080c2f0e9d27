"""The vault: who may open this device's data, and with which keys.

Outsiders are kept out by the data key; colleagues on one device share it, and what tells them apart is each person's
own signing key (SECURITY D2). Every method reads the keyring afresh: it costs nothing beside Argon2id, and a second
window never works with yesterday's slots. Expected outcomes are `VaultFault` values; a disk that fails raises
StationError.

Replacing the data key takes three steps, each safe to be the last before a power cut: `rotate_data_key` (both keys
sealed to everyone who stays) → the caller re-keys the database → `settle_rotation` (the key not in use is dropped).
`Unlocked.previous_data_key` is what the caller tries when the newest does not open the database.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from inspector_app.clock import Clock
from inspector_app.domain.keys import PublicKey
from inspector_app.errors import StationError
from inspector_app.ports import Disk, Random
from inspector_app.suites import Argon2Cost, BoxKey, SigningKey
from inspector_app.vault.device import DeviceIdentity, DeviceSecretStore
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.keyring_file import KeyringFile, KeyringTable
from inspector_app.vault.slots import Slot, SlotKeys, SlotMaker
from inspector_app.vault.tries import FailedTries

__all__ = ["Unlocked", "Vault", "VaultFault"]


class Unlocked:
    """What a right passphrase gives, in memory only; its text form shows nothing of it.

    `previous_data_key` is there while a rotation is open, else None.
    """

    def __init__(self, person: int, keys: SlotKeys, data_keys: tuple[bytes, ...]) -> None:
        self.person = person
        self.data_key = data_keys[0]
        self.previous_data_key = data_keys[1] if len(data_keys) > 1 else None
        self.signing_key: SigningKey = keys.signing
        self.box_key: BoxKey = keys.box

    def __repr__(self) -> str:
        return f"<Unlocked person {self.person}>"


class Vault:
    """The slots of one device, in `folder` (which exists). Without a clock nobody waits after wrong passphrases."""

    def __init__(
        self,
        folder: Path,
        *,
        disk: Disk,
        secrets: DeviceSecretStore,
        random: Random,
        cost: Argon2Cost = Argon2Cost.FLOOR,
        clock: Clock | None = None,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._disk = disk
        self._secrets = secrets
        self._random = random
        self._cost = cost
        self._file = KeyringFile(disk, folder)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        disk: Disk,
        secrets: DeviceSecretStore,
        random: Random,
        cost: Argon2Cost = Argon2Cost.FLOOR,
    ) -> Vault:
        """Make the device's identity and an empty keyring.

        StationError ``vault_exists`` when there is a keyring already: a second identity would strand its slots.
        """
        vault = cls(folder, disk=disk, secrets=secrets, random=random, cost=cost)
        if vault._file.exists():
            raise StationError("vault_exists")
        identity = secrets.create(random)
        vault._file.write(KeyringTable(identity.device_id, 0, 1, (), b""))
        return vault

    def identity(self) -> DeviceIdentity | VaultFault:
        """The device's keys; needs no person."""
        return self._secrets.load()

    def list_people(self) -> tuple[int, ...] | VaultFault:
        """The persons with a slot here, by number."""
        opened = self._open()
        return opened if isinstance(opened, VaultFault) else tuple(slot.person for slot in opened[1].slots)

    def public_key(self, person: int) -> PublicKey | VaultFault:
        """The person's public signing key on this device."""
        opened = self._open()
        if isinstance(opened, VaultFault):
            return opened
        slot = opened[1].slot(person)
        return slot.public if slot else VaultFault.SLOT_MISSING

    def failed_tries(self, person: int) -> int:
        """Wrong passphrases since the person last signed in."""
        identity = self.identity()
        return 0 if isinstance(identity, VaultFault) else self._tries(identity).count(person)

    def table_digest(self) -> bytes | VaultFault:
        """SHA-256 of the slot table, for the journal to notice an older keyring put back."""
        opened = self._open()
        return opened if isinstance(opened, VaultFault) else opened[1].digest

    def add_person(self, person: int, passphrase: str, data_key: bytes) -> PublicKey | VaultFault:
        """Give a person a slot; returns the new public signing key. The first person brings the data key."""
        opened = self._open(data_key)
        if isinstance(opened, VaultFault):
            return opened
        maker, table, identity = opened
        if table.slot(person):
            return VaultFault.PERSON_EXISTS
        if _is_rotating(table):
            return VaultFault.ROTATION_OPEN
        keys = SlotKeys.generate(self._random)
        slot = maker.wrap(person, keys, passphrase, generation=1, cost=self._cost, random=self._random)
        self._save(
            table.with_slots(*table.slots, maker.with_data_key(slot, data_key, table.generation)), data_key, identity
        )
        return keys.signing.public

    def unlock(self, person: int, passphrase: str) -> Unlocked | VaultFault:
        """The person's keys and the data key. Takes Argon2id's time; call it on a worker thread.

        After several wrong passphrases `SLOT_WAITS` until some time has passed, even for the right one; colleagues
        are not held up.
        """
        opened = self._open()
        if isinstance(opened, VaultFault):
            return opened
        tries, now = self._tries(opened[2]), self._clock.now().at if self._clock else None
        if now is not None and tries.waits(person, now):
            return VaultFault.SLOT_WAITS
        unlocked = _unlock(*opened, person, passphrase)
        if unlocked is VaultFault.WRONG_PASSPHRASE:
            tries.add(person, now or 0)
        elif isinstance(unlocked, Unlocked):
            tries.clear(person)
        return unlocked

    def change_passphrase(self, person: int, old: str, new: str) -> VaultFault | None:
        """Wrap the same keys under a new passphrase, salt and today's cost. The database is not touched."""
        unlocked = self.unlock(person, old)
        if isinstance(unlocked, VaultFault):
            return unlocked
        opened = self._open(unlocked.data_key)
        if isinstance(opened, VaultFault):
            return opened
        maker, table, identity = opened
        slot = table.slot(person)
        if slot is None:
            return VaultFault.SLOT_MISSING
        keys = SlotKeys(unlocked.signing_key, unlocked.box_key)
        new_slot = maker.wrap(person, keys, new, generation=slot.generation + 1, cost=self._cost, random=self._random)
        self._save(table.with_slots(*_others(table, person), _keep_seals(new_slot, slot)), unlocked.data_key, identity)
        return None

    def remove_person(self, person: int, data_key: bytes) -> VaultFault | None:
        """Take a person's slot away; works offline, needs a colleague's data key. The last slot is never taken.

        What the person copied earlier stays readable to them; for cause, rotate the data key as well (F9, F16).
        """
        opened = self._open(data_key)
        if isinstance(opened, VaultFault):
            return opened
        _, table, identity = opened
        if table.slot(person) is None:
            return VaultFault.SLOT_MISSING
        if len(table.slots) == 1:
            return VaultFault.LAST_PERSON
        self._save(table.with_slots(*_others(table, person)), data_key, identity)
        return None

    def rotate_data_key(self, data_key: bytes, new_data_key: bytes, without: Collection[int] = ()) -> VaultFault | None:
        """Seal a new data key to everyone who stays; none of them need be present. The old one stays until settled."""
        opened = self._open(data_key)
        if isinstance(opened, VaultFault):
            return opened
        maker, table, identity = opened
        if _is_rotating(table):
            return VaultFault.ROTATION_OPEN
        staying = [slot for slot in table.slots if slot.person not in without]
        if not staying:
            return VaultFault.LAST_PERSON
        resealed = [maker.with_data_key(slot, new_data_key, table.generation + 1) for slot in staying]
        self._save(_at_generation(table.with_slots(*resealed), table.generation + 1), new_data_key, identity)
        return None

    def settle_rotation(self, unlocked: Unlocked, in_use: bytes) -> VaultFault | None:
        """Drop every seal but that of the data key the database now opens with. Nothing to do when none is open."""
        opened = self._open(unlocked.data_key)
        if isinstance(opened, VaultFault):
            return opened
        _, table, identity = opened
        if in_use not in (unlocked.data_key, unlocked.previous_data_key):
            return VaultFault.WRONG_DATA_KEY
        if not _is_rotating(table):
            return None
        kept = table.generation if in_use == unlocked.data_key else table.generation - 1
        slots = [_only_seal(slot, kept) for slot in table.slots]
        self._save(_at_generation(table.with_slots(*slots), kept), in_use, identity)
        return None

    def _open(self, data_key: bytes | None = None) -> tuple[SlotMaker, KeyringTable, DeviceIdentity] | VaultFault:
        """Identity and table; with a data key given, only if it is the one the table is proved with."""
        identity = self.identity()
        if isinstance(identity, VaultFault):
            return identity
        table = self._file.read(identity.device_id)
        if isinstance(table, VaultFault):
            return table
        if data_key is not None and table.slots and not table.is_proved(data_key, identity.secret):
            return VaultFault.WRONG_DATA_KEY
        return SlotMaker(identity.device_id, identity.secret), table, identity

    def _save(self, table: KeyringTable, data_key: bytes, identity: DeviceIdentity) -> None:
        self._file.write(table.proved(data_key, identity.secret))

    def _tries(self, identity: DeviceIdentity) -> FailedTries:
        return FailedTries(self._disk, self._folder, identity.secret, self._random)


def _unlock(
    maker: SlotMaker, table: KeyringTable, identity: DeviceIdentity, person: int, passphrase: str
) -> Unlocked | VaultFault:
    slot = table.slot(person)
    if slot is None:
        return VaultFault.SLOT_MISSING
    keys = maker.unwrap(slot, passphrase)
    if isinstance(keys, VaultFault):
        return keys
    data_keys = maker.data_keys(slot, keys)
    if isinstance(data_keys, VaultFault):
        return data_keys
    proved = table.is_proved(data_keys[0], identity.secret)
    return Unlocked(person, keys, data_keys) if proved else VaultFault.SLOT_DAMAGED


def _is_rotating(table: KeyringTable) -> bool:
    return any(len(slot.seals) > 1 for slot in table.slots)


def _others(table: KeyringTable, person: int) -> list[Slot]:
    return [slot for slot in table.slots if slot.person != person]


def _keep_seals(slot: Slot, earlier: Slot) -> Slot:
    return msgspec.structs.replace(slot, seals=earlier.seals)


def _only_seal(slot: Slot, generation: int) -> Slot:
    return msgspec.structs.replace(slot, seals=tuple(one for one in slot.seals if one.generation == generation))


def _at_generation(table: KeyringTable, generation: int) -> KeyringTable:
    return msgspec.structs.replace(table, generation=generation)
