"""The province's feed: documents and sisters' entries in one order, as pulled and as they take effect.

A document's ``kind`` is its type (``block/1``) or ``entry`` for an accepted entry of a sister device, relayed. Relayed
entries are read, shown and counted; they are never this device's outbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.documents import DocumentFault, SignedDocument, decode_document, from_payload
from inspector_app.journal.chain import Entry, PrivatePart, WrittenEntry, read_entry
from inspector_app.journal.envelope import MAX_BYTES
from inspector_app.journal.projections.registry import project, project_document
from inspector_app.journal.projections.rows import Rows
from inspector_app.suites import sha256

RELAYED = "entry"
FEED_CONTEXT = b"inspector/feed/1"


class Pulled(NamedTuple):
    """One document of the feed as stored: epoch, cursor, kind, exact bytes."""

    epoch: str
    cursor: int
    kind: str
    content: bytes


class RelayedEntry(msgspec.Struct, frozen=True, array_like=True):
    """A sister's accepted entry with the hash before it."""

    previous: bytes
    public: bytes
    salt: bytes
    private: bytes
    actor_sig: bytes


def feed_hash(documents: Iterable[Pulled]) -> bytes:
    """The hash a ``province.pulled`` entry states over the documents it lets take effect."""
    parts = [FEED_CONTEXT]
    for document in documents:
        parts += [document.cursor.to_bytes(8, "big"), document.kind.encode(), b"\0", sha256(document.content)]
    return sha256(*parts)


def relay(previous: bytes, written: WrittenEntry) -> bytes:
    """A sister's entry as a document of the feed."""
    private = written.private or PrivatePart(b"", b"")
    return encode([previous, written.public, private.salt, private.content, written.actor_sig])


def read_relayed(content: bytes) -> Entry | None:
    """The entry a relayed document holds."""
    try:
        value = decode(content, 4 * MAX_BYTES)
        held = msgspec.convert(value, RelayedEntry, builtin_types=(bytes,))
    except (CborError, msgspec.ValidationError):
        return None
    private = PrivatePart(held.salt, held.private) if held.salt else None
    return read_entry(held.previous, WrittenEntry(held.public, private, held.actor_sig))


def read_document(content: bytes) -> msgspec.Struct | DocumentFault:
    """The struct inside a stored document; its signatures were checked when it was pulled."""
    signed = decode_document(content)
    return from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else signed


def project_pulled(documents: Iterable[Pulled], rows: Rows) -> None:
    """Let documents take effect in the order of the feed."""
    for document in documents:
        if document.kind == RELAYED:
            if (entry := read_relayed(document.content)) is not None:
                project(entry, rows)
        elif isinstance(value := read_document(document.content), msgspec.Struct):
            project_document(value, rows)
