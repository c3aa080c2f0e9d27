"""The order of day closes (日结): numbered on each device, each naming the one before; no day before the last one."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class ClosedDay(msgspec.Struct, frozen=True):
    """One close of a device: its legal day, its number from 1, the hex hash of its entry."""

    date: str
    ordinal: int
    hash: str


NONE_YET = ClosedDay("", 0, "")
"""What stands before a device's first close."""


def last_close(closes: Iterable[ClosedDay]) -> ClosedDay:
    """The close the next one follows."""
    return max(closes, key=lambda one: one.ordinal, default=NONE_YET)


def last_closed(closes: Iterable[ClosedDay], today: str) -> str:
    """The latest day that is closed, "" when none is.

    One to come was closed by a clock that ran ahead; it stays on record and stands in nobody's way once the clock is
    right again.
    """
    return max((one.date for one in closes if one.date <= today), default="")


def follows(closes: Iterable[ClosedDay], *, date: str, ordinal: int, previous: str, today: str) -> bool:
    """Whether a close made on ``today`` is the next of its device: in number, in chain and in day."""
    known = list(closes)
    last = last_close(known)
    return (ordinal, previous) == (last.ordinal + 1, last.hash) and date >= last_closed(known, today)
