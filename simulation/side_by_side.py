"""Many seeds on several cores: one process for each core, each with a workshop of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack

from simulation.faults import Profile
from simulation.outcome import Outcome, run_seeds, run_twice_if_due
from simulation.workshop import Workshop

_held = ExitStack()
_shops: list[Workshop] = []


def run_on(jobs: int, seeds: Sequence[int], profile: Profile, bug: str) -> Iterator[Outcome]:
    """The seeds in their order, on so many processes; on one they run in this process."""
    if jobs == 1:
        with Workshop() as shop:
            yield from run_seeds(shop, seeds, profile, bug)
        return
    # Forked workers would share open databases; each begins from nothing.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield from pool.map(_one, seeds, [profile] * len(seeds), [bug] * len(seeds))


def _one(seed: int, profile: Profile, bug: str) -> Outcome:
    if not _shops:
        _shops.append(_held.enter_context(Workshop()))
    return run_twice_if_due(_shops[0], seed, profile, bug)
