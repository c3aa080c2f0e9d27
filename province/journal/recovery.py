"""After the province itself was restored from a backup: a new epoch, and devices that help it remember (SYNC 3.5).

Devices keep everything; they send again what the province lost, and present the documents it signed and forgot. Blocks
come back that way; cutting goes on above them. A receipt of which the province knows nothing proves a restore that
nobody announced: then nothing is cut until somebody looks. A device's bare word for a later epoch proves nothing: it is
noted, and only that device gets no numbers. What was signed and contradicts what is known stops cutting where it lies.
"""

from __future__ import annotations

from django.db import transaction

from inspector_app.domain.authority import DeviceSheet, Grant
from inspector_app.domain.documents import DocumentFault, Keyring, open_document
from inspector_app.domain.numbering import Block, Draw
from inspector_app.errors import BugError
from inspector_app.suites import verify
from province import granting, provinces
from province.high_water import next_ordinal
from province.journal import feed
from province.journal.models import FeedDocument, Incident, Journal, State
from province.journal.recording import Recorded, hash_at
from province.numbers import blocks, contradictions, draws_back
from province.registry import fencing, publishing
from province.registry.grants import grants_of
from province.registry.models import PublishedGrant
from province.registry.trust import root_documents
from sync.protocol import FORGETTABLE, MAX_PRESENTED, Receipt, Status, SyncRequest, epoch_number, epoch_text


def with_epoch(using: str, request: SyncRequest, recorded: Recorded, *, frame: bytes, at: int) -> Recorded:
    """The same outcome, told as ``recovery`` to a device that does not know the present epoch.

    One that claims to know a later epoch is noted. It has yet to prove it: otherwise any one device could stop the
    cutting of numbers for the whole province.
    """
    state = State.objects.using(using).get(only=1)
    if request.epoch in ("", state.epoch) or recorded.status not in (Status.OK, Status.GAP):
        return recorded
    if epoch_number(request.epoch) >= epoch_number(state.epoch):
        _note(using, request.device.hex(), "epoch_ahead", 0, frame=frame, at=at)
    return Recorded(Status.RECOVERY, recorded.seq, recorded.hash, recorded.added, recorded.evidence)


def alarm(using: str, device: str, kind: str, seq: int, *, frame: bytes, at: int) -> None:
    """Note that the province has forgotten something, and stop giving numbers until a new epoch is declared."""
    State.objects.using(using).filter(only=1).update(rolled_back=True)
    _note(using, device, kind, seq, frame=frame, at=at)


def _note(using: str, device: str, kind: str, seq: int, *, frame: bytes, at: int) -> None:
    incident = Incident(device=device, kind=kind, seq=seq, at=at, frame=frame)
    Incident.objects.using(using).bulk_create([incident], ignore_conflicts=True)


def declare_epoch(using: str) -> str:
    """Begin a new epoch, as the first act after restoring a backup; returns it. Cursors go on from the restored one."""
    with transaction.atomic(using=using):
        state, province = feed.lock_state(using), provinces.of(using)
        number = next_ordinal(province.high_water, "epoch", epoch_number(state.epoch))
        state.epoch = epoch_text(number, province.random.bytes(4))
        state.base = state.cursor
        state.rolled_back = False
        state.save(using=using)
        return state.epoch


def take_presented(using: str, request: SyncRequest) -> int:
    """Take back documents the province signed and forgot; returns how many were news.

    Each is checked as a device would check it; what is known, damaged or foreign is passed over. What verifies and
    contradicts what is known becomes an incident.
    """
    if not request.presented:
        return 0
    keyring, now, holds = own_keyring(using), provinces.of(using).clock.now().at, granting.is_holder(using)
    news, remembered = 0, _remembered(using, request)
    for raw in request.presented[:MAX_PRESENTED]:
        if raw in remembered:
            continue
        opened = open_document(raw, keyring, verify, at_ms=now)
        # A server that only records takes nothing back; that it was left behind a receipt proves to it too.
        if not isinstance(opened, DocumentFault) and (holds or isinstance(opened[1], Receipt)):
            news += _take(using, opened[1], raw, request)
    return news


def _remembered(using: str, request: SyncRequest) -> set[bytes]:
    """What stands in the feed to this device as it was signed: mostly all that a stick presents, which cannot ask."""
    journal = Journal.objects.using(using).filter(device=request.device.hex()).first()
    stations = (0, journal.station if journal else 0)
    told = FeedDocument.objects.using(using).filter(kind__in=FORGETTABLE, station__in=stations)
    return {bytes(content) for content in told.values_list("content", flat=True)}


def _take(using: str, value: object, raw: bytes, request: SyncRequest) -> bool:
    match value:
        case Draw():
            return draws_back.import_draw(using, value, raw, told_by=request.device.hex())
        case Block():
            # From its own device only: a block its device never pulled has used no number, and nobody misses it.
            return value.device == request.device.hex() and blocks.import_block(using, value, raw)
        case DeviceSheet(state=fencing.FENCED) if not fencing.is_fenced(using, value.device):
            return bool(fencing.fence_device(using, value.device))
        case Grant():
            return _import_grant(using, value, raw, told_by=request.device.hex())
        case Receipt():
            return _check_receipt(using, value, raw, request)
        case _:
            return False


def _import_grant(using: str, value: Grant, raw: bytes, *, told_by: str) -> bool:
    with transaction.atomic(using=using):
        feed.lock_state(using)
        if _contradicts(using, value, raw):
            contradictions.note(using, f"{contradictions.GRANT} {value.person}", value.ordinal, raw, told_by=told_by)
            return False
        held = list(grants_of(using, value.person))
        if value.ordinal in [one.ordinal for one in held]:
            return False
        # An earlier one as well, though another has been given since: what was signed under it is judged by it.
        if not held or held[0].ordinal < value.ordinal:
            publishing.add_person(using, value.person, name=value.name, name_en=value.name_en)
        publishing.publish_grant(using, value, raw)
        return True


def _contradicts(using: str, value: Grant, raw: bytes) -> bool:
    """Whether another grant bears the person's ordinal."""
    known = PublishedGrant.objects.using(using).filter(person_id=value.person, ordinal=value.ordinal).first()
    row = FeedDocument.objects.using(using).filter(cursor=known.cursor).first() if known else None
    return row is not None and bytes(row.content) != raw


def _check_receipt(using: str, value: Receipt, raw: bytes, request: SyncRequest) -> bool:
    """A receipt of a later epoch, or for more than the journal holds: the province was rolled back unannounced."""
    state = State.objects.using(using).get(only=1)
    journal = Journal.objects.using(using).filter(device=value.device).first()
    if journal is None or value.device != request.device.hex():
        return False
    step = epoch_number(value.epoch) - epoch_number(state.epoch)
    if step < 0 or (value.epoch == state.epoch and hash_at(using, value.device, value.seq) == value.hash):
        return False
    at = provinces.of(using).clock.now().at
    alarm(using, value.device, "receipt_unknown", value.seq, frame=raw, at=at)
    return True


def own_keyring(using: str) -> Keyring:
    """The province's own root and statements, as its devices see them."""
    root, statements = root_documents(using)
    keyring = Keyring.under(root, verify)
    for statement in statements:
        if isinstance(keyring, Keyring):
            keyring = keyring.including(statement, verify)
    if not isinstance(keyring, Keyring):
        raise BugError(f"the province's own roots do not verify: {keyring}")
    return keyring
