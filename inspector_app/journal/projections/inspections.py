"""Inspections, samples and results as rows; lists stand as JSON text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.inspections import (
    InspectionCompleted,
    InspectionDetails,
    ResultReceived,
    SampleSent,
    SampleTaken,
)
from inspector_app.journal.projections.declarations import batch_columns, note_text
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


def as_list(values: Sequence[object]) -> str:
    """A list as it stands in a column."""
    return msgspec.json.encode(values).decode()


@projects(InspectionCompleted)
def inspection_completed(fact: InspectionCompleted, entry: Entry, rows: Rows) -> None:
    """An inspected batch."""
    row: Row = {
        "ref": entry.ref,
        "device": entry.envelope.device,
        "declaration": fact.declaration,
        "vet": entry.envelope.actor,
        "stage": fact.stage,
        "started_at": fact.started_at,
        "ended_at": fact.ended_at,
        "catalogue": fact.catalogue,
        "checks": as_list(fact.checks),
        "failings": as_list(fact.failings),
        "findings": as_list(fact.findings),
        "suspected": as_list(fact.suspected),
        "measurements": as_list(fact.measurements),
        "attachments": as_list(fact.attachments),
        "history_clean": int(fact.history_clean),
        "quantity_reason": fact.quantity_reason,
        "conclusion": fact.conclusion,
    }
    row |= batch_columns(fact.species, fact.quantity)
    if isinstance(entry.private, InspectionDetails):
        row |= {"batch": entry.private.batch, "place": entry.private.place, "note": entry.private.note}
    rows.insert("inspections", row)


@projects(SampleTaken)
def sample_taken(fact: SampleTaken, entry: Entry, rows: Rows) -> None:
    """A sample with its label."""
    row: Row = {"ref": entry.ref, "device": entry.envelope.device, "inspection": fact.inspection, "code": fact.code}
    row |= {"preservation": fact.preservation, "diseases": as_list(fact.diseases)}
    row |= {"individuals": fact.individuals, "taken_at": entry.envelope.at, "note": note_text(entry)}
    row |= {"attachments": as_list(fact.attachments)}
    rows.insert("samples", row)


@projects(SampleSent)
def sample_sent(fact: SampleSent, entry: Entry, rows: Rows) -> None:
    """A sample on its way to a laboratory."""
    rows.update("samples", {"ref": fact.sample}, {"laboratory": fact.laboratory, "sent_on": fact.sent_on})


@projects(ResultReceived)
def result_received(fact: ResultReceived, entry: Entry, rows: Rows) -> None:
    """A laboratory's report."""
    sample = rows.one("samples", ref=fact.sample)
    row: Row = {"ref": entry.ref, "device": entry.envelope.device, "sample": fact.sample}
    row |= {"inspection": sample["inspection"] if sample else None, "laboratory": fact.laboratory}
    row |= {"report_no": fact.report_no, "reported_on": fact.reported_on, "outcomes": as_list(fact.outcomes)}
    row |= {"attachments": as_list(fact.attachments)}
    rows.insert("results", row)
