"""Whether a correction note changes only what the policy of its day lets a note change (更正说明).

What a device could not know of its policy blames nobody. A note that changes what is material is on record and changes
nothing: the certificate goes on saying what its paper says.
"""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.correction import FIELDS, needs_replacement
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.corrections import CertificateCorrected
from province.journal.judging.case import CONSEQUENCES, Case, Finding


@enforces("G32")
def correctable(case: Case) -> Finding | None:
    """By the policy the device had, and by the newest there is."""
    fact = case.entry.fact
    if not isinstance(fact, CertificateCorrected):
        return None
    today = legal_date(case.at)
    known = needs_replacement(case.court.known_policy().on(today), fact.fields)
    true = needs_replacement(case.court.policy().on(today), fact.fields)
    if fact.fields and not known and not true:
        return None
    counts = bool(fact.fields) and set(fact.fields) <= set(FIELDS)
    followed = bool(fact.fields) and not known
    return CONSEQUENCES[Judgement.NOT_CORRECTABLE]._replace(followed=followed, takes_effect=counts)
