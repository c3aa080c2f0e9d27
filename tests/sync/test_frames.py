"""Frames: believed only after their signature, unpacked only within bounds; the same bytes for ever."""

from __future__ import annotations

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.keys import PublicKey
from inspector_app.suites import SigningKey, Suite
from sync.frames import (
    MAX_FRAME_BYTES,
    FrameFault,
    Opened,
    Purpose,
    open_frame,
    open_introduction,
    read_frame,
    read_unverified,
    seal_frame,
)
from sync.protocol import MAX_MESSAGE_BYTES
from tests.office import CountingRandom
from tests.source_tree import ROOT

GOLDEN = ROOT / "tests" / "golden" / "frames"
KEY = SigningKey.generate(Suite.ED25519, CountingRandom("frames"))
P256 = SigningKey.generate(Suite.P256, CountingRandom("frames"))
OTHER = SigningKey.generate(Suite.ED25519, CountingRandom("other"))
LONG = b"entry " * 4000


def known(suite: int, key_id: bytes) -> PublicKey | None:
    """The side that knows two keys."""
    return next((one.public for one in (KEY, P256) if (one.public.suite, one.public.key_id) == (suite, key_id)), None)


def opened(raw: bytes, purpose: Purpose = Purpose.SYNC_REQUEST) -> Opened | FrameFault:
    return open_frame(raw, purpose, known)


@pytest.mark.parametrize("key", [KEY, P256], ids=["Ed25519", "P-256"])
@pytest.mark.parametrize("message", [b"", b"x", LONG], ids=["empty", "short", "long"])
def test_a_frame_brings_its_message_and_its_key(key: SigningKey, message: bytes) -> None:
    assert opened(seal_frame(Purpose.SYNC_REQUEST, message, key)) == Opened(message, key.public)


def test_a_long_message_is_compressed_and_a_short_one_is_not() -> None:
    overhead = len(seal_frame(Purpose.SYNC_REQUEST, b"", KEY))
    assert len(seal_frame(Purpose.SYNC_REQUEST, LONG, KEY)) < overhead + 200
    assert len(seal_frame(Purpose.SYNC_REQUEST, b"\x01\x02", KEY)) == overhead + 2
    assert overhead == 79


def test_a_signature_is_good_for_its_purpose_only() -> None:
    frame = seal_frame(Purpose.SYNC_REQUEST, b"x", KEY)
    assert opened(frame, Purpose.SYNC_ANSWER) is FrameFault.WRONG_PURPOSE
    relabelled = frame[:3] + bytes([Purpose.SYNC_ANSWER]) + frame[4:]
    assert opened(relabelled, Purpose.SYNC_ANSWER) is FrameFault.BAD_SIGNATURE


def test_a_stranger_s_frame_is_not_opened() -> None:
    assert opened(seal_frame(Purpose.SYNC_REQUEST, b"x", OTHER)) is FrameFault.UNKNOWN_KEY


def test_a_frame_cannot_name_a_key_and_be_signed_by_another() -> None:
    frame = seal_frame(Purpose.SYNC_REQUEST, b"x", OTHER)
    renamed = frame[:6] + KEY.public.key_id + frame[14:]
    assert opened(renamed) is FrameFault.BAD_SIGNATURE


def test_an_introduction_proves_its_own_key_and_is_good_for_nothing_else() -> None:
    frame = seal_frame(Purpose.ENROL_REQUEST, b"hello", OTHER, state_key=True)
    assert open_introduction(frame, Purpose.ENROL_REQUEST) == Opened(b"hello", OTHER.public)
    assert open_introduction(frame, Purpose.SYNC_REQUEST) is FrameFault.WRONG_PURPOSE
    assert opened(seal_frame(Purpose.SYNC_REQUEST, b"x", KEY, state_key=True)) is FrameFault.UNKNOWN_KEY
    named = seal_frame(Purpose.ENROL_REQUEST, b"hello", OTHER)
    assert open_introduction(named, Purpose.ENROL_REQUEST) is FrameFault.UNKNOWN_KEY
    forged = frame[:-1] + bytes([frame[-1] ^ 1])
    assert open_introduction(forged, Purpose.ENROL_REQUEST) is FrameFault.BAD_SIGNATURE


@pytest.mark.parametrize("at", range(0, 80, 3))
def test_any_changed_byte_is_noticed(at: int) -> None:
    frame = bytearray(seal_frame(Purpose.SYNC_REQUEST, b"message", KEY))
    frame[at] ^= 0x40
    assert isinstance(opened(bytes(frame)), FrameFault)


@pytest.mark.parametrize("length", [0, 1, 3, 6, 14, 40, 77, 78])
def test_a_truncated_frame_is_malformed(length: int) -> None:
    assert opened(seal_frame(Purpose.SYNC_REQUEST, b"", KEY)[:length]) is FrameFault.MALFORMED


def test_a_frame_above_the_limit_is_not_looked_at() -> None:
    assert opened(bytes(MAX_FRAME_BYTES + 1)) is FrameFault.TOO_LARGE


def signed_body(body: bytes) -> bytes:
    """A frame with a good signature over any body."""
    head = b"IF\x01" + bytes([Purpose.SYNC_REQUEST, KEY.public.suite, 8]) + KEY.public.key_id
    return head + KEY.sign(Purpose.SYNC_REQUEST.context, head + body) + body


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"\x01" + zstandard.compress(bytes(MAX_MESSAGE_BYTES + 1)), FrameFault.TOO_LARGE),
        (b"\x01" + zstandard.ZstdCompressor(write_content_size=False).compress(b"x"), FrameFault.TOO_LARGE),
        (b"\x01" + zstandard.compress(b"whole")[:-3], FrameFault.DAMAGED),
        (b"\x01" + zstandard.compress(b"one") + b"more", FrameFault.DAMAGED),
        (b"\x01not zstd at all", FrameFault.DAMAGED),
        (b"\x02", FrameFault.DAMAGED),
    ],
    ids=["bomb", "size untold", "cut", "trailing", "garbage", "unknown packing"],
)
def test_even_a_signed_body_is_unpacked_within_bounds(body: bytes, fault: FrameFault) -> None:
    assert opened(signed_body(body)) is fault


@given(st.binary(max_size=400))
def test_hostile_bytes_are_a_fault_and_never_a_crash(raw: bytes) -> None:
    for frame in (raw, b"IF\x01" + raw):
        assert isinstance(opened(frame), FrameFault)
        assert isinstance(open_introduction(frame, Purpose.ENROL_REQUEST), FrameFault)
        assert isinstance(read_unverified(frame, Purpose.SYNC_REQUEST), bytes | FrameFault)


@pytest.mark.parametrize("name", ["sync_request", "sync_answer", "enrol_request"])
def test_the_bytes_of_a_released_version_are_still_read(name: str) -> None:
    raw = (GOLDEN / f"{name}.bin").read_bytes()
    frame = read_frame(raw)
    assert not isinstance(frame, FrameFault)
    assert frame.purpose is Purpose[name.upper()]
    message = read_unverified(raw, frame.purpose)
    assert message == (GOLDEN / f"{name}.cbor").read_bytes()
    again = seal_frame(frame.purpose, message, KEY, state_key=name == "enrol_request")
    assert again == raw
