"""Refusals for texts a person typed: what is wrong with which field."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.typed_text import TextError, TextFault, clean_optional


def text_refusal(field: str, fault: TextFault) -> Refusal:
    """The refusal behind a fault of typed text."""
    details = {"problem": fault.problem.value, "amount": fault.amount, "character": fault.character}
    return Refusal(code=RefusalCode.FIELD_INVALID, field=field, details=details)


def text_refusals(form: msgspec.Struct, fields: Iterable[str]) -> list[Refusal]:
    """Controls, direction-changing characters and overlong text in the named fields of a form."""
    found = []
    for field in fields:
        try:
            clean_optional(getattr(form, field))
        except TextError as error:
            found.append(text_refusal(field, error.fault))
    return found
