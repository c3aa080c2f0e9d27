"""Samples and laboratory results, entered from the paper report."""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.catalogue import Laboratory
from inspector_app.domain.policy import Policy
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.sampling import NEGATIVE, POSITIVE, Outcome, ResultsStanding, standing
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.inspections import DiseaseOutcome, ResultReceived, SampleSent, SampleTaken
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.typed import (
    attachment_refusals,
    code_refusals,
    day_refusals,
    one_text,
    reason_refusals,
    text_refusals,
)

__all__ = [
    "DiseaseOutcome",
    "MOST_INDIVIDUALS",
    "OUTCOMES",
    "REPORT_NO_MAX",
    "ResultForm",
    "SampleForm",
    "designated",
    "next_sample_code",
    "receive_result",
    "reported_outcomes",
    "results_standing",
    "send_sample",
    "take_sample",
]

OUTCOMES = (NEGATIVE, POSITIVE, "inconclusive")
MOST_INDIVIDUALS = 1_000_000
REPORT_NO_MAX = 40


class SampleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sample as typed; ``diseases`` are catalogue codes to be tested for."""

    inspection: str
    individuals: int
    preservation: str
    diseases: list[str]
    note: str = ""
    attachments: list[str] = []


class ResultForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A laboratory's report as typed from paper."""

    sample: str
    laboratory: int
    report_no: str
    reported_on: str
    outcomes: list[DiseaseOutcome]
    attachments: list[str] = []


def take_sample(device: Device, form: SampleForm) -> str | Refused:
    """Record a sample with a fresh label; returns its reference."""

    def build(act: Act) -> str:
        fact = SampleTaken(
            inspection=form.inspection,
            code=next_sample_code(device),
            individuals=form.individuals,
            preservation=form.preservation,
            diseases=form.diseases,
            attachments=form.attachments,
        )
        return act.add(fact, private=note_of(form.note))

    return device.record_unless(lambda: [*device.may(Action.SAMPLE), *_sample_refusals(device, form)], build)


def _sample_refusals(device: Device, form: SampleForm) -> list[Refusal]:
    found = []
    if device.rows.one("inspections", ref=form.inspection) is None:
        found.append(Refusal(code=RefusalCode.NOT_INSPECTED, current=form.inspection))
    if not 0 < form.individuals <= MOST_INDIVIDUALS:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="individuals", current=form.individuals))
    if not form.diseases:
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="diseases"))
    found += code_refusals("diseases", form.diseases, _diseases(device))
    found += reason_refusals(device, "preservation", form.preservation, field="preservation")
    return found + text_refusals(form, ("note",)) + attachment_refusals(device, form.attachments)


def _diseases(device: Device) -> set[str]:
    return {disease.code for disease in device.catalogue.records("disease")}


def next_sample_code(device: Device) -> str:
    """Label of the next sample: station area, day, device, running number (DOMAIN 3.5)."""
    now = device.clock.now().at
    station = device.rows.one("stations", station=device.sheet.station)
    area = int(station["area"] or 0) if station else 0
    today = [row for row in device.rows.many("samples", device=device.id) if _same_day(row, now)]
    return f"{area:06d}{legal_date(now).replace('-', '')}{device.id[:2]}{len(today) + 1:03d}"


def _same_day(row: Row, now: int) -> bool:
    return legal_date(int(row["taken_at"] or 0)) == legal_date(now)


def send_sample(device: Device, sample: str, *, laboratory: int, sent_on: str) -> str | Refused:
    """Record that a sample left for a designated laboratory."""

    def against() -> list[Refusal]:
        row = device.rows.one("samples", ref=sample)
        found = [*device.may(Action.SAMPLE), *_known_sample(row, sample), *_laboratory_refusals(device, laboratory)]
        return found + _day_refusals(device, "sent_on", sent_on, _taken_on(row))

    fact = SampleSent(sample=sample, laboratory=laboratory, sent_on=sent_on)
    return device.record_unless(against, lambda act: act.add(fact))


def _known_sample(row: Row | None, sample: str) -> list[Refusal]:
    return [] if row is not None else [Refusal(code=RefusalCode.NOT_FOUND, field="sample", current=sample)]


def designated(device: Device) -> tuple[Laboratory, ...]:
    """The laboratories the device's province designated (PROC-2011 4.5.3): no other report counts."""
    return device.catalogue.laboratories(device.sheet.province, device.today())


def _laboratory_refusals(device: Device, laboratory: int) -> list[Refusal]:
    if any(row.code == laboratory for row in designated(device)):
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="laboratory", current=laboratory)]


def _taken_on(sample: Row | None) -> str:
    return legal_date(int(sample["taken_at"] or 0)) if sample is not None else ""


def _day_refusals(device: Device, field: str, day: str, first: str) -> list[Refusal]:
    """What is no day, lies before ``first`` or is still to come."""
    if not day_refusals(field, day) and first <= day <= device.today():
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=day, limit=first)]


def receive_result(device: Device, form: ResultForm) -> str | Refused:
    """Record a laboratory's report; returns its reference."""

    def against() -> list[Refusal]:
        row = device.rows.one("samples", ref=form.sample)
        found = [*device.may(Action.RECORD_RESULT), *_known_sample(row, form.sample)]
        found += _result_refusals(device, form)
        return found + (_sample_result_refusals(device, form, row) if row is not None else [])

    fact = ResultReceived(
        sample=form.sample,
        laboratory=form.laboratory,
        report_no=form.report_no.strip(),
        reported_on=form.reported_on,
        outcomes=form.outcomes,
        attachments=form.attachments,
    )
    return device.record_unless(against, lambda act: act.add(fact))


def _result_refusals(device: Device, form: ResultForm) -> list[Refusal]:
    found = [Refusal(code=RefusalCode.FIELD_MISSING, field="report_no")] if not form.report_no.strip() else []
    if not form.outcomes:
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="outcomes"))
    found += code_refusals("outcomes", [item.outcome for item in form.outcomes], OUTCOMES)
    found += code_refusals("diseases", [item.disease for item in form.outcomes], _diseases(device))
    found += _laboratory_refusals(device, form.laboratory)
    return found + one_text("report_no", form.report_no, REPORT_NO_MAX) + attachment_refusals(device, form.attachments)


def _sample_result_refusals(device: Device, form: ResultForm, sample: Row) -> list[Refusal]:
    """What a report cannot say of this sample: a day before it, a disease nobody asked for, the same once more."""
    first = max(_taken_on(sample), str(sample["sent_on"] or ""))
    found = _day_refusals(device, "reported_on", form.reported_on, first)
    asked = {*msgspec.json.decode(str(sample["diseases"]), type=list[str])}
    # A positive finding stands against the batch whoever asked; to refuse it would keep it out of the record.
    told = [item.disease for item in form.outcomes if item.outcome != POSITIVE]
    found += code_refusals("tested", [code for code in told if code in _diseases(device)], asked)
    report = (form.laboratory, form.report_no.strip())
    if report in [(row["laboratory"], row["report_no"]) for row in device.rows.many("results", sample=form.sample)]:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, field="report_no", current=report[1]))
    return found


def results_standing(device: Device, inspection: Row, kind: str, policy: Policy | None = None) -> ResultsStanding:
    """How the results an inspection needs for a certificate of this kind stand today."""
    suspected = msgspec.json.decode(str(inspection["suspected"]), type=list[str])
    hosts = device.catalogue.diseases_for(int(inspection["species"] or 0), device.today())
    required = (policy or device.policy()).required_results(kind, hosts, suspected=suspected)
    return standing(required, reported_outcomes(device, str(inspection["ref"])))


def reported_outcomes(device: Device, inspection: str) -> list[Outcome]:
    """Every outcome reported for an inspection's samples."""
    found = []
    for row in device.rows.many("results", inspection=inspection):
        for item in msgspec.json.decode(str(row["outcomes"]), type=list[DiseaseOutcome]):
            found.append(Outcome(item.disease, item.outcome, str(row["reported_on"])))
    return found


def diseases_concerned(device: Device, inspection: Row) -> list[str]:
    """What stands against a batch: every disease the vet suspected or a laboratory found, and no other.

    A suspicion the laboratory did not confirm is none any more.
    """
    suspected = msgspec.json.decode(str(inspection["suspected"]), type=list[str])
    outcomes = reported_outcomes(device, str(inspection["ref"]))
    positive = [item.disease for item in outcomes if item.outcome == POSITIVE]
    cleared = {item.disease for item in outcomes if item.outcome == NEGATIVE} - set(positive)
    return list(dict.fromkeys([*(code for code in suspected if code not in cleared), *positive]))
