"""Taking in a sheet that this station never issued: used papers kept at a check, given up or passed on (Art. 23 (5)).

No record of it is here, so it lies beside the papers of former systems: written off by holding its copies against each
other, handed in, or destroyed when it has been kept long enough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.numbering import MAX_DIGITS, Number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.lives import numbers_meant
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.sheets import SheetName, SheetTakenIn
from inspector_app.journal.projections.openings import FORMER
from inspector_app.services.device import Device
from inspector_app.services.sheet_custody import COLLECTION, find_row
from inspector_app.services.tracing import asked_for
from inspector_app.services.typed import attachment_refusals, picture_refusals, reason_refusals

SOURCE = "sheet_source"
"""The list of where a sheet came from."""
MOST_PLACES = 9
"""No form has more copies."""
_NUMBER = re.compile(rf"([ABN])([0-9]{{1,{MAX_DIGITS}}})")


class StrangeSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as it was found: what it bears (typed, or its code as it was scanned) and its place in the form.

    ``reason`` is of the list ``collection``, ``source`` of :data:`SOURCE`, ``no_picture`` of the list ``no_picture``.
    """

    bears: str
    sheet: int
    reason: str
    source: str
    photos: Sequence[str] = ()
    no_picture: str = ""
    note: str = ""


def number_borne(bears: str) -> Number | None:
    """The number a sheet bears; None for what is none. Kind and digits are both read off the paper."""
    typed = "".join(unicodedata.normalize("NFKC", asked_for(bears).number).upper().split())
    read = _NUMBER.fullmatch(typed)
    return Number("", read[1], read[2]) if read else None


def take_in_sheet(device: Device, strange: StrangeSheet) -> str | Refused:
    """Take a sheet in that this station never issued; returns the entry."""

    def build(act: Act) -> str:
        number = number_borne(strange.bears)
        assert number is not None
        fact = SheetTakenIn(
            number=number,
            sheet=strange.sheet,
            reason=strange.reason,
            source=strange.source,
            attachments=list(strange.photos),
            unpictured="" if strange.photos else strange.no_picture,
        )
        return act.add(fact, private=note_of(strange.note), sign=device.sign)

    return device.record_unless(lambda: take_in_refusals(device, strange), build)


@enforces("G36")
def take_in_refusals(device: Device, strange: StrangeSheet) -> list[Refusal]:
    """Why this sheet may not be taken in: no reason, source or photograph, or a number this station has itself."""
    found = device.may(Action.COLLECT_SHEET) + reason_refusals(device, COLLECTION, strange.reason, strange.note)
    found += reason_refusals(device, SOURCE, strange.source, strange.note, field="source")
    found += attachment_refusals(device, strange.photos)
    found += picture_refusals(device, strange.photos, strange.no_picture)
    if not 1 <= strange.sheet <= MOST_PLACES:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="sheet", current=strange.sheet, limit=MOST_PLACES))
    number = number_borne(strange.bears)
    if number is None:
        return [*found, Refusal(code=RefusalCode.FIELD_INVALID, field="number", current=strange.bears)]
    return found + _own_refusals(device, number, strange.sheet)


def _own_refusals(device: Device, number: Number, sheet: int) -> list[Refusal]:
    """What the station has a record of goes back to that record; what was taken in already is here."""
    if find_row(device, SheetName(number.kind, number.digits, FORMER, sheet)) is not None:
        return [Refusal(code=RefusalCode.ALREADY_RECORDED, field="number", current=f"{number} {FORMER}/{sheet}")]
    taken = {str(row["number"]) for row in device.rows.many("taken_in", number=str(number))}
    known = numbers_meant(device.rows, str(number)) and str(number) not in taken
    return [Refusal(code=RefusalCode.OWN_NUMBER, field="number", current=str(number))] if known else []
