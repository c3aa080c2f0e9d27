"""Stock, draws, blocks: no number twice, whatever happens; who gets numbers, when, and how many."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import DatabaseError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.numbering import Block, Draw, check_block, range_size
from inspector_app.journal.entries.custody import BlockRequested, SheetLost, SheetSpoiled
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.losses import LossConcluded, LossReported, Recipient
from inspector_app.journal.entries.printing import PrintEnded, PrintSubmitted
from inspector_app.journal.entries.sheets import SheetFound
from province.high_water import FileHighWater, MemoryHighWater
from province.numbers import blocks, custody
from province.numbers.models import CutBlock, DrawnRange, Stock
from province.numbers.ranges import NumbersError
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.source_tree import ROOT
from tests.sync.fakes import FakeDevice


def sizes(device: FakeDevice, kind: str, holder: int = VET) -> list[int]:
    """How many numbers each block of a holder on the device has, oldest first."""
    own = [
        block
        for block in device.held(Block)
        if (block.device, block.kind, block.holder) == (device.device, kind, holder)
    ]
    return [range_size(block.first, block.last) for block in own]


# --- who gets what --------------------------------------------------------------------------------------------------


def test_each_vet_on_each_device_gets_blocks_of_their_own(either_province: Province) -> None:
    first = either_province.enrol("一号机", people=(VET, SECOND_VET))
    second = either_province.enrol("二号机")
    second.sync(either_province.exchange)
    first.sync(either_province.exchange)
    assert sizes(first, "A") == [50]
    assert sizes(first, "A", SECOND_VET) == []  # no filing for A
    assert sizes(first, "B") == sizes(first, "B", SECOND_VET) == sizes(second, "B") == [100]
    spans = [(block.kind, block.first, block.last) for block in first.held(Block)]
    assert len(spans) == len(set(spans))


def test_more_are_cut_when_half_are_used(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    from inspector_app.domain.quantities import Quantity

    few = Quantity(100, 0, work.FISH)
    for _ in range(50):
        work.issue(device, inspection, declaration, quantity=few)
    device.sync(province.exchange)
    assert sizes(device, "B") == [100]
    work.issue(device, inspection, declaration, quantity=few)
    device.sync(province.exchange)
    assert sizes(device, "B") == [100, 100]


def test_what_was_asked_for_is_cut_once(province: Province) -> None:
    device = province.enrol()
    device.record(VET, BlockRequested(kind="B", wanted=250, emergency=False))
    for _ in range(3):
        device.sync(province.exchange)
    assert sizes(device, "B") == [100, 150]


def test_asking_for_what_is_there_already_cuts_nothing(province: Province) -> None:
    device = province.enrol()
    device.record(VET, BlockRequested(kind="B", wanted=60, emergency=True))
    device.sync(province.exchange)
    assert sizes(device, "B") == [100]


def test_nobody_gets_numbers_without_a_grant_to_issue(province: Province) -> None:
    from tests.province.fixtures import CLERK

    device = province.enrol(people=(CLERK,))
    assert device.held(Block) == []


def test_a_station_without_a_draw_gets_none(province: Province) -> None:
    publishing.grant(province.using, VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    device = province.enrol(station=OTHER_STATION)
    assert device.held(Block) == []
    assert device.sync(province.exchange).status == "ok"


def test_when_a_draw_is_used_up_the_next_is_cut(province: Province) -> None:
    using = province.using
    publishing.grant(using, VET, station=OTHER_STATION, posts=("vet",), kinds=("A",), valid_from=1)
    first = custody.undrawn_start(using, "A")
    custody.draw(using, "A", first, str(int(first) + 29), station=OTHER_STATION)
    custody.draw(using, "A", str(int(first) + 30), str(int(first) + 99), station=OTHER_STATION)
    device = province.enrol(station=OTHER_STATION)
    assert sizes(device, "A") == [30]
    device.record(VET, BlockRequested(kind="A", wanted=60, emergency=False))
    device.sync(province.exchange)
    assert sizes(device, "A") == [30, 50]
    assert len({block.draw for block in device.held(Block)}) == 2


def test_every_block_passes_the_device_s_own_check(province: Province) -> None:
    device = province.enrol(people=(VET, SECOND_VET))
    device.record(VET, BlockRequested(kind="B", wanted=400, emergency=False))
    device.sync(province.exchange)
    draws = {draw.draw: draw for draw in device.held(Draw)}
    known: list[Block] = []
    for block in device.held(Block):
        assert check_block(block, draws[block.draw], device.device, known, station=STATION) is None
        known.append(block)


def test_a_notice_s_numbers_end_with_the_year(province: Province) -> None:
    device = province.enrol()
    (block,) = [block for block in device.held(Block) if block.kind == "N"]
    assert block.first.startswith("2026")
    from inspector_app.clock import day_start

    assert block.expires == day_start("2027-01-01") - 1


def test_the_new_year_s_notices_have_a_scheme_of_their_own(province: Province) -> None:
    province.clock.wait(60 * 86_400)
    first = custody.free_start(province.using, "N")
    assert first == "2027000001"
    custody.add_stock(province.using, "N", first, "2027000100")
    custody.draw(province.using, "N", first, "2027000100", station=STATION)
    device = province.enrol()
    device.record(VET, BlockRequested(kind="N", wanted=30, emergency=False))
    device.sync(province.exchange)
    assert any(block.first.startswith("2027") for block in device.held(Block) if block.kind == "N")


# --- never twice ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["number_stock", "number_draw", "number_block"])
def test_the_database_itself_refuses_overlapping_ranges(either_province: Province, table: str) -> None:
    either_province.enrol()
    rows: dict[str, Stock | DrawnRange | CutBlock] = {
        "number_stock": Stock.objects.using(either_province.using).get(kind="B"),
        "number_draw": DrawnRange.objects.using(either_province.using).get(kind="B"),
        "number_block": CutBlock.objects.using(either_province.using).get(kind="B"),
    }
    row = rows[table]
    row.low = row.high = row.high - 1
    row.first = row.last = str(int(row.last) - 1)
    if isinstance(row, Stock):
        row.pk = None
    elif isinstance(row, DrawnRange):
        row.draw = "another"
    else:
        row.block, row.ordinal = "another", 99
    with pytest.raises(DatabaseError), transaction.atomic(using=either_province.using):
        row.save(using=either_province.using, force_insert=True)


def test_a_range_once_there_is_not_moved(province: Province) -> None:
    province.enrol()
    with pytest.raises(DatabaseError), connections[province.using].cursor() as cursor:
        cursor.execute("UPDATE number_block SET low = low + 1, high = high + 1")


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("range_malformed", "9900000500", "9900000400"),
        ("range_malformed", "3200000001", "3200000002"),
        ("range_malformed", "99000004x0", "9900000499"),
        ("not_in_stock", "9900010001", "9900010100"),
        ("not_in_stock", "9900009900", "9900010100"),
        ("draw_overlaps", "9900000950", "9900001050"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_with_its_reason(
    either_province: Province, code: str, first: str, last: str
) -> None:
    before = DrawnRange.objects.using(either_province.using).count()
    with pytest.raises(NumbersError) as refused:
        custody.draw(either_province.using, "B", first, last, station=STATION)
    assert refused.value.code == code
    assert DrawnRange.objects.using(either_province.using).count() == before


def test_stock_that_is_there_already_is_refused(province: Province) -> None:
    with pytest.raises(NumbersError, match="stock_overlaps"):
        custody.add_stock(province.using, "B", "9900009000", "9900012000")
    with pytest.raises(NumbersError, match="scheme_unknown"):
        custody.add_stock(province.using, "X", "9900009000", "9900012000")


@given(wanted=st.lists(st.integers(1, 90), min_size=1, max_size=25))
def test_blocks_cut_from_a_draw_fill_it_without_gap_or_overlap(wanted: list[int]) -> None:
    """The arithmetic alone, against the database's own columns."""
    from inspector_app.domain.numbering import NumberScheme
    from province.numbers.ranges import Place

    place = Place(NumberScheme("99-B", "B", "99", 10), 2, "9900000001", "9900001000")
    through = place.low - 1
    taken: list[str] = []
    for size in wanted:
        high = min(place.high, through + size)
        taken += [place.digits(at) for at in range(through + 1, high + 1)]
        through = high
    assert taken == [f"99{sequence:08d}" for sequence in range(1, len(taken) + 1)]
    assert len(taken) == min(sum(wanted), 1000)


# --- return and draw ------------------------------------------------------------------------------------------------


def printed(device: FakeDevice, issued: work.Issued) -> None:
    attempt = device.record(
        VET,
        PrintSubmitted(
            number=issued.number,
            print=1,
            attempt=1,
            printer="laser",
            medium="laser",
            form="certificate_b",
            file="00" * 32,
            sheets=2,
        ),
    )
    device.record(VET, PrintEnded(attempt=attempt, outcome="printed", source="person"))


def spoil(device: FakeDevice, issued: work.Issued) -> None:
    printed(device, issued)
    device.record(VET, SheetSpoiled(number=issued.number, print=1, sheet=1, category="torn"))


def test_g10_a_third_draw_waits_for_the_spoiled_sheets_of_the_first(province: Province) -> None:
    device = province.enrol()
    spoil(device, work.certify(device))
    device.sync(province.exchange)
    start = custody.undrawn_start(province.using, "B")
    custody.draw(province.using, "B", start, str(int(start) + 99), station=STATION)  # one draw in arrears is allowed
    start = custody.undrawn_start(province.using, "B")
    with pytest.raises(NumbersError, match="arrears"):
        custody.draw(province.using, "B", start, str(int(start) + 99), station=STATION)
    custody.draw(province.using, "B", start, str(int(start) + 99), station=OTHER_STATION)


def test_the_number_of_draws_in_arrears_is_dated_policy(province: Province) -> None:
    from inspector_app.config import read_resource

    device = province.enrol()
    spoil(device, work.certify(device))
    device.sync(province.exchange)
    body = read_resource("catalogue/policy.toml").decode()
    head, _, rest = body.partition('name = "draws_in_arrears"\nvalue = 1')
    publishing.publish_policy(province.using, "2", f'{head}name = "draws_in_arrears"\nvalue = 0{rest}')
    start = custody.undrawn_start(province.using, "B")
    with pytest.raises(NumbersError, match="arrears"):
        custody.draw(province.using, "B", start, str(int(start) + 99), station=STATION)


def test_g10_a_lost_sheet_stands_in_the_way_until_its_loss_is_concluded_and_once_more_when_it_is_found(
    province: Province,
) -> None:
    device = province.enrol(people=(VET, HEAD))
    issued = work.certify(device)
    printed(device, issued)
    lost = device.record(VET, SheetLost(number=issued.number, print=1, sheet=2, category="missing"))
    device.sync(province.exchange)
    start = custody.undrawn_start(province.using, "B")
    custody.draw(province.using, "B", start, str(int(start) + 99), station=STATION)
    assert [one.sheets for one in custody.unsettled(province.using, "B", STATION)] == [1]
    for to in Recipient:
        device.record(HEAD, LossReported(loss=lost, to=to, sent_on="2026-11-22"), private=Note(text=""))
    device.sync(province.exchange)
    assert [one.sheets for one in custody.unsettled(province.using, "B", STATION)] == [1]
    device.record(HEAD, LossConcluded(loss=lost, cause="theft", conclusion="to_police"), private=Note(text=""))
    device.sync(province.exchange)
    assert custody.unsettled(province.using, "B", STATION) == []
    device.record(VET, SheetFound(number=issued.number, print=1, sheet=2, found_on="2026-11-22"))
    device.sync(province.exchange)
    assert [one.sheets for one in custody.unsettled(province.using, "B", STATION)] == [1]


# --- remembered outside ---------------------------------------------------------------------------------------------


def test_cutting_goes_on_above_what_was_cut_before_the_database_was_lost(province: Province) -> None:
    from province import provinces

    device = province.enrol()
    highest = max(block.last for block in device.held(Block) if block.kind == "B")
    CutBlock.objects.using(province.using).all().delete()
    for draw in DrawnRange.objects.using(province.using).all():
        DrawnRange.objects.using(province.using).filter(draw=draw.draw).update(cut_through=draw.low - 1)
    holder = blocks.Holder(device.device, VET, "B", STATION, 10)
    with transaction.atomic(using=province.using):
        cut = blocks.cut_block(province.using, holder)
    assert cut is not None
    assert int(cut.first) == int(highest) + 1
    assert provinces.of(province.using).high_water.read(cut.draw_id) == cut.high


def test_a_mark_never_goes_down(tmp_path: Path) -> None:
    for marks in (MemoryHighWater(), FileHighWater(tmp_path / "high_water.json")):
        marks.raise_to("draw", 7)
        marks.raise_to("draw", 5)
        marks.raise_to("other", 1)
        assert (marks.read("draw"), marks.read("other"), marks.read("none")) == (7, 1, 0)
    assert FileHighWater(tmp_path / "high_water.json").read("draw") == 7


def test_a_damaged_file_of_marks_stops_cutting(tmp_path: Path) -> None:
    from inspector_app.errors import StationError

    (tmp_path / "high_water.json").write_text("{")
    with pytest.raises(StationError, match=r"province\.high_water_damaged"):
        FileHighWater(tmp_path / "high_water.json").read("draw")


RAISE = """
import sys
from pathlib import Path
from province.high_water import FileHighWater
marks = FileHighWater(Path(sys.argv[1]))
for turn in range(60):
    print(marks.step_above("grant 11", 0))
    marks.raise_to(f"draw {sys.argv[2]} {turn}", turn + 1)
"""


def test_no_mark_is_lost_and_no_ordinal_given_twice_between_processes(tmp_path: Path) -> None:
    place = tmp_path / "high_water.json"
    command = [sys.executable, "-c", RAISE, str(place)]
    workers = [subprocess.Popen([*command, str(one)], cwd=ROOT, stdout=subprocess.PIPE) for one in range(4)]
    told = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    ordinals = [int(one) for said in told for one in said]
    assert sorted(ordinals) == list(range(1, 241))
    marks = FileHighWater(place)
    assert marks.read("grant 11") == 240
    assert marks.begin_with("draw ") == {f"{one} {turn}": turn + 1 for one in range(4) for turn in range(60)}


def test_threads_of_one_process_wait_for_each_other_too(tmp_path: Path) -> None:
    marks = FileHighWater(tmp_path / "high_water.json")
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: marks.step_above("epoch", 0), range(40)))
    assert sorted(given) == list(range(1, 41))


def test_grants_given_at_once_bear_ordinals_of_their_own(either_province: Province) -> None:
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(grant_in_thread, [either_province] * 8))
    assert sorted(given) == list(range(2, 10))


def grant_in_thread(province: Province) -> int:
    try:
        row = publishing.grant(province.using, VET, station=STATION, posts=("vet",), kinds=("B",))
        return row.ordinal
    finally:
        connections[province.using].close()
