"""Supervision visits (监督检查) of custody: what was looked at, what was found, what was put right (GX-2014 Art. 27).

The program itself states how the seven ledgers stood at that moment, and whether ledger and stock agreed.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action, Post
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.standing import LEDGERS, Ground, read_standing
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.supervision import (
    LedgerState,
    RectificationRecorded,
    SupervisionRecorded,
    VisitDetails,
)
from inspector_app.journal.projections import Row
from inspector_app.services.custody_cases import open_cases
from inspector_app.services.device import Device
from inspector_app.services.typed import attachment_refusals, code_refusals, day_refusals, one_text, reason_refusals
from inspector_app.store.doctor import count_blocks, count_sheets, net_moves

__all__ = ["LEDGERS", "LedgerState"]

FINDINGS = "supervision_finding"


class VisitForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written down of a visit; ``visited_on`` "" is today, ``rectify_by`` a legal day where there are findings.

    ``official`` and ``unit`` name who came, where that is not the supervisor who signs.
    """

    findings: list[str] = []
    rectify_by: str = ""
    visited_on: str = ""
    official: str = ""
    unit: str = ""
    note: str = ""
    attachments: list[str] = []


def record_visit(device: Device, form: VisitForm) -> str | Refused:
    """Record a visit with the ledgers as they stand; returns its entry.

    Who came signs as supervisor; what the station itself tells of a visit waits for a second person.
    """

    def add(act: Act) -> str:
        on_hand, net = count_sheets(device.store), net_moves(device.store)
        fact = SupervisionRecorded(
            visited_on=form.visited_on or device.today(),
            findings=sorted(set(form.findings)),
            rectify_by=form.rectify_by,
            ledgers=ledger_states(device),
            blocks_hold=all(count.holds for count in count_blocks(device.store).values()),
            sheets_hold=all(on_hand.get(one, 0) == net.get(one, 0) for one in on_hand.keys() | net.keys()),
            open_cases=len(open_cases(device)),
            attachments=form.attachments,
            by_supervisor=_is_supervisor(device),
        )
        private = VisitDetails(form.official.strip(), form.unit.strip(), form.note.strip())
        return act.add(fact, private=private, sign=device.sign)

    return device.record_unless(lambda: [*device.may(Action.SUPERVISE), *visit_refusals(device, form)], add)


def visit_refusals(device: Device, form: VisitForm) -> list[Refusal]:
    """Why this is no record of a visit: a day to come, findings without a term, nobody named who came."""
    found = attachment_refusals(device, form.attachments)
    for finding in form.findings:
        found += reason_refusals(device, FINDINGS, finding, form.note, field="findings")
    for field in ("official", "unit") if form.findings else ("official", "unit", "note"):
        found += one_text(field, getattr(form, field))
    day = form.visited_on or device.today()
    if wrong := day_refusals("visited_on", day):
        return found + wrong
    if day > device.today():
        found.append(Refusal(code=RefusalCode.DAY_TO_COME, field="visited_on", current=day))
    return found + _term_refusals(form, day) + _official_refusals(device, form)


def _term_refusals(form: VisitForm, day: str) -> list[Refusal]:
    if not form.rectify_by:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="rectify_by")] if form.findings else []
    if wrong := day_refusals("rectify_by", form.rectify_by):
        return wrong
    early = form.rectify_by < day
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="rectify_by", current=form.rectify_by)] if early else []


def _official_refusals(device: Device, form: VisitForm) -> list[Refusal]:
    """Who came is the supervisor who signs, or is named."""
    if _is_supervisor(device):
        return []
    missing = [field for field in ("official", "unit") if not getattr(form, field).strip()]
    return [Refusal(code=RefusalCode.FIELD_MISSING, field=field) for field in missing]


def _is_supervisor(device: Device) -> bool:
    grant = device.grant(device.session.person) if device.session is not None else None
    return grant is not None and Post.SUPERVISOR in grant.posts


# --- the ledgers ----------------------------------------------------------------------------------------------------


@enforces("G48")
def ledger_states(device: Device) -> list[LedgerState]:
    """The seven ledgers (领用、保管、发放、盘点、使用、核销、销毁) as this computer has them."""
    ground = Ground(rows=device.rows, policy=device.policy(), today=device.today(), counters=(device.id,))
    return [LedgerState(ledger=one.ledger, records=one.records, lacking=one.lacking) for one in read_standing(ground)]


# --- putting right --------------------------------------------------------------------------------------------------


def record_rectification(
    device: Device, visit: str, findings: Sequence[str], *, attachments: Sequence[str] = (), note: str = ""
) -> str | Refused:
    """Findings of a visit were put right (整改); returns the entry."""

    def against() -> list[Refusal]:
        found = device.may(Action.RECTIFY) + attachment_refusals(device, attachments) + one_text("note", note)
        return found + rectify_refusals(device, visit, findings)

    fact = RectificationRecorded(visit=visit, findings=sorted(set(findings)), attachments=list(attachments))
    return device.record_unless(against, lambda act: act.add(fact, private=note_of(note), sign=device.sign))


@enforces("G48")
def rectify_refusals(device: Device, visit: str, findings: Sequence[str]) -> list[Refusal]:
    """Only what a visit found is put right, and once."""
    row = device.rows.one("visits", ref=visit)
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="visit", current=visit)]
    if not findings:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="findings")]
    all_found = msgspec.json.decode(str(row["findings"]), type=list[str])
    if unknown := code_refusals("findings", findings, all_found):
        return unknown
    done = set(all_found) - set(left_to_rectify(device, row))
    again = sorted(done & set(findings))
    return [Refusal(code=RefusalCode.ALREADY_RECORDED, field="findings", current=one) for one in again[:1]]


def left_to_rectify(device: Device, visit: Row) -> list[str]:
    """The findings of a visit that nobody has put right yet."""
    found = msgspec.json.decode(str(visit["findings"]), type=list[str])
    records = device.rows.many("rectifications", visit=visit["ref"])
    done = {code for row in records for code in msgspec.json.decode(str(row["findings"]), type=list[str])}
    return [code for code in found if code not in done]


class Rectified(msgspec.Struct, frozen=True):
    """Findings that were put right: the legal day it was recorded, by whom, which."""

    day: str
    by: int
    findings: list[str]


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit as it was recorded; ``left`` are the findings nobody has put right yet."""

    by: int
    official: str
    unit: str
    note: str
    visited_on: str
    findings: list[str]
    rectify_by: str
    left: list[str]
    rectified: list[Rectified]
    ledgers: list[LedgerState]
    blocks_hold: bool
    sheets_hold: bool
    open_cases: int


def find_visit(device: Device, ref: str) -> Visit | None:
    """One visit, None where there is none of this name."""
    row = device.rows.one("visits", ref=ref)
    if row is None:
        return None
    records = device.rows.many("rectifications", order="at", visit=ref)
    return Visit(
        by=int(row["by"] or 0),
        official=str(row["official"] or ""),
        unit=str(row["unit"] or ""),
        note=str(row["note"] or ""),
        visited_on=str(row["visited_on"]),
        findings=msgspec.json.decode(str(row["findings"]), type=list[str]),
        rectify_by=str(row["rectify_by"] or ""),
        left=left_to_rectify(device, row),
        rectified=[_rectified(one) for one in records],
        ledgers=msgspec.json.decode(str(row["ledgers"]), type=list[LedgerState]),
        blocks_hold=bool(row["blocks_hold"]),
        sheets_hold=bool(row["sheets_hold"]),
        open_cases=int(row["open_cases"] or 0),
    )


def _rectified(row: Row) -> Rectified:
    done = msgspec.json.decode(str(row["findings"]), type=list[str])
    return Rectified(legal_date(int(row["at"] or 0)), int(row["by"] or 0), done)


class VisitDue(msgspec.Struct, frozen=True):
    """A visit, what of it is still to be put right, by when, and whether that day has passed."""

    visit: str
    visited_on: str
    left: list[str]
    rectify_by: str
    overdue: bool


def visits(device: Device) -> list[VisitDue]:
    """All visits, latest first."""
    rows = reversed(device.rows.many("visits", order="visited_on, ref"))
    return [_visit_due(device, row) for row in rows]


def _visit_due(device: Device, row: Row) -> VisitDue:
    left, term = left_to_rectify(device, row), str(row["rectify_by"])
    overdue = bool(left) and term < device.today()
    return VisitDue(str(row["ref"]), str(row["visited_on"]), left, term, overdue)
