"""What moves while it is counted, before the judge: named for who knew of the count, and for nobody else."""

from __future__ import annotations

import pytest

from inspector_app.domain.numbering import Block
from inspector_app.domain.stocktake import CountedRange, StockLine
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import NumbersReturned
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.entries.sheets import SheetName, SheetsHandedIn
from inspector_app.journal.entries.stocktakes import (
    StocktakeAbandoned,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeOpened,
)
from inspector_app.journal.entries.stores import DrawReceived, StoreAssigned
from province.journal.rows import DjangoRows
from tests.province.fixtures import STATION, VET, Province
from tests.province.test_moments import verdicts
from tests.province.test_old_sheets import collect, on_the_road, sheet, staffed
from tests.sync.fakes import FakeDevice

__all__ = ["staffed"]

J = Judgement
FROZEN = (J.STOCKTAKE_OPEN.value, False, True)
PHOTO = "5f" * 32
MINUTE = 60


def held(device: FakeDevice) -> Block:
    """The block of B the device holds."""
    return next(one for one in device.held(Block) if one.kind == "B" and one.device == device.device)


def line_of(block: Block, *, current: bool = False) -> StockLine:
    return StockLine(shelf="unused", kind="B", first=block.first, last=block.last, block=block.block, current=current)


def begin(device: FakeDevice, *lines: StockLine) -> str:
    return device.record(VET, StocktakeOpened(purpose="periodic", kinds=["B"], lines=list(lines)))


def give_back(device: FakeDevice, block: Block) -> None:
    device.record(VET, NumbersReturned(block.block, block.last, block.last, reason="too_many"))


def collected(device: FakeDevice) -> SheetName:
    """A sheet that was brought back."""
    issued = on_the_road(device)
    collect(device, issued)
    return sheet(issued)


def on_hand(name: SheetName) -> StockLine:
    return StockLine(shelf="on_hand", kind=name.kind, first=name.digits, last=name.digits)


def hand_in(device: FakeDevice, name: SheetName) -> None:
    device.record(VET, SheetsHandedIn([name], to="county_keeper", slip=PHOTO))


@pytest.fixture
def device(staffed: Province) -> FakeDevice:
    return staffed.enrol("1")


def test_g20_numbers_do_not_go_back_while_they_are_counted(staffed: Province, device: FakeDevice) -> None:
    begin(device, line_of(held(device)))
    give_back(device, held(device))
    assert verdicts(staffed, device) == [FROZEN]
    # It went back all the same, and the count explains it.
    row = DjangoRows(staffed.using).one("numbers", number=f"B {held(device).last}") or {}
    assert row["state"] == "returned"


def test_g20_old_sheets_are_not_handed_in_while_they_are_counted(staffed: Province, device: FakeDevice) -> None:
    name = collected(device)
    begin(device, on_hand(name))
    hand_in(device, name)
    assert verdicts(staffed, device) == [FROZEN]


def test_g20_nothing_is_taken_in_of_what_is_counted(staffed: Province, device: FakeDevice) -> None:
    draw = str(DjangoRows(staffed.using).many("draws", station=STATION, kind="B")[0]["draw"])
    device.record(VET, StoreAssigned(store="main", keeper=VET))
    begin(device, line_of(held(device)))
    device.record(VET, DrawReceived(draw=draw, store="main"))
    lines = [OpeningLine(what="sheet", form="B", first="3200000021", last="3200000021", pages=1, state="kept")]
    device.record(VET, OpeningRecorded(source=PHOTO, store="main", lines=lines))
    assert verdicts(staffed, device)[-2:] == [FROZEN, FROZEN]


def test_what_is_not_counted_moves_in_silence(staffed: Province, device: FakeDevice) -> None:
    name = collected(device)
    begin(device, on_hand(SheetName("B", "9900009999", 1, 1)))
    hand_in(device, name)
    give_back(device, held(device))
    assert verdicts(staffed, device) == []


@pytest.mark.parametrize("ending", ["closed", "abandoned"])
def test_when_the_count_is_over_things_move_again(staffed: Province, device: FakeDevice, ending: str) -> None:
    stocktake = begin(device, line_of(held(device)))
    if ending == "closed":
        device.record(VET, StocktakeClosed(stocktake, differences=[], explained=0, attachments=[PHOTO] * 2))
    else:
        device.record(VET, StocktakeAbandoned(stocktake, reason="interrupted"))
    give_back(device, held(device))
    assert verdicts(staffed, device) == []


@pytest.mark.parametrize(("minutes", "found"), [(10, [FROZEN]), (11, [])])
def test_the_block_in_use_is_held_for_ten_minutes_from_its_count(
    staffed: Province, device: FakeDevice, minutes: int, found: list[tuple[str, bool, bool]]
) -> None:
    block = held(device)
    stocktake = begin(device, line_of(block, current=True))
    counted = [CountedRange(block.first, block.last)]
    device.record(VET, StocktakeCounted(stocktake, "unused", "B", counted, pages=0, means="typed"))
    staffed.clock.wait(minutes * MINUTE)
    give_back(device, block)
    assert verdicts(staffed, device) == found


def test_the_block_in_use_is_free_until_it_is_counted(staffed: Province, device: FakeDevice) -> None:
    begin(device, line_of(held(device), current=True))
    give_back(device, held(device))
    assert verdicts(staffed, device) == []


@pytest.mark.parametrize("heard", [True, False])
def test_a_sister_s_count_holds_up_who_had_heard_of_it(staffed: Province, device: FakeDevice, *, heard: bool) -> None:
    sister, name = staffed.enrol("2"), collected(device)
    device.sync(staffed.exchange)
    begin(sister, on_hand(name))
    sister.sync(staffed.exchange)
    if heard:
        device.sync(staffed.exchange)
    hand_in(device, name)
    assert verdicts(staffed, device) == ([FROZEN] if heard else [])


@pytest.mark.parametrize("told", [True, False])
def test_who_has_not_heard_that_a_sister_s_count_is_over_is_held_to_it(
    staffed: Province, device: FakeDevice, *, told: bool
) -> None:
    sister, block = staffed.enrol("2"), held(device)
    stocktake = begin(sister, line_of(block))
    sister.sync(staffed.exchange)
    device.sync(staffed.exchange)
    sister.record(VET, StocktakeAbandoned(stocktake, reason="interrupted"))
    sister.sync(staffed.exchange)
    if told:
        device.sync(staffed.exchange)
    give_back(device, block)
    assert verdicts(staffed, device) == ([] if told else [FROZEN])
