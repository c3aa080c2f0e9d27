"""Old sheets counted in (清点收回): the keeper above counts a station's hand-in against its slip (GX-2014 Art. 10).

That sheets left the station is the station's word; that they came back is the word of who took them. Only what was
counted in is settled for the next draw.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


@document("old_sheets_received", 1, signed_by=Role.SERVER)
class OldSheetsReceived(msgspec.Struct, frozen=True, array_like=True):
    """A count of what one slip names, ``hand_in`` being the entry that handed it in; a later count may find the rest.

    ``counted`` sheets were there, ``missing`` (``B 9900000003 1/2``: number, print, place in the form) were not. Where
    some are missing a case is open at the station from the count on, to be concluded by ``due_on``. ``organisation``
    and ``location`` are the store the sheets lie in, 0 where the station stands under no organisation.
    """

    receipt: str
    hand_in: str
    station: int
    organisation: int
    location: int
    counted: int
    missing: tuple[str, ...]
    on: str
    due_on: str
    by: int
    at: int


def count_refusals(named: Collection[str], missing: Collection[str], counted: int) -> list[StockRefusal]:
    """What was counted and what is missing make up the slip: every sheet of it is the one or the other."""
    strange = [one for one in missing if one not in named]
    found = [refusal(StockCode.NOT_ON_SLIP, current=one) for one in dict.fromkeys(strange)]
    if not found and counted + len(set(missing)) != len(named):
        found.append(
            refusal(StockCode.COUNT_MISFITS_SLIP, current=counted, limit=len(named), missing=len(set(missing)))
        )
    return found
