"""Numbers a station took over as ended, at the province: dead in blocks, drawn by nobody, a case where both hold."""

from __future__ import annotations

import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.numbering import Block
from inspector_app.domain.stock_refusals import StockCode, StockRefused
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from province.custody import drawing
from province.custody.drawing import DrawRequest
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from province.numbers import custody
from province.numbers.models import DrawnRange
from province.numbers.ranges import NumbersError
from tests.province import work
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.institutions import COUNTY_KEEPER, found_chain, stock_county
from tests.province.judged import only, verdict_on, verdicts_on
from tests.province.test_stock import assign
from tests.sync.fakes import FakeDevice

J = Judgement


def line(first: str, last: str, state: str = "used", what: str = "number") -> OpeningLine:
    return OpeningLine(what=what, form="B", first=first, last=last, state=state, pages=int(what == "sheet"))


def take_over(device: FakeDevice, *lines: OpeningLine) -> str:
    return device.record(VET, OpeningRecorded(source="5f" * 32, store="main", lines=list(lines)))


@pytest.fixture
def keeping(province: Province) -> FakeDevice:
    """A computer of the station whose keeper is the vet."""
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    assert verdicts_on(province, device) == []
    return device


def states(province: Province, first: str, last: str) -> set[object]:
    rows = DjangoRows(province.using).many("numbers", kind="B")
    return {row["state"] for row in rows if first <= str(row["digits"]) <= last}


def code(draw: object) -> list[StockCode]:
    assert isinstance(draw, StockRefused), draw
    return list(draw.codes)


# --- nobody draws them -----------------------------------------------------------------------------------------------


def test_g47_numbers_a_station_took_over_as_ended_are_drawn_by_nobody(province: Province, keeping: FakeDevice) -> None:
    take_over(keeping, line("9900020001", "9900020005", "lost"))
    assert verdicts_on(province, keeping) == []
    custody.add_stock(province.using, "B", "9900020001", "9900021000")
    with pytest.raises(NumbersError, match="ended_before"):
        custody.draw(province.using, "B", "9900020005", "9900020100", station=OTHER_STATION)
    custody.draw(province.using, "B", "9900020006", "9900020100", station=OTHER_STATION)


def test_g33_a_draw_by_the_rules_names_them_and_a_count_passes_them_over(
    province: Province, keeping: FakeDevice
) -> None:
    take_over(keeping, line("9900001001", "9900001020"))
    keeping.sync(province.exchange)
    found_chain(province)
    stock_county(province, 1000)
    wanted = DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, typed="9900001001-9900001100")
    refused = drawing.draw(province.using, wanted)
    assert code(refused)[0] is StockCode.ENDED_BEFORE
    assert isinstance(refused, StockRefused)
    assert refused.refusals[0].details == {"current": "9900001001–9900001020", "station": STATION}
    made = drawing.draw(province.using, DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, count=100))
    assert isinstance(made, DrawnRange)
    assert (made.first, made.last) == ("9900001021", "9900001120")


# --- both hold -------------------------------------------------------------------------------------------------------


def test_g33_who_had_been_told_of_the_draw_is_named_and_the_numbers_are_dead(
    province: Province, keeping: FakeDevice
) -> None:
    take_over(keeping, line("9900000011", "9900000015", "lost"), line("9900000016", "9900000020"))
    assert only(province, keeping) == (J.NUMBERS_HELD, False, False)
    assert states(province, "9900000011", "9900000015") == {"lost"}
    assert states(province, "9900000016", "9900000020") == {"withdrawn"}
    assert states(province, "9900000021", "9900000030") == {"free"}
    assert differences(province.using) == []
    found = {one.first: (one.standing, one.reason) for one in continuity_of(province.using, STATION).stretches}
    assert found["9900000016"] == (Standing.WITHDRAWN, "ended_before")


def test_who_had_not_been_told_of_the_draw_did_nothing_wrong(province: Province, keeping: FakeDevice) -> None:
    custody.draw(province.using, "B", "9900001001", "9900001100", station=STATION)
    take_over(keeping, line("9900001011", "9900001015"))
    assert only(province, keeping) == (J.NUMBERS_HELD, True, False)


@pytest.mark.parametrize("drawn", [True, False], ids=["another station's", "in stock"])
def test_what_is_given_elsewhere_or_in_stock_is_a_case_and_stays_what_it_is(province: Province, *, drawn: bool) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    if drawn:
        custody.draw(province.using, "B", "9900001001", "9900001100", station=OTHER_STATION)
    take_over(device, line("9900001011", "9900001015", "blank", what="sheet"))
    assert only(province, device) == (J.NUMBERS_HELD, True, False)


def test_another_station_s_list_kills_no_number_here(province: Province, keeping: FakeDevice) -> None:
    block = keeping.held(Block)[0]
    theirs = province.enrol("二号机", station=OTHER_STATION)
    ref = take_over(theirs, line("9900000011", "9900000015"))
    theirs.sync(province.exchange)
    assert verdict_on(province, theirs, ref) != []
    assert states(province, "9900000011", "9900000015") == {"free"}
    assert block.first <= "9900000011"


def test_a_former_system_s_own_numbers_are_taken_over_in_silence(province: Province, keeping: FakeDevice) -> None:
    take_over(keeping, line("3200000011", "3200000015"), line("99000000011", "99000000015"))
    assert verdicts_on(province, keeping) == []


# --- issued all the same ---------------------------------------------------------------------------------------------


def test_who_issues_with_a_dead_number_they_had_heard_of_is_named(province: Province, keeping: FakeDevice) -> None:
    take_over(keeping, line("9900000001", "9900000002"))
    issued = work.certify(keeping)
    assert verdict_on(province, keeping, issued.ref) == [(J.NUMBER_LOST, False, False)]


def test_a_sister_who_had_not_heard_of_the_list_is_not(province: Province, keeping: FakeDevice) -> None:
    sister = province.enrol("二号机", people=(VET,))
    first = min(block.first for block in sister.held(Block) if (block.device, block.kind) == (sister.device, "B"))
    take_over(keeping, line(first, first))
    keeping.sync(province.exchange)
    issued = work.certify(sister)
    assert issued.number.digits == first
    assert verdict_on(province, sister, issued.ref) == [(J.NUMBER_LOST, True, False)]
    assert differences(province.using) == []
