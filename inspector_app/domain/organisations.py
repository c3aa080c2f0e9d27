"""Organisations (机构): two lines, four levels, who stands above whom, who is filed as a using unit (使用单位).

Certificates, seals and marks travel along the line of institutions (监督机构), one level at a time: province → city →
county → station (GX-2014 Art. 7). The authorities (主管部门) stand beside them and receive reports, never stock. A
station is the using unit of its county institution.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


class Line(enum.StrEnum):
    """To which line an organisation belongs: 主管部门 or 监督机构."""

    AUTHORITY = "authority"
    INSTITUTION = "institution"


class Tier(enum.StrEnum):
    """The level of an organisation, the highest first."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STATION = "station"

    @property
    def below(self) -> Tier | None:
        """The level directly below; None below a station."""
        tiers = list(Tier)
        at = tiers.index(self) + 1
        return tiers[at] if at < len(tiers) else None


@document("organisation", 1, signed_by=Role.AUTHORITY)
class OrganisationSheet(msgspec.Struct, frozen=True, array_like=True):
    """An organisation as registered; a later ``ordinal`` supersedes.

    ``superior`` is 0 for the province's own. ``station`` names the registered station a using unit is, otherwise 0.
    ``head`` (负责人) and ``by`` are roster numbers. ``filing`` is the number under which a using unit is filed (备案),
    "" for who is none; ``filed_from`` and ``filed_until`` are legal days, the latter "" for no end.
    """

    organisation: int
    ordinal: int
    name: str
    line: str
    level: str
    superior: int
    area: int
    station: int
    head: int
    filing: str
    category: str
    filed_from: str
    filed_until: str
    by: int
    at: int

    @property
    def gives(self) -> bool:
        """Whether stock passes through it to others: an institution above the stations."""
        return self.line == Line.INSTITUTION and self.level != Tier.STATION


@document("stock_location", 1, signed_by=Role.AUTHORITY)
class LocationSheet(msgspec.Struct, frozen=True, array_like=True):
    """A place where an organisation keeps stock (专库、专柜) and its one keeper (GX-2014 Art. 5)."""

    organisation: int
    location: int
    ordinal: int
    name: str
    keeper: int
    by: int
    at: int


@document("store_handed_over", 1, signed_by=Role.AUTHORITY)
class StoreHandedOver(msgspec.Struct, frozen=True, array_like=True):
    """A store passed from one keeper to the next, with what was counted: kinds and how many of each.

    ``ordinal`` is that of the :class:`LocationSheet` that names the new keeper; ``by`` is the organisation's head.
    """

    organisation: int
    location: int
    ordinal: int
    previous: int
    keeper: int
    counted: tuple[tuple[str, int], ...]
    by: int
    at: int


def is_inside(area: int, of: int) -> bool:
    """Whether an area (GB/T 2260) is ``of`` or lies in it: 321084 in 321000 in 320000."""
    pairs = [str(of)[at : at + 2] for at in range(0, 6, 2)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    return str(area).startswith("".join(pairs))


def is_in_force(sheet: OrganisationSheet, day: str) -> bool:
    """Whether a sheet's days cover a legal day; one without days always does."""
    return sheet.filed_from <= day and (not sheet.filed_until or day <= sheet.filed_until)


@enforces("G22")
def authority_beside(
    organisation: OrganisationSheet, register: Iterable[OrganisationSheet], day: str
) -> OrganisationSheet | None:
    """The authority (主管部门) of the same level on a day, to which a loss is reported (GX-2014 Art. 17).

    Of a station, which has no authority of its own level, that of its county. None where none is registered.
    """
    level = Tier.COUNTY if organisation.level == Tier.STATION else organisation.level
    beside = (one for one in register if one.line == Line.AUTHORITY and one.level == level)
    covering = (one for one in beside if is_inside(organisation.area, one.area) and is_in_force(one, day))
    return max(covering, key=lambda one: (one.area, one.ordinal, one.organisation), default=None)


@enforces("G02")
def keeper_refusals(location: LocationSheet | None, by: int) -> list[StockRefusal]:
    """Only the one named keeper of a location moves what lies there (GX-2014 Art. 5)."""
    keeper = location.keeper if location is not None else 0
    return [] if by == keeper else [refusal(StockCode.NOT_THE_KEEPER, limit=keeper or "", current=by)]


@enforces("G05")
def superior_refusals(lower: OrganisationSheet, upper: OrganisationSheet) -> list[StockRefusal]:
    """Orders go to the direct superior and stock comes from it alone (GX-2014 Art. 7)."""
    if upper.line == Line.INSTITUTION and lower.superior == upper.organisation:
        return []
    return [refusal(StockCode.NOT_DIRECT_SUPERIOR, limit=lower.superior or "", current=upper.organisation)]


@enforces("G06")
def district_refusals(lower: OrganisationSheet, upper: OrganisationSheet) -> list[StockRefusal]:
    """No order and no distribution past a level or across districts (不越级、不跨区域)."""
    found = []
    if Tier(upper.level).below != lower.level:
        found.append(refusal(StockCode.LEVEL_SKIPPED, upper=upper.level, lower=lower.level))
    if not is_inside(lower.area, upper.area):
        found.append(refusal(StockCode.ACROSS_DISTRICTS, limit=upper.area, current=lower.area))
    return found


@enforces("G08")
def unit_refusals(receiver: OrganisationSheet) -> list[StockRefusal]:
    """Whoever does not hand stock on must be a using unit (GX-2014 Art. 9)."""
    if receiver.gives or receiver.filing:
        return []
    return [refusal(StockCode.NOT_USING_UNIT, organisation=receiver.organisation)]


@enforces("G04")
def filing_refusals(receiver: OrganisationSheet, day: str, categories: Collection[str]) -> list[StockRefusal]:
    """A using unit is on the approved and filed list on that day, in a category that may use them (Art. 6, 9)."""
    if receiver.gives or not receiver.filing:
        return []
    in_time = receiver.filed_from <= day and (not receiver.filed_until or day <= receiver.filed_until)
    if in_time and receiver.category in categories:
        return []
    limit = receiver.filed_until or receiver.filed_from
    return [refusal(StockCode.NOT_FILED, organisation=receiver.organisation, filing=receiver.filing, limit=limit)]


def head_refusals(organisation: OrganisationSheet, head: int, keeper: int) -> list[StockRefusal]:
    """What needs approval is approved by the head, who is another person than the keeper, whatever posts they hold."""
    found = []
    if not head or head != organisation.head:
        found.append(refusal(StockCode.NOT_THE_HEAD, limit=organisation.head or "", current=head or ""))
    if head == keeper:
        found.append(refusal(StockCode.SAME_PERSON, current=head))
    return found
