"""In rest the continuity reports of every laptop and of the province agree number for number, and can disagree."""

from __future__ import annotations

import functools
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.domain.continuity import Standing, told
from inspector_app.journal.projections import Row
from inspector_app.services import ledgers, losses, number_custody
from province.ledgers.continuity import continuity_of
from simulation import rest, saying, scenario
from simulation.agreement import Agreement, contested, recorded
from simulation.faults import PROFILES
from simulation.laptop import Laptop
from simulation.life import live
from simulation.server import VET
from simulation.violations import Violation
from simulation.workshop import Workshop
from simulation.world import World

pytestmark = pytest.mark.timeout(600)
NO_RESTORE = frozenset(
    {"province_restored", "restored_in_silence", "restored_after_cut", "split", "put_back", "copied"}
)
"""After one of these a province and a laptop may know different blocks of a sister, or two stories of one laptop."""


@pytest.mark.parametrize(("seed", "profile"), [(4, "calm"), (9, "normal"), (104, "paper")])
def test_laptops_and_province_account_alike_for_every_number(shop: Workshop, seed: int, profile: str) -> None:
    with World(shop, seed, msgspec.structs.replace(PROFILES[profile], without=NO_RESTORE)) as world:
        live(world)
        laptop = next(one for one in world.at_work() if not one.device.frozen)
        station = laptop.device.sheet.station
        ours, theirs = ledgers.continuity(laptop.device), continuity_of(world.server.using, station)
        settled_by_people = contested(recorded(world))
        differing = [one for one, other in zip(ours.numbers, theirs.numbers, strict=True) if one != other]
        assert {f"{one.kind} {one.first}" for one in differing} <= settled_by_people
        used = sum(count["used"] for count in ours.totals().values())
        assert used >= 2
        assert sum(one.size for one in ours.stretches) == sum(
            sum(count[standing] for standing in Standing) for count in ours.totals().values()
        )


def test_an_account_that_differs_in_one_number_is_a_finding(shop: Workshop) -> None:
    with World(shop, 3, PROFILES["calm"]) as world:
        live(world)
        laptop = world.at_work()[0]
        store = laptop.device.store
        free = store.rows.many("numbers", state="free")[0]
        store.rows.update("numbers", {"number": free["number"]}, {"state": "withdrawn"})
        with pytest.raises(Violation, match="account differently"):
            Agreement(world)._numbers(laptop)


def test_an_account_that_differs_in_its_cause_alone_is_a_finding(shop: Workshop) -> None:
    with World(shop, 3, PROFILES["calm"]) as world:
        live(world)
        settled = contested(recorded(world))
        papers = [
            (laptop, row["number"])
            for laptop in world.at_work()
            for row in laptop.device.rows.many("certificates", device=laptop.device.id)
            if row["number"] not in settled
        ]
        laptop, number = papers[0]
        laptop.device.store.rows.update("certificates", {"number": number}, {"ref": "another/1", "void_ref": None})
        with pytest.raises(Violation, match="account differently"):
            Agreement(world)._numbers(laptop)


# --- a history made by Hypothesis ----------------------------------------------------------------------------------


def give_back(_world: World, laptop: Laptop) -> str:
    """The last two free numbers of the oldest B block go back."""
    held = number_custody.own_blocks(laptop.device, "B", laptop.person)
    return _of_block(laptop, held, lambda block: (str(int(str(block["last"])) - 1), str(block["last"]), "too_many"))


def lose(_world: World, laptop: Laptop) -> str:
    """A free number in the middle of the oldest B block is reported lost."""
    held = number_custody.own_blocks(laptop.device, "B", laptop.person)
    return _of_block(laptop, held, lambda block: (str(int(str(block["first"])) + 2),) * 2 + ("",))


def _of_block(laptop: Laptop, held: list[Row], chosen: Callable[[Row], tuple[str, str, str]]) -> str:
    if not held:
        return saying.NOTHING
    first, last, reason = chosen(held[0])
    typed = f"{first}-{last}"
    if reason:
        return saying.told(number_custody.return_numbers(laptop.device, "B", typed, reason=reason))
    return saying.told(losses.report_loss(laptop.device, "B", typed, cause="damaged"))


DEEDS = {
    "declare": scenario.declare,
    "decide": scenario.decide,
    "inspect": scenario.inspect,
    "issue": scenario.issue,
    "notice": scenario.notice,
    "replace": scenario.replace,
    "void": scenario.void,
    "submit": scenario.submit,
    "answer": scenario.answer,
    "sync": scenario.sync,
    "give_back": give_back,
    "lose": lose,
}
HISTORY = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(sorted(DEEDS))), min_size=5, max_size=40)
OPENING = [(0, deed) for deed in ("sync", "declare", "decide", "inspect", "issue", "issue", "issue")]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORY)
def test_whatever_happened_station_and_province_account_alike(shop: Workshop, history: list[tuple[int, str]]) -> None:
    with World(shop, 1, PROFILES["calm"]) as world:
        world.become_calm()
        for which, deed in OPENING + history:
            world.time.forward(1)
            laptop = world.laptops[which % len(world.laptops)]
            if VET in laptop.people:
                laptop.open(VET)
            world.doing = deed
            world.attempt(laptop, functools.partial(DEEDS[deed], world, laptop))
        rest._catch_up(world)
        for laptop in world.at_work():
            station = laptop.device.sheet.station
            ours, theirs = ledgers.continuity(laptop.device), continuity_of(world.server.using, station)
            assert told(ours, each=True) == told(theirs, each=True)
