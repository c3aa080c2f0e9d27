"""Whether a paper was ended in its owner's hands without their fault being made of ours (GX-2014 Art. 29)."""

from __future__ import annotations

from inspector_app.domain.authority import ALLOWED, Action
from inspector_app.domain.certificate import LEGAL_BASIS, OWN_FAULTS, OWNERS_WISH
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateVoided
from province import reference
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew
from province.registry.models import PublishedGrant


@enforces("G50")
def holder(case: Case) -> Finding | None:
    """What its owner held is replaced, given up by them, or ended by an order on a legal basis.

    Who did not know that it had been handed over voided a paper of the desk: nobody is blamed. What a list here does
    not know of may stand in a newer one.
    """
    fact = case.entry.fact
    if not isinstance(fact, CertificateVoided) or fact.reason in OWNERS_WISH:
        return None
    row = case.rows.one("certificates", number=str(fact.number))
    if row is None or not row["handed_over_ref"] or not knew(case, str(row["handed_over_ref"])):
        return None
    if fact.reason in OWN_FAULTS or not fact.legal_basis or not fact.ordered_by:
        return CONSEQUENCES[Judgement.REPLACEMENT_MISSING]
    true = _may_order(case, case.true_grant(fact.ordered_by))
    known = case.court.known.forgotten or _may_order(case, case.known_grant(fact.ordered_by))
    founded = reference.catalogue().reason(LEGAL_BASIS, fact.legal_basis) is not None
    if founded and true and known:
        return None
    return CONSEQUENCES[Judgement.SEIZURE_UNFOUNDED]._replace(followed=known, holds=founded and true)


def _may_order(case: Case, grant: PublishedGrant | None) -> bool:
    """Whether who is named may order it at this station, at that time; nobody seizes by their own order."""
    if grant is None or grant.person_id == case.actor or grant.station not in (0, case.journal.station):
        return False
    may = any(post in ALLOWED[Action.ORDER_SEIZURE] for post in grant.posts)
    return may and grant.valid_from <= case.at <= grant.valid_until
