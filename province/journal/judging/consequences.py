"""What the province does of its own accord once an entry is accepted without a verdict."""

from __future__ import annotations

from inspector_app.domain.authority import PersonKey
from inspector_app.domain.documents import sign_document
from inspector_app.domain.keys import PublicKey
from inspector_app.errors import BugError
from inspector_app.journal.entries.devices import PersonKeyAdded, RetentionApplied
from inspector_app.journal.projections import project_document
from province import provinces
from province.journal import feed
from province.journal.judging.case import Case
from province.journal.models import EntryPrivate, Retention
from province.registry.models import PersonSigningKey


def follow(case: Case) -> None:
    """Publish what others now have to know."""
    if isinstance(case.entry.fact, PersonKeyAdded):
        publish_key(case, case.entry.fact)


def publish_key(case: Case, fact: PersonKeyAdded) -> None:
    """Publish a person's new signing key to the station, valid as long as the person's grant.

    BugError, and so no effect at all, for a person without a grant at this station.
    """
    grant = case.newest_grant(fact.person)
    if grant is None or grant.station not in (0, case.journal.station):
        raise BugError(f"person {fact.person} has no grant here")
    province = provinces.of(case.using)
    now = province.clock.now().at
    raw = bytes.fromhex(fact.key)
    statement = PersonKey(
        person=fact.person,
        device=case.journal.device,
        suite=fact.suite,
        key=raw,
        valid_from=min(case.at, now),
        valid_until=grant.valid_until,
    )
    signed = sign_document(statement, province.keys.server)
    cursor = feed.publish(case.using, signed, feed.Audience(station=case.journal.station), now)
    project_document(statement, case.rows)
    case.court.forget_keys(fact.person)
    PersonSigningKey.objects.using(case.using).update_or_create(
        key_id=PublicKey(fact.suite, raw).key_id.hex(),
        defaults={
            "person": fact.person,
            "device": case.journal.device,
            "suite": fact.suite,
            "key": raw,
            "added_at": case.at,
            "valid_from": statement.valid_from,
            "valid_until": statement.valid_until,
            "cursor": cursor,
        },
    )


def remove_private(case: Case, fact: RetentionApplied) -> None:
    """Delete the private parts a device let go at the end of their retention; the entries stay."""
    for ref in fact.entries:
        device, _, seq = ref.partition("/")
        if device != case.journal.device or not seq.isdigit() or int(seq) >= case.entry.envelope.seq:
            continue
        key = {"device": device, "seq": int(seq)}
        Retention.objects.using(case.using).get_or_create(**key, defaults={"applied_by": case.entry.envelope.seq})
        EntryPrivate.objects.using(case.using).filter(**key).delete()
