"""The register of organisations as it is known where it is read: the province has all of it, a station its own chain.

A station hears of the using unit it is, of the institutions above it, and of the authorities over its area.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.domain.organisations import Line, OrganisationSheet, Tier, authority_beside, is_inside
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.rows import Rows


def unit_of(rows: Rows, station: int) -> OrganisationSheet | None:
    """The using unit (使用单位) a station is; None for one that is none, or of which no register was heard."""
    held = rows.many("organisations", order="at", station=station) if station else []
    return organisation_of(held[-1]) if held else None


def superiors(rows: Rows, organisation: OrganisationSheet) -> Iterator[OrganisationSheet]:
    """The organisations above one in its own line, the nearest first."""
    seen = {organisation.organisation}
    while organisation.superior and organisation.superior not in seen:
        row = rows.one("organisations", organisation=organisation.superior)
        if row is None:
            return
        organisation = organisation_of(row)
        seen.add(organisation.organisation)
        yield organisation


def authority_of(rows: Rows, organisation: OrganisationSheet, day: str) -> OrganisationSheet | None:
    """The authority of an organisation's level on a legal day; None where the register names none."""
    return authority_beside(organisation, _authorities(rows), day)


def chain_of(rows: Rows, unit: OrganisationSheet) -> list[OrganisationSheet]:
    """What a using unit's station is told of: the unit, the institutions above it, the authorities over its area."""
    over = [one for one in _authorities(rows) if is_inside(unit.area, one.area)]
    return [unit, *superiors(rows, unit), *over]


def stations_below(rows: Rows, organisation: int) -> list[int]:
    """The stations that stand, at any distance, under an organisation."""
    below = rows.many("organisations", superior=organisation)
    own = [int(row["station"] or 0) for row in below if row["station"]]
    return own + [one for row in below for one in stations_below(rows, int(row["organisation"] or 0))]


def stations_in(rows: Rows, area: int) -> list[int]:
    """The stations whose using unit lies in an area."""
    units = rows.many("organisations", level=Tier.STATION.value)
    return [int(row["station"] or 0) for row in units if row["station"] and is_inside(int(row["area"] or 0), area)]


def _authorities(rows: Rows) -> list[OrganisationSheet]:
    return [organisation_of(row) for row in rows.many("organisations", line=Line.AUTHORITY.value)]


def organisation_of(row: Row) -> OrganisationSheet:
    """The sheet a row was made from."""
    return msgspec.convert([row[name] for name in OrganisationSheet.__struct_fields__], OrganisationSheet)
