"""Stocktakes and their counts as rows. All of one stocktake stands in one journal, so its order is never in doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from inspector_app.domain.stocktake import CountedRange, Shelf, StockLine, StocktakeState
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


# --- what an open stocktake holds still -------------------------------------------------------------------------------


def lines_of(stocktake: Row) -> list[StockLine]:
    """What the book said when the stocktake was opened."""
    return msgspec.json.decode(str(stocktake["lines"]), type=list[StockLine])


def kinds_of(stocktake: Row) -> list[str]:
    """The kinds it counts."""
    return msgspec.json.decode(str(stocktake["kinds"]), type=list[str])


def ranges_of(count: Row) -> list[CountedRange]:
    """The ranges of one count."""
    return msgspec.json.decode(str(count["ranges"]), type=list[CountedRange])


class Movement(msgspec.Struct, frozen=True):
    """What is to move in or out of a store: a range of a kind, or, where ``first`` is "", what comes in of that kind.

    ``device`` is the computer at which it is recorded.
    """

    device: str
    kind: str
    first: str = ""
    last: str = ""


class Counting(NamedTuple):
    """A stocktake under way, and its book, which is long to read."""

    row: Row
    lines: list[StockLine]


def holds_still(rows: Rows, counting: Counting, moved: Movement, *, since: int, heard: Callable[[str], bool]) -> bool:
    """Whether a stocktake under way holds a movement up (GX-2014 Art. 17).

    The block in use only where it was counted from ``since`` on (UTC ms); a count matters only if it was ``heard`` of.
    What comes in lies in no range yet: it waits for the stocktakes of its own computer alone.
    """
    if not moved.first:
        return counting.row["device"] == moved.device and moved.kind in kinds_of(counting.row)
    hit = [line for line in counting.lines if line.kind == moved.kind and line.overlaps(moved.first, moved.last)]
    counted = _counts_since(rows, counting.row, moved.kind, since, heard) if hit else []
    return any(not line.current or any(line.overlaps(one.first, one.last) for one in counted) for line in hit)


def _counts_since(
    rows: Rows, stocktake: Row, kind: str, since: int, heard: Callable[[str], bool]
) -> list[CountedRange]:
    counts = rows.many("stock_counts", stocktake=stocktake["ref"], shelf=Shelf.UNUSED.value, kind=kind)
    late = (row for row in counts if int(row["at"] or 0) >= since and heard(str(row["ref"])))
    return [one for row in late for one in ranges_of(row)]
