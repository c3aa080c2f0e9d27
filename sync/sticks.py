"""Catching up by stick: requests into a bundle, the province's answers out of one.

The frames are those of the network, so a stick may be carried after a failed call and a call made after a lost stick;
whichever comes first counts, the other changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from inspector_app.errors import StationError
from inspector_app.ports import Disk
from inspector_app.suites import BoxKey
from sync.attachment_port import AttachmentPort
from sync.attachments import Packed, note_answer, pack_attachments
from sync.bundle import read_bundle, write_bundle
from sync.client import Device, RoundReport, apply_answers, prepare_from
from sync.frames import Frame, Purpose, read_frame, seal_frame
from sync.frames.bundled import Bundle, Content
from sync.pacing import Pace
from sync.presenting import forgotten_by
from sync.protocol import MAX_PRESENTED, to_bytes

MAX_REQUESTS: Final = 2_000


class StickReport(msgspec.Struct, frozen=True):
    """What was written: entries, frames, bytes; attachments, and how many of them did not fit."""

    entries: int
    frames: int
    size: int
    attachments: int = 0
    attachments_left: int = 0


def export_requests(
    device: Device, disk: Disk, path: Path, province_box: bytes, port: AttachmentPort | None = None, most_bytes: int = 0
) -> StickReport:
    """Write everything the province has not acknowledged into a bundle sealed to it; never less than one request.

    Behind the entries stand ``most_bytes`` of the attachments of ``port``.
    """
    frames: list[bytes] = []
    entries, first = 0, None
    while len(frames) < MAX_REQUESTS:
        shown = () if frames else _worth_showing(device)
        request = prepare_from(device, first, Pace.LARGEST, presented=shown)
        frames.append(seal_frame(Purpose.SYNC_REQUEST, to_bytes(request), device.signer))
        entries += len(request.entries)
        first = request.from_seq + len(request.entries)
        if first > request.head_seq or not request.entries:
            break
    packed = pack_attachments(device, port, most_bytes) if port is not None else Packed([], 0, 0)
    frames += packed.frames
    size = write_bundle(disk, path, Content.TO_PROVINCE, frames, province_box)
    return StickReport(entries, len(frames), size, packed.items, packed.left)


def _worth_showing(device: Device) -> tuple[bytes, ...]:
    """What a province that was restored may have forgotten: on a stick nobody can ask whether it has."""
    receipt = device.journal.acknowledged().receipt
    held = forgotten_by(device.journal, "", 0)
    return (*([receipt] if receipt else []), *held[1 - MAX_PRESENTED :])


def import_answers(
    device: Device, disk: Disk, path: Path, box: BoxKey, port: AttachmentPort | None = None
) -> RoundReport:
    """Take in the province's answers. StationError ``bundle.*``, ``network.identity`` or ``document.*``."""
    frames = _answers(read_bundle(disk, path, box))
    of_attachments = [frame for frame in frames if _is_of_attachments(frame)]
    report = apply_answers(device, [frame for frame in frames if frame not in of_attachments])
    if port is not None:
        for frame in of_attachments:
            note_answer(device, port, frame)
    return report


def _is_of_attachments(raw: bytes) -> bool:
    frame = read_frame(raw)
    return isinstance(frame, Frame) and frame.purpose is Purpose.ATTACHMENT_ANSWER


def _answers(bundle: Bundle) -> Sequence[bytes]:
    if bundle.content is not Content.FROM_PROVINCE:
        raise StationError("bundle.not_for_this")
    return bundle.frames
