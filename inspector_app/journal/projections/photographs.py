"""Photographs that came later, by the act they show."""

from __future__ import annotations

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.photographs import PhotographsAdded
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


@projects(PhotographsAdded)
def photographs_added(fact: PhotographsAdded, entry: Entry, rows: Rows) -> None:
    """Told by two computers they are two facts: each has its own pictures."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "about": fact.about, "pictures": len(fact.attachments)}
    rows.insert("photographs", row | {"by": said.actor, "at": said.at})
