"""The life of one number (GX-2014 Art. 5): every step from receipt to destruction, with its entry, time and person.

Nothing is kept for this: the steps are the entries that name the number, or a range it lies in, and those that name
such an entry in turn (a confirmation, the end of a print). So every kind of fact shows by itself, also one that came
after this was written.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.continuity import Place, Standing
from inspector_app.domain.custody import SheetState
from inspector_app.domain.numbering import NumberScheme, NumberState, parse_number
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.continuity import blocks_of, draws_holding, read_standing
from inspector_app.journal.books.entries import Entries
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.journal.entries.custody_cases import CustodyCaseOpened
from inspector_app.journal.entries.openings import OpeningRecorded
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.journal.entries.stocktakes import StocktakeCounted, StocktakeListed
from inspector_app.journal.projections import Row, Rows

NAMED_BY = (
    ("certificates", ("ref", "void_ref", "handed_over_ref")),
    ("notices", ("ref", "void_ref", "handed_over_ref")),
    ("numbers", ("ended_by",)),
    ("prints", ("released_ref",)),
    ("attempts", ("ref",)),
    ("sheet_moves", ("ref",)),
    ("print_orders", ("ref",)),
)
"""Rows of a number, and the columns that name entries of its life."""
RANGE = '"last"'
"""Stands in the bytes of every entry that names a range of numbers."""
_PARTS_OF_SHEET = len(SheetName.__struct_fields__)


class SheetStep(msgspec.Struct, frozen=True, order=True):
    """What a step did to a sheet, named by its print and place in the form."""

    print: int
    sheet: int
    state: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step: ``what`` is the kind of entry or document, ``ref`` its name, ``at`` UTC ms, ``by`` a person (0: none).

    ``verdict`` is the province's word on the entry, where it had one. ``organisation`` is the institution whose store
    the number came into or left, which only the province knows; 0 for what happened at a station.
    """

    at: int
    day: str
    what: str
    ref: str
    device: str = ""
    by: int = 0
    sheets: tuple[SheetStep, ...] = ()
    verdict: str = ""
    organisation: int = 0


class SheetNow(msgspec.Struct, frozen=True):
    """How a sheet stands, and at which device it is kept, or was last."""

    print: int
    sheet: int
    state: str
    device: str


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """A number from the first to the last step: its end (see :class:`Standing`), its sheets as they are now."""

    number: str
    station: int
    standing: Standing
    place: Place
    sheets: tuple[SheetNow, ...]
    steps: tuple[Step, ...]


class _Range(NamedTuple):
    """Numbers this side has heard of, digits inclusive, and the station whose they are."""

    kind: str
    first: str
    last: str
    station: int


def numbers_meant(rows: Rows, typed: str) -> list[tuple[str, str, int]]:
    """Kind, digits and station of every number that ``B 9900000001`` or bare digits may mean: drawn, or taken over."""
    known = {*_drawn(rows), *(one for one, _state, _ref in _without_record(rows))}
    schemes = {NumberScheme("", one.kind, "", len(one.first)) for one in known}
    meant = {(one.kind, one.digits) for one in parse_number(typed, schemes)}
    return sorted(
        {
            (kind, digits, one.station)
            for kind, digits in meant
            for one in known
            if one.kind == kind and _within(one.first, digits, one.last)
        }
    )


def _drawn(rows: Rows) -> Iterator[_Range]:
    for row in rows.many("draws"):
        yield _Range(str(row["kind"]), str(row["first"]), str(row["last"]), int(row["station"] or 0))


def _without_record(rows: Rows) -> Iterator[tuple[_Range, str, str]]:
    """Numbers that came without a record: taken over on the first day, or on a sheet taken in; state and entry."""
    for row in rows.many("opening_lines"):
        if row["first"]:
            named = _Range(str(row["form"]), str(row["first"]), str(row["last"]), _station_of(rows, row))
            yield named, str(row["state"]), str(row["ref"])
    for row in rows.many("taken_in"):
        kind, _, digits = str(row["number"]).partition(" ")
        yield _Range(kind, digits, digits, _station_of(rows, row)), SheetState.COLLECTED.value, str(row["ref"])


def _station_of(rows: Rows, row: Row) -> int:
    journal = rows.one("journals", device=_device_of(str(row["ref"]))) or {}
    return int(journal.get("station") or 0)


def _device_of(ref: str) -> str:
    return ref.partition("/")[0]


@enforces("G03")
def read_life(
    rows: Rows, station: int, kind: str, digits: str, entries: Entries, *, origins: Sequence[Step] = ()
) -> Life | None:
    """The whole life of a number drawn for a station, or taken over by it; None for any other.

    ``origins`` are steps from before the draw, which only the province knows.
    """
    found = _where(rows, station, kind, digits, entries)
    if found is None:
        return None
    standing, place = found
    number = f"{kind} {digits}"
    homes = _homes(rows, station, kind, digits, place)
    steps = _Search(rows, number, homes, entries).steps()
    first, *again = ([*_documents(rows, home)] for home in homes)
    told = [*first, *_in_order(steps, homes[0].device)]
    return Life(
        number=number,
        station=station,
        standing=standing,
        place=place,
        sheets=tuple(_sheet(row) for row in rows.many("sheets", number=number)),
        steps=(*origins, *in_time(*again, told)),
    )


def _homes(rows: Rows, station: int, kind: str, digits: str, place: Place) -> list[Place]:
    """Every draw of the station a number was in, each with its block; ``place``, where it stands now, is the last."""
    found = []
    for draw in draws_holding(rows, station, kind, digits)[:-1]:
        blocks = (row for row in blocks_of(rows, [draw]) if _within(str(row["first"]), digits, str(row["last"])))
        block = next(blocks, None) or {}
        name, device = (str(block.get(column) or "") for column in ("block", "device"))
        found.append(Place(str(draw["draw"]), name, device, int(block.get("holder") or 0)))
    return [*found, place]


def in_time(*streams: Iterable[Step]) -> Iterable[Step]:
    """Steps that were recorded at several places as one row: each place's stay in their order."""
    return heapq.merge(*streams, key=lambda step: step.at)


def _where(rows: Rows, station: int, kind: str, digits: str, entries: Entries) -> tuple[Standing, Place] | None:
    """How a number stands and where: by its draw, else by the list with which it was taken over."""
    found = read_standing(rows, station, kind, digits, entries)
    if found is not None:
        return found
    for one, state, ref in _without_record(rows):
        if (one.kind, one.station) == (kind, station) and _within(one.first, digits, one.last):
            return _FORMER.get(state, Standing.USED), Place("", device=_device_of(ref))
    return None


_FORMER = {
    NumberState.LOST.value: Standing.LOST,
    NumberState.RETURNED.value: Standing.RETURNED,
    SheetState.BLANK.value: Standing.WITHDRAWN,
}
"""How a number of a former system stands by the state its list gives; a paper in any other was used. None is free."""


def _in_order(steps: Iterable[Step], first: str) -> Iterable[Step]:
    """Each device's steps as its journal has them, the devices' by the time of day; no step overtakes its own device.

    ``first`` is the device whose step comes before another's of the same moment.
    """
    by_device: dict[str, list[Step]] = {first: []}
    for step in steps:
        by_device.setdefault(step.device, []).append(step)
    return heapq.merge(*by_device.values(), key=lambda step: step.at)


def _within(first: str, digits: str, last: str) -> bool:
    return len(first) == len(digits) and first <= digits <= last


def _sheet(row: Row) -> SheetNow:
    return SheetNow(int(row["print"] or 0), int(row["sheet"] or 0), str(row["state"]), str(row["device"]))


def _documents(rows: Rows, place: Place) -> Iterable[Step]:
    """The draw and, once it is cut, the block."""
    for table, what, name in (("draws", "draw", place.draw), ("blocks", "block", place.block)):
        row = rows.one(table, **{what: name}) if name else None
        if row is not None:
            at = int(row["issued_at"] or 0)
            device = str(row.get("device") or "")
            yield Step(at=at, day=legal_date(at), what=what, ref=name, device=device, by=int(row["holder"] or 0))


class _Search:
    """Finds the entries of one number's life."""

    def __init__(self, rows: Rows, number: str, homes: Sequence[Place], entries: Entries) -> None:
        self._rows = rows
        self._number = number
        self._blocks = {home.block for home in homes}
        self._draws = {home.draw for home in homes}
        self._devices = {home.device for home in homes}
        self._entries = entries
        self._refs = set(_named(rows, number))
        self._sheets: dict[str, list[SheetStep]] = {}
        for row in rows.many("sheet_moves", number=number):
            moved = SheetStep(int(row["print"] or 0), int(row["sheet"] or 0), str(row["state"]))
            self._sheets.setdefault(str(row["ref"]), []).append(moved)

    def steps(self) -> list[Step]:
        """Every entry that names the number or such an entry, until there are no more."""
        held: dict[str, tuple[Entry, Any]] = {}
        words = {self._number.partition(" ")[2], RANGE, *self._refs}
        while words:
            held |= self._read(self._entries.naming(words))
            words = {ref for entry, fact in held.values() for ref in self._told(entry, fact)} - self._refs
            self._refs |= words
        held |= self._read(filter(None, map(self._entries.find, self._refs - held.keys())))
        found = [entry for entry, fact in held.values() if entry.ref in self._refs or self._is_its_day(entry, fact)]
        return [self._step(entry) for entry in sorted(found, key=_place)]

    def _read(self, entries: Iterable[Entry]) -> dict[str, tuple[Entry, Any]]:
        return {one.ref: (one, msgspec.to_builtins(one.fact)) for one in entries if one.fact is not None}

    def _told(self, entry: Entry, fact: Any) -> Iterator[str]:
        """The entry, where it tells of the number, and the stocktake of whose book or counts that is a part."""
        match entry.fact:
            case DayClosed():
                return
            case CustodyCaseOpened() as case:
                told, whole = self._is_its_case(case), []
            case StocktakeCounted() as count:
                told, whole = self._is_counted(count), [count.stocktake]
            case StocktakeListed() as page:
                told, whole = self._names(fact["lines"]), [page.stocktake]
            case _:
                told, whole = self._names(fact), []
        if told:
            yield from (entry.ref, *whole)

    def _is_counted(self, count: StocktakeCounted) -> bool:
        """A stocktake has many counts, and its book many pages: this number's are those with its range."""
        kind, _, digits = self._number.partition(" ")
        return count.kind == kind and any(_within(one.first, digits, one.last) for one in count.ranges)

    def _is_its_case(self, fact: CustodyCaseOpened) -> bool:
        """A count or a list may open many cases: this number's is the one that names it."""
        if fact.form:
            return self._is_it({"kind": fact.form, "first": fact.first, "last": fact.last})
        return self._names(fact.about) and not self._is_list(fact.about)

    def _is_list(self, ref: str) -> bool:
        entry = self._entries.find(ref) if "/" in ref else None
        return entry is not None and isinstance(entry.fact, OpeningRecorded)

    def _is_its_day(self, entry: Entry, fact: Any) -> bool:
        # A device's day sheet names the range it used; what a sister used between is in the sister's.
        return isinstance(entry.fact, DayClosed) and entry.envelope.device in self._devices and self._names(fact)

    def _names(self, value: Any) -> bool:
        if isinstance(value, str):
            return value == self._number or value in self._refs
        if isinstance(value, Mapping):
            return self._is_it(value) or any(self._names(one) for one in value.values())
        return isinstance(value, list) and (self._is_its_sheet(value) or any(self._names(one) for one in value))

    def _is_its_sheet(self, value: list[Any]) -> bool:
        """A sheet of it, as lists name sheets: kind, digits, print and place in the form."""
        return len(value) == _PARTS_OF_SHEET and f"{value[0]} {value[1]}" == self._number

    def _is_it(self, value: Mapping[str, Any]) -> bool:
        """A number written in parts, or a range of them that it lies in."""
        kind, _, digits = self._number.partition(" ")
        if "digits" in value:
            return (value.get("kind"), value["digits"]) == (kind, digits)
        first, last = value.get("first"), value.get("last")
        if not (isinstance(first, str) and isinstance(last, str)):
            return False
        same = self._is_its_block(value) if value.get("block") or value.get("draw") else _kind_in(value) == kind
        return same and _within(first, digits, last)

    def _is_its_block(self, value: Mapping[str, Any]) -> bool:
        """A range named by its block, or by its draw where it was in no block yet."""
        name, own = ("block", self._blocks) if value.get("block") else ("draw", self._draws)
        return value[name] in own

    def _step(self, entry: Entry) -> Step:
        said = entry.envelope
        verdict = self._rows.one("verdicts", device=said.device, seq=said.seq)
        return Step(
            at=said.at,
            day=legal_date(said.at),
            what=said.kind.partition("/")[0],
            ref=entry.ref,
            device=said.device,
            by=said.actor,
            sheets=tuple(sorted(self._sheets.get(entry.ref, ()))),
            verdict=str(verdict["code"] or "") if verdict else "",
        )


def _place(entry: Entry) -> tuple[str, int]:
    return entry.envelope.device, entry.envelope.seq


def _kind_in(value: Mapping[str, Any]) -> Any:
    return value.get("kind", value.get("form"))


def _named(rows: Rows, number: str) -> Iterable[str]:
    for table, columns in NAMED_BY:
        for row in rows.many(table, number=number):
            yield from (str(row[column]) for column in columns if row[column])
