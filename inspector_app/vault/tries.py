"""How often a person's passphrase was wrong since the last right one, when last, and how long to wait after it.

A courtesy, not a wall: whoever holds the disk can put an older file back, so the wall is Argon2id, the length of the
passphrase and the device secret (SECURITY D7). Sealed with a key from the device secret, so it cannot simply be edited.
A missing or damaged file counts as no failed tries: it must never keep anybody from the records.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from inspector_app.domain.canonical import decode, encode
from inspector_app.errors import StationError
from inspector_app.ports import Disk, Random
from inspector_app.suites import NONCE_BYTES, SealError, decrypt, derive, encrypt
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.file_format import frame, unframe

FILE_NAME: Final = "tries"
_NAME: Final = "inspector/tries"
_CONTEXT: Final = b"inspector/tries/1"
_MOST: Final = 1_000_000
DELAYS_MS: Final = {5: 30_000, 6: 60_000, 7: 300_000}
LONGEST_MS: Final = 900_000
"""After so many wrong tries the next waits so long (SECURITY 2.8). No slot is locked for good: there is no second way
in yet, and a lock would keep a station from its records."""


Tried = tuple[int, int]
"""How often, and when last (UTC ms)."""
_NONE: Final[Tried] = (0, 0)


class _TriesFile(msgspec.Struct, frozen=True, array_like=True):
    nonce: bytes
    sealed: bytes


class FailedTries:
    """The counters of one device."""

    def __init__(self, disk: Disk, folder: Path, device_secret: bytes, random: Random) -> None:
        self._disk = disk
        self._path = folder / FILE_NAME
        self._key = derive(device_secret, b"", _CONTEXT)
        self._random = random

    def count(self, person: int) -> int:
        """Failed tries since the person last signed in."""
        return self._read().get(person, _NONE)[0]

    def waits(self, person: int, now: int) -> bool:
        """Whether the next try of this person must wait (UTC ms). A clock put back makes nobody wait longer."""
        count, last = self._read().get(person, _NONE)
        delay = DELAYS_MS.get(count, LONGEST_MS if count > max(DELAYS_MS) else 0)
        return 0 <= now - last < delay

    def add(self, person: int, now: int) -> None:
        """One more."""
        counts = self._read()
        self._write({**counts, person: (min(counts.get(person, _NONE)[0] + 1, _MOST), now)})

    def clear(self, person: int) -> None:
        """None any more; writes nothing when there were none."""
        counts = self._read()
        if counts.pop(person, None):
            self._write(counts)

    def _read(self) -> dict[int, Tried]:
        raw = self._disk.read(self._path)
        file = unframe(_NAME, raw, _TriesFile, VaultFault.SLOT_DAMAGED) if raw is not None else None
        if not isinstance(file, _TriesFile):
            return {}
        try:
            opened = decrypt(self._key, file.nonce, file.sealed, _CONTEXT)
            return msgspec.convert(decode(opened, len(opened)), dict[int, Tried])
        except (SealError, ValueError):
            return {}

    def _write(self, counts: dict[int, Tried]) -> None:
        nonce = self._random.bytes(NONCE_BYTES)
        file = _TriesFile(nonce, encrypt(self._key, nonce, encode(counts), _CONTEXT))
        try:
            self._disk.replace(self._path, frame(_NAME, file))
        except StationError:
            # A full or read-only disk must not keep anybody from signing in to read and export.
            return
