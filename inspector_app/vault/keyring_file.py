"""The keyring file: the slots of a device, in two copies beside the database.

Both copies are replaced atomically, one after the other; the readable one with the higher write count is the keyring.
A table code (HMAC under a key only a holder of the data key has) covers the slots, so nobody without the data key can
plant a box key and wait for the next data key to be sealed to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from inspector_app.domain.canonical import encode
from inspector_app.ports import Disk
from inspector_app.suites import derive, is_mac, mac, sha256
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.file_format import frame, unframe
from inspector_app.vault.slots import Slot

FILE_NAMES: Final = ("keyring", "keyring.copy")
_NAME: Final = "inspector/keyring"
_TABLE_KEY: Final = b"inspector/keyring-table/1"


class KeyringTable(msgspec.Struct, frozen=True, array_like=True):
    """Slots sorted by person; `generation` is the newest data key's; `code` proves the table (empty: no slots yet)."""

    device_id: str
    writes: int
    generation: int
    slots: tuple[Slot, ...]
    code: bytes

    def slot(self, person: int) -> Slot | None:
        """The person's slot."""
        return next((slot for slot in self.slots if slot.person == person), None)

    def with_slots(self, *slots: Slot) -> KeyringTable:
        """The table with these slots instead of its own; the code must be made anew."""
        ordered = tuple(sorted(slots, key=lambda slot: slot.person))
        return msgspec.structs.replace(self, slots=ordered, code=b"")

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything the code covers; what a journal may record to notice an older keyring put back."""
        return sha256(self._covered())

    def proved(self, data_key: bytes, device_secret: bytes) -> KeyringTable:
        """The table with its code under this data key."""
        return msgspec.structs.replace(self, code=mac(_table_key(data_key, device_secret), self._covered()))

    def is_proved(self, data_key: bytes, device_secret: bytes) -> bool:
        """Whether the code is this data key's."""
        return is_mac(_table_key(data_key, device_secret), self._covered(), self.code)

    def _covered(self) -> bytes:
        slots = msgspec.to_builtins(self.slots, builtin_types=(bytes,))
        return encode([self.device_id, self.generation, slots])


class KeyringFile:
    """Reads and writes the two copies in a folder that exists."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self._disk = disk
        self._paths = [folder / name for name in FILE_NAMES]

    def exists(self) -> bool:
        """Whether there is any copy."""
        return any(self._disk.exists(path) for path in self._paths)

    def read(self, device_id: str) -> KeyringTable | VaultFault:
        """The newest readable copy; `SLOT_MISSING` when there is no file at all."""
        copies = [raw for raw in map(self._disk.read, self._paths) if raw is not None]
        if not copies:
            return VaultFault.SLOT_MISSING
        read = [unframe(_NAME, raw, KeyringTable, VaultFault.SLOT_DAMAGED) for raw in copies]
        if VaultFault.NEWER_VERSION in read:
            return VaultFault.NEWER_VERSION
        tables = [table for table in read if isinstance(table, KeyringTable)]
        if not tables:
            return VaultFault.SLOT_DAMAGED
        newest = max(tables, key=lambda table: table.writes)
        return newest if newest.device_id == device_id else VaultFault.SLOT_FOREIGN

    def write(self, table: KeyringTable) -> None:
        """Replace both copies durably; after a crash in between the newer one counts."""
        content = frame(_NAME, msgspec.structs.replace(table, writes=table.writes + 1))
        for path in self._paths:
            self._disk.replace(path, content)


def _table_key(data_key: bytes, device_secret: bytes) -> bytes:
    return derive(data_key, device_secret, _TABLE_KEY)
