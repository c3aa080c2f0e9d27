"""Who goes on for whom, and papers of a branch that was not taken in: their numbers are used, their cases open."""

from __future__ import annotations

from typing import Final

from inspector_app.domain.numbering import NumberState
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.successions import DeviceSucceeded, PaperRegularised
from inspector_app.journal.projections.numbers import end_number, row_in_block
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows

BRANCH_PAPER: Final = "branch_paper"
"""The kind of its case in the list ``custody_case``."""


@projects(DeviceSucceeded)
def device_succeeded(fact: DeviceSucceeded, entry: Entry, rows: Rows) -> None:
    """A computer went on for another; of a disk that was copied, both copies may have one that goes on."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "earlier": fact.device, "hash": fact.hash}
    rows.insert("successions", row | {"seq": fact.seq, "by": said.actor, "at": said.at})


@projects(PaperRegularised)
def paper_regularised(fact: PaperRegularised, entry: Entry, rows: Rows) -> None:
    """The number is on a paper, so free no more; what had ended before, or bears another paper, stays as it is."""
    number = row_in_block(rows, fact.number, fact.block)
    if number is not None and number["state"] == NumberState.FREE:
        end_number(rows, number, NumberState.USED.value, entry.ref)
    said, digits = entry.envelope, fact.number.digits
    row: Row = {"ref": entry.ref, "device": said.device, "kind": BRANCH_PAPER, "about": str(fact.number)}
    row |= {"form": fact.number.kind, "first": digits, "last": digits, "state": "open"}
    row |= {"opened_on": fact.opened_on, "due_on": fact.due_on, "opened_by": said.actor, "opened_at": said.at}
    rows.insert("custody_cases", row)
    paper: Row = {"ref": entry.ref, "device": said.device, "earlier": fact.device, "hash": fact.hash, "seq": fact.seq}
    rows.insert("branch_papers", paper | {"number": str(fact.number), "block": fact.block})
