"""Sheets of paper and the moves by which a keeper's book is balanced.

A sheet is one copy (联) of one print: the two halves of a B on one A4 page count as two. They are numbered in the order
of the form; sheet 1 is the station's stub (存根).

A sheet is in the keeping of the device at which it came on hand, whoever records what becomes of it: so the book of
every keeper balances by itself.
"""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.custody import ON_HAND, SHEET_MOVES, SheetState, flow, move_sheet
from inspector_app.journal.chain import Entry
from inspector_app.journal.projections.rows import Row, Rows

STUB = 1
ON_DESK = (SheetState.PRINTED, SheetState.KEPT)
VOID = "void"
"""Why the sheets of a voided or replaced paper are spoiled."""
MOST_SHEETS = 100


def make_sheets(rows: Rows, entry: Entry, number: str, print_no: int, sheets: int, state: SheetState) -> None:
    """Sheets came out of the printer and lie on the desk, good or spoiled; ValueError for more than any form has."""
    if sheets > MOST_SHEETS:
        raise ValueError(f"a print of {sheets} sheets")
    for sheet in range(1, sheets + 1):
        key: Row = {"number": number, "print": print_no, "sheet": sheet}
        if rows.one("sheets", number=number, print=print_no, sheet=sheet) is None:
            keeper = entry.envelope.device
            rows.insert("sheets", key | {"state": state.value, "device": keeper, "at": entry.envelope.at})
            _note_move(rows, entry, key | {"device": keeper}, None, state)


def move_sheets(rows: Rows, entry: Entry, number: str, print_no: int, to: str, *, travelling: bool, count: int) -> None:
    """Move up to ``count`` stub (or travelling) sheets of a print on, those whose life has that move."""
    held = rows.many("sheets", number=number, print=print_no)
    chosen = [row for row in held if (row["sheet"] != STUB) == travelling]
    free_to_go = [row for row in chosen if SheetState(to) in SHEET_MOVES[SheetState(str(row["state"]))]]
    for row in free_to_go[:count]:
        move_one(rows, entry, row, SheetState(to))


def spoil_desk(rows: Rows, entry: Entry, number: str) -> None:
    """The paper is void: what still lies on the desk is marked 作废 and kept as evidence."""
    for row in rows.many("sheets", number=number):
        if row["state"] in ON_DESK:
            move_one(rows, entry, row, SheetState.SPOILED, VOID)


def move_one(rows: Rows, entry: Entry, row: Row, to: SheetState, category: str = "") -> None:
    """Move one sheet on; a move its life does not have raises ValueError."""
    before = SheetState(str(row["state"]))
    move_sheet(before, to)
    keeper = row["device"] if before in ON_HAND else entry.envelope.device
    key: Row = {name: row[name] for name in ("number", "print", "sheet")}
    changes: Row = {"state": to.value, "device": keeper, "at": entry.envelope.at}
    rows.update("sheets", key, changes | ({"category": category} if category else {}))
    _note_move(rows, entry, key | {"device": keeper}, before, to)


def _note_move(rows: Rows, entry: Entry, sheet: Row, before: SheetState | None, after: SheetState) -> None:
    at = entry.envelope.at
    row: Row = {"ref": entry.ref, "state": after.value, "at": at, "day": legal_date(at)}
    rows.insert("sheet_moves", row | sheet | {"flow": flow(before, after).value})
