"""Whether a paper was ended in its owner's hands without their fault being made of ours (GX-2014 Art. 29)."""

from __future__ import annotations

from inspector_app.domain.certificate import OWN_FAULTS, OWNERS_WISH
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateVoided
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew


@enforces("G50")
def holder(case: Case) -> Finding | None:
    """What its owner held is replaced, given up by them, or ended by an order on a legal basis.

    Who did not know that it had been handed over voided a paper of the desk: nobody is blamed.
    """
    fact = case.entry.fact
    if not isinstance(fact, CertificateVoided) or fact.reason in OWNERS_WISH:
        return None
    row = case.rows.one("certificates", number=str(fact.number))
    if row is None or not row["handed_over_ref"] or not knew(case, str(row["handed_over_ref"])):
        return None
    ordered = fact.reason not in OWN_FAULTS and fact.legal_basis and fact.ordered_by
    return None if ordered else CONSEQUENCES[Judgement.REPLACEMENT_MISSING]
