"""The continuity report (连号核对) as the province gives it: the same function as at the station, over its own rows."""

from __future__ import annotations

from typing import Any

from inspector_app.domain.continuity import Continuity, told
from inspector_app.journal.books.continuity import read_continuity
from province.journal.rows import DjangoRows
from province.ledgers.entries import RecordedEntries
from province.numbers.models import DrawnRange


def continuity_of(using: str, station: int) -> Continuity:
    """What became of every number drawn for a station."""
    return read_continuity(DjangoRows(using), station, RecordedEntries(using, station))


def stations_with_numbers(using: str) -> list[int]:
    """Stations for which numbers were ever drawn, lowest first."""
    return sorted(set(DrawnRange.objects.using(using).values_list("station", flat=True)))


def continuity_report(using: str, station: int = 0, *, each: bool = False) -> list[dict[str, Any]]:
    """Per station (0: all) the totals, every stretch, and with ``each`` every number."""
    wanted = [station] if station else stations_with_numbers(using)
    return [{"station": one} | told(continuity_of(using, one), each=each) for one in wanted]
