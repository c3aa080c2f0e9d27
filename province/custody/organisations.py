"""The register of organisations and of their stores, each with its one keeper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from inspector_app.domain.organisations import (
    Line,
    LocationSheet,
    OrganisationSheet,
    StoreHandedOver,
    Tier,
    is_inside,
)
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.books import register as books
from inspector_app.journal.projections import Row
from province import provinces
from province.custody.deciding import (
    Sides,
    date_refusals,
    deciding,
    moment,
    people_refusals,
    record_by_authority,
    refuse,
)
from province.custody.keepers import count_refusals, heading_refusals, naming_refusals
from province.custody.register_told import tell_stations
from province.high_water import next_ordinal
from province.journal.rows import DjangoRows
from province.registry.models import Station

S = TypeVar("S", bound=msgspec.Struct)


def find(using: str, number: int) -> OrganisationSheet | None:
    """The organisation with this number."""
    return sheet_of(OrganisationSheet, DjangoRows(using).one("organisations", organisation=number))


def of_station(using: str, station: int) -> OrganisationSheet | None:
    """The using unit a station is; None for a station that stands under no organisation."""
    return books.unit_of(DjangoRows(using), station)


def location_of(using: str, organisation: int, location: int) -> LocationSheet | None:
    """A store of an organisation."""
    found = DjangoRows(using).one("stock_locations", organisation=organisation, location=location)
    return sheet_of(LocationSheet, found)


def sheet_of(shape: type[S], row: Row | None) -> S | None:
    """The sheet a row was made from."""
    if row is None:
        return None
    return msgspec.convert([row[field] for field in shape.__struct_fields__], shape)


def stations_below(using: str, organisation: int) -> list[int]:
    """The registered stations that stand, at any distance, under an organisation."""
    return books.stations_below(DjangoRows(using), organisation)


def register(using: str, sheet: OrganisationSheet) -> OrganisationSheet | StockRefused:
    """Register an organisation, or change it; ``ordinal`` and ``at`` are set here.

    It stands directly under its superior of the same line and inside its area; only the province's own has none.
    """
    with deciding(using):
        if found := _register_refusals(using, sheet):
            return refuse(using, _sides("organisation", sheet.by, sheet.organisation), found)
        held = find(using, sheet.organisation)
        ordinal = _ordinal(using, f"organisation {sheet.organisation}", held.ordinal if held else 0)
        made = msgspec.structs.replace(sheet, ordinal=ordinal, at=moment(using))
        record_by_authority(using, made)
        tell_stations(using, made, held)
        return made


def _register_refusals(using: str, sheet: OrganisationSheet) -> list[StockRefusal]:
    found = people_refusals(using, sheet.by, sheet.head)
    found += heading_refusals(using, sheet.organisation, sheet.head)
    found += date_refusals(sheet.filed_from, sheet.filed_until)
    known = sheet.line in set(Line) and sheet.level in set(Tier)
    if not known or not _is_in_place(using, sheet) or not _holds_those_below(using, sheet):
        found.append(refusal(StockCode.ORGANISATION_MISPLACED, organisation=sheet.organisation, upper=sheet.superior))
    return found + _station_refusals(using, sheet)


def _is_in_place(using: str, sheet: OrganisationSheet) -> bool:
    if sheet.level == Tier.PROVINCE:
        return sheet.superior == 0
    upper = find(using, sheet.superior)
    if upper is None or upper.line != sheet.line:
        return False
    return Tier(upper.level).below == sheet.level and is_inside(sheet.area, upper.area)


def _holds_those_below(using: str, sheet: OrganisationSheet) -> bool:
    """Whether who stands under it still stands right: who is moved takes nobody along, and strands nobody."""
    rows = DjangoRows(using).many("organisations", superior=sheet.organisation)
    lowers = [lower for row in rows if (lower := sheet_of(OrganisationSheet, row)) is not None]
    below = Tier(sheet.level).below
    return all(
        lower.line == sheet.line and lower.level == below and is_inside(lower.area, sheet.area) for lower in lowers
    )


def _station_refusals(using: str, sheet: OrganisationSheet) -> list[StockRefusal]:
    """A station is one using unit, and a using unit at station level is one station."""
    if (sheet.level == Tier.STATION) != bool(sheet.station):
        return [refusal(StockCode.ORGANISATION_MISPLACED, organisation=sheet.organisation, upper=sheet.superior)]
    if not sheet.station:
        return []
    other = of_station(using, sheet.station)
    registered = Station.objects.using(using).filter(number=sheet.station).exists()
    if registered and (other is None or other.organisation == sheet.organisation):
        return []
    return [refusal(StockCode.STATION_TAKEN, station=sheet.station)]


def place_store(
    using: str,
    organisation: int,
    location: int,
    *,
    store: str,
    keeper: int,
    by: int,
    counted: Mapping[str, int] | None = None,
) -> LocationSheet | StockRefused:
    """Name a store of an organisation (专库、专柜) and its one keeper; naming it again changes them.

    A new keeper takes over what both ``counted``: how many of each kind.
    """
    with deciding(using):
        held, sheet = location_of(using, organisation, location), find(using, organisation)
        found = people_refusals(using, by, keeper)
        if sheet is None or not keeper:
            found.append(refusal(StockCode.ORGANISATION_UNKNOWN, current=organisation))
        else:
            found += naming_refusals(sheet, held, keeper=keeper, by=by)
            found += count_refusals(using, held, keeper, counted or {})
        if found:
            return refuse(using, _sides("store", by, organisation), found)
        ordinal = _ordinal(using, f"stock_location {organisation} {location}", held.ordinal if held else 0)
        made = LocationSheet(organisation, location, ordinal, store, keeper, by, moment(using))
        record_by_authority(using, made)
        if held is not None and held.keeper != keeper:
            record_by_authority(using, _handed_over(made, held.keeper, counted or {}))
        return made


def _handed_over(now: LocationSheet, previous: int, counted: Mapping[str, int]) -> StoreHandedOver:
    goods = tuple((kind, count) for kind, count in sorted(counted.items()) if count)
    place = (now.organisation, now.location, now.ordinal)
    return StoreHandedOver(*place, previous, now.keeper, goods, now.by, now.at)


def _ordinal(using: str, named: str, last: int) -> int:
    return next_ordinal(provinces.of(using).high_water, named, last)


def _sides(act: str, by: int, organisation: int) -> Sides:
    return Sides(act=act, by=by, organisation=organisation)
