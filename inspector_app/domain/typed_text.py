"""What people type, made fit for records: codes, names, telephone numbers and plates.

NFKC is for codes, numbers, dates, plates and search keys only. Names, addresses and remarks are kept as typed, because
a person's name is what the person writes; only what could deceive a reader is refused (control and bidirectional
characters, DESIGN 10). The check of a plate is soft: it says what looks wrong, and a stated reason passes.
"""

from __future__ import annotations

import enum
import re
import unicodedata

import msgspec

NAME_MAX = 200
"""Longest name, address or remark in characters."""

PROVINCE_LETTERS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(rf"[{PROVINCE_LETTERS}][A-Z][A-Z0-9]*[A-Z0-9挂学警港澳领使]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0[1-9][0-9]{1,2}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4}")
_ABROAD = re.compile(r"\+(?=(?:-?[0-9]){7,15}\Z)[1-9](?:-?[0-9])*")
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, invisible and direction-changing characters, private use, unassigned: names that look alike are alike."""
_IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)
"""Never refused: Python's tables are older than the newest extensions, and those were made for people's names."""


class TextProblem(enum.StrEnum):
    """What is wrong with a text; each has a sentence ``text_<code>``."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FORBIDDEN_CHARACTER = "forbidden_character"
    PLATE_TOO_SHORT = "plate_too_short"
    PLATE_TOO_LONG = "plate_too_long"
    PLATE_UNUSUAL = "plate_unusual"
    PHONE_TOO_SHORT = "phone_too_short"
    PHONE_TOO_LONG = "phone_too_long"
    PHONE_UNUSUAL = "phone_unusual"


class TextFault(msgspec.Struct, frozen=True):
    """One fault: ``amount`` is how many characters are missing or too many, ``character`` the one refused (U+…).

    A ``soft`` fault is one of looks: a foreign or special plate passes with a stated reason.
    """

    problem: TextProblem
    amount: int = 0
    character: str = ""
    soft: bool = False


class TextError(ValueError):
    """A text that cannot be kept; ``fault`` says why."""

    def __init__(self, fault: TextFault) -> None:
        super().__init__(f"{fault.problem} {fault.character}".strip())
        self.fault = fault


def normalise_code_text(text: str) -> str:
    """For codes, numbers, dates and plates: NFKC, upper case, no spaces (``ｂ ９９００`` → ``B9900``)."""
    tight = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", tight.upper())  # once more: what was put together may compose (U¨ → Ü)


def search_key(text: str) -> str:
    """NFKC, folded case, without spaces and apostrophes: what searches compare (``Lu'an`` → ``luan``)."""
    return re.sub(r"[\s'’·]+", "", unicodedata.normalize("NFKC", text)).casefold()


def clean_name(text: str, limit: int = NAME_MAX) -> str:
    """The text as typed, ends trimmed; :class:`TextError` if empty, too long, or with a hidden character."""
    cleaned = text.strip()
    if not cleaned:
        raise TextError(TextFault(TextProblem.EMPTY))
    if len(cleaned) > limit:
        raise TextError(TextFault(TextProblem.TOO_LONG, amount=len(cleaned) - limit))
    for character in cleaned:
        if unicodedata.category(character) in _FORBIDDEN and ord(character) not in _IDEOGRAPHIC_PLANES:
            fault = TextFault(TextProblem.FORBIDDEN_CHARACTER, character=f"U+{ord(character):04X}")
            raise TextError(fault)
    return cleaned


def clean_optional(text: str, limit: int = NAME_MAX) -> str:
    """:func:`clean_name` for a field that may stay empty."""
    return clean_name(text, limit) if text.strip() else ""


def normalise_plate(text: str) -> str:
    """A plate as recorded: :func:`normalise_code_text` without the dot people write after the letter (苏K·12345)."""
    return re.sub(r"[·.\-•・]", "", normalise_code_text(text))


def check_plate(text: str) -> TextFault | None:
    """Soft check of a mainland plate: 7 characters, 8 for new-energy vehicles; the fault says how many are missing."""
    plate = normalise_plate(text)
    if not plate:
        return TextFault(TextProblem.EMPTY)
    if plate[0] not in PROVINCE_LETTERS:
        return TextFault(TextProblem.PLATE_UNUSUAL, soft=True)
    if len(plate) < 7:
        return TextFault(TextProblem.PLATE_TOO_SHORT, amount=7 - len(plate), soft=True)
    if len(plate) > 8:
        return TextFault(TextProblem.PLATE_TOO_LONG, amount=len(plate) - 8, soft=True)
    return None if _PLATE.fullmatch(plate) else TextFault(TextProblem.PLATE_UNUSUAL, soft=True)


def normalise_phone(text: str) -> str:
    """A telephone number as recorded: digits and hyphens, without a leading +86."""
    phone = re.sub(r"[()\s]", "", unicodedata.normalize("NFKC", text)).replace("－", "-").replace("—", "-")
    return re.sub(r"^(?:\+|00)86-?", "", phone)


def check_phone(text: str) -> TextFault | None:
    """Soft check: mobile of 11 digits, landline with or without area code and extension, or a service number.

    A number abroad is written with + and its country code (E.164: 7 to 15 digits).
    """
    phone = normalise_phone(text)
    if not phone:
        return TextFault(TextProblem.EMPTY)
    if any(known.fullmatch(phone) for known in (_MOBILE, _LANDLINE, _ABROAD)):
        return None
    mobile = re.fullmatch(r"1[3-9][0-9]*", phone)
    if mobile and len(phone) < 11:
        return TextFault(TextProblem.PHONE_TOO_SHORT, amount=11 - len(phone), soft=True)
    if mobile and len(phone) > 11:
        return TextFault(TextProblem.PHONE_TOO_LONG, amount=len(phone) - 11, soft=True)
    return TextFault(TextProblem.PHONE_UNUSUAL, soft=True)
