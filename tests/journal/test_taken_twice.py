"""The same papers taken over at several computers: the same rows in whatever order their journals are heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pytest

from inspector_app.clock import legal_date
from inspector_app.domain.custody import SheetFlow
from inspector_app.domain.numbering import Number
from inspector_app.errors import BugError
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import SheetLost, SheetSpoiled
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.entries.sheets import SheetFound, SheetName, SheetsHandedIn
from inspector_app.journal.envelope import Envelope, Fact, Verdict
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.registry import project
from inspector_app.journal.projections.rows import Value
from inspector_app.journal.projections.tables import TABLES

A, B, C = "a" * 32, "b" * 32, "c" * 32
DAY = 86_400_000
NUMBER, PAPER = Number("", "B", "3200000001"), SheetName("B", "3200000001", 0, 1)
Journals = dict[str, list[Entry]]


class Memory:
    """`Rows` in lists."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {name: [] for name in TABLES}

    def insert(self, table: str, row: Mapping[str, Value]) -> None:
        full: Row = dict.fromkeys(TABLES[table].columns) | dict(row)
        key = {name: full[name] for name in TABLES[table].key}
        if any(_equals(one, key) for one in self.tables[table]):
            raise BugError(f"{table} has this key")
        self.tables[table].append(full)

    def insert_all(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        for row in rows:
            self.insert(table, row)

    def put(self, table: str, row: Mapping[str, Value]) -> None:
        key = {name: row[name] for name in TABLES[table].key}
        self.tables[table] = [one for one in self.tables[table] if not _equals(one, key)]
        self.insert(table, row)

    def update(self, table: str, key: Mapping[str, Value], changes: Mapping[str, Value]) -> int:
        hit = [row for row in self.tables[table] if _equals(row, key)]
        for row in hit:
            row.update(changes)
        return len(hit)

    def one(self, table: str, **key: Value) -> Row | None:
        found = [dict(row) for row in self.tables[table] if _equals(row, key)]
        if len(found) > 1:
            raise BugError(f"{table} has {len(found)} rows for {sorted(key)}")
        return found[0] if found else None

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        keys = [*order.split(", "), *TABLES[table].key] if order else TABLES[table].key
        found = [dict(row) for row in self.tables[table] if _equals(row, equal)]
        return sorted(found, key=lambda row: [_in_order(row[name]) for name in keys])


def _in_order(value: Value) -> tuple[int, int, str]:
    """NULL before numbers before text, as SQLite orders them."""
    if value is None:
        return 0, 0, ""
    return (1, value, "") if isinstance(value, int) else (2, 0, value)


def _equals(row: Row, key: Mapping[str, Value]) -> bool:
    return all(row[name] == value for name, value in key.items())


def entry(device: str, seq: int, at: int, fact: Fact) -> Entry:
    raw = msgspec.Raw(b"{}")
    envelope = Envelope(v=1, device=device, seq=seq, at=at, mono=0, boot="", actor=7, kind=fact.KIND, fact=raw)
    return Entry(b"", b"", envelope, fact, None, Verdict.OK)


def opening(state: str = "kept", pages: int = 1) -> OpeningRecorded:
    line = OpeningLine(what="sheet", form="B", first="3200000001", last="3200000001", pages=pages, state=state)
    return OpeningRecorded(source="00" * 32, store="main", lines=[line])


def heard(journals: Journals) -> Iterator[Sequence[Entry]]:
    """Every order in which the journals may be heard, each in its own order."""
    if not any(journals.values()):
        yield ()
    for device, entries in journals.items():
        if entries:
            for rest in heard({**journals, device: entries[1:]}):
                yield (entries[0], *rest)


def rows_after(entries: Sequence[Entry]) -> dict[str, list[Row]]:
    rows = Memory()
    for one in entries:
        project(one, rows)
    # A move that changes no book is noted by whoever is heard first.
    moves = [move for move in rows.many("sheet_moves") if move["flow"] != SheetFlow.STAYS]
    return {"sheets": rows.many("sheets"), "sheet_moves": moves}


def balances(rows: dict[str, list[Row]]) -> dict[str, int]:
    """What is on hand in each computer's book."""
    signs = {SheetFlow.IN.value: 1, SheetFlow.OUT.value: -1}
    found: dict[str, int] = {}
    for move in rows["sheet_moves"]:
        found[str(move["device"])] = found.get(str(move["device"]), 0) + signs.get(str(move["flow"]), 0)
    return {device: count for device, count in found.items() if count}


def journals(*told: tuple[str, int, Fact]) -> Journals:
    found: Journals = {}
    for device, at, fact in told:
        mine = found.setdefault(device, [])
        mine.append(entry(device, len(mine) + 1, at, fact))
    return found


SPOILED = SheetSpoiled(NUMBER, 0, 1, category="damaged", no_picture="camera_broken")
LOST, FOUND = SheetLost(NUMBER, 0, 1, category="missing"), SheetFound(NUMBER, 0, 1, found_on="2026-11-21")
GONE = SheetsHandedIn([PAPER], to="county_keeper", slip="00" * 32)


@pytest.mark.parametrize(
    ("told", "keeper", "state", "books"),
    [
        ([(A, 1, opening()), (B, 2, opening())], A, "kept", {A: 1}),
        ([(A, 2, opening()), (B, 1, opening())], B, "kept", {B: 1}),
        ([(A, 1, opening()), (B, 1, opening())], A, "kept", {A: 1}),
        ([(A, 3, opening()), (B, 2, opening()), (C, 1, opening())], C, "kept", {C: 1}),
        ([(A, 1, opening("blank")), (B, 2, opening("spoiled"))], A, "spoiled", {A: 1}),
        ([(A, 1, opening("spoiled")), (B, 2, opening("kept"))], A, "spoiled", {A: 1}),
        ([(A, 1, opening()), (B, 2, opening()), (B, 3, SPOILED)], A, "spoiled", {A: 1}),
        ([(A, 1, opening("spoiled")), (B, 2, opening()), (B, 3, SPOILED)], A, "spoiled", {A: 1}),
        ([(A, 1, opening()), (B, 2, opening()), (B, 3, SPOILED), (B, 4, GONE)], A, "returned", {}),
        ([(A, 1, opening()), (B, 2, opening()), (B, 3, LOST), (B, 4, FOUND)], B, "found", {B: 1}),
        ([(A, 3, opening()), (A, 4, LOST), (B, 2, opening()), (C, 1, opening())], C, "lost", {}),
    ],
)
def test_the_earlier_keeps_the_paper_whatever_is_heard_first(
    told: list[tuple[str, int, Fact]], keeper: str, state: str, books: dict[str, int]
) -> None:
    found = [rows_after(one) for one in heard(journals(*told))]
    assert len(found) > 1
    assert all(one == found[0] for one in found)
    assert [(row["device"], row["state"]) for row in found[0]["sheets"]] == [(keeper, state)]
    assert balances(found[0]) == books


def test_what_came_and_left_at_once_did_so_on_one_day() -> None:
    (rows, *_others) = [rows_after(one) for one in heard(journals((A, DAY, opening()), (B, 5 * DAY, opening())))]
    days = {str(move["day"]) for move in rows["sheet_moves"] if move["device"] == B}
    assert days == {legal_date(5 * DAY)}


def test_pages_only_one_list_names_stay_where_they_were_taken_over() -> None:
    found = [rows_after(one) for one in heard(journals((A, 1, opening(pages=1)), (B, 2, opening(pages=3))))]
    assert found[0] == found[1]
    assert [row["device"] for row in found[0]["sheets"]] == [A, B, B]
    assert balances(found[0]) == {A: 1, B: 2}


def test_one_computer_that_names_a_paper_twice_has_it_once() -> None:
    rows = rows_after(journals((A, 1, opening()), (A, 2, opening("spoiled")))[A])
    assert balances(rows) == {A: 1}
    assert [row["state"] for row in rows["sheets"]] == ["kept"]
