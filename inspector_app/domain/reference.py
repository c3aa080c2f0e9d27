"""What every reference record carries: since when, until when, from where, how sure.

Rows that ended stay readable for ever, because old entries name them; whether a row is in force is always asked for a
day, never for "now". Days are ISO ``YYYY-MM-DD``, both ends included; an empty ``effective_to`` means *still*.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Protocol, TypeVar

LONG_AGO = "1900-01-01"


class Confidence(enum.StrEnum):
    """How sure a fact is (DOMAIN 0.1)."""

    SOURCED = "S"
    MIRROR = "S-m"
    SEEN = "C"
    MEMORY = "M"
    GUESS = "G"
    PRACTICE = "practice"


class UnknownCodeError(ValueError):
    """A code that its table does not hold; ``table`` and ``code`` fill the sentence ``unknown_code``."""

    def __init__(self, table: str, code: int | str) -> None:
        super().__init__(f"no {table} has the code {code!r}")
        self.table = table
        self.code = code


class Dated(Protocol):
    """Anything with days in force."""

    @property
    def effective_from(self) -> str: ...

    @property
    def effective_to(self) -> str: ...


DatedT = TypeVar("DatedT", bound=Dated)


def is_in_force(record: Dated, on_date: str) -> bool:
    """Whether the record holds on that day; an empty ``on_date`` asks for rows that have not ended."""
    if not on_date:
        return not record.effective_to
    return record.effective_from <= on_date and (not record.effective_to or on_date <= record.effective_to)


def in_force(records: Iterable[DatedT], on_date: str) -> tuple[DatedT, ...]:
    """Those in force on ``on_date``, in their order."""
    return tuple(record for record in records if is_in_force(record, on_date))
