"""Whether an entry's bytes are what they should be, and whether the person signed it."""

from __future__ import annotations

from inspector_app.domain.keys import PublicKey
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import ACTOR_CONTEXT
from inspector_app.journal.entries.devices import PersonKeyAdded
from inspector_app.journal.envelope import Verdict
from inspector_app.suites import verify
from province.journal.judging.case import CONSEQUENCES, Case, Finding

_READING = {
    Verdict.UNKNOWN_KIND: Judgement.UNKNOWN_KIND,
    Verdict.NOT_CANONICAL: Judgement.NOT_CANONICAL,
    Verdict.MALFORMED: Judgement.MALFORMED,
    Verdict.TOO_LARGE: Judgement.MALFORMED,
}


def reading(case: Case) -> Finding | None:
    """Malformed, not canonical, or of an unknown kind.

    A private part that is not there is no fault: a journal sent again after a restore may be past its retention.
    """
    if case.entry.verdict in _READING:
        return CONSEQUENCES[_READING[case.entry.verdict]]
    return None


def signature(case: Case) -> Finding | None:
    """An accountable entry carries the actor's own signature over its hash, by a key of that person on this device."""
    fact = case.entry.fact
    if fact is None or not fact.ACCOUNTABLE:
        return None
    if not case.actor_sig:
        return CONSEQUENCES[Judgement.SIGNATURE_MISSING]
    if any(verify(key, ACTOR_CONTEXT, case.entry.hash, case.actor_sig) for key in _candidates(case)):
        return None
    return CONSEQUENCES[Judgement.SIGNATURE_BAD]


def _candidates(case: Case) -> list[PublicKey]:
    fact = case.entry.fact
    if isinstance(fact, PersonKeyAdded):  # signed with the key it states: proof of possession
        return [PublicKey(fact.suite, bytes.fromhex(fact.key))] if fact.person == case.actor else []
    return [PublicKey(one.suite, bytes(one.key)) for one in case.keys_of(case.actor)]
