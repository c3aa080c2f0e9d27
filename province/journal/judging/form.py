"""Whether an entry's bytes are what they should be, and whether the person signed it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector_app.clock import legal_date
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import ACTOR_CONTEXT
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.devices import PersonKeyAdded
from inspector_app.journal.entries.printing import PrintOrderReceived, PrintReleased
from inspector_app.journal.envelope import Fact, Verdict
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


_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"(?:[0-9a-f]{2}){1,64}")


def shape(case: Case) -> Finding | None:
    """Digests and keys that are none, and moments no calendar has: everybody's pages are made of them."""
    sound = all(map(_on_a_day, _moments(case))) and _spelled(case.entry.fact)
    return None if sound else CONSEQUENCES[Judgement.MALFORMED]


def _moments(case: Case) -> Iterator[int]:
    yield case.at
    if isinstance(case.entry.fact, CertificateIssued):
        record = case.entry.fact.record
        yield record.issued_at
        yield record.departs_at


def _on_a_day(at: int) -> bool:
    try:
        return bool(legal_date(at))
    except ValueError:
        return False


def _spelled(fact: Fact | None) -> bool:
    match fact:
        case CertificateIssued(prints=prints) | PrintOrderReceived(prints=prints):
            return all(map(_DIGEST.fullmatch, prints))
        case PrintReleased(credential=digest):
            return not digest or _DIGEST.fullmatch(digest) is not None  # a notice has no credential
        case PersonKeyAdded(key=key):
            return _KEY.fullmatch(key) is not None
        case _:
            return True


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
