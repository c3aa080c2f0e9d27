"""A state machine over stations, devices and people: every act of custody in any order, both equations and the three
life cycles held against every computer and the province after every step.

Hypothesis chooses who does what at which laptop; the acts are the simulation's own, on the product's services.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from inspector_app.domain.custody import SheetState
from province.journal.rows import DjangoRows
from simulation import mishaps, scenario
from simulation.faults import PROFILES
from simulation.laptop import Laptop
from simulation.rest import come_to_rest
from simulation.workshop import PEOPLE, Workshop
from simulation.world import World
from tests.simulation.lives import Lives

ACTS = {name: (action, step) for _weight, (name, action, step) in scenario.STEPS}
WEIGHED = sorted(name for weight, (name, _action, _step) in scenario.STEPS for _ in range(weight))
DAY_MINUTES = 24 * 60
MOST_WORK = 40
"""Pieces of work until a laptop has paper on its desk."""
MOST_MINUTES = 600
PROVINCE = "province"


class CustodyMachine(RuleBasedStateMachine):
    """One world in which nothing goes wrong by itself."""

    shop: Workshop
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        """A founded province, five laptops at three stations."""
        self.world = World(self.shop, seed, PROFILES["calm"]).__enter__()
        self.world.become_calm()
        self.lives = {name: Lives(name) for name in (*PEOPLE, PROVINCE)}

    @precondition(lambda self: self.world is not None)
    @rule(act=st.sampled_from(WEIGHED), at=st.sampled_from(sorted(PEOPLE)), minutes=st.integers(1, 30))
    def do(self, act: str, at: str, minutes: int) -> None:
        """Somebody able sits down at a laptop and does one thing."""
        world = self._world()
        world.time.forward(minutes)
        laptop = self._laptop(at)
        action, step = ACTS[act]
        if not scenario.somebody_may(world, laptop, action):
            return
        world.doing = act
        world.attempt(laptop, lambda: step(world, laptop))
        self._look()

    @precondition(lambda self: self.world is not None)
    @rule(at=st.sampled_from(sorted(PEOPLE)), minutes=st.integers(1, 15), times=st.integers(2, 8))
    def go_on(self, at: str, minutes: int, times: int) -> None:
        """Work goes on at a laptop as it comes: what cannot be done yet gives way to what can."""
        for _ in range(times):
            self._world().time.forward(minutes)
            scenario.work(self._world(), self._laptop(at))
            self._look()

    @precondition(lambda self: self.world is not None)
    @rule(at=st.sampled_from(sorted(PEOPLE)))
    def clear_out(self, at: str) -> None:
        """A laptop's old sheets go all the way: spoiled, written off, asked for, agreed to by four, destroyed."""
        for _ in range(MOST_WORK):
            if self._laptop(at).device.rows.many("sheets", state=SheetState.PRINTED.value):
                break
            self._world().time.forward(3)
            scenario.work(self._world(), self._laptop(at))
        for act in ("spoil", "write off"):
            self.do(act, at, 1)
        self._world().time.forward(DAY_MINUTES)  # kept for its term, which in this world is over by the next day
        for act in ("ask destruction", "review", "sign", "confirm signed", "destroy"):
            self.do(act, at, 1)

    @precondition(lambda self: self.world is not None)
    @rule()
    def draw(self) -> None:
        """The province's desk takes stock in and draws for a station."""
        world = self._world()
        mishaps.draw_again(world, world.laptops[0])
        self.done["draw"] += 1
        self._look()

    @precondition(lambda self: self.world is not None)
    @rule(minutes=st.integers(60, MOST_MINUTES))
    def wait(self, minutes: int) -> None:
        """Hours pass."""
        self._world().time.forward(minutes)

    def teardown(self) -> None:
        """Everybody catches up, and all books agree."""
        if self.world is None:
            return
        try:
            self.done.update(self.world.trace.counts)
            come_to_rest(self.world)
            self._look()
        finally:
            self.world.__exit__(None, None, None)

    def _world(self) -> World:
        assert self.world is not None
        return self.world

    def _laptop(self, name: str) -> Laptop:
        return next(one for one in self._world().laptops if one.name == name)

    def _look(self) -> None:
        world = self._world()
        for laptop in world.laptops:
            world.checks.laptop(laptop)
            self.lives[laptop.name].look(laptop.device.rows)
        world.checks.province()
        self.lives[PROVINCE].look(DjangoRows(world.server.using))
        self.done["steps"] += 1


def drive(shop: Workshop, examples: int) -> Counter[str]:
    """Run the machine; what was done, with ``steps``."""
    done: Counter[str] = Counter()
    machine = type("Driven", (CustodyMachine,), {"shop": shop, "done": done})
    # Not shrunk: each try is a world of its own, and minutes of them would end in a timeout instead of the finding.
    chosen = settings(
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    return done


@pytest.mark.timeout(600)
def test_every_book_balances_through_five_hundred_steps(shop: Workshop) -> None:
    done = drive(shop, 6)
    assert done["steps"] >= 500, done
    assert done["stocktake: done"], done
    assert done["ask destruction: done"], done


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_every_book_balances_through_five_thousand_steps(shop: Workshop) -> None:
    done = drive(shop, 160)
    assert done["steps"] >= 5_000, done
    for act in ACTS:
        assert done[f"{act}: done"], f"nobody ever did {act}: {done}"
