"""One person's slot on one device: how a passphrase opens the keys, and how the data key reaches the person.

    KEK      = HKDF-SHA256(Argon2id(passphrase, salt), salt = device secret, info = device, person, slot generation)
    box      = AES-256-GCM(KEK, X25519 private key)         AAD = device, person, slot generation, "box", public key
    signing  = AES-256-GCM(KEK, Ed25519 private key)        AAD = device, person, slot generation, "signing", public key
    seal     = HPKE(X25519 public key, data key)            info = device, person, data key generation

So a slot moved to another person or device does not open; a change of passphrase touches neither the data key nor the
database; and the data key can be replaced and sealed to people who are not there. The signing key is in no escrow: a
person who forgets the passphrase gets a new one.
"""

from __future__ import annotations

from typing import Final

import msgspec

from inspector_app.domain.canonical import encode
from inspector_app.domain.keys import PublicKey, Suite
from inspector_app.ports import Random
from inspector_app.suites import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    Argon2Cost,
    BoxKey,
    SealError,
    SigningKey,
    decrypt,
    derive,
    encrypt,
    passphrase_key,
    seal,
)
from inspector_app.vault.faults import VaultFault

_SLOT: Final = "inspector/slot/1"
_DATA_KEY: Final = "inspector/data-key/1"


class Seal(msgspec.Struct, frozen=True, array_like=True):
    """The data key of one generation, sealed to the slot's box key."""

    generation: int
    sealed: bytes


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """What the keyring keeps of one person. `seals` are in order of generation: one, or two while a new data key
    is being brought in. `generation` counts how often the slot's wrapping was made anew.
    """

    person: int
    generation: int
    cost: Argon2Cost
    salt: bytes
    box_public: bytes
    box_wrapped: bytes
    signing_suite: int
    signing_public: bytes
    signing_wrapped: bytes
    seals: tuple[Seal, ...]

    @property
    def public(self) -> PublicKey:
        """The person's public signing key on this device."""
        return PublicKey(self.signing_suite, self.signing_public)


class SlotKeys:
    """The two private keys of a person on a device, while in memory."""

    def __init__(self, signing: SigningKey, box: BoxKey) -> None:
        self.signing = signing
        self.box = box

    @classmethod
    def generate(cls, random: Random) -> SlotKeys:
        """New keys for a person."""
        return cls(SigningKey.generate(Suite.ED25519, random), BoxKey.generate(random))

    def __repr__(self) -> str:
        return f"<SlotKeys {self.signing.public.key_id.hex()}>"


class SlotMaker:
    """Makes and opens the slots of one device."""

    def __init__(self, device_id: str, device_secret: bytes) -> None:
        self._device = bytes.fromhex(device_id)
        self._secret = device_secret

    def wrap(
        self, person: int, keys: SlotKeys, passphrase: str, *, generation: int, cost: Argon2Cost, random: Random
    ) -> Slot:
        """A slot of these keys under this passphrase, with no data key in it yet. Takes Argon2id's time."""
        salt = random.bytes(SALT_BYTES)
        bare = Slot(
            person=person,
            generation=generation,
            cost=cost,
            salt=salt,
            box_public=keys.box.public_raw,
            box_wrapped=b"",
            signing_suite=keys.signing.public.suite,
            signing_public=keys.signing.public.raw,
            signing_wrapped=b"",
            seals=(),
        )
        kek = self._key_encryption_key(bare, passphrase)
        return msgspec.structs.replace(
            bare,
            box_wrapped=self._wrap(kek, bare, "box", keys.box.private_bytes(), random),
            signing_wrapped=self._wrap(kek, bare, "signing", keys.signing.private_bytes(), random),
        )

    def unwrap(self, slot: Slot, passphrase: str) -> SlotKeys | VaultFault:
        """The person's keys, or `WRONG_PASSPHRASE`. Takes Argon2id's time; never call it on the screen's thread."""
        if not slot.cost.is_usable or len(slot.salt) != SALT_BYTES:
            return VaultFault.SLOT_DAMAGED
        kek = self._key_encryption_key(slot, passphrase)
        try:
            box = BoxKey.from_private(self._unwrap(kek, slot, "box", slot.box_wrapped))
            private = self._unwrap(kek, slot, "signing", slot.signing_wrapped)
            signing = SigningKey.from_private(slot.signing_suite, private)
        except (SealError, ValueError):
            return VaultFault.WRONG_PASSPHRASE
        fits = box.public_raw == slot.box_public and signing.public == slot.public
        return SlotKeys(signing, box) if fits else VaultFault.SLOT_DAMAGED

    def with_data_key(self, slot: Slot, data_key: bytes, generation: int) -> Slot:
        """The slot and one more seal. Needs nobody's passphrase."""
        if len(data_key) != KEY_BYTES:
            raise ValueError("a data key has 32 bytes")
        added = Seal(generation, seal(slot.box_public, self._seal_info(slot.person, generation), data_key))
        return msgspec.structs.replace(slot, seals=(*slot.seals, added))

    def data_keys(self, slot: Slot, keys: SlotKeys) -> tuple[bytes, ...] | VaultFault:
        """The sealed data keys, newest first; `SLOT_DAMAGED` when one does not open."""
        try:
            opened = [keys.box.open(self._seal_info(slot.person, one.generation), one.sealed) for one in slot.seals]
        except SealError:
            return VaultFault.SLOT_DAMAGED
        return tuple(reversed(opened)) or VaultFault.SLOT_DAMAGED

    def _key_encryption_key(self, slot: Slot, passphrase: str) -> bytes:
        stretched = passphrase_key(passphrase, slot.salt, slot.cost)
        return derive(stretched, self._secret, encode([_SLOT, self._device, slot.person, slot.generation]))

    def _bound(self, slot: Slot, purpose: str) -> bytes:
        public = slot.box_public if purpose == "box" else slot.signing_public
        suite = 0 if purpose == "box" else slot.signing_suite
        return encode([_SLOT, self._device, slot.person, slot.generation, purpose, suite, public])

    def _wrap(self, kek: bytes, slot: Slot, purpose: str, private: bytes, random: Random) -> bytes:
        nonce = random.bytes(NONCE_BYTES)
        return nonce + encrypt(kek, nonce, private, self._bound(slot, purpose))

    def _unwrap(self, kek: bytes, slot: Slot, purpose: str, wrapped: bytes) -> bytes:
        return decrypt(kek, wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._bound(slot, purpose))

    def _seal_info(self, person: int, generation: int) -> bytes:
        return encode([_DATA_KEY, self._device, person, generation])
