"""A draw the province signed, published and then forgot in a restore comes back from a device."""

from __future__ import annotations

from django.db import transaction

from inspector_app.domain.numbering import Draw
from inspector_app.journal.projections import project_document
from province import provinces
from province.journal import feed
from province.journal.rows import DjangoRows
from province.numbers import remembered
from province.numbers.contradictions import stop_cutting
from province.numbers.custody import know_notice_scheme
from province.numbers.models import DrawnRange, Stock
from province.numbers.ranges import NumbersError, Place, columns, contains, overlapping, overlapping_in_turn, place_of


def import_draw(using: str, document: Draw, raw: bytes, *, told_by: str = "") -> bool:
    """Take a verified draw back, its stock with it; False when it is known.

    One that contradicts what is known is not taken either: it becomes an incident, and cutting stops there.
    """
    with transaction.atomic(using=using):
        feed.lock_state(using)
        known = DrawnRange.objects.using(using).filter(draw=document.draw).first()
        if known is not None and bytes(known.document) == raw:
            return False
        know_notice_scheme(using, document.scheme)
        place = _room_for(using, document) if known is None else None
        if place is None:
            stop_cutting(using, document, raw, told_by=told_by)
            return False
        _take_back(using, document, raw, place)
        return True


def _room_for(using: str, document: Draw) -> Place | None:
    """Where the draw lies; None when another draw, the edge of stock, or its own form stands in the way."""
    try:
        place = place_of(using, document.scheme, document.kind, document.first, document.last)
    except NumbersError:
        return None
    stock = overlapping(using, Stock, place)
    apart = document.turn >= 1 and overlapping_in_turn(using, DrawnRange, place, document.turn) is None
    return place if apart and (stock is None or contains(stock, place)) else None


def _take_back(using: str, document: Draw, raw: bytes, place: Place) -> None:
    province = provinces.of(using)
    remembered.note_draw(using, place, document.turn)
    stock = overlapping(using, Stock, place)
    if stock is None:
        remembered.note_stock(using, place)
        now = province.clock.now().at
        stock = Stock.objects.using(using).create(**columns(place), received_at=now, source="restored")
    feed.publish_raw(using, raw, feed.Audience(station=document.station))
    project_document(document, DjangoRows(using))
    DrawnRange.objects.using(using).create(
        **columns(place),
        draw=document.draw,
        stock=stock,
        station=document.station,
        holder=document.holder,
        issued_at=document.issued_at,
        previous=document.previous,
        turn=document.turn,
        cut_through=max(place.low - 1, province.high_water.read(document.draw)),
        document=raw,
    )
