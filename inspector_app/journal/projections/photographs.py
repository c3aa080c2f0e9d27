"""Photographs that a reason excused, and those that came later, by the act they show."""

from __future__ import annotations

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.photographs import PhotographsAdded, excuse_of
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.registry import projects, projects_every
from inspector_app.journal.projections.rows import Row, Rows


@projects(PhotographsAdded)
def photographs_added(fact: PhotographsAdded, entry: Entry, rows: Rows) -> None:
    """Told by two computers they are two facts: each has its own pictures."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "about": fact.about, "pictures": len(fact.attachments)}
    rows.insert("photographs", row | {"by": said.actor, "at": said.at})


@projects_every
def photograph_excused(fact: Fact, entry: Entry, rows: Rows) -> None:
    """Whatever was recorded with a reason instead of a photograph, and the number of the sheets it is about."""
    if reason := excuse_of(fact):
        said = entry.envelope
        row: Row = {"ref": entry.ref, "device": said.device, "by": said.actor, "at": said.at}
        rows.insert("excuses", row | {"number": _number_of(fact), "reason": reason, "kind": fact.KIND})


def _number_of(fact: Fact) -> str:
    """The number of the sheets that were not photographed; "" for a store or a count."""
    if isinstance(fact, CertificateIssued):
        return fact.record.replaces
    return str(getattr(fact, "number", ""))
