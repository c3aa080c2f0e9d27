"""Whether a certificate stands on the work it names: accepted declaration, passed inspection, results, quantity.

Twice: by what its device knew, which says whether the person followed the rules, and by all there is, which says
whether the act holds.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, day_start, legal_date
from inspector_app.domain.quantities import Quantity, QuantityError, UnitsDifferError, compare, total
from inspector_app.domain.sampling import NEGATIVE, Outcome, standing
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.declarations import DeclarationAccepted
from inspector_app.journal.entries.inspections import DiseaseOutcome
from inspector_app.journal.entries.printing import PrintReleased
from inspector_app.journal.projections import Row
from province import reference
from province.journal.judging.authority import ISSUES
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import earlier
from province.journal.judging.knowledge import Knowledge, as_known, as_true, happened

MAX_PRINTS = 3
_SUPPORT = (Judgement.WRONG_STATE, Judgement.RESULT_MISSING)
MS_PER_HOUR = 60 * MS_PER_MINUTE


def chain_of_work(case: Case) -> Finding | None:
    """Declaration accepted, inspection of that declaration passed, results there, quantity within the batch."""
    fact = case.entry.fact
    if not isinstance(fact, ISSUES):
        return None
    known, true = _problem(case, fact, as_known(case)), _problem(case, fact, as_true(case))
    code = known or true
    if code is None:
        return None
    # Whatever stands against it, its number is used and its paper may be on the road: disputed, never left out.
    return CONSEQUENCES[code]._replace(followed=known is None, holds=true is None, takes_effect=True)


def lacks_support(case: Case) -> bool:
    """Whether an acceptance or a result that a certificate or notice stands on is missing in all there is."""
    fact = case.entry.fact
    return isinstance(fact, ISSUES) and _problem(case, fact, as_true(case)) in _SUPPORT


def _problem(case: Case, fact: CertificateIssued | NoticeIssued, by: Knowledge) -> Judgement | None:
    if isinstance(fact, NoticeIssued):
        return _references(case, fact.declaration, fact.inspection, by)
    record = fact.record
    if problem := _references(case, record.declaration, record.inspection, by):
        return problem
    inspection = case.rows.one("inspections", ref=record.inspection) or {}
    if inspection["conclusion"] != "passed":
        return Judgement.INSPECTION_FAILED
    return _results(case, inspection, record.number.kind, by) or _quantity(case, inspection, fact, by)


def _references(case: Case, declaration: str, inspection: str, by: Knowledge) -> Judgement | None:
    declared = case.rows.one("declarations", ref=declaration)
    inspected = case.rows.one("inspections", ref=inspection)
    if declared is None or inspected is None or inspected["declaration"] != declaration:
        return Judgement.REFERENCE_UNKNOWN
    return None if _is_accepted(case, declared, by) else Judgement.WRONG_STATE


def _is_accepted(case: Case, declared: Row, by: Knowledge) -> bool:
    if not _was_accepted(case, declared, by):
        return False
    return declared["state"] == "accepted" or not by.against(str(declared["decided_ref"]))


def _was_accepted(case: Case, declared: Row, by: Knowledge) -> bool:
    accepted = declared["accepted_ref"]
    # Whoever has a sister's inspection knows that she accepted: without it she could not have inspected.
    if by.in_doubt or (accepted is not None and happened(case, str(accepted))):
        return True
    # One that changed nothing, for a colleague had decided otherwise, is what its device went on from all the same.
    said = (said for said in earlier(case, DeclarationAccepted) if said.fact.declaration == declared["ref"])
    return any(by.in_favour(one.ref) for one in said)


def _results(case: Case, inspection: Row, kind: str, by: Knowledge) -> Judgement | None:
    suspected = msgspec.json.decode(str(inspection["suspected"]), type=list[str])
    species = int(inspection["species"] or 0)
    required = reference.required_results(by.policy, species, kind, legal_date(case.at))
    found = standing(required | set(suspected), _outcomes(case, str(inspection["ref"]), by))
    if found.positive:
        return Judgement.INSPECTION_FAILED
    return Judgement.RESULT_MISSING if found.missing and not by.in_doubt else None


def _outcomes(case: Case, inspection: str, by: Knowledge) -> list[Outcome]:
    found = []
    for row in case.rows.many("results", inspection=inspection):
        for item in msgspec.json.decode(str(row["outcomes"]), type=list[DiseaseOutcome]):
            counts = by.in_favour if item.outcome == NEGATIVE else by.against
            if counts(str(row["ref"])):
                found.append(Outcome(item.disease, item.outcome, str(row["reported_on"])))
    return found


def _quantity(case: Case, inspection: Row, fact: CertificateIssued, by: Knowledge) -> Judgement | None:
    in_force = case.rows.many("certificates", inspection=inspection["ref"], state="issued")
    apart = {fact.record.replaces, str(fact.record.number)}
    others = [row for row in in_force if row["number"] not in apart and by.against(str(row["ref"]))]
    parts = [quantity_of(row) for row in others]
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


def released(case: Case) -> Finding | None:
    """A print released is one of those fixed at issue, with its own credential; a notice bears none.

    A print beyond those is signed anew by the vet at the computer that issued: its credential was named nowhere before,
    and all that can be asked of it is who releases it, where, that it is the next, and that it is none of the others.
    """
    fact = case.entry.fact
    if not isinstance(fact, PrintReleased) or _is_released_rightly(case, fact):
        return None
    return CONSEQUENCES[Judgement.CREDENTIAL_DIFFERS]._replace(takes_effect=False)


def _is_released_rightly(case: Case, fact: PrintReleased) -> bool:
    if fact.number.kind == "N":
        return not fact.credential
    prints = {
        int(row["print"] or 0): str(row["credential"]) for row in case.rows.many("prints", number=str(fact.number))
    }
    if not prints or fact.print in prints:
        return prints.get(fact.print, fact.credential) == fact.credential
    issued = case.rows.one("certificates", number=str(fact.number)) or {}
    by_its_vet = (issued.get("vet"), issued.get("device")) == (case.actor, case.journal.device)
    fresh = fact.credential != "" and fact.credential not in prints.values()
    return by_its_vet and fresh and fact.print == max(prints) + 1


def late(case: Case) -> Finding | None:
    """A certificate A is reported within the hours of policy, a B by day close (DESIGN 15). Blames nobody."""
    fact = case.entry.fact
    if not isinstance(fact, CertificateIssued):
        return None
    due = _due(case, fact.record.number.kind)
    return CONSEQUENCES[Judgement.LATE] if case.received_at > due else None


def _due(case: Case, kind: str) -> int:
    today = legal_date(case.at)
    if kind == "A":
        return case.at + case.court.known_policy().on(today).a_upload_hours * MS_PER_HOUR
    # A day is closed on the day after at the latest, and what went out at ten to midnight is reported with it.
    return day_start(today) + 2 * MS_PER_DAY - 1
