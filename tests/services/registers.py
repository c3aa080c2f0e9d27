"""A register of organisations as a province tells it to the station under test."""

from __future__ import annotations

import msgspec

from inspector_app.domain.organisations import OrganisationSheet
from tests.office import HEAD, STATION

PROVINCE, CITY, COUNTY, UNIT = 1, 10, 100, 1000
COUNTY_AUTHORITY, CITY_AUTHORITY = 500, 501
COUNTY_KEEPER = 33
_BLANK = OrganisationSheet(0, 1, "", "institution", "", 0, 0, 0, 0, "", "", "", "", 41, 1)


def sheet(organisation: int, name: str, level: str, superior: int, area: int, **changes: object) -> OrganisationSheet:
    """One organisation of the line of institutions."""
    stated = {"organisation": organisation, "name": name, "level": level, "superior": superior, "area": area}
    return msgspec.structs.replace(_BLANK, **(stated | changes))


def authority(name: str = "高邮市农业农村局（登记）", **changes: object) -> OrganisationSheet:
    """The county's authority."""
    held = sheet(COUNTY_AUTHORITY, name, "county", CITY_AUTHORITY, 321084, line="authority")
    return msgspec.structs.replace(held, **changes)


def chain() -> list[OrganisationSheet]:
    """The station as a filed using unit, what stands above it, and the authorities over its area."""
    filed = {"filing": "备 3", "category": "aquatic_seed", "filed_from": "2026-01-01"}
    return [
        sheet(UNIT, "高邮湖西检疫站", "station", COUNTY, 321084, station=STATION, head=HEAD, **filed),
        sheet(COUNTY, "高邮市水生动物卫生监督所", "county", CITY, 321084),
        sheet(CITY, "扬州市水生动物卫生监督所", "city", PROVINCE, 321000),
        sheet(PROVINCE, "江苏省水生动物卫生监督所", "province", 0, 320000),
        sheet(CITY_AUTHORITY, "扬州市农业农村局（登记）", "city", 0, 321000, line="authority"),
        authority(),
    ]
