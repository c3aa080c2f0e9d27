"""Messages: one encoding, older and newer readers, nothing else accepted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.canonical import decode, encode
from inspector_app.journal.chain import PrivatePart, WrittenEntry
from inspector_app.suites import SigningKey, Suite
from sync import protocol
from sync.frames import Purpose, seal_frame
from sync.protocol import (
    EnrolAnswer,
    EnrolRequest,
    FeedItem,
    MessageError,
    SyncAnswer,
    SyncRequest,
    complete_code,
    device_id,
    epoch_number,
    epoch_text,
    from_bytes,
    read_code,
    to_bytes,
)
from tests.office import CountingRandom
from tests.sync.test_frames import GOLDEN, KEY

REQUEST = SyncRequest(
    proto=1,
    device=bytes(range(16)),
    epoch="1-0a0b0c0d",
    cursor=41,
    from_seq=7,
    base_hash=b"\x11" * 32,
    head_seq=8,
    head_hash=b"\x22" * 32,
    head_sig=b"\x33" * 64,
    program="0.1.0",
    at=1_795_233_600_000,
    mono=123_456,
    boot="0123456789abcdef",
    trust=(1, 4),
    entries=(
        WrittenEntry(b'{"v":1}', PrivatePart(b"s" * 16, b'{"name":"\xe7\x94\xb2"}'), b"\x44" * 64),
        WrittenEntry(b'{"v":1,"n":2}'),
    ),
    presented=(b"document",),
    wants=("everything",),
)
ANSWER = SyncAnswer(
    proto=1,
    status="ok",
    to=b"\x55" * 8,
    epoch="1-0a0b0c0d",
    base=0,
    head_seq=8,
    head_hash=b"\x22" * 32,
    at=1_795_233_600_500,
    min_version="0.1.0",
    receipt=b"receipt",
    documents=(FeedItem(42, "block/1", b"block"), FeedItem(44, "entry", b"entry")),
    more=True,
    trust=b"pack",
    evidence=3,
)
INTRODUCTION = EnrolRequest(
    proto=1,
    code="7K3",
    suite=1,
    key=KEY.public.raw,
    box_key=b"\x66" * 32,
    name="一号机",
    program="0.1.0",
    at=1_795_233_600_000,
    proof=b"\x77" * 32,
)
WELCOME = EnrolAnswer(
    proto=1,
    device="00" * 16,
    station=7,
    province="99",
    host="q.practice.example",
    root=b"root",
    statements=(b"one", b"two"),
    epoch="1-0a0b0c0d",
    at=1,
    proof=b"\x88" * 32,
)


@pytest.mark.parametrize("message", [REQUEST, ANSWER, INTRODUCTION, WELCOME], ids=lambda one: type(one).__name__)
def test_a_message_comes_back_as_it_went(message: Any) -> None:
    assert from_bytes(type(message), to_bytes(message)) == message


def test_a_newer_side_may_say_more_than_an_older_one_knows() -> None:
    newer = encode([*decode(to_bytes(REQUEST), 10_000), "a field of tomorrow", [1, 2]])
    assert from_bytes(SyncRequest, newer) == REQUEST


def test_an_older_side_may_say_less_than_a_newer_one_knows() -> None:
    older = encode(decode(to_bytes(ANSWER), 10_000)[:9])
    read = from_bytes(SyncAnswer, older)
    assert (read.status, read.documents, read.more, read.evidence) == ("ok", (), False, 0)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        encode([]),
        encode([1, "not bytes", "", 0, 1, b"", 0]),
        encode({"proto": 1}),
        to_bytes(REQUEST)[:-1],
        to_bytes(REQUEST) + b"\x00",
        b"\x9f" + to_bytes(REQUEST)[2:] + b"\xff",
    ],
)
def test_anything_else_is_no_message(raw: bytes) -> None:
    with pytest.raises(MessageError):
        from_bytes(SyncRequest, raw)


def test_the_bytes_of_messages_are_fixed() -> None:
    """Golden bytes: when this fails, older devices no longer understand; append a position instead."""
    for name, message in (("sync_request", REQUEST), ("sync_answer", ANSWER), ("enrol_request", INTRODUCTION)):
        assert to_bytes(message) == (GOLDEN / f"{name}.cbor").read_bytes(), name


def test_every_version_says_since_when_why_and_for_whom() -> None:
    numbers = [version.number for version in protocol.VERSIONS]
    assert numbers == sorted(set(numbers))
    assert protocol.PROTO_MIN <= protocol.PROTO == numbers[-1]
    assert all(version.since and version.why and version.needed_by for version in protocol.VERSIONS)


def test_epochs_count_restores() -> None:
    assert epoch_number(epoch_text(3, b"\x01\x02")) == 3
    assert epoch_number("") == epoch_number("x-1") == epoch_number("²-00") == 0


def test_a_device_s_id_follows_from_its_key() -> None:
    from inspector_app.suites import BoxKey
    from inspector_app.vault.device import DeviceIdentity

    random = CountingRandom("identity")
    signing = SigningKey.generate(Suite.ED25519, random)
    identity = DeviceIdentity(b"secret", signing, BoxKey.generate(random))
    assert device_id(signing.public) == identity.device_id


# --- one-time codes -------------------------------------------------------------------------------------------------

STEMS = st.text(alphabet=protocol.CODE_ALPHABET, min_size=15, max_size=15)


@given(STEMS)
def test_a_code_is_read_however_it_is_written(stem: str) -> None:
    code = complete_code(stem)
    grouped = "-".join(code[at : at + 4] for at in range(0, 16, 4))
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in code)
    assert {read_code(text) for text in (code, grouped, grouped.lower(), f" {full_width} ")} == {code}


@given(STEMS, st.integers(0, 14), st.sampled_from(protocol.CODE_ALPHABET))
def test_one_mistyped_character_is_noticed(stem: str, at: int, typed: str) -> None:
    code = complete_code(stem)
    # 0 and Z differ by 31 and weigh the same in a check modulo 31.
    if typed != code[at] and {typed, code[at]} != {"0", "Z"}:
        assert read_code(code[:at] + typed + code[at + 1 :]) is None


def test_a_message_frame_is_smaller_than_its_parts_promise() -> None:
    quiet = msgspec.structs.replace(REQUEST, entries=(), presented=(), wants=(), head_hash=b"", head_sig=b"")
    assert len(seal_frame(Purpose.SYNC_REQUEST, to_bytes(quiet), KEY)) <= 220
