"""The life of any number the province ever had: from stock on, down the institutions, at whichever station it is."""

from __future__ import annotations

import unicodedata

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.continuity import Place, Standing
from inspector_app.domain.numbering import NumberScheme, parse_number
from inspector_app.domain.stock_endings import Ending
from inspector_app.journal.books.lives import Life, Step, in_time, numbers_meant, read_life
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from province.journal.rows import DjangoRows
from province.ledgers.entries import RecordedEntries
from province.numbers.models import Scheme, Stock
from province.numbers.ranges import NumbersCode, NumbersError


def trace(using: str, typed: str) -> Life:
    """The life of one number. NumbersError ``number_unknown``, or ``number_ambiguous`` for digits of several kinds."""
    found = (
        _stocked(using, typed)
        | _booked(using, typed)
        | {(kind, digits) for kind, digits, _ in numbers_meant(DjangoRows(using), typed)}
    )
    if len(found) != 1:
        candidates = ", ".join(f"{kind} {digits}" for kind, digits in sorted(found))
        raise NumbersError(
            NumbersCode.NUMBER_AMBIGUOUS if found else NumbersCode.NUMBER_UNKNOWN, given=typed, candidates=candidates
        )
    (kind, digits) = found.pop()
    lives = _at_stations(using, kind, digits)
    if not lives:
        return _in_stock(f"{kind} {digits}", _origins(using, kind, digits), endings_of(using, kind, digits))
    # Whose the number is tells its life, not who took a sheet of it in on the road; of several draws the latest.
    turns = {str(row["draw"]): int(row["turn"] or 1) for row in DjangoRows(using).many("draws", kind=kind)}
    life = max(lives, key=lambda one: turns.get(one.place.draw, 0))
    back = _way_back(using, kind, digits)
    if turns.get(life.place.draw, 1) == 1:
        return msgspec.structs.replace(life, steps=(*life.steps, *back))
    told = in_time(*(one.steps for one in lives if one.place.draw), back)
    return msgspec.structs.replace(life, steps=tuple(dict.fromkeys(told)))


def _at_stations(using: str, kind: str, digits: str) -> list[Life]:
    """Its life at each station that drew it, took it over or took a sheet of it in."""
    rows, origins = DjangoRows(using), _origins(using, kind, digits)
    stations = [station for _kind, _digits, station in numbers_meant(rows, f"{kind} {digits}")]
    found = (read_life(rows, one, kind, digits, RecordedEntries(using, one), origins=origins) for one in stations)
    return [life for life in found if life is not None]


def _stocked(using: str, typed: str) -> set[tuple[str, str]]:
    """Kind and digits of the numbers in stock that may be meant."""
    rows = Scheme.objects.using(using).all()
    meant = parse_number(typed, [NumberScheme(row.scheme, row.kind, row.prefix, row.width) for row in rows])
    return {(one.kind, one.digits) for one in meant if _origins(using, one.kind, one.digits)}


def _booked(using: str, typed: str) -> set[tuple[str, str]]:
    """The same of goods that have no scheme, such as licences: they are named with their kind."""
    kind, _blank, digits = " ".join(unicodedata.normalize("NFKC", typed).split()).partition(" ")
    held = digits and any(_holds(row, digits) for row in DjangoRows(using).many("stock_moves", kind=kind))
    return {(kind, digits)} if held else set()


def _origins(using: str, kind: str, digits: str) -> list[Step]:
    """Its way from the printing house down to the store it was drawn from, in order (GX-2014 Art. 5)."""
    moves = _moves(using, kind, digits, ended=0)
    return sorted([*_taken_in(using, kind, digits, moves), *moves], key=lambda step: step.at)


def _way_back(using: str, kind: str, digits: str) -> list[Step]:
    """Its way up again, where a vet gave it back: from store to store."""
    ends = [_ended(row) for row in endings_of(using, kind, digits)]
    return sorted([*_moves(using, kind, digits, ended=1), *ends], key=lambda step: step.at)


def _moves(using: str, kind: str, digits: str, *, ended: int) -> list[Step]:
    rows = DjangoRows(using).many("stock_moves", order="at", kind=kind, ended=ended)
    return [_moved(row) for row in rows if _holds(row, digits)]


def endings_of(using: str, kind: str, digits: str) -> list[Row]:
    """How a number ended in a store, or between two of them: lost, or destroyed; the earliest first."""
    rows = DjangoRows(using).many("stock_endings", order="at", kind=kind)
    return [row for row in rows if any(_within(digits, *ends) for ends in ranges_of(str(row["ranges"])))]


def _ended(row: Row) -> Step:
    return Step(
        at=int(row["at"] or 0),
        day=str(row["day"]),
        what=f"stock_{row['how']}",
        ref=str(row["ending"]),
        by=int(row["by"] or 0),
        organisation=int(row["organisation"] or 0),
    )


def _taken_in(using: str, kind: str, digits: str, moves: list[Step]) -> list[Step]:
    """Its taking into stock, where no store of an institution says so: from before there were institutions."""
    held = Stock.objects.using(using).filter(kind=kind, first__lte=digits, last__gte=digits)
    return [
        Step(at=row.received_at, day=legal_date(row.received_at), what="stock", ref=row.source or f"stock {row.pk}")
        for row in held
        if len(row.first) == len(digits) and not moves
    ]


def _moved(row: Row) -> Step:
    return Step(
        at=int(row["at"] or 0),
        day=str(row["day"]),
        what=f"stock_{row['flow']}",
        ref=str(row["record"]),
        by=int(row["by"] or 0),
        organisation=int(row["organisation"] or 0),
    )


def _holds(row: Row, digits: str) -> bool:
    return _within(digits, str(row["first"]), str(row["last"]))


def _within(digits: str, first: str, last: str) -> bool:
    return len(first) == len(digits) and first <= digits <= last


_STANDING = {Ending.LOST.value: Standing.LOST, Ending.DESTROYED.value: Standing.WITHDRAWN}


def _in_stock(number: str, origins: list[Step], endings: list[Row]) -> Life:
    standing = _STANDING[str(endings[-1]["how"])] if endings else Standing.UNDRAWN
    steps = sorted([*origins, *map(_ended, endings)], key=lambda step: step.at)
    return Life(number=number, station=0, standing=standing, place=Place(""), sheets=(), steps=tuple(steps))
