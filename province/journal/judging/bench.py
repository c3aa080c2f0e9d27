"""The judge at work: entry by entry, in the order of each journal, some of them in one savepoint.

An entry that takes effect is projected and joins the feed in the same savepoint; one that the checks or projections
cannot take is given ``wrong_state`` and changes nothing: then those beside it are judged again, each by itself.
Whatever a device writes, its journal goes on being judged.
What follows from an entry (a person's key to publish, numbers asked for) is done by
:mod:`province.journal.judging.consequences`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

import msgspec
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q, QuerySet

from inspector_app.clock import legal_date
from inspector_app.domain.documents import sign_document
from inspector_app.domain.late_rejections import OWNERS, late_case
from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.journal.chain import ChainFault, Entry, Head, PrivatePart, WrittenEntry, entry_hash, follow, genesis
from inspector_app.journal.entries.devices import ProvincePulled, RetentionApplied
from inspector_app.journal.entries.printing import PrintOrderReceived
from inspector_app.journal.feed import UNFIT
from inspector_app.journal.projections import project, project_document
from province import provinces
from province.journal import feed
from province.journal.judging import (
    authority,
    blanks,
    consequences,
    corrections,
    days,
    destruction,
    draws,
    form,
    holders,
    holding,
    losses,
    marked,
    meanwhile,
    moments,
    numbers,
    old_sheets,
    opened,
    paper,
    photographs,
    references,
    retention,
    stock,
    stock_freeze,
    successions,
    work,
    written_off,
)
from province.journal.judging.case import CONSEQUENCES, Case, Court, Finding
from province.journal.models import Deferred, EntryPrivate, Journal, State, StoredEntry
from province.numbers import contested

Check = Callable[[Case], Finding | None]
FORMAL: tuple[Check, ...] = (
    form.reading,
    form.shape,
    form.signature,
    authority.authority,
    authority.licence,
    authority.lease,
    authority.second_person,
    destruction.approver,
    destruction.signers,
)
BY_NUMBER: tuple[Check, ...] = (numbers.number, numbers.given_up, blanks.blank, holding.moved)
"""Of what is not the device's to take or to give, whatever else is found."""
BY_WORK: tuple[Check, ...] = (
    days.day_close,
    references.foreign,
    references.ordered,
    meanwhile.ended,
    holders.holder,
    marked.pictured,
    marked.collected,
    photographs.excused,
    corrections.correctable,
    losses.concluded,
    losses.found,
    stock.of_station,
    stock.conclusion,
    stock.stocktake,
    draws.two_sides,
    stock.store,
    stock.opening,
    opened.held_elsewhere,
    old_sheets.gone_on,
    destruction.in_turn,
    destruction.agreed,
    destruction.kept,
    destruction.as_asked,
    written_off.lawful,
    written_off.answered,
    written_off.compared,
    written_off.cleared,
    destruction.pictured,
    stock_freeze.frozen,
    successions.proved,
    successions.regularised,
    work.chain_of_work,
    holding.holder,
    paper.content,
    paper.kind,
    paper.time,
    paper.validity,
    paper.form,
    moments.moment,
    work.credential,
    work.released,
    work.late,
)
_TOGETHER = 64
log = logging.getLogger("province.judging")
_DO_NOT_FIT = (*UNFIT, IntegrityError, DataError)
"""What an entry may cause; a full disk or a lost connection is none of its doing and stops the judging instead."""


class Judged(msgspec.Struct, frozen=True):
    """How many entries were judged, and how many verdicts were given."""

    entries: int = 0
    verdicts: int = 0


def judge(using: str, device: str) -> Judged:
    """Judge everything recorded of a device and not judged yet, in one transaction."""
    judged = verdicts = 0
    with transaction.atomic(using=using):
        feed.lock_state(using)  # one judge at a time: what is accepted has one order
        journal = Journal.objects.using(using).select_for_update().get(device=device)
        cases = _cases(Court.before(using, journal, journal.judged + 1))
        while some := list(islice(cases, _TOGETHER)):
            verdicts += _judge_together(some)
            judged += len(some)
            journal.judged += len(some)
        journal.save(using=using, update_fields=["judged", "pulled", "doubtful_from"])
        verdicts += judge_deferred(using, device)
    return Judged(judged, verdicts)


def _cases(court: Court) -> Iterator[Case]:
    journal, using = court.journal, court.using
    pending = StoredEntry.objects.using(using).filter(device=journal.device, seq__gt=journal.judged).order_by("seq")
    parts = EntryPrivate.objects.using(using).filter(device=journal.device, seq__gt=journal.judged)
    private = {part.seq: PrivatePart(bytes(part.salt), bytes(part.content)) for part in parts}
    previous = feed.hash_before(using, journal.device, journal.judged + 1)
    for stored in pending.iterator(chunk_size=500):
        written = WrittenEntry(bytes(stored.public), private.get(stored.seq), bytes(stored.actor_sig))
        entry = read_in_place(previous, stored, written)
        previous = bytes(stored.hash)
        yield Case(court, entry, written.actor_sig, stored.received_at)


def read_in_place(previous: bytes, stored: StoredEntry, written: WrittenEntry) -> Entry:
    """What a device wrote at this place of its journal.

    An envelope that names another device or place is no entry of this journal: believed, it would speak for others.
    """
    found = follow(Head(stored.device, stored.seq - 1, previous), written)
    return _unreadable(stored) if isinstance(found, ChainFault) else found[1]


def _unreadable(stored: StoredEntry) -> Entry:
    """A stand-in for bytes that are no entry of this journal at all, so that they too get their verdict."""
    from inspector_app.journal.envelope import VERSION, Envelope, Verdict

    envelope = Envelope(
        v=VERSION,
        device=stored.device,
        seq=stored.seq,
        at=0,
        mono=0,
        boot="",
        actor=0,
        kind="",
        fact=msgspec.Raw(b"null"),
    )
    return Entry(bytes(stored.hash), b"", envelope, None, None, Verdict.MALFORMED)


def _judge_together(cases: Sequence[Case]) -> int:
    """Judge some entries in one savepoint; should one of them not fit, all are undone, and each has its own.

    Nearly all entries fit, and a savepoint for each costs as much as what is written in it.
    """
    court = cases[0].court
    before = court.standing()
    try:
        with transaction.atomic(using=court.using):
            return sum(map(_judge_new, cases))
    except _DO_NOT_FIT:
        court.stand_again(before)
    return sum(map(_judge_one, cases))


def _judge_one(case: Case) -> int:
    return _in_savepoint(case, partial(_judge_new, case))


def _in_savepoint(case: Case, judging: Callable[[], int]) -> int:
    """Judge one entry; what does not fit is undone and told as ``wrong_state``, and the next is judged."""
    try:
        with transaction.atomic(using=case.using):
            return judging()
    except _DO_NOT_FIT:
        log.info("%s does not fit", case.entry.ref, exc_info=True)
        case.rows.forget()
    # Asked after the undoing, which brings back what the judging had taken from the list.
    projected = _waiting(case).filter(projected=True).exists()
    _waiting(case).delete()
    return _settle_unfit(case, projected=projected)


def _settle_unfit(case: Case, *, projected: bool) -> int:
    """A paper whose number may be taken keeps it, whatever rows the judging tripped over: they need not be its own."""
    disputed = CONSEQUENCES[Judgement.WRONG_STATE]._replace(followed=True, takes_effect=True)
    if projected:
        give_verdict(case, disputed)
        return 1
    if isinstance(case.entry.fact, references.SELF_CONTAINED):
        try:
            with transaction.atomic(using=case.using):
                finding = _formal_and_number(case)
                if finding is None or finding.takes_effect:
                    return _settle(case, finding or disputed)
        except _DO_NOT_FIT:
            log.info("%s cannot take its number", case.entry.ref, exc_info=True)
            case.rows.forget()
    return _settle(case, CONSEQUENCES[Judgement.WRONG_STATE])


def _judge_new(case: Case) -> int:
    match case.entry.fact:
        case ProvincePulled() as fact:
            case.court.take_note(fact, case.seq)
            case.journal.pulled = case.court.known.through
            return 0
        case RetentionApplied():
            return _judge_retention(case)
        case fact:
            waits_for = references.awaited(case)
    if waits_for and not isinstance(fact, references.SELF_CONTAINED):
        return _defer(case, waits_for, projected=False)
    finding = _formal_and_number(case)
    if waits_for:
        verdicts = _settle(case, finding)
        return verdicts or _defer(case, waits_for, projected=True)
    return _settle(case, finding or _dangling(case) or _first(BY_WORK, case))


def _judge_retention(case: Case) -> int:
    """It concerns its device and the province: nothing to be told to the sisters, nothing to project."""
    finding = _first((form.shape, retention.retention), case)
    if finding is None:
        consequences.follow(case)
        return 0
    give_verdict(case, finding)
    return 1


def _first(checks: tuple[Check, ...], case: Case) -> Finding | None:
    for check in checks:
        if (finding := check(case)) is not None:
            return finding
    return None


def _formal_and_number(case: Case) -> Finding | None:
    """The first thing found; whatever it is, a number that is not the device's to take is taken by nobody."""
    finding, by_number = _first(FORMAL, case), _first(BY_NUMBER, case)
    if finding is None or by_number is None or by_number.takes_effect:
        return finding or by_number
    return finding._replace(takes_effect=False)


def _dangling(case: Case) -> Finding | None:
    if not references.is_dangling(case):
        return None
    silenced = references.is_silenced(case)
    # A print order would bring a certificate on record that nobody issued; that of a stolen laptop is on the road.
    ordered = isinstance(case.entry.fact, PrintOrderReceived)
    known = not ordered or (silenced and references.is_owner_s(case))
    return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(followed=silenced, takes_effect=known)


def _waiting(case: Case) -> QuerySet[Deferred]:
    return Deferred.objects.using(case.using).filter(device=case.journal.device, seq=case.entry.envelope.seq)


def _defer(case: Case, waits_for: str, *, projected: bool) -> int:
    cursor = State.objects.using(case.using).get(only=1).cursor
    Deferred.objects.using(case.using).get_or_create(
        device=case.journal.device,
        seq=case.entry.envelope.seq,
        defaults={
            "waits_for": waits_for,
            "projected": projected,
            "since": case.received_at,
            # A sister that pulls what is projected has heard of this very entry: the province said it last of all.
            "asked_at": cursor - 1 if projected else cursor,
        },
    )
    return 0


def _settle(case: Case, finding: Finding | None) -> int:
    """Let the entry take effect if it may, and give the verdict if there is one; returns how many were given."""
    if finding is None or finding.takes_effect:
        _take_effect(case, silent=finding is None)
    if finding is not None:
        give_verdict(case, finding)
        if not finding.takes_effect:
            # Its paper may be on the road, whatever the journal makes of it.
            contested.contest(case.using, case.journal.device, [case.entry.fact], case.received_at)
    return int(finding is not None)


def _take_effect(case: Case, *, silent: bool) -> None:
    project(case.entry, case.rows)
    feed.accept(case.using, case.journal, case.entry.envelope.seq, case.received_at)
    if silent:
        consequences.follow(case)


def give_verdict(case: Case, finding: Finding) -> None:
    """Publish a verdict to the station; where the act does not hold, with an owner and a day by which to settle it."""
    now = provinces.of(case.using).clock.now().at
    opened = None if finding.holds else late_case(finding.code)
    sheet = VerdictSheet(
        device=case.journal.device,
        seq=case.entry.envelope.seq,
        followed=finding.followed,
        holds=finding.holds,
        code=finding.code,
        given_at=now,
        owner="" if opened is None else f"station/{case.journal.station}/{OWNERS[opened]}",
        due_on="" if opened is None else case.court.policy().late_due_on(opened, legal_date(now)),
    )
    signed = sign_document(sheet, provinces.of(case.using).keys.server)
    feed.publish(case.using, signed, feed.Audience(station=case.journal.station), now)
    project_document(sheet, case.rows)


def judge_deferred(using: str, arrived: str) -> int:
    """Judge again what waited for the device ``arrived``, and what it has waiting itself: what that waits for may have
    been fenced meanwhile. Returns how many verdicts were given.
    """
    due, verdicts = [arrived], 0
    while due:
        settled, given = _judge_waiting(using, due.pop(0))
        verdicts += given
        # What was settled may be what others waited for. Each settles once, so this ends.
        due += [device for device in settled if device not in due]
    return verdicts


def _judge_waiting(using: str, device: str) -> tuple[list[str], int]:
    """Go once through what waits for a device and what it has waiting: whose entries were settled, and verdicts."""
    concerned = Q(waits_for__startswith=device) | Q(device=device)
    settled: dict[str, None] = {}
    verdicts = 0
    for deferred in list(Deferred.objects.using(using).filter(concerned).order_by("device", "seq")):
        case = _case_of(using, deferred)
        verdicts += _in_savepoint(case, partial(_judge_again, case, projected=deferred.projected))
        if not _waiting(case).exists():
            settled[deferred.device] = None
    return list(settled), verdicts


def _judge_again(case: Case, *, projected: bool) -> int:
    if waits_for := references.awaited(case):
        _waiting(case).update(waits_for=waits_for)
        return 0
    _waiting(case).delete()
    if not projected:
        return _settle(case, _formal_and_number(case) or _dangling(case) or _first(BY_WORK, case))
    finding = _dangling(case) or _first(BY_WORK, case)
    if finding is not None:
        give_verdict(case, finding)
    return int(finding is not None)


def _case_of(using: str, deferred: Deferred) -> Case:
    stored = StoredEntry.objects.using(using).get(device=deferred.device, seq=deferred.seq)
    journal = Journal.objects.using(using).get(device=deferred.device)
    previous = feed.hash_before(using, deferred.device, deferred.seq)
    entry = read_in_place(previous, stored, feed.written(using, stored))
    # What the device knew is asked for the time of the entry, not for the day its sister reported.
    return Case(Court.before(using, journal, deferred.seq), entry, bytes(stored.actor_sig), stored.received_at)


def chain_holds(using: str, device: str) -> bool:
    """Whether a device's recorded entries chain up to its head (nightly check, `province status --verify`)."""
    base = genesis(device).hash
    for stored in StoredEntry.objects.using(using).filter(device=device).order_by("seq").iterator(chunk_size=500):
        base = entry_hash(base, bytes(stored.public))
        if base != bytes(stored.hash):
            return False
    return base == bytes(Journal.objects.using(using).get(device=device).hash)
