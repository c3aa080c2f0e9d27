"""Old sheets before new numbers (缴旧领新): what is still to be settled of a station's earlier draws (GX-2014 Art. 10).

Station and province ask the same function, so that both give the same figures. A paper that was handed over owes its
stub until that is on file, or by policy handed in. What is void, spoiled, collected or found is owed until it was
handed in and the keeper above has counted it in; what is missing until its loss was concluded: it never comes back, so
it is never handed in (Art. 10, 26).
Numbers not used yet are owed to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.domain.custody import SheetState
from inspector_app.journal.projections import Row, Rows
from inspector_app.journal.projections.blanks import is_blank
from inspector_app.journal.projections.hand_ins import is_settled
from inspector_app.journal.projections.losses import CONCLUDED
from inspector_app.journal.projections.openings import FORMER
from inspector_app.journal.projections.sheets import STUB

TO_HAND_IN = (SheetState.SPOILED, SheetState.COLLECTED, SheetState.FOUND)
"""States of a sheet at the station that goes to the keeper above."""


class OldSheets(msgspec.Struct, frozen=True):
    """What one draw still owes, as rows of ``sheets``: stubs, and old sheets of other kinds."""

    draw: str
    stubs: tuple[Row, ...]
    sheets: tuple[Row, ...]


def read_old_sheets(rows: Rows, station: int, kind: str, *, arrears: int, stubs_handed_in: bool) -> list[OldSheets]:
    """The draws of a kind that owe something, the latest first, but for as many as may be in ``arrears``.

    With ``stubs_handed_in`` (policy) a stub on file is still owed.
    """
    draws = sorted(rows.many("draws", kind=kind, station=station), key=_latest_first, reverse=True)
    owing = draws[arrears:]
    if not owing:
        return []
    stubs, sheets = list(_stubs(rows, handed_in=stubs_handed_in)), list(_sheets(rows))
    every = rows.many("draws", kind=kind)
    read = (_owed(draw, [one for one in every if _turn(one) > _turn(draw)], stubs, sheets) for draw in owing)
    return [one for one in read if one.stubs or one.sheets]


def _owed(draw: Row, later: list[Row], stubs: list[Row], sheets: list[Row]) -> OldSheets:
    """What a draw owes: of a number that came back and was drawn again the sheets are those of its ``later`` draw."""
    stubs, sheets = ([row for row in some if not any(_is_of(one, row) for one in later)] for some in (stubs, sheets))
    return OldSheets(str(draw["draw"]), _of(draw, stubs), _of(draw, sheets))


def _turn(draw: Row) -> int:
    return int(draw["turn"] or 1)


def _latest_first(draw: Row) -> tuple[int, int, str]:
    return int(draw["issued_at"] or 0), len(str(draw["first"])), str(draw["first"])


def _stubs(rows: Rows, *, handed_in: bool) -> Iterator[Row]:
    for row in rows.many("sheets", sheet=STUB, state=SheetState.PRINTED.value):
        paper = rows.one("certificates", number=row["number"]) or rows.one("notices", number=row["number"])
        if paper is not None and paper["handed_over_at"]:
            yield row
    if handed_in:
        yield from rows.many("sheets", sheet=STUB, state=SheetState.KEPT.value)


def _sheets(rows: Rows) -> Iterator[Row]:
    for state in TO_HAND_IN:
        yield from rows.many("sheets", state=state.value)
    # That it came back is the word of who took it, not of who sent it.
    returned = rows.many("sheets", state=SheetState.RETURNED.value)
    yield from (row for row in returned if not is_settled(rows, row))
    lost = rows.many("sheets", state=SheetState.LOST.value)
    yield from (row for row in lost if not is_concluded(rows, row))


def is_concluded(rows: Rows, sheet: Row) -> bool:
    """Whether the loss of a sheet was reported and concluded: what never turns up is settled so (Art. 26)."""
    told = rows.many("losses", number=sheet["number"], print=sheet["print"], sheet=sheet["sheet"])
    return any(rows.many("loss_steps", loss=loss["ref"], step=CONCLUDED) for loss in told)


def _of(draw: Row, sheets: list[Row]) -> tuple[Row, ...]:
    return tuple(row for row in sheets if _is_of(draw, row))


def _is_of(draw: Row, sheet: Row) -> bool:
    # What another station took in of these numbers (print 0) is for that station to hand in.
    if sheet["print"] == FORMER and not is_blank(sheet):
        return False
    kind, _, digits = str(sheet["number"]).partition(" ")
    first, last = str(draw["first"]), str(draw["last"])
    return kind == draw["kind"] and len(digits) == len(first) and first <= digits <= last
