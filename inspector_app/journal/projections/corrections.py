"""Correction notes as rows: the certificate's own row goes on saying what its paper says."""

from __future__ import annotations

import msgspec

from inspector_app.domain.correction import FIELDS, CorrectedValues
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows

VALUE_COLUMNS = (*FIELDS, "note")
"""What the private part of a note fills."""


@projects(CertificateCorrected)
def certificate_corrected(fact: CertificateCorrected, entry: Entry, rows: Rows) -> None:
    """One note. Told by two computers, both stand, and of one field the later counts."""
    row: Row = {"ref": entry.ref, "number": str(fact.number), "device": entry.envelope.device}
    row |= {"fields": msgspec.json.encode(fact.fields).decode(), "reason": fact.reason}
    row |= {"at": entry.envelope.at, "by": entry.envelope.actor}
    rows.insert("corrections", row | _values(entry))


def _values(entry: Entry) -> Row:
    said = entry.private
    if not isinstance(said, CorrectedValues):
        return dict.fromkeys(VALUE_COLUMNS)
    return {name: getattr(said, name) or None for name in VALUE_COLUMNS}


def corrected_values(rows: Rows, number: str) -> dict[str, str]:
    """What the notes to a certificate say now, by field; a value whose private part is gone is ""."""
    found: dict[str, str] = {}
    for row in corrections_of(rows, number):
        for field in msgspec.json.decode(str(row["fields"]), type=list[str]):
            found[field] = str(row.get(field) or "")
    return found


def corrections_of(rows: Rows, number: str) -> list[Row]:
    """The notes to a certificate, oldest first; of one moment in the order of their names."""
    return sorted(rows.many("corrections", number=number), key=lambda row: (int(row["at"] or 0), str(row["ref"])))
