"""Refusals for what a person typed or chose: texts, quantities, days, codes of the catalogue's lists.

What goes into the public part of an entry is kept for ever, so a code must be one of its list: free text there could
hold a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from inspector_app.domain.numerals import iso_date
from inspector_app.domain.quantities import Quantity, QuantityError, QuantityProblem, Units, base_value
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.typed_text import NAME_MAX, TextError, TextFault, clean_optional
from inspector_app.services.device import Device

NO_PICTURE = "no_picture"
"""The list of reasons why there is no photograph where one is asked for."""


def text_refusal(field: str, fault: TextFault) -> Refusal:
    """The refusal behind a fault of typed text."""
    details = {"problem": fault.problem.value, "amount": fault.amount, "character": fault.character}
    return Refusal(code=RefusalCode.FIELD_INVALID, field=field, details=details)


def text_refusals(form: msgspec.Struct, fields: Iterable[str]) -> list[Refusal]:
    """Controls, direction-changing characters and overlong text in the named fields of a form."""
    return [found for field in fields for found in one_text(field, getattr(form, field))]


def one_text(field: str, text: str, limit: int = NAME_MAX) -> list[Refusal]:
    """The same for one text of at most ``limit`` characters."""
    try:
        clean_optional(text, limit)
    except TextError as error:
        return [text_refusal(field, error.fault)]
    return []


def amount_refusals(quantity: Quantity, units: Units) -> list[Refusal]:
    """A quantity of no known unit, of half an animal, of nothing, or larger than can be counted."""
    try:
        problem = "" if base_value(quantity, units) > 0 else QuantityProblem.NOT_POSITIVE.value
    except QuantityError as error:
        problem = error.problem.value
    if not problem:
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="quantity", details={"problem": problem})]


def day_refusals(field: str, day: str) -> list[Refusal]:
    """What is no day of the calendar (``YYYY-MM-DD``)."""
    try:
        iso_date(day)
    except ValueError:
        return [Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=day)]
    return []


def reason_refusals(
    device: Device, name: str, code: str, note: str = "", *, field: str = "reason", words: str = "note"
) -> list[Refusal]:
    """A reason that is missing, not of the list ``name`` today, or lacks the words its list demands beside it.

    ``field`` and ``words`` are the names of the two fields.
    """
    found = one_text(words, note)
    if not code:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field=field), *found]
    reason = device.catalogue.reason(name, code, device.today())
    if reason is None:
        return [Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=code), *found]
    if reason.needs_note and not note.strip():
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field=words))
    return found


def code_refusals(field: str, codes: Iterable[str], known: Iterable[str]) -> list[Refusal]:
    """Codes that are not among the known ones, each named."""
    listed = set(known)
    return [Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=code) for code in codes if code not in listed]


def picture_refusals(device: Device, photos: Sequence[str], no_picture: str) -> list[Refusal]:
    """No photograph, and no reason of the list ``no_picture`` why there is none."""
    if no_picture:
        return reason_refusals(device, NO_PICTURE, no_picture, field="no_picture")
    return [] if photos else [Refusal(code=RefusalCode.PHOTO_MISSING, field="attachments")]


def attachment_refusals(device: Device, names: Iterable[str]) -> list[Refusal]:
    """Attachments (hex SHA-256) that are not kept on this device."""
    return code_refusals("attachments", [name for name in names if not device.files.has(name)], ())
