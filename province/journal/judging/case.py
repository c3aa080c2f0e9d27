"""One entry before the judge, and what is known around it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import Entry
from province.journal.models import Journal
from province.journal.rows import DjangoRows
from province.registry.grants import grants_of, in_force
from province.registry.models import GivenLease, PersonSigningKey, PublishedGrant


class Court(msgspec.Struct):
    """What is known around one journal while its entries are judged; looked up once, not for every entry."""

    using: str
    rows: DjangoRows
    journal: Journal
    _grants: dict[int, list[PublishedGrant]] = msgspec.field(default_factory=dict)
    _keys: dict[int, list[PersonSigningKey]] = msgspec.field(default_factory=dict)
    _leases: list[GivenLease] | None = None

    def grants(self, person: int) -> list[PublishedGrant]:
        """A person's grants, newest first."""
        if person not in self._grants:
            self._grants[person] = grants_of(self.using, person)
        return self._grants[person]

    def keys(self, person: int) -> list[PersonSigningKey]:
        """A person's signing keys on this device, pending ones included."""
        if person not in self._keys:
            found = PersonSigningKey.objects.using(self.using).filter(person=person, device=self.journal.device)
            self._keys[person] = list(found)
        return self._keys[person]

    def leases(self) -> list[GivenLease]:
        """The device's leases, the longest first."""
        if self._leases is None:
            found = GivenLease.objects.using(self.using).filter(device=self.journal.device)
            self._leases = list(found.order_by("-issue_until"))
        return self._leases

    def forget_keys(self, person: int) -> None:
        """A key was added: look again."""
        self._keys.pop(person, None)


class Case(msgspec.Struct):
    """An entry before the court, and when it came in (UTC ms)."""

    court: Court
    entry: Entry
    actor_sig: bytes
    received_at: int

    @property
    def using(self) -> str:
        """The database alias."""
        return self.court.using

    @property
    def rows(self) -> DjangoRows:
        """The projections."""
        return self.court.rows

    @property
    def journal(self) -> Journal:
        """The journal it stands in."""
        return self.court.journal

    @property
    def at(self) -> int:
        """When the device says it happened."""
        return self.entry.envelope.at

    @property
    def actor(self) -> int:
        """Who did it; 0 is the device itself."""
        return self.entry.envelope.actor

    def known_grant(self, person: int) -> PublishedGrant | None:
        """The grant in force at the time of the act, of those that had reached the device by then."""
        known = [grant for grant in self.court.grants(person) if grant.cursor <= self.journal.pulled]
        return in_force(known, self.at)

    def true_grant(self, person: int) -> PublishedGrant | None:
        """The grant in force at the time of the act, of all there are."""
        return in_force(self.court.grants(person), self.at)

    def known_lease(self) -> GivenLease | None:
        """The longest lease that had reached the device."""
        return next((lease for lease in self.court.leases() if lease.cursor <= self.journal.pulled), None)

    def keys_of(self, person: int) -> list[PersonSigningKey]:
        """A person's signing keys on this device, pending ones included."""
        return self.court.keys(person)


class Finding(NamedTuple):
    """Why an entry is not accepted in silence, and what follows.

    ``takes_effect`` is False for what cannot stand beside what is already there; everything else happened, is projected
    and shown, disputed where it does not hold.
    """

    code: Judgement
    followed: bool
    holds: bool
    takes_effect: bool = True


_J = Judgement
CONSEQUENCES: dict[Judgement, Finding] = {
    finding.code: finding
    for finding in (
        Finding(_J.MALFORMED, followed=False, holds=False, takes_effect=False),
        Finding(_J.NOT_CANONICAL, followed=False, holds=False, takes_effect=False),
        Finding(_J.UNKNOWN_KIND, followed=True, holds=True),
        Finding(_J.SIGNATURE_MISSING, followed=False, holds=False),
        Finding(_J.SIGNATURE_BAD, followed=False, holds=False),
        Finding(_J.POST_MISSING, followed=False, holds=False),
        Finding(_J.AUTHORITY_MISSING, followed=False, holds=False),
        Finding(_J.GRANT_EXPIRED, followed=False, holds=False),
        Finding(_J.LEASE_EXPIRED, followed=False, holds=True),
        Finding(_J.OUTSIDE_BLOCK, followed=False, holds=False, takes_effect=False),
        Finding(_J.NUMBER_CONTESTED, followed=True, holds=False, takes_effect=False),
        Finding(_J.ORDER, followed=False, holds=True),
        Finding(_J.NUMBER_TAKEN, followed=False, holds=False, takes_effect=False),
        Finding(_J.REFERENCE_UNKNOWN, followed=False, holds=False),
        Finding(_J.WRONG_STATE, followed=False, holds=False, takes_effect=False),
        Finding(_J.INSPECTION_FAILED, followed=False, holds=False),
        Finding(_J.RESULT_MISSING, followed=False, holds=False),
        Finding(_J.QUANTITY_EXCEEDS_INSPECTED, followed=False, holds=False),
        Finding(_J.CREDENTIAL_DIFFERS, followed=False, holds=False),
        Finding(_J.LATE, followed=True, holds=True),
    )
}
