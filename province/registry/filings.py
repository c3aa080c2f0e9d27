"""Where a vet is filed (备案) when a grant is given: A with the province's institution, B with a city's or county's.

Asked for once the station, or for a grant at any station anybody, is registered as a using unit; before that there is
no register a filing could name (GX-2014 Art. 19).
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.filings import FILED_AT, Filing
from inspector_app.domain.organisations import Line, OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.errors import StationError
from inspector_app.journal.books.register import organisation_of, superiors, unit_of
from province.journal.rows import DjangoRows


class FiledWith(msgspec.Struct, frozen=True):
    """A filing as it is stated: the kind, the institution's number in the register, the number of the filing."""

    kind: str
    organisation: int
    number: str


def read_filed(text: str) -> FiledWith:
    """``A=1/桂检A-0012``: kind, institution, filing number. StationError ``province.filing_unreadable``."""
    kind, _, rest = text.partition("=")
    organisation, _, number = rest.partition("/")
    if not (kind and number.strip() and organisation.isascii() and organisation.isdigit()):
        raise StationError("province.filing_unreadable", filed=text)
    return FiledWith(kind, int(organisation), number.strip())


def filings_of(using: str, station: int, kinds: tuple[str, ...], filed: tuple[FiledWith, ...]) -> tuple[Filing, ...]:
    """The filings of a grant. StationError ``province.filing_missing`` or ``province.filing_misplaced``."""
    rows = DjangoRows(using)
    if is_needed(rows, station) and (lacking := sorted({*kinds} & {*FILED_AT} - {one.kind for one in filed})):
        raise StationError("province.filing_missing", kind=lacking[0])
    return tuple(_filing(rows, station, one) for one in filed if one.kind in kinds)


@enforces("G24", "G25")
def is_needed(rows: DjangoRows, station: int) -> bool | None:
    """Whether a vet of the station has to be filed; None where no register could say with whom."""
    known = unit_of(rows, station) is not None if station else bool(rows.count("organisations"))
    return known or None


def _filing(rows: DjangoRows, station: int, one: FiledWith) -> Filing:
    row = rows.one("organisations", organisation=one.organisation)
    held = organisation_of(row) if row is not None else None
    if held is None or misplaced(rows, station, one.kind, held):
        raise StationError("province.filing_misplaced", kind=one.kind, organisation=one.organisation)
    return Filing(one.kind, held.organisation, held.level, one.number)


@enforces("G24", "G25")
def misplaced(rows: DjangoRows, station: int, kind: str, held: OrganisationSheet) -> bool | None:
    """Whether an institution files no vets of a station for a kind: not of its level, or not above its using unit."""
    if held.line != Line.INSTITUTION or held.level not in FILED_AT.get(kind, frozenset()):
        return True
    unit = unit_of(rows, station)
    return unit is not None and held.organisation not in {upper.organisation for upper in superiors(rows, unit)}
