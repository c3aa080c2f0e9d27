"""What watches the life cycles and equations does see a life that goes back, a row that vanishes, a book that fails."""

from __future__ import annotations

import pytest

from inspector_app.domain.custody import SheetState
from simulation.laptop import Laptop
from simulation.scenario import answer, issue, submit
from simulation.server import VET
from simulation.violations import Violation
from simulation.world import World
from tests.simulation.lives import SHEETS, Lives, reachable


def forge(laptop: Laptop, sql: str) -> None:
    """Change rows behind the product's back."""
    with laptop.device.store.database.transaction():
        laptop.device.store.database.execute(sql)


@pytest.fixture
def laptop(world: World) -> Laptop:
    """A laptop with an issued certificate on its way to paper."""
    made = world.laptops[0]
    made.open(VET)
    assert issue(world, made).startswith("done")
    assert "done" in submit(world, made)
    return made


def test_honest_work_passes(laptop: Laptop) -> None:
    lives = Lives("L1")
    lives.look(laptop.device.rows)
    lives.look(laptop.device.rows)


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("life", "UPDATE p_numbers SET state = 'free' WHERE state = 'used'"),
        ("life", "DELETE FROM p_numbers WHERE state = 'used'"),
        ("first equation", "UPDATE p_blocks SET size = size + 1"),
        ("second equation", "UPDATE p_sheet_moves SET flow = 'out'"),
        ("second equation", "UPDATE p_sheets SET state = 'handed_over'"),
    ],
)
def test_what_is_forged_is_seen(world: World, laptop: Laptop, name: str, sql: str) -> None:
    answered(world, laptop)
    lives = Lives("L1")
    lives.look(laptop.device.rows)
    forge(laptop, sql)
    with pytest.raises(Violation) as found:
        lives.look(laptop.device.rows)
    assert found.value.invariant == name


def answered(world: World, laptop: Laptop) -> None:
    """The open print is answered, so that there are sheets."""
    answer(world, laptop)
    assert laptop.device.rows.many("sheets")


@pytest.mark.parametrize(
    ("before", "after", "leads"),
    [
        (SheetState.PRINTED, SheetState.COLLECTED, True),
        (SheetState.HANDED_OVER, SheetState.DESTROYED, True),
        (SheetState.DESTROYED, SheetState.KEPT, False),
        (SheetState.RETURNED, SheetState.FOUND, False),
        (SheetState.COLLECTED, SheetState.PRINTED, False),
    ],
)
def test_a_life_leads_on_and_not_back(before: SheetState, after: SheetState, leads: bool) -> None:
    assert reachable(SHEETS, before, after) is leads
