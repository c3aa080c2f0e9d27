"""The life of a world: steps of work among mishaps, then rest, in which everything must come right by itself."""

from __future__ import annotations

from simulation import mishaps, releasing, rest, steps
from simulation.world import World

MOST_MINUTES = 15
DOCTOR_EVERY = 75


def live(world: World) -> None:
    """Run a world to its end. Raises Violation at the first thing that must not be."""
    releasing.put_key_away(world)
    while world.acts < world.profile.acts or len(world.trace.lines) < world.profile.steps:
        world.acts += 1
        world.time.forward(world.dice("time").between(1, MOST_MINUTES))
        mishaps.befall(world)
        laptop = steps.busiest(world)
        steps.work(world, laptop)
        world.checks.laptop(laptop)
        world.checks.province()
        world.checks.paper()
        world.note_papers()
        if world.doing in steps.AT_DESK:
            world.checks.stores()
        if world.acts % DOCTOR_EVERY == 0:
            world.checks.doctor(laptop)
    mishaps.tidy(world)
    releasing.publish(world, world.at_work()[0])
    rest.come_to_rest(world)
