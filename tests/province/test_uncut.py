"""Numbers lost before a block was cut over them: never cut, told in the trust file, judged by their station alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from inspector_app.domain import continuity
from inspector_app.domain.numbering import Number
from inspector_app.domain.stock_endings import StockEnded
from inspector_app.domain.trust import Standing
from inspector_app.journal.entries.custody import BlockRequested, NumbersLost
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.losses import NumbersFound
from province.custody import ending
from province.custody.draw_sides import unused
from province.custody.ending import EndRequest
from province.desk.holdings import holdings
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from province.ledgers.lives import trace
from province.numbers import custody
from province.numbers.blocks import room_for
from province.numbers.models import CutBlock, DrawnRange
from province.registry import trust
from tests.province import work
from tests.province.drawing import drawn
from tests.province.fixtures import OTHER_STATION, STATION, VET, Province
from tests.province.institutions import COUNTY, COUNTY_KEEPER, found_chain, stock_county
from tests.province.judged import J, only, verdicts_on
from tests.sync.fakes import FakeDevice

FOREIGN = ("9900001001", "9900001010")
"""Drawn for another station."""


def draw_of(province: Province, station: int = STATION) -> DrawnRange:
    return DrawnRange.objects.using(province.using).filter(kind="B", station=station).get()


def uncut_after(province: Province, gap: int, size: int) -> dict[str, str]:
    """Some numbers of the station's draw ``gap`` numbers above what was cut, as a report names them."""
    draw = draw_of(province)
    first = int(draw.first) + draw.cut_through - draw.low + 1 + gap
    return {"block": "", "draw": draw.draw, "first": str(first), "last": str(first + size - 1)}


def lose(device: FakeDevice, span: dict[str, str], **changes: Any) -> str:
    fact = NumbersLost(**(span | changes), cause="stolen", found_out_on="2026-11-21")
    return device.record(VET, fact, private=Note(text=""))


def ask(province: Province, device: FakeDevice, wanted: int) -> list[CutBlock]:
    """A device asks for numbers; the blocks it then has, oldest first."""
    device.record(VET, BlockRequested(kind="B", wanted=wanted, emergency=True))
    device.sync(province.exchange)
    return list(CutBlock.objects.using(province.using).filter(device=device.device, kind="B").order_by("ordinal"))


def said_of(province: Province, digits: str) -> list[tuple[Standing, bool]]:
    """What the void list says of a number, and whether it is in somebody's block."""
    block = trust.build(province.using).block("B", digits)
    found = block.exception(digits) if block else None
    return [(Standing(found.standing), block.holder != 0)] if block and found else []


def test_g45_no_block_is_cut_over_lost_numbers_and_none_below_them_is_left(either_province: Province) -> None:
    device = either_province.enrol()
    span = uncut_after(either_province, 20, 5)
    lose(device, span)
    assert verdicts_on(either_province, device) == []
    before = room_for(either_province.using, "B", STATION, VET)
    blocks = ask(either_province, device, 300)
    assert all(one.last < span["first"] or one.first > span["last"] for one in blocks)
    assert [one.size for one in blocks][1] == 20
    assert int(blocks[2].first) == int(span["last"]) + 1
    assert before - room_for(either_province.using, "B", STATION, VET) == sum(one.size for one in blocks[1:])
    assert differences(either_province.using) == []


def test_g47_what_was_cut_before_the_loss_was_heard_is_dead_in_its_block(province: Province) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    span = uncut_after(province, 0, 5)
    ask(province, device, 300)
    loss = lose(sister, span)
    assert verdicts_on(province, sister) == []
    rows = DjangoRows(province.using).many("numbers", kind="B")
    dead = [row for row in rows if span["first"] <= str(row["digits"]) <= span["last"]]
    assert [(row["state"], row["ended_by"]) for row in dead] == [("lost", loss)] * 5
    assert said_of(province, span["first"]) == [(Standing.LOST, True)]
    assert differences(province.using) == []


def test_who_used_one_without_having_heard_of_the_loss_is_not_blamed(province: Province) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    span = uncut_after(province, 0, 5)
    block = ask(province, device, 300)[1]
    lose(sister, span)
    sister.sync(province.exchange)
    number = Number(block.scheme, "B", span["first"])
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    work.issue(device, inspection, declaration, taken=(number, block.block))
    (code, followed, holds) = only(province, device)
    assert (code, followed, holds) == (J.NUMBER_LOST, True, False)


def test_continuity_trace_and_balances_tell_of_them(province: Province) -> None:
    found_chain(province)
    device = province.enrol()
    free = unused_at(province)
    span = uncut_after(province, 7, 5)
    loss = lose(device, span)
    device.sync(province.exchange)
    found = continuity_of(province.using, STATION)
    (gap,) = [one for one in found.stretches if one.standing is continuity.Standing.LOST]
    assert (gap.first, gap.last, gap.size, gap.entry) == (span["first"], span["last"], 5, loss)
    assert found.totals()["B"]["lost"] + found.totals()["B"]["uncut"] + found.totals()["B"]["free"] == 1_000
    life = trace(province.using, f"B {span['first']}")
    assert (life.standing, life.steps[-1].ref) == (continuity.Standing.LOST, loss)
    assert free - unused_at(province) == 5


def unused_at(province: Province) -> int:
    """What a station's draws still hold, as the stock tree has it."""
    return sum(one.on_hand for one in holdings(province.using, "B"))


def test_g46_lost_uncut_numbers_stand_in_the_void_list_of_every_terminal(province: Province) -> None:
    device = province.enrol()
    span = uncut_after(province, 7, 5)
    assert said_of(province, span["first"]) == []
    lose(device, span)
    device.sync(province.exchange)
    device.sync(province.exchange)
    assert said_of(province, span["last"]) == [(Standing.LOST, False)]
    assert said_of(province, str(int(span["last"]) + 1)) == []
    assert device.trust is not None
    held = device.trust.file.block("B", span["first"])
    assert held is not None
    assert (held.first, held.last, held.holder) == (span["first"], span["last"], 0)


def test_g46_what_a_store_lost_stands_in_the_void_list_too(province: Province) -> None:
    found_chain(province)
    stock_county(province, 1000)
    stolen = EndRequest(
        organisation=COUNTY, kind="B", how="lost", cause="stolen", by=COUNTY_KEEPER, typed="9900001001-9900001100"
    )
    made = ending.end_stock(province.using, stolen)
    assert isinstance(made, StockEnded), made
    assert said_of(province, "9900001001") == said_of(province, "9900001100") == [(Standing.LOST, False)]
    assert said_of(province, "9900001101") == []
    about = trust.build_about(province.using, key_id=bytes(8), kind="B", digits="9900001050")
    assert [(one.first, one.last) for one in about.blocks] == [("9900001001", "9900001100")]


@pytest.mark.parametrize("case", ["foreign", "unknown", "outside", "both", "width"])
def test_g33_a_station_loses_no_numbers_of_another_or_outside_its_draw(province: Province, case: str) -> None:
    device = province.enrol()
    span, other = uncut_after(province, 0, 5), draw_of(province)
    foreign = custody.draw(province.using, "B", *FOREIGN, station=OTHER_STATION)
    held = DjangoRows(province.using).many("blocks", device=device.device, kind="B")[0]
    changes: dict[str, dict[str, str]] = {
        "foreign": {"draw": foreign.draw, "first": foreign.first, "last": foreign.last},
        "unknown": {"draw": "no-such-draw"},
        "outside": {"last": str(int(other.last) + 1)},
        "both": {"block": str(held["block"])},
        "width": {"last": span["last"] + "0"},
    }
    lose(device, span, **changes[case])
    assert only(province, device)[0] is J.OUTSIDE_BLOCK
    assert DjangoRows(province.using).many("losses") == []


def find(province: Province, device: FakeDevice, beyond: int) -> None:
    """Five numbers lost; they and so many more found again."""
    span = uncut_after(province, 3, 5)
    lose(device, span)
    last = str(int(span["last"]) + beyond)
    device.record(VET, NumbersFound(**(span | {"last": last}), found_on="2026-11-21"), private=Note(text=""))


def test_what_was_lost_uncut_is_found_again_in_silence(province: Province) -> None:
    device = province.enrol()
    find(province, device, 0)
    assert verdicts_on(province, device) == []
    assert len(DjangoRows(province.using).many("found_numbers")) == 1


def test_g47_what_nobody_lost_is_not_found_again(province: Province) -> None:
    device = province.enrol()
    find(province, device, 1)
    assert only(province, device) == (J.WRONG_STATE, False, False)


def test_lost_numbers_do_not_count_against_the_cap_of_the_next_draw(province: Province) -> None:
    found_chain(province)
    stock_county(province, 1000)
    device = province.enrol()
    made = drawn(province, count=50)
    assert unused(province.using, "B", STATION, 0) == 50
    device.sync(province.exchange)
    lose(device, {"block": "", "draw": made.draw, "first": made.first, "last": str(int(made.first) + 4)})
    device.sync(province.exchange)
    assert unused(province.using, "B", STATION, 0) == 45


def test_the_void_list_costs_the_same_few_questions_however_much_was_lost(province: Province) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connections[province.using]) as asked:
            trust.build(province.using)
        return len(asked)

    device = province.enrol()
    lose(device, uncut_after(province, 0, 1))
    device.sync(province.exchange)
    few = questions()
    for gap in range(2, 12, 2):
        lose(device, uncut_after(province, gap, 1))
    device.sync(province.exchange)
    assert len(DjangoRows(province.using).many("losses")) == 6
    assert questions() == few
