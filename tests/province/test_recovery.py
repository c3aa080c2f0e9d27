"""The province itself is restored from a backup: nothing acknowledged is lost for good, no number is cut twice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from inspector_app.domain.numbering import Block
from inspector_app.errors import StationError
from inspector_app.journal.entries.custody import BlockRequested
from province import inprocess
from province.journal.models import Incident, Journal, JournalState, State, StoredEntry
from province.journal.projecting import differences
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.numbers import custody
from province.numbers.models import CutBlock, DrawnRange
from province.registry import publishing
from province.registry.fencing import fence_device
from tests.province import work
from tests.province.fixtures import OTHER_STATION, STATION, VET, Province
from tests.sync.fakes import FakeDevice, Line


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "backup.sqlite3"


def blocks_of(province: Province) -> list[tuple[str, int, int]]:
    rows = CutBlock.objects.using(province.using).order_by("low")
    return [(row.kind, row.low, row.high) for row in rows]


def overlap(spans: list[tuple[str, int, int]]) -> bool:
    ordered = sorted(spans)
    return any(one[2] >= other[1] for one, other in pairwise(ordered) if one[0] == other[0])


def work_after_backup(province: Province, device: FakeDevice) -> list[str]:
    """Certificates and a new block the backup knows nothing of."""
    numbers = [str(work.certify(device).number) for _ in range(3)]
    device.record(VET, BlockRequested(kind="B", wanted=150, emergency=False))
    device.sync(province.exchange)
    return numbers


def test_devices_give_a_restored_province_back_what_it_forgot(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    numbers = work_after_backup(province, device)
    cut_before = {block.block for block in device.held(Block)}
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    report = device.sync(province.exchange)
    assert (report.left, device.frozen) == (0, "")
    rows = DjangoRows(province.using)
    assert all(rows.one("certificates", number=number) for number in numbers)
    assert cut_before <= set(CutBlock.objects.using(province.using).values_list("block", flat=True))
    assert not rows.many("verdicts")
    assert differences(province.using) == []
    assert not overlap(blocks_of(province))


def test_no_number_is_cut_twice_even_before_the_devices_come_back(province: Province, backup: Path) -> None:
    device, other = province.enrol("一号机"), province.enrol("二号机")
    inprocess.copy_database(province.using, backup)
    work_after_backup(province, device)
    lost = [(block.first, block.last) for block in device.held(Block) if block.kind == "B"]
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    other.record(VET, BlockRequested(kind="B", wanted=150, emergency=False))
    other.sync(province.exchange)
    fresh = [block for block in other.held(Block) if block.device == other.device and block.kind == "B"]
    assert len(fresh) == 2
    assert all(last < fresh[-1].first or fresh[-1].last < first for first, last in lost)
    device.sync(province.exchange)
    assert not overlap(blocks_of(province))
    assert (device.frozen, other.frozen) == ("", "")


def test_a_draw_and_a_grant_the_province_forgot_come_back_too(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    start = custody.undrawn_start(province.using, "A")
    made = custody.draw(province.using, "A", start, str(int(start) + 49), station=STATION, holder=VET)
    publishing.grant(province.using, VET, station=STATION, posts=("vet", "head"), kinds=("A", "B"), valid_from=1)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    device.sync(province.exchange)
    assert DrawnRange.objects.using(province.using).filter(draw=made.draw).exists()
    assert "head" in str(DjangoRows(province.using).many("grants", person=VET)[-1]["posts"])
    with pytest.raises(Exception, match="draw_overlaps"):
        custody.draw(province.using, "A", start, str(int(start) + 9), station=STATION)


def test_the_feed_goes_on_after_a_restore_without_repeating_or_skipping(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    publishing.add_station(province.using, 50, name="忘了的站", name_en="", area=321084, phone="1")
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    publishing.add_station(province.using, 51, name="新的站", name_en="", area=321084, phone="1")
    device.sync(province.exchange)
    device.sync(province.exchange)
    from inspector_app.domain.authority import StationSheet

    stations = [sheet.station for sheet in device.held(StationSheet)]
    assert stations.count(51) == 1
    keys = [(document.epoch, document.cursor) for document in device.stored]
    assert len(keys) == len(set(keys))


def test_work_in_a_forgotten_block_is_judged_only_when_the_block_is_back(province: Province, backup: Path) -> None:
    publishing.grant(province.using, VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    device = province.enrol(station=OTHER_STATION)
    inprocess.copy_database(province.using, backup)
    start = custody.undrawn_start(province.using, "B")
    custody.draw(province.using, "B", start, str(int(start) + 49), station=OTHER_STATION)
    with pytest.raises(StationError, match=r"network\.timeout"):
        device.sync(Line(province.exchange, "", *["lost_request"] * 4))
    issued = work.certify(device)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    device.sync(province.exchange)
    rows = DjangoRows(province.using)
    assert rows.many("verdicts") == []
    assert rows.one("certificates", number=str(issued.number)) is not None


def test_a_restore_nobody_announced_is_proved_by_a_receipt(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    numbers = work_after_backup(province, device)
    inprocess.restore_database(province.using, backup)
    report = device.sync(province.exchange)
    assert (report.left, device.frozen) == (0, "")
    state = State.objects.using(province.using).get(only=1)
    assert state.rolled_back
    assert Incident.objects.using(province.using).filter(kind="receipt_unknown").exists()
    assert DjangoRows(province.using).one("certificates", number=numbers[0]) is not None


def test_a_province_in_doubt_gives_no_numbers_until_somebody_looked(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    work_after_backup(province, device)
    inprocess.restore_database(province.using, backup)
    device.sync(province.exchange)
    newcomer = province.enrol("二号机")
    assert newcomer.held(Block) == [block for block in newcomer.held(Block) if block.device != newcomer.device]
    declare_epoch(province.using)
    newcomer.sync(province.exchange)
    assert any(block.device == newcomer.device for block in newcomer.held(Block))


def test_an_older_epoch_than_the_device_knows_is_not_believed(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    declare_epoch(province.using)
    device.sync(province.exchange)
    acknowledged = device.note
    inprocess.restore_database(province.using, backup)
    with pytest.raises(StationError, match=r"network\.province_rolled_back"):
        device.sync(province.exchange)
    assert (device.frozen, device.note) == ("", acknowledged)
    assert Incident.objects.using(province.using).filter(kind="epoch_ahead").exists()


def test_messages_from_before_the_restore_cannot_accuse_anybody(province: Province, backup: Path) -> None:
    device = province.enrol()
    line = Line(province.exchange)
    work.certify(device)
    device.sync(line)
    inprocess.copy_database(province.using, backup)
    work_after_backup(province, device)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    for frame in line.frames:
        province.exchange.post("/api/v1/sync", frame)
    device.sync(province.exchange)
    assert device.frozen == ""
    assert Journal.objects.using(province.using).get(device=device.device).state == JournalState.ACTIVE


# --- fences ---------------------------------------------------------------------------------------------------------


def test_what_a_fenced_device_sends_is_evidence_and_changes_nothing(either_province: Province) -> None:
    device = either_province.enrol()
    before = work.certify(device)
    device.sync(either_province.exchange)
    assert fence_device(either_province.using, device.device) == "fenced"
    after = work.certify(device)
    report = device.sync(either_province.exchange)
    assert (device.frozen, report.status) == ("fenced", "fenced")
    rows = DjangoRows(either_province.using)
    assert rows.one("certificates", number=str(before.number)) is not None
    assert rows.one("certificates", number=str(after.number)) is None
    from province.journal.models import AsideEntry

    aside = AsideEntry.objects.using(either_province.using).filter(device=device.device, cause="fence")
    assert (
        aside.count()
        == len(device.entries) - Journal.objects.using(either_province.using).get(device=device.device).seq
    )
    recorded = StoredEntry.objects.using(either_province.using).filter(device=device.device).count()
    assert recorded + aside.count() == len(device.entries)


def test_a_fenced_device_sends_all_it_has_in_small_batches_too(province: Province) -> None:
    device = province.enrol()
    fence_device(province.using, device.device)
    for _ in range(60):
        device.record(VET, BlockRequested(kind="B", wanted=1, emergency=False))
    device.sync(province.exchange, batch_bytes=4096)
    assert Journal.objects.using(province.using).get(device=device.device).evidence == len(device.entries)


def test_fencing_somebody_nobody_knows_is_refused(province: Province) -> None:
    with pytest.raises(StationError, match=r"province\.device_unknown"):
        fence_device(province.using, "00" * 16)
