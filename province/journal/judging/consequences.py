"""What the province does of its own accord once an entry is accepted without a verdict."""

from __future__ import annotations

from inspector_app.domain.keys import PublicKey
from inspector_app.errors import BugError
from inspector_app.journal.entries.devices import PersonKeyAdded, RetentionApplied
from inspector_app.journal.entries.successions import DeviceSucceeded
from province import provinces
from province.journal.judging import retention
from province.journal.judging.case import Case
from province.registry import fencing, publishing
from province.registry.grants import end_of_signing
from province.registry.models import PersonSigningKey


def follow(case: Case) -> None:
    """Publish what others now have to know, and remove what its device let go."""
    match case.entry.fact:
        case PersonKeyAdded() as fact:
            publish_key(case, fact)
        case DeviceSucceeded() as fact:
            shut_down(case, fact)
        case RetentionApplied() as fact:
            retention.remove_private(case, fact)
        case _:
            pass


def shut_down(case: Case, fact: DeviceSucceeded) -> None:
    """The earlier device issues nothing more: of two computers that pass for one, neither goes on."""
    if not fencing.is_fenced(case.using, fact.device):
        fencing.fence_device(case.using, fact.device)
        case.rows.forget()


def publish_key(case: Case, fact: PersonKeyAdded) -> None:
    """Publish a person's new signing key to the station, valid as long as the person may sign there.

    BugError, and so no effect at all, for a person who was not of this station when the key was made.
    """
    grant = case.true_grant(fact.person)
    end = end_of_signing(case.court.grants(fact.person), case.journal.station)
    if grant is None or grant.station not in (0, case.journal.station) or end is None:
        raise BugError(f"person {fact.person} has no grant here")
    now = provinces.of(case.using).clock.now().at
    raw = bytes.fromhex(fact.key)
    key_id = PublicKey(fact.suite, raw).key_id.hex()
    row = PersonSigningKey.objects.using(case.using).filter(key_id=key_id).first() or PersonSigningKey(key_id=key_id)
    if row.cursor and (row.person, row.device) != (fact.person, case.journal.device):
        raise BugError(f"key {key_id} is somebody else's")
    row.person, row.device, row.suite, row.key = fact.person, case.journal.device, fact.suite, raw
    row.added_at, row.valid_from, row.valid_until = case.at, min(case.at, now), end
    publishing.publish_person_key(case.using, row, case.journal.station)
    case.rows.forget()
    case.court.forget_keys(fact.person)
