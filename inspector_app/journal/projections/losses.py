"""Losses and what was done about each, as rows.

A loss has one row, named by the entry that told of it; each step another. What two computers tell of the same loss
stands beside each other; readers take the earliest of a step.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.losses import LossPassed
from inspector_app.domain.numbering import NumberState
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import NumbersLost, SheetLost
from inspector_app.journal.entries.losses import (
    LossAcknowledged,
    LossConcluded,
    LossDrafted,
    LossPublished,
    LossReported,
    NumbersFound,
    Publication,
)
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.registry import projects, projects_document
from inspector_app.journal.projections.rows import Row, Rows, Value
from inspector_app.journal.projections.uncut import lost_uncut

DRAFTED, PUBLISHED, REPORTED = "drafted", "published", "reported"
ACKNOWLEDGED, CONCLUDED, PASSED = "acknowledged", "concluded", "passed"
NUMBERS, SHEET = "numbers", "sheet"


def note_numbers_lost(fact: NumbersLost, entry: Entry, rows: Rows) -> Row:
    """Lost numbers of a block, or of a draw, as the row they now have; of numbers lost already this tells once more."""
    given = rows.one("draws", draw=fact.draw) if fact.draw else rows.one("blocks", block=fact.block)
    row: Row = {"what": NUMBERS, "number": None, "kind": given["kind"] if given else None}
    row |= {"block": fact.block or None, "draw": fact.draw or None}
    row |= {"first": fact.first, "last": fact.last, "cause": fact.cause, "found_out_on": fact.found_out_on}
    row |= _told(entry) | {"note": note_text(entry), "print": None, "sheet": None}
    rows.insert("losses", row)
    return row


def note_sheet_lost(fact: SheetLost, entry: Entry, rows: Rows) -> None:
    """A sheet nobody can find; several of one act are told by as many entries."""
    number = fact.number
    row: Row = {"what": SHEET, "number": str(number), "block": None, "draw": None, "kind": number.kind}
    row["first"] = number.digits
    row |= {"last": number.digits, "cause": fact.category, "found_out_on": None, "note": None}
    rows.insert("losses", _told(entry) | row | {"print": fact.print, "sheet": fact.sheet})


def case_key(rows: Rows, loss: Row) -> str:
    """What makes two reports one loss: the paper whose sheets are gone, or the first report that killed the numbers."""
    if loss["what"] != NUMBERS:
        return str(loss["number"])
    inside = lost_span(rows, loss)
    killers = {str(number["ended_by"]) for number in inside if number["state"] == NumberState.LOST}
    killers |= {one.ref for one in lost_uncut(rows, loss["draw"]) if one.meets(str(loss["first"]), str(loss["last"]))}
    return str(loss["ref"]) if loss["ref"] in killers or not killers else min(killers)


def lost_span(rows: Rows, loss: Row) -> list[Row]:
    """The numbers of the range a report names that are in a block by now, in order, whatever became of them."""
    first, last = str(loss["first"]), str(loss["last"])
    blocks = [row["block"] for row in rows.many("blocks", draw=loss["draw"])] if loss["draw"] else [loss["block"]]
    numbers = [number for block in blocks for number in rows.many("numbers", block=block)]
    inside = [number for number in numbers if first <= str(number["digits"]) <= last]
    return sorted(inside, key=lambda number: str(number["digits"]))


def given_on(rows: Rows, *, block: Value, draw: Value) -> str:
    """The legal day on which a station was given a block, or a draw no block of it was known; "" for neither."""
    row = rows.one("draws", draw=draw) if draw else rows.one("blocks", block=block)
    return legal_date(int(row["issued_at"] or 0)) if row else ""


def _told(entry: Entry) -> Row:
    said = entry.envelope
    return {"ref": entry.ref, "device": said.device, "at": said.at, "by": said.actor}


def _step(rows: Rows, entry: Entry, loss: str, step: str, **said: str | None) -> None:
    row: Row = dict.fromkeys(("to_whom", "code", "cause", "day", "files", "name", "note"))
    rows.insert("loss_steps", _told(entry) | row | {"loss": loss, "step": step} | said)


def _listed(files: list[str]) -> str:
    return msgspec.json.encode(files).decode()


@projects(LossDrafted)
def loss_drafted(fact: LossDrafted, entry: Entry, rows: Rows) -> None:
    """Notice and reports are drawn."""
    _step(rows, entry, fact.loss, DRAFTED, files=_listed([fact.notice, fact.to_authority, fact.to_institution]))


@projects(LossPublished)
def loss_published(fact: LossPublished, entry: Entry, rows: Rows) -> None:
    """The notice is public."""
    said = entry.private if isinstance(entry.private, Publication) else None
    _step(
        rows,
        entry,
        fact.loss,
        PUBLISHED,
        code=fact.medium,
        day=fact.published_on,
        files=_listed(fact.attachments),
        name=said.name if said else None,
        note=(said.note or None) if said else None,
    )


@projects(LossReported)
def loss_reported(fact: LossReported, entry: Entry, rows: Rows) -> None:
    """A report is on its way."""
    said = {"to_whom": fact.to, "day": fact.sent_on, "files": _listed(fact.attachments), "note": note_text(entry)}
    _step(rows, entry, fact.loss, REPORTED, **said)


@projects(LossAcknowledged)
def loss_acknowledged(fact: LossAcknowledged, entry: Entry, rows: Rows) -> None:
    """A report has arrived."""
    said = {"to_whom": fact.to, "day": fact.acknowledged_on, "files": _listed(fact.attachments)}
    _step(rows, entry, fact.loss, ACKNOWLEDGED, **said, note=note_text(entry))


@projects(LossConcluded)
def loss_concluded(fact: LossConcluded, entry: Entry, rows: Rows) -> None:
    """The case of a loss is closed."""
    _step(rows, entry, fact.loss, CONCLUDED, code=fact.conclusion, cause=fact.cause, note=note_text(entry))


@projects_document(LossPassed)
def loss_passed(value: LossPassed, rows: Rows) -> None:
    """A level above took the loss up; told once more after a restore it changes nothing."""
    row: Row = dict.fromkeys(("device", "code", "cause", "day", "files", "name", "note"))
    key = f"{value.loss}:{value.level}"
    row |= {"ref": key, "loss": value.loss, "step": PASSED, "to_whom": value.level, "at": value.passed_at}
    row["by"] = value.by
    rows.put("loss_steps", row)


@projects(NumbersFound)
def numbers_found(fact: NumbersFound, entry: Entry, rows: Rows) -> None:
    """Numbers turned up; nothing becomes of them: they stay lost."""
    row: Row = {"first": fact.first, "last": fact.last, "found_on": fact.found_on}
    row |= {"block": fact.block or None, "draw": fact.draw or None}
    rows.insert("found_numbers", _told(entry) | row | {"note": note_text(entry)})
