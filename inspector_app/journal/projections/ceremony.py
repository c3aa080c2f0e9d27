"""Acts that want a second person, and who confirmed them."""

from __future__ import annotations

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


def note_act(rows: Rows, entry: Entry, subject: str = "") -> None:
    """An act that a second person has yet to confirm (待复核).

    ``subject`` names what it was done to, where two computers may do the same thing: confirming one settles both.
    """
    said = entry.envelope
    row: Row = {"ref": entry.ref, "kind": said.kind, "device": said.device, "by": said.actor, "at": said.at}
    row |= {"subject": subject or None}
    rows.insert("acts", row | {"confirm_ref": None, "form": None, "confirmed_by": None, "confirmed_at": None})


@projects(ActConfirmed)
def act_confirmed(fact: ActConfirmed, entry: Entry, rows: Rows) -> None:
    """Confirmed; of two confirmations the earlier stands, in whatever order they are heard. Nobody counts twice."""
    row = rows.one("acts", ref=fact.act)
    if row is None or row["by"] == entry.envelope.actor:
        return
    told = (entry.envelope.at, entry.ref)
    if row["confirm_ref"] is None or told < (int(row["confirmed_at"] or 0), str(row["confirm_ref"])):
        changes: Row = {"confirm_ref": entry.ref, "form": fact.form}
        changes |= {"confirmed_by": entry.envelope.actor, "confirmed_at": entry.envelope.at}
        rows.update("acts", {"ref": fact.act}, changes)
