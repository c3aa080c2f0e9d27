"""A laptop that may issue no more is given up, and a new one goes on for it: with its drafts, files and papers.

Where two copies of one disk were at work, the other copy is shut down with it.
"""

from __future__ import annotations

from functools import partial

from inspector_app.domain.authority import ALLOWED, Action
from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.journal.chain import genesis
from inspector_app.services.succeeding import succeed
from province.journal.models import Journal
from province.registry import publishing
from province.registry.models import Device
from simulation import workshop
from simulation.faults import NO_FAULTS
from simulation.laptop import Laptop
from simulation.server import NOBODY_REAL, Server
from simulation.world import World
from sync.client import sync_round

REPLACED = 0.15
"""How soon a frozen laptop is given up: in about one step of seven."""
MOST_LAPTOPS = 9
SUCCESSOR = "+"
_MAY = frozenset(post.value for post in ALLOWED[Action.SUCCEED_DEVICE])
_ABLE = frozenset(person["number"] for person in NOBODY_REAL if _MAY & set(person["posts"]))


def replace_frozen(world: World) -> None:
    """Somebody enrols a new laptop after one that is frozen; broken off on the way, it is taken up again."""
    for laptop in world.at_work():
        if laptop.is_open and laptop.device.frozen and world.dice("replaced").happens(REPLACED):
            world.doing = "succeed"
            world.attempt(laptop, partial(_go_on, world, laptop))


def _go_on(world: World, laptop: Laptop) -> str:
    able = [person for person in laptop.people if person in _ABLE]
    successor = _successor(world, laptop, able) if able else None
    if successor is None:
        return "nobody can"
    laptop.open(able[0])
    world.sync(laptop)
    sync_round(successor.caller(), world.lines[successor.name])
    successor.open(able[0])
    done = succeed(successor.device, laptop.device)
    if isinstance(done, Refused) and done.refusals[0].code is not RefusalCode.ALREADY_RECORDED:
        return f"refused {done.refusals[0].code}"
    _retire(world, laptop)
    told = "as before" if isinstance(done, Refused) else f"{len(done.papers)} papers, {done.files} files"
    return f"done {successor.name} goes on, {told}"


def _successor(world: World, laptop: Laptop, people: list[int]) -> Laptop | None:
    """The laptop that goes on, enrolled now or at an earlier try; None where there are enough in this world."""
    name = laptop.name + SUCCESSOR
    known = next((one for one in world.laptops if one.name == name), None)
    if known is not None or len(world.laptops) >= MOST_LAPTOPS:
        return known
    made = world.add_laptop(name)
    world.lines[name].rates = NO_FAULTS
    station = laptop.device.sheet.station
    code = world.server.work(lambda: workshop.one_time_code(world.server, station))
    others = [person for person in laptop.people if person not in people]
    workshop.found_laptop(made, (*people, *others), world.server, code)
    # A province restored to before this day would not know the laptop, and it would be enrolled once more.
    world.backups.clear()
    sync_round(made.caller(), world.lines[name])
    world.lines[name].rates = NO_FAULTS if world.calm else world.rates
    return made


def _retire(world: World, laptop: Laptop) -> None:
    world.evidence.fenced.add(laptop.device.id)
    laptop.close()
    laptop.lost = True


def enrol_again(source: Server, target: Server) -> None:
    """Let a second province know the devices enrolled in the course of a world, as the first has known them."""
    known = set(Device.objects.using(target.using).values_list("device", flat=True))
    for row in Device.objects.using(source.using).exclude(device__in=known).order_by("enrolled_at", "device"):
        row.ordinal, row.state = 0, "active"
        row.save(using=target.using, force_insert=True)
        journal = Journal(device=row.device, station=row.station_id, hash=genesis(row.device).hash)
        journal.save(using=target.using)
        publishing.publish_device(target.using, row)
        publishing.license_device(target.using, row.device)
        publishing.renew_lease(target.using, row.device)
