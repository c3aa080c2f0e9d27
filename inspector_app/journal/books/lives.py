"""The life of one number (GX-2014 Art. 5): every step from receipt to destruction, with its entry, time and person.

Nothing is kept for this: the steps are the entries that name the number, or a range it lies in, and those that name
such an entry in turn (a confirmation, the end of a print). So every kind of fact shows by itself, also one that came
after this was written.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.continuity import Accounted, Place, Standing
from inspector_app.domain.numbering import NumberScheme, parse_number
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.continuity import read_continuity
from inspector_app.journal.books.entries import Entries
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import DayClosed
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


def numbers_meant(rows: Rows, typed: str) -> list[tuple[str, str, int]]:
    """Kind, digits and station of every drawn number that ``B 9900000001`` or bare digits may mean."""
    draws = rows.many("draws")
    schemes = {NumberScheme(str(one["scheme"]), str(one["kind"]), "", len(str(one["first"]))) for one in draws}
    meant = {(one.kind, one.digits) for one in parse_number(typed, schemes)}
    return sorted(
        {
            (kind, digits, int(draw["station"] or 0))
            for kind, digits in meant
            for draw in draws
            if draw["kind"] == kind and _within(str(draw["first"]), digits, str(draw["last"]))
        }
    )


@enforces("G03")
def read_life(
    rows: Rows, station: int, kind: str, digits: str, entries: Entries, *, origins: Sequence[Step] = ()
) -> Life | None:
    """The whole life of a number drawn for a station; None when it was never drawn for it.

    ``origins`` are steps from before the draw, which only the province knows.
    """
    held = next((one for one in read_continuity(rows, station, entries).stretches if _holds(one, kind, digits)), None)
    if held is None:
        return None
    number = f"{kind} {digits}"
    found = _Search(rows, number, held.place, entries).steps()
    steps = (*origins, *_documents(rows, held.place), *_in_order(found, held.place.device))
    sheets = rows.many("sheets", number=number)
    return Life(
        number=number,
        station=station,
        standing=held.standing,
        place=held.place,
        sheets=tuple(_sheet(row) for row in sheets),
        steps=steps,
    )


def _in_order(steps: Iterable[Step], first: str) -> Iterable[Step]:
    """Each device's steps as its journal has them, the devices' by the time of day; no step overtakes its own device.

    ``first`` is the device whose step comes before another's of the same moment.
    """
    by_device: dict[str, list[Step]] = {first: []}
    for step in steps:
        by_device.setdefault(step.device, []).append(step)
    return heapq.merge(*by_device.values(), key=lambda step: step.at)


def _holds(one: Accounted, kind: str, digits: str) -> bool:
    return one.kind == kind and _within(one.first, digits, one.last)


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

    def __init__(self, rows: Rows, number: str, place: Place, entries: Entries) -> None:
        self._rows = rows
        self._number = number
        self._place = place
        self._entries = entries
        self._refs = set(_named(rows, number))
        self._sheets: dict[str, list[SheetStep]] = {}
        for row in rows.many("sheet_moves", number=number):
            moved = SheetStep(int(row["print"] or 0), int(row["sheet"] or 0), str(row["state"]))
            self._sheets.setdefault(str(row["ref"]), []).append(moved)

    def steps(self) -> list[Step]:
        """Every entry that names the number or such an entry, until there are no more."""
        entries = [(entry, msgspec.to_builtins(entry.fact)) for entry in self._entries.all() if entry.fact is not None]
        while found := {entry.ref for entry, fact in entries if self._is_new(entry, fact)}:
            self._refs |= found
        days = {entry.ref for entry, fact in entries if self._is_its_day(entry, fact)}
        return [self._step(entry) for entry, _fact in entries if entry.ref in self._refs | days]

    def _is_new(self, entry: Entry, fact: Any) -> bool:
        return entry.ref not in self._refs and not isinstance(entry.fact, DayClosed) and self._names(fact)

    def _is_its_day(self, entry: Entry, fact: Any) -> bool:
        # A device's day sheet names the range it used; what a sister used between is in the sister's.
        return isinstance(entry.fact, DayClosed) and self._place.device == entry.envelope.device and self._names(fact)

    def _names(self, value: Any) -> bool:
        if isinstance(value, str):
            return value == self._number or value in self._refs
        if isinstance(value, Mapping):
            return self._is_it(value) or any(self._names(one) for one in value.values())
        return isinstance(value, list) and any(self._names(one) for one in value)

    def _is_it(self, value: Mapping[str, Any]) -> bool:
        """A number written in parts, or a range of them that it lies in."""
        kind, _, digits = self._number.partition(" ")
        if "digits" in value:
            return (value.get("kind"), value["digits"]) == (kind, digits)
        first, last = value.get("first"), value.get("last")
        if not (isinstance(first, str) and isinstance(last, str)):
            return False
        same = value["block"] == self._place.block if "block" in value else value.get("kind") == kind
        return same and _within(first, digits, last)

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


def _named(rows: Rows, number: str) -> Iterable[str]:
    for table, columns in NAMED_BY:
        for row in rows.many(table, number=number):
            yield from (str(row[column]) for column in columns if row[column])
