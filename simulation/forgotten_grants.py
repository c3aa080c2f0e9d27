"""The province is restored to before it cut a block; a sister asks for numbers before the block's device is back."""

from __future__ import annotations

from inspector_app.services import number_custody
from simulation import scenario
from simulation.laptop import Laptop
from simulation.saying import told
from simulation.server import NOBODY_REAL
from simulation.workshop import STATION_OF
from simulation.world import World

MORE = 3
POSTS = {person["number"]: frozenset(person["posts"]) for person in NOBODY_REAL}


def restore_after_cut(world: World, laptop: Laptop) -> None:
    """A backup, a block cut after it, the restore, and a sister of the same station that comes first."""
    sister = _sister(world, laptop)
    if sister is None:
        return
    before = world.folder / "before-the-cut.sqlite3"
    world.server.copy_to(before)
    _ask(world, laptop)
    world.server.put_back(before)
    before.unlink()
    world.backups.clear()  # none of them is of the history that goes on
    world.evidence.province_restored()
    world.restores += 1
    world.checks.forget_province()
    epoch = world.server.work(world.server.declare_epoch)
    world.note("province", f"RESTORED to before it cut a block for {laptop.name}, epoch {epoch}")
    _ask(world, sister)


def _sister(world: World, laptop: Laptop) -> Laptop | None:
    station = STATION_OF[laptop.people[0]]
    others = [one for one in world.at_work() if one is not laptop and STATION_OF[one.people[0]] == station]
    with_vet = [one for one in others if _vet(one)]
    return world.dice("restored_after_cut").among(with_vet) if with_vet and _vet(laptop) else None


def _vet(laptop: Laptop) -> int:
    return next((person for person in laptop.people if "vet" in POSTS[person]), 0)


def _ask(world: World, laptop: Laptop) -> None:
    """A vet asks for more of every kind there is, and catches up."""
    laptop.open(_vet(laptop))
    world.doing = "request numbers"
    world.attempt(laptop, lambda: _request(laptop))
    world.doing = "sync"
    world.attempt(laptop, lambda: scenario.sync(world, laptop))


def _request(laptop: Laptop) -> str:
    device = laptop.device
    wanted = {kind: number_custody.numbers_left(device, kind, device.person()) + MORE for kind in number_custody.KINDS}
    return " ".join(f"{kind} {told(number_custody.request_block(device, kind, wanted[kind]))}" for kind in wanted)
