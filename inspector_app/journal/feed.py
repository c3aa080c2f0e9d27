"""The province's feed: documents and sisters' entries in one order, as pulled and as they take effect.

A document's ``kind`` is its type (``block/1``) or ``entry`` for an accepted entry of a sister device, relayed. Relayed
entries are read, shown and counted; they are never this device's outbox.

What is personal in a document is kept apart from it, so that it can go at the end of its retention while the document
stays: of a relayed entry that is its private part, of an online declaration everything but its hash. A pull's hash is
made over what stays.

Whatever a document says, it never stops the pull it came with: one that does not fit what this device knows (a sister
used a number that was used here) is set aside with its name, and the next takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import NamedTuple

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.declaration import OnlineDeclaration
from inspector_app.domain.documents import DocumentFault, SignedDocument, decode_document, from_payload
from inspector_app.errors import BugError
from inspector_app.journal.chain import Entry, PrivatePart, WrittenEntry, private_holds, read_entry, reference
from inspector_app.journal.entries.devices import CaseReceived, ProvincePulled
from inspector_app.journal.envelope import MAX_BYTES, Fact, read_envelope
from inspector_app.journal.projections.registry import project, project_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.suites import sha256

RELAYED = "entry"
PERSONAL = frozenset({"online_declaration/1"})
ONLINE = "online/"
_CASE = "case/"
FEED_CONTEXT = b"inspector/feed/1"
UNFIT = (ValueError, KeyError, TypeError, ArithmeticError, BugError)
"""What a projection raises for an entry or document that does not fit the rows it meets."""

Attempt = Callable[[], AbstractContextManager[None]]
"""Undoes what was written inside when something is raised there."""


class Pulled(NamedTuple):
    """One document of the feed: epoch, cursor, kind, exact bytes."""

    epoch: str
    cursor: int
    kind: str
    content: bytes

    @property
    def ref(self) -> str:
        """The document's name by its place in the feed."""
        return f"feed:{self.epoch}/{self.cursor}"


class Brought(NamedTuple):
    """Stored documents an own entry lets take effect: epoch, first and last cursor, and the hash over them (hex)."""

    epoch: str
    first: int
    last: int
    hash: str


class RemovablePart(NamedTuple):
    """What retention may take away from a stored document.

    ``retention.applied`` names it by ``ref``: a sister's entry (``<device>/<seq>``) or ``online/<online declaration>``.
    """

    ref: str
    salt: bytes
    content: bytes


class Acknowledged(NamedTuple):
    """What the province has confirmed: epoch, seq, hash, its receipt, our cursor in its feed, last contact (UTC ms)."""

    epoch: str = ""
    seq: int = 0
    hash: bytes = b""
    receipt: bytes = b""
    cursor: int = 0
    contacted_at: int = 0


class RelayedEntry(msgspec.Struct, frozen=True, array_like=True):
    """A sister's accepted entry with the hash before it."""

    previous: bytes
    public: bytes
    salt: bytes
    private: bytes
    actor_sig: bytes

    def written(self) -> WrittenEntry:
        """The entry as its journal keeps it."""
        return WrittenEntry(self.public, PrivatePart(self.salt, self.private) if self.salt else None, self.actor_sig)


def brought_by(fact: Fact | None) -> Brought | None:
    """What an entry of the own journal brought: a pull of the feed, or a case a sister handed over; else None."""
    match fact:
        case ProvincePulled():
            return Brought(fact.epoch, fact.first, fact.last, fact.hash)
        case CaseReceived():
            return Brought(case_epoch(fact.bundle), 1, fact.documents, fact.hash)
        case _:
            return None


def case_epoch(bundle: str) -> str:
    """Where the documents of a bundle are kept: beside those of the feed, under a name no epoch has."""
    return f"{_CASE}{bundle}"


def is_case(epoch: str) -> bool:
    """Whether documents came from a sister, not from the feed."""
    return epoch.startswith(_CASE)


def feed_hash(documents: Iterable[Pulled]) -> bytes:
    """The hash a ``province.pulled`` entry states over the documents, as received, that it lets take effect."""
    return kept_hash(kept for kept, _part in map(parted, documents))


def kept_hash(kept: Iterable[Pulled]) -> bytes:
    """The same hash over documents without their removable parts."""
    parts = [FEED_CONTEXT]
    for document in kept:
        parts += [document.cursor.to_bytes(8, "big"), document.kind.encode(), b"\0", sha256(document.content)]
    return sha256(*parts)


def parted(document: Pulled) -> tuple[Pulled, RemovablePart | None]:
    """A document as received → what stays of it for ever, and what retention may remove."""
    if document.kind in PERSONAL:
        value = read_document(document.content)
        ref = ONLINE + value.online if isinstance(value, OnlineDeclaration) else document.ref
        return document._replace(content=sha256(document.content)), RemovablePart(ref, b"", document.content)
    held = read_relay(document.content) if document.kind == RELAYED else None
    if held is None or not held.salt:
        return document, None
    kept = document._replace(content=relay(held.previous, WrittenEntry(held.public, None, held.actor_sig)))
    envelope, _verdict = read_envelope(held.public)
    if envelope is None or not private_holds(envelope, PrivatePart(held.salt, held.private)):
        return kept, None  # what the entry did not commit to is nothing of its
    return kept, RemovablePart(reference(envelope.device, envelope.seq), held.salt, held.private)


def part_holds(kept: Pulled, part: RemovablePart) -> bool:
    """Whether a removable part is the one its document was received with."""
    return parted(joined(kept, part)) == (kept, part)


def joined(kept: Pulled, part: RemovablePart | None) -> Pulled:
    """The inverse of :func:`parted`; without its removable part a document stays as it is kept."""
    if part is None:
        return kept
    if kept.kind in PERSONAL:
        return kept._replace(content=part.content)
    held = read_relay(kept.content)
    if held is None:
        return kept
    private = PrivatePart(part.salt, part.content)
    return kept._replace(content=relay(held.previous, WrittenEntry(held.public, private, held.actor_sig)))


def relay(previous: bytes, written: WrittenEntry) -> bytes:
    """A sister's entry as a document of the feed."""
    private = written.private or PrivatePart(b"", b"")
    return encode([previous, written.public, private.salt, private.content, written.actor_sig])


def read_relayed(content: bytes) -> Entry | None:
    """The entry a relayed document holds; None when it holds none."""
    held = read_relay(content)
    if held is None:
        return None
    return read_entry(held.previous, held.written())


def relayed_signature(content: bytes) -> bytes:
    """The person's signature a relayed document carries; empty where it holds no entry, or the entry needs none."""
    held = read_relay(content)
    return held.actor_sig if held is not None else b""


def read_relay(content: bytes) -> RelayedEntry | None:
    """A relayed document as it travels; None when it is none."""
    try:
        value = decode(content, 4 * MAX_BYTES)
        return msgspec.convert(value, RelayedEntry, builtin_types=(bytes,))
    except (CborError, msgspec.ValidationError):
        return None


def read_document(content: bytes) -> msgspec.Struct | DocumentFault:
    """The struct inside a stored document; its signatures were checked when it was pulled."""
    signed = decode_document(content)
    return from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else signed


def project_pulled(documents: Iterable[Pulled], pull: Entry, rows: Rows, attempt: Attempt) -> None:
    """Let the documents of a pull take effect in the order of the feed; those that do not fit are set aside."""
    for document in documents:
        entry = read_relayed(document.content) if document.kind == RELAYED else None
        try:
            with attempt():
                if entry is not None:
                    _project_relayed(entry, pull, rows)
                elif isinstance(value := read_document(document.content), msgspec.Struct):
                    project_document(value, rows)
        except UNFIT:
            set_aside(entry.ref if entry else document.ref, entry.envelope.kind if entry else document.kind, rows)


def _project_relayed(entry: Entry, pull: Entry, rows: Rows) -> None:
    known = rows.one("relayed", ref=entry.ref)
    before = rows.one("relayed", ref=reference(entry.envelope.device, entry.envelope.seq - 1))
    if before is not None and before["hash"] != entry.previous.hex():
        raise ValueError(f"{entry.ref} does not stand where it says")
    if known is None:
        row: Row = {"ref": entry.ref, "device": entry.envelope.device, "hash": entry.hash.hex()}
        # When it became known here is this device's own fact: its day close counts by it.
        learnt: Row = {"pulled_ref": pull.ref, "pulled_at": pull.envelope.at}
        rows.insert("relayed", row | learnt | {"seq": entry.envelope.seq})
        project(entry, rows)
    elif known["hash"] != entry.hash.hex():
        raise ValueError(f"two entries are called {entry.ref}: their journal was forked")


def set_aside(ref: str, kind: str, rows: Rows) -> None:
    """Note what was stored but took no effect here, because it does not fit."""
    rows.put("set_aside", {"ref": ref, "kind": kind})
