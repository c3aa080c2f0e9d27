"""Old sheets before new numbers (缴旧领新): what is still to be settled of earlier draws (GX-2014 Art. 10)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.old_sheets import TO_HAND_IN, read_old_sheets
from inspector_app.journal.projections.hand_ins import missing_of
from inspector_app.services.device import Device

__all__ = ["TO_HAND_IN", "missing_of"]


class Outstanding(msgspec.Struct, frozen=True):
    """What is still to be settled of one draw: stubs not on file; old sheets neither counted in above nor concluded."""

    draw: str
    stubs: int
    sheets: int


@enforces("G09", "G10")
def outstanding(device: Device, kind: str) -> list[Outstanding]:
    """Draws of a kind with old sheets outstanding, the latest first, but for those that may be in arrears."""
    held, station = device.policy(), device.sheet.station
    arrears, handed_in = held.draws_in_arrears, held.stubs_handed_in
    found = read_old_sheets(device.rows, station, kind, arrears=arrears, stubs_handed_in=handed_in)
    return [Outstanding(one.draw, len(one.stubs), len(one.sheets)) for one in found]


def old_sheet_refusals(device: Device, kind: str) -> list[Refusal]:
    """Why no new numbers may be asked for now: the oldest draw with old sheets outstanding."""
    found = outstanding(device, kind)[-1:]
    return [
        Refusal(
            code=RefusalCode.OLD_SHEETS_OUTSTANDING,
            details={"draw": one.draw, "stubs": one.stubs, "sheets": one.sheets},
        )
        for one in found
    ]
