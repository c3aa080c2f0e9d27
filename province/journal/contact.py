"""One contact with a device: frame in, frame out (SYNC 3.3). The same function serves HTTPS, bundles and the tests."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import ParamSpec, TypeVar

import msgspec

from inspector_app.domain.canonical import CborError
from inspector_app.domain.documents import sign_document
from inspector_app.domain.keys import PublicKey
from inspector_app.ports import Reply
from province import granting, provinces
from province.journal import attachments, feed, recovery
from province.journal.judging import judge
from province.journal.models import Journal, State
from province.journal.recording import Recorded, RequestError, append_entries
from province.numbers import blocks
from province.registry import enrolment, publishing, trust
from province.registry.models import Device
from sync.frames import Frame, FrameFault, Opened, Purpose, open_frame, open_introduction, read_frame, seal_frame
from sync.protocol import (
    ATTACHMENTS_PATH,
    CONTENT_TYPE,
    ENROL_PATH,
    PROTO,
    SYNC_PATH,
    AttachmentAnswer,
    AttachmentRequest,
    EnrolRequest,
    MessageError,
    Receipt,
    Status,
    SyncAnswer,
    SyncRequest,
    device_id,
    from_bytes,
    is_older,
    to_bytes,
)

MIN_VERSION = "0.1.0"
"""The oldest program to which the right to issue is still given; recording asks for nothing."""
PLAIN = "text/plain; charset=utf-8"
log = logging.getLogger("province.contact")
P = ParamSpec("P")
R = TypeVar("R")
_STATUS_OF_FAULT = {
    FrameFault.TOO_LARGE: 413,
    FrameFault.UNKNOWN_KEY: 403,
    FrameFault.BAD_SIGNATURE: 403,
}


def answer(using: str, path: str, body: bytes, *, address: str = "") -> Reply:
    """What the province answers to ``body`` posted to one of its paths; ``address`` is where it came from."""
    if path == SYNC_PATH:
        return handle_sync(using, body)
    if path == ATTACHMENTS_PATH:
        return handle_attachments(using, body)
    if path == ENROL_PATH:
        return handle_enrol(using, body, address=address)
    return refusal(404, "path_unknown")


def refusal(status: int, code: str) -> Reply:
    """A short unsigned answer to what is no proper request; the device tells by it what to do next."""
    return Reply(status, PLAIN, code.encode())


class Visit(msgspec.Struct, frozen=True):
    """A request taken in: what it asked, what recording it came to, and whose key signed it."""

    request: SyncRequest
    recorded: Recorded
    key: PublicKey


def handle_sync(using: str, frame: bytes) -> Reply:
    """Record, judge, give numbers and lease, and answer."""
    visit = receive(using, frame)
    return visit if isinstance(visit, Reply) else sealed(using, answer_to(using, visit))


def receive(using: str, frame: bytes) -> Visit | Reply:
    """Record, judge, give numbers and lease; a refusal instead for what is no proper request."""
    opened = open_frame(frame, Purpose.SYNC_REQUEST, lambda suite, key_id: find_device_key(using, suite, key_id))
    if isinstance(opened, FrameFault):
        return refusal(_STATUS_OF_FAULT.get(opened, 400), opened)
    try:
        request = from_bytes(SyncRequest, opened.message)
        if request.device.hex() != device_id(opened.key):
            return refusal(403, "foreign_device")
        recorded = _record(using, request, opened, frame)
    except (MessageError, RequestError) as problem:
        return _refused(problem)
    _follow_up(using, request, recorded)
    return Visit(request, recorded, opened.key)


def sealed(using: str, answer: SyncAnswer | AttachmentAnswer) -> Reply:
    """The answer in a frame of the province's."""
    purpose = Purpose.SYNC_ANSWER if isinstance(answer, SyncAnswer) else Purpose.ATTACHMENT_ANSWER
    return Reply(200, CONTENT_TYPE, seal_frame(purpose, to_bytes(answer), provinces.of(using).keys.server))


def handle_attachments(using: str, frame: bytes) -> Reply:
    """Take pieces of photographs and scans, and say how far each has come."""
    answer = receive_attachments(using, frame)
    if isinstance(answer, Reply):
        return answer
    return sealed(using, answer)


def receive_attachments(using: str, frame: bytes) -> AttachmentAnswer | Reply:
    """Take pieces in; a refusal instead for what is no proper request."""
    opened = open_frame(frame, Purpose.ATTACHMENT_REQUEST, lambda suite, key_id: find_device_key(using, suite, key_id))
    if isinstance(opened, FrameFault):
        return refusal(_STATUS_OF_FAULT.get(opened, 400), opened)
    at = provinces.of(using).clock.now().at
    try:
        request = from_bytes(AttachmentRequest, opened.message)
        if request.device.hex() != device_id(opened.key):
            return refusal(403, "foreign_device")
        standings = attachments.take_in(using, request, frame=frame, at=at)
    except (MessageError, RequestError) as problem:
        return _refused(problem)
    epoch = State.objects.using(using).get(only=1).epoch
    return AttachmentAnswer(proto=PROTO, to=opened.key.key_id, epoch=epoch, at=at, standings=standings)


def _refused(problem: MessageError | RequestError) -> Reply:
    code = problem.code if isinstance(problem, RequestError) else "request_malformed"
    return refusal(413 if code == "request_too_large" else 400, code)


def receive_any(using: str, raw: bytes) -> Visit | AttachmentAnswer | Reply:
    """Take in a frame of either purpose, as it stands in a bundle."""
    frame = read_frame(raw)
    of_attachments = isinstance(frame, Frame) and frame.purpose is Purpose.ATTACHMENT_REQUEST
    return receive_attachments(using, raw) if of_attachments else receive(using, raw)


def find_device_key(using: str, suite: int, key_id: bytes) -> PublicKey | None:
    """The key of an enrolled device by its short name."""
    row = Device.objects.using(using).filter(key_id=key_id.hex(), suite=suite).first()
    return PublicKey(row.suite, bytes(row.key)) if row else None


def _record(using: str, request: SyncRequest, opened: Opened, frame: bytes) -> Recorded:
    at = provinces.of(using).clock.now().at
    recovery.take_presented(using, request)
    recorded = append_entries(using, request, key=opened.key, frame=frame, at=at)
    return recovery.with_epoch(using, request, recorded, frame=frame, at=at)


def _follow_up(using: str, request: SyncRequest, recorded: Recorded) -> None:
    """What is done once the entries are safe. Should a step fail, they stay, and the next contact does it.

    At a server that another one took over from nothing is: it records.
    """
    if not granting.is_holder(using):
        return
    news = recorded.contested or _judge_and_give(using, request, recorded.status)
    if provinces.of(using).publishes and news:
        _step(trust.publish, using)


def _judge_and_give(using: str, request: SyncRequest, status: Status) -> bool:
    """Judge, cut numbers, renew the lease; whether anything came of it that the trust file has to say.

    A program too old is judged like any other, but gets no numbers and no right to issue until it is updated.
    """
    device = request.device.hex()
    # A device that has yet to learn of a restore first brings back what the province forgot, its blocks among it.
    if status in (Status.TOO_OLD, Status.FORK, Status.FENCED, Status.RECOVERY):
        return False
    judged = _step(judge, using, device)
    if status is not Status.OK or is_older(request.program, MIN_VERSION):
        return bool(judged and (judged.entries or judged.verdicts))
    cut = _step(blocks.replenish, using, device)
    _step(publishing.renew_lease, using, device)
    return bool((judged and (judged.entries or judged.verdicts)) or cut)


def _step(do: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R | None:
    """One thing to do after recording; what goes wrong in it never costs the device its receipt, nor the next step."""
    try:
        return do(*arguments, **named)
    except Exception:
        # Recorded is recorded: whoever looks after the server finds the reason here.
        log.exception("%s of %s failed", do.__name__, arguments)
        return None


def answers_to(using: str, visits: Sequence[Visit]) -> Iterator[SyncAnswer]:
    """The answers to requests of one device that came together, as long as somebody asks for the next.

    They all name the same cursor, so only the last one is told the news, and then more and more of it until all is
    told: on a stick nobody can ask for the rest.
    """
    for visit in visits[:-1]:
        yield answer_to(using, visit, telling=False)
    for visit in visits[-1:]:
        answer = answer_to(using, visit)
        yield answer
        while answer.more:
            answer = answer_to(using, visit, after=answer.documents[-1].cursor)
            yield answer


def answer_to(using: str, visit: Visit, *, telling: bool = True, after: int = 0) -> SyncAnswer:
    """The answer to a request; with the documents ``after`` a cursor, and then without the trust file."""
    request, recorded = visit.request, visit.recorded
    province = provinces.of(using)
    state = State.objects.using(using).get(only=1)
    journal = Journal.objects.using(using).get(device=request.device.hex())
    at = province.clock.now().at
    known = (recorded.seq, recorded.hash) == (request.from_seq - 1, request.base_hash)
    told = telling and recorded.status is Status.OK
    cursor = after or (request.cursor if request.epoch == state.epoch else 0)
    documents, more = feed.documents_after(using, journal.device, journal.station, cursor) if told else ((), False)
    # In a new epoch everybody gets a receipt of it: it is what proves that epoch, should it be forgotten in turn.
    news = not known or recorded.status is Status.RECOVERY
    # A server that only records may be the one that goes: no receipt of its may ever accuse the one that stays.
    given = bool(recorded.seq) and news and recorded.status is not Status.TOO_OLD and granting.is_holder(using)
    return SyncAnswer(
        proto=PROTO,
        status=recorded.status,
        to=visit.key.key_id,
        epoch=state.epoch,
        base=feed.common_with(using, state, request.epoch),
        head_seq=recorded.seq,
        head_hash=recorded.hash if given or not known else b"",
        at=at,
        min_version=MIN_VERSION,
        receipt=_receipt(using, journal.device, recorded, state.epoch, at) if given else b"",
        documents=documents,
        more=more,
        trust=trust.newest(using, than=request.trust) if told and not after else b"",
        evidence=recorded.evidence,
    )


def _receipt(using: str, device: str, recorded: Recorded, epoch: str, at: int) -> bytes:
    receipt = Receipt(device, recorded.seq, recorded.hash, epoch, at)
    (signature,) = sign_document(receipt, provinces.of(using).keys.server).signatures
    return signature.value


def handle_enrol(using: str, frame: bytes, *, address: str = "") -> Reply:
    """Enrol a device whose frame states its own key."""
    opened = open_introduction(frame, Purpose.ENROL_REQUEST)
    if isinstance(opened, FrameFault):
        return refusal(_STATUS_OF_FAULT.get(opened, 400), opened)
    if not granting.is_holder(using):
        return refusal(503, "province_not_holder")
    try:
        request = from_bytes(EnrolRequest, opened.message)
        welcome = enrolment.enrol(using, request, opened.key, address=address)
    except (MessageError, CborError, msgspec.ValidationError):
        return refusal(400, "enrol.malformed")
    except enrolment.EnrolmentError as problem:
        return refusal(403, problem.code)
    message = to_bytes(welcome)
    return Reply(200, CONTENT_TYPE, seal_frame(Purpose.ENROL_ANSWER, message, provinces.of(using).keys.server))
