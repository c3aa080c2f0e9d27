"""The province's own journal: one append-only order of everything it tells and everything it accepted.

A row is either a document (bytes as signed) or the reference to an accepted entry. Each device reads the rows of its
audience after its cursor; the province's own projections read all of them, in the same order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

import msgspec
from django.db import connections
from django.db.models import Min, Q, QuerySet

from inspector_app.domain.documents import SignedDocument, decode_document
from inspector_app.errors import BugError
from inspector_app.journal.chain import PrivatePart, WrittenEntry, genesis
from inspector_app.journal.feed import PERSONAL, RELAYED, relay
from inspector_app.suites import sha256
from province import granting, provinces
from province.journal.models import EntryPrivate, FeedDocument, FeedPrivate, Journal, State, StoredEntry
from sync.protocol import DOCUMENTS_BYTES, FeedItem, epoch_number


class Audience(msgspec.Struct, frozen=True):
    """Whom a document is for: everybody, a station (0: any), one device, or nobody (``held_back``)."""

    station: int = 0
    device: str = ""
    held_back: bool = False


EVERYBODY = Audience()
_NEXT = 'UPDATE journal_state SET "cursor" = "cursor" + 1 WHERE "only" = 1 RETURNING "cursor", epoch'
_NO_CONTENT: dict[str, object] = {"content": b"", "entry_device": "", "entry_seq": 0}
_COLUMNS = ("cursor", "epoch", "at", "kind", "station", "device", "held_back", *_NO_CONTENT)
_NAMES = ", ".join(f'"{column}"' for column in _COLUMNS)
_ADD = f'INSERT INTO "feed" ({_NAMES}) VALUES ({", ".join(["%s"] * len(_COLUMNS))})'
NOBODY = Audience(held_back=True)
_CHUNK = 64


def lock_state(using: str) -> State:
    """The province's row, locked until the transaction ends: nobody else adds to the feed meanwhile.

    StationError ``province.not_holder`` at a server that another one has taken over from: two that publish would tell
    different things under one cursor.
    """
    granting.require_holder(using)
    return State.objects.using(using).select_for_update().get(only=1)


def publish(using: str, signed: SignedDocument, audience: Audience, at: int) -> int:
    """Add a signed document to the feed; returns its cursor. The caller holds a transaction."""
    raw = signed.encoded()
    if signed.type not in PERSONAL:
        return _append(using, at, kind=signed.type, content=raw, **_told_to(audience))
    cursor = _append(using, at, kind=signed.type, content=sha256(raw), **_told_to(audience))
    FeedPrivate.objects.using(using).create(cursor=cursor, content=raw)
    return cursor


def publish_raw(using: str, raw: bytes, audience: Audience) -> int:
    """Add a document that was signed earlier, exactly as it was; returns its cursor."""
    signed = decode_document(raw)
    if not isinstance(signed, SignedDocument):
        raise BugError(f"not a document: {signed}")
    at = provinces.of(using).clock.now().at
    return _append(using, at, kind=signed.type, content=raw, **_told_to(audience))


def accept(using: str, journal: Journal, seq: int, at: int) -> int:
    """Add an accepted entry to the feed, for the sister devices of its station; returns its cursor.

    It is named by where it is stored, never by what it says of itself.
    """
    told = _told_to(Audience(station=journal.station))
    return _append(using, at, kind=RELAYED, entry_device=journal.device, entry_seq=seq, **told)


def _told_to(audience: Audience) -> dict[str, str | int | bool]:
    return {"station": audience.station, "device": audience.device, "held_back": audience.held_back}


def _append(using: str, at: int, **columns: object) -> int:
    with connections[using].cursor() as database:
        # Taking the next cursor locks the province's row until the transaction ends.
        database.execute(_NEXT)
        cursor, epoch = database.fetchone()
        row = {"cursor": cursor, "epoch": epoch, "at": at, **_NO_CONTENT, **columns}
        # Written once for each accepted entry: what the ORM does around one INSERT costs ten times the INSERT.
        database.execute(_ADD, [row[column] for column in _COLUMNS])
    return int(cursor)


def documents_after(using: str, device: str, station: int, cursor: int) -> tuple[tuple[FeedItem, ...], bool]:
    """The next documents for a device, and whether there are more after them.

    Its own entries are not told back to it.
    """
    for_it = Q(held_back=False) & (Q(station=0) | Q(station=station)) & (Q(device="") | Q(device=device))
    rows = FeedDocument.objects.using(using).filter(for_it, cursor__gt=cursor).exclude(entry_device=device)
    taken: list[FeedItem] = []
    size = 0
    for row, content in _with_contents(using, rows):
        if size > DOCUMENTS_BYTES:
            return tuple(taken), True
        if content is not None:
            taken.append(FeedItem(row.cursor, row.kind, content))
            size += len(content)
    return tuple(taken), False


def _with_contents(using: str, rows: QuerySet[FeedDocument]) -> Iterator[tuple[FeedDocument, bytes | None]]:
    """Rows in the order of the feed, each with the bytes it stands for, read in a few queries for many rows."""
    found = rows.order_by("cursor").iterator(chunk_size=_CHUNK)
    while chunk := list(islice(found, _CHUNK)):
        yield from zip(chunk, contents_of(using, chunk), strict=True)


def contents_of(using: str, rows: Sequence[FeedDocument]) -> list[bytes | None]:
    """The bytes feed rows stand for; None where they were personal and are gone at the end of their retention.

    A relayed entry carries its private part as long as that is kept. A row that names an entry nobody holds stands for
    nothing: it stops nobody's pull.
    """
    told = _relays(using, [row for row in rows if row.kind == RELAYED])
    personal = FeedPrivate.objects.using(using).filter(cursor__in=[row.cursor for row in rows if row.kind in PERSONAL])
    told |= {part.cursor: bytes(part.content) for part in personal}
    return [told.get(row.cursor) if row.kind in {RELAYED, *PERSONAL} else bytes(row.content) for row in rows]


def _relays(using: str, rows: Sequence[FeedDocument]) -> dict[int, bytes]:
    told: dict[int, bytes] = {}
    for device in sorted({row.entry_device for row in rows}):
        seqs = {row.entry_seq: row.cursor for row in rows if row.entry_device == device}
        told |= {seqs[seq]: content for seq, content in _relays_of(using, device, seqs.keys())}
    return told


def _relays_of(using: str, device: str, seqs: Collection[int]) -> Iterator[tuple[int, bytes]]:
    near = {*seqs, *(seq - 1 for seq in seqs)}
    entries = {one.seq: one for one in StoredEntry.objects.using(using).filter(device=device, seq__in=near)}
    parts = {one.seq: one for one in EntryPrivate.objects.using(using).filter(device=device, seq__in=seqs)}
    hashes = {seq: bytes(one.hash) for seq, one in entries.items()} | {0: genesis(device).hash}
    for seq in seqs:
        if (stored := entries.get(seq)) is not None and seq - 1 in hashes:
            yield seq, relay(hashes[seq - 1], _written(stored, parts.get(seq)))


def written(using: str, stored: StoredEntry) -> WrittenEntry:
    """A stored entry with its private part, if that is still kept."""
    return _written(stored, EntryPrivate.objects.using(using).filter(device=stored.device, seq=stored.seq).first())


def _written(stored: StoredEntry, private: EntryPrivate | None) -> WrittenEntry:
    part = PrivatePart(bytes(private.salt), bytes(private.content)) if private else None
    return WrittenEntry(bytes(stored.public), part, bytes(stored.actor_sig))


def hash_before(using: str, device: str, seq: int) -> bytes:
    """The hash entry ``seq`` was chained to."""
    from province.journal.recording import hash_at

    found = hash_at(using, device, seq - 1)
    return found or sha256(b"")


def rows_after(using: str, cursor: int) -> Iterator[tuple[FeedDocument, bytes | None]]:
    """All rows of the feed after a cursor, in order, each with the bytes it stands for (:func:`contents_of`)."""
    return _with_contents(using, FeedDocument.objects.using(using).filter(cursor__gt=cursor))


def common_with(using: str, state: State, epoch: str) -> int:
    """The cursor through which a device that last knew ``epoch`` has followed the same feed.

    It ends before the first document of any later epoch: the device may have missed more than one restore.
    """
    if epoch in ("", state.epoch):
        return state.base
    begun = FeedDocument.objects.using(using).order_by().values_list("epoch").annotate(Min("cursor"))
    later = [first - 1 for told, first in begun if epoch_number(told) > epoch_number(epoch)]
    return min([state.base, *later])
