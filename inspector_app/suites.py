"""Sign, verify, seal, open: the only user of `cryptography`.

Suites: Ed25519 (RFC 8032), ECDSA P-256 with SHA-256 (FIPS 186-5, nonces per RFC 6979), HPKE base mode with
DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180), Argon2id (RFC 9106), HKDF-SHA256 (RFC 5869),
AES-256-GCM (SP 800-38D). A signature covers context ‖ 0x00 ‖ message, so no signature made for one purpose is good
for another.

Randomness for keys comes from outside (`Random`), so a simulated world can repeat itself. HPKE draws its one-time
key inside OpenSSL; what is sealed therefore differs from run to run.

`verify` answers, it never raises. `SealError` means: not for this key, not for this purpose, or altered; it never says
which, and it carries no key.
"""

import hashlib
import hmac
import unicodedata
from typing import ClassVar, Final, Protocol, Self

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from inspector_app.domain.keys import KEY_ID_BYTES, SIGNATURE_BYTES, PublicKey, Suite, Verify

__all__ = [
    "KEY_BYTES",
    "KEY_ID_BYTES",
    "NONCE_BYTES",
    "SALT_BYTES",
    "SIGNATURE_BYTES",
    "Argon2Cost",
    "BoxKey",
    "PublicKey",
    "Random",
    "SealError",
    "SigningKey",
    "Suite",
    "Verify",
    "decrypt",
    "derive",
    "encrypt",
    "is_mac",
    "mac",
    "passphrase_key",
    "seal",
    "sha256",
    "verify",
]

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HPKE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

_Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class SealError(Exception):
    """What was sealed or encrypted does not open: another key, another purpose, or altered bytes."""


class Random(Protocol):
    """Where key material comes from; `inspector_app.ports.Random` has this shape."""

    def bytes(self, n: int, /) -> bytes: ...


class SigningKey:
    """A private signature key. Its text form shows the key id only, so it cannot leak through a log."""

    def __init__(self, private: _Private) -> None:
        self._private = private
        self.public = PublicKey(*_public_parts(private))

    @classmethod
    def generate(cls, suite: int, random: Random) -> Self:
        """A new key of the suite. Raises ValueError for a suite this program cannot use."""
        while True:
            raw = random.bytes(KEY_BYTES)
            # P-256: of 2^32 draws about one falls outside 1..n-1 and is drawn again, which keeps the key uniform.
            if suite != Suite.P256 or 0 < int.from_bytes(raw) < _P256_ORDER:
                return cls.from_private(suite, raw)

    @classmethod
    def from_private(cls, suite: int, raw: bytes) -> Self:
        """The key whose `private_bytes` these are (32 bytes). Raises ValueError when they are not."""
        if len(raw) != KEY_BYTES:
            raise ValueError("a private key has 32 bytes")
        if suite == Suite.ED25519:
            return cls(ed25519.Ed25519PrivateKey.from_private_bytes(raw))
        if suite == Suite.P256:
            return cls(ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1()))
        raise ValueError(f"signature suite {suite} is not available")

    def sign(self, context: str, message: bytes) -> bytes:
        """64 bytes over context ‖ 0x00 ‖ message; for P-256 raw r‖s. The same input gives the same bytes."""
        covered = _covered(context, message)
        if isinstance(self._private, ed25519.Ed25519PrivateKey):
            return self._private.sign(covered)
        der = self._private.sign(covered, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(der)
        return r.to_bytes(32) + s.to_bytes(32)

    def private_bytes(self) -> bytes:
        """The 32 secret bytes: only for wrapping, never for a file, a log or a message."""
        if isinstance(self._private, ed25519.Ed25519PrivateKey):
            return self._private.private_bytes_raw()
        return self._private.private_numbers().private_value.to_bytes(KEY_BYTES)

    def __repr__(self) -> str:
        return f"<SigningKey {self.public.key_id.hex()}>"


def verify(key: PublicKey, context: str, message: bytes, signature: bytes) -> bool:
    """True only if `signature` is `key`'s over context ‖ 0x00 ‖ message. Hostile input answers False."""
    if not key.is_well_formed or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        _verify_or_raise(key, _covered(context, message), signature)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


class BoxKey:
    """An X25519 key to which others can seal. Its text form shows the public part only."""

    def __init__(self, private: x25519.X25519PrivateKey) -> None:
        self._private = private
        self.public_raw = private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls, random: Random) -> Self:
        """A new box key."""
        return cls.from_private(random.bytes(KEY_BYTES))

    @classmethod
    def from_private(cls, raw: bytes) -> Self:
        """The key whose `private_bytes` these are (32 bytes); ValueError otherwise."""
        return cls(x25519.X25519PrivateKey.from_private_bytes(raw))

    def private_bytes(self) -> bytes:
        """The 32 secret bytes: only for wrapping."""
        return self._private.private_bytes_raw()

    def open(self, info: bytes, sealed: bytes) -> bytes:
        """What `seal` put in for this key and this `info`. Raises SealError otherwise."""
        try:
            return _HPKE.decrypt(sealed, self._private, info)
        except (InvalidTag, ValueError) as problem:
            raise SealError("does not open") from problem

    def __repr__(self) -> str:
        return f"<BoxKey {self.public_raw[:4].hex()}>"


def seal(public_raw: bytes, info: bytes, plaintext: bytes) -> bytes:
    """Seal to a box key (HPKE): 32 bytes of one-time key, the ciphertext, a 16-byte tag. `info` must match to open.

    Raises SealError when `public_raw` is not a usable X25519 key (wrong length, or a point of small order).
    """
    try:
        return _HPKE.encrypt(plaintext, x25519.X25519PublicKey.from_public_bytes(public_raw), info)
    except ValueError as problem:
        raise SealError("not a box key") from problem


class Argon2Cost(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What one guess at a passphrase costs: memory in KiB, passes, parallel lanes. Stored beside what it protects.

    `FLOOR` (64 MiB, 3, 4) is what people's slots get at least; only the simulated world and tests go lower.
    """

    memory_kib: int
    iterations: int
    lanes: int

    FLOOR: ClassVar["Argon2Cost"]

    @property
    def is_usable(self) -> bool:
        """Within RFC 9106 and small enough that a planted file cannot stall the machine (1 GiB, 16, 16)."""
        return 1 <= self.lanes <= 16 and 1 <= self.iterations <= 16 and 8 * self.lanes <= self.memory_kib <= 1024 * 1024


Argon2Cost.FLOOR = Argon2Cost(memory_kib=64 * 1024, iterations=3, lanes=4)


def passphrase_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Argon2id of the passphrase: 32 bytes, slowly. Raises ValueError for an unusable cost or a short salt.

    NFKC first, so that a full-width letter from a Chinese input method is the letter it looks like
    (SP 800-63B-4, 3.1.1.2).
    """
    if not cost.is_usable or len(salt) < SALT_BYTES:
        raise ValueError("unusable cost or salt")
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(typed)


def derive(secret: bytes, salt: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """AES-256-GCM: ciphertext ‖ 16-byte tag. `nonce` (12 bytes) must never repeat under one key."""
    _check_cipher_sizes(key, nonce)
    return AESGCM(key).encrypt(nonce, plaintext, aad)


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    """The plaintext of `encrypt`. Raises SealError for another key, nonce or `aad`, or altered bytes."""
    _check_cipher_sizes(key, nonce)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, aad)
    except (InvalidTag, ValueError) as problem:
        raise SealError("does not open") from problem


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104): 32 bytes."""
    return hmac.digest(key, message, "sha256")


def is_mac(key: bytes, message: bytes, claimed: bytes) -> bool:
    """Whether `claimed` is the message's `mac`, in constant time."""
    return hmac.compare_digest(mac(key, message), claimed)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the parts as one string of bytes; where parts vary in length, the caller makes them unambiguous."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def _covered(context: str, message: bytes) -> bytes:
    if not context or "\x00" in context:
        raise ValueError("a context is a non-empty name without NUL")
    return context.encode() + b"\x00" + message


def _public_parts(private: _Private) -> tuple[int, bytes]:
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return Suite.ED25519.value, private.public_key().public_bytes_raw()
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    return Suite.P256.value, point


def _verify_or_raise(key: PublicKey, covered: bytes, signature: bytes) -> None:
    if key.suite == Suite.ED25519:
        ed25519.Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, covered)
        return
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.raw)
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    public.verify(der, covered, ec.ECDSA(hashes.SHA256()))


def _check_cipher_sizes(key: bytes, nonce: bytes) -> None:
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError("AES-256-GCM here takes a 32-byte key and a 12-byte nonce")
