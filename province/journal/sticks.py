"""Bundles on a stick, at the province's side: every request in one is a contact like any other."""

from __future__ import annotations

from inspector_app.errors import StationError
from province import provinces
from province.journal import contact
from province.registry.models import Device
from sync.frames import FrameFault, Purpose, open_introduction, read_frame
from sync.frames.bundled import Bundle, Content, pack, unpack
from sync.protocol import device_id


def answer_bundle(using: str, raw: bytes) -> tuple[bytes, dict[str, int | str]]:
    """Take a bundle in; returns the bundle of answers for the device that made it, and what was done.

    Raises StationError ``bundle.*``; a frame the province refuses is counted and passed over.
    """
    bundle = unpack(raw, provinces.of(using).keys.box)
    if bundle.content is not Content.TO_PROVINCE:
        raise StationError("bundle.not_for_this")
    replies = [contact.handle_sync(using, frame) for frame in bundle.frames]
    answers = [reply.body for reply in replies if reply.status == 200]
    told: dict[str, int | str] = {"frames": len(replies), "refused": len(replies) - len(answers)}
    receiver = _box_of_sender(using, bundle)
    return pack(Content.FROM_PROVINCE, answers, receiver), told | {"complete": int(bundle.complete)}


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
