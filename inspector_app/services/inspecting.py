"""Inspection of a batch (检疫): documents, 12-month history, clinical signs, conclusion."""

from __future__ import annotations

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.journal.entries.inspections import InspectionCompleted, InspectionDetails, Measurement
from inspector_app.services.device import Device

PASSED, FAILED = "passed", "failed"


class InspectionForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An inspection as typed or imported (``inspector inspect FILE.json``); codes are the catalogue's."""

    declaration: str
    quantity: Quantity
    started_at: int
    ended_at: int
    conclusion: str
    checks: list[str] = []
    failings: list[str] = []
    history_clean: bool = True
    findings: list[str] = []
    suspected: list[str] = []
    measurements: list[Measurement] = []
    batch: str = ""
    place: str = ""
    note: str = ""
    attachments: list[str] = []


def check_form(device: Device, form: InspectionForm) -> tuple[Refusal, ...]:
    """Everything still wrong with an inspection as typed."""
    return in_order([*_case_refusals(device, form), *_field_refusals(form), *_conclusion_refusals(form)])


def _case_refusals(device: Device, form: InspectionForm) -> list[Refusal]:
    row = device.rows.one("declarations", ref=form.declaration)
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, current=form.declaration)]
    if row["holder"] != device.id:
        return [Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(row["holder"])})]
    if row["state"] != "accepted":
        return [Refusal(code=RefusalCode.DECLARATION_NOT_ACCEPTED, current=str(row["state"]))]
    return []


def _field_refusals(form: InspectionForm) -> list[Refusal]:
    found = []
    if form.quantity.value <= 0:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="quantity"))
    if form.ended_at < form.started_at:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="ended_at"))
    if not form.batch.strip():
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="batch"))
    if form.conclusion not in (PASSED, FAILED):
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="conclusion"))
    return found


def _conclusion_refusals(form: InspectionForm) -> list[Refusal]:
    # The three pass criteria of PROC-2011 3; the laboratory's part is judged when a certificate is issued.
    clean = form.history_clean and not form.failings and not form.findings
    if form.conclusion == PASSED and not clean:
        return [Refusal(code=RefusalCode.FIELD_INVALID, field="conclusion", current=PASSED, limit=FAILED)]
    return []


def complete_inspection(device: Device, form: InspectionForm) -> str | Refused:
    """Record a finished inspection; returns its reference."""
    refusals = [*device.may(Action.INSPECT), *check_form(device, form)]
    if refusals:
        return Refused(in_order(refusals))
    row = device.rows.one("declarations", ref=form.declaration) or {}
    fact = InspectionCompleted(
        declaration=form.declaration,
        species=int(row["species"] or 0),
        stage=str(row["stage"]),
        quantity=form.quantity,
        started_at=form.started_at,
        ended_at=form.ended_at,
        catalogue=device.catalogue.version,
        checks=form.checks,
        failings=form.failings,
        history_clean=form.history_clean,
        findings=form.findings,
        suspected=form.suspected,
        measurements=form.measurements,
        conclusion=form.conclusion,
        attachments=form.attachments,
    )
    details = InspectionDetails(batch=form.batch.strip(), place=form.place.strip(), note=form.note.strip())
    return device.record(lambda act: act.add(fact, private=details))
