"""One entry before the judge, and what is known around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import FormSheet, PolicySheet, TerminalLicence
from inspector_app.domain.documents import (
    PRACTICE_PROVINCE,
    SignedDocument,
    decode_document,
    from_payload,
)
from inspector_app.domain.policy import Policy
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.devices import CaseReceived, ProvincePulled
from inspector_app.journal.envelope import read_envelope, read_fact
from province import reference
from province.journal import feed
from province.journal.models import FeedDocument, Journal, State, StoredEntry
from province.journal.rows import RememberedRows
from province.registry.grants import grants_of, in_force
from province.registry.models import GivenLease, PersonSigningKey, PublishedGrant

LICENCE, POLICY, FORM = "licence/1", "policy/1", "form/1"
NEVER = 2**63


class Known(NamedTuple):
    """How far a device had taken in the feed when it wrote an entry.

    ``forgotten``: it had taken in more, of a feed the province forgot in a restore. What stood there nobody here knows,
    so nobody is blamed for what it may have said.

    ``doubtful``: that was so once. What it has pulled since does not take away what it was told before, and people go
    on relying on that.
    """

    through: int = 0
    forgotten: bool = False
    doubtful: bool = False


class Licence(NamedTuple):
    """A terminal licence and its place in the feed."""

    document: TerminalLicence
    cursor: int


class Standing(NamedTuple):
    """Where the judging of a journal stands: what the device knew, and what its row says of that."""

    known: Known
    pulled: int
    doubtful_from: int


class Court(msgspec.Struct):
    """What is known around one journal while its entries are judged; looked up once, not for every entry."""

    using: str
    rows: RememberedRows
    journal: Journal
    state: State
    known: Known = Known()
    _grants: dict[int, list[PublishedGrant]] = msgspec.field(default_factory=dict)
    _keys: dict[int, list[PersonSigningKey]] = msgspec.field(default_factory=dict)
    _leases: list[GivenLease] | None = None
    _licences: list[Licence] | None = None
    _forms: list[tuple[int, FormSheet]] | None = None
    _policy: Policy | None = None
    _policies: list[tuple[int, PolicySheet]] | None = None
    _common: dict[str, int] = msgspec.field(default_factory=dict)
    _first_received: int | None = None

    @classmethod
    def before(cls, using: str, journal: Journal, seq: int) -> Court:
        """The court for a device's entries from ``seq`` on, knowing what the device knew by then."""
        court = cls(using, RememberedRows(using), journal, State.objects.using(using).get(only=1))
        court.known = Known(doubtful=0 < journal.doubtful_from < seq)
        pulls = StoredEntry.objects.using(using).filter(device=journal.device, kind=ProvincePulled.KIND, seq__lt=seq)
        for public in pulls.order_by("-seq").values_list("public", flat=True)[:1]:
            envelope, _verdict = read_envelope(bytes(public))
            fact = read_fact(envelope)[0] if envelope is not None else None
            if envelope is not None and isinstance(fact, ProvincePulled):
                court.take_note(fact, envelope.seq)
        return court

    def take_note(self, pulled: ProvincePulled, seq: int) -> None:
        """The device took in the feed, by its entry ``seq``: of another epoch only as far as that was the same feed."""
        if pulled.epoch == self.state.epoch:
            self.known = Known(pulled.last, doubtful=self.known.doubtful)
            return
        if pulled.epoch not in self._common:
            self._common[pulled.epoch] = feed.common_with(self.using, self.state, pulled.epoch)
        common = self._common[pulled.epoch]
        forgotten = pulled.last > common
        if forgotten and not self.journal.doubtful_from:
            self.journal.doubtful_from = seq
        self.known = Known(min(pulled.last, common), forgotten, forgotten or self.known.doubtful)

    def standing(self) -> Standing:
        """What judging changes here as it goes on, beside the rows."""
        return Standing(self.known, self.journal.pulled, self.journal.doubtful_from)

    def stand_again(self, before: Standing) -> None:
        """What was judged since has been undone."""
        self.known, self.journal.pulled, self.journal.doubtful_from = before
        self.rows.forget()
        self._keys.clear()

    @property
    def practice(self) -> bool:
        """Whether everything here is practice (练习)."""
        return self.state.province == PRACTICE_PROVINCE

    def policy(self) -> Policy:
        """The newest policy there is."""
        if self._policy is None:
            self._policy = reference.policy(self.using)
        return self._policy

    def known_policy(self) -> Policy:
        """The newest policy that had reached the device; what the program ships before the first."""
        if self._policies is None:
            told = FeedDocument.objects.using(self.using).filter(kind=POLICY).order_by("cursor")
            read = ((row.cursor, _document(row)) for row in told)
            self._policies = [(cursor, sheet) for cursor, sheet in read if isinstance(sheet, PolicySheet)]
        known = [sheet for cursor, sheet in self._policies if cursor <= self.known.through]
        newest = max(known, key=lambda sheet: (sheet.issued_at, sheet.version), default=None)
        return reference.policy_of(newest.body if newest else "")

    def forms(self) -> list[tuple[int, FormSheet]]:
        """The form templates released, each with its place in the feed."""
        if self._forms is None:
            told = FeedDocument.objects.using(self.using).filter(kind=FORM).order_by("cursor")
            read = ((row.cursor, _document(row)) for row in told)
            self._forms = [(cursor, one) for cursor, one in read if isinstance(one, FormSheet)]
        return self._forms

    def licences(self) -> list[Licence]:
        """The device's terminal licences, newest first."""
        if self._licences is None:
            told = FeedDocument.objects.using(self.using).filter(kind=LICENCE, station=self.journal.station)
            rows = told.filter(device=self.journal.device).order_by("-cursor")
            read = ((row.cursor, _document(row)) for row in rows)
            self._licences = [Licence(one, cursor) for cursor, one in read if isinstance(one, TerminalLicence)]
        return self._licences

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

    def first_received(self) -> int:
        """The device's first entry by which it got a case from a sister; one beyond all for most, who never got one."""
        if self._first_received is None:
            own = StoredEntry.objects.using(self.using).filter(device=self.journal.device, kind=CaseReceived.KIND)
            found = own.order_by("seq").values_list("seq", flat=True).first()
            self._first_received = NEVER if found is None else found
        return self._first_received

    def forget_keys(self, person: int) -> None:
        """A key was added: look again."""
        self._keys.pop(person, None)


def _document(row: FeedDocument) -> object:
    signed = decode_document(bytes(row.content))
    return from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None


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
    def rows(self) -> RememberedRows:
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
    def today(self) -> str:
        """The legal day on which the device says it happened."""
        return legal_date(self.at)

    @property
    def seq(self) -> int:
        """Its place in the journal."""
        return self.entry.envelope.seq

    @property
    def actor(self) -> int:
        """Who did it; 0 is the device itself."""
        return self.entry.envelope.actor

    def known_grant(self, person: int) -> PublishedGrant | None:
        """The grant in force at the time of the act, of those that had reached the device by then."""
        known = [grant for grant in self.court.grants(person) if grant.cursor <= self.court.known.through]
        return in_force(known, self.at)

    def true_grant(self, person: int) -> PublishedGrant | None:
        """The grant in force at the time of the act, of all there are."""
        return in_force(self.court.grants(person), self.at)

    def known_lease(self) -> GivenLease | None:
        """The longest lease that had reached the device."""
        through = self.court.known.through
        return next((lease for lease in self.court.leases() if lease.cursor <= through), None)

    def known_licence(self) -> TerminalLicence | None:
        """The newest terminal licence begun at the time of the act, of those that had reached the device."""
        through = self.court.known.through
        return next((one.document for one in self._begun() if one.cursor <= through), None)

    def true_licence(self) -> TerminalLicence | None:
        """The newest terminal licence begun at the time of the act, of all there are."""
        return next((one.document for one in self._begun()), None)

    def _begun(self) -> Iterator[Licence]:
        # A licence begins by the province's clock; by a slower one the one before it may still be the newest.
        latest = self.at + self.court.policy().clock_tolerance_ms
        return (one for one in self.court.licences() if one.document.valid_from <= latest)

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
        Finding(_J.NUMBERS_HELD, followed=False, holds=False),
        Finding(_J.NUMBER_LOST, followed=False, holds=False),
        Finding(_J.DAY_CHAIN, followed=False, holds=False),
        Finding(_J.REFERENCE_UNKNOWN, followed=False, holds=False),
        Finding(_J.WRONG_STATE, followed=False, holds=False, takes_effect=False),
        Finding(_J.REPLACEMENT_MISSING, followed=False, holds=False),
        Finding(_J.NOT_CORRECTABLE, followed=False, holds=False),
        Finding(_J.INSPECTION_FAILED, followed=False, holds=False),
        Finding(_J.RESULT_MISSING, followed=False, holds=False),
        Finding(_J.QUANTITY_EXCEEDS_INSPECTED, followed=False, holds=False),
        Finding(_J.CREDENTIAL_DIFFERS, followed=False, holds=False),
        Finding(_J.NO_TERMINAL_LICENCE, followed=False, holds=False),
        Finding(_J.CASE_HANDED_OVER, followed=False, holds=False),
        Finding(_J.RECORD_DIFFERS, followed=False, holds=False),
        Finding(_J.KIND_WRONG, followed=False, holds=False),
        Finding(_J.TIME_DIFFERS, followed=False, holds=False),
        Finding(_J.MOMENT_WRONG, followed=False, holds=False),
        Finding(_J.CLOCK_AHEAD, followed=True, holds=True),
        Finding(_J.VALIDITY_TOO_LONG, followed=False, holds=False),
        Finding(_J.TEMPLATE_NOT_SIGNED, followed=False, holds=False),
        Finding(_J.RETENTION_EARLY, followed=False, holds=False, takes_effect=False),
        Finding(_J.OUT_OF_TURN, followed=False, holds=False, takes_effect=False),
        Finding(_J.ONE_PERSON_TWICE, followed=False, holds=False),
        Finding(_J.DRAW_ONE_SIDED, followed=False, holds=False),
        Finding(_J.WRITE_OFF_WRONG, followed=False, holds=False),
        Finding(_J.NOT_WRITTEN_OFF, followed=False, holds=False),
        Finding(_J.KEPT_AS_EVIDENCE, followed=False, holds=False),
        Finding(_J.DESTRUCTION_DIFFERS, followed=False, holds=False),
        Finding(_J.PHOTO_MISSING, followed=False, holds=False),
        Finding(_J.SHEET_UNMARKED, followed=False, holds=False),
        Finding(_J.SEIZURE_UNFOUNDED, followed=False, holds=False),
        Finding(_J.NOT_AGREED, followed=False, holds=False),
        Finding(_J.DESTROYED_EARLY, followed=False, holds=False),
        Finding(_J.STOCKTAKE_OPEN, followed=False, holds=True),
        Finding(_J.LATE, followed=True, holds=True),
    )
}
