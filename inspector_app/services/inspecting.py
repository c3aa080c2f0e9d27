"""Inspection of a batch (检疫): documents, 12-month history, clinical signs, conclusion."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.quantities import (
    Quantity,
    QuantityError,
    UnitsDifferError,
    compare,
    digits,
    plain,
    scaled_text,
    total,
)
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.domain.typed_text import search_key
from inspector_app.journal.entries.inspections import InspectionCompleted, InspectionDetails, Measurement
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.typed import (
    amount_refusals,
    attachment_refusals,
    code_refusals,
    reason_refusals,
    text_refusals,
)

__all__ = [
    "HISTORY",
    "InspectionForm",
    "Measurement",
    "TEXTS",
    "check_form",
    "complete_inspection",
    "readings_in",
    "required_checks",
]

PASSED, FAILED = "passed", "failed"
HISTORY = "history_clean"
TEXTS = ("batch", "place", "note")
MOST_DECIMALS = 6


class Excess(msgspec.Struct, frozen=True):
    """More was inspected than was declared; both in the base unit."""

    declared: Quantity
    inspected: Quantity


class InspectionForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An inspection as typed or imported (``inspector inspect FILE.json``); codes are the catalogue's."""

    declaration: str
    quantity: Quantity
    started_at: int
    ended_at: int
    conclusion: str
    history_clean: bool
    checks: list[str] = []
    failings: list[str] = []
    findings: list[str] = []
    suspected: list[str] = []
    measurements: list[Measurement] = []
    batch: str = ""
    place: str = ""
    note: str = ""
    quantity_reason: str = ""
    attachments: list[str] = []


def check_form(device: Device, form: InspectionForm) -> tuple[Refusal, ...]:
    """Everything still wrong with an inspection as typed."""
    row = device.rows.one("declarations", ref=form.declaration)
    found = [*_case_refusals(device, row, form.declaration), *_field_refusals(device, form)]
    found += _code_refusals(device, form, int(row["species"] or 0) if row else 0)
    if row is not None:
        found += [*_time_refusals(device, form, row), *_declared_refusals(device, form, row)]
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
    if not form.batch.strip():
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="batch"))
    if form.conclusion not in (PASSED, FAILED):
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="conclusion"))
    return found + text_refusals(form, TEXTS) + attachment_refusals(device, form.attachments)


def _time_refusals(device: Device, form: InspectionForm, declaration: Row) -> list[Refusal]:
    """An inspection begins after the declaration and has ended, as far as clocks may differ: people write minutes."""
    found = []
    declared, tolerance = int(declaration["declared_at"] or 0), device.policy().clock_tolerance_ms
    if form.started_at < declared - tolerance:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="started_at", limit=declared))
    if not form.started_at <= form.ended_at <= device.clock.now().at + tolerance:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="ended_at"))
    return found


def _declared_refusals(device: Device, form: InspectionForm, declaration: Row) -> list[Refusal]:
    """What other inspections of the declaration leave room for: no batch twice, no more than was declared."""
    others = device.rows.many("inspections", declaration=form.declaration)
    label = search_key(form.batch)
    found = []
    if label and label in [search_key(str(row["batch"] or "")) for row in others]:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, field="batch", current=form.batch.strip()))
    try:
        excess = _excess(device, form, declaration, others)
    except UnitsDifferError:
        return [*found, Refusal(code=RefusalCode.UNITS_DIFFER, field="quantity")]
    except QuantityError as error:
        problem = error.problem.value
        return [*found, Refusal(code=RefusalCode.FIELD_INVALID, field="quantity", details={"problem": problem})]
    return found + (_excess_refusals(device, form, excess, others) if excess is not None else [])


def _excess(device: Device, form: InspectionForm, declaration: Row, others: Sequence[Row]) -> Excess | None:
    """How far the inspected quantities exceed the declared one; None when they do not, or cannot be read."""
    units, declared = device.catalogue.units, quantity_of(declaration)
    if amount_refusals(form.quantity, units):
        return None
    inspected = total([*map(quantity_of, others), form.quantity], units, declared.unit)
    if compare(inspected, declared, units) <= 0:
        return None
    return Excess(plain(declared, units), inspected)


def _excess_refusals(device: Device, form: InspectionForm, excess: Excess, others: Sequence[Row]) -> list[Refusal]:
    # The count at the pond may differ from the estimate that was declared; what failed is declared anew (PROC-2011
    # 5.2.1), never inspected again in the place of what passed.
    if any(row["conclusion"] == FAILED for row in others):
        return [Refusal(code=RefusalCode.INSPECTION_FAILED, field="declaration")]
    if form.quantity_reason:
        reason = form.quantity_reason
        return reason_refusals(device, "quantity", reason, form.note, field="quantity_reason")
    found = Refusal(
        code=RefusalCode.QUANTITY_EXCEEDS_DECLARED,
        field="quantity_reason",
        limit=digits(excess.declared),
        current=digits(excess.inspected),
        details={"unit": str(excess.inspected.unit)},
    )
    return [found]


def _code_refusals(device: Device, form: InspectionForm, species: int) -> list[Refusal]:
    checks = {check.code for check in device.catalogue.records("check")}
    signs = {sign.code for sign in device.catalogue.signs_for(species, device.today())}
    diseases = {disease.code for disease in device.catalogue.records("disease")}
    found = code_refusals("checks", form.checks, checks) + code_refusals("failings", form.failings, checks)
    found += code_refusals("findings", form.findings, signs) + code_refusals("suspected", form.suspected, diseases)
    return found + [wrong for reading in form.measurements if (wrong := _reading_refusal(device, reading)) is not None]


def _reading_refusal(device: Device, reading: Measurement) -> Refusal | None:
    """Why a reading cannot be true, with its name and limits; or is of a kind, unit or scale nobody asked for."""
    known = device.catalogue.measurement(reading.what)
    if known is None:
        return Refusal(code=RefusalCode.FIELD_INVALID, field="measurement", current=reading.what)
    as_asked = (reading.unit, reading.scale) == (known.unit, known.scale)
    if as_asked and known.low <= reading.value <= known.high:
        return None
    lowest, highest = (scaled_text(value, known.scale) for value in (known.low, known.high))
    decimals = min(max(reading.scale, 0), MOST_DECIMALS)
    return Refusal(
        code=RefusalCode.FIELD_INVALID,
        field="measurements",
        limit=f"{lowest}–{highest} {known.unit}".rstrip(),
        current=f"{scaled_text(reading.value, decimals)} {reading.unit}".rstrip(),
        details={"what": known.code},
    )


def _conclusion_refusals(device: Device, form: InspectionForm, *, wild: bool) -> list[Refusal]:
    # The three pass criteria of PROC-2011 3; the laboratory's part is judged when a certificate is issued.
    if form.conclusion == FAILED and not _stands_against(form):
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="failings")]
    if form.conclusion != PASSED:
        return []
    found = []
    if not form.history_clean or form.failings or form.findings:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="conclusion", current=PASSED, limit=FAILED))
    open_checks = [code for code in required_checks(device, wild=wild) if code not in (*form.checks, *form.failings)]
    return found + [Refusal(code=RefusalCode.FIELD_MISSING, field="checks", current=code) for code in open_checks]


def _stands_against(form: InspectionForm) -> bool:
    """Whether anything was found for which a batch may fail; a notice gives it as the reason."""
    return bool(form.failings or form.findings or form.suspected) or not form.history_clean


def required_checks(device: Device, *, wild: bool) -> list[str]:
    """Codes of the checks without which a batch cannot pass (PROC-2011 4.3.1, wild-caught 4.3.2).

    The 12-month history is asked for by itself (``history_clean``).
    """
    rows = device.catalogue.checks("wild" if wild else "documents", device.today())
    return [check.code for check in rows if check.required and check.code != HISTORY]


def readings_in(row: Row) -> list[Measurement]:
    """The readings in the row of an inspection."""
    return msgspec.json.decode(str(row["measurements"] or "[]"), type=list[Measurement])


def complete_inspection(device: Device, form: InspectionForm) -> str | Refused:
    """Record a finished inspection; returns its reference."""

    def against() -> list[Refusal]:
        return [*device.may(Action.INSPECT), *check_form(device, form)]

    details = InspectionDetails(batch=form.batch.strip(), place=form.place.strip(), note=form.note.strip())
    return device.record_unless(against, lambda act: act.add(_fact(device, form), private=details))


def _fact(device: Device, form: InspectionForm) -> InspectionCompleted:
    row = device.rows.one("declarations", ref=form.declaration) or {}
    others = device.rows.many("inspections", declaration=form.declaration)
    # A reason stands on record only where more was found than was declared.
    reason = form.quantity_reason if _excess(device, form, row, others) is not None else ""
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
        quantity_reason=reason,
        attachments=form.attachments,
    )
