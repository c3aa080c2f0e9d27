"""The province's desk in this world: who comes to it for an institution, and what their asking comes to.

They are honest and mostly right: one in twenty times it is somebody who may not.
"""

from __future__ import annotations

from collections.abc import Callable

from inspector_app.journal.projections import Row
from province.journal.rows import DjangoRows
from province.numbers.ranges import NumbersError
from simulation.institutions import head_of, keeper_of
from simulation.saying import told
from simulation.world import World

WRONG_PERSON = 0.05


def acting(world: World, organisation: int) -> int:
    """Who comes for a store, by roster number: its keeper, or once in a while the head."""
    if world.dice("wrong person").happens(WRONG_PERSON):
        return head_of(world.server.using, organisation)
    return keeper_of(world.server.using, organisation)


def heading(world: World, organisation: int) -> int:
    """Who comes to decide for an institution: its head, or once in a while the keeper."""
    if world.dice("wrong person").happens(WRONG_PERSON):
        return keeper_of(world.server.using, organisation)
    return head_of(world.server.using, organisation)


def at_desk(world: World, act: Callable[[str], object]) -> str:
    """Let somebody at the desk do something on the province's database, and say how it came out."""
    try:
        return told(world.server.work(lambda: act(world.server.using)))
    except NumbersError as refused:
        return f"refused {refused.code}"


def rows_at(world: World, table: str, **equal: str | int | None) -> list[Row]:
    """Rows of the province."""
    return DjangoRows(world.server.using).many(table, order="", **equal)
