"""The device's journal on disk: appending acts, reading entries back, keeping the projections true.

An act's entries, their private parts and projections commit together or not at all. Entries are appended only if the
head is still the one the act was built on; otherwise :class:`HeadMoved` says so and the act is prepared again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from inspector_app.domain.quantities import Quantity
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import (
    Act,
    ChainFault,
    Entry,
    Head,
    PrivatePart,
    WrittenEntry,
    follow,
    genesis,
    read_entry,
    reference,
)
from inspector_app.journal.entries.devices import ProvincePulled, RetentionApplied
from inspector_app.journal.envelope import MAX_INTEGER, Verdict, read_at
from inspector_app.journal.feed import (
    ONLINE,
    PERSONAL,
    UNFIT,
    Acknowledged,
    Pulled,
    RemovablePart,
    feed_hash,
    joined,
    kept_hash,
    part_holds,
    parted,
    project_pulled,
    set_aside,
)
from inspector_app.journal.projections import VERSION, Row, forget, project
from inspector_app.store.database import Database
from inspector_app.store.sql_rows import IN_MEMORY, LIVE, SqlRows

ROWS_AT_ONCE = 512


class HeadMoved(Exception):  # noqa: N818 - an outcome to meet by trying again, not an error
    """Another act was committed since this one was prepared; prepare it again."""


class HeldCredential(NamedTuple):
    """The credential of one print: the first lies open, spares are sealed until released."""

    number: str
    print_no: int
    credential: bytes | None
    sealed: bytes | None


class JournalStore:
    """Journal, documents and projections of one device in one database."""

    def __init__(self, database: Database, device: str) -> None:
        self.database = database
        self.device = device
        self.rows = SqlRows(database)

    def open(self) -> bool:
        """Bring schema and projections up to this program's version; True when projections were built anew."""
        self.database.migrate()
        row = self.database.one("SELECT version, seq FROM projections")
        if row is None or tuple(row) != (VERSION, self.head().seq):
            self.rebuild()
            return True
        return False

    def head(self) -> Head:
        """Where the journal stands."""
        row = self.database.one("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1")
        return Head(self.device, int(row[0]), bytes(row[1])) if row else genesis(self.device)

    def last_at(self) -> int:
        """The wall time (UTC ms) of the last entry, 0 when there is none."""
        row = self.database.one("SELECT public FROM entries ORDER BY seq DESC LIMIT 1")
        return read_at(bytes(row[0])) if row else 0

    def append(self, act: Act, *, pulled: Sequence[Pulled] = (), credentials: Sequence[HeldCredential] = ()) -> None:
        """Commit an act. Raises HeadMoved, StationError (disk) or BugError; then nothing of it is there."""
        if act.base.device != self.device:
            raise BugError("an act of another device")
        with self.database.transaction():
            if self.head() != act.base:
                raise HeadMoved
            for document in pulled:
                self._store_document(document)
            for held in credentials:
                self.database.execute(
                    "INSERT OR REPLACE INTO credentials (number, print, credential, sealed) VALUES (?, ?, ?, ?)", held
                )
            head = act.base
            for written in act.entries:
                head = self._append(head, written)
            self.database.execute("UPDATE projections SET seq = ?", (head.seq,))
            if pulled:
                self._require_effect(pulled[-1])

    def _require_effect(self, last: Pulled) -> None:
        pull = self.rows.one("pulls", device=self.device)
        if pull is None or (pull["epoch"], pull["last"]) != (last.epoch, last.cursor):
            raise BugError("documents that no province.pulled of the act lets take effect")

    def _store_document(self, document: Pulled) -> None:
        kept, part = parted(document)
        sql = "INSERT INTO province_documents (epoch, cursor, kind, content) VALUES (?, ?, ?, ?)"
        self.database.execute(sql, kept)
        # Told again after a restore of the province, a part whose retention has ended does not come back.
        if part is not None and not self._retention_ended(part.ref):
            sql = "INSERT INTO document_private (epoch, cursor, ref, salt, content) VALUES (?, ?, ?, ?, ?)"
            self.database.execute(sql, (document.epoch, document.cursor, *part))

    def _retention_ended(self, ref: str) -> bool:
        return self.database.one("SELECT 1 FROM document_retention WHERE ref = ?", (ref,)) is not None

    def _append(self, head: Head, written: WrittenEntry) -> Head:
        followed = follow(head, written)
        if isinstance(followed, ChainFault):
            raise BugError(f"own entry does not follow: {followed}")
        head, entry = followed
        # What is written must be what will be read: from here on the bytes are all there is.
        if entry.verdict is not Verdict.OK or (entry.private is None) != (written.private is None):
            raise BugError(f"own entry {entry.envelope.kind} does not read back: {entry.verdict}")
        self.database.execute(
            "INSERT INTO entries (seq, hash, public, actor_sig) VALUES (?, ?, ?, ?)",
            (head.seq, head.hash, written.public, written.actor_sig),
        )
        if written.private is not None:
            self.database.execute(
                "INSERT INTO entry_private (seq, salt, content) VALUES (?, ?, ?)",
                (head.seq, written.private.salt, written.private.content),
            )
        try:
            self._take_effect(entry)
        except (ValueError, KeyError, TypeError, ArithmeticError) as fault:
            raise BugError(f"own entry {entry.envelope.kind} does not fit: {fault}") from fault
        return head

    def _take_effect(self, entry: Entry) -> None:
        match entry.fact:
            case ProvincePulled() as fact:
                if not self.documents_hold(fact):
                    raise BugError("the documents stored are not those pulled")
                self._project(entry, self.rows)
            case RetentionApplied() as fact:
                for ref in fact.entries:
                    self._remove_private(ref, entry.envelope.seq)
            case _:
                self._project(entry, self.rows)

    def _project(self, entry: Entry, rows: SqlRows) -> None:
        match entry.fact:
            case ProvincePulled() as fact:
                documents = self.documents(fact.epoch, fact.first, fact.last)
                project_pulled(documents, entry, rows, self.database.savepoint)
                project(entry, rows)
            case RetentionApplied():
                pass  # what it removed is gone already when the projections are rebuilt
            case _:
                project(entry, rows)

    def _remove_private(self, ref: str, applied_by: int) -> None:
        device, _, seq = ref.partition("/")
        if device == self.device:
            self.database.execute("INSERT INTO retention (seq, applied_by) VALUES (?, ?)", (seq, applied_by))
            self.database.execute("DELETE FROM entry_private WHERE seq = ?", (seq,))
        else:
            self.database.execute("INSERT INTO document_retention (ref, applied_by) VALUES (?, ?)", (ref, applied_by))
            self.database.execute("DELETE FROM document_private WHERE ref = ?", (ref,))
            # All of an online declaration is personal: a rebuild without it has no row.
            self.rows.remove("online_declarations", online=ref.removeprefix(ONLINE))
        forget(ref, self.rows)

    def written(self, first: int = 1, limit: int = 1_000_000_000) -> Iterator[WrittenEntry]:
        """Entries from ``first`` on, exactly as stored."""
        for _seq, written in self.stored(first, limit):
            yield written

    def stored(self, first: int = 1, limit: int = 1_000_000_000) -> Iterator[tuple[bytes, WrittenEntry]]:
        """Entries with the hash stored beside each; read some hundred at a time, so that a journal may be long."""
        sql = (
            "SELECT entries.hash, public, actor_sig, salt, content FROM entries "
            "LEFT JOIN entry_private ON entry_private.seq = entries.seq WHERE entries.seq >= ? "
            "ORDER BY entries.seq LIMIT ?"
        )
        while limit > 0 and (found := self.database.all(sql, (first, min(limit, ROWS_AT_ONCE)))):
            for stored_hash, public, signature, salt, content in found:
                private = None if salt is None else PrivatePart(bytes(salt), bytes(content))
                yield bytes(stored_hash), WrittenEntry(bytes(public), private, bytes(signature))
            first, limit = first + len(found), limit - len(found)

    def hash_at(self, seq: int) -> bytes:
        """The hash of entry ``seq`` (0: the empty journal)."""
        if seq == 0:
            return genesis(self.device).hash
        row = self.database.one("SELECT hash FROM entries WHERE seq = ?", (seq,))
        if row is None:
            raise BugError(f"no entry {seq}")
        return bytes(row[0])

    def entry(self, ref: str) -> Entry | None:
        """One entry of this device by its reference; None for anything else."""
        device, _, seq = ref.partition("/")
        is_seq = seq.isascii() and seq.isdigit() and len(seq) <= len(str(MAX_INTEGER))
        if device != self.device or not is_seq or not 1 <= int(seq) <= MAX_INTEGER:
            return None
        for written in self.written(int(seq), 1):
            return read_entry(self.hash_at(int(seq) - 1), written)
        return None

    def entries(self, first: int = 1) -> Iterator[Entry]:
        """Decoded entries from ``first`` on; StationError when one cannot be read."""
        previous = self.hash_at(first - 1)
        for stored_hash, written in self.stored(first):
            entry = read_entry(previous, written)
            if entry is None:
                raise StationError("journal_damaged", seq=first)
            previous = stored_hash
            first += 1
            yield entry

    def entries_naming(self, words: Collection[str]) -> Iterator[Entry]:
        """Decoded entries whose public bytes hold one of these ASCII words, in order; the others are not decoded."""
        sought, seq = [word.encode() for word in words], 0
        sql = "SELECT seq, public FROM entries WHERE seq > ? ORDER BY seq LIMIT ?"
        while found := self.database.all(sql, (seq, ROWS_AT_ONCE)):
            for seq, public in found:
                entry = self.entry(reference(self.device, seq)) if any(word in public for word in sought) else None
                if entry is not None:
                    yield entry

    def documents(self, epoch: str, first: int, last: int) -> list[Pulled]:
        """Stored documents ``first … last`` of the feed, as received; not those retention left only a hash of."""
        found = self._parted(epoch, first, last)
        return [joined(kept, part) for kept, part in found if part is not None or kept.kind not in PERSONAL]

    def documents_after(self, cursor: int) -> list[Pulled]:
        """Stored documents of every epoch beyond a cursor, those of earlier epochs first."""
        # The text of an epoch begins with its number.
        sql = "SELECT DISTINCT epoch FROM province_documents WHERE cursor > ? ORDER BY CAST(epoch AS INTEGER), epoch"
        epochs = [str(row[0]) for row in self.database.all(sql, (cursor,))]
        return [found for epoch in epochs for found in self.documents(epoch, cursor + 1, MAX_INTEGER)]

    def _parted(self, epoch: str, first: int, last: int) -> list[tuple[Pulled, RemovablePart | None]]:
        sql = (
            "SELECT epoch, cursor, kind, held.content, ref, salt, part.content FROM province_documents AS held "
            "LEFT JOIN document_private AS part USING (epoch, cursor) "
            "WHERE epoch = ? AND cursor BETWEEN ? AND ? ORDER BY cursor"
        )
        found = []
        for *place, content, ref, salt, removable in self.database.all(sql, (epoch, first, last)):
            part = None if ref is None else RemovablePart(ref, bytes(salt), bytes(removable))
            found.append((Pulled(place[0], place[1], place[2], bytes(content)), part))
        return found

    def documents_hold(self, fact: ProvincePulled) -> bool:
        """Whether the stored documents are those a pull stated, whatever retention has taken from them since."""
        found = self._parted(fact.epoch, fact.first, fact.last)
        whole = all(part_holds(kept, part) for kept, part in found if part is not None)
        return whole and kept_hash(kept for kept, _part in found).hex() == fact.hash

    def lowest_free(self, block: str) -> Row | None:
        """The free number of a block with the lowest digits."""
        sql = f"SELECT scheme, digits FROM {LIVE}numbers WHERE block = ? AND state = 'free' ORDER BY digits LIMIT 1"
        row = self.database.one(sql, (block,))
        return {"scheme": row[0], "digits": row[1]} if row else None

    def quantities(self, inspection: str) -> dict[str, Quantity]:
        """The quantities of the certificates in force on an inspected batch, by number."""
        sql = (
            f"SELECT number, value, scale, unit FROM {LIVE}certificates "
            "WHERE inspection = ? AND state = 'issued' AND value IS NOT NULL ORDER BY number"
        )
        return {number: Quantity(*parts) for number, *parts in self.database.all(sql, (inspection,))}

    def newest_policy(self) -> str:
        """The version of the policy pulled last, "" before the first."""
        row = self.database.one(f"SELECT version FROM {LIVE}policies ORDER BY issued_at DESC, version DESC LIMIT 1")
        return str(row[0]) if row else ""

    def credential(self, number: str, print_no: int) -> HeldCredential | None:
        """The credential of a print, if this device holds it."""
        sql = "SELECT number, print, credential, sealed FROM credentials WHERE number = ? AND print = ?"
        row = self.database.one(sql, (number, print_no))
        if row is None:
            return None
        opened, sealed = (None if part is None else bytes(part) for part in row[2:])
        return HeldCredential(row[0], row[1], opened, sealed)

    def keep_ticket(self, attempt: str, ticket: str) -> None:
        """Remember the printer's name for an attempt's job."""
        with self.database.transaction():
            self.database.execute("INSERT OR REPLACE INTO tickets (attempt, ticket) VALUES (?, ?)", (attempt, ticket))

    def ticket(self, attempt: str) -> str:
        """The printer's name for an attempt's job, "" when it never got one."""
        row = self.database.one("SELECT ticket FROM tickets WHERE attempt = ?", (attempt,))
        return str(row[0]) if row else ""

    def acknowledged(self) -> Acknowledged:
        """How far the province has confirmed."""
        sql = "SELECT epoch, seq, hash, receipt, cursor, contacted_at FROM acknowledged"
        row = self.database.one(sql)
        return Acknowledged(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4], row[5]) if row else Acknowledged()

    def note_acknowledged(self, note: Acknowledged) -> None:
        """Remember what the province confirmed."""
        sql = (
            "INSERT OR REPLACE INTO acknowledged (only, epoch, seq, hash, receipt, cursor, contacted_at) "
            "VALUES (1, ?, ?, ?, ?, ?, ?)"
        )
        with self.database.transaction():
            self.database.execute(sql, note)

    def freeze(self, reason: str, at: int) -> None:
        """Remember durably why issuing stopped; the first reason stays."""
        with self.database.transaction():
            self.database.execute("INSERT OR IGNORE INTO frozen (only, reason, at) VALUES (1, ?, ?)", (reason, at))

    def frozen(self) -> str:
        """Why issuing stopped, "" when it did not."""
        row = self.database.one("SELECT reason FROM frozen")
        return str(row[0]) if row else ""

    def documents_of(self, kind: str) -> list[bytes]:
        """All stored documents of a type, in the order of the feed."""
        sql = "SELECT content FROM province_documents WHERE kind = ? ORDER BY epoch, cursor"
        return [bytes(row[0]) for row in self.database.all(sql, (kind,))]

    def waiting(self) -> int:
        """How many entries the province has not acknowledged: the outbox is the rest of the journal."""
        return self.head().seq - self.acknowledged().seq

    def rebuild(self) -> None:
        """Build the projections anew from entries and documents into fresh tables, and swap them in."""
        with self.database.transaction():
            self.rows.drop()
            self.rows.create()
            self._project_all(self.rows)
            self.database.execute(
                "INSERT OR REPLACE INTO projections (only, version, seq) VALUES (1, ?, ?)", (VERSION, self.head().seq)
            )

    def _project_all(self, rows: SqlRows) -> None:
        for entry in self.entries():
            try:
                with self.database.savepoint():
                    self._project(entry, rows)
            except UNFIT:
                # It fitted the rows of the program that wrote it; to this one it is at least shown.
                set_aside(entry.ref, entry.envelope.kind, rows)

    def build_beside(self, prefix: str) -> SqlRows:
        """The same projections under other names, for comparison; the caller holds a transaction and empties them."""
        beside = SqlRows(self.database, prefix, IN_MEMORY)
        beside.empty()
        self._project_all(beside)
        return beside


def pulled_entry(epoch: str, documents: Iterable[Pulled]) -> ProvincePulled:
    """The own entry that makes a pull take effect."""
    listed = list(documents)
    return ProvincePulled(epoch=epoch, first=listed[0].cursor, last=listed[-1].cursor, hash=feed_hash(listed).hex())
