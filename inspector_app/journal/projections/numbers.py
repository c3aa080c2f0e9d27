"""A number in the rows: one row for each block it was ever in.

On plain paper that is one row. A number whose pre-numbered sheet was given back, counted in and drawn again has a row
for each block: in the earlier one it stays ``returned``, in the later one it begins anew. Whoever speaks of a number
names its block, or means the row of the latest.
"""

from __future__ import annotations

from inspector_app.domain.numbering import Number
from inspector_app.domain.stock import Lot, left_of
from inspector_app.journal.projections.rows import Row, Rows, Value


def row_in_block(rows: Rows, number: Number, block: Value) -> Row | None:
    """A number as it stands in a block; None when it was never in it, as far as is known here."""
    return rows.one("numbers", number=str(number), block=block)


def latest_row(rows: Rows, number: str) -> Row | None:
    """A number (``B 9900000003``) as it stands in the latest block it was cut into; None when it is in none."""
    found = rows.many("numbers", number=number)
    return max(found, key=lambda row: _cut_at(rows, row), default=None) if len(found) > 1 else next(iter(found), None)


def _cut_at(rows: Rows, number: Row) -> tuple[int, str]:
    block = rows.one("blocks", block=number["block"]) or {}
    return int(block.get("issued_at") or 0), str(number["block"])


def end_number(rows: Rows, number: Row, state: str, ref: Value) -> None:
    """What became of a number in its block, by which entry."""
    key: Row = {"number": number["number"], "block": number["block"]}
    rows.update("numbers", key, {"state": state, "ended_by": ref})


def standing_spans(rows: Rows, block: Row) -> list[tuple[str, str]]:
    """What of a block no later draw covers again, as far as is known here; first and last digits, lowest first."""
    own = rows.one("draws", draw=block["draw"]) or {}
    turn = int(own.get("turn") or 1)
    later = [row for row in rows.many("draws", kind=block["kind"]) if int(row["turn"] or 1) > turn]
    whole = Lot("", str(block["first"]), str(block["last"]), 0)
    return [(lot.first, lot.last) for lot in left_of([whole], [(str(row["first"]), str(row["last"])) for row in later])]
