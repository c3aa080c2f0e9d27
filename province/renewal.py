"""Renewing the authority's or the server's key: the root states the next one, devices hear of it, then it signs.

A statement can only narrow what the root said before, so a key that ends is followed by another key, never extended.
The next key lies beside the present one until it is put in its place; both are valid meanwhile. A device that has not
heard of a key believes nothing it signs, so the change waits until every device has pulled the statement.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from inspector_app.domain.documents import KeyStatement, Role, SignedDocument, decode_document, from_payload
from inspector_app.errors import StationError
from inspector_app.suites import SigningKey
from province import provinces
from province.founding import key_statement
from province.journal import feed
from province.journal.models import FeedDocument, Journal, JournalState
from province.keys import next_key, put_in_place, read_next

ROLES = {"authority": Role.AUTHORITY, "server": Role.SERVER}


def state_next(using: str, name: str, folder: Path) -> SigningKey:
    """Make the next key, unless it is there, and publish the root's word for it. StationError without the root key."""
    province = provinces.of(using)
    if province.keys.root is None:
        raise StationError("province.root_key_absent")
    key = next_key(folder, name, province.random)
    with transaction.atomic(using=using):
        feed.lock_state(using)
        if _stated_at(using, key) is None:
            now = province.clock.now().at
            feed.publish(using, key_statement(ROLES[name], key, province.keys.root, now), feed.EVERYBODY, now)
    return key


def switch(using: str, name: str, folder: Path, *, even_so: bool = False) -> None:
    """Put the next key in the place of the present one; servers sign with it when they are started again.

    StationError ``province.next_key_absent``, or ``province.devices_behind`` while devices have not heard of it, unless
    ``even_so``: those would have to be enrolled again.
    """
    key = read_next(folder, name)
    stated = _stated_at(using, key) if key is not None else None
    if stated is None:
        raise StationError("province.next_key_absent", key=name)
    behind = unaware(using, stated)
    if behind and not even_so:
        raise StationError("province.devices_behind", count=len(behind), devices=", ".join(behind))
    put_in_place(folder, name)


def waiting_for(using: str, key: SigningKey) -> list[str]:
    """The devices that have not heard of a stated key."""
    return unaware(using, _stated_at(using, key) or 0)


def unaware(using: str, cursor: int) -> list[str]:
    """The devices at work that have not taken in the feed so far, by what they themselves reported."""
    active = Journal.objects.using(using).filter(state=JournalState.ACTIVE, pulled__lt=cursor)
    return list(active.order_by("device").values_list("device", flat=True))


def _stated_at(using: str, key: SigningKey) -> int | None:
    """Where in the feed the root spoke of a key."""
    for row in FeedDocument.objects.using(using).filter(kind="key/1").order_by("cursor"):
        signed = decode_document(bytes(row.content))
        value = from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None
        if isinstance(value, KeyStatement) and value.key == key.public:
            return row.cursor
    return None
