"""Stock that ends in a store without ever reaching a vet: lost, used up or destroyed (GX-2014 Art. 17, 24, 26).

A loss protects, so one person reports it and the numbers are given to nobody from that moment; it is a case until the
organisation's head concludes it. Destroying gives up stock for good and takes four persons
(:mod:`inspector_app.domain.stock_destruction`).
"""

from __future__ import annotations

import enum

import msgspec

from inspector_app.domain.catalogue import Shape, StockKind
from inspector_app.domain.documents import Role, document
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Ranges
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


class Ending(enum.StrEnum):
    """How stock ends: ``used`` is for goods that are counted; numbered ones are used by vets alone."""

    LOST = "lost"
    USED = "used"
    DESTROYED = "destroyed"


@document("stock_ended", 1, signed_by=Role.SERVER)
class StockEnded(msgspec.Struct, frozen=True, array_like=True):
    """Stock left a store for good; ``cause`` is of the list ``loss``, "" where it was used.

    ``ask`` and ``head`` stand where it was destroyed. What was lost is a case to be concluded by ``due_on``.
    ``shipment`` names the distribution or return on whose way it went missing or was damaged: it came into no store,
    and the case is that of the organisation which counted it; "" for what lay in the store. ``ended``: numbers vets
    gave back were lost or destroyed there.
    """

    ending: str
    organisation: int
    location: int
    kind: str
    ranges: Ranges
    count: int
    how: str
    cause: str
    on: str
    due_on: str
    shipment: str
    ask: str
    ledger: str
    by: int
    head: int
    at: int
    ended: bool = False


@document("stock_loss_concluded", 1, signed_by=Role.SERVER)
class StockLossConcluded(msgspec.Struct, frozen=True, array_like=True):
    """The head concluded the case of a loss: its cause and what followed, of ``case_cause`` and ``case_conclusion``.

    ``ending`` names what was lost, or the count of a store that found a surplus.
    """

    ending: str
    cause: str
    conclusion: str
    by: int
    at: int


@enforces("G01")
def ending_refusals(kind: StockKind, how: str) -> list[StockRefusal]:
    """Each kind ends in its own way: numbers are used by vets, never by a store; nothing is just destroyed."""
    told = how in (Ending.LOST, Ending.USED)
    if told and not (how == Ending.USED and kind.shape is Shape.NUMBERED):
        return []
    return [refusal(StockCode.ENDS_OTHERWISE, kind=kind.code, current=how)]
