"""What people of the province decide, signed with the authority key and added to the feed: each change a new sheet.

Every function takes its database alias as ``using`` and holds its own transaction. StationError
``province.authority_key_absent`` where the authority key does not lie (the online server in production).
"""

from __future__ import annotations

import msgspec
from django.db import transaction

from inspector_app.clock import MS_PER_DAY
from inspector_app.domain.authority import (
    DeviceSheet,
    FormSheet,
    Grant,
    Lease,
    PersonKey,
    PolicySheet,
    Post,
    StationSheet,
    TerminalLicence,
)
from inspector_app.domain.documents import CaSheet, sign_document
from inspector_app.domain.policy import PolicyError
from inspector_app.errors import StationError
from inspector_app.journal.projections import project_document
from inspector_app.suites import SigningKey
from province import provinces, reference
from province.high_water import next_ordinal
from province.journal import feed
from province.journal.models import FeedDocument, Journal
from province.journal.rows import DjangoRows
from province.registry.filings import FiledWith, filings_of
from province.registry.grants import end_of_signing, grants_of
from province.registry.models import Device, GivenLease, Person, PersonSigningKey, PublishedGrant, Station

YEAR_MS = 365 * MS_PER_DAY
ACTIVE = "active"
RENEW_LICENCE_MS = 30 * MS_PER_DAY
RENEW_AFTER_MS = 3_600_000
"""A lease is renewed at contact, but not more often than this: two idle sides shall come to rest (SYNC I12)."""


def authority_of(using: str) -> SigningKey:
    """The authority key. StationError where it is not kept."""
    key = provinces.of(using).keys.authority
    if key is None:
        raise StationError("province.authority_key_absent")
    return key


def publish(using: str, struct: msgspec.Struct, signer: SigningKey, audience: feed.Audience = feed.EVERYBODY) -> int:
    """Sign, add to the feed, project; returns the cursor."""
    with transaction.atomic(using=using):
        now = provinces.of(using).clock.now().at
        cursor = feed.publish(using, sign_document(struct, signer), audience, now)
        project_document(struct, DjangoRows(using))
        return cursor


def add_station(
    using: str, number: int, *, name: str, name_en: str, area: int, phone: str, agency: str = "", address: str = ""
) -> Station:
    """Register a station, or change it; publishes its sheet to everybody."""
    signer = authority_of(using)
    with transaction.atomic(using=using):
        feed.lock_state(using)
        held = Station.objects.using(using).filter(number=number).first()
        ordinal = next_ordinal(provinces.of(using).high_water, f"station {number}", held.ordinal if held else 0)
        facts = {"name": name, "name_en": name_en, "area": area, "phone": phone, "agency": agency, "address": address}
        sheet = StationSheet(
            station=number,
            ordinal=ordinal,
            name=name,
            name_en=name_en,
            area=area,
            phone=phone,
            agency=agency,
            address=address,
        )
        publish(using, sheet, signer)
        row, _new = Station.objects.using(using).update_or_create(number=number, defaults=facts | {"ordinal": ordinal})
        return row


def add_person(using: str, number: int, *, name: str, name_en: str = "") -> Person:
    """Register a person, or change the name."""
    row, _new = Person.objects.using(using).update_or_create(number=number, defaults={"name": name, "name_en": name_en})
    return row


def grant(
    using: str,
    person: int,
    *,
    station: int,
    posts: tuple[str, ...],
    kinds: tuple[str, ...] = (),
    filed: tuple[FiledWith, ...] = (),
    valid_from: int = 0,
    valid_until: int = 0,
) -> PublishedGrant:
    """Give a person posts and kinds at a station; supersedes the person's earlier grant.

    Times are UTC ms; 0 means from now, and one year. StationError for an unknown post, person or window, or for a kind
    the person is not filed for (:mod:`province.registry.filings`).
    """
    signer = authority_of(using)
    unknown = set(posts) - set(Post)
    if unknown:
        raise StationError("province.post_unknown", post=", ".join(sorted(unknown)))
    with transaction.atomic(using=using):
        feed.lock_state(using)
        holder = Person.objects.using(using).filter(number=person).first()
        if holder is None:
            raise StationError("province.person_unknown", person=person)
        now = provinces.of(using).clock.now().at
        last = PublishedGrant.objects.using(using).filter(person=holder).order_by("-ordinal").first()
        document = Grant(
            person=person,
            ordinal=next_ordinal(provinces.of(using).high_water, f"grant {person}", last.ordinal if last else 0),
            name=holder.name,
            name_en=holder.name_en,
            station=station,
            posts=posts,
            kinds=kinds,
            valid_from=valid_from or now,
            valid_until=valid_until or now + YEAR_MS,
            filings=filings_of(using, station, kinds, filed),
        )
        return publish_grant(using, document, sign_document(document, signer).encoded())


def publish_grant(using: str, document: Grant, raw: bytes) -> PublishedGrant:
    """Publish a signed grant and what follows from it: the windows of the person's keys.

    The stations of the person's earlier grants are told as well: they learn only so that somebody has left.
    """
    with transaction.atomic(using=using):
        earlier = PublishedGrant.objects.using(using).filter(person_id=document.person)
        stations = {document.station, *earlier.values_list("station", flat=True)}
        told = {0} if document.station == 0 else stations - {0}
        cursors = [feed.publish_raw(using, raw, feed.Audience(station=one)) for one in sorted(told)]
        project_document(document, DjangoRows(using))
        row = _store_grant(using, document, cursors[-1])
        renew_key_windows(using, document.person)
        return row


def renew_key_windows(using: str, person: int) -> int:
    """Publish a person's keys anew where the grants now give them another end; returns how many.

    A fenced device's keys are left as they are: nothing gives them back.
    """
    grants, renewed = grants_of(using, person), 0
    stations = dict(Device.objects.using(using).values_list("device", "station_id"))
    for row in PersonSigningKey.objects.using(using).filter(person=person, cursor__gt=0, valid_before=0):
        end = end_of_signing(grants, stations[row.device])
        if end is None:  # withdrawn from the very beginning
            end = max(0, grants[0].valid_from - 1)
        if row.valid_until != end:
            row.valid_until = end
            publish_person_key(using, row, stations[row.device])
            renewed += 1
    return renewed


def publish_person_key(using: str, row: PersonSigningKey, station: int) -> None:
    """Publish a person's signing key with its window to a station, and keep it."""
    statement = PersonKey(
        person=row.person,
        device=row.device,
        suite=row.suite,
        key=bytes(row.key),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    row.cursor = publish(using, statement, provinces.of(using).keys.server, feed.Audience(station=station))
    row.save(using=using)


def _store_grant(using: str, document: Grant, cursor: int) -> PublishedGrant:
    return PublishedGrant.objects.using(using).create(
        person_id=document.person,
        ordinal=document.ordinal,
        station=document.station,
        posts=list(document.posts),
        kinds=list(document.kinds),
        filings=msgspec.to_builtins(document.filings),
        valid_from=document.valid_from,
        valid_until=document.valid_until,
        cursor=cursor,
    )


def publish_policy(using: str, version: str, body: str) -> int:
    """Publish a version of provincial policy (TOML). StationError for a text no station could go by.

    Once signed it would reach every device and stop it from issuing.
    """
    try:
        reference.policy_of(body)
    except PolicyError as error:
        raise StationError("province.policy_unusable", reason=str(error)) from error
    now = provinces.of(using).clock.now().at
    return publish(using, PolicySheet(version, now, body), authority_of(using))


def release_form(using: str, form: str, version: str, sha256: bytes) -> int:
    """Release a form template for printing (G29)."""
    now = provinces.of(using).clock.now().at
    return publish(using, FormSheet(form, version, sha256, now), authority_of(using))


def license_device(using: str, device: str, *, days: int = 365) -> int:
    """Give a device leave to be a terminal of the unified system (GX-2014 Art. 20).

    StationError for a device nobody enrolled, or one that was fenced.
    """
    row = Device.objects.using(using).filter(device=device).first()
    if row is None:
        raise StationError("province.device_unknown", device=device)
    if row.state != ACTIVE:
        raise StationError("province.device_fenced", device=device)
    now = provinces.of(using).clock.now().at
    licence = TerminalLicence(device, row.station_id, now, now + days * MS_PER_DAY)
    return publish(using, licence, authority_of(using), feed.Audience(station=row.station_id, device=device))


def in_need_of_licence(using: str) -> list[str]:
    """The devices at work whose licence is missing or ends within a month."""
    soon = provinces.of(using).clock.now().at + RENEW_LICENCE_MS
    newest = {row["device"]: row for row in DjangoRows(using).many("licences")}  # in the order in which they begin
    lasting = {device for device, row in newest.items() if int(row["valid_until"] or 0) > soon}
    active = Device.objects.using(using).filter(state=ACTIVE).order_by("device")
    return [row.device for row in active if row.device not in lasting]


def publish_ca(using: str, pem: bytes) -> int:
    """State whose certificates this province's server shows; returns the ordinal.

    StationError ``province.root_key_absent``, or ``province.ca_unreadable`` for what holds no certificate, or a key.
    """
    root = provinces.of(using).keys.root
    if root is None:
        raise StationError("province.root_key_absent")
    if b"-----BEGIN CERTIFICATE-----" not in pem or b"PRIVATE KEY" in pem:
        raise StationError("province.ca_unreadable")
    last = FeedDocument.objects.using(using).filter(kind="ca/1").count()
    ordinal = next_ordinal(provinces.of(using).high_water, "ca", last)
    publish(using, CaSheet(ordinal, pem), root)
    return ordinal


def publish_device(using: str, row: Device) -> int:
    """Tell a station about one of its devices, in its present state."""
    sheet = DeviceSheet(
        device=row.device,
        ordinal=row.ordinal,
        station=row.station_id,
        name=row.name,
        suite=row.suite,
        key=bytes(row.key),
        box_key=bytes(row.box_key),
        state=row.state,
    )
    return publish(using, sheet, provinces.of(using).keys.server, feed.Audience(station=row.station_id))


def renew_lease(using: str, device: str) -> GivenLease | None:
    """Give the right to issue for the next days; None when the device was given it within the last hour."""
    with transaction.atomic(using=using):
        feed.lock_state(using)
        now = provinces.of(using).clock.now().at
        last = GivenLease.objects.using(using).filter(device=device).order_by("-id").first()
        if last is not None and 0 <= now - last.granted_at < RENEW_AFTER_MS:
            return None
        journal = Journal.objects.using(using).get(device=device)
        lease = Lease(
            device=device,
            granted_at=now,
            issue_until=now + reference.policy(using).lease_days * MS_PER_DAY,
            accepted_seq=journal.seq,
            accepted_hash=bytes(journal.hash),
        )
        audience = feed.Audience(station=journal.station, device=device)
        cursor = publish(using, lease, provinces.of(using).keys.server, audience)
        return GivenLease.objects.using(using).create(
            device=device, granted_at=now, issue_until=lease.issue_until, cursor=cursor
        )
