"""What station and province are held against each other in: every table that is not a place's own, a new one too."""

from __future__ import annotations

from contextlib import suppress

import pytest

from inspector_app.journal.projections import TABLES, Row
from simulation.agreement import APART, CONTESTED, SHARED, Agreement
from simulation.rest import _catch_up
from simulation.violations import Violation
from simulation.workshop import Workshop
from simulation.world import World


class UndoneError(Exception):
    """What was forged is not kept."""


def forged(table: str) -> Row:
    """A row nobody told of."""
    return {column: "forged" if kind == "TEXT" else 77_777 for column, kind in TABLES[table].columns.items()}


def test_every_table_is_compared_or_has_a_reason_why_not() -> None:
    assert {*SHARED, *APART} == set(TABLES)
    assert not set(SHARED) & set(APART)
    assert all(APART.values())


def test_what_people_settle_is_asked_of_columns_there_are() -> None:
    for table, columns in CONTESTED.items():
        assert table in SHARED
        assert columns <= TABLES[table].columns.keys(), table
        assert not columns & set(TABLES[table].key), table


@pytest.mark.timeout(300)
def test_a_row_only_a_laptop_has_is_a_finding_in_every_table(world: World) -> None:
    _catch_up(world)
    laptop = world.laptops[0]
    Agreement(world).check(laptop)
    for table in SHARED:
        with suppress(UndoneError), laptop.device.store.database.transaction():
            laptop.device.store.rows.insert(table, forged(table))
            with pytest.raises(Violation, match=rf"I7: .* differ in {table} "):
                Agreement(world).check(laptop)
            raise UndoneError
    Agreement(world).check(laptop)


def test_a_column_that_differs_is_a_finding(shop: Workshop, world: World) -> None:
    _catch_up(world)
    laptop = world.laptops[0]
    row = laptop.device.rows.many("inspections")[0]
    with suppress(UndoneError), laptop.device.store.database.transaction():
        laptop.device.store.rows.update("inspections", {"ref": row["ref"]}, {"conclusion": "failed"})
        with pytest.raises(Violation, match="differ in inspections"):
            Agreement(world).check(laptop)
        raise UndoneError
