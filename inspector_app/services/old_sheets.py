"""Old sheets before new numbers (缴旧领新): what is still to be settled of earlier draws (GX-2014 Art. 10)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.hand_ins import is_settled, missing_of
from inspector_app.journal.projections.sheets import STUB
from inspector_app.services.device import Device
from inspector_app.services.on_desk import stub_waits

__all__ = ["missing_of"]

TO_HAND_IN = (SheetState.SPOILED, SheetState.COLLECTED, SheetState.FOUND)
"""States of a sheet at the station that goes to the keeper above."""


class Outstanding(msgspec.Struct, frozen=True):
    """What is still to be settled of one draw: stubs not on file, old sheets not handed in, or not counted in."""

    draw: str
    stubs: int
    sheets: int


@enforces("G09", "G10")
def outstanding(device: Device, kind: str) -> list[Outstanding]:
    """Draws of a kind with old sheets outstanding, the latest first, but for those that may be in arrears."""
    draws = device.rows.many("draws", order="issued_at", kind=kind, station=device.sheet.station)[::-1]
    counted = [_outstanding(device, draw) for draw in draws[device.policy().draws_in_arrears :]]
    return [one for one in counted if one.stubs or one.sheets]


def _outstanding(device: Device, draw: Row) -> Outstanding:
    held = [sheet for state in TO_HAND_IN for sheet in device.rows.many("sheets", state=state.value)]
    returned = device.rows.many("sheets", state=SheetState.RETURNED.value)
    held += [sheet for sheet in returned if _is_of(draw, sheet) and not is_settled(device.rows, sheet)]
    stubs = device.rows.many("sheets", sheet=STUB, state=SheetState.PRINTED.value)
    waiting = [stub for stub in stubs if stub_waits(device, str(stub["number"]))]
    name, of_draw = str(draw["draw"]), [_is_of(draw, one) for one in held]
    return Outstanding(name, sum(_is_of(draw, one) for one in waiting), sum(of_draw))


def _is_of(draw: Row, sheet: Row) -> bool:
    kind, _, digits = str(sheet["number"]).partition(" ")
    return kind == draw["kind"] and str(draw["first"]) <= digits <= str(draw["last"])


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
