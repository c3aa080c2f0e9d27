"""How much a vet or a station uses, what follows for one draw (GX-2014 Art. 12) and for next year's money (Art. 14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.days import after_months
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


class Window(msgspec.Struct, frozen=True):
    """Legal days, both included."""

    first: str
    last: str


def recent_window(day: str, months: int) -> Window:
    """The last months through the day itself."""
    return Window(after_months(day, -months, days=1), day)


def coming_window(day: str, months: int) -> Window:
    """The same coming months of last year: the season that is about to begin."""
    begin = after_months(day, -12)
    return Window(begin, after_months(begin, months, days=-1))


class Use(msgspec.Struct, frozen=True):
    """Numbers used in both windows; ``is_new``: whoever draws has not worked for as long as a window is."""

    recent: int
    coming: int
    is_new: bool


def draw_cap(use: Use, quota: int) -> int:
    """The most one draw may hold: the larger of both windows; at least the quota for who has no history yet."""
    used = max(use.recent, use.coming)
    return max(used, quota) if use.is_new or not used else used


@enforces("G14")
def cap_refusals(size: int, cap: int, *, unused: int, approved: bool) -> list[StockRefusal]:
    """One draw is no more than about three months' use unless the head approves (GX-2014 Art. 12).

    What still lies ``unused`` of earlier draws counts: three draws of the cap are one of three times the cap.
    """
    if size + unused <= cap or approved:
        return []
    return [refusal(StockCode.OVER_CAP, limit=cap, current=size, unused=unused)]


class EstimateLine(msgspec.Struct, frozen=True):
    """One kind's line of the yearly estimate; money in fen."""

    kind: str
    used: int
    unit_price_fen: int
    amount_fen: int


@enforces("G16")
def cost_estimate(kinds: Iterable[StockKind], used: Mapping[str, int]) -> list[EstimateLine]:
    """Next year's cost (工本费预算) by kind: what was used in a year at the unit price of the catalogue (Art. 14)."""
    return [
        EstimateLine(kind.code, used[kind.code], kind.unit_price_fen, used[kind.code] * kind.unit_price_fen)
        for kind in kinds
        if used.get(kind.code)
    ]
