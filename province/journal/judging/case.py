"""One entry before the judge, and what is known around it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import Entry
from province.journal.models import Journal
from province.journal.rows import DjangoRows
from province.registry.models import PersonSigningKey, PublishedGrant


class Case(msgspec.Struct):
    """An entry with its journal, the projections, and when it came in (UTC ms)."""

    using: str
    rows: DjangoRows
    journal: Journal
    entry: Entry
    actor_sig: bytes
    received_at: int

    @property
    def at(self) -> int:
        """When the device says it happened."""
        return self.entry.envelope.at

    @property
    def actor(self) -> int:
        """Who did it; 0 is the device itself."""
        return self.entry.envelope.actor

    def known_grant(self, person: int) -> PublishedGrant | None:
        """The newest grant of a person that had reached the device when the entry was written."""
        return self._newest_grant(person, self.journal.pulled)

    def true_grant(self, person: int) -> PublishedGrant | None:
        """The newest grant of a person there is."""
        return self._newest_grant(person, None)

    def _newest_grant(self, person: int, known_through: int | None) -> PublishedGrant | None:
        grants = PublishedGrant.objects.using(self.using).filter(person_id=person)
        if known_through is not None:
            grants = grants.filter(cursor__lte=known_through)
        return grants.order_by("-ordinal").first()

    def keys_of(self, person: int) -> list[PersonSigningKey]:
        """A person's signing keys on this device, pending ones included."""
        keys = PersonSigningKey.objects.using(self.using).filter(person=person, device=self.journal.device)
        return list(keys)


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
