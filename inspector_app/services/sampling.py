"""Samples and laboratory results, entered from the paper report."""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
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
    "LAST_LABORATORY",
    "MOST_INDIVIDUALS",
    "OUTCOMES",
    "REPORT_NO_MAX",
    "ResultForm",
    "SampleForm",
    "next_sample_code",
    "receive_result",
    "reported_outcomes",
    "results_standing",
    "send_sample",
    "take_sample",
]

OUTCOMES = (NEGATIVE, POSITIVE, "inconclusive")
MOST_INDIVIDUALS = 1_000_000
LAST_LABORATORY = 2**31 - 1
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
        found = [*device.may(Action.SAMPLE), *_known_sample(device, sample), *_laboratory_refusals(laboratory)]
        return found + _past_day_refusals(device, "sent_on", sent_on)

    fact = SampleSent(sample=sample, laboratory=laboratory, sent_on=sent_on)
    return device.record_unless(against, lambda act: act.add(fact))


def _known_sample(device: Device, sample: str) -> list[Refusal]:
    known = device.rows.one("samples", ref=sample) is not None
    return [] if known else [Refusal(code=RefusalCode.NOT_FOUND, field="sample", current=sample)]


def _laboratory_refusals(laboratory: int) -> list[Refusal]:
    if 0 < laboratory <= LAST_LABORATORY:
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="laboratory", current=laboratory)]


def _past_day_refusals(device: Device, field: str, day: str) -> list[Refusal]:
    found = day_refusals(field, day)
    if not found and day > device.today():
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=day))
    return found


def receive_result(device: Device, form: ResultForm) -> str | Refused:
    """Record a laboratory's report; returns its reference."""

    def against() -> list[Refusal]:
        found = [*device.may(Action.RECORD_RESULT), *_known_sample(device, form.sample)]
        return found + _result_refusals(device, form)

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
    found += _laboratory_refusals(form.laboratory) + _past_day_refusals(device, "reported_on", form.reported_on)
    return found + one_text("report_no", form.report_no, REPORT_NO_MAX) + attachment_refusals(device, form.attachments)


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
