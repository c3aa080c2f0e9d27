"""Public keys as values: which suite, which bytes, and the short name they go by.

Pure: nothing here signs or verifies. `inspector_app.suites` does that and hands its `verify` to the rules as a
`Verify`, so the domain can judge a signature without knowing a crypto library.
"""

import enum
import hashlib
from collections.abc import Callable
from typing import Final

import msgspec

KEY_ID_BYTES: Final = 8
SIGNATURE_BYTES: Final = 64
_KEY_ID_CONTEXT: Final = b"inspector/key/1"


class Suite(enum.IntEnum):
    """Signature suites by their number in keys, documents, entries and credentials.

    2 is reserved for SM2 with SM3 (raw r‖s, also 64 bytes) until its legal form is known. P-256 is for device keys
    that live in a TPM, whose Windows provider offers no Ed25519.
    """

    ED25519 = 1
    P256 = 3


RESERVED_SUITES: Final = frozenset({2})
RAW_BYTES: Final = {Suite.ED25519: 32, Suite.P256: 33}


class PublicKey(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A signature key's public half. `raw`: 32 bytes for Ed25519, 33 (SEC 1 compressed point) for P-256.

    Any suite number and any bytes can be held; `suites.verify` answers False for those it cannot use.
    """

    suite: int
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """The 8 bytes a key is named by: the start of SHA-256("inspector/key/1" ‖ suite byte ‖ raw)."""
        return hashlib.sha256(_KEY_ID_CONTEXT + bytes([self.suite & 0xFF]) + self.raw).digest()[:KEY_ID_BYTES]

    @property
    def is_well_formed(self) -> bool:
        """True when the suite is known and the bytes have its length (not: that they are a point of the curve)."""
        return self.suite in RAW_BYTES and len(self.raw) == RAW_BYTES[Suite(self.suite)]


Verify = Callable[[PublicKey, str, bytes, bytes], bool]
"""(key, context, message, signature) → is it that key's signature over context ‖ 0x00 ‖ message? Never raises."""
