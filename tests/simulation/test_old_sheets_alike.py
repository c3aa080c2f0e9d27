"""What is still to be settled of earlier draws (缴旧领新): every laptop and the province say the same figures."""

from __future__ import annotations

from collections import Counter

import pytest

from inspector_app.config import read_resource
from inspector_app.services.ledgers import KINDS
from inspector_app.services.old_sheets import outstanding
from province.custody.drawing import outstanding_stubs
from province.numbers.custody import unsettled_sheets
from province.registry import publishing
from simulation.agreement import Agreement
from simulation.faults import PROFILES
from simulation.laptop import Laptop
from simulation.life import live
from simulation.violations import Violation
from simulation.workshop import Workshop
from simulation.world import World

pytestmark = pytest.mark.timeout(600)
Figures = dict[tuple[str, str], tuple[int, int]]


def at_station(laptop: Laptop) -> Figures:
    """Stubs and sheets by kind and draw, as the laptop says."""
    return {(kind, one.draw): (one.stubs, one.sheets) for kind in KINDS for one in outstanding(laptop.device, kind)}


def at_province(world: World, station: int) -> Figures:
    """The same as the province says."""
    found: Figures = {}
    for kind in KINDS:
        stubs = Counter(draw for draw, _row in outstanding_stubs(world.server.using, kind, station))
        sheets = Counter(draw for draw, _row in unsettled_sheets(world.server.using, kind, station))
        found |= {(kind, draw): (stubs[draw], sheets[draw]) for draw in {*stubs, *sheets}}
    return found


def without_arrears() -> str:
    """The shipped policy, by which no draw may be in arrears."""
    head, name, rest = read_resource("catalogue/policy.toml").decode().partition('name = "draws_in_arrears"\nvalue = 1')
    assert name
    return f'{head}name = "draws_in_arrears"\nvalue = 0{rest}'


def test_laptops_and_province_say_the_same_figures(shop: Workshop) -> None:
    with World(shop, 4, PROFILES["calm"]) as world:
        publishing.publish_policy(world.server.using, "world-2", without_arrears())
        live(world)
        said = [(at_station(one), at_province(world, one.device.sheet.station)) for one in world.at_work()]
        assert all(ours == theirs for ours, theirs in said)
        assert any(sheets for ours, _theirs in said for _stubs, sheets in ours.values())


def test_a_lost_sheet_one_side_does_not_count_is_a_finding(shop: Workshop) -> None:
    with World(shop, 5, PROFILES["calm"]) as world:
        live(world)
        held = ((one, row) for one in world.at_work() for row in one.device.store.rows.many("sheets"))
        laptop, sheet = next((one, row) for one, row in held if row["state"] in ("kept", "handed_over"))
        rows = laptop.device.store.rows
        key = {name: sheet[name] for name in ("number", "print", "sheet")}
        rows.update("sheets", key, {"state": "lost"})
        with pytest.raises(Violation, match="differ in old sheets"):
            Agreement(world)._old_sheets(laptop)
