"""Photographs and scans at the province: taken in piece by piece, believed only when the whole has its hash.

Only what an entry of this device names is taken, so nobody can fill the province with anything else; a half-sent one
belongs to its device. A piece must begin where the last one ended, or before: what is known of it is passed over, so a
doubled or late piece, and a stick that begins anew, change nothing. With its last byte the whole is hashed; what has
another hash is thrown away, told to the device and noted as an incident, and never stands for what the entry names.

They lie in the province's database: one backup, one restore, and never a photograph ahead of its entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import msgspec
from django.db import transaction

from inspector_app.journal.attachments import MEDIA_TYPES
from province.journal.models import Attachment, AttachmentPiece, Incident, Journal
from province.journal.recording import RequestError
from province.journal.rows import DjangoRows
from sync.protocol import (
    MAX_ASKED,
    MAX_ATTACHMENT_BYTES,
    MAX_BATCH_BYTES,
    AttachmentRequest,
    Held,
    Piece,
    Standing,
)

MAX_OPEN: Final = 64
"""Half-sent attachments of one device; a device sends one after the other, and a stick may end in the middle of one."""
OTHER: Final = "application/octet-stream"
_NAME_BYTES, _DEVICE_BYTES, _AT_ONCE = 32, 16, 500


class Sent(msgspec.Struct, frozen=True):
    """What the entries of one device name, and what of it is there: attachments, and bytes of those that are whole."""

    named: int
    whole: int
    bytes: int

    @property
    def missing(self) -> int:
        """How many are named and not there yet."""
        return self.named - self.whole


def take_in(using: str, request: AttachmentRequest, *, frame: bytes, at: int) -> tuple[Standing, ...]:
    """Take the pieces of a request and say how everything it speaks of stands; idempotent.

    Raises RequestError for a request that cannot be what an honest device meant.
    """
    _check_limits(request)
    device = request.device.hex()
    with transaction.atomic(using=using):
        # The same device may speak twice at once (a doubled request, a stick beside a call): one after the other.
        Journal.objects.using(using).select_for_update().get(device=device)
        standings = {name: _standing(using, device, name) for name in request.asked}
        for piece in request.pieces:
            standings[piece.name] = _take(using, device, piece, frame=frame, at=at)
    return tuple(standings.values())


def _check_limits(request: AttachmentRequest) -> None:
    names = [*request.asked, *(piece.name for piece in request.pieces)]
    if len(request.device) != _DEVICE_BYTES or any(len(name) != _NAME_BYTES for name in names):
        raise RequestError("request_malformed")
    if any(piece.start < 0 or piece.start + len(piece.content) > piece.size for piece in request.pieces):
        raise RequestError("request_malformed")
    if len(names) > 2 * MAX_ASKED or sum(len(piece.content) for piece in request.pieces) > MAX_BATCH_BYTES:
        raise RequestError("request_too_large")


def _standing(using: str, device: str, name: bytes) -> Standing:
    """How one stands that is only asked about."""
    if not is_named(using, device, name.hex()):
        return Standing(name, Held.UNNAMED, 0)
    if is_whole(using, name.hex()):
        return Standing(name, Held.WHOLE, 0)
    begun = Attachment.objects.using(using).filter(device=device, name=name.hex()).first()
    return Standing(name, Held.PART, begun.held if begun else 0)


def _take(using: str, device: str, piece: Piece, *, frame: bytes, at: int) -> Standing:
    if not 0 < piece.size <= MAX_ATTACHMENT_BYTES:
        return Standing(piece.name, Held.TOO_LARGE, 0)
    standing = _standing(using, device, piece.name)
    if standing.state != Held.PART or piece.start > standing.held:
        return standing
    sending = _sending(using, device, piece, at)
    if sending is None:
        return Standing(piece.name, Held.LATER, 0)
    news = _news(sending, piece)
    if news:
        AttachmentPiece.objects.using(using).create(attachment=sending, start=sending.held, content=news)
        sending.held += len(news)
        sending.save(using=using, update_fields=["held"])
    return _finish(using, sending, frame=frame, at=at) if sending.held >= sending.size else _part(sending)


def _sending(using: str, device: str, piece: Piece, at: int) -> Attachment | None:
    """The half-sent attachment a piece belongs to; None where the device has too many of them already."""
    begun = Attachment.objects.using(using).filter(device=device, name=piece.name.hex()).first()
    if begun is not None and begun.size == piece.size:
        return begun
    if begun is not None:  # its device says otherwise now: begin anew
        begun.delete()
    elif Attachment.objects.using(using).filter(device=device, whole=False).count() >= MAX_OPEN:
        return None
    return Attachment.objects.using(using).create(name=piece.name.hex(), device=device, size=piece.size, begun_at=at)


def _news(sending: Attachment, piece: Piece) -> bytes:
    """What of a piece follows what is held."""
    return piece.content[sending.held - piece.start :] if piece.start <= sending.held else b""


def _part(sending: Attachment) -> Standing:
    return Standing(bytes.fromhex(sending.name), Held.PART, sending.held)


def _finish(using: str, sending: Attachment, *, frame: bytes, at: int) -> Standing:
    name = bytes.fromhex(sending.name)
    if not _is_right(using, sending):
        _report(using, sending, frame=frame, at=at)
        sending.delete()
        return Standing(name, Held.DIFFERS, 0)
    sending.whole, sending.arrived_at = True, at
    sending.save(using=using, update_fields=["whole", "arrived_at"])
    Attachment.objects.using(using).filter(name=sending.name, whole=False).delete()
    return Standing(name, Held.WHOLE, 0)


def _is_right(using: str, sending: Attachment) -> bool:
    """Whether what came has the hash the entry names."""
    return _digest(using, sending) == sending.name


def _digest(using: str, sending: Attachment) -> str:
    digest = hashlib.sha256()
    for content in _pieces(using, sending):
        digest.update(content)
    return digest.hexdigest()


def _pieces(using: str, sending: Attachment) -> Iterator[bytes]:
    rows = AttachmentPiece.objects.using(using).filter(attachment=sending).order_by("start")
    return (bytes(content) for content in rows.values_list("content", flat=True).iterator(chunk_size=16))


def _report(using: str, sending: Attachment, *, frame: bytes, at: int) -> None:
    named = DjangoRows(using).many("attachments", device=sending.device, name=sending.name, order="seq")
    seq = int(named[0]["seq"] or 0) if named else 0
    incident = Incident(device=sending.device, kind="attachment_differs", seq=seq, at=at, frame=frame)
    Incident.objects.using(using).bulk_create([incident], ignore_conflicts=True)


def is_named(using: str, device: str, name: str) -> bool:
    """Whether an entry of this device that was taken in names the attachment."""
    return DjangoRows(using).count("attachments", device=device, name=name) > 0


def is_whole(using: str, name: str) -> bool:
    """Whether the attachment is there, its hash right."""
    return Attachment.objects.using(using).filter(name=name, whole=True).exists()


def read(using: str, name: str) -> bytes | None:
    """The bytes of an attachment that is there whole; None for any other."""
    found = Attachment.objects.using(using).filter(name=name, whole=True).order_by("id").first()
    return b"".join(_pieces(using, found)) if found is not None else None


def media_type(content: bytes) -> str:
    """What the bytes are, by their beginning: a JPEG or PNG picture, a PDF, or nothing to be shown."""
    return next((kind for start, kind in MEDIA_TYPES.items() if content.startswith(start)), OTHER)


def sent_by(using: str, device: str) -> Sent:
    """How far the attachments of one device have come."""
    named = sorted({str(row["name"]) for row in DjangoRows(using).many("attachments", device=device)})
    whole: dict[str, int] = {}
    for start in range(0, len(named), _AT_ONCE):
        rows = Attachment.objects.using(using).filter(name__in=named[start : start + _AT_ONCE], whole=True)
        whole |= dict(rows.values_list("name", "size"))
    return Sent(len(named), len(whole), sum(whole.values()))


def differing(using: str) -> list[str]:
    """The attachments whose bytes do not have their hash: the province's own check, over everything it holds."""
    rows = Attachment.objects.using(using).filter(whole=True).order_by("name")
    return [one.name for one in rows if _digest(using, one) != one.name]
