"""Draws, blocks, their numbers, stubs, spoiled and lost sheets and closed days as rows."""

from __future__ import annotations

from inspector_app.domain.custody import SheetState
from inspector_app.domain.numbering import Block, Draw, Number, NumberState, is_range, move_number, range_size
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import (
    BlockRequested,
    DayClosed,
    NumbersLost,
    NumbersReturned,
    SheetLost,
    SheetSpoiled,
    StubFiled,
)
from inspector_app.journal.projections.ceremony import note_act
from inspector_app.journal.projections.losses import note_numbers_lost, note_sheet_lost
from inspector_app.journal.projections.lost_numbers import end_lost, end_lost_before
from inspector_app.journal.projections.numbers import end_number
from inspector_app.journal.projections.openings import end_taken_over
from inspector_app.journal.projections.registry import projects, projects_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import CAME_BACK, file_stubs, tell_sheet


@projects_document(Draw)
def draw(value: Draw, rows: Rows) -> None:
    """A draw of this station."""
    names = "draw scheme kind first last station holder issued_at previous turn".split()
    rows.put("draws", {name: getattr(value, name) for name in names})


@projects_document(Block)
def block(value: Block, rows: Rows) -> None:
    """A block, with one row per number. A sister's too, so that its numbers can be shown; they are never taken here."""
    if not is_range(value.first, value.last):
        raise ValueError(f"block {value.block} is no range of numbers")
    names = "block draw scheme kind first last device holder ordinal issued_at expires".split()
    row: Row = {name: getattr(value, name) for name in names} | {"size": range_size(value.first, value.last)}
    if rows.one("blocks", block=value.block) == row:
        return  # told once more, after the province was restored
    rows.insert("blocks", row)
    rows.insert_all("numbers", [_free(number, value.block) for number in value.numbers()])
    end_taken_over(row, rows)
    end_lost_before(row, rows)


def _free(number: Number, block: str) -> Row:
    row: Row = {"number": str(number), "scheme": number.scheme, "kind": number.kind, "digits": number.digits}
    return row | {"block": block, "state": "free", "ended_by": None}


@projects(BlockRequested)
def block_requested(fact: BlockRequested, entry: Entry, rows: Rows) -> None:
    """Numbers are wanted."""
    row: Row = {"ref": entry.ref, "device": entry.envelope.device, "kind": fact.kind, "wanted": fact.wanted}
    rows.insert("block_requests", row | {"emergency": int(fact.emergency), "at": entry.envelope.at})


@projects(NumbersReturned)
def numbers_returned(fact: NumbersReturned, entry: Entry, rows: Rows) -> None:
    """What is still free of the range has gone back."""
    for row in rows.many("numbers", block=fact.block, state=NumberState.FREE.value):
        if fact.first <= str(row["digits"]) <= fact.last:
            state = move_number(NumberState(str(row["state"])), NumberState.RETURNED)
            end_number(rows, row, state.value, entry.ref)


@projects(NumbersLost)
def numbers_lost(fact: NumbersLost, entry: Entry, rows: Rows) -> None:
    """What is still free of the range is dead; a number used meanwhile was not lost."""
    loss = note_numbers_lost(fact, entry, rows)
    for row in rows.many("blocks", draw=fact.draw) if fact.draw else rows.many("blocks", block=fact.block):
        end_lost(loss, row, rows)


@projects(SheetSpoiled)
def sheet_spoiled(fact: SheetSpoiled, entry: Entry, rows: Rows) -> None:
    """A spoiled sheet is kept for write-off."""
    row = rows.one("sheets", number=str(fact.number), print=fact.print, sheet=fact.sheet)
    if row is not None:
        tell_sheet(rows, entry, row, SheetState.SPOILED, fact.category)


@projects(SheetLost)
def sheet_lost(fact: SheetLost, entry: Entry, rows: Rows) -> None:
    """A sheet left the keeper's hands and nobody knows for whose.

    One that came back is lost only to who knew that it had: in whatever order the two are heard, it is in hand.
    """
    note_sheet_lost(fact, entry, rows)
    row = rows.one("sheets", number=str(fact.number), print=fact.print, sheet=fact.sheet)
    if row is not None and (fact.came_back or row["state"] not in CAME_BACK):
        tell_sheet(rows, entry, row, SheetState.LOST, fact.category)


@projects(StubFiled)
def stub_filed(fact: StubFiled, entry: Entry, rows: Rows) -> None:
    """The station's copy is on file."""
    file_stubs(rows, entry, str(fact.number), fact.print, fact.sheets, fact.box)


@projects(DayClosed)
def day_closed(fact: DayClosed, entry: Entry, rows: Rows) -> None:
    """A closed day of one device; closed once more after later work, the later sheet counts."""
    row: Row = {
        "device": entry.envelope.device,
        "date": fact.date,
        "ref": entry.ref,
        "ordinal": fact.ordinal,
        "hash": entry.hash.hex(),
        "head": fact.head,
        "sheet": fact.sheet,
        "closed_by": entry.envelope.actor,
        "closed_at": entry.envelope.at,
        "equations_hold": int(fact.equations_hold),
        "waiting": fact.waiting,
        "closing_sheets": fact.closing_sheets,
    }
    rows.put("days", row)
    note_act(rows, entry)
