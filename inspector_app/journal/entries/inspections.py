"""Inspection of a batch (检疫), samples (采样) and laboratory results."""

from __future__ import annotations

import msgspec

from inspector_app.domain.quantities import Quantity
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


class InspectionDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where exactly and what else was seen."""

    batch: str
    place: str = ""
    note: str = ""


class Measurement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reading: ``value × 10^-scale`` in ``unit`` (``temperature`` °C, ``dissolved_oxygen`` mg/L …)."""

    what: str
    value: int
    scale: int
    unit: str


@fact("inspection.completed/1", private=InspectionDetails)
class InspectionCompleted(Fact, frozen=True):
    """A batch (批次) was inspected under one version of the catalogue.

    ``checks`` are the codes of document and site checks that were satisfied, ``failings`` those that were not;
    ``findings`` clinical sign codes; ``conclusion`` is passed or failed as far as the vet could see: a required
    laboratory result stands beside it and is judged when a certificate is issued. ``quantity_reason`` is a code where
    more was found than was declared, else "".
    """

    declaration: str
    species: int
    stage: str
    quantity: Quantity
    started_at: int
    ended_at: int
    catalogue: str
    checks: list[str]
    failings: list[str]
    history_clean: bool
    findings: list[str]
    suspected: list[str]
    measurements: list[Measurement]
    conclusion: str
    quantity_reason: str = ""
    attachments: list[str] = []


@fact("sample.taken/1", private=Note)
class SampleTaken(Fact, frozen=True):
    """A sample was taken; ``code`` is its label, ``diseases`` what it is to be tested for."""

    inspection: str
    code: str
    individuals: int
    preservation: str
    diseases: list[str]
    attachments: list[str] = []


@fact("sample.sent/1")
class SampleSent(Fact, frozen=True):
    """The sample left for a designated laboratory."""

    sample: str
    laboratory: int
    sent_on: str


class DiseaseOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a test report: ``outcome`` is negative, positive or inconclusive."""

    disease: str
    outcome: str


@fact("result.received/1", typed=("report_no",))
class ResultReceived(Fact, frozen=True):
    """A laboratory's report, entered from paper with its photograph in ``attachments``."""

    sample: str
    laboratory: int
    report_no: str
    reported_on: str
    outcomes: list[DiseaseOutcome]
    attachments: list[str] = []
