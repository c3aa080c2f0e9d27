"""Several frames in one file, sealed to whom they are for (SYNC 3.4).

Layout: ``INSPECTOR-BUNDLE-1`` and a line end ‖ 1 byte what for ‖ 8 bytes of SHA-256 of the receiver's box key ‖ then
for each frame its length (4 bytes) and the frame, sealed (HPKE) to that key ‖ length 0 ‖ SHA-256 of all before it.

Each frame is sealed on its own and bound to its place, so the whole frames before a truncation stay usable, and none
can be moved to another bundle's place unseen. The frames are signed inside; sealing only hides them on the way. A
bundle for the province always begins at the last acknowledged entry: the next stick is a superset, a lost one costs
nothing, the same one twice changes nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

import msgspec

from inspector_app.errors import StationError
from inspector_app.suites import BoxKey, SealError, seal, sha256

MAGIC: Final = b"INSPECTOR-BUNDLE-1\n"
MAX_BUNDLE_BYTES: Final = 64 * 1024 * 1024
_LENGTH: Final = 4
_NAME: Final = 8


class Content(enum.IntEnum):
    """What a bundle is for."""

    TO_PROVINCE = 1
    FROM_PROVINCE = 2


class Bundle(msgspec.Struct, frozen=True):
    """The frames of a bundle, opened; ``complete`` is False when the end was missing or damaged."""

    content: Content
    frames: tuple[bytes, ...]
    complete: bool


def pack(content: Content, frames: Sequence[bytes], receiver: bytes) -> bytes:
    """The bundle of these frames for the holder of a box key (its 32 public bytes)."""
    head = MAGIC + bytes([content]) + _name_of(receiver)
    parts = [head]
    for place, frame in enumerate(frames):
        sealed = seal(receiver, _info(content, place), frame)
        parts += [len(sealed).to_bytes(_LENGTH, "big"), sealed]
    parts.append(bytes(_LENGTH))
    body = b"".join(parts)
    return body + sha256(body)


def unpack(raw: bytes, box: BoxKey) -> Bundle:
    """Open a bundle. Raises StationError ``bundle.*``: none of ours, for somebody else, or without one whole frame."""
    if len(raw) > MAX_BUNDLE_BYTES:
        raise StationError("bundle.too_large")
    head = len(MAGIC) + 1 + _NAME
    if not raw.startswith(MAGIC) or len(raw) < head or raw[len(MAGIC)] not in set(Content):
        raise StationError("bundle.not_ours")
    content = Content(raw[len(MAGIC)])
    if raw[len(MAGIC) + 1 : head] != _name_of(box.public_raw):
        raise StationError("bundle.for_somebody_else")
    frames, at = _frames(raw, head, content, box)
    complete = raw[at:] == bytes(_LENGTH) + sha256(raw[: at + _LENGTH])
    if not frames and not complete:
        raise StationError("bundle.damaged")
    return Bundle(content, tuple(frames), complete)


def _frames(raw: bytes, at: int, content: Content, box: BoxKey) -> tuple[list[bytes], int]:
    """The whole frames from ``at`` on, and where they end; what follows a damaged one is not looked at."""
    frames: list[bytes] = []
    while True:
        length = int.from_bytes(raw[at : at + _LENGTH], "big")
        end = at + _LENGTH + length
        if not length or end > len(raw):
            return frames, at
        try:
            frames.append(box.open(_info(content, len(frames)), raw[at + _LENGTH : end]))
        except SealError:
            return frames, at
        at = end


def _info(content: Content, place: int) -> bytes:
    return f"inspector/bundle/1/{content.name.lower()}/{place}".encode()


def _name_of(box_public: bytes) -> bytes:
    return sha256(b"inspector/box/1", box_public)[:_NAME]
