"""Bundles on a stick, at the province's side: every request in one is a contact like any other.

But nobody can ask on: where an answer over the network says ``more``, a stick brings the rest of the news at once.
"""

from __future__ import annotations

from pathlib import Path

from inspector_app.errors import StationError
from province import provinces
from province.journal import contact
from province.registry.models import Device
from sync.frames import FrameFault, Purpose, open_introduction, read_frame
from sync.frames.bundled import MAX_BUNDLE_BYTES, Bundle, Content, pack, unpack
from sync.protocol import AttachmentAnswer, Held, device_id

MAX_TOLD_BYTES = MAX_BUNDLE_BYTES // 2
"""After so many bytes of answers the rest waits for the next stick."""


def answer_bundle(using: str, raw: bytes) -> tuple[bytes, dict[str, int | str]]:
    """Take a bundle in; returns the bundle of answers for the device that made it, and what was done.

    Raises StationError ``bundle.*``; a frame the province refuses is counted and passed over.
    """
    bundle = unpack(raw, provinces.of(using).keys.box)
    if bundle.content is not Content.TO_PROVINCE:
        raise StationError("bundle.not_for_this")
    received = [contact.receive_any(using, frame) for frame in bundle.frames]
    visits = [visit for visit in received if isinstance(visit, contact.Visit)]
    sent = [answer for answer in received if isinstance(answer, AttachmentAnswer)]
    answers, more = _answers(using, visits)
    answers += [contact.sealed(using, answer).body for answer in sent]
    whole = {one.name for answer in sent for one in answer.standings if one.state == Held.WHOLE}
    refused = len(received) - len(visits) - len(sent)
    told: dict[str, int | str] = {"frames": len(received), "refused": refused, "attachments": len(whole)}
    told |= {"complete": int(bundle.complete), "answers": len(answers), "more": int(more)}
    return pack(Content.FROM_PROVINCE, answers, _box_of_sender(using, bundle)), told


def _answers(using: str, visits: list[contact.Visit]) -> tuple[list[bytes], bool]:
    """The answers in frames, and whether there would have been more to tell."""
    frames: list[bytes] = []
    size, more = 0, False
    for answer in contact.answers_to(using, visits):
        frames.append(contact.sealed(using, answer).body)
        size, more = size + len(frames[-1]), answer.more
        if size > MAX_TOLD_BYTES and more:
            break
    return frames, more


def read_stick(file: Path) -> bytes:
    """A bundle's bytes. StationError ``bundle.absent`` or ``bundle.too_large``, before more than may be is read."""
    try:
        with file.open("rb") as stick:
            raw = stick.read(MAX_BUNDLE_BYTES + 1)
    except OSError as problem:
        raise StationError("bundle.absent", file=file.name) from problem
    if len(raw) > MAX_BUNDLE_BYTES:
        raise StationError("bundle.too_large")
    return raw


def answer_introduction(using: str, raw: bytes) -> tuple[str, bytes]:
    """Enrol a device whose request came by stick; returns its id and the answer, sealed to it.

    Raises StationError with the code a device would be told over the network.
    """
    reply = contact.handle_enrol(using, raw)
    opened = open_introduction(raw, Purpose.ENROL_REQUEST)
    if reply.status != 200 or isinstance(opened, FrameFault):
        said = reply.body.decode("ascii", "replace")
        raise StationError(said)
    row = Device.objects.using(using).get(device=device_id(opened.key))
    return row.device, pack(Content.FROM_PROVINCE, [reply.body], bytes(row.box_key))


def _box_of_sender(using: str, bundle: Bundle) -> bytes:
    """The box key of the device whose key names the first frame. StationError when it is none of ours."""
    frame = read_frame(bundle.frames[0]) if bundle.frames else FrameFault.MALFORMED
    if isinstance(frame, FrameFault):
        raise StationError("bundle.damaged")
    row = Device.objects.using(using).filter(key_id=frame.key_field.hex()).first()
    if row is None:
        raise StationError("bundle.unknown_device")
    return bytes(row.box_key)
