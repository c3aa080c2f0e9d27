"""Photographs and scans by the entries that name them: what a computer has to send, and what the province may take."""

from __future__ import annotations

from inspector_app.journal.attachments import attachments_of
from inspector_app.journal.chain import Entry
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.registry import projects_every
from inspector_app.journal.projections.rows import Row, Rows


@projects_every
def attachments_named(fact: Fact, entry: Entry, rows: Rows) -> None:
    """One row for each attachment of an entry."""
    for name in attachments_of(fact):
        row: Row = {"ref": entry.ref, "device": entry.envelope.device, "name": name, "seq": entry.envelope.seq}
        rows.insert("attachments", row)
