"""Catching up by stick: sealed for one receiver, usable up to where it breaks, harmless twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector_app.config import read_resource
from inspector_app.domain.authority import PolicySheet
from inspector_app.domain.numbering import Block
from inspector_app.errors import StationError
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.store.disk import LocalDisk
from inspector_app.suites import BoxKey
from province import inprocess, provinces
from province.journal.models import State
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.journal.sticks import answer_bundle, read_stick
from province.numbers.models import CutBlock
from province.registry import publishing
from sync.bundle import read_bundle, write_bundle
from sync.client import Device, believe
from sync.frames.bundled import MAX_BUNDLE_BYTES, Content, pack, unpack
from sync.protocol import SyncAnswer
from sync.sticks import export_requests, import_answers
from tests.office import CountingRandom
from tests.province import work
from tests.province.fixtures import VET, Province
from tests.sync.fakes import FakeDevice

BOX = BoxKey.generate(CountingRandom("box"))
FRAMES = [b"first" * 50, b"", b"third" * 500]


class Stick:
    """A stick in memory; ``defect`` flips a bit of everything written."""

    def __init__(self, *, defect: bool = False) -> None:
        self.files: dict[Path, bytes] = {}
        self._defect = defect

    def read(self, path: Path, most: int = -1) -> bytes | None:
        content = self.files.get(path)
        return content if content is None or most < 0 else content[:most]

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        self.files[path] = content[:-1] + bytes([content[-1] ^ 1]) if self._defect else content

    def exists(self, path: Path) -> bool:
        return path in self.files

    def remove(self, path: Path) -> None:
        self.files.pop(path, None)


def test_frames_come_back_in_their_order() -> None:
    opened = unpack(pack(Content.TO_PROVINCE, FRAMES, BOX.public_raw), BOX)
    assert (opened.content, opened.frames, opened.complete) == (Content.TO_PROVINCE, tuple(FRAMES), True)


def test_nothing_can_be_read_without_the_receiver_s_key() -> None:
    raw = pack(Content.TO_PROVINCE, FRAMES, BOX.public_raw)
    assert b"firstfirst" not in raw
    with pytest.raises(StationError, match=r"bundle\.for_somebody_else"):
        unpack(raw, BoxKey.generate(CountingRandom("thief")))


def first_end(raw: bytes, count: int) -> int:
    """Where the ``count``-th sealed frame ends."""
    at = len(b"INSPECTOR-BUNDLE-1\n") + 1 + 8
    for _ in range(count):
        at += 4 + int.from_bytes(raw[at : at + 4], "big")
    return at


@settings(max_examples=60)
@given(st.integers(0, 3_200))
def test_whole_frames_before_a_truncation_stay_usable(length: int) -> None:
    raw = pack(Content.TO_PROVINCE, FRAMES, BOX.public_raw)
    cut = raw[: min(length, len(raw) - 1)]
    whole = [at for at in (first_end(raw, 1), first_end(raw, 2), first_end(raw, 3)) if at <= len(cut)]
    if not whole:
        with pytest.raises(StationError, match=r"bundle\.(not_ours|damaged|for_somebody_else)"):
            unpack(cut, BOX)
        return
    opened = unpack(cut, BOX)
    assert not opened.complete
    assert list(opened.frames) == FRAMES[: len(whole)]


def test_a_flipped_bit_ends_the_bundle_where_it_stands() -> None:
    raw = bytearray(pack(Content.TO_PROVINCE, FRAMES, BOX.public_raw))
    raw[-100] ^= 1
    opened = unpack(bytes(raw), BOX)
    assert (opened.frames, opened.complete) == (tuple(FRAMES[:2]), False)


def test_frames_cannot_change_places_or_bundles() -> None:
    one = pack(Content.TO_PROVINCE, [b"one", b"two"], BOX.public_raw)
    relabelled = bytearray(one)
    relabelled[len(b"INSPECTOR-BUNDLE-1\n")] = Content.FROM_PROVINCE
    with pytest.raises(StationError, match=r"bundle\.damaged"):
        unpack(bytes(relabelled), BOX)
    head, sealed = 28, 4 + 3 + 48
    swapped = one[:head] + one[head + sealed : head + 2 * sealed] + one[head : head + sealed] + one[head + 2 * sealed :]
    with pytest.raises(StationError, match=r"bundle\.damaged"):
        unpack(swapped, BOX)


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x03\x04zip", b"INSPECTOR-BUNDLE-1\n", b"INSPECTOR-BUNDLE-1\n\x09" + bytes(40)]
)
def test_other_files_are_none_of_ours(raw: bytes) -> None:
    with pytest.raises(StationError, match=r"bundle\.not_ours"):
        unpack(raw, BOX)


def test_a_file_above_the_limit_is_not_looked_at() -> None:
    with pytest.raises(StationError, match=r"bundle\.too_large"):
        unpack(bytes(MAX_BUNDLE_BYTES + 1), BOX)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    stick = Stick()
    size = write_bundle(stick, tmp_path / "x", Content.FROM_PROVINCE, FRAMES, BOX.public_raw)
    assert len(stick.files[tmp_path / "x"]) == size
    assert read_bundle(stick, tmp_path / "x", BOX).frames == tuple(FRAMES)


def test_a_stick_that_keeps_something_else_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(StationError, match=r"bundle\.not_written"):
        write_bundle(Stick(defect=True), tmp_path / "x", Content.FROM_PROVINCE, FRAMES, BOX.public_raw)
    with pytest.raises(StationError, match=r"bundle\.absent"):
        read_bundle(Stick(), tmp_path / "x", BOX)


# --- there and back -------------------------------------------------------------------------------------------------

OUT, BACK = Path("out.bundle"), Path("back.bundle")


def side(device: FakeDevice) -> Device:
    return Device(device, device.signer, device.clock)


def carried(province: Province, device: FakeDevice, stick: Stick) -> None:
    """The stick goes to the province and comes back."""
    answers, _told = answer_bundle(province.using, stick.files[OUT])
    stick.files[BACK] = answers


def box_of(province: Province) -> bytes:
    return provinces.of(province.using).keys.box.public_raw


def test_a_stick_does_what_a_call_does(province: Province) -> None:
    device, stick = province.enrol(), Stick()
    issued = work.certify(device)
    written = export_requests(side(device), stick, OUT, box_of(province))
    assert (written.frames, written.entries) == (1, 4)
    carried(province, device, stick)
    report = import_answers(side(device), stick, BACK, device.box)
    assert (report.frozen, report.trust_taken) == ("", True)
    assert device.note.seq >= int(issued.ref.partition("/")[2])
    assert device.sync(province.exchange).left == 0


def test_sticks_may_go_twice_late_or_not_at_all(province: Province) -> None:
    device, first, second = province.enrol(), Stick(), Stick()
    work.certify(device)
    export_requests(side(device), first, OUT, box_of(province))
    work.certify(device)
    export_requests(side(device), second, OUT, box_of(province))
    for stick in (second, first, second):
        carried(province, device, stick)
    for stick in (first, second, first):
        import_answers(side(device), stick, BACK, device.box)
    device.sync(province.exchange)
    assert (device.frozen, device.note.seq) == ("", len(device.entries))


def test_a_long_journal_takes_several_frames(province: Province) -> None:
    device, stick = province.enrol(), Stick()
    for _ in range(30):
        device.write(b'{"x":"' + b"y" * 30_000 + b'"}')
    device.record(VET, BlockRequested(kind="B", wanted=1, emergency=False))
    written = export_requests(side(device), stick, OUT, box_of(province))
    assert written.frames >= 3
    carried(province, device, stick)
    import_answers(side(device), stick, BACK, device.box)
    assert device.note.seq >= 31


def publish_much(province: Province, rounds: int = 12) -> None:
    """News of more than one answer's size, everybody's."""
    for version in range(rounds):
        body = read_resource("catalogue/policy.toml").decode() + "# " + f"{version:02} " * 16_000
        publishing.publish_policy(province.using, f"9.{version}", body)


def test_one_stick_brings_all_the_news_there_is(province: Province) -> None:
    device, stick = province.enrol(), Stick()
    publish_much(province)
    for _ in range(30):
        device.write(b'{"x":"' + b"y" * 30_000 + b'"}')
    written = export_requests(side(device), stick, OUT, box_of(province))
    raw, told = answer_bundle(province.using, stick.files[OUT])
    assert told["more"] == 0
    assert int(told["answers"]) > written.frames
    cursors = [item.cursor for answer in answers_in(device, raw) for item in answer.documents]
    assert cursors == sorted(set(cursors))  # nothing twice
    assert sum(bool(answer.trust) for answer in answers_in(device, raw)) <= 1
    stick.files[BACK] = raw
    import_answers(side(device), stick, BACK, device.box)
    assert [sheet.version for sheet in device.held(PolicySheet)][-1] == "9.11"
    assert device.sync(province.exchange).pulled == 0


def test_what_is_too_much_for_one_stick_comes_with_the_next(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("province.journal.sticks.MAX_TOLD_BYTES", 1)
    device, stick = province.enrol(), Stick()
    publish_much(province, 6)
    trips = 0
    more = 1
    while more:
        export_requests(side(device), stick, OUT, box_of(province))
        stick.files[BACK], told = answer_bundle(province.using, stick.files[OUT])
        assert told["answers"] == 1
        import_answers(side(device), stick, BACK, device.box)
        more, trips = int(told["more"]), trips + 1
    assert trips > 1
    assert [sheet.version for sheet in device.held(PolicySheet)][-1] == "9.5"


def answers_in(device: FakeDevice, raw: bytes) -> list[SyncAnswer]:
    return [believe(side(device), frame) for frame in unpack(raw, device.box).frames]


def test_by_stick_too_a_restored_province_is_shown_what_it_forgot(province: Province, tmp_path: Path) -> None:
    device, stick, backup = province.enrol(), Stick(), tmp_path / "backup.sqlite3"
    inprocess.copy_database(province.using, backup)
    device.record(VET, BlockRequested(kind="B", wanted=150, emergency=False))
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    issued = work.certify(device)
    for _ in range(2):
        export_requests(side(device), stick, OUT, box_of(province))
        carried(province, device, stick)
        import_answers(side(device), stick, BACK, device.box)
    held = {block.block for block in device.held(Block)}
    assert held <= set(CutBlock.objects.using(province.using).values_list("block", flat=True))
    rows = DjangoRows(province.using)
    assert rows.many("verdicts") == []
    assert rows.one("certificates", number=str(issued.number)) is not None


def test_by_stick_too_a_restore_nobody_announced_is_proved(province: Province, tmp_path: Path) -> None:
    device, stick, backup = province.enrol(), Stick(), tmp_path / "backup.sqlite3"
    inprocess.copy_database(province.using, backup)
    work.certify(device)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    export_requests(side(device), stick, OUT, box_of(province))
    carried(province, device, stick)
    assert State.objects.using(province.using).get(only=1).rolled_back


def test_no_more_of_a_file_is_read_than_a_bundle_may_have(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing, which no memory holds
    for read in (lambda: read_stick(huge), lambda: read_bundle(LocalDisk(), huge, BOX)):
        with pytest.raises(StationError, match=r"bundle\.too_large"):
            read()
    with pytest.raises(StationError, match=r"bundle\.absent"):
        read_stick(tmp_path / "none")


def test_an_empty_journal_still_asks_for_news(province: Province) -> None:
    device, stick = province.enrol(), Stick()
    assert export_requests(side(device), stick, OUT, box_of(province)).frames == 1


def test_a_stick_for_the_wrong_side_is_refused(province: Province) -> None:
    device, stick = province.enrol(), Stick()
    export_requests(side(device), stick, OUT, device.box.public_raw)
    with pytest.raises(StationError, match=r"bundle\.not_for_this"):
        import_answers(side(device), stick, OUT, device.box)
    with pytest.raises(StationError, match=r"bundle\.for_somebody_else"):
        answer_bundle(province.using, stick.files[OUT])


def test_a_stick_of_a_stranger_is_refused(province: Province) -> None:
    frame = pack(Content.TO_PROVINCE, [b"not a frame"], box_of(province))
    with pytest.raises(StationError, match=r"bundle\.damaged"):
        answer_bundle(province.using, frame)
    from sync.frames import Purpose, seal_frame
    from tests.sync.test_frames import OTHER

    stranger = pack(Content.TO_PROVINCE, [seal_frame(Purpose.SYNC_REQUEST, b"x", OTHER)], box_of(province))
    with pytest.raises(StationError, match=r"bundle\.unknown_device"):
        answer_bundle(province.using, stranger)
