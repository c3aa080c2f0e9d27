"""What keepers asked their heads, and how these answered."""

from __future__ import annotations

from inspector_app.domain.stock_approvals import ApprovalAsked, ApprovalDeclined
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.stock import ASKED, DECLINED, ranges_text


@projects_document(ApprovalAsked)
def approval_asked(value: ApprovalAsked, rows: Rows) -> None:
    """It waits for the head."""
    names = ("ask", "act", "organisation", "location", "counterpart", "kind", "count", "reason", "ledger", "by", "at")
    row: Row = {name: getattr(value, name) for name in names}
    row |= {"ranges": ranges_text(value.ranges), "day": value.on, "paper": int(value.paper), "order_no": value.order}
    rows.put("stock_approvals", row | {"state": ASKED, "record": None, "answered_by": None, "answered_at": None})


@projects_document(ApprovalDeclined)
def approval_declined(value: ApprovalDeclined, rows: Rows) -> None:
    """The head said no."""
    answer: Row = {"state": DECLINED, "answered_by": value.by, "answered_at": value.at}
    rows.update("stock_approvals", {"ask": value.ask}, answer)
