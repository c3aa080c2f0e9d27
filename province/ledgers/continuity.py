"""The continuity report (连号核对) as the province gives it: the same function as at the station, over its own rows."""

from __future__ import annotations

from typing import Any

from inspector_app.domain.continuity import Continuity, told
from inspector_app.domain.numbering import range_size
from inspector_app.journal.books.continuity import read_continuity
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
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


def ended_in_stock(using: str) -> list[dict[str, Any]]:
    """Every range that ended before any station drew it: lost from a store or on its way, or destroyed, by its case.

    What lies in a store needs no line: its ledger tells it. These lie nowhere, and each has its cause here. Numbers a
    vet gave back were drawn: their station's report says what became of them.
    """
    rows = DjangoRows(using).many("stock_endings", order="at", ended=0)
    found = [_ended(row, first, last) for row in rows for first, last in ranges_of(str(row["ranges"]))]
    return sorted(found, key=lambda one: (str(one["kind"]), len(str(one["first"])), str(one["first"])))


def _ended(row: Row, first: str, last: str) -> dict[str, Any]:
    ends: Row = {"kind": row["kind"], "first": first, "last": last, "size": range_size(first, last)}
    said = ("how", "cause", "day", "organisation", "shipment", "ending", "state", "conclusion")
    return ends | {name: row[name] for name in said}
