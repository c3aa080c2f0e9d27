"""With which institutions the vets of a station are filed in a simulated world: the nearest that file for each kind."""

from __future__ import annotations

from inspector_app.domain.filings import FILED_AT
from inspector_app.journal.books.register import superiors, unit_of
from province.journal.rows import DjangoRows
from province.registry.filings import FiledWith


def filed(using: str, station: int, person: int) -> tuple[FiledWith, ...]:
    """A filing for A and one for B; none where the station is no registered using unit."""
    rows = DjangoRows(using)
    unit = unit_of(rows, station)
    uppers = list(superiors(rows, unit)) if unit is not None else []
    found = ((kind, next((one for one in uppers if one.level in levels), None)) for kind, levels in FILED_AT.items())
    return tuple(FiledWith(kind, one.organisation, f"{kind}-{person}") for kind, one in found if one is not None)
