"""Proving a home sound: the chain verifies, private parts match, and projections rebuilt from it are equal.

Every finding names the first record that differs; nothing is repaired here. What cannot even be read is a finding too,
so that one damaged page does not hide the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from inspector_app.domain.custody import ON_HAND, SheetFlow
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.numbering import BlockCount, NumberState
from inspector_app.domain.rules import enforces
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import ACTOR_CONTEXT, ChainFault, Entry, WrittenEntry, follow, genesis, private_holds
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.journal.entries.devices import PersonKeyAdded, ProvincePulled, RetentionApplied
from inspector_app.journal.entries.printing import PrintSubmitted
from inspector_app.journal.envelope import Fact, Verdict
from inspector_app.journal.projections import TABLES, Row
from inspector_app.store.files import FileStore
from inspector_app.store.journal_store import JournalStore
from inspector_app.store.sql_rows import LIVE
from inspector_app.suites import sha256, verify

BESIDE = "doctor_"


class Finding(msgspec.Struct, frozen=True):
    """Something that should not be: ``code`` names the sentence, ``where`` the first record."""

    code: str
    where: str


def examine(store: JournalStore, files: FileStore | None = None) -> list[Finding]:
    """All findings of a full check; empty for a sound home."""
    checks = [
        ("database", check_database(store)),
        ("entries", check_chain(store)),
        ("documents", check_documents(store)),
        ("projections", _projections(store)),
        ("numbers and sheets", check_equations(store)),
        ("credentials", check_credentials(store)),
    ]
    if files is not None:
        checks.append(("files", check_files(store, files)))
    return [finding for what, findings in checks for finding in _as_far_as_readable(what, findings)]


def _as_far_as_readable(what: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except StationError as error:
        yield Finding(error.code, what)
    except (BugError, ValueError, TypeError, ArithmeticError):
        yield Finding("database_unreadable", what)  # somebody put there what the program never writes


def check_database(store: JournalStore) -> Iterator[Finding]:
    """Every page of the file authenticates, and SQLite finds its own structures sound."""
    # A page torn while the log was being folded in is still whole in the log; only the file itself is looked at below.
    store.database.all("PRAGMA wal_checkpoint(TRUNCATE)")
    for (text,) in store.database.all("PRAGMA cipher_integrity_check"):
        yield Finding("database_unreadable", str(text))
        return
    for (text,) in store.database.all("PRAGMA integrity_check(1)"):
        if text != "ok":
            yield Finding("database_unreadable", str(text))


@enforces("G03")
def check_chain(store: JournalStore) -> Iterator[Finding]:
    """Every entry follows from the one before, is signed if it must be, and has the private part it committed to."""
    head = genesis(store.device)
    removed, keys, without = set[int](), defaultdict[int, list[PublicKey]](list), list[int]()
    for stored_hash, written in store.stored():
        followed = follow(head, written)
        if isinstance(followed, ChainFault):
            yield Finding(f"chain_{followed}", f"entry {head.seq + 1}")
            return
        head, entry = followed
        if head.hash != stored_hash:
            yield Finding("chain_hash_differs", f"entry {head.seq}")
            return
        if isinstance(entry.fact, PersonKeyAdded):
            keys[entry.fact.person].append(PublicKey(entry.fact.suite, bytes.fromhex(entry.fact.key)))
        if isinstance(entry.fact, RetentionApplied):
            removed |= {int(ref.partition("/")[2]) for ref in entry.fact.entries if ref.startswith(store.device)}
        if entry.envelope.private and written.private is None:
            without.append(head.seq)
        yield from _entry_findings(entry, written, keys[entry.envelope.actor])
    yield from (Finding("private_missing", f"entry {seq}") for seq in without if seq not in removed)


def _entry_findings(entry: Entry, written: WrittenEntry, keys: list[PublicKey]) -> Iterator[Finding]:
    where = f"entry {entry.envelope.seq}"
    if entry.verdict not in (Verdict.OK, Verdict.UNKNOWN_KIND):
        yield Finding("entry_unreadable", where)
    if written.private is not None and not private_holds(entry.envelope, written.private):
        yield Finding("private_differs", where)
    accountable = entry.fact is not None and entry.fact.ACCOUNTABLE
    if accountable and not any(verify(key, ACTOR_CONTEXT, entry.hash, written.actor_sig) for key in keys):
        yield Finding("signature_bad", where)


def check_documents(store: JournalStore) -> Iterator[Finding]:
    """The province's documents are those that each pull stated."""
    for entry in store.entries():
        if isinstance(entry.fact, ProvincePulled) and not store.documents_hold(entry.fact):
            yield Finding("documents_differ", f"pulled by entry {entry.envelope.seq}")


def _projections(store: JournalStore) -> Iterator[Finding]:
    yield from check_projections(store)


def check_projections(store: JournalStore) -> list[Finding]:
    """Projections rebuilt into fresh tables equal the live ones, in both directions."""
    with store.database.transaction():
        beside = store.build_beside(BESIDE)
        try:
            return [finding for name in TABLES if (finding := _first_difference(store, name)) is not None]
        finally:
            beside.empty()


def _first_difference(store: JournalStore, name: str) -> Finding | None:
    live, fresh = LIVE + name, BESIDE + name
    for one, other in ((live, fresh), (fresh, live)):
        row = store.database.one(f"SELECT * FROM {one} EXCEPT SELECT * FROM {other} LIMIT 1")
        if row is not None:
            return Finding("projection_differs", f"{name} {row[0]}")
    return None


def count_blocks(store: JournalStore) -> dict[str, BlockCount]:
    """The first equation: how the numbers of each block divide."""
    sql = f"SELECT block, state, COUNT(*) FROM {LIVE}numbers GROUP BY block, state"
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for block, state, count in store.database.all(sql):
        found[block][state] = int(count)
    return {str(row["block"]): _block_count(row, found[str(row["block"])]) for row in store.rows.many("blocks")}


def _block_count(block: Row, found: dict[str, int]) -> BlockCount:
    return BlockCount(size=int(block["size"] or 0), **{state.value: found.get(state.value, 0) for state in NumberState})


def check_equations(store: JournalStore) -> Iterator[Finding]:
    """``size = free + used + returned + lost + withdrawn`` per block; ``in - out = on hand`` per keeper."""
    for block, count in count_blocks(store).items():
        if not count.holds:
            yield Finding("equation_broken", f"block {block}")
    on_hand, net = count_sheets(store), net_moves(store)
    for device in sorted(on_hand.keys() | net.keys()):
        if on_hand.get(device, 0) != net.get(device, 0):
            yield Finding("equation_broken", f"sheets of {device}")


def count_sheets(store: JournalStore) -> dict[str, int]:
    """How many sheets each device has on hand, counted from the sheets themselves."""
    marks = ", ".join("?" * len(ON_HAND))
    sql = f"SELECT device, COUNT(*) FROM {LIVE}sheets WHERE state IN ({marks}) GROUP BY device"
    return {str(device): int(count) for device, count in store.database.all(sql, tuple(ON_HAND))}


def net_moves(store: JournalStore) -> dict[str, int]:
    """How many sheets came to each device less those that went, counted from the moves."""
    net: dict[str, int] = defaultdict(int)
    for device, flow, count in store.database.all(
        f"SELECT device, flow, COUNT(*) FROM {LIVE}sheet_moves GROUP BY device, flow"
    ):
        net[str(device)] += {SheetFlow.IN.value: 1, SheetFlow.OUT.value: -1}.get(flow, 0) * int(count)
    return net


def check_credentials(store: JournalStore) -> Iterator[Finding]:
    """Every credential that lies open is the one whose hash was fixed at issue."""
    for number, print_no, credential in store.database.all("SELECT number, print, credential FROM credentials"):
        row = store.rows.one("prints", number=number, print=print_no)
        expected = row["credential"] if row else None
        if credential is not None and sha256(bytes(credential)).hex() != expected:
            yield Finding("credential_differs", f"{number} print {print_no}")


def check_files(store: JournalStore, files: FileStore) -> Iterator[Finding]:
    """Every file an entry of this device names is here and opens to what the entry says."""
    for entry in store.entries():
        for name in _files_named(entry.fact):
            try:
                whole = sha256(files.read(name)).hex() == name
            except StationError as error:
                yield Finding(error.code, f"named by entry {entry.envelope.seq}")
                continue
            if not whole:
                yield Finding("file_damaged", f"named by entry {entry.envelope.seq}")


def _files_named(fact: Fact | None) -> Iterable[str]:
    match fact:
        case PrintSubmitted():
            return (fact.file,)
        case DayClosed():
            return (fact.sheet,)
        case _:
            return getattr(fact, "attachments", ())
