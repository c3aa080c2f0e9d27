"""Who names the keeper of a store, and what a new keeper takes over (GX-2014 Art. 5).

A store's first keeper is named with the organisation; from then on the organisation's head alone changes the keeper,
who is never the head, and what lies there is counted when it passes from hand to hand.
"""

from __future__ import annotations

from collections.abc import Mapping

from inspector_app.domain.organisations import LocationSheet, OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal
from province import reference
from province.custody.stores import lots
from province.journal.rows import DjangoRows


@enforces("G02")
def naming_refusals(
    organisation: OrganisationSheet, held: LocationSheet | None, *, keeper: int, by: int
) -> list[StockRefusal]:
    """The head names the keeper, another person; the first one may be named by who registered the organisation."""
    found = []
    if by != organisation.head and (held is not None or by != organisation.by):
        found.append(refusal(StockCode.NOT_THE_HEAD, limit=organisation.head or "", current=by))
    if keeper == organisation.head:
        found.append(refusal(StockCode.KEEPER_IS_HEAD, current=keeper))
    return found


@enforces("G02")
def heading_refusals(using: str, organisation: int, head: int) -> list[StockRefusal]:
    """Nobody becomes head of an organisation of which they keep a store."""
    kept = DjangoRows(using).many("stock_locations", organisation=organisation, keeper=head) if head else []
    return [refusal(StockCode.KEEPER_IS_HEAD, current=head)] if kept else []


@enforces("G02")
def count_refusals(
    using: str, held: LocationSheet | None, keeper: int, counted: Mapping[str, int]
) -> list[StockRefusal]:
    """What changes hands is counted, kind by kind, and is what the book says; a difference is cleared up before."""
    if held is None or held.keeper == keeper:
        return []
    book = in_store(using, held.organisation, held.location)
    kinds = sorted({*book, *counted})
    return [
        refusal(StockCode.HAND_OVER_DIFFERS, kind=kind, limit=book.get(kind, 0), current=counted.get(kind, 0))
        for kind in kinds
        if book.get(kind, 0) != counted.get(kind, 0)
    ]


def in_store(using: str, organisation: int, location: int) -> dict[str, int]:
    """How many of each kind the book says lie in a store; kinds of which nothing lies there are left out."""
    kinds = dict.fromkeys(row.code for row in reference.catalogue().records("stock_kind"))
    held = {kind: sum(lot.count for lot in lots(using, organisation, kind, location=location)) for kind in kinds}
    return {kind: count for kind, count in held.items() if count}
