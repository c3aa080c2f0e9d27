"""The photograph that comes later: a reason excused it when the act was recorded, and now there is one.

Nothing waits for it, and what was recorded stays as it is: the picture stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.photographs import PhotographsAdded
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries
from inspector_app.services.typed import attachment_refusals

EXCUSES = ("no_picture", "unpictured")
"""The fields of facts that hold the reason why there was no photograph."""


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
    return any(getattr(entry.fact, name, "") for name in EXCUSES)


def later_pictures(device: Device, about: str) -> int:
    """How many photographs were added to an act later."""
    return sum(int(row["pictures"] or 0) for row in device.rows.many("photographs", about=about))
