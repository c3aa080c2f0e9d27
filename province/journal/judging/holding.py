"""Whether the case was the device's to issue on: a hand-over ends the sender's right, only a return gives it back.

A case moves between laptops on a stick, and each reports its own end of it in its own time. Where the province's latest
word differs, both ends are counted before anybody is said to have issued on what was not theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReceived, CaseReturned, CaseTakenBack
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import Said, earlier
from province.journal.models import Journal, JournalState

Move = CaseHandedOver | CaseReceived | CaseReturned | CaseTakenBack
_MOVES: tuple[type[Move], ...] = (CaseHandedOver, CaseReceived, CaseReturned, CaseTakenBack)
_GIVEN = (CaseHandedOver, CaseReturned)


# --- papers issued on a case ------------------------------------------------------------------------------------------


def holder(case: Case) -> Finding | None:
    """The device held the case when it issued, or got it back from whom it had given it to."""
    declaration = _held_elsewhere(case)
    moves = list(_moves(case, declaration)) if declaration is not None else []
    if declaration is None or _may_issue(case, moves, declaration):
        return None
    # Who took a sister's signed word in and issued on it did nothing wrong: it is her journal that lost it.
    told = _came_after(case, moves, (CaseReceived,))
    return CONSEQUENCES[Judgement.CASE_HANDED_OVER]._replace(followed=told)


def _may_issue(case: Case, moves: list[Said[Move]], declaration: str) -> bool:
    if _last_given(case, moves):
        return _came_after(case, moves, (*_GIVEN, CaseTakenBack))
    return _is_own(case, declaration) or any(_is_receipt(case, said) or _gave_here(case, said) for said in moves)


def _came_after(case: Case, moves: list[Said[Move]], shapes: tuple[type[Move], ...]) -> bool:
    """Whether the case came here after this device had last let it go, by facts of these shapes."""
    last = _last_given(case, moves)
    return any(isinstance(said.fact, shapes) and _comes_here(case, said) and said.fact.turn > last for said in moves)


def _comes_here(case: Case, said: Said[Move]) -> bool:
    own = said.device == case.journal.device
    return own if isinstance(said.fact, CaseReceived | CaseTakenBack) else _gave_here(case, said)


def _last_given(case: Case, moves: list[Said[Move]]) -> int:
    """The turn in which the device last let the case go, by its own journal before the entry; 0 for never."""
    own = [said.fact for said in moves if said.device == case.journal.device]
    return max((fact.turn for fact in own if isinstance(fact, _GIVEN)), default=0)


def may_come_back(case: Case) -> str:
    """The device (``device/0``) that may yet report having given the case; "" when it has reported since."""
    giver = _giver_of_paper(case) or _giver_of_move(case)
    journal = Journal.objects.using(case.using).filter(device=giver).first() if giver else None
    waits = journal is not None and journal.state == JournalState.ACTIVE and journal.contacted_at <= case.received_at
    return f"{giver}/0" if waits else ""


def _giver_of_paper(case: Case) -> str:
    declaration = _held_elsewhere(case)
    given = _last_taker(case, declaration) if declaration is not None else ""
    return given if given and holder(case) is not None else ""


def _giver_of_move(case: Case) -> str:
    fact, finding = case.entry.fact, moved(case)
    if not isinstance(fact, _GIVEN) or finding is None or finding.code != Judgement.CASE_HANDED_OVER:
        return ""
    return _last_taker(case, fact.declaration) or (fact.device if isinstance(fact, CaseReturned) else "")


def _last_taker(case: Case, declaration: str) -> str:
    """To whom the device had let the case go before the entry; "" when it never had."""
    own = [said.fact for said in _moves(case, declaration) if said.device == case.journal.device]
    return next((fact.device for fact in reversed(own) if isinstance(fact, _GIVEN)), "")


def unheard_giver(case: Case) -> str:
    """The sister who gave the case to this device by its own journal, and whose word of that has not been judged."""
    declaration = declaration_of(case)
    if declaration is None or not _receives(case):
        return ""
    moves = list(_moves(case, declaration))
    received = Counter(said.fact.device for said in moves if _is_receipt(case, said))
    given = Counter(said.device for said in moves if _gave_here(case, said) and _is_judged(case, said))
    unheard = [device for device in sorted(received) if received[device] > given[device]]
    return unheard[-1] if unheard else ""


def _receives(case: Case) -> bool:
    return case.court.first_received() < case.seq


def _gave_here(case: Case, said: Said[Move]) -> bool:
    return isinstance(said.fact, _GIVEN) and said.fact.device == case.journal.device


def _is_judged(case: Case, said: Said[Move]) -> bool:
    return Journal.objects.using(case.using).filter(device=said.device, judged__gte=said.seq).exists()


def _held_elsewhere(case: Case) -> str | None:
    declaration = declaration_of(case)
    row = case.rows.one("declarations", ref=declaration) if declaration is not None else None
    return declaration if row is not None and row["holder"] != case.journal.device else None


def _is_own(case: Case, declaration: str) -> bool:
    return declaration.partition("/")[0] == case.journal.device


def _received(case: Case, declaration: str) -> bool:
    return any(_is_receipt(case, said) for said in _moves(case, declaration))


def _is_receipt(case: Case, said: Said[Move]) -> bool:
    return said.device == case.journal.device and isinstance(said.fact, CaseReceived)


def came_on_a_stick(case: Case) -> bool:
    """Whether the device had been given the case by a sister, with whatever that one knew of it."""
    declaration = declaration_of(case)
    return declaration is not None and _received(case, declaration)


def was_brought(case: Case, device: str, seq: int) -> bool:
    """Whether an entry of a sister came with the case: written before she handed it over to this device."""
    declaration = declaration_of(case)
    if declaration is None:
        return False
    moves = list(_moves(case, declaration))
    received = any(_is_receipt(case, said) and said.fact.device == device for said in moves)
    return received and any(said.device == device and _gave_here(case, said) and seq < said.seq for said in moves)


def declaration_of(case: Case) -> str | None:
    """The case a certificate or notice closes; None for every other entry."""
    match case.entry.fact:
        case CertificateIssued(record=record):
            return record.declaration
        case NoticeIssued(declaration=declaration):
            return declaration
        case _:
            return None


def _moves(case: Case, declaration: str) -> Iterator[Said[Move]]:
    """What all devices of the station wrote of the case, this one only before the entry."""
    for said in earlier(case, *_MOVES):
        if said.fact.declaration == declaration:
            yield said


# --- the moves themselves ---------------------------------------------------------------------------------------------


def moved(case: Case) -> Finding | None:
    """A case goes from the device that has it to an active sister, one turn at a time; else it stays where it is.

    What does not hold takes no effect: by its turn it would stand for the move of who gave the case lawfully.
    """
    fact = case.entry.fact
    if not isinstance(fact, _MOVES):
        return None
    if not _of_station(case, fact.declaration.partition("/")[0]) or not _of_station(case, fact.device):
        return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(takes_effect=False)
    moves = list(_moves(case, fact.declaration))
    if isinstance(fact, CaseReceived) or _may_move(case, moves, fact):
        return None
    return CONSEQUENCES[Judgement.CASE_HANDED_OVER]._replace(takes_effect=False)


def _may_move(case: Case, moves: list[Said[Move]], fact: Move) -> bool:
    if isinstance(fact, CaseTakenBack):
        receiver = Journal.objects.using(case.using).filter(device=fact.device).first()
        shut = receiver is not None and receiver.state != JournalState.ACTIVE
        # What comes back is only what lies with that device: nobody gets a case back from who never had it.
        lies_there = _last_taker(case, fact.declaration) == fact.device
        return shut and lies_there and fact.turn > _last_given(case, moves) > 0
    if _last_given(case, moves):
        return fact.turn > _last_given(case, moves) and _came_after(case, moves, _MOVES)
    return _is_own(case, fact.declaration) or _came_after(case, moves, _MOVES)


def _of_station(case: Case, device: str) -> bool:
    journal = Journal.objects.using(case.using).filter(device=device).first()
    return journal is not None and journal.station == case.journal.station
