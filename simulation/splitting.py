"""Fail-over: a copy of the province answers beside it for a while, one of them takes over, and one goes.

What was told to the server that goes, the devices have to say again to the one that stays.
"""

from __future__ import annotations

from province import granting
from simulation.laptop import Laptop
from simulation.world import World

TAKES_OVER = 0.5
"""How often the copy takes over, rather than the first server staying and the copy going."""


def split(world: World, _laptop: Laptop) -> None:
    """The next stage: a second server answers; it takes over; one of the two goes."""
    if world.other is None:
        place = world.folder / f"second{world.restores}.sqlite3"
        world.server.copy_to(place)
        world.attach_second(place)
        world.note("province", "SPLIT: a copy answers too")
    elif not granting.is_holder(world.other.using) and _is_younger(world):
        _take_over(world)
    else:
        end_split(world)


def _is_younger(world: World) -> bool:
    """Whether the second server is the copy, and chance lets it take over."""
    return not world.other_is_first and world.dice("split").happens(TAKES_OVER)


def _take_over(world: World) -> None:
    assert world.other is not None
    second, first = world.other, world.server
    using = second.using
    generation, epoch = second.work(lambda: granting.take_over(using))
    world.server, world.other, world.other_is_first = second, first, True
    # From here on it is as after a restore to the moment of the copy.
    world.restores += 1
    world.backups.clear()
    world.evidence.province_restored()
    world.checks.forget_province()
    world.note("province", f"TAKEN OVER by generation {generation}, epoch {epoch}")


def end_split(world: World) -> None:
    """The server that only recorded goes, and with it what only it had heard."""
    if world.other is None:
        return
    world.other = None
    if not world.other_is_first:
        # Nobody knows what the copy promised; so the one that stays begins a new epoch, and everybody tells it again.
        world.restores += 1
        world.note("province", f"the copy is gone, epoch {world.server.work(world.server.declare_epoch)}")
    world.other_is_first = False
