"""How often somebody did something lately, so that a door open to strangers is not kept busy by one of them.

Counted in the database, which all processes of the server share. Who it was is kept only as a keyed hash, and only
until the time is over.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F

from inspector_app.clock import MS_PER_MINUTE
from province import provinces
from province.public.models import Tally


class Limit(NamedTuple):
    """At most so often within so many minutes, counted from the first time."""

    most: int
    minutes: int


def is_beyond(using: str, what: str, who: str, limit: Limit) -> bool:
    """Count one more; whether that was one too many."""
    now, key = provinces.of(using).clock.now().at, _key(what, who)
    with transaction.atomic(using=using):
        Tally.objects.using(using).filter(ends__lte=now).delete()
        ends = now + limit.minutes * MS_PER_MINUTE
        row, _new = (
            Tally.objects.using(using).select_for_update().get_or_create(key=key, defaults={"ends": ends, "count": 0})
        )
        Tally.objects.using(using).filter(key=key).update(count=F("count") + 1)
        return row.count >= limit.most


def is_reached(using: str, what: str, who: str, limit: Limit) -> bool:
    """Whether there were as many as allowed, without counting."""
    now = provinces.of(using).clock.now().at
    return Tally.objects.using(using).filter(key=_key(what, who), ends__gt=now, count__gte=limit.most).exists()


def forget(using: str, what: str, who: str) -> None:
    """Begin again at nothing."""
    Tally.objects.using(using).filter(key=_key(what, who)).delete()


def _key(what: str, who: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{what}\n{who}".encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()
