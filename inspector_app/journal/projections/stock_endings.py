"""Stock that ended in a store, as moves of its ledger and as cases."""

from __future__ import annotations

from inspector_app.domain.stock_endings import Ending, StockEnded, StockLossConcluded
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.stock import note_moves, ranges_text

OPEN, CONCLUDED = "open", "concluded"


@projects_document(StockEnded)
def stock_ended(value: StockEnded, rows: Rows) -> None:
    """It is out of the store, or never came into it; a loss is a case from then on."""
    store: Row = {"organisation": value.organisation, "location": value.location, "flow": "out", "counterpart": 0}
    row: Row = store | {"kind": value.kind, "day": value.on, "by": value.by, "at": value.at}
    if not value.shipment:
        note_moves(rows, row | {"record": value.ending, "ended": int(value.ended)}, value.ranges, value.count)
    state = OPEN if value.how == Ending.LOST else None
    names = ("ending", "organisation", "location", "kind", "count", "how", "cause", "due_on", "shipment", "head")
    ended: Row = {name: getattr(value, name) for name in names}
    ended |= {"ranges": ranges_text(value.ranges), "day": value.on, "state": state, "by": value.by, "at": value.at}
    ended["ended"] = int(value.ended)
    rows.put("stock_endings", ended | dict.fromkeys(("case_cause", "conclusion", "concluded_by", "concluded_at")))


@projects_document(StockLossConcluded)
def stock_loss_concluded(value: StockLossConcluded, rows: Rows) -> None:
    """The case is closed; what was lost stays out of every store.

    That of a surplus is named by its count, that of a suspicion by the request for destruction.
    """
    changes: Row = {"state": CONCLUDED, "case_cause": value.cause, "conclusion": value.conclusion}
    changes |= {"concluded_by": value.by, "concluded_at": value.at}
    rows.update("stock_endings", {"ending": value.ending}, changes)
    rows.update("store_counts", {"count": value.ending}, changes)
    told = {"case_state": changes.pop("state")}
    rows.update("stock_end_asks", {"ask": value.ending}, changes | told)
