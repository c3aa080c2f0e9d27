"""Sheets of other stations taken in: the province knows whose they are and holds nobody to another's record."""

from __future__ import annotations

import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.numbering import Number
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.sheets import SheetName, SheetsHandedIn, SheetTakenIn
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.lives import trace
from province.numbers import custody
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.judged import only, verdicts_on
from tests.sync.fakes import FakeDevice

SLIP = "5f" * 32


@pytest.fixture
def issued(province: Province) -> work.Issued:
    """A certificate of one station, handed over to its holder."""
    device = province.enrol()
    paper = work.certify(device)
    work.hand_over(device, paper)
    device.sync(province.exchange)
    return paper


@pytest.fixture
def other(province: Province, issued: work.Issued) -> FakeDevice:
    """A computer of another station, its vet signed in."""
    publishing.grant(
        province.using, SECOND_VET, station=OTHER_STATION, posts=("vet", "keeper"), kinds=("B",), valid_from=1
    )
    return province.enrol("二号机", station=OTHER_STATION, people=(SECOND_VET,))


def taken_in(number: Number) -> SheetTakenIn:
    return SheetTakenIn(number=number, sheet=2, reason="used", source="check_on_the_road", attachments=[SLIP])


def test_what_another_station_issued_is_taken_in_and_handed_in_and_its_own_record_stands(
    province: Province, issued: work.Issued, other: FakeDevice
) -> None:
    other.record(SECOND_VET, taken_in(Number("", "B", issued.number.digits)))
    name = SheetName("B", issued.number.digits, 0, 2)
    other.record(SECOND_VET, SheetsHandedIn(sheets=[name], to="county_keeper", slip=SLIP))
    assert verdicts_on(province, other) == []
    rows = {row["print"]: row["state"] for row in DjangoRows(province.using).many("sheets", number=str(issued.number))}
    assert rows == {0: "returned"}
    assert (DjangoRows(province.using).one("certificates", number=str(issued.number)) or {})["state"] == "issued"
    assert differences(province.using) == []


def test_g03_a_sheet_taken_in_elsewhere_does_not_hide_the_life_of_its_number(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    stranger = province.enrol("二号机", station=OTHER_STATION, people=(SECOND_VET,))
    start = custody.undrawn_start(province.using, "B")
    custody.draw(province.using, "B", start, str(int(start) + 9), station=max(STATION, OTHER_STATION))
    finder = min((stranger, SECOND_VET, OTHER_STATION), (province.enrol(), VET, STATION), key=lambda one: one[2])
    finder[0].record(finder[1], taken_in(Number("", "B", start)))
    finder[0].sync(province.exchange)
    life = trace(province.using, f"B {start}")
    assert (life.station, life.standing) == (max(STATION, OTHER_STATION), Standing.UNCUT)
    assert life.steps[-1].what == "sheet.taken_in"


def test_what_another_station_holds_stands_in_the_way_of_nobody_s_draw(
    province: Province, issued: work.Issued, other: FakeDevice
) -> None:
    other.record(SECOND_VET, taken_in(Number("", "B", issued.number.digits)))
    other.sync(province.exchange)
    start = custody.undrawn_start(province.using, "B")
    custody.draw(province.using, "B", start, str(int(start) + 99), station=STATION)
    assert custody.unsettled(province.using, "B", STATION) == []


def test_what_the_station_issued_itself_is_no_strange_sheet(province: Province) -> None:
    device = province.enrol()
    paper = work.certify(device)
    device.record(VET, taken_in(paper.number))
    assert only(province, device) == (Judgement.WRONG_STATE, False, False)


def test_without_the_post_nobody_takes_in(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    device.record(HEAD, taken_in(Number("", "B", "3300000003")))
    assert only(province, device)[0] == Judgement.POST_MISSING
