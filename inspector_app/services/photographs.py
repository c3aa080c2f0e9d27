"""The photograph that comes later: a reason excused it when the act was recorded, and now there is one.

No act waits for it, and what was recorded stays as it is: the picture stands beside it. But it is owed, and within a
term: until it is there, the reason stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.custody import SheetSpoiled
from inspector_app.journal.entries.photographs import PhotographsAdded, excuse_of
from inspector_app.journal.entries.sheets import SheetTakenIn
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries
from inspector_app.services.typed import attachment_refusals

NOTHING_THERE = "nothing_there"
"""The reason after which no photograph can ever come."""


GONE = (SheetState.RETURNED, SheetState.DESTROYED, SheetState.LOST)

OF_ONE_SHEET = {
    SheetSpoiled.KIND: SheetState.SPOILED,
    BlankSpoiled.KIND: SheetState.SPOILED,
    SheetTakenIn.KIND: SheetState.COLLECTED,
}


class Owed(NamedTuple):
    """A photograph that is still to come: of the act ``ref``, of the sheets of ``number``, by the legal day ``due_on``.

    ``state`` is what that act made of one sheet; None where it ended a paper.
    """

    ref: str
    number: str
    due_on: str
    state: SheetState | None


def owed_photographs(device: Device) -> list[Owed]:
    """Photographs of sheets that a reason excused and nobody has added, by their last legal day (GX-2014 Art. 23).

    A count or a check of a store is over when it is over: its picture cannot come later. Nor can that of a sheet which
    is not here any more.
    """
    rows = [row for row in device.rows.many("excuses") if row["number"] and row["reason"] != NOTHING_THERE]
    left = [row for row in rows if not later_pictures(device, str(row["ref"])) and _is_there(device, row)]
    return sorted((_owed(device, row) for row in left), key=lambda one: (one.due_on, one.number))


def _owed(device: Device, row: Row) -> Owed:
    policy = device.policy()
    due_on = policy.after_working_days(legal_date(int(row["at"] or 0)), policy.photograph_working_days)
    return Owed(str(row["ref"]), str(row["number"]), due_on, OF_ONE_SHEET.get(str(row["kind"])))


def _is_there(device: Device, row: Row) -> bool:
    """Whether anything with this number is left to be photographed; of a foreign sheet no row need be known."""
    sheets = device.rows.many("sheets", number=row["number"])
    return not sheets or any(sheet["state"] not in GONE for sheet in sheets)


def add_photographs(device: Device, about: str, photos: Sequence[str]) -> str | Refused:
    """Put photographs beside the entry ``about``, which a reason had excused; returns the new entry."""
    fact = PhotographsAdded(about=about, attachments=list(photos))

    def build(act: Act) -> str:
        return act.add(fact, sign=device.sign)

    return device.record_unless(lambda: photograph_refusals(device, about, photos), build)


def photograph_refusals(device: Device, about: str, photos: Sequence[str]) -> list[Refusal]:
    """Why no photograph is added: none given, nothing known of the act, or one it had from the beginning."""
    found = device.may(Action.ADD_PHOTOGRAPH) + attachment_refusals(device, photos)
    if not photos:
        found.append(Refusal(code=RefusalCode.PHOTO_MISSING, field="attachments"))
    excused = is_excused(device, about)
    if excused is None:
        found.append(Refusal(code=RefusalCode.NOT_FOUND, field="about", current=about))
    elif not excused:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="about", current=about))
    return found


def is_excused(device: Device, about: str) -> bool | None:
    """Whether a reason stands where an act has no photograph; None for an act nothing is known of."""
    entry = KnownEntries(device).find(about) if "/" in about else None
    if entry is None or entry.fact is None:
        return None
    return bool(excuse_of(entry.fact))


def later_pictures(device: Device, about: str) -> int:
    """How many photographs were added to an act later."""
    return sum(int(row["pictures"] or 0) for row in device.rows.many("photographs", about=about))
