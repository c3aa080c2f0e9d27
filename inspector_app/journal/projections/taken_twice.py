"""The same papers taken over at two computers of a station that did not know of each other's list.

Who took them over first keeps them; they leave the other's book as they came, so that both balance. Every computer and
the province come to the same rows, whichever list is heard of first.
"""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.domain.custody import SheetFlow, SheetState, reconcile_sheet
from inspector_app.journal.chain import Entry
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import CAME_BACK, sheet_key, write_move


class _Taking(NamedTuple):
    """One taking over of a sheet; the lowest stands."""

    at: int
    ref: str
    device: str
    by: int


def take_again(rows: Rows, entry: Entry, row: Row, state: SheetState, category: str) -> None:
    """A list names a sheet that another list brought here already."""
    said = entry.envelope
    new, known = _Taking(said.at, entry.ref, said.device, said.actor), _takings(rows, row)
    if not known or any(one.device == new.device for one in known):
        return
    told: Row = {"ref": new.ref, "at": new.at, "by": new.by}
    write_move(rows, told, sheet_key(row) | {"device": new.device}, state, SheetFlow.IN)
    first = min(known)
    if first < new:
        _leave(rows, row, new, first)
    else:
        _take_from(rows, row, first, new)
    _tell_state(rows, row, new, state, category)


def _takings(rows: Rows, row: Row) -> list[_Taking]:
    lists = [move for move in _moves(rows, row) if move["flow"] == SheetFlow.IN and _is_list(rows, move)]
    return [
        _Taking(int(move["at"] or 0), str(move["ref"]), str(move["device"]), int(move["by"] or 0)) for move in lists
    ]


def _moves(rows: Rows, row: Row) -> list[Row]:
    return rows.many("sheet_moves", number=row["number"], print=row["print"], sheet=row["sheet"])


def _leave(rows: Rows, row: Row, later: _Taking, first: _Taking) -> None:
    """The sheet leaves the book of who took it over later, on the day on which it came."""
    came = rows.one("sheet_moves", **sheet_key(row), ref=later.ref, device=later.device) or {}
    out: Row = {"ref": first.ref, "at": later.at, "by": first.by}
    write_move(rows, out, sheet_key(row) | {"device": later.device}, SheetState(str(came["state"])), SheetFlow.OUT)


def _take_from(rows: Rows, row: Row, before: _Taking, new: _Taking) -> None:
    """An earlier list is heard of: what became of the sheet since then belongs into the book of its keeper."""
    theirs, came_back = _since(rows, row, before)
    for move in theirs:
        place = sheet_key(row) | {"ref": move["ref"], "device": before.device}
        rows.update("sheet_moves", place, {"device": new.device})
    # Whoever else had to let it go lets it go to the new keeper.
    rows.update(
        "sheet_moves", sheet_key(row) | {"ref": before.ref, "flow": SheetFlow.OUT.value}, {"ref": new.ref, "by": new.by}
    )
    _leave(rows, row, before, new)
    if not came_back:
        rows.update("sheets", sheet_key(row), {"device": new.device})


def _since(rows: Rows, row: Row, before: _Taking) -> tuple[list[Row], bool]:
    """The moves in the book of who took the sheet over, until it came back to somebody; and whether it did."""
    moves = [move for move in _moves(rows, row) if move["ref"] != before.ref]
    found: list[Row] = []
    for move in sorted(moves, key=lambda one: (int(one["at"] or 0), str(one["ref"]))):
        if move["flow"] == SheetFlow.IN and SheetState(str(move["state"])) in CAME_BACK and not _is_list(rows, move):
            return found, True
        if move["device"] == before.device:
            found.append(move)
    return found, False


def _is_list(rows: Rows, move: Row) -> bool:
    return rows.one("openings", ref=move["ref"]) is not None


def _tell_state(rows: Rows, row: Row, new: _Taking, state: SheetState, category: str) -> None:
    """Where the lists say different things of it the weightier stands, otherwise the earlier."""
    before = SheetState(str(row["state"]))
    held = (int(row["at"] or 0), str(row["category"] or ""))
    if (before is state and (new.at, category) < held) or (before is not state is reconcile_sheet(before, state)):
        rows.update("sheets", sheet_key(row), {"state": state.value, "at": new.at, "category": category})
