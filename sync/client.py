"""One round of catching up, as a device sees it (SYNC 3.3; STYLE habit 15).

The stages of each exchange, in order::

    prepare    what to send: entries after the last acknowledged, the cursor, the head
    exchange   one request; a failure of the line halves the batch, a success doubles it
    believe    the answer is signed by the province's server key and meant for this device
    compare    its head against the own journal: ahead or different means this copy is not the only one
    acknowledge  note what the province holds, and its receipt
    take in    store the documents that follow the cursor, and the trust file
    settle     done when nothing is left to send or to take in

There is nothing to undo: a lost answer is asked for again, a doubled or late one changes nothing, because entries go
by (device, seq, hash) and documents by (epoch, cursor). No transaction is open while the line is.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from inspector_app.clock import Clock
from inspector_app.config import VERSION
from inspector_app.domain.documents import DocumentFault, DocumentSigner, Keyring, Role, open_as
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import WrittenEntry
from inspector_app.journal.feed import Acknowledged
from inspector_app.ports import Exchange
from inspector_app.suites import verify
from sync import replies
from sync.frames import FrameFault, Purpose, open_frame, seal_frame
from sync.journal_port import JournalPort
from sync.pacing import Pace
from sync.presenting import forgotten_by
from sync.protocol import (
    HEAD_CONTEXT,
    PROTO,
    SYNC_PATH,
    MessageError,
    Receipt,
    Status,
    SyncAnswer,
    SyncRequest,
    epoch_number,
    from_bytes,
    head_message,
    receipt_document,
    to_bytes,
    written_size,
)

MAX_TURNS: Final = 10_000
MAX_STILL: Final = 20
"""Turns after which a round that gets no further is given up: what was noted is not kept, or the answers repeat."""
MAX_FAILURES: Final = 4
WORTH_HALVING: Final = frozenset({"network.too_large", "network.timeout", "network.interrupted"})
_READ_AHEAD: Final = 2_000


class FreezeReason(enum.StrEnum):
    """Why a device stops issuing after a contact."""

    ROLLED_BACK = "rolled_back"
    HISTORY_DIFFERS = "history_differs"
    FORK = "fork"
    FENCED = "fenced"


class Stage(enum.StrEnum):
    """What a round is doing, for whoever watches."""

    SENDING = "sending"
    TAKING_IN = "taking_in"
    DONE = "done"


class Progress(msgspec.Struct, frozen=True):
    """Where a round stands: ``left`` entries are still to be acknowledged."""

    stage: Stage
    sent: int
    left: int
    pulled: int


Watch = Callable[[Progress], None]


class RoundReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a round came to.

    ``frozen`` names why issuing stopped, "" normally. ``clock_offset_ms`` is the province's time minus the device's.
    ``batch_bytes`` is where the next round may begin.
    """

    sent: int
    pulled: int
    requests: int
    bytes_up: int
    bytes_down: int
    acknowledged: int
    left: int
    epoch: str
    status: str
    frozen: str
    trust_taken: bool
    clock_offset_ms: int
    min_version: str
    batch_bytes: int


class _Round(msgspec.Struct):
    """What changes while a round runs."""

    pace: Pace
    sent: int = 0
    pulled: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    evidence: int = 0
    frozen: str = ""
    trust_taken: bool = False
    presented: tuple[bytes, ...] = ()
    shown_to: str = ""
    by_stick: bool = False
    answer: SyncAnswer | None = None
    offset: int = 0


class Device(msgspec.Struct, frozen=True):
    """Who catches up: its journal, its signing key, its clock."""

    journal: JournalPort
    signer: DocumentSigner
    clock: Clock


def sync_round(
    device: Device, exchange: Exchange, *, watch: Watch | None = None, batch_bytes: int = Pace.START
) -> RoundReport:
    """Catch up until nothing is left to send or take in, or until this device has to stop.

    Raises StationError when the line or the province fails (``network.*``) or a document does not verify
    (``document.*``, ``block.*``); everything acknowledged and taken in before stays.
    """
    state = _Round(pace=Pace(batch_bytes))
    standing, still = None, 0
    while state.requests < MAX_TURNS and still < MAX_STILL:
        answer = _exchange(device, exchange, state)
        compare(device.journal, answer, state)
        moved = _acknowledge(device, answer, state)
        moved |= _take_in(device.journal, answer, state)
        _tell(device.journal, state, watch)
        if not moved or _settled(device.journal, answer, state):
            return _report(device.journal, state, watch)
        now = (device.journal.acknowledged(), position(device.journal), state.evidence)
        standing, still = now, still + 1 if now == standing else 0
    raise StationError("network.no_end", requests=state.requests)


def prepare_from(
    device: Device, first: int | None, batch_bytes: int, *, presented: tuple[bytes, ...] = ()
) -> SyncRequest:
    """A request with the entries from ``first`` on (None: after the last acknowledged) that fit into one batch."""
    journal, now = device.journal, device.clock.now()
    note, head = journal.acknowledged(), journal.head()
    start = first or min(note.seq, head.seq) + 1
    epoch, cursor = position(journal)
    news = head.seq >= start
    entries = _batch(journal, start, head.seq, batch_bytes)
    follows = start + len(entries) > head.seq  # the province can reckon the head's hash from the entries
    return SyncRequest(
        proto=PROTO,
        device=bytes.fromhex(journal.device),
        epoch=epoch,
        cursor=cursor,
        from_seq=start,
        base_hash=journal.hash_at(start - 1),
        head_seq=head.seq,
        head_hash=b"" if follows else head.hash,
        head_sig=_head_signature(device, head.seq, head.hash) if news else b"",
        program=VERSION,
        at=now.at,
        mono=now.mono,
        boot=now.boot,
        trust=journal.trust_known(),
        entries=entries,
        presented=presented,
    )


def _head_signature(device: Device, seq: int, head_hash: bytes) -> bytes:
    return device.signer.sign(HEAD_CONTEXT, head_message(device.journal.device, seq, head_hash))


def position(journal: JournalPort) -> tuple[str, int]:
    """How far the feed was taken in: what is stored counts, should the note beside it have been lost."""
    note = journal.acknowledged()
    epoch, stored = journal.pulled_through()
    if not note.epoch or epoch_number(epoch) > epoch_number(note.epoch):
        return epoch, stored
    return note.epoch, max(note.cursor, stored) if epoch == note.epoch else note.cursor


def _batch(journal: JournalPort, first: int, last: int, limit: int) -> tuple[WrittenEntry, ...]:
    taken: list[WrittenEntry] = []
    size = 0
    for entry in journal.written(first, min(last - first + 1, _READ_AHEAD)) if last >= first else ():
        size += written_size(entry)
        if taken and size > limit:
            break
        taken.append(entry)
    return tuple(taken)


def apply_answers(device: Device, frames: Sequence[bytes]) -> RoundReport:
    """What a round does with its answers, for answers that came by stick."""
    state = _Round(pace=Pace(Pace.START), by_stick=True)
    for frame in frames:
        answer = state.answer = believe(device, frame)
        state.requests += 1
        state.bytes_down += len(frame)
        state.offset = answer.at - device.clock.now().at
        compare(device.journal, answer, state)
        _acknowledge(device, answer, state)
        _take_in(device.journal, answer, state)
    return _report(device.journal, state, None)


def _exchange(device: Device, exchange: Exchange, state: _Round) -> SyncAnswer:
    """One answered request; what a bad line does not let through is tried again with half the batch."""
    for failures in range(1, MAX_FAILURES + 1):
        start = state.evidence + 1 if state.evidence else None
        request = prepare_from(device, start, state.pace.batch_bytes, presented=state.presented)
        try:
            body = _post(exchange, seal_frame(Purpose.SYNC_REQUEST, to_bytes(request), device.signer), state)
        except StationError as problem:
            state.pace.failed()
            if problem.code not in WORTH_HALVING or failures == MAX_FAILURES or len(request.entries) < 2:
                raise
            continue
        state.pace.succeeded()
        state.presented = ()
        state.answer = believe(device, body)
        state.offset = state.answer.at - device.clock.now().at
        return state.answer
    raise BugError("unreachable: the last failure is raised")


def _post(exchange: Exchange, frame: bytes, state: _Round) -> bytes:
    state.requests += 1
    state.bytes_up += len(frame)
    reply = exchange.post(SYNC_PATH, frame)
    state.bytes_down += len(reply.body)
    return replies.accepted(reply)


def believe(device: Device, frame: bytes) -> SyncAnswer:
    """The answer in a frame, if the province's server key signed it for this device. StationError otherwise.

    Its receipt is made whole, as it is kept.
    """
    keyring = device.journal.keyring()
    opened = open_frame(frame, Purpose.SYNC_ANSWER, lambda suite, key_id: keyring.find(Role.SERVER, suite, key_id))
    if opened in (FrameFault.UNKNOWN_KEY, FrameFault.BAD_SIGNATURE):
        raise StationError("network.identity")
    if isinstance(opened, FrameFault):
        raise StationError("network.answer_damaged", fault=opened)
    try:
        answer = from_bytes(SyncAnswer, opened.message)
    except MessageError as problem:
        raise StationError("network.answer_damaged", fault="message") from problem
    if answer.to != device.signer.public.key_id:
        raise StationError("network.identity")
    if not keyring.was_valid(opened.key, answer.at):
        raise StationError("network.server_key_ended")
    if not answer.receipt:
        return answer
    return msgspec.structs.replace(answer, receipt=receipt_document(answer, device.journal.device, opened.key))


def compare(journal: JournalPort, answer: SyncAnswer, state: _Round) -> None:
    """Hold the province's head against the own journal; freeze when this is not the only copy.

    A late or doubled answer cannot trip this: a journal that was never copied or rolled back holds every head the
    province ever acknowledged, with the same hash.
    """
    reason = _freeze_reason(journal, answer)
    if reason is not None:
        state.frozen = reason.value
        journal.freeze(reason.value)


def _freeze_reason(journal: JournalPort, answer: SyncAnswer) -> FreezeReason | None:
    if answer.status == Status.FENCED:
        return FreezeReason.FENCED
    if answer.status == Status.FORK:
        return FreezeReason.FORK
    if answer.head_seq > journal.head().seq:
        return FreezeReason.ROLLED_BACK
    if answer.head_hash and journal.hash_at(answer.head_seq) != answer.head_hash:
        return FreezeReason.HISTORY_DIFFERS
    return None


def _acknowledge(device: Device, answer: SyncAnswer, state: _Round) -> bool:
    """Note what the province holds; True when that is news."""
    if answer.status == Status.TOO_OLD:
        raise StationError("network.program_too_old", needs=answer.min_version)
    if state.frozen:
        moved = answer.evidence > state.evidence
        state.evidence = max(state.evidence, answer.evidence)
        return moved
    journal = device.journal
    note = journal.acknowledged()
    epoch, cursor = position(journal)
    step = epoch_number(answer.epoch) - epoch_number(epoch)
    if epoch and (step < 0 or (step == 0 and answer.epoch != epoch)):
        if _show_receipt(note, answer, state):
            return True
        raise StationError("network.province_rolled_back", epoch=answer.epoch)
    if answer.status == Status.RECOVERY or step > 0:
        if _present(journal, answer, state):
            return True
        cursor = min(cursor, answer.base)
    elif answer.head_seq < note.seq:
        return _catch_rollback(journal, answer, note, state)
    receipt = _receipt(journal.keyring(), answer) or note.receipt
    held = answer.head_hash or journal.hash_at(answer.head_seq)
    new = Acknowledged(answer.epoch, answer.head_seq, held, receipt, cursor, device.clock.now().at)
    journal.note_acknowledged(new)
    state.sent += max(0, answer.head_seq - note.seq)
    return (new.epoch, new.seq) != (note.epoch, note.seq) or answer.status == Status.RECOVERY


def _present(journal: JournalPort, answer: SyncAnswer, state: _Round) -> bool:
    """Show what the restored province may have forgotten, before its new epoch is noted; True while that is to be done.

    Should the line fail now, the next round begins here again: what nobody shows is forgotten for ever.
    """
    if state.by_stick or state.shown_to == answer.epoch:
        return False
    state.shown_to = answer.epoch
    state.presented = forgotten_by(journal, position(journal)[0], answer.base)
    return bool(state.presented)


def _show_receipt(note: Acknowledged, answer: SyncAnswer, state: _Round) -> bool:
    """Show a province that has forgotten its own epoch the receipt it gave in it, once; True while that is to be done.

    The bare name of the epoch would prove nothing: anybody could make one up.
    """
    if state.by_stick or not note.receipt or state.shown_to == answer.epoch:
        return False
    state.shown_to = answer.epoch
    state.presented = (note.receipt,)
    return True


def _catch_rollback(journal: JournalPort, answer: SyncAnswer, note: Acknowledged, state: _Round) -> bool:
    """The province holds less than it acknowledged: show it its own receipt, once, and send the rest again."""
    if answer.status != Status.GAP or not note.receipt or state.presented:
        return False  # a late answer; the journal has moved on since
    state.presented = (note.receipt,)
    journal.note_acknowledged(note._replace(seq=answer.head_seq, hash=journal.hash_at(answer.head_seq)))
    return True


def _receipt(keyring: Keyring, answer: SyncAnswer) -> bytes:
    if not answer.receipt:
        return b""
    opened = open_as(Receipt, answer.receipt, keyring, verify, at_ms=answer.at)
    if isinstance(opened, DocumentFault):
        raise StationError("network.answer_damaged", fault=opened)
    return answer.receipt


def _take_in(journal: JournalPort, answer: SyncAnswer, state: _Round) -> bool:
    """Store the documents that follow what is stored, and the trust file; True when there were any."""
    if answer.trust and not state.frozen:
        state.trust_taken |= _take_trust(journal, answer.trust)
    epoch, cursor = position(journal)
    news = [document for document in answer.pulled() if document.cursor > cursor and document.epoch == epoch]
    if not news or state.frozen:
        return False
    journal.take_in(epoch, news)
    state.pulled += len(news)
    journal.note_acknowledged(journal.acknowledged()._replace(cursor=news[-1].cursor))
    return True


def _take_trust(journal: JournalPort, pack: bytes) -> bool:
    try:
        journal.take_trust(pack)
    except StationError as problem:
        if problem.code != "trust.trust_older_than_known":
            raise
        return False  # a late answer brought it
    return True


def _settled(journal: JournalPort, answer: SyncAnswer, state: _Round) -> bool:
    if state.frozen:
        return state.evidence >= journal.head().seq
    behind = journal.head().seq > journal.acknowledged().seq
    return answer.status == Status.OK and not behind and not answer.more and not state.presented


def _tell(journal: JournalPort, state: _Round, watch: Watch | None) -> None:
    if watch is not None:
        left = journal.head().seq - journal.acknowledged().seq
        stage = Stage.SENDING if left else Stage.TAKING_IN
        watch(Progress(stage, state.sent, left, state.pulled))


def _report(journal: JournalPort, state: _Round, watch: Watch | None) -> RoundReport:
    note = journal.acknowledged()
    left = journal.head().seq - note.seq
    if watch is not None:
        watch(Progress(Stage.DONE, state.sent, left, state.pulled))
    answer = state.answer
    return RoundReport(
        sent=state.sent,
        pulled=state.pulled,
        requests=state.requests,
        bytes_up=state.bytes_up,
        bytes_down=state.bytes_down,
        acknowledged=note.seq,
        left=left,
        epoch=note.epoch,
        status=answer.status if answer else "",
        frozen=state.frozen,
        trust_taken=state.trust_taken,
        clock_offset_ms=state.offset,
        min_version=answer.min_version if answer else "",
        batch_bytes=state.pace.batch_bytes,
    )
