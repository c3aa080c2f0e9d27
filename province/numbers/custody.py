"""Stock and draws: what people decide about numbers, signed with the authority key.

A draw n+1 needs the voided, spoiled and missing sheets of earlier draws settled, with as many draws in arrears as dated
policy allows (缴旧领新, DESIGN 4); numbers not used yet do not stand in the way.
"""

from __future__ import annotations

from collections import Counter

import msgspec
from django.db import transaction

from inspector_app.clock import legal_date
from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Draw
from inspector_app.domain.rules import enforces
from inspector_app.errors import StationError
from inspector_app.journal.books.old_sheets import OldSheets, read_old_sheets
from inspector_app.journal.projections import Row, project_document
from inspector_app.journal.projections.openings import lines_meeting
from province import granting, provinces, reference
from province.journal import feed
from province.journal.models import State
from province.journal.rows import DjangoRows
from province.numbers import remembered
from province.numbers.drawing_again import turn_of
from province.numbers.models import SPACE, DrawnRange, Scheme, Stock
from province.numbers.ranges import NumbersCode, NumbersError, Place, columns, contains, overlapping, place_of

NOTICE, NOTICE_DIGITS = "N", 6


class Unsettled(msgspec.Struct, frozen=True):
    """A draw with this many sheets to be handed in, handed in and not counted in, or lost without a conclusion."""

    draw: str
    sheets: int


def add_scheme(using: str, *, scheme: str, kind: str, prefix: str, width: int) -> Scheme:
    """Register how the numbers of a kind look."""
    made, _new = Scheme.objects.using(using).get_or_create(
        scheme=scheme, kind=kind, defaults={"prefix": prefix, "width": width}
    )
    return made


def scheme_for(using: str, kind: str) -> Scheme:
    """The scheme by which numbers of a kind are made now. NumbersError when there is none.

    A treatment notice's scheme changes with the legal year (FORM-2010: year and six digits); the new year's is made
    when it is first asked for.
    """
    if kind == NOTICE:
        return _notice_scheme(using)
    row = Scheme.objects.using(using).filter(kind=kind).order_by("-space").first()
    if row is None:
        raise NumbersError(NumbersCode.SCHEME_UNKNOWN, scheme="", kind=kind)
    return row


def _notice_scheme(using: str) -> Scheme:
    return _scheme_of_year(using, legal_date(provinces.of(using).clock.now().at)[:4])


def _scheme_of_year(using: str, year: str) -> Scheme:
    scheme = _notice_start(using) + year
    return add_scheme(using, scheme=scheme, kind=NOTICE, prefix=year, width=len(year) + NOTICE_DIGITS)


def _notice_start(using: str) -> str:
    return f"{State.objects.using(using).get(only=1).province}-N-"


def know_notice_scheme(using: str, scheme: str) -> None:
    """Register a year's scheme of notices again, should this be the name of one: a restore may have forgotten it."""
    start, year = _notice_start(using), scheme[-4:]
    if scheme == start + year and year.isascii() and year.isdigit():
        _scheme_of_year(using, year)


def add_stock(using: str, kind: str, first: str, last: str, *, source: str = "") -> Stock:
    """Take a range into the province's custody. NumbersError ``stock_overlaps`` when part of it is there already."""
    scheme = scheme_for(using, kind)
    with transaction.atomic(using=using):
        feed.lock_state(using)
        place = place_of(using, scheme.scheme, kind, first, last)
        if held := overlapping(using, Stock, place):
            raise NumbersError(NumbersCode.STOCK_OVERLAPS, first=held.first, last=held.last)
        remembered.note_stock(using, place)
        now = provinces.of(using).clock.now().at
        return Stock.objects.using(using).create(**columns(place), received_at=now, source=source)


def free_start(using: str, kind: str) -> str:
    """The first number of a kind that never stood in stock, whatever a restore has forgotten."""
    scheme = scheme_for(using, kind)
    last = Stock.objects.using(using).filter(scheme=scheme.scheme, kind=kind).order_by("-high").first()
    held = int(last.last[len(scheme.prefix) :]) if last else 0
    sequence = max(held, remembered.stocked_through(using, scheme)) + 1
    return scheme.prefix + str(sequence).zfill(scheme.width - len(scheme.prefix))


def undrawn_start(using: str, kind: str) -> str:
    """The first number of a kind that is in stock and above all that was ever drawn.

    NumbersError ``not_in_stock`` when there is none.
    """
    scheme = scheme_for(using, kind)
    drawn = DrawnRange.objects.using(using).filter(scheme=scheme.scheme, kind=kind).order_by("-high").first()
    after = max(drawn.high if drawn else 0, scheme.space * SPACE + remembered.drawn_through(using, scheme))
    held = Stock.objects.using(using).filter(scheme=scheme.scheme, kind=kind, high__gt=after).order_by("low").first()
    if held is None:
        raise NumbersError(NumbersCode.NOT_IN_STOCK, first="", last="")
    place = place_of(using, scheme.scheme, kind, held.first, held.last)
    return place.digits(max(place.low, after + 1))


def draw(
    using: str, kind: str, first: str, last: str, *, station: int, holder: int = 0, emergency: bool = False
) -> DrawnRange:
    """Draw a range from stock for a station (``holder`` 0) or one vet; signed by the authority and published.

    In an ``emergency`` old sheets wait: refusing a batch that passed is an offence (APL Art. 89). Pre-numbered sheets
    that came back may be drawn again (:mod:`province.numbers.drawing_again`).

    NumbersError ``not_in_stock``, ``draw_overlaps``, ``drawn_before`` (in a draw this database has forgotten),
    ``ended_before`` (in the list of a station's first day) or ``arrears``; StationError when the authority key is not
    here.
    """
    province = provinces.of(using)
    if province.keys.authority is None:
        raise StationError("province.authority_key_absent")
    with transaction.atomic(using=using):
        state = feed.lock_state(using)
        place = place_of(using, scheme_for(using, kind).scheme, kind, first, last)
        stock = _stock_of(using, place)
        turn = turn_of(using, place, legal_date(province.clock.now().at))
        if span := remembered.drawn_before(using, place, turn):
            raise NumbersError(NumbersCode.DRAWN_BEFORE, first=span[0], last=span[1])
        check_alive(using, place)
        previous = _previous(using, kind, station)
        if not emergency:
            _check_settled(using, kind, station)
        document = Draw(
            draw=_name(using, state, kind),
            scheme=place.scheme.scheme,
            kind=kind,
            first=first,
            last=last,
            station=station,
            holder=holder,
            issued_at=province.clock.now().at,
            previous=previous.draw if previous else "",
            turn=turn,
        )
        signed = sign_document(document, province.keys.authority)
        remembered.note_draw(using, place, turn)
        granting.require_holder(using)  # once more: who takes over from now on finds the draw remembered
        feed.publish(using, signed, feed.Audience(station=station), document.issued_at)
        project_document(document, DjangoRows(using))
        return _store(using, document, signed.encoded(), place, stock)


@enforces("G33", "G47")
def check_alive(using: str, place: Place) -> None:
    """Nobody draws what a station took over as ended. NumbersError ``ended_before``."""
    for line in lines_meeting(DjangoRows(using), place.scheme.kind, place.first, place.last):
        raise NumbersError(NumbersCode.ENDED_BEFORE, first=str(line["first"]), last=str(line["last"]))


def _name(using: str, state: State, kind: str) -> str:
    # Chance, because after a restore the same count could come twice for two different draws.
    number = DrawnRange.objects.using(using).filter(kind=kind).count() + 1
    return f"{state.province}-{kind}{number:04d}-{provinces.of(using).random.bytes(3).hex()}"


def _stock_of(using: str, place: Place) -> Stock:
    held = overlapping(using, Stock, place)
    if held is None or not contains(held, place):
        raise NumbersError(NumbersCode.NOT_IN_STOCK, first=place.first, last=place.last)
    return held


def _store(using: str, document: Draw, raw: bytes, place: Place, stock: Stock) -> DrawnRange:
    return DrawnRange.objects.using(using).create(
        **columns(place),
        draw=document.draw,
        stock=stock,
        station=document.station,
        holder=document.holder,
        issued_at=document.issued_at,
        previous=document.previous,
        turn=document.turn,
        cut_through=place.low - 1,
        document=raw,
    )


def _previous(using: str, kind: str, station: int) -> DrawnRange | None:
    return DrawnRange.objects.using(using).filter(kind=kind, station=station).order_by("-issued_at", "-low").first()


def _check_settled(using: str, kind: str, station: int) -> None:
    for old in unsettled(using, kind, station):
        raise NumbersError(NumbersCode.ARREARS, draw=old.draw, sheets=old.sheets)


def unsettled(using: str, kind: str, station: int) -> list[Unsettled]:
    """Draws of a station with unsettled sheets, the latest first."""
    counted = Counter(draw for draw, _sheet in unsettled_sheets(using, kind, station))
    return [Unsettled(draw, sheets) for draw, sheets in counted.items()]


@enforces("G10")
def unsettled_sheets(using: str, kind: str, station: int) -> list[tuple[str, Row]]:
    """Sheets that stand in the way of a draw, each with the draw it came from, the latest draw first.

    The sheets of draws that may be in arrears are not among them (GX-2014 Art. 10, ``draws_in_arrears``).
    """
    return [(one.draw, row) for one in old_sheets(using, kind, station) for row in one.sheets]


def old_sheets(using: str, kind: str, station: int) -> list[OldSheets]:
    """What a station still owes of its draws of a kind, by the policy in force today."""
    held = reference.policy(using).on(legal_date(provinces.of(using).clock.now().at))
    arrears, handed_in = held.draws_in_arrears, held.stubs_handed_in
    return read_old_sheets(DjangoRows(using), station, kind, arrears=arrears, stubs_handed_in=handed_in)
