"""Whether a certificate stands on the work it names: accepted declaration, passed inspection, results, quantity."""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.quantities import Quantity, QuantityError, UnitsDifferError, compare, total
from inspector_app.domain.sampling import Outcome, standing
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.inspections import DiseaseOutcome
from inspector_app.journal.projections import Row
from province import reference
from province.journal.judging.case import CONSEQUENCES, Case, Finding

MAX_PRINTS = 3


def chain_of_work(case: Case) -> Finding | None:
    """Declaration accepted, inspection of that declaration passed, results there, quantity within the batch."""
    fact = case.entry.fact
    if isinstance(fact, NoticeIssued):
        code = _references(case, fact.declaration, fact.inspection)
    elif isinstance(fact, CertificateIssued):
        code = _certificate(case, fact)
    else:
        return None
    # Whatever stands against it, its number is used and its paper may be on the road: disputed, never left out.
    return CONSEQUENCES[code]._replace(takes_effect=True) if code else None


def _certificate(case: Case, fact: CertificateIssued) -> Judgement | None:
    record = fact.record
    if problem := _references(case, record.declaration, record.inspection):
        return problem
    inspection = case.rows.one("inspections", ref=record.inspection) or {}
    if inspection["conclusion"] != "passed":
        return Judgement.INSPECTION_FAILED
    return _results(case, inspection, record.number.kind) or _quantity(case, inspection, fact)


def _references(case: Case, declaration: str, inspection: str) -> Judgement | None:
    declared = case.rows.one("declarations", ref=declaration)
    inspected = case.rows.one("inspections", ref=inspection)
    if declared is None or inspected is None or inspected["declaration"] != declaration:
        return Judgement.REFERENCE_UNKNOWN
    return None if declared["state"] == "accepted" else Judgement.WRONG_STATE


def _results(case: Case, inspection: Row, kind: str) -> Judgement | None:
    suspected = msgspec.json.decode(str(inspection["suspected"]), type=list[str])
    policy, species = case.court.policy(), int(inspection["species"] or 0)
    required = reference.required_results(policy, species, kind, legal_date(case.at))
    found = standing(required | set(suspected), _outcomes(case, str(inspection["ref"])))
    if found.positive:
        return Judgement.INSPECTION_FAILED
    return Judgement.RESULT_MISSING if found.missing else None


def _outcomes(case: Case, inspection: str) -> list[Outcome]:
    found = []
    for row in case.rows.many("results", inspection=inspection):
        for item in msgspec.json.decode(str(row["outcomes"]), type=list[DiseaseOutcome]):
            found.append(Outcome(item.disease, item.outcome, str(row["reported_on"])))
    return found


def _quantity(case: Case, inspection: Row, fact: CertificateIssued) -> Judgement | None:
    in_force = case.rows.many("certificates", inspection=inspection["ref"], state="issued")
    apart = {fact.record.replaces, str(fact.record.number)}
    parts = [quantity_of(row) for row in in_force if row["number"] not in apart]
    whole = quantity_of(inspection)
    units = reference.units()
    try:
        within = compare(total([*parts, fact.record.quantity], units, whole.unit), whole, units) <= 0
        within = within and fact.record.quantity.value > 0
    except (UnitsDifferError, QuantityError):
        within = False
    return None if within else Judgement.QUANTITY_EXCEEDS_INSPECTED


def quantity_of(row: Row) -> Quantity:
    """The quantity in a row's batch columns."""
    return Quantity(value=int(row["value"] or 0), scale=int(row["scale"] or 0), unit=int(row["unit"] or 0))


def credential(case: Case) -> Finding | None:
    """The prints' credentials are named by distinct digests, and the key is one of the vet's on this device."""
    fact = case.entry.fact
    if not isinstance(fact, CertificateIssued):
        return None
    shaped = 1 <= len(fact.prints) <= MAX_PRINTS and len(set(fact.prints)) == len(fact.prints)
    own_key = any(key.key_id == fact.key for key in case.keys_of(case.actor))
    right = shaped and own_key and fact.record.vet == case.actor
    return None if right else CONSEQUENCES[Judgement.CREDENTIAL_DIFFERS]


def late(case: Case) -> Finding | None:
    """A certificate A is reported within 24 hours, a B by the end of the day after (DESIGN 15). Blames nobody."""
    fact = case.entry.fact
    if not isinstance(fact, CertificateIssued):
        return None
    allowed = MS_PER_DAY if fact.record.number.kind == "A" else 2 * MS_PER_DAY
    return CONSEQUENCES[Judgement.LATE] if case.received_at - case.at > allowed else None
