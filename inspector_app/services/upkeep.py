"""What keeps the books true and falls due at its time: stocktake, checks of stores, quarterly list, photographs.

Each is told to whoever may do it: on the first page, and before departure.
"""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.domain.authority import Action
from inspector_app.domain.custody import SheetState
from inspector_app.domain.numerals import iso_date
from inspector_app.services.destroying import asked_for, sheets_due
from inspector_app.services.device import Device
from inspector_app.services.keeping import stores
from inspector_app.services.photographs import owed_photographs
from inspector_app.services.sheet_custody import name_of
from inspector_app.services.stocktaking import own_stocktake, stocktake_due_on

STOCKTAKE, STORE_CHECK, DESTRUCTION = "stocktake_due", "store_check_due", "destruction_due"
PHOTOGRAPH = "photograph_due"


class Due(NamedTuple):
    """One thing that is due: its code, its last legal day, the store, sheets or number it is about.

    ``state`` is that of the sheets a photograph is owed of, None where their paper ended.
    """

    code: str
    due_on: str
    store: str = ""
    sheets: int = 0
    number: str = ""
    state: SheetState | None = None


def upkeep_due(device: Device) -> list[Due]:
    """Everything due today or before that the person signed in may do, by its last day.

    Old sheets are told of until the end of the quarter in which their term of keeping passes (GX-2014 Art. 23), and a
    photograph from the day on which a reason excused it.
    """
    found = [*_stocktake(device), *_stores(device), *_old_sheets(device), *_photographs(device)]
    return sorted(found, key=lambda one: (one.due_on, one.code))


def quarter_end(day: str) -> str:
    """The first legal day after the quarter a day is in, so that the list holds all that falls due in it."""
    on = iso_date(day)
    month = (on.month - 1) // 3 * 3 + 4
    return on.replace(year=on.year + month // 13, month=(month - 1) % 12 + 1, day=1).isoformat()


def _stocktake(device: Device) -> list[Due]:
    """Not of one that is under way: that is gone on with."""
    if device.may(Action.STOCKTAKE) or own_stocktake(device) is not None:
        return []
    due_on = stocktake_due_on(device)
    return [Due(STOCKTAKE, due_on)] if due_on <= device.today() else []


def _stores(device: Device) -> list[Due]:
    """Of the stores this person keeps, and has described."""
    if device.may(Action.CHECK_STORE):
        return []
    own = [one for one in stores(device) if one.described and one.keeper == device.person()]
    return [Due(STORE_CHECK, one.due_on, one.store) for one in own if one.due_on <= device.today()]


def _old_sheets(device: Device) -> list[Due]:
    """What nobody has asked to be destroyed yet."""
    if device.may(Action.REQUEST_DESTRUCTION):
        return []
    end = quarter_end(device.today())
    asked = asked_for(device)
    count = sum(1 for _kept, row in sheets_due(device, end) if name_of(row) not in asked)
    return [Due(DESTRUCTION, end, sheets=count)] if count else []


def _photographs(device: Device) -> list[Due]:
    if device.may(Action.ADD_PHOTOGRAPH):
        return []
    return [Due(PHOTOGRAPH, one.due_on, number=one.number, state=one.state) for one in owed_photographs(device)]
