"""Sheets that come back, go to the keeper above, or are written off, as rows."""

from __future__ import annotations

import msgspec

from inspector_app.domain.custody import SheetState
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.sheets import (
    PaperWrittenOff,
    SheetCollected,
    SheetFound,
    SheetName,
    SheetsHandedIn,
    SheetTakenIn,
)
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.openings import FORMER
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import make_sheet, name_again, tell_sheet


def sheet_row(rows: Rows, name: SheetName) -> Row | None:
    """The sheet of this name, None where nobody has told of it."""
    return rows.one("sheets", number=name.number, print=name.print, sheet=name.sheet)


def end_sheets(rows: Rows, entry: Entry, names: list[SheetName], to: SheetState) -> None:
    """Sheets leave the station for good, each from whichever keeping it was in; why it came there stays known."""
    for name in names:
        row = sheet_row(rows, name)
        if row is not None:
            tell_sheet(rows, entry, row, to, str(row["category"] or ""))


@projects(SheetCollected)
def sheet_collected(fact: SheetCollected, entry: Entry, rows: Rows) -> None:
    """It is on hand again, at the computer that tells of it."""
    row = rows.one("sheets", number=str(fact.number), print=fact.print, sheet=fact.sheet)
    if row is not None:
        tell_sheet(rows, entry, row, SheetState.COLLECTED, fact.reason)


@projects(SheetTakenIn)
def sheet_taken_in(fact: SheetTakenIn, entry: Entry, rows: Rows) -> None:
    """A sheet without a record here lies beside those of former systems, under print 0; told by two it is one sheet."""
    said = entry.envelope
    key: Row = {"number": str(fact.number), "print": FORMER, "sheet": fact.sheet}
    row: Row = {"ref": entry.ref, "device": said.device, "number": str(fact.number), "sheet": fact.sheet}
    row |= {"reason": fact.reason, "source": fact.source, "note": note_text(entry), "by": said.actor, "at": said.at}
    rows.insert("taken_in", row)
    held = rows.one("sheets", **key)
    if held is None:
        make_sheet(rows, entry, key, SheetState.COLLECTED, category=fact.reason)
    else:
        tell_sheet(rows, entry, held, SheetState.COLLECTED, fact.reason)


@projects(SheetFound)
def sheet_found(fact: SheetFound, entry: Entry, rows: Rows) -> None:
    """It is on hand again and never used."""
    row = rows.one("sheets", number=str(fact.number), print=fact.print, sheet=fact.sheet)
    if row is not None:
        tell_sheet(rows, entry, row, SheetState.FOUND, str(row["category"] or ""))


@projects(SheetsHandedIn)
def sheets_handed_in(fact: SheetsHandedIn, entry: Entry, rows: Rows) -> None:
    """They are with the institution above; a sheet on two slips bears both, for either of them may be counted in."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "receiver": fact.to, "slip": fact.slip}
    rows.insert("hand_ins", row | {"sheets": len(fact.sheets), "at": said.at, "by": said.actor})
    for row in _on_another_slip(rows, fact.sheets):
        name_again(rows, entry, row)
    end_sheets(rows, entry, fact.sheets, SheetState.RETURNED)


def _on_another_slip(rows: Rows, names: list[SheetName]) -> list[Row]:
    found = [sheet_row(rows, name) for name in dict.fromkeys(names)]
    return [row for row in found if row is not None and row["state"] == SheetState.RETURNED]


@projects(PaperWrittenOff)
def paper_written_off(fact: PaperWrittenOff, entry: Entry, rows: Rows) -> None:
    """One check of one print; of several the latest counts, which is asked when it is read."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "number": str(fact.number), "print": fact.print}
    lists = {name: msgspec.json.encode(getattr(fact, name)).decode() for name in ("unlawful", "findings", "mismatches")}
    rows.insert("write_offs", row | lists | {"suspect": int(fact.suspect), "at": said.at, "by": said.actor})
