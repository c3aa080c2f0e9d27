"""Photographs and scans (附件): kept encrypted beside the database before the entry that names them."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.errors import StationError
from inspector_app.journal.attachments import MEDIA_TYPES, Unsent
from inspector_app.services.device import Device
from inspector_app.services.pictures import reduced

KB = 1024
MAX_BYTES = 20 * 1024 * KB
"""Of the file somebody chose, before a photograph is made smaller."""
PDF, JPEG = "application/pdf", "image/jpeg"


def attach(device: Device, content: bytes) -> str:
    """Keep a photograph or PDF; returns its hex SHA-256.

    A photograph is made as small as policy asks and loses what the camera wrote into it (place, time, owner); a PDF
    stays as it is. StationError ``attachment_too_large``, ``…_unknown``, ``…_unreadable``, ``…_pdf_too_large``.
    """
    if len(content) > MAX_BYTES:
        raise StationError("attachment_too_large", limit=MAX_BYTES // KB // KB)
    media_type = next((kind for start, kind in MEDIA_TYPES.items() if content.startswith(start)), "")
    policy = device.policy()
    if media_type == PDF:
        if len(content) > policy.scan_bytes_max:
            raise StationError("attachment_pdf_too_large", limit=policy.scan_bytes_max // KB // KB)
        return device.files.add(content, PDF)
    if not media_type:
        raise StationError("attachment_unknown")
    return device.files.add(reduced(content, policy.photograph_bytes), JPEG)


def unsent_attachments(device: Device) -> tuple[int, int]:
    """How many attachments of own entries the province has not confirmed yet, and their bytes together."""
    heard = device.store.acknowledged().epoch.partition("-")[0]
    unsent = device.files.unsent(device.id, device.store.head().seq, int(heard or 1))
    return len(unsent), sum(one.size for one in unsent)


class DeviceAttachments:
    """The device's attachments as sending them sees them (``sync.attachment_port.AttachmentPort``)."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def unsent(self, through: int, epoch: int) -> list[Unsent]:
        """What own entries up to ``through`` name and the province has not confirmed in this epoch, oldest first."""
        return self._device.files.unsent(self._device.id, through, epoch)

    def read(self, name: str) -> bytes:
        """The bytes of an attachment. StationError ``file_missing`` or ``file_damaged``."""
        return self._device.files.read(name)

    def note_held(self, names: Sequence[str], epoch: int) -> None:
        """Remember that the province holds them whole."""
        self._device.files.note_uploaded(names, epoch)
