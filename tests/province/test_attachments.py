"""Photographs at the province: only what an entry names, only at its offset, only with its hash; SQLite and PostgreSQL.

What is hostile here is signed by an enrolled device: strangers fail before (test_hostile).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError

from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.ports import Reply
from inspector_app.suites import sha256
from province import provinces
from province.journal import attachments
from province.journal.models import Attachment, AttachmentPiece, Incident
from province.journal.overview import overview
from province.registry.fencing import fence_device
from sync.frames import Purpose, open_frame, seal_frame
from sync.protocol import (
    ATTACHMENTS_PATH,
    MAX_ATTACHMENT_BYTES,
    PROTO,
    SYNC_PATH,
    AttachmentAnswer,
    AttachmentRequest,
    Held,
    Piece,
    Standing,
    from_bytes,
    to_bytes,
)
from tests.office import CountingRandom
from tests.province.fixtures import VET, Province
from tests.sync.fakes import FakeDevice

KB = 1024
CONTENT = b"\xff\xd8\xff" + CountingRandom("a photograph").bytes(20 * KB)
NAME = sha256(CONTENT)


def naming(province: Province, *names: bytes, device: FakeDevice | None = None) -> FakeDevice:
    """A device whose journal at the province names these attachments."""
    device = device or province.enrol()
    listed = [name.hex() for name in names]
    device.record(VET, StorageChecked(store="main", findings=[], attachments=listed))
    device.sync(province.exchange)
    return device


def piece(start: int, end: int, *, content: bytes = CONTENT, name: bytes = NAME, size: int = 0) -> Piece:
    return Piece(name, size or len(content), start, content[start:end])


def post(province: Province, device: FakeDevice, *pieces: Piece, asked: tuple[bytes, ...] = ()) -> Reply:
    request = AttachmentRequest(proto=PROTO, device=bytes.fromhex(device.device), asked=asked, pieces=pieces)
    frame = seal_frame(Purpose.ATTACHMENT_REQUEST, to_bytes(request), device.signer)
    return province.exchange.post(ATTACHMENTS_PATH, frame)


def told(
    province: Province, device: FakeDevice, *pieces: Piece, asked: tuple[bytes, ...] = ()
) -> tuple[tuple[str, int], ...]:
    reply = post(province, device, *pieces, asked=asked)
    assert reply.status == 200, reply.body
    server = provinces.of(province.using).keys.server.public
    opened = open_frame(reply.body, Purpose.ATTACHMENT_ANSWER, lambda *_: server)
    assert not isinstance(opened, str)
    return tuple((one.state, one.held) for one in from_bytes(AttachmentAnswer, opened.message).standings)


def held(province: Province, name: bytes = NAME) -> bytes | None:
    return attachments.read(province.using, name.hex())


# --- the offset -------------------------------------------------------------------------------------------------------


def test_pieces_follow_each_other_and_the_last_makes_it_whole(either_province: Province) -> None:
    device = naming(either_province, NAME)
    assert told(either_province, device, asked=(NAME,)) == ((Held.PART, 0),)
    assert told(either_province, device, piece(0, 9000)) == ((Held.PART, 9000),)
    assert told(either_province, device, asked=(NAME,)) == ((Held.PART, 9000),)
    assert held(either_province) is None
    assert told(either_province, device, piece(9000, 30000)) == ((Held.WHOLE, 0),)
    assert held(either_province) == CONTENT
    assert told(either_province, device, asked=(NAME,)) == ((Held.WHOLE, 0),)


@pytest.mark.parametrize("start", [9001, 15000, len(CONTENT)])
def test_a_piece_beyond_the_offset_changes_nothing_and_is_told_the_offset(
    either_province: Province, start: int
) -> None:
    device = naming(either_province, NAME)
    told(either_province, device, piece(0, 9000))
    assert told(either_province, device, piece(start, 30000)) == ((Held.PART, 9000),)
    assert AttachmentPiece.objects.using(either_province.using).count() == 1


def test_a_first_piece_that_is_not_the_beginning_opens_nothing(province: Province) -> None:
    device = naming(province, NAME)
    assert told(province, device, piece(1, 9000)) == ((Held.PART, 0),)
    assert not Attachment.objects.using(province.using).exists()


def test_what_came_before_is_passed_over(either_province: Province) -> None:
    device = naming(either_province, NAME)
    for end in (5000, 5000, 3000, 8000):  # doubled, late, and a stick that begins anew
        told(either_province, device, piece(0, end))
    assert told(either_province, device, asked=(NAME,)) == ((Held.PART, 8000),)
    told(either_province, device, piece(2000, 30000))
    assert held(either_province) == CONTENT
    assert told(either_province, device, piece(0, 3000)) == ((Held.WHOLE, 0),)


# --- the hash ---------------------------------------------------------------------------------------------------------


def test_bytes_with_another_hash_are_thrown_away_told_and_noted(either_province: Province) -> None:
    device = naming(either_province, NAME)
    wrong = CONTENT[:-1] + b"?"
    told(either_province, device, piece(0, 9000, content=wrong))
    assert told(either_province, device, piece(9000, 30000, content=wrong)) == ((Held.DIFFERS, 0),)
    assert held(either_province) is None
    assert not Attachment.objects.using(either_province.using).exists()
    assert not AttachmentPiece.objects.using(either_province.using).exists()
    (incident,) = Incident.objects.using(either_province.using).all()
    assert (incident.kind, incident.device) == ("attachment_differs", device.device)
    assert incident.seq == device.head().seq
    # And the right ones are taken afterwards.
    assert told(either_province, device, piece(0, 30000)) == ((Held.WHOLE, 0),)
    assert held(either_province) == CONTENT


def test_a_device_that_says_another_size_begins_anew(province: Province) -> None:
    device = naming(province, NAME)
    told(province, device, piece(0, 9000, size=40000))
    assert told(province, device, piece(0, 4000)) == ((Held.PART, 4000),)
    told(province, device, piece(4000, 30000))
    assert held(province) == CONTENT


def test_half_of_it_from_one_device_does_not_spoil_anothers(either_province: Province) -> None:
    honest = naming(either_province, NAME)
    rogue = naming(either_province, NAME, device=either_province.enrol("二号机"))
    told(either_province, rogue, piece(0, 5000, content=b"?" * len(CONTENT)))
    assert told(either_province, honest, asked=(NAME,)) == ((Held.PART, 0),)
    told(either_province, honest, piece(0, 30000))
    assert held(either_province) == CONTENT
    assert told(either_province, rogue, piece(5000, 30000)) == ((Held.WHOLE, 0),)
    assert Attachment.objects.using(either_province.using).count() == 1


# --- what nobody named, and what is too much --------------------------------------------------------------------------


def test_what_no_entry_names_is_not_taken(either_province: Province) -> None:
    device = naming(either_province, sha256(b"another"))
    assert told(either_province, device, piece(0, 30000), asked=(NAME,)) == ((Held.UNNAMED, 0),)
    assert not Attachment.objects.using(either_province.using).exists()


def test_what_only_a_sister_names_is_not_taken_from_this_device(province: Province) -> None:
    naming(province, NAME)
    sister = province.enrol("二号机")
    assert told(province, sister, piece(0, 30000)) == ((Held.UNNAMED, 0),)


def test_what_only_an_unsent_entry_names_waits_for_it(province: Province) -> None:
    device = province.enrol()
    device.record(VET, StorageChecked(store="main", findings=[], attachments=[NAME.hex()]))
    assert told(province, device, piece(0, 30000)) == ((Held.UNNAMED, 0),)
    device.sync(province.exchange)
    assert told(province, device, piece(0, 30000)) == ((Held.WHOLE, 0),)


@pytest.mark.parametrize("size", [MAX_ATTACHMENT_BYTES + 1, 2**53, 30000])
def test_a_size_no_attachment_has(province: Province, size: int) -> None:
    device = naming(province, NAME)
    expected = (Held.PART, 9000) if size == 30000 else (Held.TOO_LARGE, 0)
    assert told(province, device, piece(0, 9000, size=size)) == (expected,)


def test_too_many_half_sent_ones_wait(province: Province) -> None:
    contents = [b"%PDF-" + bytes([place]) * 100 for place in range(4)]
    device = naming(province, *map(sha256, contents))
    half = [piece(0, 50, content=content, name=sha256(content)) for content in contents]
    with patch.object(attachments, "MAX_OPEN", 3):
        states = told(province, device, *half)
        assert states == ((Held.PART, 50),) * 3 + ((Held.LATER, 0),)
        told(province, device, piece(50, 200, content=contents[0], name=sha256(contents[0])))
        assert told(province, device, half[3]) == ((Held.PART, 50),)


REFUSED = [
    ((Piece(NAME, 100, -1, b"x"),), (), "request_malformed"),
    ((Piece(NAME, 100, 90, bytes(11)),), (), "request_malformed"),
    ((Piece(NAME, -5, 0, b"x"),), (), "request_malformed"),
    ((Piece(NAME[:31], 100, 0, b"x"),), (), "request_malformed"),
    ((Piece(b"../../../../../../etc/passwd\x00\x00\x00\x00\x00", 100, 0, b"x"),), (), "request_malformed"),
    ((), (b"",), "request_malformed"),
    ((), (NAME,) * 401, "request_too_large"),
    ((Piece(NAME, 2 * 1024 * KB, 0, bytes(1024 * KB + 1)),), (), "request_too_large"),
]


@pytest.mark.parametrize(("pieces", "asked", "code"), REFUSED)
def test_a_request_no_honest_device_makes_is_refused(
    province: Province, pieces: tuple[Piece, ...], asked: tuple[bytes, ...], code: str
) -> None:
    device = naming(province, NAME)
    reply = post(province, device, *pieces, asked=asked)
    assert (reply.status, reply.body) == (413 if code == "request_too_large" else 400, code.encode())
    assert not Attachment.objects.using(province.using).exists()


# --- who speaks, and where --------------------------------------------------------------------------------------------


def test_a_device_speaks_for_itself_alone(province: Province) -> None:
    device, other = naming(province, NAME), province.enrol("二号机")
    request = AttachmentRequest(proto=PROTO, device=bytes.fromhex(device.device), pieces=(piece(0, 9000),))
    frame = seal_frame(Purpose.ATTACHMENT_REQUEST, to_bytes(request), other.signer)
    reply = province.exchange.post(ATTACHMENTS_PATH, frame)
    assert (reply.status, reply.body) == (403, b"foreign_device")
    assert held(province) is None


def test_a_frame_of_another_purpose_or_path_is_refused(province: Province) -> None:
    device = naming(province, NAME)
    request = AttachmentRequest(proto=PROTO, device=bytes.fromhex(device.device), pieces=(piece(0, 9000),))
    right = seal_frame(Purpose.ATTACHMENT_REQUEST, to_bytes(request), device.signer)
    wrong = seal_frame(Purpose.SYNC_REQUEST, to_bytes(request), device.signer)
    assert province.exchange.post(SYNC_PATH, right).body == b"frame_wrong_purpose"
    assert province.exchange.post(ATTACHMENTS_PATH, wrong).body == b"frame_wrong_purpose"
    assert province.exchange.post(ATTACHMENTS_PATH + "/" + NAME.hex(), right).status == 404
    assert not Attachment.objects.using(province.using).exists()


def test_a_stranger_and_a_flipped_byte_are_refused(province: Province) -> None:
    device = naming(province, NAME)
    request = AttachmentRequest(proto=PROTO, device=bytes.fromhex(device.device), pieces=(piece(0, 9000),))
    frame = seal_frame(Purpose.ATTACHMENT_REQUEST, to_bytes(request), device.signer)
    flipped = frame[:-100] + bytes([frame[-100] ^ 1]) + frame[-99:]
    assert province.exchange.post(ATTACHMENTS_PATH, flipped).body == b"frame_bad_signature"
    stranger = FakeDevice(province.clock, CountingRandom("a stranger"))
    unknown = seal_frame(Purpose.ATTACHMENT_REQUEST, to_bytes(request), stranger.signer)
    assert province.exchange.post(ATTACHMENTS_PATH, unknown).status == 403


@pytest.mark.parametrize("message", [b"", b"\x80", b"\x81\x01", b"\x83\x01\x60\x80", b"\x84\x01\x40\x80\x81\x80"])
def test_a_message_that_is_none_is_refused(province: Province, message: bytes) -> None:
    device = province.enrol()
    reply = province.exchange.post(ATTACHMENTS_PATH, seal_frame(Purpose.ATTACHMENT_REQUEST, message, device.signer))
    assert (reply.status, reply.body) == (400, b"request_malformed")


def test_what_was_recorded_before_a_device_was_lost_still_gets_its_photograph(province: Province) -> None:
    device = naming(province, NAME)
    fence_device(province.using, device.device)
    later = sha256(b"named after the fence")
    device.record(VET, StorageChecked(store="main", findings=[], attachments=[later.hex()]))
    device.sync(province.exchange)
    assert told(province, device, piece(0, 30000), asked=(later,)) == ((Held.UNNAMED, 0), (Held.WHOLE, 0))


# --- power, the ledger, the overview ----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["attachment_piece", "attachment"])
def test_the_databases_end_in_the_middle_leaves_what_was_acknowledged(either_province: Province, table: str) -> None:
    from django.db import connections

    device = naming(either_province, NAME)
    told(either_province, device, piece(0, 9000))

    def fails(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")) and f'"{table}"' in sql:
            raise OperationalError("the disk is full")
        return execute(sql, *rest)

    with connections[either_province.using].execute_wrapper(fails), pytest.raises(OperationalError):
        post(either_province, device, piece(9000, 30000))
    assert told(either_province, device, asked=(NAME,)) == ((Held.PART, 9000),)
    assert told(either_province, device, piece(9000, 30000)) == ((Held.WHOLE, 0),)
    assert held(either_province) == CONTENT


def test_a_missing_photograph_holds_up_nothing_and_is_told(province: Province) -> None:
    device = naming(province, NAME, sha256(b"another"))
    before = overview(province.using)
    assert before["verdicts"] == 0
    assert before["devices"][0]["attachments"] == {"named": 2, "whole": 0, "bytes": 0, "missing": 2}
    told(province, device, piece(0, 30000))
    after = overview(province.using, verify=True)
    assert after["devices"][0]["attachments"] == {"named": 2, "whole": 1, "bytes": len(CONTENT), "missing": 1}
    assert (after["projections_differ"], after["attachments_differ"]) == ([], [])


def test_bytes_that_changed_since_are_found_by_the_provinces_own_check(province: Province) -> None:
    device = naming(province, NAME)
    told(province, device, piece(0, 30000))
    AttachmentPiece.objects.using(province.using).update(content=b"rotten")
    assert overview(province.using, verify=True)["attachments_differ"] == [NAME.hex()]


def test_a_standing_is_a_few_bytes() -> None:
    answer = AttachmentAnswer(
        proto=1, to=bytes(8), epoch="1-00000000", at=2**41, standings=(Standing(NAME, "whole", 0),)
    )
    assert len(to_bytes(answer)) < 80
