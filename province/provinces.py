"""The provinces this process serves: to each database alias its keys, clock, chance and high-water marks.

A server has one, under ``default``. Tests and the simulated world register several.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector_app.clock import Clock, SystemClock
from inspector_app.errors import BugError
from inspector_app.ports import Random
from province.chance import SystemRandom
from province.databases import DEFAULT
from province.folders import folder
from province.generations import FILE as GENERATION_FILE
from province.generations import FileGeneration, Generation, MemoryGeneration
from province.high_water import FileHighWater, HighWater
from province.keys import ProvinceKeys, load_keys


class Province(msgspec.Struct, frozen=True):
    """What a province's functions need besides its database.

    ``publishes`` says that the trust file is renewed at each contact that changed something, which needs the authority
    key at hand (practice).
    """

    using: str
    keys: ProvinceKeys
    clock: Clock
    random: Random
    high_water: HighWater
    generation: Generation = msgspec.field(default_factory=MemoryGeneration)
    publishes: bool = False


_REGISTERED: dict[str, Province] = {}


def register(province: Province) -> Province:
    """Serve this province from now on."""
    _REGISTERED[province.using] = province
    return province


def forget(using: str) -> None:
    """No longer serve it."""
    _REGISTERED.pop(using, None)


def of(using: str) -> Province:
    """The province behind a database alias.

    A server process (gunicorn) serves the one in its folder without being told. BugError for any other alias that was
    never registered, StationError where nothing was founded.
    """
    if using not in _REGISTERED:
        if using != DEFAULT:
            raise BugError(f"no province is registered for the database {using!r}")
        register_folder(folder())
    return _REGISTERED[using]


def register_folder(place: Path, *, signing: Path | None = None, using: str = DEFAULT) -> Province:
    """Serve the province whose keys lie in a folder, root and authority in ``signing`` if one is named.

    Raises StationError when there is none.
    """
    keys = load_keys(place, signing)
    return register(
        Province(
            using=using,
            keys=keys,
            clock=SystemClock(),
            random=SystemRandom(),
            high_water=FileHighWater(place / "high_water.json"),
            generation=FileGeneration(place / GENERATION_FILE),
            publishes=keys.authority is not None,
        )
    )
