"""Requests for destruction, who agreed to them, and what was destroyed, as rows.

Steps may be heard of in any order: each is a row of its own, and who counts is asked when they are read.
"""

from __future__ import annotations

from collections.abc import Callable

from inspector_app.domain.custody import SheetState
from inspector_app.domain.destruction import Approvals, DestructionState, Step, who_agreed
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.sheets import (
    DestructionApproved,
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    SheetName,
    SheetsDestroyed,
)
from inspector_app.journal.projections.ceremony import note_act
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheet_custody import end_sheets


@projects(DestructionRequested)
def destruction_requested(fact: DestructionRequested, entry: Entry, rows: Rows) -> None:
    """A request and its sheets."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "state": DestructionState.REQUESTED.value}
    row |= {"method": fact.method, "planned_on": fact.planned_on, "form": fact.form, "counted": fact.counted}
    rows.insert("destructions", row | {"at": said.at, "by": said.actor, "suspected": 0})
    for name in fact.sheets:
        key: Row = {"request": entry.ref, "number": name.number, "print": name.print, "sheet": name.sheet}
        rows.put("destruction_sheets", key)


def requested_sheets(rows: Rows, request: str) -> list[SheetName]:
    """The sheets a request names."""
    return [_sheet_name(row) for row in rows.many("destruction_sheets", request=request)]


def _sheet_name(row: Row) -> SheetName:
    kind, digits = str(row["number"]).split(" ", 1)
    return SheetName(kind, digits, int(row["print"] or 0), int(row["sheet"] or 0))


@projects(DestructionReviewed)
def destruction_reviewed(fact: DestructionReviewed, entry: Entry, rows: Rows) -> None:
    """It goes on, or back to the handler; what was destroyed is destroyed, whatever else was said meanwhile."""
    row = rows.one("destructions", ref=fact.request)
    if row is None:
        return
    if fact.suspected:
        rows.update("destructions", {"ref": fact.request}, {"suspected": 1})
    if fact.sent_back:
        _send_back(rows, entry, row, fact.sent_back)
    else:
        _note_step(rows, entry, fact.request, Step.HEAD, entry.envelope.actor)


def _send_back(rows: Rows, entry: Entry, row: Row, reason: str) -> None:
    """Of two that sent it back the earlier stands, whichever is heard of first."""
    told = (entry.envelope.at, entry.ref)
    if row["back_ref"] is None or told < (int(row["back_at"] or 0), str(row["back_ref"])):
        changes: Row = {"reason": reason, "back_ref": entry.ref, "back_at": entry.envelope.at}
        rows.update("destructions", {"ref": row["ref"]}, changes)
    if row["state"] != DestructionState.DESTROYED:
        rows.update("destructions", {"ref": row["ref"]}, {"state": DestructionState.SENT_BACK.value})


@projects(DestructionApproved)
def destruction_approved(fact: DestructionApproved, entry: Entry, rows: Rows) -> None:
    """Deputy leader or legal representative agreed, at a computer."""
    if fact.post in (Step.DEPUTY, Step.LEGAL):
        _note_step(rows, entry, fact.request, Step(fact.post), entry.envelope.actor)


@projects(DestructionSigned)
def destruction_signed(fact: DestructionSigned, entry: Entry, rows: Rows) -> None:
    """Both signed the form; that waits for the head to confirm it."""
    _note_step(rows, entry, fact.request, Step.DEPUTY, fact.deputy, on_paper=True)
    _note_step(rows, entry, fact.request, Step.LEGAL, fact.legal, on_paper=True)
    note_act(rows, entry)


def _note_step(rows: Rows, entry: Entry, request: str, step: Step, person: int, *, on_paper: bool = False) -> None:
    row: Row = {"ref": entry.ref, "step": step.value, "request": request, "person": person}
    rows.insert("destruction_steps", row | {"on_paper": int(on_paper), "at": entry.envelope.at})


def everything(_ref: str) -> bool:
    """Every entry on record counts."""
    return True


def approvals(rows: Rows, request: Row, heard: Callable[[str], bool] = everything) -> Approvals:
    """Who agreed to a request (:func:`who_agreed`), a form signed on paper once it is confirmed.

    ``heard`` says of an entry's name whether it counts.
    """
    steps = rows.many("destruction_steps", order="at", request=request["ref"])
    counted = sorted(
        (row for row in steps if _counts(rows, row, heard)), key=lambda row: (int(row["at"] or 0), row["ref"])
    )
    return who_agreed(int(request["by"] or 0), ((Step(str(row["step"])), int(row["person"] or 0)) for row in counted))


def _counts(rows: Rows, step: Row, heard: Callable[[str], bool]) -> bool:
    told, act = heard(str(step["ref"])), step["on_paper"] and rows.one("acts", ref=step["ref"])
    return told and (not step["on_paper"] or bool(act and act["confirmed_by"] and heard(str(act["confirm_ref"]))))


@projects(SheetsDestroyed)
def sheets_destroyed(fact: SheetsDestroyed, entry: Entry, rows: Rows) -> None:
    """The sheets of the request are gone; told twice, the earlier stands."""
    row, said = rows.one("destructions", ref=fact.request), entry.envelope
    if row is None:
        return
    if not row["destroyed_ref"] or (said.at, entry.ref) < (int(row["destroyed_at"] or 0), str(row["destroyed_ref"])):
        changes: Row = {"state": DestructionState.DESTROYED.value, "destroyed_ref": entry.ref, "destroyed_at": said.at}
        changes |= {"destroyed_on": fact.destroyed_on, "destroyed_by": said.actor, "supervisor": fact.supervisor}
        rows.update("destructions", {"ref": fact.request}, changes | {"destroyed_count": fact.counted})
    end_sheets(rows, entry, requested_sheets(rows, fact.request), SheetState.DESTROYED)
