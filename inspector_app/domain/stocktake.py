"""Stocktakes (盘点): what the book says lies in the store, what was counted, and what differs (GX-2014 Art. 17).

Two shelves are counted, each by ranges of numbers of one kind: numbers not used yet, and papers on hand with their
pages. Issuing goes on meanwhile. So what was counted is held against the book as it stood when the stocktake was
opened, and a number that moved since then is explained, whichever side of the move it was counted on.
"""

from __future__ import annotations

import enum
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import TypeVar

import msgspec

from inspector_app.domain.credential import ScannedCode, body_of, read_code
from inspector_app.domain.numbering import parse_range, range_size
from inspector_app.domain.rules import enforces

T = TypeVar("T")
PAGE_LINES = 300
"""Ranges one entry holds; a longer book or count has several pages, all in one act."""


class Shelf(enum.StrEnum):
    """What is counted: numbers not used yet, or papers on hand."""

    UNUSED = "unused"
    ON_HAND = "on_hand"


class StocktakePurpose(enum.StrEnum):
    """Why a stocktake is made; only ``hand_over`` (交接盘点) lets a store change its keeper."""

    PERIODIC = "periodic"
    HAND_OVER = "hand_over"
    SUPERVISION = "supervision"
    SUSPICION = "suspicion"


class StocktakeState(enum.StrEnum):
    """The life of a stocktake."""

    OPEN = "open"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class Differs(enum.StrEnum):
    """How count and book differ: not found, found though not in the book, or another count of pages."""

    MISSING = "missing"
    SURPLUS = "surplus"
    PAGES = "pages"


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    shelf: str
    kind: str
    first: str
    last: str


class StockLine(_Line, frozen=True, kw_only=True):
    """A range the book says is there, digits inclusive; ``pages`` of each number.

    ``block`` is that of unused numbers, "" for papers. ``current`` marks the block a vet takes numbers from: it is
    counted last.
    """

    block: str = ""
    pages: int = 1
    current: bool = False

    def overlaps(self, first: str, last: str) -> bool:
        """Whether a range of numbers of the same width has one in common with this line."""
        return len(first) == len(self.first) and first <= self.last and self.first <= last


class CountedRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A range somebody counted, digits inclusive."""

    first: str
    last: str


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """One count of a shelf: no ranges when nothing is there; ``anew`` sets earlier counts of it aside."""

    shelf: str
    kind: str
    ranges: list[CountedRange]
    pages: int = 0
    anew: bool = False


class Difference(_Line, frozen=True, kw_only=True):
    """A range in which book and count differ; ``expected`` and ``counted`` are pages for papers, else numbers."""

    differs: str
    expected: int
    counted: int


class Reconciled(msgspec.Struct, frozen=True):
    """What a stocktake found, and how many numbers differ only because they moved meanwhile."""

    differences: list[Difference]
    explained: int


Place = tuple[str, str]
"""Shelf and kind."""
Book = Mapping[Place, Mapping[str, int]]
"""What lies where: the pages of each number by its digits."""


def book_of(lines: Iterable[StockLine]) -> dict[Place, dict[str, int]]:
    """The lines number by number."""
    book: dict[Place, dict[str, int]] = {}
    for line in lines:
        numbers = dict.fromkeys(expand(line.first, line.last), line.pages)
        book.setdefault((line.shelf, line.kind), {}).update(numbers)
    return book


def expand(first: str, last: str) -> Iterator[str]:
    """The digits of a range, lowest first."""
    start = int(first)
    return (str(start + at).zfill(len(first)) for at in range(range_size(first, last)))


def runs(digits: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Numbers as ranges, lowest first; numbers of different widths never share one."""
    ordered = sorted(digits, key=lambda one: (len(one), one))
    if not ordered:
        return
    first = ordered[0]
    for one, other in pairwise(ordered):
        if len(one) != len(other) or int(other) != int(one) + 1:
            yield first, one
            first = other
    yield first, ordered[-1]


class Covered:
    """The ranges of some counts, made to be asked often whether another range meets one of them."""

    def __init__(self, ranges: Iterable[CountedRange]) -> None:
        self._starts: list[tuple[int, str]] = []
        self._ends: list[tuple[int, str]] = []
        for one in sorted(ranges, key=lambda each: (len(each.first), each.first)):
            start, end = (len(one.first), one.first), (len(one.first), one.last)
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def meets(self, first: str, last: str) -> bool:
        """Whether some number of ``first … last`` lies in one of the ranges."""
        at = bisect_right(self._starts, (len(last), last))
        return at > 0 and self._ends[at - 1] >= (len(first), first)


def pages_of(items: Sequence[T]) -> list[list[T]]:
    """As many to a page as one entry holds; one empty page for none."""
    return [list(items[at : at + PAGE_LINES]) for at in range(0, len(items), PAGE_LINES)] or [[]]


def standing(counts: Iterable[Count], place: Place) -> list[Count]:
    """The counts of one shelf and kind that stand: those since it was last counted anew."""
    found: list[Count] = []
    for count in counts:
        if (count.shelf, count.kind) == place:
            found = [count] if count.anew else [*found, count]
    return found


def covered(counts: Iterable[Count], place: Place) -> Covered:
    """The ranges that stand counted on one shelf of one kind."""
    return Covered(one for count in standing(counts, place) for one in count.ranges)


def counted_numbers(counts: Iterable[Count]) -> set[str]:
    """Every number in the ranges of these counts."""
    ranges = (one for count in counts for one in count.ranges)
    return {digits for one in ranges for digits in expand(one.first, one.last)}


@enforces("G20", "G21")
def reconcile(
    expected: Book, counts: list[Count], now: Book, moved: Mapping[Place, Set[str]] | None = None
) -> Reconciled | None:
    """Hold what was counted against the book as it stood at opening; ``now`` is the book as it stands at closing.

    ``moved`` are numbers known to have moved meanwhile though the book may look as before. None where nothing differs.
    """
    places = sorted({*expected, *((count.shelf, count.kind) for count in counts)})
    differences: list[Difference] = []
    explained = 0
    for place in places:
        was, after = expected.get(place, {}), now.get(place, {})
        changed = {one for one in {*was, *after} if was.get(one) != after.get(one)} | (moved or {}).get(place, set())
        stand = standing(counts, place)
        there = counted_numbers(stand)
        explained += len((there ^ was.keys()) & changed)
        differences += _differences(place, was, there, changed)
        differences += _pages(place, stand, was, there, changed)
    return Reconciled(differences, explained) if differences or explained else None


def _differences(place: Place, was: Mapping[str, int], there: Set[str], changed: Set[str]) -> Iterator[Difference]:
    shelf, kind = place
    for first, last in runs(was.keys() - there - changed):
        lost = sum(was[one] for one in expand(first, last))
        yield Difference(
            shelf=shelf, kind=kind, first=first, last=last, differs=Differs.MISSING.value, expected=lost, counted=0
        )
    for first, last in runs(there - was.keys() - changed):
        found = range_size(first, last)
        yield Difference(
            shelf=shelf, kind=kind, first=first, last=last, differs=Differs.SURPLUS.value, expected=0, counted=found
        )


def _pages(
    place: Place, counts: list[Count], was: Mapping[str, int], there: Set[str], changed: Set[str]
) -> Iterator[Difference]:
    """Pages are one figure for all papers of a kind; of papers that moved nobody can say how many there were."""
    shelf, kind = place
    if shelf != Shelf.ON_HAND or not there or there - {*was, *changed}:
        return
    stated = sum(count.pages for count in counts)
    least = sum(was[one] for one in there - changed)
    if stated < least or (stated > least and not there & changed):
        first, last = min(there), max(there)
        yield Difference(
            shelf=shelf,
            kind=kind,
            first=first,
            last=last,
            differs=Differs.PAGES.value,
            expected=least,
            counted=stated,
        )


def read_scan(text: str, kind: str) -> str | None:
    """The digits a scanner read off one sheet, with or without the kind before them; None for anything else.

    The code of a certificate counts as its number. It is not verified here: what lies on the shelf is counted, and
    whether it is genuine is asked elsewhere.
    """
    code = read_code(text)
    if isinstance(code, ScannedCode):
        said = body_of(code.payload)
        return said.digits if said is not None and said.kind_letter == kind else None
    read = "".join(unicodedata.normalize("NFKC", text).upper().split()).removeprefix(kind)
    found = parse_range(read)
    return found[0] if found is not None and found[0] == found[1] else None
