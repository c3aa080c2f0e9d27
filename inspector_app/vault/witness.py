"""The witness: height and hash of the journal's head, kept outside the database (SYNC 3.5 C).

A database put back from a backup, or a copied profile, is behind its witness; start then freezes issuing before the
first number. Written after the commit, so it may lag and that is no fault: only a *higher* witness, or one of equal
height with another hash, tells of a journal that went back. A missing or unreadable one tells nothing (a power cut
may leave it so, and a healthy device must never be frozen).

It does not see an image of the whole disk put back; only the paper, the province or a TPM counter sees that.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Final

import msgspec

from inspector_app.domain.canonical import encode
from inspector_app.ports import Disk
from inspector_app.suites import derive, is_mac, mac
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.file_format import frame, unframe

FILE_NAME: Final = "witness"
_NAME: Final = "inspector/witness"
_CONTEXT: Final = b"inspector/witness/1"


class Witness(msgspec.Struct, frozen=True):
    """The journal once stood at this height (seq of its last entry) with this hash (32 bytes)."""

    height: int
    hash: bytes


class WitnessFinding(enum.StrEnum):
    """What a comparison found; `HIGHER` and `OTHER_HASH` freeze issuing, `ABSENT` is only noted."""

    OK = "witness_ok"
    ABSENT = "witness_absent"
    HIGHER = "witness_higher"
    OTHER_HASH = "witness_other_hash"

    @property
    def freezes(self) -> bool:
        """Whether issuing stops until the province has been asked."""
        return self in (WitnessFinding.HIGHER, WitnessFinding.OTHER_HASH)


def compare(witness: Witness | None, height: int, head_hash: bytes) -> WitnessFinding:
    """Hold the journal's head against the witness."""
    if witness is None:
        return WitnessFinding.ABSENT
    if witness.height > height:
        return WitnessFinding.HIGHER
    if witness.height == height and witness.hash != head_hash:
        return WitnessFinding.OTHER_HASH
    return WitnessFinding.OK


class _WitnessBody(msgspec.Struct, frozen=True, array_like=True):
    height: int
    hash: bytes
    code: bytes


class WitnessFile:
    """The witness of one device. Its code, under the device secret and over the device id, keeps it from being
    lowered by hand or brought from elsewhere.
    """

    def __init__(self, disk: Disk, folder: Path, device_id: str, device_secret: bytes) -> None:
        self._disk = disk
        self._path = folder / FILE_NAME
        self._device_id = device_id
        self._key = derive(device_secret, b"", _CONTEXT)
        self._written = 0

    def read(self) -> Witness | None:
        """The witness; None when there is none of this device, or it cannot be read."""
        raw = self._disk.read(self._path)
        body = unframe(_NAME, raw, _WitnessBody, VaultFault.SLOT_DAMAGED) if raw is not None else None
        if not isinstance(body, _WitnessBody):
            return None
        proved = is_mac(self._key, self._covered(body.height, body.hash), body.code)
        return Witness(body.height, body.hash) if proved else None

    def raise_to(self, height: int, head_hash: bytes) -> None:
        """Set the witness to a committed head. It never goes down: a lower height changes nothing."""
        if not self._written:
            known = self.read()
            self._written = known.height if known else 0
        if self._written >= height:
            return
        code = mac(self._key, self._covered(height, head_hash))
        # Not worth waiting for: an older, torn or missing witness after a power cut tells nothing, which is no fault.
        self._disk.replace(self._path, frame(_NAME, _WitnessBody(height, head_hash, code)), durable=False)
        self._written = height

    def _covered(self, height: int, head_hash: bytes) -> bytes:
        return encode([_NAME, self._device_id, height, head_hash])
