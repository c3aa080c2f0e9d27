"""What a colleague ended or decided meanwhile at another computer: the first to report stands.

Who could not know of it did nothing wrong. The same said once more is accepted and changes nothing; what cannot stand
beside it is disputed, and blames only who had heard of it.
"""

from __future__ import annotations

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.custody import SHEET_MOVES, SheetState
from inspector_app.domain.declaration import DECLARATION_MOVES, DeclarationState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
    NoticeHandedOver,
    NoticeVoided,
)
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.entries.custody import SheetLost, SheetSpoiled
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationNotAccepted,
    DeclarationWithdrawn,
)
from inspector_app.journal.entries.printing import PrintReleased
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
    """A paper ends and changes hands once, a declaration is decided once, a sheet is lost or spoiled once.

    A second time only as far as nobody had told.
    """
    match case.entry.fact:
        case CertificateVoided(number=number):
            return _voided(case, case.rows.one("certificates", number=str(number)))
        case CertificateCorrected(number=number):
            return _voided(case, case.rows.one("certificates", number=str(number)))
        case NoticeVoided(number=number):
            return _voided(case, case.rows.one("notices", number=str(number)))
        case CertificateIssued(record=record) if record.replaces:
            return _replaced(case, case.rows.one("certificates", number=record.replaces))
        case CertificateHandedOver(number=number) as fact:
            return _handed_over(case, case.rows.one("certificates", number=str(number)), fact.handed_at)
        case NoticeHandedOver(number=number) as fact:
            return _handed_over(case, case.rows.one("notices", number=str(number)), fact.handed_at)
        case SheetSpoiled(number=number) as fact:
            return _told(case, str(number), fact.print, [fact.sheet], SheetState.SPOILED)
        case SheetLost(number=number) as fact:
            return _told(case, str(number), fact.print, [fact.sheet], SheetState.LOST)
        case PrintReleased(number=number) as fact:
            return _told(case, str(number), fact.print - 1, fact.spoiled, SheetState.SPOILED, again=True)
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


def _handed_over(case: Case, paper: Row | None, handed_at: int) -> Finding | None:
    if paper is None:
        return None
    if paper["handed_over_ref"] and knew(case, str(paper["handed_over_ref"])):
        return _STANDS
    if paper["state"] == CertificateState.ISSUED or handed_at < int(paper["void_at"] or 0):
        return None  # written down only after the void, it happened before
    # Who knew that it was void gave it out all the same: it is with its holder, and to be asked back.
    return _STANDS._replace(takes_effect=True) if knew(case, str(paper["void_ref"])) else None


def _told(
    case: Case, number: str, print_no: int, sheets: list[int], to: SheetState, *, again: bool = False
) -> Finding | None:
    """What of these sheets had become of them already, so that they cannot be lost or spoiled any more."""
    stands = {state.value for state, on in SHEET_MOVES.items() if to not in on} - ({to.value} if again else set())
    told = (_known_moves(case, number, print_no, sheet) for sheet in sheets)
    return _STANDS if any(states & stands for states in told) else None


def _known_moves(case: Case, number: str, print_no: int, sheet: int) -> set[str]:
    """What whoever speaks knew had become of a sheet; one that came back is with its holder no more."""
    moves = case.rows.many("sheet_moves", number=number, print=print_no, sheet=sheet)
    states = {str(move["state"]) for move in moves if knew(case, str(move["ref"]))}
    return states - {SheetState.HANDED_OVER.value} if SheetState.COLLECTED.value in states else states


def _decided(case: Case, declared: Row | None, to: DeclarationState) -> Finding | None:
    if declared is None:
        return None
    state = DeclarationState(str(declared["state"]))
    if to in DECLARATION_MOVES[state]:
        return None
    told = knew(case, str(declared["decided_ref"]))
    return None if state == to and not told else _STANDS._replace(followed=not told)
