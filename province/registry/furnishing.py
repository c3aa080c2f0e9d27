"""Filling the registers from one table: stations, people, grants, stock, draws. For practice and for first set-up.

::

    [[station]]  number, name, name_en, area, phone, agency, address
    [[person]]   number, name, name_en, station, posts = [...], kinds = [...]
    [[numbers]]  kind, count, station        # taken into stock and drawn for the station
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from province.numbers import custody
from province.registry import publishing


def furnish(using: str, table: dict[str, Any]) -> dict[str, int]:
    """Take everything in, or nothing; returns how many of each. KeyError for a missing column."""
    with transaction.atomic(using=using):
        for row in table.get("station", ()):
            _station(using, row)
        for row in table.get("person", ()):
            _person(using, row)
        for row in table.get("numbers", ()):
            _numbers(using, row)
    return {name: len(table.get(name, ())) for name in ("station", "person", "numbers")}


def _station(using: str, row: dict[str, Any]) -> None:
    publishing.add_station(
        using,
        row["number"],
        name=row["name"],
        name_en=row.get("name_en", ""),
        area=row["area"],
        phone=row["phone"],
        agency=row.get("agency", ""),
        address=row.get("address", ""),
    )


def _person(using: str, row: dict[str, Any]) -> None:
    publishing.add_person(using, row["number"], name=row["name"], name_en=row.get("name_en", ""))
    kinds = tuple(row.get("kinds", ()))
    publishing.grant(using, row["number"], station=row["station"], posts=tuple(row["posts"]), kinds=kinds)


def _numbers(using: str, row: dict[str, Any]) -> None:
    first = custody.free_start(using, row["kind"])
    last = str(int(first) + row["count"] - 1).zfill(len(first))
    custody.add_stock(using, row["kind"], first, last, source=row.get("source", ""))
    custody.draw(using, row["kind"], first, last, station=row["station"], holder=row.get("holder", 0))
