"""Taking a producer's declaration online and telling its station (网上申报).

The declaration is published as a document for that station alone. It is personal as a whole: the feed keeps its hash,
the document itself goes at the end of its retention.
"""

from __future__ import annotations

import base64

import msgspec
from django.db import transaction

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.declaration import OnlineDeclaration
from inspector_app.domain.documents import sign_document
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.projections import project_document
from province import provinces, reference
from province.journal import feed
from province.journal.models import FeedPrivate
from province.journal.rows import DjangoRows
from province.portal.models import PortalDeclaration

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


def declare(using: str, declared: Declared) -> PortalDeclaration:
    """Publish a declaration to its station; returns it with the reference the producer is shown."""
    province = provinces.of(using)
    now = province.clock.now().at
    online = f"W{legal_date(now).replace('-', '')[2:]}-{base64.b32encode(province.random.bytes(5)).decode()[:6]}"
    document = OnlineDeclaration(online=online, declared_at=now, **msgspec.structs.asdict(declared))
    with transaction.atomic(using=using):
        signed = sign_document(document, province.keys.server)
        cursor = feed.publish(using, signed, feed.Audience(station=declared.station), now)
        project_document(document, DjangoRows(using))
        return PortalDeclaration.objects.using(using).create(
            online=online, station=declared.station, declared_at=now, departs_at=declared.departs_at, cursor=cursor
        )


def remove_old(using: str) -> int:
    """Delete the personal documents of declarations past their retention; returns how many. The register line stays."""
    keeps = reference.policy(using).retention_months * _DAYS_PER_MONTH * MS_PER_DAY
    before = provinces.of(using).clock.now().at - keeps
    old = list(PortalDeclaration.objects.using(using).filter(departs_at__lt=before).values_list("cursor", "online"))
    with transaction.atomic(using=using):
        removed, _by_model = FeedPrivate.objects.using(using).filter(cursor__in=[cursor for cursor, _ in old]).delete()
        rows = DjangoRows(using)
        for _cursor, online in old:
            rows.update("online_declarations", {"online": online}, dict.fromkeys(PERSONAL_COLUMNS))
    return removed


PERSONAL_COLUMNS = (
    "owner_name",
    "owner_phone",
    "owner_address",
    "origin_place",
    "pond",
    "destination_place",
    "consignee",
    "permit",
    "remarks",
)
