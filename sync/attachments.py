"""Sending photographs and scans after the entries that name them: by hash, in pieces, from where the province stands.

The semantics are those of tus 1.0, in signed frames of our own::

    ask        how far each attachment that waits has come (HEAD): one request for up to 200 of them
    send       the bytes from there on (PATCH), as many attachments as fit into ten seconds of air time
    follow     the answer says where each stands; whole ones are noted and never sent again

An attachment never holds up an entry: this runs after a round and may end at any moment without harm. What arrived
stays at the province, and the next time goes on from there: a cut costs at most what one request carried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from inspector_app.errors import BugError, StationError
from inspector_app.ports import Exchange
from sync import replies
from sync.attachment_port import AttachmentPort
from sync.believing import believed
from sync.client import MAX_FAILURES, MAX_STILL, WORTH_HALVING, Device
from sync.frames import Purpose, seal_frame
from sync.pacing import Pace
from sync.protocol import (
    ATTACHMENTS_PATH,
    MAX_ASKED,
    PROTO,
    AttachmentAnswer,
    AttachmentRequest,
    Held,
    Piece,
    Standing,
    epoch_number,
    to_bytes,
)

_NEEDS_SOMEBODY: Final = (Held.DIFFERS, Held.TOO_LARGE)


class AttachmentProgress(msgspec.Struct, frozen=True):
    """Where sending stands: attachments and bytes the province holds, of those that were to be sent."""

    items: int
    items_all: int
    bytes: int
    bytes_all: int


Watch = Callable[[AttachmentProgress], None]


class AttachmentReport(msgspec.Struct, frozen=True, kw_only=True):
    """What sending came to.

    ``left`` attachments with ``bytes_left`` bytes wait for the next time; ``faulty`` of them were refused by the
    province or cannot be read here. ``ended`` is the code of what ended it early, "" when all was tried.
    ``batch_bytes`` is where the next time may begin.
    """

    sent: int = 0
    left: int = 0
    bytes_left: int = 0
    faulty: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    ended: str = ""
    batch_bytes: int = Pace.START


class _Parcel(msgspec.Struct):
    """One attachment on its way: the province holds its first ``held`` bytes."""

    name: str
    size: int
    held: int = 0


class _Sending(msgspec.Struct):
    """What changes meanwhile; ``waiting`` are sent in their order, ``aside`` not any more this time.

    Pieces stay below half of what the line did not let through, the ``ceiling``: each try at more costs a time-out.
    """

    pace: Pace
    waiting: dict[str, _Parcel]
    aside: list[_Parcel] = []
    ceiling: int = Pace.LARGEST
    sent: int = 0
    sent_bytes: int = 0
    faulty: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    opened: tuple[str, bytes] = ("", b"")


def send_attachments(
    device: Device,
    port: AttachmentPort,
    exchange: Exchange,
    *,
    watch: Watch | None = None,
    batch_bytes: int = Pace.START,
) -> AttachmentReport:
    """Send what waits, oldest first; whatever goes wrong ends it with its code in the report, and nothing is lost.

    ``watch`` is told after each request; a StationError it raises (``sync_cancelled``) ends the sending there.
    """
    state = _Sending(Pace(batch_bytes), {one.name: one for one in _unsent(device, port)})
    ended = ""
    try:
        _ask(device, port, exchange, state, watch)
        _bring(device, port, exchange, state, watch)
    except StationError as problem:
        ended = problem.code
    return _report(state, ended)


class Packed(msgspec.Struct, frozen=True):
    """Frames for a stick: whole attachments, and how many did not fit."""

    frames: list[bytes]
    items: int
    left: int


def pack_attachments(device: Device, port: AttachmentPort, most_bytes: int) -> Packed:
    """What the entries of a journal name and the province has not confirmed, oldest first, up to ``most_bytes``.

    On a stick nobody can ask how far one has come, so each is there from its first byte; the province passes over what
    it has. What does not fit comes with the stick after the answer to this one.
    """
    unsent = port.unsent(device.journal.head().seq, epoch_number(device.journal.acknowledged().epoch) or 1)
    frames, batch = list[bytes](), list[Piece]()
    items, room = 0, most_bytes
    for one in unsent:
        content = _readable(port, one.name) if one.size <= room else b""
        items, room = items + bool(content), room - len(content)
        for start in range(0, len(content), Pace.LARGEST):
            part = content[start : start + Pace.LARGEST]
            if batch and _size(batch) + len(part) > Pace.LARGEST:
                frames.append(_frame(device, pieces=tuple(batch)))
                batch.clear()
            batch.append(Piece(bytes.fromhex(one.name), len(content), start, part))
    if batch:
        frames.append(_frame(device, pieces=tuple(batch)))
    return Packed(frames, items, len(unsent) - items)


def _readable(port: AttachmentPort, name: str) -> bytes:
    try:
        return port.read(name)
    except StationError:
        return b""  # the integrity check says more about it


def note_answer(device: Device, port: AttachmentPort, frame: bytes) -> int:
    """Note what an answer that came by stick says of attachments; returns how many the province holds whole."""
    answer = _believe(device, frame)
    whole = [one.name.hex() for one in answer.standings if one.state == Held.WHOLE]
    port.note_held(whole, epoch_number(answer.epoch))
    return len(whole)


def report_unsent(device: Device, port: AttachmentPort) -> AttachmentReport:
    """What would be sent, without sending anything."""
    return _report(_Sending(Pace(Pace.START), {one.name: one for one in _unsent(device, port)}), "")


def _unsent(device: Device, port: AttachmentPort) -> Sequence[_Parcel]:
    note = device.journal.acknowledged()
    found = port.unsent(note.seq, epoch_number(note.epoch)) if note.epoch else ()
    return [_Parcel(one.name, one.size) for one in found]


def _ask(device: Device, port: AttachmentPort, exchange: Exchange, state: _Sending, watch: Watch | None) -> None:
    """Learn how far each has come; what an answer does not tell is sent from its beginning."""
    names = list(state.waiting)
    for start in range(0, len(names), MAX_ASKED):
        asked = tuple(bytes.fromhex(name) for name in names[start : start + MAX_ASKED])
        _follow(port, state, _exchange(device, exchange, state, asked=asked))
        _tell(state, watch)


def _bring(device: Device, port: AttachmentPort, exchange: Exchange, state: _Sending, watch: Watch | None) -> None:
    """Send piece after piece until none is left, or the province takes none any more."""
    still = 0
    while pieces := _next_pieces(port, state):
        before = (len(state.waiting), _bytes_left(state))
        _follow(port, state, _exchange(device, exchange, state, pieces=pieces))
        _tell(state, watch)
        still = 0 if (len(state.waiting), _bytes_left(state)) != before else still + 1
        if still == MAX_STILL:
            raise StationError("network.no_end", requests=state.requests)


def _next_pieces(port: AttachmentPort, state: _Sending) -> tuple[Piece, ...]:
    """As much of what waits as one request carries now."""
    pieces: list[Piece] = []
    room = min(state.pace.batch_bytes, state.ceiling)
    for one in list(state.waiting.values()):
        content = _read(port, state, one) if room > 0 and len(pieces) < MAX_ASKED else b""
        part = content[one.held : one.held + room]
        if part:
            pieces.append(Piece(bytes.fromhex(one.name), len(content), one.held, part))
        room -= len(part)
    return tuple(pieces)


def _read(port: AttachmentPort, state: _Sending, one: _Parcel) -> bytes:
    """The content of one that waits; what cannot be read is put aside: the integrity check says more about it."""
    if state.opened[0] != one.name:
        try:
            state.opened = (one.name, port.read(one.name))
        except StationError:
            state.faulty += 1
            _put_aside(state, one)
            return b""
    return state.opened[1]


def _exchange(
    device: Device,
    exchange: Exchange,
    state: _Sending,
    *,
    asked: tuple[bytes, ...] = (),
    pieces: tuple[Piece, ...] = (),
) -> AttachmentAnswer:
    """One answered request; what a bad line does not let through is tried again with half the bytes."""
    for failures in range(1, MAX_FAILURES + 1):
        began = device.clock.now().mono
        try:
            body = _post(exchange, _frame(device, asked=asked, pieces=pieces), state)
        except StationError as problem:
            state.pace.failed()
            if problem.code not in WORTH_HALVING or failures == MAX_FAILURES:
                raise
            state.ceiling = max(_size(pieces) // 2, Pace.SMALLEST)
            pieces = _first_bytes(pieces, state.ceiling)
            continue
        if pieces:
            state.pace.answered(_size(pieces), device.clock.now().mono - began)
        return _believe(device, body)
    raise BugError("unreachable: the last failure is raised")


def _frame(device: Device, *, asked: tuple[bytes, ...] = (), pieces: tuple[Piece, ...] = ()) -> bytes:
    request = AttachmentRequest(proto=PROTO, device=bytes.fromhex(device.journal.device), asked=asked, pieces=pieces)
    return seal_frame(Purpose.ATTACHMENT_REQUEST, to_bytes(request), device.signer)


def _believe(device: Device, frame: bytes) -> AttachmentAnswer:
    own = device.signer.public
    return believed(device.journal.keyring(), own, frame, Purpose.ATTACHMENT_ANSWER, AttachmentAnswer)[0]


def _first_bytes(pieces: tuple[Piece, ...], room: int) -> tuple[Piece, ...]:
    """The same pieces from the same places, no more than ``room`` bytes of them."""
    kept: list[Piece] = []
    for piece in pieces:
        part = piece.content[: room - _size(kept)]
        if part:
            kept.append(msgspec.structs.replace(piece, content=part))
    return tuple(kept)


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.content) for piece in pieces)


def _post(exchange: Exchange, frame: bytes, state: _Sending) -> bytes:
    state.requests += 1
    state.bytes_up += len(frame)
    reply = exchange.post(ATTACHMENTS_PATH, frame)
    state.bytes_down += len(reply.body)
    return replies.accepted(reply)


def _follow(port: AttachmentPort, state: _Sending, answer: AttachmentAnswer) -> None:
    """Go on from where the province says each stands. A late answer to an earlier question costs a piece, no more."""
    told = [(one, standing) for standing in answer.standings if (one := state.waiting.get(standing.name.hex()))]
    whole = [one.name for one, standing in told if standing.state == Held.WHOLE]
    if whole:
        port.note_held(whole, epoch_number(answer.epoch))
    for one, standing in told:
        _stand(state, one, standing)


def _stand(state: _Sending, one: _Parcel, standing: Standing) -> None:
    match standing.state:
        case Held.WHOLE:
            del state.waiting[one.name]
            state.sent, state.sent_bytes = state.sent + 1, state.sent_bytes + one.size
        case Held.PART if 0 <= standing.held < one.size:
            one.held = standing.held
        case _:
            # Nothing that is sent again now would be taken: it is asked about again at the next contact.
            state.faulty += standing.state in _NEEDS_SOMEBODY
            _put_aside(state, one)


def _put_aside(state: _Sending, one: _Parcel) -> None:
    del state.waiting[one.name]
    one.held = 0
    state.aside.append(one)


def _bytes_left(state: _Sending) -> int:
    return sum(one.size - one.held for one in (*state.waiting.values(), *state.aside))


def _tell(state: _Sending, watch: Watch | None) -> None:
    if watch is not None:
        waiting, held = len(state.waiting), sum(one.held for one in state.waiting.values())
        rest = sum(one.size for one in state.waiting.values())
        watch(AttachmentProgress(state.sent, state.sent + waiting, state.sent_bytes + held, state.sent_bytes + rest))


def _report(state: _Sending, ended: str) -> AttachmentReport:
    return AttachmentReport(
        sent=state.sent,
        left=len(state.waiting) + len(state.aside),
        bytes_left=_bytes_left(state),
        faulty=state.faulty,
        requests=state.requests,
        bytes_up=state.bytes_up,
        bytes_down=state.bytes_down,
        ended=ended,
        batch_bytes=state.pace.batch_bytes,
    )
