"""Cases of custody as rows."""

from __future__ import annotations

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded, CustodyCaseOpened
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


@projects(CustodyCaseOpened)
def custody_case_opened(fact: CustodyCaseOpened, entry: Entry, rows: Rows) -> None:
    """A case whose cause is not known yet."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "kind": fact.case, "about": fact.about, "state": "open"}
    row |= {name: getattr(fact, name) for name in ("form", "first", "last", "opened_on", "due_on")}
    rows.insert("custody_cases", row | {"note": note_text(entry), "opened_by": said.actor, "opened_at": said.at})


@projects(CustodyCaseConcluded)
def custody_case_concluded(fact: CustodyCaseConcluded, entry: Entry, rows: Rows) -> None:
    """Concluded; of two conclusions the earlier stands, in whatever order they are heard."""
    row, at = rows.one("custody_cases", ref=fact.opened), entry.envelope.at
    if row is None:
        return
    if row["concluded_ref"] is None or (at, entry.ref) < (int(row["concluded_at"] or 0), str(row["concluded_ref"])):
        changes: Row = {"state": "concluded", "cause": fact.cause, "conclusion": fact.conclusion}
        changes |= {"concluded_ref": entry.ref, "concluded_by": entry.envelope.actor, "concluded_at": at}
        rows.update("custody_cases", {"ref": fact.opened}, changes | {"conclusion_note": note_text(entry)})
