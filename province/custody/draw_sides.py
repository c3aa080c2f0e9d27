"""The two sides of a draw: the county's keeper gives, the station's keeper takes; and for whom it may be.

A draw is decided by one person at the county and taken in by another at the station (``draw.received``). Numbers are
used at once, for a batch that passed does not wait; but nothing further is drawn while an earlier draw lies untaken.
"""

from __future__ import annotations

from inspector_app.domain.authority import Post
from inspector_app.domain.numbering import range_size
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal
from inspector_app.journal.books.draw_sides import receipt_of
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.uncut import lost_uncut
from province.custody import deciding
from province.journal.rows import DjangoRows
from province.numbers.custody import NOTICE
from province.registry.grants import grants_of, in_force


@enforces("G09", "G10")
def holder_refusals(using: str, station: int, kind: str, *, holder: int, by: int) -> list[StockRefusal]:
    """Numbers go to a filed vet of that station for that kind, or to the station; nobody draws for themself.

    Nor for a store they keep: they could not take in what they gave, and nobody else could either.
    """
    if by in ((holder,) if holder else _vets(using, station, kind)) or by in _keepers(using, station):
        return [refusal(StockCode.DRAWS_FOR_SELF, current=by)]
    if not holder or holder in _vets(using, station, kind):
        return []
    return [refusal(StockCode.HOLDER_NO_VET, current=holder, station=station, kind=kind)]


def _keepers(using: str, station: int) -> set[int]:
    """Who keeps a store of a station."""
    return {int(row["keeper"] or 0) for row in DjangoRows(using).many("stores", station=station)} - {0}


def _vets(using: str, station: int, kind: str) -> set[int]:
    """Who may issue certificates of a kind, or notices, at a station now."""
    people = {int(row["person"] or 0) for row in DjangoRows(using).many("grants")}
    return {person for person in people if _may_issue(using, person, station, kind)}


def _may_issue(using: str, person: int, station: int, kind: str) -> bool:
    now = deciding.moment(using)
    grant = in_force(grants_of(using, person), now)
    if grant is None or Post.VET not in grant.posts or not grant.valid_from <= now <= grant.valid_until:
        return False
    return grant.station in (0, station) and (kind == NOTICE or kind in grant.kinds)


def decided_draws(using: str, kind: str, station: int) -> list[tuple[Row, Row]]:
    """The draws of a station that were decided by people, each with its decision, the latest first."""
    rows = DjangoRows(using)
    drawn = rows.many("draws", order="issued_at", kind=kind, station=station)[::-1]
    pairs = ((draw, rows.one("draw_decisions", draw=draw["draw"])) for draw in drawn)
    return [(draw, decision) for draw, decision in pairs if decision is not None]


@enforces("G10")
def untaken_refusals(using: str, kind: str, station: int) -> list[StockRefusal]:
    """Earlier draws the station's keeper never took in, but for those that may be in arrears."""
    held = decided_draws(using, kind, station)[deciding.policy(using).draws_in_arrears :]
    waiting = [str(draw["draw"]) for draw, _decision in held if not is_taken(using, draw)]
    return [refusal(StockCode.DRAW_UNTAKEN, draw=waiting[-1], current=len(waiting))] if waiting else []


def is_taken(using: str, draw: Row) -> bool:
    """Whether a draw was taken in by somebody else than who decided it: one person is never both sides."""
    return receipt_of(DjangoRows(using), draw["draw"]) is not None


def unused(using: str, kind: str, station: int, holder: int) -> int:
    """Numbers of earlier decided draws that still lie unused with who draws again: they count against the cap."""
    own = [draw for draw, _decision in decided_draws(using, kind, station) if draw["holder"] in (0, holder)]
    return sum(_unused_of(using, kind, draw) for draw in own)


def _unused_of(using: str, kind: str, draw: Row) -> int:
    """What of a draw is not cut yet nor lost, and what of its blocks is free."""
    rows = DjangoRows(using)
    free = rows.tally("numbers", "block", kind=kind, state="free")
    gone = sum(range_size(one.first, one.last) for one in lost_uncut(rows, draw["draw"]))
    for block in rows.many("blocks", draw=draw["draw"]):
        gone += int(block["size"] or 0) - free.get((block["block"],), 0)
    return range_size(str(draw["first"]), str(draw["last"])) - gone
