"""Sheets of paper and the moves by which a keeper's book is balanced.

A sheet is one copy (联) of one print: the two halves of a B on one A4 page count as two. They are numbered in the order
of the form; sheet 1 is the station's stub (存根).
"""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.custody import SheetState, flow, move_sheet
from inspector_app.journal.chain import Entry
from inspector_app.journal.projections.rows import Row, Rows

STUB = 1


def make_sheets(rows: Rows, entry: Entry, number: str, print_no: int, sheets: int, state: SheetState) -> None:
    """Sheets came out of the printer and lie on the desk, good or spoiled."""
    for sheet in range(1, sheets + 1):
        key: Row = {"number": number, "print": print_no, "sheet": sheet}
        if rows.one("sheets", number=number, print=print_no, sheet=sheet) is None:
            rows.insert("sheets", key | _now(entry, state))
            _note_move(rows, entry, key, None, state)


def move_sheets(
    rows: Rows, entry: Entry, number: str, print_no: int, to: str, *, travelling: bool, count: int
) -> None:
    """Move up to ``count`` stub (or travelling) sheets of a print on."""
    held = rows.many("sheets", number=number, print=print_no)
    chosen = [row for row in held if (row["sheet"] != STUB) == travelling]
    for row in chosen[:count]:
        move_one(rows, entry, row, SheetState(to))


def move_one(rows: Rows, entry: Entry, row: Row, to: SheetState, category: str = "") -> None:
    """Move one sheet on; a move its life does not have raises ValueError."""
    before = SheetState(str(row["state"]))
    move_sheet(before, to)
    key: Row = {name: row[name] for name in ("number", "print", "sheet")}
    changes = _now(entry, to) | ({"category": category} if category else {})
    rows.update("sheets", key, changes)
    _note_move(rows, entry, key, before, to)


def _now(entry: Entry, state: SheetState) -> Row:
    return {"state": state.value, "device": entry.envelope.device, "at": entry.envelope.at}


def _note_move(rows: Rows, entry: Entry, key: Row, before: SheetState | None, after: SheetState) -> None:
    at = entry.envelope.at
    row: Row = {"ref": entry.ref, "device": entry.envelope.device, "state": after.value, "at": at}
    rows.insert("sheet_moves", row | key | {"flow": flow(before, after).value, "day": legal_date(at)})
