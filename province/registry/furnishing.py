"""Filling the registers from one table: stations, people, grants, stock, draws. For practice and for first set-up.

::

    [[station]]       number, name, name_en, area, phone, agency, address
    [[person]]        number, name, name_en, station, posts = [...], kinds = [...]; without posts on the roster only
                      filed = ["A=1/BA-0012", ...]  # with which registered institution, under which number
    [[numbers]]       kind, count, station        # taken into stock and drawn, before there are organisations
    [[organisation]]  number, name, level, superior, area, by, line, station, head, filing, category, filed_from,
                      filed_until, store, keeper  # from the top down; keeper names the one of its store
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock_refusals import StockRefused
from province.custody import organisations
from province.custody.founding_draws import draw_undecided
from province.custody.refused import RefusedError
from province.numbers import custody
from province.registry import publishing
from province.registry.filings import read_filed


def furnish(using: str, table: dict[str, Any]) -> dict[str, int]:
    """Take everything in, or nothing; returns how many of each. KeyError for a missing column."""
    with transaction.atomic(using=using):
        for row in table.get("station", ()):
            _station(using, row)
        for row in table.get("person", ()):
            _person(using, row)
        for row in table.get("numbers", ()):
            _numbers(using, row)
        for row in table.get("organisation", ()):
            _organisation(using, row)
        for row in table.get("person", ()):
            if row.get("filed"):
                _grant(using, row)
    return {name: len(table.get(name, ())) for name in ("station", "person", "numbers", "organisation")}


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
    # People of an institution hold no post at a station; who is filed is granted once the register says with whom.
    if ("station" in row or "posts" in row) and not row.get("filed"):
        _grant(using, row)


def _grant(using: str, row: dict[str, Any]) -> None:
    publishing.grant(
        using,
        row["number"],
        station=row["station"],
        posts=tuple(row["posts"]),
        kinds=tuple(row.get("kinds", ())),
        filed=tuple(read_filed(text) for text in row.get("filed", ())),
    )


def _numbers(using: str, row: dict[str, Any]) -> None:
    first = custody.free_start(using, row["kind"])
    last = str(int(first) + row["count"] - 1).zfill(len(first))
    custody.add_stock(using, row["kind"], first, last, source=row.get("source", ""))
    _require(draw_undecided(using, row["kind"], first, last, station=row["station"], holder=row.get("holder", 0)))


def _organisation(using: str, row: dict[str, Any]) -> None:
    defaults = {"line": "institution", "superior": 0, "station": 0, "head": 0, "ordinal": 0, "at": 0}
    texts = dict.fromkeys(("filing", "category", "filed_from", "filed_until"), "")
    stated = defaults | texts | {"organisation": row["number"]} | row
    sheet = msgspec.convert([stated[name] for name in OrganisationSheet.__struct_fields__], OrganisationSheet)
    _require(organisations.register(using, sheet))
    if "keeper" in row:
        store, keeper, by = row.get("store", row["name"]), row["keeper"], row["by"]
        _require(organisations.place_store(using, row["number"], 1, store=store, keeper=keeper, by=by))


def _require(outcome: object) -> None:
    """All or nothing: the first draw or organisation that is refused undoes the whole table."""
    if isinstance(outcome, StockRefused):
        raise RefusedError(outcome)
