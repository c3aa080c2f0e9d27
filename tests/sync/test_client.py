"""One round of catching up: what the device believes, when it freezes, and that a bad line loses nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from inspector_app.domain.documents import open_as, sign_document
from inspector_app.domain.numbering import Block, Draw
from inspector_app.errors import StationError
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.entries.devices import DeviceEnrolled
from inspector_app.journal.feed import Acknowledged
from inspector_app.ports import Reply
from inspector_app.suites import SigningKey, Suite, verify
from province import provinces
from sync.client import MAX_FAILURES, Device, Progress, Stage, sync_round
from sync.frames import Purpose, open_frame, seal_frame
from sync.pacing import Pace, timeout_seconds
from sync.protocol import CONTENT_TYPE, FeedItem, Receipt, SyncAnswer, SyncRequest, from_bytes, to_bytes
from tests.office import CountingRandom
from tests.province import work
from tests.province.fixtures import STATION, VET, Province
from tests.sync.fakes import FakeDevice, Line

Change = Callable[[SyncAnswer], SyncAnswer]


class Meddler:
    """A province whose answers are changed before its server key signs them."""

    def __init__(self, real: Province, change: Change, *, key: SigningKey | None = None) -> None:
        self._real, self._change = real, change
        self._key = key or provinces.of(real.using).keys.server

    def post(self, path: str, frame: bytes) -> Reply:
        reply = self._real.exchange.post(path, frame)
        server = provinces.of(self._real.using).keys.server.public
        opened = open_frame(reply.body, Purpose.SYNC_ANSWER, lambda _suite, _key_id: server)
        assert not isinstance(opened, str)
        changed = self._change(from_bytes(SyncAnswer, opened.message))
        return Reply(200, CONTENT_TYPE, seal_frame(Purpose.SYNC_ANSWER, to_bytes(changed), self._key))


def replacing(**changes: Any) -> Change:
    return lambda answer: msgspec.structs.replace(answer, **changes)


# --- whom it believes -----------------------------------------------------------------------------------------------


def test_an_answer_of_another_server_is_not_believed(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    before = device.note
    other = SigningKey.generate(Suite.ED25519, CountingRandom("another server"))
    with pytest.raises(StationError, match=r"network\.identity"):
        device.sync(Meddler(province, replacing(), key=other))
    assert (device.note, device.frozen) == (before, "")


def test_an_answer_for_another_device_is_not_believed(province: Province) -> None:
    device = province.enrol()
    with pytest.raises(StationError, match=r"network\.identity"):
        device.sync(Meddler(province, replacing(to=b"\x00" * 8)))
    assert device.frozen == ""


def test_an_answer_signed_after_the_key_ended_is_not_believed(province: Province) -> None:
    device = province.enrol()
    with pytest.raises(StationError, match=r"network\.server_key_ended"):
        device.sync(Meddler(province, replacing(at=2**52)))


def test_a_device_s_own_frame_sent_back_is_not_an_answer(province: Province) -> None:
    device = province.enrol()

    class Echo:
        def post(self, _path: str, frame: bytes) -> Reply:
            return Reply(200, CONTENT_TYPE, frame)

    with pytest.raises(StationError, match=r"network\.answer_damaged"):
        device.sync(Echo())


def test_a_forged_receipt_is_not_kept(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    before = device.note.receipt
    with pytest.raises(StationError, match=r"network\.answer_damaged"):
        device.sync(Meddler(province, replacing(receipt=b"\x80")))
    assert device.note.receipt == before


def test_the_receipt_kept_is_whole_though_only_its_signature_travels(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    sizes: list[int] = []

    def look(answer: SyncAnswer) -> SyncAnswer:
        sizes.append(len(answer.receipt))
        return answer

    device.sync(Meddler(province, look))
    note = device.note
    kept = open_as(Receipt, note.receipt, device.keyring(), verify, at_ms=device.clock.now().at)
    assert isinstance(kept, Receipt)
    assert (kept.device, kept.seq, kept.hash, kept.epoch) == (device.device, note.seq, note.hash, note.epoch)
    assert max(sizes) == 64


@pytest.mark.parametrize("change", [{"at": 7}, {"epoch": "9-ab"}, {"head_seq": 1}])
def test_a_receipt_for_something_else_is_not_kept(province: Province, change: dict[str, Any]) -> None:
    """The signature is held against what the answer says, whoever sealed its frame."""
    device = province.enrol()
    work.declare(device)
    before = device.note.receipt
    with contextlib.suppress(StationError):
        device.sync(Meddler(province, replacing(**change)))
    assert device.note.receipt == before


def test_a_protocol_that_is_too_old_is_said_so(province: Province) -> None:
    device = province.enrol()
    with pytest.raises(StationError, match=r"network\.program_too_old"):
        device.sync(Meddler(province, replacing(status="too_old", min_version="9.0")))


# --- when it freezes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda answer: msgspec.structs.replace(answer, head_seq=answer.head_seq + 50), "rolled_back"),
        (lambda answer: msgspec.structs.replace(answer, head_hash=b"\x01" * 32), "history_differs"),
        (lambda answer: msgspec.structs.replace(answer, status="fork"), "fork"),
        (lambda answer: msgspec.structs.replace(answer, status="fenced"), "fenced"),
    ],
)
def test_a_head_that_is_not_its_own_freezes_the_device(province: Province, change: Change, reason: str) -> None:
    device = province.enrol()
    work.declare(device)
    before = device.note
    report = device.sync(Meddler(province, change))
    assert (device.frozen, report.frozen) == (reason, reason)
    assert (device.note, report.pulled) == (before, 0)


def test_nothing_that_happens_on_the_line_freezes_an_honest_device(province: Province) -> None:
    device = province.enrol()
    line = Line(province.exchange)
    device.sync(line)
    for faults in (
        ["lost_answer"],
        ["doubled"],
        ["late"],
        ["lost_request", "late"],
        ["late", "lost_answer", "doubled"],
    ):
        work.certify(device)
        line.faults = faults
        with contextlib.suppress(StationError):
            device.sync(line)
    device.sync(province.exchange)
    assert device.frozen == ""
    assert device.note.seq == len(device.entries)


# --- documents ------------------------------------------------------------------------------------------------------


def document_of(province: Province, struct: msgspec.Struct, *, authority: bool) -> bytes:
    keys = provinces.of(province.using).keys
    signer = keys.authority if authority else keys.server
    assert signer is not None
    return sign_document(struct, signer).encoded()


def offered(province: Province, device: FakeDevice, *, block: dict[str, Any], draw: dict[str, Any]) -> Change:
    """An answer with one more draw and block, changed as told."""
    last = device.stored[-1].cursor
    lawful = device.held(Draw)[-1]
    drawn = msgspec.structs.replace(lawful, draw="new", first="2026005001", last="2026005100", **draw)
    cut = Block("new-1", "new", drawn.scheme, "N", "2026005001", "2026005010", device.device, VET, 99, 1)
    items = (
        FeedItem(last + 1, "draw/1", document_of(province, drawn, authority=True)),
        FeedItem(last + 2, "block/1", document_of(province, msgspec.structs.replace(cut, **block), authority=False)),
    )
    return lambda answer: msgspec.structs.replace(answer, documents=items if not answer.documents else answer.documents)


@pytest.mark.parametrize(
    ("block", "draw", "code"),
    [
        ({"device": "ff" * 16, "draw": "none"}, {}, "block.block_draw_unknown"),
        ({"last": "2026005999"}, {}, "block.block_outside_draw"),
        ({"kind": "B"}, {}, "block.block_outside_draw"),
        ({"first": "2026005010", "last": "2026005001"}, {}, "block.block_malformed"),
        ({"ordinal": 1}, {}, "block.block_backward"),
    ],
)
def test_a_block_that_may_not_be_taken_in_stops_the_pull(
    province: Province, block: dict[str, Any], draw: dict[str, Any], code: str
) -> None:
    device = province.enrol()
    stored, entries = list(device.stored), len(device.entries)
    with pytest.raises(StationError) as refused:
        device.sync(Meddler(province, offered(province, device, block=block, draw=draw)))
    assert refused.value.code == code
    assert refused.value.details["cursor"]
    assert (device.stored, len(device.entries)) == (stored, entries)


def test_a_draw_the_server_key_signed_is_not_taken_in(province: Province) -> None:
    device = province.enrol()
    forged = msgspec.structs.replace(device.held(Draw)[-1], draw="forged")
    item = FeedItem(device.stored[-1].cursor + 1, "draw/1", document_of(province, forged, authority=False))
    before = list(device.stored)
    with pytest.raises(StationError, match=r"document\.document_unknown_key"):
        device.sync(Meddler(province, replacing(documents=(item,))))
    assert device.stored == before


def test_documents_already_taken_in_are_passed_over(province: Province) -> None:
    device = province.enrol()
    old = tuple(FeedItem(document.cursor, document.kind, document.content) for document in device.stored[-3:])
    report = device.sync(Meddler(province, replacing(documents=old)))
    assert (report.pulled, device.frozen) == (0, "")


def test_a_lost_note_costs_a_longer_request_and_nothing_else(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    stored, entries = len(device.stored), len(device.entries)
    device.note = Acknowledged()
    report = device.sync(province.exchange)
    assert (report.left, device.frozen) == (0, "")
    assert (len(device.stored), len(device.entries)) == (stored, entries)
    assert device.note.seq == entries


def test_a_trust_file_older_than_the_one_held_is_passed_over(province: Province) -> None:
    from province.registry import trust

    device = province.enrol()
    old = trust.newest(province.using, than=(0, 0))
    work.certify(device)
    device.sync(province.exchange)
    held = device.trust
    device.sync(Meddler(province, replacing(trust=old)))
    assert device.trust == held


# --- pace -----------------------------------------------------------------------------------------------------------


def fill(device: FakeDevice, count: int) -> None:
    for _ in range(count):
        device.record(VET, BlockRequested(kind="B", wanted=1, emergency=False))


def sizes_sent(line: Line, province: Province, device: FakeDevice) -> list[int]:
    """How many entries each frame carried."""
    opened = [open_frame(frame, Purpose.SYNC_REQUEST, lambda *_key: device.signer.public) for frame in line.frames]
    return [len(from_bytes(SyncRequest, one.message).entries) for one in opened if not isinstance(one, str)]


def test_a_failing_line_gets_smaller_batches_within_the_round(province: Province) -> None:
    device = province.enrol()
    fill(device, 200)
    line = Line(province.exchange, "lost_request", "lost_answer", "lost_request")
    report = device.sync(line, batch_bytes=32 * 1024)
    sizes = sizes_sent(line, province, device)
    assert sizes[0] > sizes[1] > sizes[2] > sizes[3]
    assert report.left == 0


def test_a_good_line_gets_larger_batches(province: Province) -> None:
    device = province.enrol()
    fill(device, 400)
    line = Line(province.exchange)
    report = device.sync(line, batch_bytes=Pace.SMALLEST)
    sizes = sizes_sent(line, province, device)
    assert sizes[0] < sizes[1] < sizes[2]
    assert report.batch_bytes > Pace.SMALLEST


def test_a_line_that_stays_dead_ends_the_round(province: Province) -> None:
    device = province.enrol()
    fill(device, 100)
    line = Line(province.exchange, *["lost_request"] * 20)
    with pytest.raises(StationError, match=r"network\.timeout"):
        device.sync(line)
    assert len(line.frames) == MAX_FAILURES


def test_an_entry_larger_than_a_batch_travels_alone(province: Province) -> None:
    device = province.enrol()
    device.write(b'{"x":"' + b"y" * 60_000 + b'"}')
    fill(device, 3)
    report = device.sync(province.exchange, batch_bytes=Pace.SMALLEST)
    assert report.left == 0


def test_the_pace_stays_within_its_bounds() -> None:
    pace = Pace(10**9)
    assert pace.batch_bytes == Pace.LARGEST
    for _ in range(20):
        pace.failed()
    assert pace.batch_bytes == Pace.SMALLEST
    assert timeout_seconds(0, 4000) == 25
    assert timeout_seconds(40_000, 4000) == 40
    assert timeout_seconds(1, 0) > 25


def test_whoever_watches_sees_the_round_go_by(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    seen: list[Progress] = []
    sync_round(Device(device, device.signer, device.clock), province.exchange, watch=seen.append)
    assert seen[-1].stage is Stage.DONE
    assert seen[-1].left == 0
    assert [step.sent for step in seen] == sorted(step.sent for step in seen)


def test_the_province_s_clock_is_compared_with_the_device_s(province: Province) -> None:
    device = province.enrol()
    slow = type(province.clock)(province.clock.at - 180_000)
    device.clock = slow
    assert device.sync(province.exchange).clock_offset_ms == 180_000


def test_an_empty_journal_has_nothing_to_say_but_asks(province: Province) -> None:
    device = FakeDevice(province.clock, CountingRandom("fresh"))
    from province.registry.enrolment import make_code

    device.join(province.exchange, make_code(province.using, STATION))
    device.entries.clear()
    del device.hashes[1:]
    device.record(0, DeviceEnrolled(station=STATION, province="99", root="00", name="x", program="x"))
    assert device.sync(province.exchange).left == 0
