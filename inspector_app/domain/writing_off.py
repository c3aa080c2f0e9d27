"""Writing off (核销): what is asked of each paper that comes back (GX-2014 Art. 25).

Legal form, institution and vet follow from what is known. Filling, handwriting and the marks of a paper that was issued
blank, forged or altered are looked for by a person. Where both copies are there, they are held against each other, and
both against the electronic copy, the third witness.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

from inspector_app.domain.quantities import Quantity, QuantityError, Units, UnitsDifferError, compare
from inspector_app.domain.rules import enforces

CHECKS = "write_off"
"""The list of checks a person makes."""


class Trait(enum.StrEnum):
    """What of a paper is lawful or not, by the data known (Art. 25 (1))."""

    FORM = "form"
    INSTITUTION = "institution"
    VET = "vet"


class Mismatch(enum.StrEnum):
    """In what copies and record do not say the same (Art. 25 (3))."""

    DATE = "date"
    QUANTITY = "quantity"
    HANDWRITING = "handwriting"


class CopyRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a copy (联) says: the day of issue (ISO) and the quantity; ``sheet`` is its place in the form."""

    sheet: int
    issued_on: str
    quantity: Quantity


@enforces("G44")
def find_mismatches(
    issued_on: str, quantity: Quantity, copies: Iterable[CopyRead], units: Units, *, same_hand: bool
) -> list[str]:
    """In what the copies read differ from the record, and so from each other; in the order of :class:`Mismatch`."""
    read = list(copies)
    found = [Mismatch.DATE] if any(copy.issued_on != issued_on for copy in read) else []
    found += [Mismatch.QUANTITY] if any(not _is_same(copy.quantity, quantity, units) for copy in read) else []
    found += [] if same_hand else [Mismatch.HANDWRITING]
    return [one.value for one in found]


def _is_same(one: Quantity, other: Quantity, units: Units) -> bool:
    try:
        return compare(one, other, units) == 0
    except (QuantityError, UnitsDifferError):
        return False
