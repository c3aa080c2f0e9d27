"""Recording what a device sends (SYNC 3.3, steps 1–5): whatever follows its journal is kept, judged later or never.

One transaction, with the journal's row locked. An entry already held is compared, not stored again; one that differs
proves a fork, and then both branches are kept and nothing more is added to the journal. A request that starts after
the head changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import connections, transaction

from inspector_app.journal.chain import WrittenEntry, entry_hash, genesis, private_holds
from inspector_app.journal.envelope import Envelope, read_envelope
from inspector_app.suites import PublicKey, verify
from province.journal.models import (
    AsideEntry,
    Cause,
    Incident,
    Journal,
    JournalState,
    StoredEntry,
)
from province.numbers.contested import contest, fact_in
from sync.protocol import (
    HEAD_CONTEXT,
    MAX_BATCH_BYTES,
    MAX_PRIVATE_BYTES,
    PROTO_MIN,
    Status,
    SyncRequest,
    head_message,
    written_size,
)

Written = tuple[str | int | bytes, ...]
_BULK = 500
_ADD_ENTRY = (
    'INSERT INTO "entry" ("device", "seq", "hash", "public", "actor_sig", "kind", "at", "actor", "received_at") '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_ADD_PRIVATE = 'INSERT INTO "entry_private" ("device", "seq", "salt", "content") VALUES (%s, %s, %s, %s)'


class RequestError(Exception):
    """The request contradicts itself or breaks a limit: nothing is recorded. ``code`` says what, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Recorded(msgspec.Struct, frozen=True):
    """What recording came to: where the journal stands now, and what is new.

    ``contested`` counts the numbers of which a second paper has come to light.
    """

    status: Status
    seq: int
    hash: bytes
    added: int = 0
    evidence: int = 0
    contested: int = 0


class Chained(msgspec.Struct, frozen=True):
    """An entry at its place in the chain the request claims."""

    seq: int
    base: bytes
    hash: bytes
    entry: WrittenEntry


def append_entries(using: str, request: SyncRequest, *, key: PublicKey, frame: bytes, at: int) -> Recorded:
    """Record a request's entries; idempotent, whatever was lost, doubled or reordered.

    Raises RequestError for a request that cannot be what an honest device meant.
    """
    _check_limits(request)
    device = request.device.hex()
    chained = _chain(request)
    _check_head(request, chained, key)
    with transaction.atomic(using=using):
        journal = Journal.objects.using(using).select_for_update().get(device=device)
        if request.proto < PROTO_MIN:
            return _standing(journal, Status.TOO_OLD)
        if journal.state != JournalState.ACTIVE:
            return _set_aside(using, journal, chained, at)
        if request.from_seq > journal.seq + 1:
            return _standing(journal, Status.GAP)
        if _differs(using, journal, request, chained):
            return _fork(using, journal, chained, frame=frame, at=at)
        return _record(using, journal, request, chained, at)


def hash_at(using: str, device: str, seq: int) -> bytes | None:
    """The hash of a device's entry ``seq`` (0: the empty journal), if it is held."""
    if seq == 0:
        return genesis(device).hash
    row = StoredEntry.objects.using(using).filter(device=device, seq=seq).values_list("hash", flat=True).first()
    return None if row is None else bytes(row)


def _check_limits(request: SyncRequest) -> None:
    if (
        len(request.device) != 16
        or request.from_seq < 1
        or request.head_seq < request.from_seq - 1 + len(request.entries)
    ):
        raise RequestError("request_malformed")
    if sum(map(written_size, request.entries)) > MAX_BATCH_BYTES:
        raise RequestError("request_too_large")
    if any(len(one.private.content) > MAX_PRIVATE_BYTES for one in request.entries if one.private):
        raise RequestError("request_too_large")
    if len(request.base_hash) != 32:
        raise RequestError("request_malformed")


def _chain(request: SyncRequest) -> list[Chained]:
    chained: list[Chained] = []
    base = request.base_hash
    for seq, entry in enumerate(request.entries, start=request.from_seq):
        following = entry_hash(base, entry.public)
        chained.append(Chained(seq, base, following, entry))
        base = following
    return chained


def _check_head(request: SyncRequest, chained: Sequence[Chained], key: PublicKey) -> None:
    if request.head_seq == request.from_seq - 1:
        return  # nothing beyond base: the frame's own signature covers seq and hash
    reached = chained[-1].hash if chained and chained[-1].seq == request.head_seq else b""
    if reached and request.head_hash not in (b"", reached):
        raise RequestError("head_differs")
    message = head_message(request.device.hex(), request.head_seq, reached or request.head_hash)
    if not verify(key, HEAD_CONTEXT, message, request.head_sig):
        raise RequestError("head_signature_bad")


def _differs(using: str, journal: Journal, request: SyncRequest, chained: Sequence[Chained]) -> bool:
    """Whether the request's history is not the journal's: its base, or any entry held already."""
    if hash_at(using, journal.device, request.from_seq - 1) != request.base_hash:
        return True
    held = _held(using, journal, chained)
    return any(held.get(one.seq, one.hash) != one.hash for one in chained)


def _held(using: str, journal: Journal, chained: Sequence[Chained]) -> dict[int, bytes]:
    if not chained or chained[0].seq > journal.seq:
        return {}
    rows = StoredEntry.objects.using(using).filter(
        device=journal.device, seq__gte=chained[0].seq, seq__lte=chained[-1].seq
    )
    return {seq: bytes(held) for seq, held in rows.values_list("seq", "hash")}


def _record(using: str, journal: Journal, request: SyncRequest, chained: Sequence[Chained], at: int) -> Recorded:
    new = [one for one in chained if one.seq > journal.seq]
    read = [(one, read_envelope(one.entry.public)[0]) for one in new]
    parts = [part for one, envelope in read if (part := _private(journal.device, one, envelope)) is not None]
    with connections[using].cursor() as database:
        # As models, ten thousand entries would cost more in making the models than in writing the rows.
        database.executemany(_ADD_ENTRY, [_stored(journal.device, one, envelope, at) for one, envelope in read])
        database.executemany(_ADD_PRIVATE, parts)
    if new:
        journal.seq, journal.hash = new[-1].seq, new[-1].hash
    if request.head_sig and request.head_seq <= journal.seq and request.head_seq > journal.head_seq:
        journal.head_seq, journal.head_sig = request.head_seq, request.head_sig
    _note_contact(journal, request, at)
    journal.save(using=using)
    return _standing(journal, Status.OK, added=len(new))


def _note_contact(journal: Journal, request: SyncRequest, at: int) -> None:
    journal.contacted_at = max(at, journal.contacted_at)
    journal.program = listed(request.program, 40)
    journal.clock_offset = request.at - at


def _stored(device: str, one: Chained, envelope: Envelope | None, at: int) -> Written:
    """A row of ``entry``, in the order of its columns."""
    kind = listed(envelope.kind, 60) if envelope else ""
    when, actor = (envelope.at, envelope.actor) if envelope else (0, 0)
    return (device, one.seq, one.hash, one.entry.public, one.entry.actor_sig, kind, when, actor, at)


def listed(text: str, limit: int) -> str:
    """A stranger's text fit for a column of a list: PostgreSQL holds no NUL."""
    return text.replace("\x00", "")[:limit]


def _private(device: str, one: Chained, envelope: Envelope | None) -> Written | None:
    """A row of ``entry_private``, in the order of its columns."""
    part = one.entry.private
    # What the entry did not commit to is nothing of its: it is not kept, and the entry is judged without it.
    if part is None or envelope is None or not private_holds(envelope, part):
        return None
    return (device, one.seq, part.salt, part.content)


def _fork(using: str, journal: Journal, chained: Sequence[Chained], *, frame: bytes, at: int) -> Recorded:
    journal.state = JournalState.FORKED
    journal.save(using=using, update_fields=["state"])
    incident = Incident(device=journal.device, kind="fork", seq=journal.seq, at=at, frame=frame)
    Incident.objects.using(using).bulk_create([incident], ignore_conflicts=True)
    return _set_aside(using, journal, chained, at)


def _set_aside(using: str, journal: Journal, chained: Sequence[Chained], at: int) -> Recorded:
    """Keep what a forked or fenced device sends: the branch, from where it left the journal."""
    cause = Cause.FORK if journal.state == JournalState.FORKED else Cause.FENCE
    held = _held(using, journal, chained)
    branch = [one for one in chained if held.get(one.seq) != one.hash]
    rows = [_aside(journal.device, one, cause, at) for one in branch]
    AsideEntry.objects.using(using).bulk_create(rows, batch_size=_BULK, ignore_conflicts=True)
    contested = contest(using, journal.device, [fact_in(one.entry.public) for one in branch], at)
    evidence = max([journal.evidence, *(one.seq for one in chained)])
    Journal.objects.using(using).filter(device=journal.device).update(evidence=evidence, contacted_at=at)
    status = Status.FORK if journal.state == JournalState.FORKED else Status.FENCED
    through = chained[-1].seq if chained else 0
    return _standing(journal, status, evidence=through, contested=contested)


def _aside(device: str, one: Chained, cause: Cause, at: int) -> AsideEntry:
    private = one.entry.private
    return AsideEntry(
        device=device,
        seq=one.seq,
        hash=one.hash,
        base=one.base,
        public=one.entry.public,
        salt=private.salt if private else b"",
        private=private.content if private else b"",
        actor_sig=one.entry.actor_sig,
        cause=cause,
        received_at=at,
    )


def _standing(journal: Journal, status: Status, *, added: int = 0, evidence: int = 0, contested: int = 0) -> Recorded:
    return Recorded(status, journal.seq, bytes(journal.hash), added, evidence, contested)
