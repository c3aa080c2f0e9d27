"""Photographs on their way: after their entries, in pieces, from where the province stands, over a line that fails."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from inspector_app.errors import StationError
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.ports import Reply
from inspector_app.suites import SigningKey, Suite
from province import provinces
from province.journal import attachments
from province.journal.models import Attachment, AttachmentPiece
from province.journal.recovery import declare_epoch
from sync.attachments import AttachmentProgress, report_unsent
from sync.client import MAX_FAILURES, MAX_STILL, Device
from sync.frames import Purpose, open_frame, seal_frame
from sync.pacing import AIR_MS, Pace
from sync.protocol import ATTACHMENTS_PATH, AttachmentAnswer, AttachmentRequest, Held, Standing, from_bytes, to_bytes
from tests.office import CountingRandom
from tests.province.fixtures import VET, Province
from tests.sync.fakes import FakeDevice, Line

Change = Callable[[AttachmentAnswer], AttachmentAnswer]
KB = 1024


def photo(size: int, seed: str = "photo") -> bytes:
    return b"\xff\xd8\xff" + CountingRandom(seed).bytes(size - 3)


def checked(device: FakeDevice, *contents: bytes) -> list[str]:
    """A look at the store with these photographs."""
    names = [device.attach(content) for content in contents]
    device.record(VET, StorageChecked(store="main", findings=[], attachments=names))
    return names


def with_photos(province: Province, *sizes: int) -> tuple[FakeDevice, list[str]]:
    device = province.enrol()
    names = checked(device, *(photo(size, f"photo {place}") for place, size in enumerate(sizes)))
    device.sync(province.exchange)
    return device, names


def held(province: Province, name: str) -> bytes | None:
    return attachments.read(province.using, name)


def test_photographs_arrive_whole_and_are_never_sent_again(either_province: Province) -> None:
    device, names = with_photos(either_province, 200 * KB, 70 * KB, 3 * KB)
    report = device.send(either_province.exchange)
    assert (report.sent, report.left, report.bytes_left, report.faulty, report.ended) == (3, 0, 0, 0, "")
    assert [held(either_province, name) for name in names] == [device.files[name] for name in names]
    assert report.bytes_up < 1.01 * 273 * KB + 1500
    again = device.send(either_province.exchange)
    assert (again.requests, again.sent) == (0, 0)


def test_nothing_is_sent_before_the_entry_that_names_it_was_acknowledged(province: Province) -> None:
    device = province.enrol()
    (name,) = checked(device, photo(9 * KB))
    assert device.send(province.exchange).requests == 0
    device.attach(photo(5 * KB, "of a draft"))
    device.sync(province.exchange)
    assert device.send(province.exchange).sent == 1
    assert held(province, name) is not None
    assert Attachment.objects.using(province.using).count() == 1


class CutAt:
    """A line that goes after so many bytes up: what was on its way then is lost."""

    def __init__(self, province: Province, limit: int) -> None:
        self.province, self.limit, self.carried = province, limit, 0

    def post(self, path: str, frame: bytes) -> Reply:
        self.carried += len(frame)
        if self.carried > self.limit:
            raise StationError("network.unreachable")
        return self.province.exchange.post(path, frame)


def test_a_cut_at_120_of_200_kb_sends_one_piece_again_and_no_more(either_province: Province) -> None:
    device, (name,) = with_photos(either_province, 200 * KB)
    chunk = 32 * KB
    cut = device.send(CutAt(either_province, 120 * KB), batch_bytes=chunk)
    assert (cut.ended, cut.left) == ("network.unreachable", 1)
    assert 0 < cut.bytes_left < 200 * KB
    rest = device.send(either_province.exchange, batch_bytes=chunk)
    assert rest.sent == 1
    assert held(either_province, name) == device.files[name]
    arrived = 200 * KB - cut.bytes_left
    assert rest.bytes_up <= 200 * KB - arrived + 2 * KB  # frames and one question
    assert cut.bytes_up + rest.bytes_up <= 1.01 * 200 * KB + 4 * chunk


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer", "doubled", "late"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_fault_of_the_line_changes_nothing_in_the_end(province: Province, fault: str, at: int) -> None:
    device, names = with_photos(province, 30 * KB, 10 * KB)
    line = Line(province.exchange, *[""] * at, fault)
    report = device.send(line, batch_bytes=Pace.SMALLEST)
    assert report.ended in ("", "network.timeout")
    assert device.send(province.exchange).left == 0
    assert [held(province, name) for name in names] == [device.files[name] for name in names]


def test_a_frame_cut_short_is_refused_and_nothing_of_it_kept(province: Province) -> None:
    device, (name,) = with_photos(province, 30 * KB)
    report = device.send(Line(province.exchange, "", "cut"))
    assert report.ended == "network.unknown_device"  # a signature that does not hold names nobody
    assert not AttachmentPiece.objects.using(province.using).exists()
    assert device.send(province.exchange).sent == 1
    assert held(province, name) == device.files[name]


def test_a_bad_line_gets_smaller_pieces(province: Province) -> None:
    device, _names = with_photos(province, 60 * KB)
    sizes: list[int] = []

    class Narrow:
        def post(self, path: str, frame: bytes) -> Reply:
            sizes.append(len(frame))
            if len(frame) > 20 * KB:
                raise StationError("network.timeout")
            return province.exchange.post(path, frame)

    report = device.send(Narrow(), batch_bytes=64 * KB)
    assert (report.sent, report.ended) == (1, "")
    tried = [size for size in sizes if size > 20 * KB]
    assert len(tried) == 2  # 60 and 30 KB; what did not pass once is not tried again


def test_a_line_that_never_answers_ends_the_sending_and_harms_nothing(province: Province) -> None:
    device, _names = with_photos(province, 60 * KB)
    report = device.send(Line(province.exchange, *["lost_request"] * MAX_FAILURES))
    assert (report.ended, report.left, report.requests) == ("network.timeout", 1, MAX_FAILURES)
    assert device.sync(province.exchange).left == 0


def test_a_slow_line_is_asked_for_ten_seconds_of_air_time(province: Province) -> None:
    device, _names = with_photos(province, 200 * KB)
    carried: list[int] = []

    class Slow:
        def post(self, path: str, frame: bytes) -> Reply:
            province.clock.at += len(frame) * 1000 // 5_000  # 40 kbit/s
            carried.append(len(frame))
            return province.exchange.post(path, frame)

    assert device.send(Slow()).sent == 1
    assert all(size <= 5_000 * AIR_MS / 1000 * 1.1 for size in carried[2:])


def test_what_is_watched_counts_items_and_bytes_up_to_all(province: Province) -> None:
    device, _names = with_photos(province, 40 * KB, 30 * KB)
    seen: list[AttachmentProgress] = []
    device.send(province.exchange, watch=seen.append, batch_bytes=16 * KB)
    assert seen[0] == AttachmentProgress(0, 2, 0, 70 * KB)
    assert seen[-1] == AttachmentProgress(2, 2, 70 * KB, 70 * KB)
    assert [one.bytes for one in seen] == sorted(one.bytes for one in seen)


def test_it_can_be_cancelled_between_pieces_and_goes_on_from_there(province: Province) -> None:
    device, (name,) = with_photos(province, 200 * KB)

    def enough(progress: AttachmentProgress) -> None:
        if progress.bytes > 60 * KB:
            raise StationError("sync_cancelled")

    report = device.send(province.exchange, watch=enough, batch_bytes=32 * KB)
    assert (report.ended, report.left) == ("sync_cancelled", 1)
    rest = device.send(province.exchange)
    assert rest.sent == 1
    assert rest.bytes_up < report.bytes_left + 2 * KB
    assert held(province, name) == device.files[name]


def test_a_photograph_that_is_gone_here_lets_the_others_pass(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, (gone, kept) = with_photos(province, 20 * KB, 10 * KB)

    def missing(name: str) -> bytes:
        if name == gone:
            raise StationError("file_missing", name=name[:12])
        return device.files[name]

    monkeypatch.setattr(device, "read", missing)
    report = device.send(province.exchange)
    assert (report.sent, report.left, report.faulty, report.ended) == (1, 1, 1, "")
    assert held(province, kept) is not None
    assert held(province, gone) is None


def test_after_a_restore_of_the_province_everything_is_asked_about_again(province: Province) -> None:
    device, names = with_photos(province, 20 * KB, 10 * KB)
    device.send(province.exchange)
    Attachment.objects.using(province.using).filter(name=names[0]).delete()  # its backup was older
    declare_epoch(province.using)
    device.sync(province.exchange)
    report = device.send(province.exchange)
    assert report.sent == 2
    assert report.bytes_up < 22 * KB  # the one that was not lost was only asked about
    assert [held(province, name) for name in names] == [device.files[name] for name in names]


def test_many_photographs_share_requests(province: Province) -> None:
    device, _names = with_photos(province, *[6 * KB] * 60)
    report = device.send(province.exchange, batch_bytes=Pace.LARGEST)
    assert report.sent == 60
    assert report.requests <= 4


def test_what_waits_is_told_without_a_request(province: Province) -> None:
    device, _names = with_photos(province, 20 * KB, 10 * KB)
    report = report_unsent(Device(device, device.signer, device.clock), device)
    assert (report.left, report.bytes_left, report.requests) == (2, 30 * KB, 0)
    device.send(province.exchange)
    assert report_unsent(Device(device, device.signer, device.clock), device).left == 0


# --- answers that are not to be believed ------------------------------------------------------------------------------


class Meddler:
    """Somebody between device and province who changes answers, with or without the province's key."""

    def __init__(self, province: Province, change: Change, *, key: bool) -> None:
        self.province, self.change, self.key = province, change, key

    def post(self, path: str, frame: bytes) -> Reply:
        reply = self.province.exchange.post(path, frame)
        if path != ATTACHMENTS_PATH:
            return reply
        server = provinces.of(self.province.using).keys.server
        opened = open_frame(reply.body, Purpose.ATTACHMENT_ANSWER, lambda *_: server.public)
        assert not isinstance(opened, str)
        changed = to_bytes(self.change(from_bytes(AttachmentAnswer, opened.message)))
        signer = server if self.key else SigningKey.generate(Suite.ED25519, CountingRandom("meddler"))
        return Reply(200, reply.content_type, seal_frame(Purpose.ATTACHMENT_ANSWER, changed, signer))


def replaced(**changes: object) -> Change:
    return lambda answer: msgspec.structs.replace(answer, **changes)


@pytest.mark.parametrize(
    ("change", "key", "code"),
    [
        (replaced(), False, "network.identity"),
        (replaced(to=b"\x00" * 8), True, "network.identity"),
        (replaced(at=2**52), True, "network.server_key_ended"),
    ],
)
def test_an_answer_that_is_not_the_provinces_ends_it(province: Province, change: Change, key: bool, code: str) -> None:
    device, _names = with_photos(province, 20 * KB)
    assert device.send(Meddler(province, change, key=key)).ended == code
    assert device.uploaded == {}


def test_an_answer_that_says_nothing_is_not_asked_for_ever(province: Province) -> None:
    device, _names = with_photos(province, 20 * KB)
    report = device.send(Meddler(province, replaced(standings=()), key=True))
    assert report.ended == "network.no_end"
    assert report.requests == 1 + MAX_STILL
    assert device.uploaded == {}


@pytest.mark.parametrize(
    ("state", "at", "faulty"),
    [
        (Held.UNNAMED, 0, 0),
        (Held.LATER, 0, 0),
        (Held.DIFFERS, 0, 1),
        (Held.TOO_LARGE, 0, 1),
        ("of_next_year", 0, 0),
        (Held.PART, -1, 0),
        (Held.PART, 2**40, 0),
    ],
)
def test_what_the_province_does_not_take_now_waits_for_the_next_time(
    province: Province, state: str, at: int, faulty: int
) -> None:
    device, (name,) = with_photos(province, 20 * KB)
    told = (Standing(bytes.fromhex(name), state, at), Standing(b"\x01" * 32, Held.WHOLE, 0))
    report = device.send(Meddler(province, replaced(standings=told), key=True))
    assert (report.sent, report.left, report.faulty, report.requests) == (0, 1, faulty, 1)
    assert device.uploaded == {}


def test_a_request_says_what_it_says_in_few_bytes() -> None:
    asked = AttachmentRequest(proto=1, device=bytes(16), asked=(bytes(32),))
    assert len(to_bytes(asked)) < 60
    assert from_bytes(AttachmentRequest, to_bytes(asked)) == asked
