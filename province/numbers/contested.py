"""Numbers that a second paper bears: of a branch set aside, or of an entry that came when the number was taken.

Such an entry never takes effect, but its paper may be on the road. So the number is kept here for the trust file to
warn of, together with the device that named it: nobody disputes the numbers of another device.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector_app.domain.numbering import MAX_DIGITS, Number
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.envelope import Fact, read_envelope, read_fact
from province.numbers.models import ContestedNumber

KINDS = ("A", "B", "N")


def number_used(fact: Fact | None) -> tuple[Number, str] | None:
    """The number a fact uses and the block it names; None for facts that use none."""
    match fact:
        case CertificateIssued(record=record):
            return record.number, record.block
        case NoticeIssued():
            return fact.number, fact.block
        case _:
            return None


def contest(using: str, device: str, facts: Iterable[Fact | None], at: int) -> int:
    """Note the numbers that facts a device sent would use; returns how many of them were news."""
    numbers = {used[0] for fact in facts if (used := number_used(fact)) is not None}
    known = ContestedNumber.objects.using(using).filter(device=device).count()
    rows = [
        ContestedNumber(device=device, kind=one.kind, digits=one.digits, at=at) for one in numbers if _is_plain(one)
    ]
    ContestedNumber.objects.using(using).bulk_create(rows, ignore_conflicts=True)
    return ContestedNumber.objects.using(using).filter(device=device).count() - known if rows else 0


def _is_plain(number: Number) -> bool:
    """Whether it can be a number at all; a stranger's text has no place in a column."""
    digits = number.digits
    return number.kind in KINDS and digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS


def is_contested(using: str, device: str, kind: str, digits: str) -> bool:
    """Whether a second paper of its own device bears this number."""
    return ContestedNumber.objects.using(using).filter(device=device, kind=kind, digits=digits).exists()


def fact_in(public: bytes) -> Fact | None:
    """The fact of an entry's public bytes, if it can be read."""
    envelope, _verdict = read_envelope(public)
    return read_fact(envelope)[0] if envelope is not None else None
