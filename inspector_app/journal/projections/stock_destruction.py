"""Requests to destroy stock of a store, who agreed to them, and what was destroyed, as rows."""

from __future__ import annotations

from inspector_app.domain.destruction import Approvals, DestructionState, Step, who_agreed
from inspector_app.domain.stock_destruction import (
    StockDestroyed,
    StockEndApproved,
    StockEndAsked,
    StockEndFormConfirmed,
    StockEndReviewed,
    StockEndSigned,
)
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.stock import ranges_text
from inspector_app.journal.projections.stock_endings import OPEN

_NAMES = "ask organisation location kind count cause method planned_on by at"
_LATER = (
    *("reason", "ending", "destroyed_on", "picture", "reviewed_by", "supervisor"),
    *("due_on", "case_state", "case_cause", "conclusion", "concluded_by", "concluded_at"),
)


@projects_document(StockEndAsked)
def stock_end_asked(value: StockEndAsked, rows: Rows) -> None:
    """It waits for three others."""
    row: Row = {name: getattr(value, name) for name in _NAMES.split()}
    row |= {"ranges": ranges_text(value.ranges), "state": DestructionState.REQUESTED.value, "suspected": 0}
    row["ended"] = int(value.ended)
    rows.put("stock_end_asks", row | dict.fromkeys(_LATER))


@projects_document(StockEndReviewed)
def stock_end_reviewed(value: StockEndReviewed, rows: Rows) -> None:
    """It goes on, or back to the keeper; where an offence is suspected that is a case."""
    changes: Row = {"reviewed_by": value.by, "suspected": int(value.suspected)}
    if value.sent_back:
        changes |= {"state": DestructionState.SENT_BACK.value, "reason": value.sent_back}
    else:
        _note_step(rows, Step.HEAD, value.by, {"record": value.ask, "ask": value.ask, "at": value.at})
    if value.suspected:
        changes |= {"due_on": value.due_on, "case_state": OPEN}
    rows.update("stock_end_asks", {"ask": value.ask}, changes)


@projects_document(StockEndApproved)
def stock_end_approved(value: StockEndApproved, rows: Rows) -> None:
    """Deputy leader or legal representative agreed at the desk."""
    _note_step(rows, Step(value.step), value.by, {"record": value.ask, "ask": value.ask, "at": value.at})


@projects_document(StockEndSigned)
def stock_end_signed(value: StockEndSigned, rows: Rows) -> None:
    """Both signed the form; that waits for the head to confirm it."""
    paper: Row = {"record": value.form, "ask": value.ask, "at": value.at, "on_paper": 1, "by": value.by}
    paper |= {"signed_on": value.signed_on, "picture": value.picture}
    _note_step(rows, Step.DEPUTY, value.deputy, paper)
    _note_step(rows, Step.LEGAL, value.legal, paper)


@projects_document(StockEndFormConfirmed)
def stock_end_form_confirmed(value: StockEndFormConfirmed, rows: Rows) -> None:
    """Both names count."""
    rows.update("stock_end_steps", {"record": value.form}, {"confirmed_by": value.by})


@projects_document(StockDestroyed)
def stock_destroyed(value: StockDestroyed, rows: Rows) -> None:
    """It is gone; the stock that ended names the request, and the request the stock."""
    changes: Row = {"state": DestructionState.DESTROYED.value, "ending": value.ending, "destroyed_on": value.on}
    changes |= {"supervisor": value.supervisor, "picture": value.picture}
    rows.update("stock_end_asks", {"ask": value.ask}, changes)


def _note_step(rows: Rows, step: Step, person: int, told: Row) -> None:
    """Somebody took a step, at the desk unless ``told`` says that it was on paper."""
    desk: Row = {"on_paper": 0, "by": person, "signed_on": None, "picture": None, "confirmed_by": None}
    rows.put("stock_end_steps", {**desk, **told, "step": step.value, "person": person})


def stock_approvals(rows: Rows, ask: Row) -> Approvals:
    """Who agreed to a request (:func:`who_agreed`), a form signed on paper once it is confirmed."""
    taken = sorted(
        (row for row in rows.many("stock_end_steps", ask=ask["ask"]) if row["confirmed_by"] or not row["on_paper"]),
        key=lambda row: (int(row["at"] or 0), str(row["record"])),
    )
    return who_agreed(int(ask["by"] or 0), ((Step(str(row["step"])), int(row["person"] or 0)) for row in taken))
