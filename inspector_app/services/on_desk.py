"""Sheets in the station's hands, and what of them stands against ending a paper (作废, 换证)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.custody import LOST_BEFORE_HAND_OVER, SheetState
from inspector_app.domain.numbering import Number
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import SheetLost
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.sheets import STUB
from inspector_app.services.device import Device

HELD = (SheetState.PRINTED, SheetState.KEPT, SheetState.SPOILED)


def paper_row(device: Device, number: str) -> Row | None:
    """The certificate or treatment notice of this number."""
    return device.rows.one("certificates", number=number) or device.rows.one("notices", number=number)


class Sheet(NamedTuple):
    """One sheet of a paper, by its print and its place in the form."""

    print_no: int
    sheet: int


def sheets_in_hand(device: Device, number: str) -> list[Sheet]:
    """The sheets of a paper in hand: the station's for an own paper, of a sister's only those kept here.

    A sister's sheets may be lost with her computer; they must not keep anybody from voiding.
    """
    row = paper_row(device, number) or {}
    rows = [sheet for sheet in device.rows.many("sheets", number=number) if sheet["state"] in HELD]
    own = row.get("device") == device.id
    here = [sheet for sheet in rows if own or sheet["device"] == device.id]
    return [Sheet(int(sheet["print"] or 0), int(sheet["sheet"] or 0)) for sheet in here]


def sheets_on_desk(device: Device, number: str) -> int:
    """How many sheets of a paper are in hand."""
    return len(sheets_in_hand(device, number))


def strange_number_refusals(device: Device, row: Row | None) -> list[Refusal]:
    """A sister's paper whose number this computer cannot name yet: her block, or an order for it, has to arrive."""
    # A sister's number is known with her block; before that has arrived here nothing can be said of it.
    if row is None or row["device"] == device.id or device.rows.many("numbers", number=row["number"]):
        return []
    if device.rows.one("print_orders", number=row["number"], state="received") is not None:
        return []
    return [Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(row["device"])})]


@enforces("G35")
def ending_refusals(device: Device, number: str, counted: int, lost: Sequence[Sheet] = ()) -> list[Refusal]:
    """Why a paper may not end now: a print nobody answered for here, or sheets nobody accounts for before hand-over."""
    found = []
    if device.rows.many("attempts", number=number, outcome="open", device=device.id):
        found.append(Refusal(code=RefusalCode.PRINT_OPEN, details={"number": number}))
    row = paper_row(device, number)
    held = sheets_in_hand(device, number)
    strange = [sheet for at, sheet in enumerate(lost) if sheet not in held or sheet in lost[:at]]
    if strange:
        named = f"{strange[0].print_no}/{strange[0].sheet}"
        return [*found, Refusal(code=RefusalCode.FIELD_INVALID, field="lost", current=named)]
    out = len(held) - len(lost)
    if row is not None and not row["handed_over_at"] and counted != out:
        found.append(Refusal(code=RefusalCode.COPIES_NOT_ON_DESK, field="on_desk", limit=out, current=counted))
    return found


@enforces("G45")
def in_force_refusals(device: Device, number: str, at: Sheet) -> list[Refusal]:
    """A sheet that could pass for a certificate in force is not lost by itself: whoever held it would be believed.

    It is lost together with what ends it, the void, the replacement or the next print (GX-2014 Art. 26). A stub, and
    the sheets of a print that counts no more, convince nobody.
    """
    row = paper_row(device, number)
    waits = row is not None and row["state"] == CertificateState.ISSUED and not row["handed_over_at"]
    if not waits or at.sheet == STUB or at.print_no != _current_print(device, number):
        return []
    return [Refusal(code=RefusalCode.PAPER_IN_FORCE, field="sheet", current=number)]


def _current_print(device: Device, number: str) -> int:
    counting = [row for row in device.rows.many("prints", number=number) if row["state"] != "sealed"]
    return max((int(row["print"] or 0) for row in counting), default=0)


@enforces("G47")
def travelling_refusals(device: Device, number: str, print_no: int, *, handed_at: int | None = None) -> list[Refusal]:
    """Why the holder cannot have received this print: a sheet of it is spoiled, lost or gone, not on the desk.

    A hand-over that lay before (``handed_at``, UTC ms) is a fact, whatever was told of its sheets since.
    """
    rows = device.rows.many("sheets", number=number, print=print_no)
    found = []
    for row in rows:
        told_since = handed_at is not None and handed_at < int(row["at"] or 0)
        if row["sheet"] != STUB and row["state"] != SheetState.PRINTED and not told_since:
            current, details = str(row["state"]), {"sheet": f"{number} {print_no}/{row['sheet']}"}
            found.append(Refusal(code=RefusalCode.WRONG_STATE, field="sheet", current=current, details={**details}))
    return found


def report_lost(act: Act, number: Number, lost: Sequence[Sheet]) -> None:
    """Before the end of a paper: the sheets of it that nobody can find."""
    for sheet in lost:
        act.add(SheetLost(number, sheet.print_no, sheet.sheet, category=LOST_BEFORE_HAND_OVER))


def stub_waits(device: Device, number: str) -> bool:
    """Whether a paper was handed over and its stub is not on file yet (存根待归档)."""
    row = paper_row(device, number)
    if row is None or not row["handed_over_at"]:
        return False
    return bool(device.rows.many("sheets", number=number, sheet=STUB, state=SheetState.PRINTED.value))


def stubs_waiting(device: Device) -> list[str]:
    """Numbers of the papers whose stubs, in the keeping of this device, are still to be filed."""
    rows = device.rows.many("sheets", device=device.id, sheet=STUB, state=SheetState.PRINTED.value)
    return [str(row["number"]) for row in rows if stub_waits(device, str(row["number"]))]
