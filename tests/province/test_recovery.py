"""The province itself is restored from a backup: nothing acknowledged is lost for good, no number is cut twice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from inspector_app.domain.numbering import Block, Draw
from inspector_app.errors import StationError
from inspector_app.journal.entries.custody import BlockRequested
from province import inprocess, provinces
from province.high_water import MemoryHighWater
from province.journal.models import Incident, Journal, JournalState, State, StoredEntry
from province.journal.projecting import differences
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.numbers import custody
from province.numbers.models import CutBlock, DrawnRange, Scheme
from province.numbers.ranges import NumbersError
from province.registry import publishing
from province.registry.fencing import fence_device
from province.registry.models import Person
from tests.province import work
from tests.province.fixtures import OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.sync.fakes import FakeDevice, Line

DAY_S = 86_400


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


def test_a_forgotten_grant_comes_back_though_another_was_given_since(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)

    def grant_also(post: str) -> None:
        posts = ("vet", post)
        publishing.grant(province.using, VET, station=STATION, posts=posts, kinds=("A", "B"), valid_from=1)

    grant_also("head")
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    publishing.add_person(province.using, VET, name="新名")
    grant_also("keeper")
    device.sync(province.exchange)
    posts = [str(row["posts"]) for row in DjangoRows(province.using).many("grants", order="ordinal", person=VET)]
    assert ["head" in posts[-2], "keeper" in posts[-1]] == [True, True], "what was signed under it is judged by it"
    assert Person.objects.using(province.using).get(number=VET).name == "新名", "an old grant renames nobody"


# --- drawn again before the devices came back -----------------------------------------------------------------------


@pytest.fixture
def neighbours(province: Province) -> tuple[FakeDevice, FakeDevice]:
    """A device at each of two stations that have drawn no B yet."""
    using = province.using
    publishing.add_station(using, 9, name="新站", name_en="", area=321084, phone="1")
    publishing.add_person(using, 91, name="新医")
    for person, station in ((SECOND_VET, OTHER_STATION), (91, 9)):
        publishing.grant(using, person, station=station, posts=("vet",), kinds=("B",), valid_from=1)
    old = province.enrol("一号机", station=OTHER_STATION, people=(SECOND_VET,))
    return old, province.enrol("二号机", station=9, people=(91,))


def draw_b(province: Province, station: int) -> DrawnRange:
    """The next 200 numbers for a station."""
    start = custody.undrawn_start(province.using, "B")
    return custody.draw(province.using, "B", start, str(int(start) + 199), station=station)


def test_a_range_that_was_drawn_is_not_drawn_again_though_the_draw_is_forgotten(
    province: Province, backup: Path, neighbours: tuple[FakeDevice, FakeDevice]
) -> None:
    old, new = neighbours
    inprocess.copy_database(province.using, backup)
    forgotten = draw_b(province, OTHER_STATION)
    old.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    fresh = draw_b(province, 9)
    assert fresh.first > forgotten.last
    new.sync(province.exchange)
    issued = [work.certify(old, actor=SECOND_VET), work.certify(new, actor=91)]
    assert issued[0].number != issued[1].number
    for device in (old, new):
        device.sync(province.exchange)
    rows = DjangoRows(province.using)
    assert rows.many("verdicts") == []
    assert not Incident.objects.using(province.using).exists()
    assert all(rows.one("certificates", number=str(one.number)) for one in issued)


def test_not_even_a_range_named_by_hand_is_drawn_again(
    province: Province, backup: Path, neighbours: tuple[FakeDevice, FakeDevice]
) -> None:
    inprocess.copy_database(province.using, backup)
    forgotten = draw_b(province, OTHER_STATION)
    inprocess.restore_database(province.using, backup)
    for first, last in ((forgotten.first, forgotten.last), (forgotten.last, str(int(forgotten.last) + 9))):
        with pytest.raises(NumbersError, match="drawn_before") as refused:
            custody.draw(province.using, "B", first, last, station=9)
        assert refused.value.details == {"first": forgotten.first, "last": forgotten.last}


def test_a_box_below_a_later_draw_can_still_be_drawn(province: Province) -> None:
    custody.draw(province.using, "B", "9900001501", "9900001600", station=9)
    drawn = custody.draw(province.using, "B", "9900001401", "9900001500", station=9)
    assert drawn.first == "9900001401"
    assert custody.undrawn_start(province.using, "B") == "9900001601"


def test_forgotten_stock_is_not_offered_again_but_can_be_taken_in_by_hand(province: Province, backup: Path) -> None:
    inprocess.copy_database(province.using, backup)
    start = custody.free_start(province.using, "B")
    custody.add_stock(province.using, "B", start, str(int(start) + 99))
    inprocess.restore_database(province.using, backup)
    assert int(custody.free_start(province.using, "B")) == int(start) + 100
    # The paper lies in the cupboard whatever the database has forgotten.
    assert custody.add_stock(province.using, "B", start, str(int(start) + 99)).size == 100


def lose_marks(province: Province) -> None:
    """The folder was restored together with the database."""
    marks = provinces.of(province.using).high_water
    assert isinstance(marks, MemoryHighWater)
    marks.marks.clear()


def test_two_draws_of_one_range_are_an_incident_and_nothing_more_is_cut_from_it(
    province: Province, backup: Path, neighbours: tuple[FakeDevice, FakeDevice]
) -> None:
    old, new = neighbours
    inprocess.copy_database(province.using, backup)
    forgotten = draw_b(province, OTHER_STATION)
    old.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    lose_marks(province)
    declare_epoch(province.using)
    again = draw_b(province, 9)
    assert again.first == forgotten.first
    new.sync(province.exchange)
    taken = [work.certify(old, actor=SECOND_VET), work.certify(new, actor=91)]
    assert taken[0].number == taken[1].number  # what the marks are there to prevent
    old.sync(province.exchange)
    told = Incident.objects.using(province.using).filter(device=old.device)
    assert sorted(one.kind for one in told) == ["block_contradicts B", "draw_contradicts B"]
    assert DrawnRange.objects.using(province.using).get(draw=again.draw).contested
    new.record(91, BlockRequested(kind="B", wanted=150, emergency=False))
    new.sync(province.exchange)
    assert len([block for block in new.held(Block) if block.device == new.device]) == 1
    draw_b(province, 9)
    new.sync(province.exchange)
    assert len([block for block in new.held(Block) if block.device == new.device]) == 2


def test_whose_number_was_given_away_is_not_blamed(
    province: Province, backup: Path, neighbours: tuple[FakeDevice, FakeDevice]
) -> None:
    old, new = neighbours
    inprocess.copy_database(province.using, backup)
    draw_b(province, OTHER_STATION)
    old.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    lose_marks(province)
    declare_epoch(province.using)
    draw_b(province, 9)
    new.sync(province.exchange)
    work.certify(old, actor=SECOND_VET)
    old.sync(province.exchange)
    (verdict,) = DjangoRows(province.using).many("verdicts")
    assert (verdict["code"], verdict["followed"], verdict["holds"]) == ("number_contested", 1, 0)


def test_two_blocks_of_one_name_are_an_incident_too(province: Province, backup: Path) -> None:
    device, other = province.enrol("一号机"), province.enrol("二号机")
    inprocess.copy_database(province.using, backup)
    work_after_backup(province, device)
    inprocess.restore_database(province.using, backup)
    lose_marks(province)
    declare_epoch(province.using)
    other.record(VET, BlockRequested(kind="B", wanted=150, emergency=False))
    other.sync(province.exchange)
    with pytest.raises(StationError, match=r"block\.block_repeated"):  # the device does not take the second one
        device.sync(province.exchange)
    assert Incident.objects.using(province.using).filter(kind="block_contradicts B", device=device.device).exists()
    contested = DrawnRange.objects.using(province.using).filter(contested=True)
    assert [row.kind for row in contested] == ["B"]
    assert not overlap(blocks_of(province))


def test_two_grants_of_one_ordinal_are_an_incident(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    publishing.grant(province.using, VET, station=STATION, posts=("vet", "head"), kinds=("A", "B"), valid_from=1)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    lose_marks(province)
    declare_epoch(province.using)
    publishing.grant(province.using, VET, station=STATION, posts=("clerk",), kinds=(), valid_from=1)
    device.sync(province.exchange)
    told = Incident.objects.using(province.using).filter(device=device.device)
    assert [one.kind for one in told] == [f"grant_contradicts {VET}"]


def test_nobody_is_held_to_a_grant_that_bears_the_cursor_of_something_forgotten(
    province: Province, backup: Path
) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    for number in range(100, 130):
        publishing.add_station(province.using, number, name="站", name_en="", area=321084, phone="1")
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    publishing.grant(province.using, VET, station=STATION, posts=("clerk",), kinds=())
    work.certify(device)  # as the vet he was, by all the device can know
    device.sync(province.exchange)
    verdicts = DjangoRows(province.using).many("verdicts")
    assert verdicts
    assert {verdict["followed"] for verdict in verdicts} == {1}


def test_last_year_s_notices_come_back_though_their_scheme_was_forgotten(province: Province, backup: Path) -> None:
    device = province.enrol()
    province.clock.wait(400 * DAY_S)
    inprocess.copy_database(province.using, backup)
    start = custody.free_start(province.using, "N")
    custody.add_stock(province.using, "N", start, str(int(start) + 99))
    drawn = custody.draw(province.using, "N", start, str(int(start) + 49), station=STATION)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    assert not Scheme.objects.using(province.using).filter(scheme=drawn.scheme).exists()
    device.sync(province.exchange)
    assert DrawnRange.objects.using(province.using).filter(draw=drawn.draw).exists()
    assert drawn.draw in {draw.draw for draw in device.held(Draw)}
    assert not Incident.objects.using(province.using).exists()


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
    # The receipt it was given in that epoch is the proof: from now on nobody gets numbers.
    assert State.objects.using(province.using).get(only=1).rolled_back


def test_a_made_up_epoch_is_noted_and_stops_nobody_else(province: Province) -> None:
    liar, other = province.enrol("一号机"), province.enrol("二号机")
    liar.note = liar.note._replace(epoch="999-deadbeef")
    for _ in range(2):
        with pytest.raises(StationError, match=r"network\.province_rolled_back"):
            liar.sync(province.exchange)
    (incident,) = Incident.objects.using(province.using).all()
    assert (incident.kind, incident.device) == ("epoch_ahead", liar.device)
    assert not State.objects.using(province.using).get(only=1).rolled_back
    other.record(VET, BlockRequested(kind="B", wanted=300, emergency=False))
    other.sync(province.exchange)
    assert len([block for block in other.held(Block) if (block.device, block.kind) == (other.device, "B")]) == 2


@pytest.mark.parametrize("epoch", ["9" * 5000, "²-x", "-", "0x9-a"])
def test_an_epoch_that_is_none_is_answered_all_the_same(province: Province, epoch: str) -> None:
    device = province.enrol()
    device.note = device.note._replace(epoch=epoch)
    device.sync(province.exchange)
    assert device.note.epoch == State.objects.using(province.using).get(only=1).epoch


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


# --- what a device knew of a feed the province forgot ---------------------------------------------------------------


def blamed(province: Province) -> list[tuple[str, bool]]:
    rows = DjangoRows(province.using).many("verdicts")
    return [(str(row["code"]), not row["followed"]) for row in rows]


def test_a_cursor_of_the_forgotten_feed_makes_nothing_of_the_new_one_known(province: Province, backup: Path) -> None:
    device = province.enrol()
    inprocess.copy_database(province.using, backup)
    for number in range(100, 130):
        publishing.add_station(province.using, number, name="站", name_en="", area=321084, phone="1")
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    publishing.grant(province.using, VET, station=STATION, posts=("clerk",), kinds=())
    work.certify(device)
    device.sync(province.exchange)
    assert {(code, guilty) for code, guilty in blamed(province)} == {("post_missing", False)}


def test_a_grant_the_province_forgot_and_heard_of_again_was_known(province: Province, backup: Path) -> None:
    device = province.enrol()
    publishing.grant(province.using, VET, station=STATION, posts=("clerk",), kinds=(), valid_from=1)
    inprocess.copy_database(province.using, backup)
    publishing.grant(province.using, VET, station=STATION, posts=("vet",), kinds=("A", "B"), valid_from=2)
    device.sync(province.exchange)
    work.certify(device)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    device.sync(province.exchange)
    assert blamed(province) == []


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
