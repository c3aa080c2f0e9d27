"""A whole province inside this process: for tests and the simulated world. The real code, without a socket."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command

from inspector_app.clock import Clock
from inspector_app.ports import Random, Reply
from province.databases import add_database, forget_database
from province.generations import Generation, MemoryGeneration
from province.high_water import HighWater, MemoryHighWater
from province.keys import ProvinceKeys, make_keys


def set_up_django() -> None:
    """Make Django ready in a process that is no server; doing it twice changes nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "province.settings")
    if not apps.ready:
        django.setup()


class InProcessExchange:
    """`inspector_app.ports.Exchange` that hands the bytes to the very functions the server's views call."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.requests = 0

    def post(self, path: str, frame: bytes) -> Reply:
        """The province's answer."""
        from province.journal import contact

        self.requests += 1
        return contact.answer(self.using, path, frame)


def open_province(
    using: str, place: str, *, clock: Clock, random: Random, code: str = "99", hosts: str = "localhost"
) -> InProcessExchange:
    """A newly founded province in the database ``place`` (a SQLite file or PostgreSQL URL), alias ``using``.

    Its keys live in memory, drawn from ``random``; so do its high-water marks, which outlive a restored database.
    """
    from province import founding

    exchange = attach_province(using, place, make_keys(random), clock=clock, random=random)
    call_command("migrate", database=using, verbosity=0, interactive=False)
    practice = code == "99"
    name, name_en = ("练习省", "Practice Province") if practice else ("江苏省", "Jiangsu")
    founding.found(using, code=code, name=name, name_en=name_en, practice=practice, hosts=hosts)
    return exchange


def attach_province(
    using: str,
    place: str,
    keys: ProvinceKeys,
    *,
    clock: Clock,
    random: Random,
    high_water: HighWater | None = None,
    generation: Generation | None = None,
) -> InProcessExchange:
    """Serve a database that is, or is about to be, a province's.

    ``high_water`` is what outlived the last process, ``generation`` what makes this server the one that grants.
    """
    from province import provinces

    add_database(using, place)
    marks, own = high_water or MemoryHighWater(), generation or MemoryGeneration()
    provinces.register(provinces.Province(using, keys, clock, random, marks, own, publishes=True))
    return InProcessExchange(using)


def close_province(using: str) -> None:
    """Forget the province and its database; the file stays."""
    from province import provinces

    provinces.forget(using)
    forget_database(using)


def copy_database(using: str, to: Path) -> None:
    """A consistent copy of a SQLite province (the simulated world's backup)."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(connections[using].settings_dict["NAME"], to)


def restore_database(using: str, copy: Path) -> None:
    """Put an earlier copy in place, as after a lost disk. The next act should be ``recovery.declare_epoch``."""
    from django.db import connections

    place = Path(connections[using].settings_dict["NAME"])
    connections[using].close()
    for leftover in (place.with_name(place.name + ending) for ending in ("-wal", "-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copy(copy, place)
