"""What a station hears of the register of organisations: its own chain on both lines, each sheet once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock_refusals import StockRefused
from province.custody import organisations
from province.journal.models import FeedDocument
from province.journal.projecting import differences
from tests.province.fixtures import OTHER_STATION, STATION, Province
from tests.province.institutional import chain, one_chain
from tests.province.institutions import (
    CITY,
    COUNTY,
    OTHER_CITY,
    OTHER_COUNTY,
    PROVINCE,
    PROVINCE_HEAD,
    SHEET,
    UNIT,
    register,
)

__all__ = ["chain", "one_chain"]  # found by their names
AUTHORITY = 500


def heard(province: Province, station: int = STATION) -> list[tuple[int, int]]:
    """The sheets a device of a station pulls: organisation and ordinal, in order."""
    device = province.enrol(station=station, people=())
    return [(sheet.organisation, sheet.ordinal) for sheet in device.held(OrganisationSheet)]


def authority(province: Province, number: int = AUTHORITY, **changes: Any) -> OrganisationSheet:
    """An authority; the province's first."""
    stated = {"line": "authority", "level": "province", "area": 320000, "by": PROVINCE_HEAD}
    return register(province, number, **(stated | changes))


def test_a_station_hears_of_its_own_chain_and_of_nobody_elses(chain: Province) -> None:
    assert heard(chain) == [(UNIT, 1), (COUNTY, 1), (CITY, 1), (PROVINCE, 1)]
    others = {organisation for organisation, _ordinal in heard(chain, OTHER_STATION)}
    assert {OTHER_CITY, OTHER_COUNTY, PROVINCE} < others
    assert not others & {UNIT, COUNTY, CITY}
    assert differences(chain.using) == []


def test_g22_the_other_line_is_heard_by_the_stations_in_its_area(one_chain: Province) -> None:
    authority(one_chain)
    authority(one_chain, 501, level="city", superior=AUTHORITY, area=321000)
    authority(one_chain, 502, level="county", superior=501, area=321084)
    assert heard(one_chain)[-3:] == [(AUTHORITY, 1), (501, 1), (502, 1)]
    assert heard(one_chain, OTHER_STATION)[-1] == (AUTHORITY, 1)


def test_g46_a_changed_sheet_is_heard_once_by_those_below_and_by_nobody_else(one_chain: Province) -> None:
    before = heard(one_chain), heard(one_chain, OTHER_STATION)
    register(one_chain, CITY, level="city", superior=PROVINCE, area=321000, name="扬州市水生动物卫生监督所")
    assert heard(one_chain) == [*before[0], (CITY, 2)]
    assert heard(one_chain, OTHER_STATION) == before[1]


def test_a_unit_that_moves_hears_of_its_new_chain(one_chain: Province) -> None:
    register(
        one_chain,
        UNIT,
        level="station",
        superior=OTHER_COUNTY,
        area=321281,
        station=STATION,
        filing="备 3",
        category="aquatic_seed",
        filed_from="2026-01-01",
    )
    assert heard(one_chain)[-3:] == [(UNIT, 2), (OTHER_COUNTY, 1), (OTHER_CITY, 1)]


def test_who_leaves_an_area_is_told_and_who_comes_into_it_too(one_chain: Province) -> None:
    authority(one_chain)
    authority(one_chain, 501, level="city", superior=AUTHORITY, area=321000)
    authority(one_chain, 501, level="city", superior=AUTHORITY, area=321200)
    assert heard(one_chain)[-1] == (501, 2)
    assert heard(one_chain, OTHER_STATION)[-1] == (501, 2)


@pytest.mark.parametrize("changes", [{"superior": OTHER_CITY}, {"area": 321281}, {"head": 9999}])
def test_what_is_refused_is_told_to_nobody(one_chain: Province, changes: dict[str, Any]) -> None:
    told = FeedDocument.objects.using(one_chain.using).count()
    place: dict[str, Any] = {"organisation": COUNTY, "level": "county", "superior": CITY, "area": 321084}
    sheet = msgspec.structs.replace(SHEET, **(place | changes))
    assert isinstance(organisations.register(one_chain.using, sheet), StockRefused)
    assert FeedDocument.objects.using(one_chain.using).count() == told


def test_a_station_under_no_organisation_hears_of_none(province: Province) -> None:
    register(province, PROVINCE, level="province", area=320000, by=14)
    assert heard(province) == []
