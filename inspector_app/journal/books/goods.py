"""What lies in an organisation's stores besides its numbers: marks, licences and forms, and its seals (GX-2014 Art. 3).

Every kind is booked on its own, from the documents of the institutions: a distribution counted in, what was used up,
lost, destroyed or given back, each count; of a seal who holds it from when until when.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import span
from inspector_app.journal.projections import Row, Rows
from inspector_app.journal.projections.stock_endings import OPEN

SEAL = "seal"
DRAWN = frozenset({"A", "B", "N"})
"""Kinds whose numbers a station draws; they have books of their own."""


class GoodsMove(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a kind: what happened on which day (``at`` UTC ms), by whom, by which document.

    ``what`` is ``received``, ``counted``, what ended it (``used``, ``lost``, ``destroyed``, ``returned``), or of a seal
    ``registered``, ``passed_on``, ``seal_ended``; ``named`` are its numbers, the seal, or a surplus (``+3``).
    """

    kind: str
    day: str
    at: int
    what: str
    named: str
    came_in: int
    went_out: int
    by: int
    record: str


@enforces("G01")
def read_goods(rows: Rows, organisation: int) -> list[GoodsMove]:
    """Every move of every kind but the drawn ones, in the order of the ledger."""
    moved = [_moved(rows, row) for row in _stock_moves(rows, organisation)]
    counted = [_counted(row) for row in rows.many("store_counts", organisation=organisation) if _is_goods(row)]
    every = [*moved, *counted, *_sealed(rows, organisation)]
    return sorted(every, key=lambda one: (one.day, one.at, one.went_out > 0, one.record, one.named))


def has_surplus(rows: Rows, organisation: int) -> bool:
    """Whether a count found more than the ledger says, and nobody has concluded its case."""
    counts = rows.many("store_counts", organisation=organisation, state=OPEN)
    return any(_is_goods(row) and row["surplus_count"] for row in counts)


def _stock_moves(rows: Rows, organisation: int) -> Iterator[Row]:
    yield from (row for row in rows.many("stock_moves", organisation=organisation) if _is_goods(row))


def _is_goods(row: Row) -> bool:
    return row["kind"] not in DRAWN


def _moved(rows: Rows, row: Row) -> GoodsMove:
    record, count = str(row["record"]), int(row["count"] or 0)
    first, last = str(row["first"]), str(row["last"])
    named = first if first == last else span(first, last)
    if row["flow"] == "in":
        return _line(row, record, "received", named=named, came_in=count)
    return _line(row, record, _end_of(rows, record), named=named, went_out=count)


def _end_of(rows: Rows, record: str) -> str:
    ending = rows.one("stock_endings", ending=record)
    return str(ending["how"]) if ending is not None else "returned"


def _counted(row: Row) -> GoodsMove:
    surplus = int(row["surplus_count"] or 0)
    return _line(row, str(row["count"]), "counted", named=f"+{surplus}" if surplus else "")


def _line(row: Row, record: str, what: str, *, named: str = "", came_in: int = 0, went_out: int = 0) -> GoodsMove:
    return GoodsMove(
        kind=str(row["kind"]),
        day=str(row["day"]),
        at=int(row["at"] or 0),
        what=what,
        named=named,
        came_in=came_in,
        went_out=went_out,
        by=int(row["by"] or 0),
        record=record,
    )


def _sealed(rows: Rows, organisation: int) -> Iterator[GoodsMove]:
    """Each sheet of each seal: it came, it was passed on, and from its last day on it is no more."""
    sheets: dict[str, list[Row]] = {}
    for row in rows.many("seals", organisation=organisation):
        sheets.setdefault(str(row["seal"]), []).append(row)
    for held in sheets.values():
        yield _seal_line(held[0], "registered", str(held[0]["since"]), came_in=1)
        yield from (_seal_line(row, "passed_on", legal_date(int(row["at"] or 0))) for row in _passed_on(held))
        if held[-1]["until"]:
            yield _seal_line(held[-1], "seal_ended", str(held[-1]["until"]), went_out=1)


def _passed_on(held: list[Row]) -> Iterator[Row]:
    """The sheets that name another holder than the one before."""
    yield from (after for before, after in pairwise(held) if before["holder"] != after["holder"])


def _seal_line(row: Row, what: str, day: str, *, came_in: int = 0, went_out: int = 0) -> GoodsMove:
    seal, holder = str(row["seal"]), int(row["holder"] or 0)
    said = {"kind": SEAL, "day": day, "at": row["at"], "by": holder or row["by"]}
    return _line(said, f"{seal} · {row['ordinal']}", what, named=seal, came_in=came_in, went_out=went_out)
