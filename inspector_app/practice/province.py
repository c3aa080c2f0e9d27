"""The practice province as a process of its own: founded at first run, served on loopback until its parent goes.

Its root key is made in the practice home and never leaves it. The parent holds the other end of standard input; when
that closes, the server stops, so no practice province outlives the program that started it.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path

from inspector_app import config
from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.practice import world

PRACTICE = "99"
LAST_HOUR_MS = 23 * 3_600_000 + 50 * 60_000
READY, FAILED = "ready", "failed"


def main(argv: list[str]) -> int:
    """``inspector practice-province FOLDER``: found if need be, serve, say ``ready URL`` on standard output."""
    parser = argparse.ArgumentParser(prog="inspector practice-province")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--code", action="store_true", help="print a one-time code instead of serving")
    arguments = parser.parse_args(argv)
    set_up(arguments.folder)
    if arguments.code:
        sys.stdout.write(new_code() + "\n")
    else:
        serve(arguments.port)
    return 0


def new_code() -> str:
    """A one-time code for a device of the practice station."""
    from province.databases import DEFAULT
    from province.registry.enrolment import make_code

    return make_code(DEFAULT, world.STATION)


def set_up(folder: Path) -> None:
    """Make the practice province in a folder ready to serve, founding and filling it the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    config.use_setting("INSPECTOR_PROVINCE", str(folder))
    config.use_setting("DJANGO_SETTINGS_MODULE", "province.settings")
    from province.chance import SystemRandom
    from province.keys import make_folder

    founded = (folder / "django-secret").exists()
    if not founded:
        make_folder(folder, SystemRandom())
    _migrate()
    from province import provinces

    provinces.register_folder(folder)
    from province.journal.models import State

    if not State.objects.exists():
        _found_and_fill()


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _found_and_fill() -> None:
    from django.db import transaction

    from province import founding
    from province.databases import DEFAULT

    with transaction.atomic():
        founding.found(DEFAULT, code=PRACTICE, name="练习省", name_en="Practice Province", practice=True)
        fill(DEFAULT)
        declare_online(DEFAULT)


def declare_online(using: str) -> None:
    """Let three invented producers declare online, so that the first morning has something to do.

    One leaves today (short notice, then a B), one in three days, one leaves the province in four (an A).
    """
    from inspector_app.domain.quantities import Quantity
    from province import provinces
    from province.portal.declaring import Declared, declare

    now = provinces.of(using).clock.now().at
    for farm, buyer, batch in zip(world.FIRST_FARMS, world.FIRST_BUYERS, world.FIRST_BATCHES, strict=True):
        declared = Declared(
            station=world.STATION,
            owner=farm.name,
            owner_phone=farm.phone,
            owner_address=farm.place,
            permit=farm.permit,
            species=batch.species,
            stage=batch.stage,
            quantity=Quantity(batch.amount, 0, batch.unit),
            purpose=1,
            origin=farm.area,
            origin_place=farm.place,
            pond=batch.pond,
            destination=buyer.area,
            destination_place=buyer.place,
            consignee=buyer.name,
            wild=False,
            departs_at=day_start(legal_date(now)) + batch.days * MS_PER_DAY + LAST_HOUR_MS,
            remarks="",
        )
        declare(using, declared)


def fill(using: str) -> None:
    """Register the invented station, its people and their numbers in a practice province."""
    register(using)
    draw_ahead(using)


def register(using: str) -> None:
    """Register the invented station and its people; nothing is drawn."""
    from province.registry import publishing

    publishing.add_station(
        using,
        world.STATION,
        name=world.THE_STATION.name,
        name_en=world.THE_STATION.name_en,
        area=world.THE_STATION.area,
        phone=world.THE_STATION.phone,
        agency=world.THE_STATION.agency,
        address=world.THE_STATION.address,
    )
    for person in world.PEOPLE:
        publishing.add_person(using, person.number, name=person.name, name_en=person.name_en)
        publishing.grant(using, person.number, station=world.STATION, posts=person.posts, kinds=person.kinds)


def draw_ahead(using: str) -> None:
    """Let the invented station draw its usual range of every kind of which it has little left.

    Nobody keeps its numbers in practice, where one begins a new year or issues hundreds on an afternoon; old sheets
    that nobody above takes in stand in no way of that.
    """
    from province.numbers import custody
    from province.numbers.models import DrawnRange

    for kind, usual in world.NUMBERS_DRAWN.items():
        # By the scheme of the day: a notice's has the year in it.
        scheme = custody.scheme_for(using, kind).scheme
        drawn = DrawnRange.objects.using(using).filter(scheme=scheme, kind=kind, station=world.STATION)
        if sum(row.high - row.cut_through for row in drawn) < usual // 4:
            draw_numbers(using, kind, emergency=True)


def draw_numbers(using: str, kind: str, *, emergency: bool = False) -> None:
    """Let the invented station draw its usual range of a kind once more, in an ``emergency`` whatever is owed."""
    from province.numbers import custody

    first = custody.free_start(using, kind)
    last = str(int(first) + world.NUMBERS_DRAWN[kind] - 1).zfill(len(first))
    custody.add_stock(using, kind, first, last, source="practice")
    custody.draw(using, kind, first, last, station=world.STATION, emergency=emergency)


def serve(port: int) -> None:
    """Serve on loopback until standard input closes."""
    from waitress import create_server

    from province.databases import DEFAULT
    from province.wsgi import application

    draw_ahead(DEFAULT)
    server = create_server(application, host="127.0.0.1", port=port, threads=4)
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    sys.stdout.write(f"{READY} http://127.0.0.1:{server.effective_port}\n")
    sys.stdout.flush()
    server.run()


def _stop_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)
