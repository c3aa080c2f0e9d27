"""The hash chain of one device's journal: making entries, and verifying those of others.

``h0 = SHA-256("inspector/genesis/1" ‖ device)`` and
``hi = SHA-256("inspector/entry/1" ‖ h(i-1) ‖ length (8 bytes, big-endian) ‖ public bytes)``.
The previous hash is not repeated inside the bytes. A private part is bound by
``SHA-256("inspector/private/1" ‖ 16-byte salt ‖ private bytes)``, so that it can be removed and the chain still holds.

Nothing here opens a file or a socket.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

import msgspec

from inspector_app.errors import BugError
from inspector_app.journal.envelope import (
    MAX_PRIVATE_BYTES,
    VERSION,
    Envelope,
    Fact,
    Verdict,
    encode,
    encode_fact,
    read_envelope,
    read_fact,
    read_private,
    wordy_field,
)
from inspector_app.suites import sha256

ENTRY_CONTEXT = b"inspector/entry/1"
PRIVATE_CONTEXT = b"inspector/private/1"
GENESIS_CONTEXT = b"inspector/genesis/1"
ACTOR_CONTEXT = "inspector/actor/1"
SALT_SIZE = 16


class Head(msgspec.Struct, frozen=True):
    """Where a journal stands: ``seq`` of its last entry (0 when empty) and that entry's hash."""

    device: str
    seq: int
    hash: bytes


def genesis(device: str) -> Head:
    """The head of a device's empty journal."""
    return Head(device, 0, sha256(GENESIS_CONTEXT, bytes.fromhex(device)))


def entry_hash(previous: bytes, public: bytes) -> bytes:
    """The hash that binds these public bytes to everything before them."""
    return sha256(ENTRY_CONTEXT, previous, len(public).to_bytes(8, "big"), public)


def commitment(salt: bytes, private: bytes) -> str:
    """The hex commitment that stands in the public part for a private part."""
    return sha256(PRIVATE_CONTEXT, salt, private).hex()


def reference(device: str, seq: int) -> str:
    """The name of a thing is the entry that made it: ``<device>/<seq>``."""
    return f"{device}/{seq}"


class PrivatePart(msgspec.Struct, frozen=True, array_like=True):
    """The removable part of an entry: its salt and its bytes."""

    salt: bytes
    content: bytes


class WrittenEntry(msgspec.Struct, frozen=True, array_like=True):
    """One entry as it is stored and sent: the public bytes, and beside them what is not hashed into the chain."""

    public: bytes
    private: PrivatePart | None = None
    actor_sig: bytes = b""


class Entry(msgspec.Struct, frozen=True):
    """One entry as it is read: hash, envelope, fact in its newest shape and private part if it is still there.

    ``fact`` is None for a kind this program does not know (yet).
    """

    hash: bytes
    previous: bytes
    envelope: Envelope
    fact: Fact | None
    private: msgspec.Struct | None
    verdict: Verdict

    @property
    def ref(self) -> str:
        """The entry's name, and that of the thing it made."""
        return reference(self.envelope.device, self.envelope.seq)


Sign = Callable[[bytes], bytes]


class Act:
    """One act of a person: one or more entries that become part of the journal together or not at all.

    Built on a head with no lock held; :meth:`entries` are then committed only if the head has not moved.
    ``sign`` makes the person's signature over an entry hash; accountable kinds cannot be recorded without it.
    """

    def __init__(self, head: Head, stamp: tuple[int, int, str], actor: int, *, salt: Callable[[int], bytes]) -> None:
        self.base = head
        self.head = head
        self.at, self._mono, self._boot = stamp
        self.actor = actor
        self._salt = salt
        self.entries: list[WrittenEntry] = []
        self.hashes: list[bytes] = []

    @property
    def next_ref(self) -> str:
        """The name the next entry of this act will have."""
        return reference(self.head.device, self.head.seq + 1)

    def commit_private(self, value: msgspec.Struct) -> tuple[PrivatePart, str]:
        """Fix a private part and its commitment before its entry is added (a credential binds the commitment)."""
        part = PrivatePart(self._salt(SALT_SIZE), msgspec.json.encode(value))
        return part, commitment(part.salt, part.content)

    def add(self, value: Fact, *, private: msgspec.Struct | PrivatePart | None = None, sign: Sign | None = None) -> str:
        """Append a fact; returns its reference. BugError when private part or signature do not suit its kind."""
        if value.ACCOUNTABLE and sign is None:
            raise BugError(f"{value.KIND} needs the person's signature")
        if field := wordy_field(value):
            raise BugError(f"{field} of {value.KIND} is no code; words belong to the private part")
        part, commits_to = self._private_part(value, private)
        public = encode(self._envelope(value, commits_to))
        self.head = Head(self.head.device, self.head.seq + 1, entry_hash(self.head.hash, public))
        signature = sign(self.head.hash) if sign is not None and value.ACCOUNTABLE else b""
        self.entries.append(WrittenEntry(public, part, signature))
        self.hashes.append(self.head.hash)
        return reference(self.head.device, self.head.seq)

    def _private_part(
        self, value: Fact, private: msgspec.Struct | PrivatePart | None
    ) -> tuple[PrivatePart | None, str]:
        if private is None:
            return None, ""
        shape = value.PRIVATE
        if shape is None or not isinstance(private, shape | PrivatePart):
            raise BugError(f"{value.KIND} has no such private part")
        part = private if isinstance(private, PrivatePart) else self.commit_private(private)[0]
        if len(part.content) > MAX_PRIVATE_BYTES:
            raise BugError(f"the private part of {value.KIND} is too_large")
        return part, commitment(part.salt, part.content)

    def _envelope(self, value: Fact, commits_to: str) -> Envelope:
        return Envelope(
            v=VERSION,
            device=self.head.device,
            seq=self.head.seq + 1,
            at=self.at,
            mono=self._mono,
            boot=self._boot,
            actor=self.actor,
            kind=value.KIND,
            fact=encode_fact(value),
            private=commits_to,
        )


class ChainFault(enum.StrEnum):
    """Why bytes are not the next entry of a journal; the order of definition is the order of precedence."""

    UNREADABLE = "unreadable"
    FOREIGN_DEVICE = "foreign_device"
    OUT_OF_SEQUENCE = "out_of_sequence"


def read_entry(previous: bytes, written: WrittenEntry) -> Entry | None:
    """Decode one stored entry; None only when its envelope itself cannot be read."""
    envelope, verdict = read_envelope(written.public)
    if envelope is None:
        return None
    value: Fact | None = None
    if verdict is Verdict.OK:
        value, verdict = read_fact(envelope)
    private = None
    if written.private is not None and private_holds(envelope, written.private):
        private = read_private(envelope.kind, written.private.content)
    return Entry(entry_hash(previous, written.public), previous, envelope, value, private, verdict)


def private_holds(envelope: Envelope, part: PrivatePart) -> bool:
    """Whether a private part is the one its entry committed to."""
    return envelope.private == commitment(part.salt, part.content)


def follow(head: Head, written: WrittenEntry) -> tuple[Head, Entry] | ChainFault:
    """Check that an entry continues the journal at ``head``; the chain itself is all that is judged here."""
    entry = read_entry(head.hash, written)
    if entry is None:
        return ChainFault.UNREADABLE
    if entry.envelope.device != head.device:
        return ChainFault.FOREIGN_DEVICE
    if entry.envelope.seq != head.seq + 1:
        return ChainFault.OUT_OF_SEQUENCE
    return Head(head.device, entry.envelope.seq, entry.hash), entry
