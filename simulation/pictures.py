"""Photographs that come later: what a reason excused when it was recorded is shown after all."""

from __future__ import annotations

from inspector_app.services import photographs
from inspector_app.services.device import Device
from simulation.laptop import Laptop
from simulation.photographs import taken
from simulation.saying import NOTHING, told
from simulation.world import World


def add(world: World, laptop: Laptop) -> str:
    """Somebody has a camera again."""
    acts = _unpictured(laptop.device)
    if not acts:
        return NOTHING
    about = world.dice("pictures").among(acts)
    return told(photographs.add_photographs(laptop.device, about, [taken(world, laptop.device)]))


def _unpictured(device: Device) -> list[str]:
    """Looks at the store and voids that a reason excused."""
    told_of = [str(row["ref"]) for row in device.rows.many("store_checks")]
    told_of += [str(row["void_ref"]) for row in device.rows.many("certificates") if row["void_ref"]]
    return [ref for ref in told_of if photographs.is_excused(device, ref)]
