"""What a colleague ended or decided meanwhile at another computer: the first to report stands.

Who could not know of it did nothing wrong. The same said once more is accepted and changes nothing; what cannot stand
beside it is disputed, and blames only who had heard of it.
"""

from __future__ import annotations

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.declaration import DECLARATION_MOVES, DeclarationState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, CertificateVoided, NoticeVoided
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationNotAccepted,
    DeclarationWithdrawn,
)
from inspector_app.journal.projections import Row
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew

_DECISIONS = {
    DeclarationAccepted: DeclarationState.ACCEPTED,
    DeclarationNotAccepted: DeclarationState.NOT_ACCEPTED,
    DeclarationWithdrawn: DeclarationState.WITHDRAWN,
}
_STANDS = CONSEQUENCES[Judgement.WRONG_STATE]


def ended(case: Case) -> Finding | None:
    """A paper is voided or replaced once, and a declaration decided once; a second time as far as nobody had told."""
    match case.entry.fact:
        case CertificateVoided(number=number):
            return _voided(case, case.rows.one("certificates", number=str(number)))
        case NoticeVoided(number=number):
            return _voided(case, case.rows.one("notices", number=str(number)))
        case CertificateIssued(record=record) if record.replaces:
            return _replaced(case, case.rows.one("certificates", number=record.replaces))
        case DeclarationAccepted() | DeclarationNotAccepted() | DeclarationWithdrawn() as fact:
            return _decided(case, case.rows.one("declarations", ref=fact.declaration), _DECISIONS[type(fact)])
        case _:
            return None


def _voided(case: Case, paper: Row | None) -> Finding | None:
    if paper is None or paper["state"] == CertificateState.ISSUED:
        return None
    return _STANDS if knew(case, str(paper["void_ref"])) else None


def _replaced(case: Case, old: Row | None) -> Finding | None:
    if old is None or old["state"] == CertificateState.ISSUED:
        return None
    told = knew(case, str(old["void_ref"]))
    if old["state"] == CertificateState.VOIDED and not told:
        return None  # the replacement of what is void counts
    # The number is used and two papers may be on the road in place of one.
    return _STANDS._replace(followed=not told, takes_effect=True)


def _decided(case: Case, declared: Row | None, to: DeclarationState) -> Finding | None:
    if declared is None:
        return None
    state = DeclarationState(str(declared["state"]))
    if to in DECLARATION_MOVES[state]:
        return None
    told = knew(case, str(declared["decided_ref"]))
    return None if state == to and not told else _STANDS._replace(followed=not told)
