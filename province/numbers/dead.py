"""Numbers that ended before any block was cut over them: lost after they were drawn, or lost or destroyed in a store.

They stand in the void list (作废清单) of the trust file like those of a block, so that a paper that bears one is
recognised wherever it turns up (GX-2014 Art. 26).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Lot, left_of
from inspector_app.domain.stock_endings import Ending
from inspector_app.domain.trust import Standing
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.journal.projections.uncut import lost_uncut
from province.custody.receiving import ISSUED_KINDS
from province.journal.read_once import ReadOnceRows
from province.journal.rows import DjangoRows
from province.numbers.drawing_again import left_standing
from province.numbers.models import CutBlock

_STANDING = {Ending.LOST.value: Standing.LOST, Ending.DESTROYED.value: Standing.WITHDRAWN}


class DeadNumbers(msgspec.Struct, frozen=True):
    """Numbers of one kind in no block, digits inclusive, and since which minute (UTC epoch) they are dead."""

    kind: str
    first: str
    last: str
    standing: Standing
    since_minute: int


@enforces("G46")
def dead_numbers(using: str, *, kind: str = "", digits: str = "") -> list[DeadNumbers]:
    """All of them, apart from each other and from every block; only those of a number if one is named."""
    # However many were lost, each table is asked once; draws and blocks only where anything was.
    rows = ReadOnceRows(using, "losses", "draws", "blocks", "stock_endings")
    found: list[DeadNumbers] = []
    cut: dict[str, list[tuple[str, str]]] = {}
    for one in sorted(_told(rows), key=lambda one: (one.since_minute, one.kind, one.first)):
        if one.kind in ({kind} if kind else set(ISSUED_KINDS)) and (not digits or _holds(one, digits)):
            if one.kind not in cut:
                cut[one.kind] = _cut(using, one.kind)
            found += _apart(cut[one.kind], one, found)
    return found


def _told(rows: DjangoRows) -> Iterator[DeadNumbers]:
    for name in {row["draw"] for row in rows.many("losses") if row["draw"]}:
        kind = str((rows.one("draws", draw=name) or {}).get("kind") or "")
        for lost in lost_uncut(rows, name):
            yield DeadNumbers(kind, lost.first, lost.last, Standing.LOST, lost.at // MS_PER_MINUTE)
    for row in rows.many("stock_endings"):
        for first, last in ranges_of(str(row["ranges"])):
            since = int(row["at"] or 0) // MS_PER_MINUTE
            yield DeadNumbers(str(row["kind"]), first, last, _STANDING.get(str(row["how"]), Standing.WITHDRAWN), since)


def _holds(one: DeadNumbers, digits: str) -> bool:
    return len(one.first) == len(digits) and one.first <= digits <= one.last


def _cut(using: str, kind: str) -> list[tuple[str, str]]:
    """Every stretch of a kind of which a block tells."""
    blocks = CutBlock.objects.using(using).filter(kind=kind)
    return [ends for spans in left_standing(using, blocks).values() for ends in spans]


def _apart(cut: list[tuple[str, str]], one: DeadNumbers, before: list[DeadNumbers]) -> Iterator[DeadNumbers]:
    """What no block holds, as after a restore one might, and nothing said earlier: the first word on a number stays."""
    told = [(known.first, known.last) for known in before if known.kind == one.kind]
    for lot in left_of([Lot("", one.first, one.last, 0)], [*cut, *told]):
        yield msgspec.structs.replace(one, first=lot.first, last=lot.last)
