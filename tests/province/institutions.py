"""A chain of institutions over the stations under test: province, two cities, a county and a using unit in each."""

from __future__ import annotations

import msgspec

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock import Distribution, StockReceived
from province.custody import deciding, distributing, keepers, organisations, receiving
from province.custody.distributing import DistributionRequest
from province.custody.receiving import Delivery
from province.registry import publishing
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province

PROVINCE, CITY, COUNTY, UNIT = 1, 10, 100, 1000
OTHER_CITY, OTHER_COUNTY, OTHER_UNIT = 20, 200, 2000
PROVINCE_KEEPER, CITY_KEEPER, COUNTY_KEEPER, OTHER_CITY_KEEPER, OTHER_COUNTY_KEEPER = 31, 32, 33, 35, 36
PROVINCE_HEAD, CITY_HEAD, COUNTY_HEAD, OTHER_HEAD = 41, 42, 43, 44
DEPUTY, LEGAL = 45, 46
"""Deputy leader and legal representative of every institution."""
FIRST, LAST = "9900001001", "9900004000"
"""Numbers of certificate B in stock that nobody drew when the tests begin."""

SHEET = OrganisationSheet(0, 0, "机构", "institution", "", 0, 0, 0, 0, "", "", "", "", PROVINCE_HEAD, 0)
_CHAIN = (
    (PROVINCE, "province", 0, 320000, PROVINCE_HEAD, PROVINCE_KEEPER),
    (CITY, "city", PROVINCE, 321000, CITY_HEAD, CITY_KEEPER),
    (COUNTY, "county", CITY, 321084, COUNTY_HEAD, COUNTY_KEEPER),
    (OTHER_CITY, "city", PROVINCE, 321200, OTHER_HEAD, OTHER_CITY_KEEPER),
    (OTHER_COUNTY, "county", OTHER_CITY, 321281, OTHER_HEAD, OTHER_COUNTY_KEEPER),
)


def found_chain(province: Province) -> None:
    """Register everybody, name every store and its keeper."""
    for person in (*range(31, 37), *range(41, 47)):
        publishing.add_person(province.using, person, name=f"机构人员{person}")
    for number, level, superior, area, head, keeper in _CHAIN:
        people = {"head": head, "deputy": DEPUTY, "legal": LEGAL}
        register(province, number, level=level, superior=superior, area=area, **people)
        name_keeper(province, number, keeper)
    register_unit(province)
    register_unit(province, OTHER_UNIT, superior=OTHER_COUNTY, station=OTHER_STATION, area=321281)


def register(province: Province, number: int, **changes: object) -> OrganisationSheet:
    """An organisation of the line of institutions; it must be accepted."""
    sheet = msgspec.structs.replace(SHEET, organisation=number, **changes)
    made = organisations.register(province.using, sheet)
    assert isinstance(made, OrganisationSheet), made
    return made


def register_unit(province: Province, number: int = UNIT, **changes: object) -> OrganisationSheet:
    """The station under test as a filed using unit of its county."""
    filed = {"filing": "备 3", "category": "aquatic_seed", "filed_from": "2026-01-01"}
    place = {"level": "station", "superior": COUNTY, "area": 321084, "station": STATION, "head": HEAD}
    made = register(province, number, **(place | filed | changes))
    name_keeper(province, number, VET)
    return made


def name_keeper(province: Province, organisation: int, keeper: int, *, location: int = 1) -> None:
    """The organisation's head names a store's keeper, who takes over what the book says."""
    sheet = organisations.find(province.using, organisation)
    assert sheet is not None
    counted = keepers.in_store(province.using, organisation, location)
    made = organisations.place_store(
        province.using, organisation, location, store="证章标志专用柜", keeper=keeper, by=sheet.head, counted=counted
    )
    assert not hasattr(made, "refusals"), made


def combine_posts(province: Province, organisation: int, head: int) -> None:
    """The head keeps the store too, as registers had it before these had to be two persons."""
    held = organisations.location_of(province.using, organisation, 1)
    assert held is not None
    sheet = msgspec.structs.replace(held, ordinal=held.ordinal + 1, keeper=head)
    deciding.record_by_authority(province.using, sheet)


def delivery(**changes: object) -> Delivery:
    """Certificates B from the printing house."""
    stated = Delivery(organisation=PROVINCE, kind="B", by=PROVINCE_KEEPER, typed=f"{FIRST}-{LAST}", note="SH-1")
    return msgspec.structs.replace(stated, **changes)


def receive(province: Province, **changes: object) -> StockReceived:
    province.clock.wait(1)
    made = receiving.receive(province.using, delivery(**changes))
    assert isinstance(made, StockReceived), made
    return made


def to_city(**changes: object) -> DistributionRequest:
    """500 certificates B from the province to the city."""
    stated = DistributionRequest(giver=PROVINCE, receiver=CITY, kind="B", by=PROVINCE_KEEPER, count=500)
    return msgspec.structs.replace(stated, **changes)


def to_county(**changes: object) -> DistributionRequest:
    """500 certificates B from the city to the county."""
    return to_city(giver=CITY, receiver=COUNTY, by=CITY_KEEPER, **changes)


def give(province: Province, request: DistributionRequest, keeper: int) -> Distribution:
    """A distribution that its receiver confirms at once."""
    province.clock.wait(1)
    made = distributing.distribute(province.using, request)
    assert isinstance(made, Distribution), made
    province.clock.wait(1)
    received = receiving.confirm_receipt(province.using, made.distribution, by=keeper)
    assert not hasattr(received, "refusals"), received
    return made


def stock_county(province: Province, count: int = 500, **changes: object) -> None:
    """Stock from the printing house into the county's store."""
    receive(province, **changes)
    give(province, to_city(count=count), CITY_KEEPER)
    give(province, to_county(count=count), COUNTY_KEEPER)
