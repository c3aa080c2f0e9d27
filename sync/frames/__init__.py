"""Frames: how messages travel, the same bytes over the network, in a bundle on a stick, or in a test.

Layout: ``IF`` ‖ version 1 ‖ purpose ‖ suite ‖ length of the key field ‖ key field ‖ 64-byte signature ‖ body. The key
field is the 8-byte name of a known key, or the whole key of a device that is only being enrolled. The signature covers
everything but itself under a context of its purpose. The body is one byte (0 plain, 1 zstd) and the message.

Reading goes from the outside in: length, layout, key, signature, and only then decompression, whose result is bounded
beforehand, and parsing. Hostile bytes without a good signature never reach a parser.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Final

import msgspec
import zstandard

from inspector_app.domain.documents import DocumentSigner
from inspector_app.domain.keys import KEY_ID_BYTES, RAW_BYTES, SIGNATURE_BYTES, PublicKey, Suite
from inspector_app.suites import verify
from sync.protocol import MAX_MESSAGE_BYTES

_MAGIC: Final = b"IF\x01"
_PLAIN, _ZSTD = 0, 1
_LEVEL: Final = 9
_LEVEL_SHORT: Final = 19
_SHORT: Final = 16 * 1024
"""Up to this size the slowest level takes no time worth speaking of."""
MAX_FRAME_BYTES: Final = MAX_MESSAGE_BYTES + 1024
_HEADER: Final = len(_MAGIC) + 3


class Purpose(enum.IntEnum):
    """What a frame carries; a signature made for one purpose is good for no other."""

    SYNC_REQUEST = 1
    SYNC_ANSWER = 2
    ENROL_REQUEST = 3
    ENROL_ANSWER = 4

    @property
    def context(self) -> str:
        """What the signature is bound to."""
        return f"inspector/frame/1/{self.name.lower()}"


class FrameFault(enum.StrEnum):
    """Why bytes are not a frame to be believed; the order of definition is the order of precedence."""

    TOO_LARGE = "frame_too_large"
    MALFORMED = "frame_malformed"
    WRONG_PURPOSE = "frame_wrong_purpose"
    UNKNOWN_KEY = "frame_unknown_key"
    BAD_SIGNATURE = "frame_bad_signature"
    DAMAGED = "frame_damaged"


class Frame(msgspec.Struct, frozen=True):
    """A frame taken apart; nothing is verified yet."""

    purpose: Purpose
    suite: int
    key_field: bytes
    signature: bytes
    covered: bytes
    body: bytes

    @property
    def stated_key(self) -> PublicKey | None:
        """The whole key, when the frame carries it."""
        return None if len(self.key_field) == KEY_ID_BYTES else PublicKey(self.suite, self.key_field)


class Opened(msgspec.Struct, frozen=True):
    """A frame whose signature is good: the message and the key that vouches for it."""

    message: bytes
    key: PublicKey


FindKey = Callable[[int, bytes], PublicKey | None]
"""(suite, key id) → the key this side knows by that name."""


def seal_frame(purpose: Purpose, message: bytes, signer: DocumentSigner, *, state_key: bool = False) -> bytes:
    """The frame of a message, signed; ``state_key`` puts the whole key in, for a side that cannot know it yet."""
    key = signer.public
    field = key.raw if state_key else key.key_id
    head = _MAGIC + bytes([purpose, key.suite, len(field)]) + field
    body = _pack(message)
    return head + signer.sign(purpose.context, head + body) + body


def _pack(message: bytes) -> bytes:
    level = _LEVEL_SHORT if len(message) <= _SHORT else _LEVEL
    packed = zstandard.ZstdCompressor(level=level, write_checksum=False).compress(message)
    # Hashes and signatures do not compress; a short message is smaller as it is.
    return bytes([_ZSTD]) + packed if len(packed) < len(message) else bytes([_PLAIN]) + message


def read_frame(raw: bytes) -> Frame | FrameFault:
    """Take a frame apart without believing it."""
    if len(raw) > MAX_FRAME_BYTES:
        return FrameFault.TOO_LARGE
    if len(raw) < _HEADER or raw[: len(_MAGIC)] != _MAGIC or raw[3] not in set(Purpose):
        return FrameFault.MALFORMED
    suite, length = raw[4], raw[5]
    end = _HEADER + length
    if length not in (KEY_ID_BYTES, RAW_BYTES.get(Suite(suite), 0) if suite in set(Suite) else 0):
        return FrameFault.MALFORMED
    if len(raw) < end + SIGNATURE_BYTES + 1:
        return FrameFault.MALFORMED
    body = raw[end + SIGNATURE_BYTES :]
    signature = raw[end : end + SIGNATURE_BYTES]
    return Frame(Purpose(raw[3]), suite, raw[_HEADER:end], signature, raw[:end] + body, body)


def open_frame(raw: bytes, purpose: Purpose, find: FindKey) -> Opened | FrameFault:
    """The message of a frame made for ``purpose`` and signed by a key that ``find`` knows."""
    frame = read_frame(raw)
    if isinstance(frame, FrameFault):
        return frame
    if frame.purpose is not purpose:
        return FrameFault.WRONG_PURPOSE
    if frame.stated_key is not None:
        return FrameFault.UNKNOWN_KEY
    return _verified(frame, find(frame.suite, frame.key_field))


def open_introduction(raw: bytes, purpose: Purpose) -> Opened | FrameFault:
    """The message of a frame that states its own key: it proves possession of that key and nothing else."""
    frame = read_frame(raw)
    if isinstance(frame, FrameFault):
        return frame
    if frame.purpose is not purpose:
        return FrameFault.WRONG_PURPOSE
    return _verified(frame, frame.stated_key)


def read_unverified(raw: bytes, purpose: Purpose) -> bytes | FrameFault:
    """The message of a frame nobody has vouched for yet; only for an answer that brings the keys it is checked with."""
    frame = read_frame(raw)
    if isinstance(frame, FrameFault):
        return frame
    return _unpack(frame.body) if frame.purpose is purpose else FrameFault.WRONG_PURPOSE


def _verified(frame: Frame, key: PublicKey | None) -> Opened | FrameFault:
    if key is None:
        return FrameFault.UNKNOWN_KEY
    if not verify(key, frame.purpose.context, frame.covered, frame.signature):
        return FrameFault.BAD_SIGNATURE
    message = _unpack(frame.body)
    return Opened(message, key) if isinstance(message, bytes) else message


def _unpack(body: bytes) -> bytes | FrameFault:
    packing, content = body[0], body[1:]
    if packing == _PLAIN:
        return content if len(content) <= MAX_MESSAGE_BYTES else FrameFault.TOO_LARGE
    if packing != _ZSTD:
        return FrameFault.DAMAGED
    try:
        # The size stands in the header: a bomb is refused before a byte of it is unpacked.
        size = zstandard.frame_content_size(content)
        if not 0 <= size <= MAX_MESSAGE_BYTES:
            return FrameFault.TOO_LARGE
        return zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompress(
            content, max_output_size=size, allow_extra_data=False
        )
    except zstandard.ZstdError:
        return FrameFault.DAMAGED
