"""The trust file: what a device must know to judge a certificate with no network and without signing in.

Public data, signed by the province's authority key, kept beside the database: whose keys signed when, which number
belongs to whose block, how far each block has been reported, and the few numbers of which something is to be said.
A number through `reported_through` without an exception is reported, in force, and on its first print. Numbers of a
block are used in order: one that was passed over, and one that two papers bear, is an exception (disputed).

Everything is sorted and single, so equal knowledge gives equal bytes and look-ups are binary searches. Names are for
showing, never for deciding.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeVar

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.documents import (
    MAX_LARGE_PAYLOAD_BYTES,
    DocumentFault,
    Keyring,
    Role,
    document,
    open_as,
)
from inspector_app.domain.keys import PublicKey, Verify

MS_PER_MINUTE: Final = 60_000
DEVICE_BYTES: Final = 16
MAX_DIGITS: Final = 20
MAX_PACK_BYTES: Final = MAX_LARGE_PAYLOAD_BYTES + 256 * 1024
_Ordered = TypeVar("_Ordered", bytes, str, int)
_PACK_VERSION: Final = 1


class Standing(enum.IntEnum):
    """What the province has to say about a number that has an exception (sparse: most numbers have none)."""

    IN_FORCE = 0
    VOIDED = 1
    REPLACED = 2
    WITHDRAWN = 3
    LOST = 4
    DISPUTED = 5
    ARRIVED = 6


_STANDINGS: Final = frozenset(Standing)


class TrustFault(enum.StrEnum):
    """Why a well-signed trust file is not taken in; the order of definition is the order of precedence."""

    WRONG_PROVINCE = "trust_wrong_province"
    DISORDERED = "trust_disordered"
    OLDER_THAN_KNOWN = "trust_older_than_known"
    CONTRADICTS_KNOWN = "trust_contradicts_known"


class TrustKey(msgspec.Struct, frozen=True, array_like=True):
    """A key that may have signed certificates: a person's, on one device.

    Window in UTC ms, both ends included. `valid_before` (0: none) is set when the key was compromised: what it signed
    from that moment on is not believed (SECURITY F18). `device` is the 16 bytes whose hex is the device id.
    """

    key_id: bytes
    suite: int
    raw: bytes
    role: int
    subject: int
    name: str
    name_en: str
    station: int
    device: bytes
    valid_from: int
    valid_until: int
    valid_before: int = 0

    @property
    def key(self) -> PublicKey:
        """The public key."""
        return PublicKey(self.suite, self.raw)

    def was_valid(self, from_ms: int, until_ms: int) -> bool:
        """Whether some moment of the span lies in the window, and the span began before any compromise."""
        return self.valid_from <= until_ms and from_ms <= self.valid_until and not 0 < self.valid_before <= from_ms


class OtherProvince(msgspec.Struct, frozen=True, array_like=True):
    """Another province's root, by the two digits its numbers begin with: whom to ask."""

    prefix: str
    name: str
    name_en: str
    suite: int
    raw: bytes


class TrustStation(msgspec.Struct, frozen=True, array_like=True):
    """A station as the public may see it: names and telephone."""

    station: int
    name: str
    name_en: str
    phone: str


class NumberException(msgspec.Struct, frozen=True, array_like=True):
    """What is to be said about `count` numbers from `first + offset` on.

    `current_print` is the print that counts (earlier ones are superseded); `since_minute` is UTC epoch minutes, and so
    is `corrected_minute`, when the last correction note (更正说明) was made; 0 without one.
    """

    offset: int
    count: int
    standing: int
    current_print: int
    since_minute: int
    corrected_minute: int = 0


class TrustBlock(msgspec.Struct, frozen=True, array_like=True):
    """A block (号段): kind, first and last digits, whose device and person, how far its use has been reported.

    `reported_through` is the highest number the province has an accepted entry for, "" when there is none.
    """

    kind: str
    first: str
    last: str
    device: bytes
    holder: int
    reported_through: str
    exceptions: tuple[NumberException, ...] = ()

    def is_reported(self, digits: str) -> bool:
        """Whether the province has heard of this number, or of one after it."""
        return digits <= self.reported_through

    def exception(self, digits: str) -> NumberException | None:
        """What is to be said about the number; None when nothing is."""
        offset = int(digits) - int(self.first)
        at = bisect_right(self.exceptions, offset, key=_offset) - 1
        found = self.exceptions[at] if at >= 0 else None
        return found if found and offset < found.offset + found.count else None


@document("trust_file", 1, signed_by=Role.AUTHORITY, max_bytes=MAX_LARGE_PAYLOAD_BYTES)
class TrustFile(msgspec.Struct, frozen=True, array_like=True):
    """The trust file. Times are UTC ms; `(epoch, seq)` only ever grows (`epoch`: restores of the province's server).

    `hosts` are the hosts whose codes the province prints; `keys` are sorted by key id, `others` by prefix, `stations`
    by number, `blocks` by kind, width and digits.
    """

    epoch: int
    seq: int
    issued_at: int
    expires: int
    practice: bool
    province: str
    hosts: tuple[str, ...]
    keys: tuple[TrustKey, ...]
    others: tuple[OtherProvince, ...]
    stations: tuple[TrustStation, ...]
    blocks: tuple[TrustBlock, ...]

    def key(self, suite: int, key_id: bytes) -> TrustKey | None:
        """The person's key of that suite and short name."""
        at = bisect_right(self.keys, key_id, key=_key_id) - 1
        found = self.keys[at] if at >= 0 else None
        return found if found and (found.key_id, found.suite, found.role) == (key_id, suite, Role.PERSON) else None

    def block(self, kind: str, digits: str) -> TrustBlock | None:
        """The block the number lies in."""
        at = bisect_right(self.blocks, (kind, len(digits), digits), key=_block_start) - 1
        found = self.blocks[at] if at >= 0 else None
        end = found and (found.kind, len(found.last), found.last)
        return found if end and (kind, len(digits), digits) <= end else None

    def station(self, number: int) -> TrustStation | None:
        """The station's public entry."""
        at = bisect_right(self.stations, number, key=_station_number) - 1
        found = self.stations[at] if at >= 0 else None
        return found if found and found.station == number else None

    def other_province(self, digits: str) -> OtherProvince | None:
        """The other province to which a number with these digits belongs."""
        return next((other for other in self.others if digits.startswith(other.prefix)), None)

    def age_ms(self, now_ms: int) -> int:
        """How old the knowledge is; 0 when the clock stands before its making."""
        return max(0, now_ms - self.issued_at)


class Trust(msgspec.Struct, frozen=True):
    """A trust file that was checked, and the keyring it was checked against."""

    keyring: Keyring
    file: TrustFile


def open_trust(
    raw: bytes, keyring: Keyring, verify: Verify, *, at_ms: int | None = None
) -> TrustFile | DocumentFault | TrustFault:
    """The trust file of a signed document.

    `at_ms` is now for a file just received. None is for the copy this device took in earlier: its authority key may
    have ended since, so the window is held against the file's own date.
    """
    if at_ms is None:
        return _open_kept(raw, keyring, verify)
    opened = open_as(TrustFile, raw, keyring, verify, at_ms=at_ms)
    return opened if isinstance(opened, DocumentFault) else _ordered(opened, keyring) or opened


def _open_kept(raw: bytes, keyring: Keyring, verify: Verify) -> TrustFile | DocumentFault | TrustFault:
    # The date to hold the window against is inside the file: believed only once the signature over it is.
    timeless = msgspec.structs.replace(
        keyring,
        statements=tuple(msgspec.structs.replace(one, valid_from=0, valid_until=2**53) for one in keyring.statements),
    )
    first = open_as(TrustFile, raw, timeless, verify, at_ms=0)
    return first if isinstance(first, DocumentFault) else open_trust(raw, keyring, verify, at_ms=first.issued_at)


def is_newer(offered: TrustFile, known: TrustFile | None) -> TrustFault | None:
    """None when `offered` may take the place of `known`; the same file again is welcome (T27: no step backward)."""
    if known is None or offered == known:
        return None
    order, known_order = (offered.epoch, offered.seq), (known.epoch, known.seq)
    if order < known_order:
        return TrustFault.OLDER_THAN_KNOWN
    return TrustFault.CONTRADICTS_KNOWN if order == known_order else None


def pack_trust(root: bytes, statements: Sequence[bytes], trust_file: bytes) -> bytes:
    """One file for a verifier: root sheet, key statements and trust file, each the bytes of its signed document."""
    return encode([_PACK_VERSION, root, list(statements), trust_file])


def open_pack(
    raw: bytes, verify: Verify, *, root: PublicKey | None, at_ms: int | None = None
) -> Trust | DocumentFault | TrustFault:
    """What `pack_trust` packed, checked from the root down.

    `root` is the root this home trusts: a pack under any other is refused. None accepts the pack's own root, which is
    right only when a person named the file on the command line and so vouches for it.
    """
    parts = _unpack(raw)
    if isinstance(parts, DocumentFault):
        return parts
    keyring = Keyring.under(parts[0], verify)
    for statement in parts[1]:
        if not isinstance(keyring, DocumentFault):
            keyring = keyring.including(statement, verify)
    if isinstance(keyring, DocumentFault):
        return keyring
    if root is not None and keyring.root.key != root:
        return TrustFault.WRONG_PROVINCE
    opened = open_trust(parts[2], keyring, verify, at_ms=at_ms)
    return Trust(keyring, opened) if isinstance(opened, TrustFile) else opened


def _unpack(raw: bytes) -> tuple[bytes, tuple[bytes, ...], bytes] | DocumentFault:
    try:
        version, root, statements, trust_file = msgspec.convert(
            decode(raw, MAX_PACK_BYTES), tuple[int, bytes, tuple[bytes, ...], bytes], builtin_types=(bytes,)
        )
    except CborError as problem:
        return DocumentFault(f"document_{problem.fault}")
    except msgspec.ValidationError:
        return DocumentFault.MALFORMED
    return (root, statements, trust_file) if version == _PACK_VERSION else DocumentFault.UNKNOWN_TYPE


def _ordered(trust: TrustFile, keyring: Keyring) -> TrustFault | None:
    if (trust.province, trust.practice) != (keyring.root.province, keyring.root.practice):
        return TrustFault.WRONG_PROVINCE
    sorted_once = (
        _ascends([one.key_id for one in trust.keys])
        and _ascends([one.prefix for one in trust.others])
        and _ascends([one.station for one in trust.stations])
        and all(one.key_id == one.key.key_id for one in trust.keys)
    )
    return None if sorted_once and _blocks_apart(trust.blocks) else TrustFault.DISORDERED


def _ascends(values: Sequence[_Ordered]) -> bool:
    return all(one < other for one, other in pairwise(values))


def _blocks_apart(blocks: Sequence[TrustBlock]) -> bool:
    starts_and_ends = [(_block_start(one), (one.kind, len(one.last), one.last)) for one in blocks]
    apart = all(one[1] < other[0] for one, other in pairwise(starts_and_ends))
    return apart and all(map(_block_sound, blocks))


def _block_sound(block: TrustBlock) -> bool:
    digits = (block.first, block.reported_through or block.first, block.last)
    alike = all(text.isascii() and text.isdigit() and len(text) == len(block.first) for text in digits)
    if not alike or len(block.first) > MAX_DIGITS or not digits[0] <= digits[1] <= digits[2]:
        return False
    return len(block.device) == DEVICE_BYTES and _exceptions_sound(block)


def _exceptions_sound(block: TrustBlock) -> bool:
    size = int(block.last) - int(block.first) + 1
    spans = [(one.offset, one.offset + one.count) for one in block.exceptions]
    apart = all(one[1] <= other[0] for one, other in pairwise(spans))
    inside = all(0 <= start < end <= size for start, end in spans)
    return apart and inside and all(_exception_known(one) for one in block.exceptions)


def _exception_known(exception: NumberException) -> bool:
    return exception.standing in _STANDINGS and exception.current_print >= 1


def _offset(exception: NumberException) -> int:
    return exception.offset


def _key_id(key: TrustKey) -> bytes:
    return key.key_id


def _block_start(block: TrustBlock) -> tuple[str, int, str]:
    return block.kind, len(block.first), block.first


def _station_number(station: TrustStation) -> int:
    return station.station
