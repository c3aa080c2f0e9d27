"""What a device and the province say to each other: one request that pushes and pulls, one answer (SYNC 3.3).

Both are canonical CBOR arrays with fixed positions, carried in a signed frame (:mod:`sync.frames`). A later version
only appends positions: a reader ignores what stands behind the positions it knows, and takes the default for what is
not there yet, so either side may be older. The frame is kept as received wherever it serves as evidence; there nothing
unknown is lost.

What makes it idempotent is not a key of the request but of the entries: ``(device, seq, hash)`` for ever. The same
request twice, late, or after another changes nothing.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from typing import Final, NamedTuple, TypeVar

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.documents import Role, Signature, document, unsigned
from inspector_app.domain.keys import PublicKey
from inspector_app.journal.chain import WrittenEntry
from inspector_app.journal.feed import Pulled
from inspector_app.suites import derive, sha256


class ProtocolVersion(NamedTuple):
    """One version of the protocol: since when, why, and who still needs it."""

    number: int
    since: str
    why: str
    needed_by: str


VERSIONS: Final = (ProtocolVersion(1, "2026-11-21", "the first: entries up, the feed down", "every device"),)
PROTO: Final = VERSIONS[-1].number
PROTO_MIN: Final = VERSIONS[0].number
"""The province records what any version since this one sends, for ever: only the right to issue may ask for a newer
program. Raising it would leave behind what an old computer has issued."""

SYNC_PATH: Final = "/api/v1/sync"
ENROL_PATH: Final = "/api/v1/enrol"
ATTACHMENTS_PATH: Final = "/api/v1/attachments"
CONTENT_TYPE: Final = "application/x-inspector"

MAX_MESSAGE_BYTES: Final = 6 * 1024 * 1024
"""Of a request or answer, unpacked. A trust file may take 4 MiB of it."""
MAX_BATCH_BYTES: Final = 1024 * 1024
"""Of the entries in one request, their private parts included."""
MAX_PRIVATE_BYTES: Final = 65_536
MAX_PRESENTED: Final = 500
"""Documents in one request that the province may have lost."""
FORGETTABLE: Final = ("draw/1", "block/1", "grant/1", "device/1")
"""The types of them: numbers, grants, and who was shut down."""
DOCUMENTS_BYTES: Final = 192 * 1024
"""After this many bytes of documents an answer says ``more``; one document is always given, however large."""

MAX_ATTACHMENT_BYTES: Final = 20 * 1024 * 1024
"""Of one photograph or scan, whatever policy asks of those who make them."""
MAX_ASKED: Final = 200
"""Attachments one request may ask about, and pieces it may bring."""

HEAD_CONTEXT: Final = "inspector/head/1"
_DEVICE_ID_BYTES: Final = 16
_EPOCH_DIGITS: Final = 9


class Status(enum.StrEnum):
    """How the province answers.

    ========== ==================================================================================================
    ok         recorded through ``head``; documents after the cursor follow
    gap        the request starts after the province's head: nothing recorded, send from ``head`` + 1
    recovery   the province was restored (new ``epoch``): take ``head`` as acknowledged and send the rest again
    fork       two journals bear this device's name: both kept, issuing stops (a cloned disk, a restored backup)
    fenced     the device was reported lost or shut down: what it sends is kept as evidence
    too_old    the protocol of the request is no longer understood: nothing recorded
    ========== ==================================================================================================
    """

    OK = "ok"
    GAP = "gap"
    RECOVERY = "recovery"
    FORK = "fork"
    FENCED = "fenced"
    TOO_OLD = "too_old"


@document("receipt", 1, signed_by=Role.SERVER)
class Receipt(msgspec.Struct, frozen=True, array_like=True):
    """The province's word that it holds a device's journal through ``seq``; given only after its own commit.

    A receipt the province itself does not remember proves that the province was restored (SYNC 3.5).
    """

    device: str
    seq: int
    hash: bytes
    epoch: str
    given_at: int


@document("province_box", 1, signed_by=Role.AUTHORITY)
class ProvinceBox(msgspec.Struct, frozen=True, array_like=True):
    """The X25519 key to which bundles for the province are sealed; a later ``ordinal`` supersedes."""

    ordinal: int
    key: bytes


class SyncRequest(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Everything a device says at one contact.

    ``entries`` are ``from_seq``, ``from_seq`` + 1, … as written; ``base_hash`` is the hash before the first of them.
    ``head_hash`` and ``head_sig`` (over :func:`head_message`) are empty when the device has nothing beyond ``base``;
    ``head_hash`` also where the entries reach the head, for it follows from them.
    ``epoch`` and ``cursor`` say how far the feed was taken in ("" and 0: never). ``at``, ``mono``, ``boot`` are the
    device's clocks. ``trust`` is (epoch, seq) of the trust file held. ``presented`` are documents of the province
    that the province itself may have lost in a restore. ``wants`` names what else is asked for.
    """

    proto: int
    device: bytes
    epoch: str
    cursor: int
    from_seq: int
    base_hash: bytes
    head_seq: int
    head_hash: bytes = b""
    head_sig: bytes = b""
    program: str = ""
    at: int = 0
    mono: int = 0
    boot: str = ""
    trust: tuple[int, int] = (0, 0)
    entries: tuple[WrittenEntry, ...] = ()
    presented: tuple[bytes, ...] = ()
    wants: tuple[str, ...] = ()


class FeedItem(msgspec.Struct, frozen=True, array_like=True):
    """One document of the feed on its way to a device."""

    cursor: int
    kind: str
    content: bytes


class SyncAnswer(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Everything the province says in return.

    ``to`` is the key id of the device it is meant for. ``base`` is the cursor through which a device that last knew the
    request's epoch has followed the same feed. ``head_hash`` and ``receipt`` are empty when the province stands where
    the request's base stood already; ``receipt`` is the bare signature of the :class:`Receipt` that says what the
    answer says (:func:`receipt_document`). ``evidence`` is how far entries were kept aside for a device that is
    fenced or forked. ``trust`` is a packed trust file newer than the one named in the request. ``min_version`` is the
    oldest program to which the right to issue is still given.
    """

    proto: int
    status: str
    to: bytes
    epoch: str
    base: int
    head_seq: int
    head_hash: bytes
    at: int
    min_version: str
    receipt: bytes = b""
    documents: tuple[FeedItem, ...] = ()
    more: bool = False
    trust: bytes = b""
    evidence: int = 0

    def pulled(self) -> list[Pulled]:
        """The documents as a device stores them."""
        return [Pulled(self.epoch, item.cursor, item.kind, item.content) for item in self.documents]


def receipt_document(answer: SyncAnswer, device: str, key: PublicKey) -> bytes:
    """The receipt an answer brings, whole: signed by the key of its frame, over what else the answer says of the head.

    Only the signature travels: on a slow line a hundred bytes said twice cost as much as the entry they acknowledge.
    """
    receipt = Receipt(device, answer.head_seq, answer.head_hash, answer.epoch, answer.at)
    signature = Signature(key.suite, key.key_id, answer.receipt)
    return msgspec.structs.replace(unsigned(receipt), signatures=(signature,)).encoded()


class EnrolRequest(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A new device asks to be enrolled; the frame is signed with the very key it states.

    ``code`` is the public part of the one-time code, ``proof`` shows knowledge of the whole (:func:`enrol_proof`).
    """

    proto: int
    code: str
    suite: int
    key: bytes
    box_key: bytes
    name: str
    program: str
    at: int
    proof: bytes


class EnrolAnswer(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The province's welcome: whom to trust from now on, and how its feed begins.

    ``proof`` binds the root to the one-time code, so that the code vouches for the province as well.
    """

    proto: int
    device: str
    station: int
    province: str
    host: str
    root: bytes
    statements: tuple[bytes, ...]
    epoch: str
    at: int
    proof: bytes
    documents: tuple[FeedItem, ...] = ()
    more: bool = False

    def pulled(self) -> list[Pulled]:
        """The documents as a device stores them."""
        return [Pulled(self.epoch, item.cursor, item.kind, item.content) for item in self.documents]


class Held(enum.StrEnum):
    """How the province stands to an attachment.

    ========== ==================================================================================================
    part       its first ``held`` bytes are there, 0 of one not begun: go on from there
    whole      it is there and its hash is right: never send it again
    unnamed    no entry of this device that was taken in names it (yet): nothing of it is kept
    differs    all of it came and its hash is another: thrown away, to be sent from the beginning
    too_large  larger than any attachment may be, or of no size
    later      this device has too many half-sent attachments open: finish those first
    ========== ==================================================================================================
    """

    PART = "part"
    WHOLE = "whole"
    UNNAMED = "unnamed"
    DIFFERS = "differs"
    TOO_LARGE = "too_large"
    LATER = "later"


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """Consecutive bytes of an attachment: ``name`` is the SHA-256 of the whole, ``size`` its length."""

    name: bytes
    size: int
    start: int
    content: bytes


class AttachmentRequest(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A device asks how far attachments have come, and sends pieces of some (the HEAD and PATCH of tus 1.0)."""

    proto: int
    device: bytes
    asked: tuple[bytes, ...] = ()
    pieces: tuple[Piece, ...] = ()


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """How far one attachment has come: its first ``held`` bytes are kept."""

    name: bytes
    state: str
    held: int


class AttachmentAnswer(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """How each attachment that was asked about or sent stands now; ``to`` as in a :class:`SyncAnswer`."""

    proto: int
    to: bytes
    epoch: str
    at: int
    standings: tuple[Standing, ...] = ()


CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code survives being read out over the telephone."""
CODE_LENGTH: Final = 16
CODE_NAME: Final = 3
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def complete_code(stem: str) -> str:
    """A one-time code: 15 characters and the check character that catches a mistyped or swapped one."""
    check = sum(place * CODE_ALPHABET.index(char) for place, char in enumerate(stem, start=1)) % 31
    return stem + CODE_ALPHABET[check]


def read_code(typed: str) -> str | None:
    """The code a person typed, in its one form; None when it cannot be a code (then nothing is sent)."""
    text = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD).strip()
    if len(text) != CODE_LENGTH or any(char not in CODE_ALPHABET for char in text):
        return None
    return text if complete_code(text[:-1]) == text else None


def code_secret(code: str) -> bytes:
    """The key both sides derive from a code; the province keeps this and not the code."""
    return derive(code.encode(), b"inspector/enrol/1", b"code")


def enrol_proof(secret: bytes, request: EnrolRequest) -> bytes:
    """What shows that who asks knows the whole code: bound to the keys, the name and the time of this request."""
    bound = encode([request.code, request.suite, request.key, request.box_key, request.name, request.at])
    return derive(secret, sha256(bound), b"device")


def root_proof(secret: bytes, request: EnrolRequest, root: bytes) -> bytes:
    """What shows that the root sheet comes from those who made the code."""
    return derive(secret, sha256(request.proof, root), b"province")


Message = SyncRequest | SyncAnswer | EnrolRequest | EnrolAnswer | AttachmentRequest | AttachmentAnswer
M = TypeVar("M", SyncRequest, SyncAnswer, EnrolRequest, EnrolAnswer, AttachmentRequest, AttachmentAnswer)


class MessageError(ValueError):
    """The bytes are not such a message."""


def to_bytes(message: Message) -> bytes:
    """The message's bytes."""
    return encode(msgspec.to_builtins(message, builtin_types=(bytes,)))


def from_bytes(shape: type[M], raw: bytes) -> M:
    """The message these bytes are; MessageError for anything else."""
    try:
        value = decode(raw, MAX_MESSAGE_BYTES)
        return msgspec.convert(value, shape, builtin_types=(bytes,))
    except (CborError, msgspec.ValidationError) as problem:
        raise MessageError(str(problem)) from problem


def device_id(key: PublicKey) -> str:
    """A device's id follows from its key: 32 hex digits, the first 16 bytes of SHA-256 of the raw public key."""
    return sha256(key.raw)[:_DEVICE_ID_BYTES].hex()


def head_message(device: str, seq: int, head_hash: bytes) -> bytes:
    """What a device signs (under ``HEAD_CONTEXT``) to vouch for its journal up to ``seq``."""
    return bytes.fromhex(device) + seq.to_bytes(8, "big") + head_hash


def epoch_text(number: int, nonce: bytes) -> str:
    """An epoch of the province: a counter raised by every restore, and chance, so that two restores never agree."""
    return f"{number}-{nonce.hex()}"


def epoch_number(epoch: str) -> int:
    """The counter of an epoch; 0 for "" (never met) and for what no province ever counted up to."""
    head = epoch.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) <= _EPOCH_DIGITS else 0


def is_older(program: str, needs: str) -> bool:
    """Whether a version such as ``0.9.12`` comes before another; never for one that cannot be read."""
    one, other = _numbers(program), _numbers(needs)
    return bool(one and other) and one < other


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def written_size(entry: WrittenEntry) -> int:
    """How many bytes an entry adds to a request, before compression."""
    private = len(entry.private.content) + len(entry.private.salt) if entry.private else 0
    return len(entry.public) + private + len(entry.actor_sig) + 16
