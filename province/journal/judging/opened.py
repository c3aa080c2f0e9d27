"""Whether a list of the first day names numbers that are the province's own to give (期初建账).

What a former system ended is dead at the province too; a number the province holds in stock or has given somebody
cannot have ended before. The list stands as it is, the numbers of the station's own blocks are dead from then on, and
people find out which of the two is right. Only who had been told of the draw could have known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from inspector_app.domain.numbering import is_range
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.models import FeedDocument
from province.numbers.models import DrawnRange, Stock

DRAW = "draw/1"
R = TypeVar("R", Stock, DrawnRange)


@enforces("G33")
def held_elsewhere(case: Case) -> Finding | None:
    """No number of the list lies in the province's stock or in a draw of any station."""
    fact = case.entry.fact
    if not isinstance(fact, OpeningRecorded):
        return None
    lines = [line for line in fact.lines if is_range(line.first, line.last)]
    drawn = [one for line in lines for one in _meeting(DrawnRange, case.using, line)]
    if not drawn and not any(any(_meeting(Stock, case.using, line)) for line in lines):
        return None
    told = any(_was_told(case, one) for one in drawn) and not case.court.known.doubtful
    return CONSEQUENCES[Judgement.NUMBERS_HELD]._replace(followed=not told)


def _meeting(table: type[R], using: str, line: OpeningLine) -> Iterator[R]:
    found = table.objects.using(using).filter(kind=line.form, first__lte=line.last, last__gte=line.first)
    return (one for one in found if len(one.first) == len(line.first))


def _was_told(case: Case, drawn: DrawnRange) -> bool:
    """Whether the draw had reached the device when it wrote the list."""
    told = FeedDocument.objects.using(case.using).filter(kind=DRAW, station=case.journal.station)
    return told.filter(cursor__lte=case.court.known.through, content=bytes(drawn.document)).exists()
