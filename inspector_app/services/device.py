"""The device in the hands of one signed-in person: what every service works on.

Services read the projections, ask the rules, and record acts; they know neither screens nor network nor printers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from inspector_app.clock import Clock, day_start, legal_date
from inspector_app.domain.areas import Areas
from inspector_app.domain.authority import Action, Grant
from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.documents import Keyring
from inspector_app.domain.filings import Filing
from inspector_app.domain.policy import Policy, parse_policy
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import ACTOR_CONTEXT, Act, Head
from inspector_app.journal.feed import Pulled
from inspector_app.journal.projections import Row
from inspector_app.ports import Paper, Random
from inspector_app.store.drafts import DraftStore
from inspector_app.store.files import FileStore
from inspector_app.store.home import HomeSheet
from inspector_app.store.journal_store import HeadMoved, HeldCredential, JournalStore
from inspector_app.suites import SigningKey
from inspector_app.vault.device import DeviceIdentity

T = TypeVar("T")
Gate = Callable[[], Iterable[Refusal]]
PREPARE_TRIES = 100
NOBODY = -1
UNLIMITED = 2**63
LAST_MOMENT = day_start("9999-12-31")


class Session(msgspec.Struct, frozen=True):
    """The person signed in and their signing key on this device."""

    person: int
    key: SigningKey
    since: int


class Device:
    """One opened home. ``after_commit`` is told of the new head after each act (witness, screens).

    ``free_bytes`` says what the home's drive has left; ``online`` and ``clock_doubted`` are how the last contact ended;
    ``trouble`` is what the environment did to one of those listeners after the last act, None when all went well.
    """

    def __init__(
        self,
        sheet: HomeSheet,
        store: JournalStore,
        *,
        files: FileStore,
        drafts: DraftStore,
        identity: DeviceIdentity,
        keyring: Keyring,
        clock: Clock,
        random: Random,
        catalogue: Catalogue,
        areas: Areas,
        paper: Paper,
        base_policy: Policy,
    ) -> None:
        self.sheet = sheet
        self.store = store
        self.rows = store.rows
        self.files = files
        self.drafts = drafts
        self.identity = identity
        self.keyring = keyring
        self.clock = clock
        self.random = random
        self.catalogue = catalogue
        self.areas = areas
        self.paper = paper
        self.free_bytes: Callable[[], int] = lambda: UNLIMITED
        self.session: Session | None = None
        self.frozen = ""
        self.online = False
        self.clock_doubted = False
        self.after_commit: list[Callable[[Head], None]] = []
        self.trouble: StationError | None = None
        self._base_policy = base_policy
        self._policy: tuple[str, Policy] = ("", base_policy)

    @property
    def id(self) -> str:
        """The device's id: 32 hex digits."""
        return self.store.device

    @property
    def practice(self) -> bool:
        """Whether everything here is practice (练习)."""
        return self.keyring.root.practice

    def today(self) -> str:
        """The legal day it is now."""
        return legal_date(self.clock.now().at)

    def policy(self) -> Policy:
        """The newest provincial policy pulled, asked for today; the program's own defaults before the first contact."""
        version, today = self.store.newest_policy(), self.today()
        if version != self._policy[0]:
            row = self.rows.one("policies", version=version) or {}
            self._policy = (version, parse_policy(str(row["body"]), self._base_policy).on(today))
        elif today != self._policy[1].day:
            self._policy = (version, self._policy[1].on(today))
        return self._policy[1]

    def person(self) -> int:
        """Who is signed in; BugError when nobody is (every service asks :meth:`may` first)."""
        if self.session is None:
            raise BugError("nobody is signed in")
        return self.session.person

    def grant(self, person: int) -> Grant | None:
        """The grant that counts now: the newest that has begun, ended or not; before the first begins, the newest."""
        rows, now = self.rows.many("grants", person=person, order="ordinal"), self.clock.now().at
        begun = [row for row in rows if int(row["valid_from"] or 0) <= now]
        return grant_of([*rows, *begun][-1]) if rows else None

    def licence(self) -> Row | None:
        """The terminal licence that covers now: the newest that has begun, as long as it has not ended.

        One renewed by a clock that is ahead of this one begins later; until then the one before it counts.
        """
        now = self.clock.now().at
        latest = now + self.policy().clock_tolerance_ms
        rows = self.rows.many("licences", device=self.id, order="valid_from")
        begun = [row for row in rows if int(row["valid_from"] or 0) <= latest]
        return begun[-1] if begun and now <= int(begun[-1]["valid_until"] or 0) else None

    def may(self, action: Action, known: Grant | None = None) -> list[Refusal]:
        """Why the signed-in person may not do this now; empty when they may. ``known``: their grant, if it was read."""
        if self.session is None:
            return self.signed_in()
        grant = known or self.grant(self.session.person)
        if grant is None or grant.station not in (0, self.sheet.station) or not grant.may(action):
            return [Refusal(code=RefusalCode.POST_MISSING, details={"action": action.value})]
        now = self.clock.now().at
        if not grant.valid_from <= now <= grant.valid_until:
            return [Refusal(code=RefusalCode.GRANT_EXPIRED, limit=last_day(grant.valid_until))]
        return []

    def signed_in(self) -> list[Refusal]:
        """Why nothing can be done at all: nobody is signed in."""
        return [] if self.session is not None else [Refusal(code=RefusalCode.NOT_SIGNED_IN)]

    def sign(self, entry_hash: bytes) -> bytes:
        """The signed-in person's signature over an entry."""
        return self.session_key().sign(ACTOR_CONTEXT, entry_hash)

    def session_key(self) -> SigningKey:
        """The signed-in person's signing key on this device."""
        if self.session is None:
            raise BugError("nobody is signed in")
        return self.session.key

    def record(self, build: Callable[[Act], T], *, actor: int | None = None, pulled: Sequence[Pulled] = ()) -> T:
        """Record one act: ``build`` adds its entries to an act on the current head, with no lock held.

        When another act came first the act is built again on the new head. ``pulled`` are the documents that take
        effect with it.
        """
        return self.record_with(lambda act: (build(act), ()), actor=actor, pulled=pulled)

    def record_unless(self, against: Gate, build: Callable[[Act], T]) -> T | Refused:
        """Record one act unless reasons stand against it.

        The reasons are asked for on the very head the act is built on, and again whenever that head moved: of two
        people who do the same at once, the second is refused.
        """

        def gated(act: Act) -> T | Refused:
            found = in_order(against())
            return Refused(found) if found else build(act)

        return self.record(gated)

    def record_with(
        self,
        build: Callable[[Act], tuple[T, Sequence[HeldCredential]]],
        *,
        actor: int | None = None,
        pulled: Sequence[Pulled] = (),
    ) -> T:
        """Like :meth:`record`, for acts that also make credentials. If ``build`` adds nothing, nothing is recorded."""
        for _ in range(PREPARE_TRIES):
            act = Act(self.store.head(), self.clock.now(), self._actor(actor), salt=self.random.bytes)
            result, credentials = build(act)
            if not act.entries:
                return result
            if act.actor == NOBODY:
                raise BugError("nobody is signed in")
            if self._is_other_day(act.at):
                continue
            try:
                self.store.append(act, pulled=pulled, credentials=credentials)
            except HeadMoved:
                continue
            self._tell(act.head)
            return result
        raise BugError("the journal's head keeps moving")

    def _actor(self, actor: int | None) -> int:
        if actor is not None:
            return actor
        return self.session.person if self.session is not None else NOBODY

    def _is_other_day(self, at: int) -> bool:
        # What was asked before midnight is asked again after it: a certificate B is good on its own date only.
        return legal_date(self.clock.now().at) != legal_date(at)

    def _tell(self, head: Head) -> None:
        # The act is committed and holds whatever comes now; a listener's trouble is kept for the screens to tell.
        self.trouble = None
        for listener in self.after_commit:
            try:
                listener(head)
            except StationError as error:
                self.trouble = error


def last_day(until: int) -> str:
    """The legal day of an end in UTC ms; what never ends, ends on the calendar's last day."""
    return legal_date(min(until, LAST_MOMENT))


def grant_of(row: Row) -> Grant:
    """A grant from its row."""
    return Grant(
        person=int(row["person"] or 0),
        ordinal=int(row["ordinal"] or 0),
        name=str(row["name"]),
        name_en=str(row["name_en"]),
        station=int(row["station"] or 0),
        posts=tuple(msgspec.json.decode(str(row["posts"]), type=list[str])),
        kinds=tuple(msgspec.json.decode(str(row["kinds"]), type=list[str])),
        valid_from=int(row["valid_from"] or 0),
        valid_until=int(row["valid_until"] or 0),
        filings=filings_of(row),
    )


def filings_of(row: Row) -> tuple[Filing, ...]:
    """With which institutions the person of a grant's row is filed."""
    return msgspec.json.decode(str(row["filings"] or "[]"), type=tuple[Filing, ...])
