"""What an open stocktake holds still: receipts, returns and hand-overs to the keeper, only in what is counted.

Issuing goes on. The block a vet works with is frozen from the moment it is counted, for ten minutes at most (policy).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.domain.stocktake import Difference, StocktakeState
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stocktakes import Counting, Movement, holds_still, kinds_of, lines_of
from inspector_app.services.device import Device

__all__ = ["kinds_of", "lines_of"]


def open_stocktakes(device: Device) -> list[Row]:
    """The stocktakes of this station that are under way, as far as this computer knows.

    Not one at a computer that was shut down meanwhile: nobody could ever close it.
    """
    rows = device.rows.many("stocktakes", state=StocktakeState.OPEN.value)
    return [row for row in rows if row["device"] == device.id or not _is_shut(device, str(row["device"]))]


def _is_shut(device: Device, other: str) -> bool:
    sheet = device.rows.one("devices", device=other)
    return sheet is not None and sheet["state"] != "active"


def differences_of(stocktake: Row) -> list[Difference]:
    """What it found when it was closed; nothing before, and for one given up."""
    return msgspec.json.decode(str(stocktake["differences"] or "[]"), type=list[Difference])


def counting(device: Device) -> list[Counting]:
    """The stocktakes under way with their books, which are long to read: for who asks about many numbers."""
    return [Counting(row, lines_of(row)) for row in open_stocktakes(device)]


@enforces("G20")
def frozen_refusals(
    device: Device, kind: str, first: str = "", last: str = "", *, among: Sequence[Counting] | None = None
) -> list[Refusal]:
    """Why nothing of this range moves in or out of the store now: who counts it and since when.

    Without a range, for what comes in: whether any stocktake at this computer counts the kind. ``among``: what
    :func:`counting` gave, where it has been asked already.
    """
    moved, since = Movement(device.id, kind, first, last), device.clock.now().at - device.policy().stocktake_freeze_ms
    for one in counting(device) if among is None else among:
        if holds_still(device.rows, one, moved, since=since, heard=lambda _count: True):
            return [under_way(one.row)]
    return []


def frozen_sheet_refusals(device: Device, sheets: Sequence[SheetName]) -> list[Refusal]:
    """Why these sheets do not leave the station now: one of them is being counted."""
    numbers, going_on = dict.fromkeys((one.kind, one.digits) for one in sheets), counting(device)
    for kind, digits in numbers:
        if found := frozen_refusals(device, kind, digits, digits, among=going_on):
            return found
    return []


def under_way(stocktake: Row) -> Refusal:
    """The refusal of what a stocktake holds up."""
    return Refusal(
        code=RefusalCode.STOCKTAKE_OPEN,
        current=str(stocktake["ref"]),
        details={"by": int(stocktake["opened_by"] or 0), "since": int(stocktake["opened_at"] or 0)},
    )
