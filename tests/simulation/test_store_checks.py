"""What watches the institutions' stores sees a ledger that does not add up and a number that is in two places."""

from __future__ import annotations

import pytest
from django.db import connections

from province.custody.stores import lots
from simulation import scenario, store_destruction, storing, supplying
from simulation.desk import rows_at
from simulation.institutions import CITY, COUNTY, PROVINCE, STOCKED, keeper_of
from simulation.saying import NOTHING
from simulation.steps import Step
from simulation.store_checks import joined, stores_hold
from simulation.violations import Violation
from simulation.world import World
from tests.simulation.test_custody_machine import MOST_TRIES

MANY = 20
"""So often steps are taken one after the other until chance has made of them what is looked for."""


def forge(world: World, sql: str) -> None:
    """Change rows of the province behind its back."""
    with connections[world.server.using].cursor() as cursor:
        cursor.execute(sql)


def until_done(world: World, act: Step) -> None:
    """A step, until it comes out."""
    assert any(act(world, world.laptops[0]).endswith("done") for _ in range(10 * MOST_TRIES))


def test_a_world_begins_with_the_chain_stocked_and_every_store_in_order(world: World) -> None:
    using = world.server.using
    stores_hold(using)
    assert sum(lot.count for lot in lots(using, COUNTY, "B")) == STOCKED
    assert not lots(using, PROVINCE, "B")
    assert keeper_of(using, CITY) == 62


def test_what_is_on_its_way_lies_in_no_store_and_is_not_gone(world: World) -> None:
    until_done(world, supplying.deliver)
    until_done(world, supplying.distribute)
    assert rows_at(world, "distributions", received_on=None)
    stores_hold(world.server.using)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reg_stock_moves SET count = count + 1 WHERE flow = 'out'",
        "UPDATE reg_stock_moves SET count = count - 1 WHERE flow = 'in'",
        "UPDATE reg_stock_moves SET first = last WHERE flow = 'in' AND kind = 'B' AND organisation = 100",
        "DELETE FROM reg_stock_moves WHERE flow = 'in' AND organisation = 10",
    ],
)
def test_a_ledger_that_does_not_add_up_is_a_finding(world: World, sql: str) -> None:
    forge(world, sql)
    with pytest.raises(Violation, match="stock: "):
        stores_hold(world.server.using)


@pytest.mark.parametrize("kind", ["B", "mark"])
def test_goods_received_that_nobody_sent_are_a_finding(world: World, kind: str) -> None:
    """Both ledgers add up each on its own; only where every number is shows it."""
    forge(
        world,
        "UPDATE reg_stock_moves SET count = count + 1, last = CASE last WHEN '' THEN '' ELSE last + 1 END "
        f"WHERE flow = 'in' AND kind = '{kind}' AND organisation = 100",
    )
    with pytest.raises(Violation, match="accounted for"):
        stores_hold(world.server.using)
    stores_hold(world.server.using, restored=True)


def test_two_ranges_that_share_a_number_are_a_finding() -> None:
    assert joined("B", [("0003", "0004"), ("0001", "0002"), ("0009", "0009")]) == [("0001", "0004"), ("0009", "0009")]
    with pytest.raises(Violation, match="share a number"):
        joined("B", [("0001", "0004"), ("0004", "0005")])


def test_nothing_is_answered_where_nothing_was_asked(world: World) -> None:
    for act in (supplying.answer_approval, supplying.answer_draw, supplying.settle, supplying.count_shipment):
        assert act(world, world.laptops[0]) == NOTHING


def test_what_vets_gave_back_is_destroyed_and_was_drawn_all_the_same(world: World) -> None:
    """It came from a draw that is told already; only what was never drawn ends as stock."""
    for laptop in 3 * world.laptops:
        scenario.give_back(world, laptop)
        scenario.sync(world, laptop)
    steps = (store_destruction.ask, store_destruction.review, store_destruction.approve, store_destruction.destroy)
    for act in MANY * (storing.give_back, storing.count_return) + MANY * steps:
        act(world, world.laptops[0])
    assert rows_at(world, "stock_endings", how="destroyed", ended=1)
    stores_hold(world.server.using)
