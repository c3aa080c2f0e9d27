"""The trust file in this world: mostly made once in a while with the authority key out of the safe, as in an office.

One province in four holds its authority key at hand and renews the file at every contact that changed something.
"""

from __future__ import annotations

import msgspec

from province import provinces
from province.registry import trust
from simulation.laptop import Laptop
from simulation.world import World

AT_HAND = 4


def put_key_away(world: World) -> None:
    """Decide for this world where the authority key lies."""
    using = world.server.using
    at_hand = world.seed % AT_HAND == 0
    provinces.register(msgspec.structs.replace(provinces.of(using), publishes=at_hand))


def publish(world: World, _laptop: Laptop) -> str:
    """The key is taken out of the safe and the trust file renewed."""
    using = world.server.using
    world.server.work(lambda: trust.publish(using))
    return "done"
