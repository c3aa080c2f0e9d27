"""Sheets after use: each goes on only from where it is, as far as its computer could know (GX-2014 Art. 23–26).

What is said once more by who could not know is accepted; who had heard where a sheet was is held to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector_app.domain.custody import SHEET_MOVES, SheetState
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.sheets import (
    SheetCollected,
    SheetFound,
    SheetName,
    SheetsDestroyed,
    SheetsHandedIn,
    SheetTakenIn,
)
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import requested_sheets
from inspector_app.journal.projections.sheet_custody import sheet_row
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew


def gone_on(case: Case) -> Finding | None:
    """A sheet is collected, found, handed in or destroyed only where its life leads on to that."""
    match case.entry.fact:
        case SheetCollected() as fact:
            return moved(case, [_named(fact)], SheetState.COLLECTED)
        case SheetTakenIn() as fact:
            return _taken_in(case, fact)
        case SheetFound() as fact:
            return moved(case, [_named(fact)], SheetState.FOUND)
        case SheetsHandedIn(sheets=names):
            return moved(case, names, SheetState.RETURNED)
        case SheetsDestroyed(request=request):
            found = moved(case, requested_sheets(case.rows, request), SheetState.DESTROYED)
            return found and found._replace(takes_effect=True)  # gone it is
        case _:
            return None


def _taken_in(case: Case, fact: SheetTakenIn) -> Finding | None:
    """What the station issued itself comes back to its own record, as far as its computer knew of that."""
    paper = case.rows.one("notices" if fact.number.kind == "N" else "certificates", number=str(fact.number))
    home = case.rows.one("journals", device=paper["device"]) if paper is not None else None
    own = paper is not None and home is not None and home["station"] == case.journal.station
    return CONSEQUENCES[Judgement.WRONG_STATE] if own and paper and knew(case, str(paper["ref"])) else None


def _named(fact: SheetCollected | SheetFound) -> SheetName:
    return SheetName(fact.number.kind, fact.number.digits, fact.print, fact.sheet)


@enforces("G47")
def moved(case: Case, names: Iterable[SheetName], to: SheetState) -> Finding | None:
    """The first sheet that cannot become ``to`` from where its computer knew it to be."""
    for name in names:
        row = sheet_row(case.rows, name)
        if row is None and not case.court.known.doubtful:
            return CONSEQUENCES[Judgement.WRONG_STATE]
        if row is not None and to not in SHEET_MOVES[SheetState(str(row["state"]))] and knew_of(case, row):
            return CONSEQUENCES[Judgement.WRONG_STATE]
    return None


def knew_of(case: Case, row: Row) -> bool:
    """Whether the computer knew that a sheet had become what it is."""
    return any(knew(case, ref) for ref in tellings(case, row))


def tellings(case: Case, row: Row) -> list[str]:
    """The entries by which a sheet became what it is."""
    moves = case.rows.many("sheet_moves", number=row["number"], print=row["print"], sheet=row["sheet"])
    return [str(move["ref"]) for move in moves if move["state"] == row["state"]]
