"""How a loss ends the numbers of a block, whichever of the two is heard first.

A loss of numbers that were in no block yet names their draw. Where a block was cut over them all the same, by a
province or for a sister that had not heard of the loss, they are dead in it from the moment both are known.
"""

from __future__ import annotations

from inspector_app.domain.numbering import NumberState
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections.numbers import end_number
from inspector_app.journal.projections.openings import is_list
from inspector_app.journal.projections.rows import Row, Rows

_OPEN = frozenset({NumberState.FREE, NumberState.RETURNED, NumberState.WITHDRAWN})
"""What was given back, or spoiled as a blank, is lost in any order of hearing: no loss is undone."""


@enforces("G45", "G47")
def end_lost(loss: Row, block: Row, rows: Rows) -> None:
    """The numbers of a block that a report names are dead; one that stands on a paper was not lost.

    Of two who told of the same loss the earlier killed the numbers, in whatever order they are heard.
    """
    for row in rows.many("numbers", block=block["block"]):
        inside = str(loss["first"]) <= str(row["digits"]) <= str(loss["last"])
        if inside and _is_to_end(row, loss, rows):
            end_number(rows, row, NumberState.LOST.value, loss["ref"])


def end_lost_before(block: Row, rows: Rows) -> None:
    """What was reported lost before its block was heard of is no free number in it (GX-2014 Art. 26)."""
    for loss in rows.many("losses", draw=block["draw"]):
        end_lost(loss, block, rows)


def _is_to_end(number: Row, loss: Row, rows: Rows) -> bool:
    if number["state"] in _OPEN or is_list(rows, number["ended_by"]):
        return True
    other = rows.one("losses", ref=number["ended_by"]) if number["state"] == NumberState.LOST else None
    return other is not None and _told(loss) < _told(other)


def _told(loss: Row) -> tuple[int, str]:
    return int(loss["at"] or 0), str(loss["ref"])
