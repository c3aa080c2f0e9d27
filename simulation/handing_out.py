"""The county hands a box out again by its printed numbers, before its block was closed and the sheets counted in."""

from __future__ import annotations

from inspector_app.domain.numbering import NumberState
from province.numbers import custody
from province.numbers.ranges import NumbersError
from province.registry.models import Station
from simulation import blanks
from simulation.desk import rows_at
from simulation.laptop import Laptop
from simulation.world import World

KINDS = ("A", "B")
MOST = 3


def hand_out_again(world: World, laptop: Laptop) -> None:
    """Somebody believes that a vet gave the rest of a block back; the province's own books say otherwise."""
    dice = world.dice("handed_out_again")
    if not world.decrees % 2:
        world.note("province", f"decrees {blanks.decree(world, laptop)}")
    blocks = [row for row in rows_at(world, "blocks") if row["kind"] in KINDS and _is_open(world, str(row["block"]))]
    if not blocks:
        return
    row, station = dice.among(blocks), dice.among(_stations(world))
    first, kind = str(row["first"]), str(row["kind"])
    last = min(str(row["last"]), str(int(first) + MOST - 1).zfill(len(first)))
    using = world.server.using
    try:
        world.server.work(lambda: custody.draw(using, kind, first, last, station=station, emergency=True))
    except NumbersError as error:
        world.note("province", f"hands {kind} {first} out again: refused {error.code}")
    else:
        world.note("province", f"HANDS {kind} {first}-{last} OUT AGAIN")


def _stations(world: World) -> list[int]:
    return list(Station.objects.using(world.server.using).order_by("number").values_list("number", flat=True))


def _is_open(world: World, block: str) -> bool:
    numbers = rows_at(world, "numbers", block=block)
    return any(row["state"] in (NumberState.FREE, NumberState.USED) for row in numbers[:MOST])
