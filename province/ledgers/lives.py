"""The life of any number the province ever had: from stock on, at whichever station it came to be."""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.continuity import Place, Standing
from inspector_app.domain.numbering import NumberScheme, parse_number
from inspector_app.journal.books.lives import Life, Step, numbers_meant, read_life
from province.journal.rows import DjangoRows
from province.ledgers.entries import RecordedEntries
from province.numbers.models import Scheme, Stock
from province.numbers.ranges import NumbersError


def trace(using: str, typed: str) -> Life:
    """The life of one number. NumbersError ``number_unknown``, or ``number_ambiguous`` for digits of several kinds."""
    found = _stocked(using, typed) | {(kind, digits) for kind, digits, _ in numbers_meant(DjangoRows(using), typed)}
    if len(found) != 1:
        candidates = ", ".join(f"{kind} {digits}" for kind, digits in sorted(found))
        raise NumbersError("number_ambiguous" if found else "number_unknown", given=typed, candidates=candidates)
    (kind, digits) = found.pop()
    origins = _origins(using, kind, digits)
    for _kind, _digits, station in numbers_meant(DjangoRows(using), f"{kind} {digits}"):
        life = read_life(DjangoRows(using), station, kind, digits, RecordedEntries(using, station), origins=origins)
        if life is not None:
            return life
    return _in_stock(f"{kind} {digits}", origins)


def _stocked(using: str, typed: str) -> set[tuple[str, str]]:
    """Kind and digits of the numbers in stock that may be meant."""
    rows = Scheme.objects.using(using).all()
    meant = parse_number(typed, [NumberScheme(row.scheme, row.kind, row.prefix, row.width) for row in rows])
    return {(one.kind, one.digits) for one in meant if _origins(using, one.kind, one.digits)}


def _origins(using: str, kind: str, digits: str) -> list[Step]:
    held = Stock.objects.using(using).filter(kind=kind, first__lte=digits, last__gte=digits)
    return [
        Step(at=row.received_at, day=legal_date(row.received_at), what="stock", ref=row.source or f"stock {row.pk}")
        for row in held
        if len(row.first) == len(digits)
    ]


def _in_stock(number: str, origins: list[Step]) -> Life:
    return Life(number=number, station=0, standing=Standing.UNDRAWN, place=Place(""), sheets=(), steps=tuple(origins))
