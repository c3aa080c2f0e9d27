"""Photographs and scans (附件): kept encrypted beside the database before the entry that names them."""

from __future__ import annotations

from inspector_app.errors import StationError
from inspector_app.services.device import Device

MAX_BYTES = 20 * 1024 * 1024
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}


def attach(device: Device, content: bytes) -> str:
    """Keep a photograph or PDF; returns its hex SHA-256. StationError ``attachment_too_large`` or ``…_unknown``."""
    if len(content) > MAX_BYTES:
        raise StationError("attachment_too_large", limit=MAX_BYTES // 1024 // 1024)
    for start, media_type in _KINDS.items():
        if content.startswith(start):
            return device.files.add(content, media_type)
    raise StationError("attachment_unknown")
