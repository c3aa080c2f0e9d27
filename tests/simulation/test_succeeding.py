"""In worlds where disks are copied and put back, new laptops go on for frozen ones, and their papers are known."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from inspector_app.errors import StationError
from inspector_app.journal.entries.successions import DeviceSucceeded, PaperRegularised
from simulation import kinds, scenario, succeeding
from simulation.laptop import Laptop
from simulation.rest import come_to_rest
from simulation.workshop import catch_up
from simulation.world import World

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def forked(world: World) -> tuple[World, Laptop]:
    """A copied laptop of which both copies issued; the copy has just been told."""
    laptop = next(one for one in world.laptops if one.name == "L5")
    twin = world.twin_of(laptop)
    world.evidence.copied(laptop.device.id)
    for one in (laptop, twin):
        one.open(31)
        for _ in range(12):
            if scenario.issue(world, one).startswith("done"):
                break
        world.sync(one)
    assert twin.device.frozen
    return world, twin


def replace(world: World) -> None:
    with patch.object(succeeding, "REPLACED", 1.0):
        succeeding.replace_frozen(world)


def test_a_new_laptop_goes_on_and_both_kinds_of_fact_are_made(forked: tuple[World, Laptop]) -> None:
    world, twin = forked
    replace(world)
    assert twin.lost
    assert world.trace.counts["succeed: done"] == 1
    come_to_rest(world)
    assert {DeviceSucceeded.KIND, PaperRegularised.KIND} <= kinds.made(world)


def test_a_laptop_that_may_issue_is_not_replaced(world: World) -> None:
    catch_up(world.laptops[0], world.server)
    replace(world)
    assert not [one for one in world.laptops if one.name.endswith(succeeding.SUCCESSOR)]


def test_broken_off_it_is_taken_up_by_the_same_new_laptop(forked: tuple[World, Laptop]) -> None:
    world, twin = forked
    with patch.object(succeeding, "succeed", side_effect=StationError("network.timeout")):
        world.calm = False  # a line may fail
        replace(world)
        world.calm = True
    assert not twin.lost
    names = [one.name for one in world.laptops]
    replace(world)
    assert [one.name for one in world.laptops] == names
    assert twin.lost
