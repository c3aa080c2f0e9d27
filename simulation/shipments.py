"""What is counted of stock that arrives in this world: mostly everything, now and then less than was sent."""

from __future__ import annotations

from inspector_app.domain.stock_receipts import Counted
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from province.custody.arrivals import WHOLE
from simulation.world import World

LACKING = 0.16


def as_counted(world: World, row: Row) -> Counted:
    """What a keeper finds of a distribution or return (its row): the last number or piece may be missing."""
    dice = world.dice("shipments")
    if not dice.happens(LACKING):
        return WHOLE
    cause, count = dice.among(("lost", "damaged")), int(row["count"] or 0)
    ranges = ranges_of(str(row["ranges"]))
    if not ranges:
        return Counted(count=count - 1, cause=cause)
    there = ranges_but_last(ranges)
    return Counted(typed=there, cause=cause) if there else Counted(count=0, cause=cause)


def ranges_but_last(ranges: tuple[tuple[str, str], ...]) -> str:
    """Ranges as a keeper types them who misses the very last number; "" where there was only that one."""
    *others, (first, last) = ranges
    left = str(int(last) - 1).zfill(len(last))
    kept = [*others, (first, left)] if first <= left else others
    return "，".join(f"{low}-{high}" for low, high in kept)
