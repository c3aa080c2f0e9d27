"""Days of supply (还能用几天): how long the free numbers last, and which of three things brings more.

To whoever runs short, "sync" helps only while a draw has numbers that were not cut yet; when the draw is used up, the
keeper must draw; and a block may end with its year though numbers are left in it. Each has a message of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from math import isqrt

import msgspec

WINDOW_DAYS = 28
FORTNIGHT = 14
ENDS_WITHIN_DAYS = 14


class SupplyCode(enum.StrEnum):
    """What brings numbers."""

    BY_SYNC = "supply_by_sync"
    BY_KEEPER = "supply_by_keeper"
    BLOCK_ENDS = "supply_block_ends"
    OVER_CAP = "supply_over_cap"


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """One kind's numbers: ``used_daily`` per day of the last weeks, oldest first; ``room`` was drawn and not cut yet.

    ``block`` is the usual size of a block; ``ends_in_days`` when one with free numbers in it ends, None for never.
    """

    kind: str
    free: int
    used_daily: Sequence[int]
    room: int
    block: int
    ends_in_days: int | None = None


class Forecast(msgspec.Struct, frozen=True):
    """How long it lasts: ``days_left`` is None where nothing is used; without ``codes`` all is well."""

    kind: str
    free: int
    days_left: int | None
    warn_below: int
    codes: tuple[SupplyCode, ...]
    ends_in_days: int | None = None


def forecast(supply: Supply) -> Forecast:
    """Whether numbers run short, by days and not only by count."""
    below = warn_below(supply.used_daily, supply.block)
    codes = []
    if supply.free < below:
        codes.append(SupplyCode.BY_SYNC if supply.room else SupplyCode.BY_KEEPER)
    if supply.free and supply.ends_in_days is not None and supply.ends_in_days <= ENDS_WITHIN_DAYS:
        codes.append(SupplyCode.BLOCK_ENDS)
    used, days = sum(supply.used_daily), len(supply.used_daily)
    left = supply.free * days // used if used else None
    return Forecast(supply.kind, supply.free, left, below, tuple(codes), supply.ends_in_days)


def warn_below(used_daily: Sequence[int], block: int) -> int:
    """Half a block, or a fortnight's mean use and three times the deviation of a fortnight, whichever is more."""
    days = len(used_daily)
    if not days:
        return block // 2
    used = sum(used_daily)
    # days² × variance of one day, kept whole: 14 days vary √14 times as much as one.
    spread = days * sum(one * one for one in used_daily) - used * used
    deviation = isqrt(FORTNIGHT * spread) // days
    return max(block // 2, FORTNIGHT * used // days + 3 * deviation)
