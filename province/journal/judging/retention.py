"""Whether private parts may go: past their retention, held by the province, and older than two of its backup cycles.

A device removes its own copies and says so; the province's copies go only when all of that is true. Otherwise nothing
is removed here, and what the device let go is still on record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import reference
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
    NoticeHandedOver,
    NoticeVoided,
    OwnerTold,
)
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.entries.declarations import DeclarationRecorded, PartyRecorded
from inspector_app.journal.entries.devices import RetentionApplied
from inspector_app.journal.entries.inspections import SampleTaken
from inspector_app.journal.entries.printing import PrintOrderReceived, PrintReleased
from inspector_app.journal.envelope import Fact, read_envelope, read_fact
from inspector_app.journal.feed import ONLINE
from inspector_app.journal.projections import Row, forget
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.models import EntryPrivate, Journal, Retention, StoredEntry

BACKUP_CYCLE_MS = MS_PER_DAY
"""How often a province backs up, at least. What came in since the last but one backup may be wanted once more."""
_ENTRY = re.compile(r"([0-9a-f]{32})/([1-9][0-9]{0,14})")
_ENDS = {
    "declarations": ("recorded_at", "decided_at"),
    "inspections": ("ended_at",),
    "certificates": ("issued_at", "expires_at", "handed_over_recorded_at", "void_at"),
    "notices": ("issued_at",),
}


def retention(case: Case) -> Finding | None:
    """Every part named may go by now."""
    fact = case.entry.fact
    if not isinstance(fact, RetentionApplied) or all(_may_go(case, ref) for ref in fact.entries):
        return None
    return CONSEQUENCES[Judgement.RETENTION_EARLY]


def _may_go(case: Case, ref: str) -> bool:
    if ref.startswith(ONLINE):
        declared = case.rows.one("online_declarations", online=ref.removeprefix(ONLINE))
        return declared is None or _is_past(case, [declared], ("departs_at",))
    named = _ENTRY.fullmatch(ref)
    if named is None:
        return False
    device, seq = named[1], int(named[2])
    if device == case.journal.device:
        return seq < case.seq and _entry_may_go(case, _stored(case, device, seq))
    # A sister's part, told to this device; after a restore the sister may not have come back yet.
    sister = Journal.objects.using(case.using).filter(device=device, station=case.journal.station).exists()
    stored = _stored(case, device, seq)
    return sister and (stored is None or _entry_may_go(case, stored))


def _stored(case: Case, device: str, seq: int) -> StoredEntry | None:
    return StoredEntry.objects.using(case.using).filter(device=device, seq=seq).first()


def _entry_may_go(case: Case, stored: StoredEntry | None) -> bool:
    if stored is None or (stored.received_at + 2 * BACKUP_CYCLE_MS > case.received_at and _is_held(case, stored)):
        return False
    ref = reference(stored.device, stored.seq)
    return all(_is_past(case, rows, _ENDS[table]) for table, rows in _cases_of(case, ref, stored)) and _has_passed(
        case, stored.at
    )


def _is_held(case: Case, stored: StoredEntry) -> bool:
    # What came back after a restore without its private part was held and let go before.
    return EntryPrivate.objects.using(case.using).filter(device=stored.device, seq=stored.seq).exists()


def _is_past(case: Case, rows: Iterable[Row], columns: tuple[str, ...]) -> bool:
    return all(_has_passed(case, int(row[column] or 0)) for row in rows for column in columns)


def _has_passed(case: Case, ended_at: int) -> bool:
    today = legal_date(min(case.at, case.received_at))
    return today > case.court.policy().on(today).kept_through(legal_date(ended_at))


def _cases_of(case: Case, ref: str, stored: StoredEntry) -> Iterator[tuple[str, list[Row]]]:
    """All that happened in the cases an entry belongs to, as far as the province knows."""
    envelope, _verdict = read_envelope(bytes(stored.public))
    fact = read_fact(envelope)[0] if envelope is not None else None
    for declaration in _declarations_of(case, ref, fact):
        yield "declarations", case.rows.many("declarations", ref=declaration)
        for table in ("inspections", "certificates", "notices"):
            yield table, case.rows.many(table, declaration=declaration)


def _declarations_of(case: Case, ref: str, fact: Fact | None) -> list[str]:
    match fact:
        case PartyRecorded():
            return [str(row["ref"]) for row in case.rows.many("declarations", owner=ref)]
        case DeclarationRecorded():
            return [ref]
        case CertificateIssued(record=record):
            return [record.declaration]
        case SampleTaken(inspection=inspection):
            return [str(row["declaration"]) for row in case.rows.many("inspections", ref=inspection)]
        case (
            CertificateVoided(number=number)
            | NoticeVoided(number=number)
            | CertificateHandedOver(number=number)
            | NoticeHandedOver(number=number)
            | CertificateCorrected(number=number)
            | OwnerTold(number=number)
            | PrintReleased(number=number)
            | PrintOrderReceived(number=number)
        ):
            tables = ("notices",) if number.kind == "N" else ("certificates",)
            return [str(row["declaration"]) for table in tables for row in case.rows.many(table, number=str(number))]
        case _:
            return [str(getattr(fact, "declaration", ""))]


def remove_private(case: Case, fact: RetentionApplied) -> None:
    """Delete the private parts the device let go, from their table and from everything made of them."""
    own = [named for ref in fact.entries if (named := _ENTRY.fullmatch(ref)) and named[1] == case.journal.device]
    for named in own:
        key = {"device": named[1], "seq": int(named[2])}
        Retention.objects.using(case.using).get_or_create(**key, defaults={"applied_by": case.seq})
        EntryPrivate.objects.using(case.using).filter(**key).delete()
        forget(named[0], case.rows)
