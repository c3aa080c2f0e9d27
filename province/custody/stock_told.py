"""Which station hears of a document about stock: the one in whose store something moved, was counted, or is held.

A station's keeper records these acts at the province's desk; the station reads them in its own ledger (G01, G48).
What passes between institutions alone is told to nobody.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import Distribution, DistributionReceived, DrawDecided
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.store_counts import StoreCountConfirmed, StoreCounted
from inspector_app.journal.projections import Row
from province.journal.rows import DjangoRows


def station_concerned(using: str, document: msgspec.Struct) -> int:
    """The station a document is told to; 0 for one that concerns none."""
    rows = DjangoRows(using)
    match document:
        case Distribution(receiver=number) | DrawDecided(receiver=number):
            return _station(rows, number)
        case StockEnded(organisation=number) | StoreCounted(organisation=number) | SealSheet(organisation=number):
            return _station(rows, number)
        case DistributionReceived(distribution=record):
            return _station_of(rows, rows.one("distributions", distribution=record), "receiver")
        case StoreCountConfirmed(count=record):
            return _station_of(rows, rows.one("store_counts", count=record), "organisation")
        case StockLossConcluded(ending=record):
            held = rows.one("stock_endings", ending=record) or rows.one("store_counts", count=record)
            return _station_of(rows, held, "organisation")
        case _:
            return 0


def _station_of(rows: DjangoRows, held: Row | None, column: str) -> int:
    return _station(rows, int(held[column] or 0)) if held is not None else 0


def _station(rows: DjangoRows, organisation: int) -> int:
    row = rows.one("organisations", organisation=organisation)
    return int(row["station"] or 0) if row is not None else 0
