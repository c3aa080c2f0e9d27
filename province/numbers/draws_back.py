"""A draw the province signed, published and then forgot in a restore comes back from a device."""

from __future__ import annotations

from django.db import transaction

from inspector_app.domain.numbering import Draw
from inspector_app.journal.projections import project_document
from province import provinces
from province.journal import feed
from province.journal.rows import DjangoRows
from province.numbers.models import DrawnRange, Stock
from province.numbers.ranges import NumbersError, columns, contains, overlapping, place_of


def import_draw(using: str, document: Draw, raw: bytes) -> bool:
    """Take a draw back, its stock with it; False when it is known, or contradicts what is known."""
    with transaction.atomic(using=using):
        feed.lock_state(using)
        if DrawnRange.objects.using(using).filter(draw=document.draw).exists():
            return False
        try:
            place = place_of(using, document.scheme, document.kind, document.first, document.last)
        except NumbersError:
            return False
        stock = overlapping(using, Stock, place)
        if overlapping(using, DrawnRange, place) or (stock is not None and not contains(stock, place)):
            return False
        now = provinces.of(using).clock.now().at
        if stock is None:
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
            cut_through=max(place.low - 1, provinces.of(using).high_water.read(document.draw)),
            document=raw,
        )
        return True
