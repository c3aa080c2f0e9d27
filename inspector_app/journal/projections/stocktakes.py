"""Stocktakes and their counts as rows. All of one stocktake stands in one journal, so its order is never in doubt."""

from __future__ import annotations

import msgspec

from inspector_app.domain.stocktake import StockLine, StocktakeState
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.stocktakes import (
    StocktakeAbandoned,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeListed,
    StocktakeOpened,
)
from inspector_app.journal.projections.ceremony import note_act
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


@projects(StocktakeOpened)
def stocktake_opened(fact: StocktakeOpened, entry: Entry, rows: Rows) -> None:
    """A stocktake under way, with the book as it was."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "purpose": fact.purpose, "store": fact.store}
    row |= {"kinds": as_json(fact.kinds), "lines": as_json(fact.lines), "state": StocktakeState.OPEN.value}
    rows.insert("stocktakes", row | {"opened_by": said.actor, "opened_at": said.at})


@projects(StocktakeListed)
def stocktake_listed(fact: StocktakeListed, entry: Entry, rows: Rows) -> None:
    """The next page of the book."""
    row = rows.one("stocktakes", ref=fact.stocktake)
    if row is not None:
        before = msgspec.json.decode(str(row["lines"]), type=list[StockLine])
        rows.update("stocktakes", {"ref": fact.stocktake}, {"lines": as_json([*before, *fact.lines])})


@projects(StocktakeCounted)
def stocktake_counted(fact: StocktakeCounted, entry: Entry, rows: Rows) -> None:
    """One count, kept as it was made."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "seq": said.seq, "by": said.actor, "at": said.at}
    row |= {"stocktake": fact.stocktake, "shelf": fact.shelf, "kind": fact.kind, "ranges": as_json(fact.ranges)}
    rows.insert("stock_counts", row | {"pages": fact.pages, "means": fact.means, "anew": int(fact.anew)})


@projects(StocktakeClosed)
def stocktake_closed(fact: StocktakeClosed, entry: Entry, rows: Rows) -> None:
    """Closed, and waiting for its second person."""
    found: Row = {"differences": as_json(fact.differences), "explained": fact.explained}
    _end(fact.stocktake, StocktakeState.CLOSED, entry, rows, found)
    note_act(rows, entry)


@projects(StocktakeAbandoned)
def stocktake_abandoned(fact: StocktakeAbandoned, entry: Entry, rows: Rows) -> None:
    """Given up; what was counted stays on record."""
    why: Row = {"reason": fact.reason, "note": note_text(entry)}
    _end(fact.stocktake, StocktakeState.ABANDONED, entry, rows, why)


def _end(ref: str, state: StocktakeState, entry: Entry, rows: Rows, changes: Row) -> None:
    ended: Row = {"state": state.value, "ended_ref": entry.ref}
    ended |= {"ended_by": entry.envelope.actor, "ended_at": entry.envelope.at}
    rows.update("stocktakes", {"ref": ref, "state": StocktakeState.OPEN.value}, ended | changes)


def as_json(value: object) -> str:
    """A list of structs or codes as it stands in a column."""
    return msgspec.json.encode(value).decode()
