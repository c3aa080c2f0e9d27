"""The institutions over the stations of this world: one of the province, one of the city, one of the county.

Each is invented, keeps one store and has a head. What they decide goes through the province's own code
(:mod:`simulation.desk`) and is refused as it would be anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from inspector_app.domain.stock import Distribution
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.errors import BugError
from province.custody import receiving
from province.custody.distributing import DistributionRequest, distribute
from province.custody.organisations import find, location_of
from province.custody.receiving import Delivery
from province.numbers import custody

PROVINCE, CITY, COUNTY, UNITS = 1, 10, 100, 1000
"""Organisation numbers; a station's using unit is ``UNITS`` and its station number."""
NUMBERED = ("A", "B", "N")
MARKS = "mark"
"""Goods that are counted and bear no number."""
STOCKED = 300
"""So many of each kind lie in the county's store when a world begins."""


class Institution(NamedTuple):
    """An institution with its head, the two people who keep its store in turn, and who agree to what is destroyed."""

    number: int
    level: str
    superior: int
    area: int
    head: int
    keepers: tuple[int, int]
    deputies: tuple[int, int]
    legal: int


CHAIN = (
    Institution(PROVINCE, "province", 0, 320000, 51, (61, 71), (81, 91), 101),
    Institution(CITY, "city", PROVINCE, 321000, 52, (62, 72), (82, 92), 102),
    Institution(COUNTY, "county", CITY, 321084, 53, (63, 73), (83, 93), 103),
)


def furniture(units: Mapping[int, tuple[int, int]]) -> dict[str, list[dict[str, Any]]]:
    """Institutions, their people and each station's using unit (its head and keeper), as the registers are filled."""
    people = [person for one in CHAIN for person in (one.head, *one.keepers, *one.deputies, one.legal)]
    return {
        "person": [{"number": person, "name": f"机构人员{person}"} for person in people],
        "organisation": [_registered(one) for one in CHAIN] + [_unit(station, *who) for station, who in units.items()],
    }


def _registered(one: Institution) -> dict[str, Any]:
    names = {"name": f"练习机构{one.number}", "level": one.level, "superior": one.superior, "area": one.area}
    return (
        names
        | {"number": one.number, "head": one.head, "keeper": one.keepers[0], "by": one.head}
        | {
            "deputy": one.deputies[0],
            "legal": one.legal,
        }
    )


def _unit(station: int, head: int, keeper: int) -> dict[str, Any]:
    filed = {"filing": f"邮备 {station}", "category": "aquatic_seed", "filed_from": "2020-01-01"}
    place = {"number": UNITS + station, "name": f"申报点{station}", "level": "station", "superior": COUNTY}
    return filed | place | {"area": 321084, "station": station, "head": head, "keeper": keeper, "by": head}


def stock_up(using: str, kinds: Sequence[str] = (*NUMBERED, MARKS), count: int = STOCKED) -> None:
    """From the printing house through the province and the city into the county's store. BugError when refused."""
    for kind in kinds:
        _granted(receiving.receive(using, delivery(using, kind, count)))
        for giver, receiver in ((PROVINCE, CITY), (CITY, COUNTY)):
            by = keeper_of(using, giver)
            asked = DistributionRequest(giver=giver, receiver=receiver, kind=kind, by=by, count=count)
            given = _granted(distribute(using, asked))
            assert isinstance(given, Distribution)  # the oldest stock, within every rule
            _granted(receiving.confirm_receipt(using, given.distribution, by=keeper_of(using, receiver)))


def delivery(using: str, kind: str, count: int) -> Delivery:
    """What the printing house brings next: numbers that never stood in stock, or so many pieces."""
    stated = Delivery(organisation=PROVINCE, kind=kind, by=keeper_of(using, PROVINCE), count=count, note="SH-1")
    if kind not in NUMBERED:
        return stated
    first = custody.free_start(using, kind)
    last = str(int(first) + count - 1).zfill(len(first))
    return Delivery(organisation=PROVINCE, kind=kind, by=stated.by, typed=f"{first}-{last}", note="SH-1")


def _granted(outcome: Any) -> Any:
    if isinstance(outcome, StockRefused):
        raise BugError(f"the world cannot begin: {outcome.codes}")
    return outcome


def keeper_of(using: str, organisation: int) -> int:
    """Who keeps the store of an organisation now, by roster number."""
    held = location_of(using, organisation, 1)
    assert held is not None  # every one of this world has a store
    return held.keeper


def head_of(using: str, organisation: int) -> int:
    """Who heads an organisation, by roster number."""
    sheet = find(using, organisation)
    assert sheet is not None  # none is ever taken off the register
    return sheet.head
