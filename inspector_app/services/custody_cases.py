"""Cases of custody (账物不符、盗失、疑点): opened by whoever notices, concluded with cause and conclusion.

Other services open one inside their own act with :func:`add_case`; people open one by hand with :func:`open_case`. The
province sees every case with the term it has to be concluded in (GX-2014 Art. 17).
"""

from __future__ import annotations

import re

from inspector_app.domain.authority import Action
from inspector_app.domain.numbering import is_range
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.case_facts import (
    AGREES,
    BOOK_DIFFERS,
    LOSS_REPORTED,
    LOST_CAUSES,
    has_agreeing_count,
    span_of,
    unreported,
)
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded, CustodyCaseOpened
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS
from inspector_app.services.typed import code_refusals, day_refusals, reason_refusals

LIST, CAUSES, CONCLUSIONS = "custody_case", "case_cause", "case_conclusion"
__all__ = ["BOOK_DIFFERS"]

_ABOUT = re.compile(r"[0-9a-f]{32}/[0-9]{1,12}|[A-Z] [0-9]{1,20}")
"""An entry, or a number."""


def open_case(
    device: Device,
    kind: str,
    about: str,
    *,
    numbers: tuple[str, str, str] = ("", "", ""),
    opened_on: str = "",
    note: str = "",
) -> str | Refused:
    """Open a case of the list ``custody_case``; returns its entry.

    ``about`` is an entry, a number (``B 9900000003``) or a store; ``numbers`` kind, first and last of a range that is
    concerned; ``opened_on`` a legal day that is past, "" for today.
    """

    def against() -> list[Refusal]:
        return [*device.may(Action.OPEN_CUSTODY_CASE), *case_refusals(device, kind, about, numbers, opened_on, note)]

    return device.record_unless(
        against, lambda act: add_case(act, device, kind, about, numbers=numbers, opened_on=opened_on, note=note)
    )


def case_refusals(
    device: Device, kind: str, about: str, numbers: tuple[str, str, str], opened_on: str, note: str
) -> list[Refusal]:
    """Why this is no case: an unknown kind, words instead of a name of something, a day to come."""
    found = reason_refusals(device, LIST, kind, note, field="case_kind")
    if not about:
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="about"))
    elif not (_ABOUT.fullmatch(about) or _is_kept_here(device, about)):
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="about", current=about))
    if opened_on:
        found += day_refusals("opened_on", opened_on)
        if not found and opened_on > device.today():
            found.append(Refusal(code=RefusalCode.DAY_TO_COME, field="opened_on", current=opened_on))
    return [*found, *(_range_refusals(*numbers) if any(numbers) else [])]


def _is_kept_here(device: Device, about: str) -> bool:
    """Whether this is the name of a store or a draw. It is public for ever, so no other word will do."""
    named = device.rows.one("stores", store=about) or device.rows.one("draws", draw=about)
    return named is not None


def _range_refusals(form: str, first: str, last: str) -> list[Refusal]:
    found = code_refusals("kind", [form], KINDS)
    if found or is_range(first, last):
        return found
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="numbers", current=f"{first}–{last}")]


def add_case(
    act: Act,
    device: Device,
    kind: str,
    about: str,
    *,
    numbers: tuple[str, str, str] = ("", "", ""),
    opened_on: str = "",
    note: str = "",
) -> str:
    """Add a case to an act that found the reason for it, signed by whoever acts; returns its entry."""
    day = opened_on or device.today()
    form, first, last = numbers
    due_on = device.policy().case_due_on(device.today())
    fact = CustodyCaseOpened(case=kind, about=about, due_on=due_on, opened_on=day, form=form, first=first, last=last)
    return act.add(fact, private=note_of(note), sign=device.sign)


def conclude_case(device: Device, ref: str, *, cause: str, conclusion: str, note: str = "") -> str | Refused:
    """Conclude a case: its cause and what followed from it. A case is concluded once."""

    def against() -> list[Refusal]:
        return [*device.may(Action.CONCLUDE_CUSTODY_CASE), *conclude_refusals(device, ref, cause, conclusion, note)]

    fact = CustodyCaseConcluded(opened=ref, cause=cause, conclusion=conclusion)
    return device.record_unless(against, lambda act: act.add(fact, private=note_of(note), sign=device.sign))


@enforces("G21")
def conclude_refusals(device: Device, ref: str, cause: str, conclusion: str, note: str) -> list[Refusal]:
    """A case is concluded with a cause and a conclusion of their lists, once, and not against the books."""
    row = device.rows.one("custody_cases", ref=ref)
    found = [] if row else [Refusal(code=RefusalCode.NOT_FOUND, field="case", current=ref)]
    if row is not None and row["state"] != "open":
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=ref))
    found += reason_refusals(device, CAUSES, cause, note, field="case_cause")
    found += reason_refusals(device, CONCLUSIONS, conclusion, note, field="case_conclusion")
    return found or fact_refusals(device, row or {}, cause, conclusion)


@enforces("G21")
def fact_refusals(device: Device, case: Row, cause: str, conclusion: str) -> list[Refusal]:
    """What the books say against a conclusion: no report of the loss, or no later count that agrees."""
    span = span_of(case)
    if span is None:
        return []
    found = []
    if conclusion == LOSS_REPORTED or cause in LOST_CAUSES:
        missing = unreported(device.rows, case, span)
        found += (
            [Refusal(code=RefusalCode.LOSS_NOT_REPORTED, field="case_conclusion", current=missing)] if missing else []
        )
    if conclusion in AGREES and case["kind"] == BOOK_DIFFERS and not has_agreeing_count(device.rows, case, span):
        told = f"{span.kind} {span.first}" + (f"–{span.last}" if span.last != span.first else "")
        found.append(Refusal(code=RefusalCode.NO_LATER_COUNT, field="case_conclusion", current=told))
    return found


def open_cases(device: Device) -> list[Row]:
    """Cases of this station that are not concluded, the earliest term first."""
    return device.rows.many("custody_cases", order="due_on, ref", state="open")


def overdue_cases(device: Device) -> list[Row]:
    """Open cases past their term."""
    return [row for row in open_cases(device) if str(row["due_on"]) < device.today()]
