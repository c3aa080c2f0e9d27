"""Counts of institutions' stores as rows; one that found a surplus is a case until the head concludes it."""

from __future__ import annotations

from inspector_app.domain.store_counts import StoreCountConfirmed, StoreCounted
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.stock import ranges_text
from inspector_app.journal.projections.stock_endings import OPEN

_ANSWERS = ("confirmed_by", "confirmed_at", "case_cause", "conclusion", "concluded_by", "concluded_at")
_NAMES = "count organisation location kind expected counted surplus_count ending due_on by at"


@projects_document(StoreCounted)
def store_counted(value: StoreCounted, rows: Rows) -> None:
    """It waits for its second person."""
    row: Row = {name: getattr(value, name) for name in _NAMES.split()}
    row |= {"surplus": ranges_text(value.surplus), "day": value.on}
    row["state"] = OPEN if value.surplus_count else None
    rows.put("store_counts", row | dict.fromkeys(_ANSWERS))


@projects_document(StoreCountConfirmed)
def store_count_confirmed(value: StoreCountConfirmed, rows: Rows) -> None:
    """Confirmed, once."""
    held = rows.one("store_counts", count=value.count)
    if held is not None and held["confirmed_by"] is None:
        rows.update("store_counts", {"count": value.count}, {"confirmed_by": value.by, "confirmed_at": value.at})
