"""Proving a home sound: the chain verifies, private parts match, and projections rebuilt from it are equal.

Every finding names the first record that differs; nothing is repaired here.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.domain.numbering import BlockCount, NumberState
from inspector_app.journal.chain import ChainFault, follow, genesis, private_holds
from inspector_app.journal.projections import TABLES
from inspector_app.store.files import FileStore
from inspector_app.store.journal_store import JournalStore
from inspector_app.store.sql_rows import LIVE

BESIDE = "doctor_"


class Finding(msgspec.Struct, frozen=True):
    """Something that should not be: ``code`` names the sentence, ``where`` the first record."""

    code: str
    where: str


def examine(store: JournalStore, files: FileStore | None = None) -> list[Finding]:
    """All findings of a full check; empty for a sound home."""
    findings = [*check_chain(store), *check_projections(store), *check_equations(store)]
    return findings + (list(check_files(store, files)) if files else [])


def check_chain(store: JournalStore) -> Iterator[Finding]:
    """Every entry follows from the one before it, and every private part is the one it committed to."""
    head = genesis(store.device)
    for stored_hash, written in store.stored():
        followed = follow(head, written)
        if isinstance(followed, ChainFault):
            yield Finding(f"chain_{followed}", f"entry {head.seq + 1}")
            return
        head, entry = followed
        if head.hash != stored_hash:
            yield Finding("chain_hash_differs", f"entry {head.seq}")
            return
        if written.private is not None and not private_holds(entry.envelope, written.private):
            yield Finding("private_differs", f"entry {head.seq}")


def check_projections(store: JournalStore) -> Iterator[Finding]:
    """Projections rebuilt into fresh tables equal the live ones, in both directions."""
    database = store.database
    with database.transaction():
        beside = store.build_beside(BESIDE)
        try:
            for name in TABLES:
                live, fresh = LIVE + name, BESIDE + name
                for one, other in ((live, fresh), (fresh, live)):
                    row = database.one(f"SELECT * FROM {one} EXCEPT SELECT * FROM {other} LIMIT 1")
                    if row is not None:
                        yield Finding("projection_differs", f"{name} {row[0]}")
                        break
        finally:
            beside.drop()


def count_blocks(store: JournalStore) -> dict[str, BlockCount]:
    """The first equation per block of this device's rows."""
    counts: dict[str, BlockCount] = {}
    for row in store.rows.many("blocks"):
        sql = f"SELECT state, COUNT(*) FROM {LIVE}numbers WHERE block = ? GROUP BY state"
        found = dict(store.database.all(sql, (row["block"],)))
        by_state = {state.value: int(found.get(state.value, 0)) for state in NumberState}
        counts[str(row["block"])] = BlockCount(size=int(row["size"] or 0), **by_state)
    return counts


def check_equations(store: JournalStore) -> Iterator[Finding]:
    """``size = free + used + returned + lost + withdrawn`` for every block."""
    for block, count in count_blocks(store).items():
        if not count.holds:
            yield Finding("equation_broken", f"block {block}")


def check_files(store: JournalStore, files: FileStore) -> Iterator[Finding]:
    """Every file an attempt or attachment names is here and opens."""
    for row in store.rows.many("attempts", device=store.device):
        if not files.has(str(row["file"])):
            yield Finding("file_missing", f"print of {row['number']}")
