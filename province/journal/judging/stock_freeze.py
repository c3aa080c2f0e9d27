"""What moves while it is counted: nothing goes in or out of a range under stocktake (GX-2014 Art. 17).

The station refuses the same (:mod:`inspector_app.services.stock_freeze`). What moved all the same has moved and is
explained when the count is closed; named is only who knew that it went on. Nobody is told of a sister's stocktake they
had not heard of.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from inspector_app.clock import legal_date
from inspector_app.domain.rules import enforces
from inspector_app.domain.stocktake import StocktakeState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.custody import NumbersReturned
from inspector_app.journal.entries.openings import OpeningRecorded
from inspector_app.journal.entries.sheets import SheetsDestroyed, SheetsHandedIn
from inspector_app.journal.entries.stores import DrawReceived
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import requested_sheets
from inspector_app.journal.projections.openings import SHEET
from inspector_app.journal.projections.stocktakes import Counting, Movement, holds_still, lines_of
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import as_known, knew


@enforces("G20")
def frozen(case: Case) -> Finding | None:
    """A receipt, return, hand-in or destruction of what the device knew to be under count."""
    moved = list(_movements(case))
    if not moved or not any(_holds_up(case, row, moved) for row in _under_way(case)):
        return None
    return CONSEQUENCES[Judgement.STOCKTAKE_OPEN]


def _movements(case: Case) -> Iterator[Movement]:
    device = case.journal.device
    match case.entry.fact:
        case NumbersReturned() as fact:
            block = case.rows.one("blocks", block=fact.block)
            if block is not None:
                yield Movement(device, str(block["kind"]), fact.first, fact.last)
        case BlankSpoiled(number=number):
            yield Movement(device, number.kind, number.digits, number.digits)
        case SheetsHandedIn(sheets=names):
            yield from (Movement(device, name.kind, name.digits, name.digits) for name in names)
        case SheetsDestroyed(request=request):
            names = requested_sheets(case.rows, request)
            yield from (Movement(device, name.kind, name.digits, name.digits) for name in names)
        case DrawReceived(draw=draw):
            row = case.rows.one("draws", draw=draw)
            if row is not None:
                yield Movement(device, str(row["kind"]))
        case OpeningRecorded(lines=lines):
            yield from (Movement(device, form) for form in sorted({one.form for one in lines if one.what == SHEET}))
        case _:
            pass


def _under_way(case: Case) -> Iterator[Row]:
    """The stocktakes of the station the device knew to be open; that one was over it may have known unproven."""
    over = as_known(case).in_favour
    for row in case.rows.many("stocktakes"):
        ended = row["state"] != StocktakeState.OPEN and over(str(row["ended_ref"]))
        if knew(case, str(row["ref"])) and not ended and not _is_shut(case, row):
            yield row


def _is_shut(case: Case, stocktake: Row) -> bool:
    """Whether it was at a sister that is shut down: nobody can ever close it."""
    sheet = case.rows.one("devices", device=stocktake["device"])
    return stocktake["device"] != case.journal.device and sheet is not None and sheet["state"] != "active"


def _holds_up(case: Case, stocktake: Row, moved: list[Movement]) -> bool:
    policy = case.court.known_policy().on(legal_date(case.at))
    since, heard = case.at - policy.stocktake_freeze_ms, partial(knew, case)
    counting = Counting(stocktake, lines_of(stocktake))
    return any(holds_still(case.rows, counting, one, since=since, heard=heard) for one in moved)
