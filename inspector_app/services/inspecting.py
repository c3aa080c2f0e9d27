"""Inspection of a batch (检疫): documents, 12-month history, clinical signs, conclusion."""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.authority import Action
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.journal.entries.inspections import InspectionCompleted, InspectionDetails, Measurement
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.typed import amount_refusals, attachment_refusals, code_refusals, text_refusals

__all__ = [
    "CLOCK_TOLERANCE_MS",
    "HISTORY",
    "InspectionForm",
    "Measurement",
    "TEXTS",
    "check_form",
    "complete_inspection",
    "required_checks",
]

PASSED, FAILED = "passed", "failed"
HISTORY = "history_clean"
TEXTS = ("batch", "place", "note")
CLOCK_TOLERANCE_MS = 2 * MS_PER_MINUTE


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
    row = device.rows.one("declarations", ref=form.declaration)
    found = [*_case_refusals(device, row, form.declaration), *_field_refusals(device, form)]
    found += _code_refusals(device, form, int(row["species"] or 0) if row else 0)
    wild = bool(row["wild"]) if row else False
    return in_order([*found, *_conclusion_refusals(device, form, wild=wild)])


def _case_refusals(device: Device, row: Row | None, declaration: str) -> list[Refusal]:
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, current=declaration)]
    if row["holder"] != device.id:
        return [Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(row["holder"])})]
    if row["state"] != "accepted":
        return [Refusal(code=RefusalCode.DECLARATION_NOT_ACCEPTED, current=str(row["state"]))]
    return []


def _field_refusals(device: Device, form: InspectionForm) -> list[Refusal]:
    found = amount_refusals(form.quantity, device.catalogue.units)
    if not 0 <= form.started_at <= form.ended_at:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="ended_at"))
    elif form.ended_at > device.clock.now().at + CLOCK_TOLERANCE_MS:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="ended_at", current=form.ended_at))
    if not form.batch.strip():
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="batch"))
    if form.conclusion not in (PASSED, FAILED):
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="conclusion"))
    return found + text_refusals(form, TEXTS) + attachment_refusals(device, form.attachments)


def _code_refusals(device: Device, form: InspectionForm, species: int) -> list[Refusal]:
    checks = {check.code for check in device.catalogue.records("check")}
    signs = {sign.code for sign in device.catalogue.signs_for(species, device.today())}
    diseases = {disease.code for disease in device.catalogue.records("disease")}
    found = code_refusals("checks", form.checks, checks) + code_refusals("failings", form.failings, checks)
    found += code_refusals("findings", form.findings, signs) + code_refusals("suspected", form.suspected, diseases)
    wrong = [reading.what for reading in form.measurements if not _is_possible(device, reading)]
    return found + code_refusals("measurements", wrong, ())


def _is_possible(device: Device, reading: Measurement) -> bool:
    known = device.catalogue.measurement(reading.what)
    if known is None or (reading.unit, reading.scale) != (known.unit, known.scale):
        return False
    return known.low <= reading.value <= known.high


def _conclusion_refusals(device: Device, form: InspectionForm, *, wild: bool) -> list[Refusal]:
    # The three pass criteria of PROC-2011 3; the laboratory's part is judged when a certificate is issued.
    if form.conclusion != PASSED:
        return []
    found = []
    if not form.history_clean or form.failings or form.findings:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="conclusion", current=PASSED, limit=FAILED))
    open_checks = [code for code in required_checks(device, wild=wild) if code not in (*form.checks, *form.failings)]
    return found + [Refusal(code=RefusalCode.FIELD_MISSING, field="checks", current=code) for code in open_checks]


def required_checks(device: Device, *, wild: bool) -> list[str]:
    """Codes of the checks without which a batch cannot pass (PROC-2011 4.3.1, wild-caught 4.3.2).

    The 12-month history is asked for by itself (``history_clean``).
    """
    rows = device.catalogue.checks("wild" if wild else "documents", device.today())
    return [check.code for check in rows if check.required and check.code != HISTORY]


def complete_inspection(device: Device, form: InspectionForm) -> str | Refused:
    """Record a finished inspection; returns its reference."""

    def against() -> list[Refusal]:
        return [*device.may(Action.INSPECT), *check_form(device, form)]

    details = InspectionDetails(batch=form.batch.strip(), place=form.place.strip(), note=form.note.strip())
    return device.record_unless(against, lambda act: act.add(_fact(device, form), private=details))


def _fact(device: Device, form: InspectionForm) -> InspectionCompleted:
    row = device.rows.one("declarations", ref=form.declaration) or {}
    return InspectionCompleted(
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
