"""On which day something counts for one device: its own acts when they were done, a sister's when they became known.

A void works at any computer of the station. It is an act of the computer that made it and counts in that one's day
close, whosever number it was. To the computer whose number or sheet it was, it happens on the day its pull brings it:
that day's sheet is the first that can say so, and a day signed before stays as it was signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.custody import SheetState
from inspector_app.journal.projections import Row, Value
from inspector_app.services.device import Device

PAPERS = ("certificates", "notices")


class Known(NamedTuple):
    """Since when a device knows of an entry: the day, and the seq of its own entry by which it does."""

    day: str
    seq: int


class Ended(msgspec.Struct, frozen=True):
    """A paper voided or replaced: its number and state, the device it is a number of, the device that ended it."""

    number: str
    state: str
    device: str
    ended_at: str

    @property
    def kind(self) -> str:
        """The kind of the number."""
        return self.number.partition(" ")[0]


class Endings(NamedTuple):
    """What ended on a day: by this device's own acts, and its numbers that a sister ended."""

    here: list[Ended]
    elsewhere: list[Ended]

    @property
    def for_sisters(self) -> list[Ended]:
        """Ended here although the number is a sister's."""
        return [one for one in self.here if one.device != one.ended_at]


def known(device: Device, ref: Value, at: Value) -> Known:
    """When an entry (by name, and its own time) became known on this device."""
    writer, _, seq = str(ref).partition("/")
    if writer == device.id:
        return Known(legal_date(int(at or 0)), int(seq))
    row = device.rows.one("relayed", ref=str(ref)) or {}
    return Known(legal_date(int(row["pulled_at"] or 0)), int(str(row["pulled_ref"]).partition("/")[2]))


def endings(device: Device, date: str) -> Endings:
    """What ended on a day, as this device's day close counts it."""
    found = [_ended(row) for row in _concerning(device) if known(device, row["void_ref"], row["void_at"]).day == date]
    return Endings(
        here=[one for one in found if one.ended_at == device.id],
        elsewhere=[one for one in found if one.ended_at != device.id],
    )


def _ended(row: Row) -> Ended:
    by = str(row["void_ref"]).partition("/")[0]
    return Ended(str(row["number"]), str(row["state"]), str(row["device"]), by)


def _concerning(device: Device) -> Iterator[Row]:
    """Papers that ended here, or that are this device's and ended anywhere."""
    for table in PAPERS:
        for row in device.rows.many(table, order="number"):
            if row["void_ref"] and (row["device"] == device.id or str(row["void_ref"]).startswith(f"{device.id}/")):
                yield row


def moves(device: Device) -> list[Row]:
    """Every move of the sheets in this device's keeping, on the day it became known here."""
    held = device.rows.many("sheet_moves", device=device.id)
    return [row | {"day": known(device, row["ref"], row["at"]).day} for row in held]


def told_after(device: Device, date: str) -> list[str]:
    """Numbers of which a sheet here, void or lost in the books, turned out on a day to be with its holder (补录)."""
    held = moves(device)
    gone = {_sheet(row) for row in held if row["state"] in (SheetState.SPOILED, SheetState.LOST)}
    given = [row for row in held if row["day"] == date and row["state"] == SheetState.HANDED_OVER]
    return sorted({str(row["number"]) for row in given if _sheet(row) in gone})


def _sheet(move: Row) -> tuple[Value, ...]:
    return move["number"], move["print"], move["sheet"]


def deeds(device: Device) -> Iterator[Known]:
    """Everything a day close counts: papers issued, papers ended, sheets moved."""
    for table in PAPERS:
        for row in device.rows.many(table, device=device.id):
            yield Known(str(row["issued_on"]), known(device, row["ref"], row["issued_at"]).seq)
    for row in _concerning(device):
        yield known(device, row["void_ref"], row["void_at"])
    for row in device.rows.many("sheet_moves", device=device.id):
        yield known(device, row["ref"], row["at"])
