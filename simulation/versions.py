"""Programs of other versions in this world (SYNC 3.7, version skew both ways).

A newer one has been at work here and there: it wrote an entry of a kind, or the province published a document of a
type, that nobody else knows yet. What is unknown is kept, passed on and shown; nothing behind it waits. And now and
then a laptop's program is so old that the province does not understand it any more, until somebody updates it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import msgspec

from inspector_app.domain import documents
from inspector_app.domain.documents import Role, document
from inspector_app.journal import envelope
from inspector_app.journal.envelope import Fact, fact
from province import provinces
from province.journal import feed
from province.registry import publishing
from simulation.laptop import Laptop
from simulation.world import World
from sync import client
from sync.protocol import PROTO, PROTO_MIN

ENTRY, DOCUMENT = "weather.noted/1", "weather_warning/1"


class WeatherNoted(Fact, frozen=True):
    """A fact of some later version: the water was so warm, in tenths of a degree Celsius."""

    water: int


class WeatherWarning(msgspec.Struct, frozen=True, array_like=True):
    """A document of some later version: a warning for a day."""

    day: str


def newer_entry(world: World, laptop: Laptop) -> str:
    """Somebody used a newer program here, and went back to this one."""
    water = world.dice("newer").between(120, 320)
    with _newer_program():
        laptop.device.record(lambda act: act.add(WeatherNoted(water=water)))
    return "done"


def newer_document(world: World, laptop: Laptop) -> str:
    """The province's program is newer than the stations'."""
    using, key = world.server.using, provinces.of(world.server.using).keys.server
    warning, audience = WeatherWarning(day=laptop.device.today()), feed.Audience(station=laptop.device.sheet.station)
    with _newer_program():
        world.server.work(lambda: publishing.publish(using, warning, key, audience))
    return "done"


def grow_old(world: World, laptop: Laptop) -> None:
    """The province no longer understands what this laptop's program says."""
    world.outdated.add(laptop.name)
    world.note(laptop.name, "PROGRAM TOO OLD")


def update(world: World, laptop: Laptop) -> None:
    """Somebody installs a newer program."""
    world.outdated.discard(laptop.name)
    world.note(laptop.name, "program updated")


@contextmanager
def program_of(world: World, laptop: Laptop) -> Iterator[None]:
    """The version this laptop speaks."""
    with patch.object(client, "PROTO", PROTO_MIN - 1 if laptop.name in world.outdated else PROTO):
        yield


@contextmanager
def _newer_program() -> Iterator[None]:
    """While this lasts, the program at work knows a kind and a type more."""
    with (
        patch.dict(vars(envelope)["_FACTS"]),
        patch.dict(vars(documents)["_TYPES"]),
        patch.dict(vars(documents)["_TYPE_OF"]),
    ):
        fact(ENTRY)(WeatherNoted)
        document("weather_warning", 1, signed_by=Role.SERVER)(WeatherWarning)
        yield
