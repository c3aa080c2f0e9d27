"""Sticks and other versions in the world: what they bring is what a line between equals would have brought."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.services import declaring
from province.journal.rows import DjangoRows
from simulation import scenario, sticks, versions
from simulation.laptop import Laptop
from simulation.rest import come_to_rest
from simulation.saying import NOTHING
from simulation.world import Carried, World


def declared(world: World, laptop: Laptop) -> None:
    """Somebody at the desk takes a declaration down."""
    laptop.open(laptop.people[0])
    outcome = declaring.record_declaration(laptop.device, scenario.declaration_form(world, laptop.clock.now().at))
    assert not isinstance(outcome, Refused)


def journal(world: World, laptop: Laptop) -> int:
    with world.server.committed() as database:
        sql = "SELECT seq FROM journal_journal WHERE device = ?"
        return int(database.execute(sql, (laptop.device.id,)).fetchone()[0])


def carried(world: World) -> str:
    """Brought to the province, whatever the dice say about the bus."""
    stick = world.outward[-1]
    return sticks.deliver(world, stick, stick.content)


def test_a_stick_there_and_back_leaves_nothing_to_say_over_the_line(world: World) -> None:
    laptop = world.laptops[0]
    declared(world, laptop)
    assert sticks.export(world, laptop).startswith("done 2 entries in 1 frames")  # the last pull among them
    assert carried(world).startswith("done 1 frames, 0 refused, 1 answers")
    world.outward.clear()
    assert sticks.read_answer(world, laptop).startswith("done sent 2")
    assert scenario.sync(world, laptop).startswith("done sent 0")


def test_the_same_stick_twice_and_an_old_one_after_a_new_one_change_nothing(world: World) -> None:
    laptop = world.laptops[0]
    for _ in range(2):
        declared(world, laptop)
        sticks.export(world, laptop)
    old, new = world.outward
    for stick in (new, old, new):
        assert sticks.deliver(world, stick, stick.content).startswith("done")
    assert journal(world, laptop) == laptop.device.store.head().seq
    for answer in (world.inward[1], world.inward[0], world.inward[2]):
        world.inward = [answer]
        assert sticks.read_answer(world, laptop).startswith(("done", NOTHING))
    come_to_rest(world)


def test_a_stick_cut_short_or_with_a_bit_turned_over_is_left_unread(world: World) -> None:
    laptop = world.laptops[0]
    declared(world, laptop)
    sticks.export(world, laptop)
    (stick,) = world.outward
    before = journal(world, laptop)
    for content in (stick.content[:40], stick.content[:-60], stick.content[:90] + b"?" + stick.content[91:]):
        assert sticks.deliver(world, stick, content).startswith("left unread")
    assert (journal(world, laptop), world.inward) == (before, [])


def test_a_whole_stick_that_does_not_open_is_a_fault_of_ours(world: World) -> None:
    stick = Carried(world.laptops[0].device.id, b"INSPECTOR-BUNDLE-1\n but no more of it")
    with pytest.raises(StationError, match=r"bundle\."):
        sticks.deliver(world, stick, stick.content)


def test_what_a_newer_program_wrote_is_kept_and_passed_on_and_nothing_behind_it_waits(world: World) -> None:
    laptop, sister = world.laptops[0], world.laptops[1]
    versions.newer_entry(world, laptop)
    unknown = laptop.device.store.head().seq
    declared(world, laptop)
    versions.newer_document(world, laptop)
    for one in (laptop, sister, laptop):
        scenario.sync(world, one)
    verdicts = DjangoRows(world.server.using).many("verdicts", device=laptop.device.id)
    assert [(row["seq"], row["code"], row["holds"]) for row in verdicts] == [(unknown, "unknown_kind", 1)]
    assert len(sister.device.rows.many("declarations", device=laptop.device.id)) > 0
    assert [document.kind for document in laptop.device.store.documents_after(0)].count(versions.DOCUMENT) == 1
    come_to_rest(world)


def test_a_program_too_old_is_told_so_and_keeps_everything_until_it_is_updated(world: World) -> None:
    laptop = world.laptops[0]
    declared(world, laptop)
    versions.grow_old(world, laptop)
    with pytest.raises(StationError, match="program_too_old"):
        scenario.sync(world, laptop)
    assert laptop.device.store.waiting() > 0
    assert laptop.device.frozen == ""
    versions.update(world, laptop)
    scenario.sync(world, laptop)
    assert journal(world, laptop) == laptop.device.store.head().seq - (laptop.device.store.waiting())
