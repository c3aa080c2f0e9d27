"""Blank sheets of pre-numbered stock: a blank becomes a row when something becomes of it, not before.

Until then it is its number. A spoiled one is kept like every spoiled sheet, under print 0 and place 0: nothing was
printed on it, so it has no copies. What is ended with it is its number, which nobody can put on another sheet.
"""

from __future__ import annotations

from inspector_app.domain.custody import SheetState
from inspector_app.domain.numbering import NumberState, move_number
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.projections.numbers import end_number, row_in_block
from inspector_app.journal.projections.openings import FORMER
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import make_sheet, tell_sheet

BLANK = 0
"""The place of a whole blank: those of a form begin at 1."""

BLANK_SHEET = FORMER, BLANK
"""Print and place of a blank."""


def is_blank(sheet: Row) -> bool:
    """Whether a sheet bears nothing but its number."""
    return (sheet["print"], sheet["sheet"]) == BLANK_SHEET


@projects(BlankSpoiled)
def blank_spoiled(fact: BlankSpoiled, entry: Entry, rows: Rows) -> None:
    """It lies among the spoiled sheets, and its number is dead; one reported lost meanwhile stays lost."""
    key: Row = {"number": str(fact.number), "print": FORMER, "sheet": BLANK}
    held = rows.one("sheets", **key)
    if held is None:
        make_sheet(rows, entry, key, SheetState.SPOILED, category=fact.category)
    else:
        tell_sheet(rows, entry, held, SheetState.SPOILED, fact.category)
    number = row_in_block(rows, fact.number, fact.block)
    if number is not None and number["state"] == NumberState.FREE:
        end_number(rows, number, move_number(NumberState.FREE, NumberState.WITHDRAWN).value, entry.ref)
