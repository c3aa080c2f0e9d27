"""Ranges of numbers and their place on one line of integers; all checks against overlap in one place.

The database refuses overlap on its own (migrations ``numbers.0002``); here it is refused with a sentence.
"""

from __future__ import annotations

import enum
from typing import TypeVar

import msgspec
from django.db import models

from inspector_app.domain.numbering import NumberScheme
from province.numbers.models import SPACE, CutBlock, DrawnRange, Range, Scheme, Stock


class NumbersCode(enum.StrEnum):
    """Why numbers are not taken in, drawn or found; the sentence of each is ``numbers_<code>`` of ``desk.toml``."""

    SCHEME_UNKNOWN = "scheme_unknown"
    RANGE_MALFORMED = "range_malformed"
    NOT_IN_STOCK = "not_in_stock"
    STOCK_OVERLAPS = "stock_overlaps"
    DRAW_OVERLAPS = "draw_overlaps"
    DRAWN_BEFORE = "drawn_before"
    ENDED_BEFORE = "ended_before"
    ARREARS = "arrears"
    NUMBER_UNKNOWN = "number_unknown"
    NUMBER_AMBIGUOUS = "number_ambiguous"

    @property
    def sentence(self) -> str:
        """The code of its sentence."""
        return f"numbers_{self.value}"


class NumbersError(Exception):
    """A range that cannot be taken in, drawn or cut; ``code`` names the reason."""

    def __init__(self, code: NumbersCode, **details: str | int) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


class Place(msgspec.Struct, frozen=True):
    """A range with its place on the line."""

    scheme: NumberScheme
    space: int
    first: str
    last: str

    @property
    def low(self) -> int:
        """Place of the first number."""
        return self.at(self.first)

    @property
    def high(self) -> int:
        """Place of the last number."""
        return self.at(self.last)

    def at(self, digits: str) -> int:
        """The place of one number."""
        return self.space * SPACE + int(digits[len(self.scheme.prefix) :])

    def digits(self, place: int) -> str:
        """The number at a place."""
        return self.scheme.digits(place - self.space * SPACE)


def place_of(using: str, scheme: str, kind: str, first: str, last: str) -> Place:
    """A range checked against its scheme. NumbersError ``scheme_unknown`` or ``range_malformed``."""
    row = Scheme.objects.using(using).filter(scheme=scheme, kind=kind).first()
    if row is None:
        raise NumbersError(NumbersCode.SCHEME_UNKNOWN, scheme=scheme, kind=kind)
    shape = NumberScheme(row.scheme, row.kind, row.prefix, row.width)
    if not shape.owns(first) or not shape.owns(last) or first > last:
        raise NumbersError(NumbersCode.RANGE_MALFORMED, first=first, last=last)
    return Place(shape, row.space, first, last)


R = TypeVar("R", Stock, DrawnRange, CutBlock)
T = TypeVar("T", DrawnRange, CutBlock)


def overlapping(using: str, table: type[R], place: Place) -> R | None:
    """A range of the table that shares a number with this one."""
    rows: models.QuerySet[R] = table.objects.using(using).filter(low__lte=place.high, high__gte=place.low)
    return rows.first()


def overlapping_in_turn(using: str, table: type[T], place: Place, turn: int) -> T | None:
    """The same among those whose numbers had been drawn as often."""
    rows: models.QuerySet[T] = table.objects.using(using).filter(turn=turn, low__lte=place.high, high__gte=place.low)
    return rows.first()


def columns(place: Place) -> dict[str, str | int]:
    """The columns every range has."""
    return {
        "scheme": place.scheme.scheme,
        "kind": place.scheme.kind,
        "first": place.first,
        "last": place.last,
        "low": place.low,
        "high": place.high,
    }


def contains(outer: Range, place: Place) -> bool:
    """Whether a range lies wholly inside another."""
    return outer.low <= place.low and place.high <= outer.high
