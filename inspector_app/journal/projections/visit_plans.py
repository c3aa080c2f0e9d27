"""The visits drawn by lot, as rows."""

from __future__ import annotations

from inspector_app.domain.visit_plans import VisitsDrawn
from inspector_app.journal.projections.inspections import as_list
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows


@projects_document(VisitsDrawn)
def visits_drawn(value: VisitsDrawn, rows: Rows) -> None:
    """A day's lots."""
    row: Row = {"plan": value.plan, "day": value.on, "seed": value.seed}
    row |= {"pool": as_list([str(one) for one in value.pool]), "drawn": as_list([str(one) for one in value.drawn])}
    rows.put("visit_plans", row | {"organisation": value.organisation, "by": value.by, "at": value.at})
