"""Numbers of a draw that no block holds yet: which of them may still be cut, and which were reported lost.

The losses that name a draw are held against its blocks whenever this is asked, so it makes no difference which of the
two was heard first.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Lot, left_of
from inspector_app.journal.projections.rows import Row, Rows, Value


class LostUncut(msgspec.Struct, frozen=True):
    """Lost numbers of a draw in no block, digits inclusive: by which report (its entry), when told (UTC ms), why."""

    first: str
    last: str
    ref: str
    at: int
    cause: str

    def meets(self, first: str, last: str) -> bool:
        """Whether a range has a number in common with these."""
        return len(first) == len(self.first) and first <= self.last and self.first <= last


def uncut_spans(rows: Rows, draw: Row) -> list[tuple[str, str]]:
    """What of a draw is in no block known here, lowest first; lost or not."""
    whole = Lot("", str(draw["first"]), str(draw["last"]), 0)
    return _ends(left_of([whole], _ranges(rows.many("blocks", draw=draw["draw"]))))


@enforces("G45", "G47")
def living_spans(rows: Rows, draw: Row) -> list[tuple[str, str]]:
    """What of it may still be cut: nobody is given what was reported lost (GX-2014 Art. 26)."""
    uncut = [Lot("", *ends, 0) for ends in uncut_spans(rows, draw)]
    return _ends(left_of(uncut, _ranges(rows.many("losses", draw=draw["draw"]))))


def lost_uncut(rows: Rows, name: Value) -> list[LostUncut]:
    """The lost numbers of a draw that are in no block, lowest first, each by the report that told of it first."""
    draw = rows.one("draws", draw=name) if name else None
    left = [Lot("", *ends, 0) for ends in uncut_spans(rows, draw)] if draw is not None else []
    found = []
    for loss in sorted(rows.many("losses", draw=name) if left else [], key=_told):
        first, last = str(loss["first"]), str(loss["last"])
        for lot in left:
            if lot.touches(first, last):
                at, cause = int(loss["at"] or 0), str(loss["cause"])
                found.append(LostUncut(max(lot.first, first), min(lot.last, last), str(loss["ref"]), at, cause))
        left = left_of(left, [(first, last)])
    return sorted(found, key=lambda one: one.first)


def _told(loss: Row) -> tuple[int, str]:
    return int(loss["at"] or 0), str(loss["ref"])


def _ranges(rows: list[Row]) -> list[tuple[str, str]]:
    return [(str(row["first"]), str(row["last"])) for row in rows]


def _ends(lots: list[Lot]) -> list[tuple[str, str]]:
    return [(lot.first, lot.last) for lot in lots]
