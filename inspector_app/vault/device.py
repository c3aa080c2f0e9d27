"""Who this device is: its signing key, its box key and its device secret, and where they are kept.

The device secret is the second half of every person's slot: a copied folder without it opens nothing, whatever the
passphrase. A `DeviceSecretStore` keeps the three; the best available one is chosen at enrolment. The one here keeps
them in a file. A TPM or DPAPI store fits the same Protocol and never hands out its private parts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

import msgspec

from inspector_app.domain.canonical import decode, encode
from inspector_app.domain.documents import DocumentSigner
from inspector_app.domain.keys import Suite
from inspector_app.ports import Disk, Random
from inspector_app.suites import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    BoxKey,
    SealError,
    SigningKey,
    decrypt,
    derive,
    encrypt,
    sha256,
)
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.file_format import frame, unframe

DEVICE_ID_BYTES: Final = 16
_CONTEXT: Final = b"inspector/device/1"
_NAME: Final = "inspector/device"


class DeviceIdentity:
    """What makes this device this device. Its text form shows the id only."""

    def __init__(self, secret: bytes, signing: DocumentSigner, box: BoxKey) -> None:
        self.secret = secret
        self.signing = signing
        self.box = box

    @property
    def device_id(self) -> str:
        """32 hex digits: the first 16 bytes of SHA-256 of the raw public signing key."""
        return sha256(self.signing.public.raw)[:DEVICE_ID_BYTES].hex()

    def __repr__(self) -> str:
        return f"<DeviceIdentity {self.device_id}>"


class DeviceSecretStore(Protocol):
    """Keeps the device's keys where the machine can and a copy of its files cannot."""

    @property
    def protection(self) -> str:
        """Code of what protects the keys; the screen 本机与安全 says it in plain words."""

    def create(self, random: Random) -> DeviceIdentity:
        """Make and keep a new identity; any earlier one is gone."""

    def load(self) -> DeviceIdentity | VaultFault:
        """The identity kept here, or why there is none to be had."""

    def destroy(self) -> None:
        """Forget it. Without the secret no slot of this device opens again."""


class _DeviceFile(msgspec.Struct, frozen=True, array_like=True):
    machine: bytes
    salt: bytes
    nonce: bytes
    wrapped: bytes


class FileDeviceSecretStore:
    """Keeps the identity in one file, wrapped with AES-256-GCM under HKDF of the machine's identity.

    **What this is worth.** `machine` (``/etc/machine-id``, Windows' ``MachineGuid``) is no secret: whoever holds the
    whole disk, or is administrator on the machine, can unwrap the file. It stops a copied home folder or backup from
    opening on another machine, and keeps the raw keys out of the file; no more. Against a stolen disk the data stand
    behind passphrase × Argon2id alone, and the device could be impersonated until it is reported lost. `protection`
    says ``device_secret_in_file``; with an empty `machine` it is bound to nothing and says ``…_unbound``.
    """

    def __init__(self, disk: Disk, path: Path, machine: bytes) -> None:
        self._disk = disk
        self._path = path
        self._machine = machine

    @property
    def protection(self) -> str:
        """``device_secret_in_file``, or ``device_secret_in_file_unbound`` when the machine has no identity."""
        return "device_secret_in_file" if self._machine else "device_secret_in_file_unbound"

    def create(self, random: Random) -> DeviceIdentity:
        """Make an identity (Ed25519) and write it durably before it is used for anything."""
        secret = random.bytes(KEY_BYTES)
        signing, box = SigningKey.generate(Suite.ED25519, random), BoxKey.generate(random)
        inside = encode([secret, signing.public.suite, signing.private_bytes(), box.private_bytes()])
        salt, nonce = random.bytes(SALT_BYTES), random.bytes(NONCE_BYTES)
        wrapped = encrypt(self._wrapping_key(salt), nonce, inside, _CONTEXT)
        self._disk.replace(self._path, frame(_NAME, _DeviceFile(self._machine_mark(), salt, nonce, wrapped)))
        return DeviceIdentity(secret, signing, box)

    def load(self) -> DeviceIdentity | VaultFault:
        """The identity; `DEVICE_SECRET_FOREIGN` when the file was made on another machine."""
        raw = self._disk.read(self._path)
        if raw is None:
            return VaultFault.DEVICE_SECRET_MISSING
        file = unframe(_NAME, raw, _DeviceFile, VaultFault.DEVICE_SECRET_DAMAGED)
        if isinstance(file, VaultFault):
            return file
        if file.machine != self._machine_mark():
            return VaultFault.DEVICE_SECRET_FOREIGN
        try:
            inside = decrypt(self._wrapping_key(file.salt), file.nonce, file.wrapped, _CONTEXT)
            secret, suite, signing, box = msgspec.convert(
                decode(inside, len(inside)), tuple[bytes, int, bytes, bytes], builtin_types=(bytes,)
            )
            return DeviceIdentity(secret, SigningKey.from_private(suite, signing), BoxKey.from_private(box))
        except (SealError, ValueError):
            return VaultFault.DEVICE_SECRET_DAMAGED

    def destroy(self) -> None:
        """Remove the file. On a flash disk nothing overwrites reliably; what is gone is the way to find it."""
        self._disk.remove(self._path)

    def _wrapping_key(self, salt: bytes) -> bytes:
        return derive(self._machine, salt, _CONTEXT)

    def _machine_mark(self) -> bytes:
        return sha256(_CONTEXT, b"/machine", self._machine)[:8]
