"""Whether the case was the device's to issue on: a hand-over ends the sender's right, only a return gives it back.

A case moves between laptops on a stick, and each reports its own end of it in its own time. Where the province's latest
word differs, both ends are counted before anybody is said to have issued on what was not theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReceived, CaseReturned
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import Said, earlier
from province.journal.models import Journal

Move = CaseHandedOver | CaseReceived | CaseReturned
_MOVES: tuple[type[Move], ...] = (CaseHandedOver, CaseReceived, CaseReturned)


def holder(case: Case) -> Finding | None:
    """The device held the case when it issued, or got it back from whom it had given it to."""
    declaration = _held_elsewhere(case)
    if declaration is None:
        return None
    given, own = _given(case, declaration), _is_own(case, declaration)
    back = [said for said in _moves(case, declaration) if _came_back(case, said.fact)]
    if len(back) >= len(given) and (own or back or _received(case, declaration)):
        return None
    # Who still held it by all that stood in the own journal did nothing wrong.
    held = not given and (own or _received(case, declaration))
    return CONSEQUENCES[Judgement.CASE_HANDED_OVER]._replace(followed=held)


def may_come_back(case: Case) -> str:
    """The device (``device/0``) that may yet report having given the case back; "" when it has reported since."""
    declaration = _held_elsewhere(case)
    given = _given(case, declaration) if declaration else []
    if declaration is None or not given or holder(case) is None:
        return ""
    journal = Journal.objects.using(case.using).filter(device=given[-1].device).first()
    waits = journal is not None and journal.contacted_at <= case.received_at
    return f"{given[-1].device}/0" if waits else ""


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
    return not isinstance(said.fact, CaseReceived) and said.fact.device == case.journal.device


def _is_judged(case: Case, said: Said[Move]) -> bool:
    return Journal.objects.using(case.using).filter(device=said.device, judged__gte=said.seq).exists()


def _held_elsewhere(case: Case) -> str | None:
    if not isinstance(case.entry.fact, CertificateIssued):
        return None
    declaration = case.entry.fact.record.declaration
    row = case.rows.one("declarations", ref=declaration)
    return declaration if row is not None and row["holder"] != case.journal.device else None


def _is_own(case: Case, declaration: str) -> bool:
    return declaration.partition("/")[0] == case.journal.device


def _given(case: Case, declaration: str) -> list[Move]:
    """Each time the device let the case go, by its own journal, before it issued."""
    own = [said.fact for said in _moves(case, declaration) if said.device == case.journal.device]
    return [move for move in own if not isinstance(move, CaseReceived)]


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
    given = [said for said in moves if said.device == device and isinstance(said.fact, CaseHandedOver)]
    return received and any(said.fact.device == case.journal.device and seq < said.seq for said in given)


def declaration_of(case: Case) -> str | None:
    """The case a certificate or notice closes; None for every other entry."""
    match case.entry.fact:
        case CertificateIssued(record=record):
            return record.declaration
        case NoticeIssued(declaration=declaration):
            return declaration
        case _:
            return None


def _came_back(case: Case, move: Move) -> bool:
    return not isinstance(move, CaseReceived) and move.device == case.journal.device


def _moves(case: Case, declaration: str) -> Iterator[Said[Move]]:
    """What all devices of the station wrote of the case, this one only before the entry."""
    for said in earlier(case, *_MOVES):
        if said.fact.declaration == declaration:
            yield said
