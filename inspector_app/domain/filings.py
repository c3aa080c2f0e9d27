"""With which institution a vet is filed (备案): who signs certificate A, and who B (GX-2014 Art. 19)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from inspector_app.domain.organisations import Tier
from inspector_app.domain.rules import enforces

FILED_AT: Final[dict[str, frozenset[Tier]]] = {
    "A": frozenset({Tier.PROVINCE}),
    "B": frozenset({Tier.CITY, Tier.COUNTY}),
}
"""The levels of the institutions whose filing covers each kind of certificate."""


class Filing(msgspec.Struct, frozen=True, array_like=True):
    """One filing of a vet, as the grant states it: for which kind, where, under which number.

    ``organisation`` is the institution's number in the register, ``level`` its level there on the day of the grant.
    """

    kind: str
    organisation: int
    level: str
    number: str


@enforces("G24", "G25")
def misfiled(kind: str, filings: Iterable[Filing]) -> Filing | None:
    """The filing that does not cover its kind: A is filed with the province, B with a city or county."""
    held = next((one for one in filings if one.kind == kind), None)
    return held if held is not None and held.level not in FILED_AT.get(kind, frozenset(Tier)) else None
