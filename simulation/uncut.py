"""Numbers that are lost before a block was cut over them: the station names their draw (record 0076)."""

from __future__ import annotations

from inspector_app.journal.projections.uncut import uncut_spans
from inspector_app.services import losses
from simulation.laptop import Laptop
from simulation.saying import NOTHING, told
from simulation.world import World


def lose(world: World, laptop: Laptop) -> str:
    """Up to three numbers next to be cut, or a few above them, are gone; a sister may have a block over them by now."""
    device, dice = laptop.device, world.dice("uncut")
    stretches = [
        (str(draw["kind"]), *stretch)
        for draw in device.rows.many("draws", station=device.sheet.station)
        for stretch in uncut_spans(device.rows, draw)
    ]
    if not stretches:
        return NOTHING
    kind, low, high = dice.among(stretches)
    first = min(int(low) + dice.among((0, 0, 4)), int(high))
    last = min(first + dice.between(0, 2), int(high))
    typed = f"{str(first).zfill(len(low))}-{str(last).zfill(len(low))}"
    return f"{kind} {typed} {told(losses.report_loss(device, kind, typed, cause='stolen'))}"
