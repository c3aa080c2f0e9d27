"""Draws that nobody decides: before the first organisation is registered, so that a province can be founded.

Once there is one, numbers go to filed using units alone and by their county's keeper (GX-2014 Art. 6, 9, 10):
:mod:`province.custody.drawing`.
"""

from __future__ import annotations

from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from province.custody import deciding
from province.custody.deciding import Sides, refuse
from province.journal.rows import DjangoRows
from province.numbers import custody as numbers
from province.numbers.models import DrawnRange


def draw_undecided(
    using: str, kind: str, first: str, last: str, *, station: int, holder: int = 0
) -> DrawnRange | StockRefused:
    """Draw a range for a station of a province without organisations.

    NumbersError and StationError as :func:`province.numbers.custody.draw`.
    """
    with deciding.deciding(using):
        if found := undecided_refusals(using, station):
            return refuse(using, Sides(act="draw", by=0, organisation=0, kind=kind), found)
        return numbers.draw(using, kind, first, last, station=station, holder=holder)


@enforces("G04", "G08")
def undecided_refusals(using: str, station: int) -> list[StockRefusal]:
    """Where organisations are registered, a station under none of them is no using unit and gets nothing."""
    if not DjangoRows(using).count("organisations"):
        return []
    return [refusal(StockCode.STATION_NO_UNIT, station=station)]
