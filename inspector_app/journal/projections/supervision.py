"""Supervision visits and what was put right, as rows."""

from __future__ import annotations

from inspector_app.domain.visits import FindingsRectified, StationVisited
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.supervision import (
    LedgerState,
    RectificationRecorded,
    SupervisionRecorded,
    VisitDetails,
)
from inspector_app.journal.projections.ceremony import note_act
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.inspections import as_list
from inspector_app.journal.projections.registry import projects, projects_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.stocktakes import as_json


@projects(SupervisionRecorded)
def supervision_recorded(fact: SupervisionRecorded, entry: Entry, rows: Rows) -> None:
    """A visit, with the ledgers as they stood; where the station tells of it, another person confirms."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "visited_on": fact.visited_on, "rectify_by": fact.rectify_by}
    row |= {"findings": as_list(fact.findings), "attachments": as_list(fact.attachments)}
    row |= {"ledgers": as_json(fact.ledgers), "blocks_hold": int(fact.blocks_hold)}
    row |= {"sheets_hold": int(fact.sheets_hold), "open_cases": fact.open_cases, "by": said.actor, "at": said.at}
    if isinstance(entry.private, VisitDetails):
        row |= {"official": entry.private.official, "unit": entry.private.unit, "note": entry.private.text}
    rows.insert("visits", row)
    if not fact.by_supervisor:
        note_act(rows, entry)


@projects(RectificationRecorded)
def rectification_recorded(fact: RectificationRecorded, entry: Entry, rows: Rows) -> None:
    """Findings put right; several records of one visit add up."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "visit": fact.visit, "findings": as_list(fact.findings)}
    row |= {"attachments": as_list(fact.attachments), "note": note_text(entry), "by": said.actor, "at": said.at}
    rows.insert("rectifications", row)


@projects_document(StationVisited)
def station_visited(value: StationVisited, rows: Rows) -> None:
    """A visit the institution recorded itself: who came has signed, and nobody has to confirm it."""
    ledgers = [LedgerState(ledger=one.ledger, records=one.records, lacking=one.lacking) for one in value.ledgers]
    row: Row = {"ref": value.visit, "device": "", "visited_on": value.visited_on, "rectify_by": value.rectify_by}
    row |= {"station": value.station, "organisation": value.organisation, "unit": value.unit}
    row |= {"findings": as_list(list(value.findings)), "ledgers": as_json(ledgers)}
    row |= {"blocks_hold": int(value.blocks_hold), "sheets_hold": int(value.sheets_hold)}
    row |= {"attachments": as_list([value.picture] if value.picture else []), "no_picture": value.no_picture}
    rows.put("visits", row | {"open_cases": value.open_cases, "by": value.by, "at": value.at})


@projects_document(FindingsRectified)
def findings_rectified(value: FindingsRectified, rows: Rows) -> None:
    """What the institution saw put right adds to what the station told of."""
    row: Row = {"ref": value.rectification, "device": "", "visit": value.visit}
    row |= {"findings": as_list(list(value.findings)), "attachments": as_list([]), "by": value.by, "at": value.at}
    rows.put("rectifications", row)
