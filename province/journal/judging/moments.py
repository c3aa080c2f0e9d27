"""Whether the moments an entry names can be: declared, inspected and handed over is often typed in later.

The device asks the same before it records (`services.declaring`, `inspecting`, `handing_over`).
"""

from __future__ import annotations

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateHandedOver, NoticeHandedOver
from inspector_app.journal.entries.declarations import DeclarationRecorded
from inspector_app.journal.entries.inspections import InspectionCompleted
from province.journal.judging.case import CONSEQUENCES, Case, Finding

_WITH_MOMENTS = (DeclarationRecorded, InspectionCompleted, CertificateHandedOver, NoticeHandedOver)


def moment(case: Case) -> Finding | None:
    """Declared before it was typed in, inspected after it was declared, handed over while the paper was valid.

    Twice, for clocks may be apart by policy: by the newest the device had pulled, and by the newest there is.
    """
    if not isinstance(case.entry.fact, _WITH_MOMENTS):
        return None
    known = _can_be(case, case.court.known_policy().clock_tolerance_ms)
    true = _can_be(case, case.court.policy().clock_tolerance_ms)
    if known and true:
        return None
    return CONSEQUENCES[Judgement.MOMENT_WRONG]._replace(followed=known, holds=true)


def _can_be(case: Case, tolerance: int) -> bool:
    match case.entry.fact:
        case DeclarationRecorded() as fact:
            return _was_declared(case, fact)
        case InspectionCompleted() as fact:
            return _was_inspected(case, fact, tolerance)
        case CertificateHandedOver() | NoticeHandedOver() as fact:
            return _was_handed_over(case, fact, tolerance)
        case _:
            return True


def _was_declared(case: Case, fact: DeclarationRecorded) -> bool:
    sent = case.rows.one("online_declarations", online=fact.online) if fact.online else None
    if sent is not None:
        return fact.declared_at == sent["declared_at"]
    # What was sent online has the province's time; a laptop that lags behind it does nothing wrong.
    return bool(fact.online) or fact.declared_at <= case.at


def _was_inspected(case: Case, fact: InspectionCompleted, tolerance: int) -> bool:
    declared = case.rows.one("declarations", ref=fact.declaration) or {}
    begun_after = fact.started_at >= int(declared.get("declared_at") or 0) - tolerance
    return begun_after and fact.started_at <= fact.ended_at <= case.at + tolerance


def _was_handed_over(case: Case, fact: CertificateHandedOver | NoticeHandedOver, tolerance: int) -> bool:
    table = "notices" if isinstance(fact, NoticeHandedOver) else "certificates"
    paper = case.rows.one(table, number=str(fact.number)) or {}
    issued, until = int(paper.get("issued_at") or 0), int(paper.get("expires_at") or 0)
    # A sister's clock may run behind the one that issued; what is recorded as it happens names no moment of its own.
    earliest = issued // MS_PER_MINUTE * MS_PER_MINUTE - tolerance
    after_issue = fact.handed_at == case.at or fact.handed_at >= earliest
    return after_issue and fact.handed_at <= case.at and not (until and fact.handed_at > until)
