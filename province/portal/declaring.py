"""Taking a producer's declaration online and telling its station (网上申报).

The declaration is published as a document for that station alone. It is personal as a whole: the feed keeps its hash,
the document itself goes at the end of its retention.
"""

from __future__ import annotations

import base64

import msgspec
from django.db import transaction

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, legal_date
from inspector_app.domain.declaration import OnlineDeclaration
from inspector_app.domain.documents import sign_document
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.projections import project_document
from inspector_app.journal.projections.declarations import online_content
from inspector_app.journal.projections.retention import DECLARED_COLUMNS
from province import provinces, reference
from province.journal import feed
from province.journal.models import FeedPrivate
from province.journal.rows import DjangoRows
from province.portal.models import PortalDeclaration
from province.public import tallies
from province.registry.models import Station

OF_ADDRESS = tallies.Limit(most=10, minutes=60)
OF_STATION = tallies.Limit(most=60, minutes=60)
"""A busy station has some dozens a day; what is beyond is told to call, for each one is kept on every laptop."""
OPEN_OF_PHONE = 20
SAME_MINUTES = 10
_DAYS_PER_MONTH = 31


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What the form holds once it is sound: catalogue and area codes, ``departs_at`` in UTC ms."""

    station: int
    owner: str
    owner_phone: str
    owner_address: str
    permit: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    origin_place: str
    pond: str
    destination: int
    destination_place: str
    consignee: str
    wild: bool
    departs_at: int
    remarks: str


class DeclinedError(Exception):
    """Nothing was recorded; ``code`` is the sentence that says why, ``values`` what it names."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def declare(using: str, declared: Declared, *, address: str = "") -> PortalDeclaration:
    """Publish a declaration to its station; returns it with the reference the producer is shown.

    DeclinedError for the same once more, and for more than there can honestly be. ``address`` is the visitor's.
    """
    province = provinces.of(using)
    now = province.clock.now().at
    online = f"W{legal_date(now).replace('-', '')[2:]}-{base64.b32encode(province.random.bytes(5)).decode()[:6]}"
    document = OnlineDeclaration(online=online, declared_at=now, **msgspec.structs.asdict(declared))
    with transaction.atomic(using=using):
        feed.lock_state(using)  # of two equal ones sent at once, one is the second
        _check_repeated(using, document)
        _check_limits(using, document, address)
        signed = sign_document(document, province.keys.server)
        cursor = feed.publish(using, signed, feed.Audience(station=declared.station), now)
        project_document(document, DjangoRows(using))
        return PortalDeclaration.objects.using(using).create(
            online=online, station=declared.station, declared_at=now, departs_at=declared.departs_at, cursor=cursor
        )


def _check_repeated(using: str, document: OnlineDeclaration) -> None:
    """Whoever sends the same twice is given the first reference; only they know all of it."""
    content, now = online_content(document), document.declared_at
    since = now - SAME_MINUTES * MS_PER_MINUTE
    sent = DjangoRows(using).many("online_declarations", owner_phone=document.owner_phone)
    for row in sent:
        if int(row["declared_at"] or 0) > since and content.items() <= row.items():
            raise DeclinedError("declined_same", online=str(row["online"]))
    waiting = [row for row in sent if row["declaration"] is None and int(row["departs_at"] or 0) > now]
    if len(waiting) >= OPEN_OF_PHONE:
        raise DeclinedError("declined_open", phone=_phone_of(using, document.station))


def _check_limits(using: str, document: OnlineDeclaration, address: str) -> None:
    if address and tallies.is_beyond(using, "declare", address, OF_ADDRESS):
        raise DeclinedError("declined_often", phone=_phone_of(using, document.station))
    if tallies.is_beyond(using, "declare at", str(document.station), OF_STATION):
        raise DeclinedError("declined_busy", phone=_phone_of(using, document.station))


def _phone_of(using: str, station: int) -> str:
    return Station.objects.using(using).get(number=station).phone


def remove_old(using: str) -> int:
    """Delete the personal documents of declarations past their retention; returns how many. The register line stays."""
    keeps = reference.policy(using).retention_months * _DAYS_PER_MONTH * MS_PER_DAY
    before = provinces.of(using).clock.now().at - keeps
    old = list(PortalDeclaration.objects.using(using).filter(departs_at__lt=before).values_list("cursor", "online"))
    with transaction.atomic(using=using):
        removed, _by_model = FeedPrivate.objects.using(using).filter(cursor__in=[cursor for cursor, _ in old]).delete()
        rows = DjangoRows(using)
        for _cursor, online in old:
            rows.update("online_declarations", {"online": online}, dict.fromkeys(DECLARED_COLUMNS))
    return removed
