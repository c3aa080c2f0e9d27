"""What travels with a case: the entries a certificate stands on, exactly as written, and the papers in force on it.

Papers travel by number and quantity alone: the sum on a batch must hold at the next computer, and nobody else's truck,
name or place is needed for that.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector_app.errors import BugError
from inspector_app.journal.entries.devices import CaseUse
from inspector_app.journal.entries.inspections import SampleSent
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.cases import uses_elsewhere
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.known_entries import KnownEntries
from inspector_app.services.print_jobs import number_of

IN_FORCE = "issued"


def entries_of(device: Device, declaration: str) -> list[str]:
    """The names of a case's entries, each after those it speaks of."""
    row = device.rows.one("declarations", ref=declaration) or {}
    inspections = device.rows.many("inspections", declaration=declaration)
    samples = [one for row in inspections for one in device.rows.many("samples", inspection=row["ref"])]
    results = [one for row in inspections for one in device.rows.many("results", inspection=row["ref"])]
    party = device.rows.one("parties", ref=row.get("owner"))
    chain = [*_refs([party] if party else []), declaration, str(row.get("accepted_ref") or "")]
    chain += [*_refs(inspections), *_refs(samples), *_sendings(device, samples), *_refs(results)]
    return [ref for ref in dict.fromkeys(chain) if ref]


def _refs(rows: Iterable[Row]) -> list[str]:
    return [str(row["ref"]) for row in rows]


def _sendings(device: Device, samples: list[Row]) -> list[str]:
    sent = [str(row["ref"]) for row in samples if row["sent_on"]]
    found = KnownEntries(device).naming(sent) if sent else []
    return [one.ref for one in found if isinstance(one.fact, SampleSent) and one.fact.sample in sent]


def as_written(device: Device, refs: Iterable[str]) -> list[bytes]:
    """The entries of these names as they travel between devices."""
    known = KnownEntries(device)
    return [_document(known, ref) for ref in refs]


def _document(known: KnownEntries, ref: str) -> bytes:
    content = known.document(ref)
    if content is None:
        raise BugError(f"{ref} stands in the rows and in no journal here")
    return content


def uses_of(device: Device, declaration: str) -> list[CaseUse]:
    """Every paper in force on a case, issued here or elsewhere, as far as is known here."""
    papers = [
        row
        for table in ("certificates", "notices")
        for row in device.rows.many(table, declaration=declaration, state=IN_FORCE)
        if row["value"] is not None
    ]
    return [*(_use(device, row) for row in papers), *uses_elsewhere(device.rows, declaration)]


def _use(device: Device, row: Row) -> CaseUse:
    number = number_of(device, str(row["number"]))
    return CaseUse(number=number, inspection=str(row["inspection"]), quantity=quantity_of(row))
