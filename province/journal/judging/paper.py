"""Whether a certificate or notice states what was inspected, when it was issued, and for as long as it may.

The paper is on the road whatever is found here: nothing is left out, what differs is disputed and put right.
"""

from __future__ import annotations

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.certificate import CertificateRecord, valid_minutes
from inspector_app.domain.declaration import kind_for
from inspector_app.domain.policy import Policy
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.projections import Row
from province.journal.judging.case import CONSEQUENCES, Case, Finding


def content(case: Case) -> Finding | None:
    """Species and stage of the inspected batch, origin and purpose of the declaration, this station, this vet."""
    stated = _stated(case)
    if stated is None:
        return None
    inspection = case.rows.one("inspections", ref=stated.inspection) or {}
    declaration = case.rows.one("declarations", ref=stated.declaration) or {}
    same = all(getattr(stated, name) == inspection.get(name) for name in ("species", "stage"))
    same = same and stated.station == case.journal.station
    if isinstance(stated, CertificateRecord):  # its vet is asked with the credential
        same = same and all(getattr(stated, name) == declaration.get(name) for name in ("origin", "purpose"))
    else:
        same = same and stated.vet == case.actor
    return None if same else CONSEQUENCES[Judgement.RECORD_DIFFERS]


def _stated(case: Case) -> CertificateRecord | NoticeIssued | None:
    match case.entry.fact:
        case CertificateIssued(record=record):
            return record
        case NoticeIssued() as notice:
            return notice
        case _:
            return None


def kind(case: Case) -> Finding | None:
    """A leaves the province, B stays inside it."""
    record = _record(case)
    right = record is None or record.number.kind == kind_for(record.origin, record.destination)
    return None if right else CONSEQUENCES[Judgement.KIND_WRONG]


def _record(case: Case) -> CertificateRecord | None:
    return case.entry.fact.record if isinstance(case.entry.fact, CertificateIssued) else None


def time(case: Case) -> Finding | None:
    """Issued when the entry was written, and not on a day that had not come when it was received."""
    stated = _stated(case)
    if stated is None:
        return None
    issued_at = stated.issued_at if isinstance(stated, CertificateRecord) else case.at
    if issued_at != case.at or stated.issued_on != legal_date(case.at):
        return CONSEQUENCES[Judgement.TIME_DIFFERS]
    latest = case.received_at + case.court.policy().clock_tolerance_ms
    if case.at <= latest:
        return None
    # A clock ahead is no person's doing; only a day that had not come makes the paper wrong.
    return CONSEQUENCES[Judgement.CLOCK_AHEAD]._replace(holds=stated.issued_on <= legal_date(latest))


def validity(case: Case) -> Finding | None:
    """As long as policy allows: by the newest the device had pulled, and by the newest there is."""
    record = _record(case)
    if record is None:
        return None
    known = case.court.known.forgotten or _is_allowed(record, case.court.known_policy())
    true = _is_allowed(record, case.court.policy())
    return None if known and true else CONSEQUENCES[Judgement.VALIDITY_TOO_LONG]._replace(followed=known, holds=true)


def _is_allowed(record: CertificateRecord, policy: Policy) -> bool:
    most = 1 if record.number.kind == "B" else policy.on(record.issued_on).validity_days_max
    day_end = day_start(record.issued_on) + MS_PER_DAY
    minutes = valid_minutes(record.number.kind, record.valid_days, record.issued_at, day_end)
    return 1 <= record.valid_days <= most and record.valid_minutes == minutes


def form(case: Case) -> Finding | None:
    """Drawn on a template the province released, byte for byte (G29)."""
    stated = _stated(case)
    if stated is None or case.court.known.forgotten or _is_released(case.rows.many("forms", form=stated.form), stated):
        return None
    return CONSEQUENCES[Judgement.TEMPLATE_NOT_SIGNED]


def _is_released(released: list[Row], stated: CertificateRecord | NoticeIssued) -> bool:
    return any(row["sha256"] == stated.form_hash for row in released)
