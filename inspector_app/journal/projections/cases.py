"""Cases between the devices of a station as rows: who let one go, to whom, and whose it is now.

Each move of a case has a turn, one more than the move before it. Devices hear of moves in any order, on a stick or from
the province: the highest turn says whose the case is, whatever was heard last.
"""

from __future__ import annotations

import msgspec

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.devices import (
    CaseHandedOver,
    CaseReceived,
    CaseReturned,
    CaseTakenBack,
    CaseUse,
)
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows

HANDED_OVER, RETURNED, TAKEN_BACK = "handed_over", "returned", "taken_back"


def latest_move(rows: Rows, declaration: str) -> Row | None:
    """The last move of a case there was, as far as is known here; None while it never went anywhere.

    Only who let the case go moves it: that a sister has taken it in is no move.
    """
    found = [row for row in rows.many("case_moves", declaration=declaration) if row["ref"] is not None]
    return min(found, key=lambda row: (-int(row["turn"] or 0), str(row["giver"])), default=None)


def holder_of(rows: Rows, declaration: str) -> str:
    """The device whose case it is by its moves; "" while there was none."""
    move = latest_move(rows, declaration)
    return str(move["device"]) if move is not None else ""


def uses_elsewhere(rows: Rows, declaration: str) -> list[CaseUse]:
    """Papers in force when the case last went, of which nothing but that is known here."""
    move = latest_move(rows, declaration)
    stated = msgspec.json.decode(str(move["uses"] or "[]"), type=list[CaseUse]) if move is not None else []
    return [use for use in stated if not _is_known(rows, use)]


def _is_known(rows: Rows, use: CaseUse) -> bool:
    table = "notices" if use.number.kind == "N" else "certificates"
    return rows.one(table, number=str(use.number)) is not None


@projects(CaseHandedOver)
def case_handed_over(fact: CaseHandedOver, entry: Entry, rows: Rows) -> None:
    """The right to issue went to a sister device."""
    _moved(rows, entry, fact, HANDED_OVER)


@projects(CaseReturned)
def case_returned(fact: CaseReturned, entry: Entry, rows: Rows) -> None:
    """The case goes back to the device that handed it over."""
    _moved(rows, entry, fact, RETURNED)


def _moved(rows: Rows, entry: Entry, fact: CaseHandedOver | CaseReturned, act: str) -> None:
    row: Row = {"giver": entry.envelope.device, "device": fact.device, "act": act, "bundle": fact.bundle}
    _note(rows, entry, row | {"declaration": fact.declaration, "turn": fact.turn}, fact.uses)


@projects(CaseTakenBack)
def case_taken_back(fact: CaseTakenBack, entry: Entry, rows: Rows) -> None:
    """Who had handed the case to a device that was shut down has it again."""
    row: Row = {"giver": fact.device, "device": entry.envelope.device, "act": TAKEN_BACK, "bundle": ""}
    _note(rows, entry, row | {"declaration": fact.declaration, "turn": fact.turn}, fact.uses)


def _note(rows: Rows, entry: Entry, row: Row, uses: list[CaseUse]) -> None:
    held = _held(rows, row)
    row |= {"ref": entry.ref, "at": entry.envelope.at, "by": entry.envelope.actor}
    row["uses"] = msgspec.json.encode(uses).decode()
    # A copied device may say the same turn twice: the earlier word stands, whichever is heard first.
    if held["ref"] is None or (row["at"], row["ref"]) < (held["at"], held["ref"]):
        rows.put("case_moves", held | row)
    declaration = str(row["declaration"])
    rows.update("declarations", {"ref": declaration}, {"holder": holder_of(rows, declaration)})


@projects(CaseReceived)
def case_received(fact: CaseReceived, entry: Entry, rows: Rows) -> None:
    """A sister's bundle arrived; this may be heard before her own word that she gave the case."""
    key: Row = {"declaration": fact.declaration, "turn": fact.turn, "giver": fact.device}
    held = _held(rows, key)
    if held["ref"] is None:
        held |= {"device": entry.envelope.device, "bundle": fact.bundle}
    rows.put("case_moves", held | {"received_ref": entry.ref, "received_at": entry.envelope.at})


def _held(rows: Rows, row: Row) -> Row:
    key: Row = {name: row[name] for name in ("declaration", "turn", "giver")}
    nothing = dict.fromkeys(("device", "act", "ref", "bundle", "uses", "at", "by", "received_ref", "received_at"))
    return rows.one("case_moves", **key) or key | nothing
