"""Which ranges were ever taken in and drawn, remembered outside the database; a restored backup has forgotten some.

A draw is remembered before anybody is told of it. It is kept as the range it is, not as a height: numbers that lie
below a draw and were never drawn themselves (a box of paper handed out of turn) can still be drawn.
"""

from __future__ import annotations

from province import provinces
from province.numbers.models import SPACE, Scheme
from province.numbers.ranges import Place


def note_draw(using: str, place: Place, turn: int = 1) -> None:
    """Remember that a range is drawn, and how often. Should what follows fail, its numbers are never given twice."""
    name = _draws(place.scheme.scheme, place.scheme.kind, turn) + place.first
    provinces.of(using).high_water.raise_to(name, _end(place))


def note_stock(using: str, place: Place) -> None:
    """Remember how far stock was ever taken in."""
    provinces.of(using).high_water.raise_to(_stock(place.scheme.scheme, place.scheme.kind), _end(place))


def drawn_before(using: str, place: Place, turn: int = 1) -> tuple[str, str] | None:
    """First and last of a remembered draw of this turn that shares a number with this range."""
    ranges = provinces.of(using).high_water.begin_with(_draws(place.scheme.scheme, place.scheme.kind, turn))
    for first, end in ranges.items():
        if place.at(first) <= place.high and place.low <= place.space * SPACE + end:
            return first, place.scheme.digits(end)
    return None


def drawn_through(using: str, scheme: Scheme) -> int:
    """The highest sequence of a scheme that was ever drawn; 0 when none was."""
    return max(provinces.of(using).high_water.begin_with(_draws(scheme.scheme, scheme.kind)).values(), default=0)


def stocked_through(using: str, scheme: Scheme) -> int:
    """The highest sequence of a scheme that ever stood in stock; 0 when none did."""
    return provinces.of(using).high_water.read(_stock(scheme.scheme, scheme.kind))


def _draws(scheme: str, kind: str, turn: int = 1) -> str:
    return f"drawn {scheme} {kind} " if turn == 1 else f"drawn again {turn} {scheme} {kind} "


def _stock(scheme: str, kind: str) -> str:
    return f"stock {scheme} {kind}"


def _end(place: Place) -> int:
    # The sequence and not the place: a scheme made anew after a restore may lie elsewhere on the line of integers.
    return place.high - place.space * SPACE
