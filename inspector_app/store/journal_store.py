"""The device's journal on disk: appending acts, reading entries back, keeping the projections true.

An act's entries, their private parts and projections commit together or not at all. Entries are appended only if the
head is still the one the act was built on; otherwise :class:`HeadMoved` says so and the act is prepared again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

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
)
from inspector_app.journal.envelope import read_envelope
from inspector_app.journal.entries.devices import ProvincePulled, RetentionApplied
from inspector_app.journal.feed import Pulled, feed_hash, project_pulled
from inspector_app.journal.projections import VERSION, Row, Rows, project
from inspector_app.store.database import Database
from inspector_app.store.sql_rows import LIVE, SqlRows


class HeadMoved(Exception):
    """Another act was committed since this one was prepared; prepare it again."""


class Acknowledged(NamedTuple):
    """What the province has confirmed: epoch, seq, hash, its receipt, our cursor in its feed, last contact (UTC ms)."""

    epoch: str = ""
    seq: int = 0
    hash: bytes = b""
    receipt: bytes = b""
    cursor: int = 0
    contacted_at: int = 0


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

    def open(self) -> None:
        """Bring schema and projections up to this program's version."""
        self.database.migrate()
        row = self.database.one("SELECT version FROM projections")
        if row is None or int(row[0]) != VERSION:
            self.rebuild()

    def head(self) -> Head:
        """Where the journal stands."""
        row = self.database.one("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1")
        return Head(self.device, int(row[0]), bytes(row[1])) if row else genesis(self.device)

    def last_at(self) -> int:
        """The wall time (UTC ms) of the last entry, 0 when there is none."""
        for written in self.written(self.head().seq, 1) if self.head().seq else ():
            envelope, _verdict = read_envelope(written.public)
            return envelope.at if envelope else 0
        return 0

    def append(self, act: Act, *, pulled: Sequence[Pulled] = (), credentials: Sequence[HeldCredential] = ()) -> None:
        """Commit an act. Raises HeadMoved, StationError (disk) or BugError; then nothing of it is there."""
        if act.base.device != self.device:
            raise BugError("an act of another device")
        with self.database.transaction():
            if self.head() != act.base:
                raise HeadMoved
            for document in pulled:
                self.database.execute(
                    "INSERT INTO province_documents (epoch, cursor, kind, content) VALUES (?, ?, ?, ?)", document
                )
            for held in credentials:
                self.database.execute(
                    "INSERT OR REPLACE INTO credentials (number, print, credential, sealed) VALUES (?, ?, ?, ?)", held
                )
            head = act.base
            for written in act.entries:
                head = self._append(head, written)

    def _append(self, head: Head, written: WrittenEntry) -> Head:
        followed = follow(head, written)
        if isinstance(followed, ChainFault):
            raise BugError(f"own entry does not follow: {followed}")
        head, entry = followed
        self.database.execute(
            "INSERT INTO entries (seq, hash, public, actor_sig) VALUES (?, ?, ?, ?)",
            (head.seq, head.hash, written.public, written.actor_sig),
        )
        if written.private is not None:
            self.database.execute(
                "INSERT INTO entry_private (seq, salt, content) VALUES (?, ?, ?)",
                (head.seq, written.private.salt, written.private.content),
            )
        self._take_effect(entry, self.rows)
        self.database.execute("UPDATE projections SET seq = ?", (head.seq,))
        return head

    def _take_effect(self, entry: Entry, rows: Rows) -> None:
        match entry.fact:
            case ProvincePulled() as fact:
                project_pulled(self.documents(fact.epoch, fact.first, fact.last), rows)
            case RetentionApplied() as fact if rows is self.rows:
                self._remove_private(fact, entry)
            case _:
                project(entry, rows)

    def _remove_private(self, fact: RetentionApplied, entry: Entry) -> None:
        for ref in fact.entries:
            device, _, seq = ref.partition("/")
            if device == self.device:
                self.database.execute("INSERT INTO retention (seq, applied_by) VALUES (?, ?)", (seq, entry.envelope.seq))
                self.database.execute("DELETE FROM entry_private WHERE seq = ?", (seq,))

    def written(self, first: int = 1, limit: int = 1_000_000_000) -> Iterator[WrittenEntry]:
        """Entries from ``first`` on, exactly as stored."""
        for _seq, written in self.stored(first, limit):
            yield written

    def stored(self, first: int = 1, limit: int = 1_000_000_000) -> Iterator[tuple[bytes, WrittenEntry]]:
        """Entries with the hash stored beside each."""
        sql = (
            "SELECT entries.hash, public, actor_sig, salt, content FROM entries "
            "LEFT JOIN entry_private ON entry_private.seq = entries.seq WHERE entries.seq >= ? "
            "ORDER BY entries.seq LIMIT ?"
        )
        for stored_hash, public, signature, salt, content in self.database.all(sql, (first, limit)):
            private = None if salt is None else PrivatePart(bytes(salt), bytes(content))
            yield bytes(stored_hash), WrittenEntry(bytes(public), private, bytes(signature))

    def hash_at(self, seq: int) -> bytes:
        """The hash of entry ``seq`` (0: the empty journal)."""
        if seq == 0:
            return genesis(self.device).hash
        row = self.database.one("SELECT hash FROM entries WHERE seq = ?", (seq,))
        if row is None:
            raise BugError(f"no entry {seq}")
        return bytes(row[0])

    def entry(self, ref: str) -> Entry | None:
        """One entry of this device by its reference."""
        device, _, seq = ref.partition("/")
        if device != self.device:
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

    def documents(self, epoch: str, first: int, last: int) -> list[Pulled]:
        """Stored documents ``first … last`` of the feed."""
        sql = (
            "SELECT epoch, cursor, kind, content FROM province_documents "
            "WHERE epoch = ? AND cursor BETWEEN ? AND ? ORDER BY cursor"
        )
        return [Pulled(row[0], row[1], row[2], bytes(row[3])) for row in self.database.all(sql, (epoch, first, last))]

    def lowest_free(self, block: str) -> Row | None:
        """The free number of a block with the lowest digits."""
        sql = f"SELECT scheme, digits FROM {LIVE}numbers WHERE block = ? AND state = 'free' ORDER BY digits LIMIT 1"
        row = self.database.one(sql, (block,))
        return {"scheme": row[0], "digits": row[1]} if row else None

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
            if not isinstance(entry.fact, RetentionApplied):
                self._take_effect(entry, rows)

    def build_beside(self, prefix: str) -> SqlRows:
        """The same projections under other names, for comparison; the caller holds a transaction and drops them."""
        beside = SqlRows(self.database, prefix)
        beside.drop()
        beside.create()
        self._project_all(beside)
        return beside


def pulled_entry(epoch: str, documents: Iterable[Pulled]) -> ProvincePulled:
    """The own entry that makes a pull take effect."""
    listed = list(documents)
    return ProvincePulled(epoch=epoch, first=listed[0].cursor, last=listed[-1].cursor, hash=feed_hash(listed).hex())
