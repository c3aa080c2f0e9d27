"""Old sheets counted in: what a station handed in is settled once the keeper above has counted it."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.hand_ins import OldSheetsReceived
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.entries.custody import SheetSpoiled
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded
from inspector_app.journal.entries.sheets import SheetName, SheetsHandedIn
from province.custody import drawing, hand_ins
from province.custody.hand_ins import Count
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers.custody import unsettled
from tests.province import work
from tests.province.desks import Desk, county, error_at
from tests.province.drawing import drawn, request
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    found_chain,
    name_keeper,
    stock_county,
)
from tests.province.test_moments import printed
from tests.sync.fakes import FakeDevice

SLIP = "5f" * 32


@pytest.fixture
def one_chain(province: Province) -> Province:
    found_chain(province)
    stock_county(province, 1000)
    return province


def handed_in(province: Province, device: FakeDevice) -> tuple[str, list[str]]:
    """Both sheets of a certificate, spoiled at the first printer and handed in; its draw is no longer the latest."""
    issued = work.certify(device)
    printed(device, issued)
    for place in (1, 2):
        device.record(VET, SheetSpoiled(issued.number, 1, place, category="damaged"))
    names = [SheetName(issued.number.kind, issued.number.digits, 1, place) for place in (1, 2)]
    ref = device.record(VET, SheetsHandedIn(names, to="county_keeper", slip=SLIP))
    device.sync(province.exchange)
    drawn(province)  # so the sheets are of the draw before
    return ref, [str(one) for one in names]


def codes(outcome: object) -> list[C]:
    assert isinstance(outcome, StockRefused), outcome
    return list(outcome.codes)


def count(ref: str, counted: int = 2, **changes: object) -> Count:
    stated = Count(hand_in=ref, counted=counted, by=COUNTY_KEEPER)
    return msgspec.structs.replace(stated, **changes)


def counted_in(province: Province, ref: str, counted: int = 2, **changes: object) -> OldSheetsReceived:
    province.clock.wait(1)
    made = hand_ins.count_in(province.using, count(ref, counted, **changes))
    assert isinstance(made, OldSheetsReceived), made
    return made


def test_g10_what_a_station_says_it_handed_in_stands_in_the_way_until_the_keeper_above_has_counted_it(
    one_chain: Province,
) -> None:
    device = one_chain.enrol()
    ref, _names = handed_in(one_chain, device)
    assert [one.sheets for one in unsettled(one_chain.using, "B", STATION)] == [2]
    assert codes(drawing.draw(one_chain.using, request())) == [C.SHEETS_OUTSTANDING]
    made = counted_in(one_chain, ref)
    assert (made.station, made.organisation, made.counted, made.missing) == (STATION, COUNTY, 2, ())
    assert unsettled(one_chain.using, "B", STATION) == []
    drawn(one_chain)
    assert differences(one_chain.using) == []


def test_g10_only_the_keeper_above_counts_and_never_who_handed_in(one_chain: Province) -> None:
    device = one_chain.enrol()
    ref, _names = handed_in(one_chain, device)
    for stranger in (CITY_KEEPER, COUNTY_HEAD):
        assert codes(hand_ins.count_in(one_chain.using, count(ref, by=stranger))) == [C.NOT_THE_KEEPER]
    assert codes(hand_ins.count_in(one_chain.using, count(ref, by=HEAD))) == [C.NOT_THE_KEEPER]
    assert codes(hand_ins.count_in(one_chain.using, count(ref, by=9999)))[0] == C.PERSON_UNKNOWN
    name_keeper(one_chain, COUNTY, VET)  # the same person in both posts
    assert codes(hand_ins.count_in(one_chain.using, count(ref, by=VET))) == [C.SAME_PERSON]
    assert DjangoRows(one_chain.using).count("hand_in_counts") == 0


def test_the_station_hears_of_the_count_and_says_the_same(one_chain: Province) -> None:
    device = one_chain.enrol()
    ref, _names = handed_in(one_chain, device)
    made = counted_in(one_chain, ref)
    device.sync(one_chain.exchange)
    assert device.held(OldSheetsReceived) == [made]


def test_what_is_missing_stays_outstanding_and_opens_a_case_at_the_station(one_chain: Province) -> None:
    device = one_chain.enrol()
    ref, names = handed_in(one_chain, device)
    counted_in(one_chain, ref, 1, missing=(names[1],))
    assert [one.sheets for one in unsettled(one_chain.using, "B", STATION)] == [1]
    case = DjangoRows(one_chain.using).one("custody_cases", ref=ref)
    assert case is not None
    assert (case["kind"], case["state"], case["opened_by"], case["due_on"]) == (
        "hand_in_differs", "open", COUNTY_KEEPER, "2026-12-18",
    )  # fmt: skip
    assert differences(one_chain.using) == []


def test_what_turns_up_is_counted_again_and_a_settled_slip_is_not(one_chain: Province) -> None:
    device = one_chain.enrol()
    ref, names = handed_in(one_chain, device)
    counted_in(one_chain, ref, 0, missing=tuple(names))
    counted_in(one_chain, ref, 1, missing=(names[0],))
    assert [one.sheets for one in unsettled(one_chain.using, "B", STATION)] == [1]
    counted_in(one_chain, ref)
    assert unsettled(one_chain.using, "B", STATION) == []
    assert codes(hand_ins.count_in(one_chain.using, count(ref))) == [C.RECORD_SETTLED]
    assert len(DjangoRows(one_chain.using).many("custody_cases")) == 1


@pytest.mark.parametrize("counted_slip", [0, 1])
def test_a_sheet_on_two_slips_is_settled_by_whichever_is_counted_in(one_chain: Province, counted_slip: int) -> None:
    """Two computers handed it in without having heard of each other."""
    device, sister = one_chain.enrol("一号机"), one_chain.enrol("二号机")
    ref, names = handed_in(one_chain, device)
    kind, digits = names[0].split()[:2]
    slip = [SheetName(kind, digits, 1, place) for place in (1, 2)]
    other = sister.record(VET, SheetsHandedIn(slip, to="county_keeper", slip=SLIP))
    sister.sync(one_chain.exchange)
    counted_in(one_chain, (ref, other)[counted_slip])
    assert unsettled(one_chain.using, "B", STATION) == []
    assert differences(one_chain.using) == []


def test_a_slip_that_names_a_sheet_twice_is_taken_in(one_chain: Province) -> None:
    device, sister = one_chain.enrol("一号机"), one_chain.enrol("二号机")
    _ref, names = handed_in(one_chain, device)
    kind, digits = names[0].split()[:2]
    sister.record(VET, SheetsHandedIn([SheetName(kind, digits, 1, 1)] * 2, to="county_keeper", slip=SLIP))
    sister.sync(one_chain.exchange)
    assert (
        len(DjangoRows(one_chain.using).many("sheet_moves", number=f"{kind} {digits}", sheet=1, state="returned")) == 2
    )


def test_a_concluded_case_settles_what_never_turned_up(one_chain: Province) -> None:
    device = one_chain.enrol(people=(VET, HEAD))
    ref, names = handed_in(one_chain, device)
    counted_in(one_chain, ref, 1, missing=(names[1],))
    device.sync(one_chain.exchange)
    device.record(HEAD, CustodyCaseConcluded(opened=ref, cause="misfiled", conclusion="put_right"))
    device.sync(one_chain.exchange)
    assert DjangoRows(one_chain.using).many("verdicts") == []
    assert unsettled(one_chain.using, "B", STATION) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"counted": 3}, C.COUNT_MISFITS_SLIP),
        ({"counted": 1}, C.COUNT_MISFITS_SLIP),
        ({"counted": -1}, C.COUNT_MISFITS_SLIP),
        ({"counted": 1, "missing": ("B 9900000999 1/2",)}, C.NOT_ON_SLIP),
        ({"hand_in": "ab" * 16 + "/7"}, C.RECORD_UNKNOWN),
        ({"hand_in": "nonsense"}, C.RECORD_UNKNOWN),
    ],
)
def test_a_count_that_does_not_make_up_the_slip_is_refused(
    one_chain: Province, changes: dict[str, object], code: C
) -> None:
    device = one_chain.enrol()
    ref, _names = handed_in(one_chain, device)
    asked = msgspec.structs.replace(count(ref), **changes)
    assert codes(hand_ins.count_in(one_chain.using, asked)) == [code]
    assert unsettled(one_chain.using, "B", STATION) != []


def test_where_a_station_stands_under_no_organisation_somebody_of_the_roster_counts(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    printed(device, issued)
    device.record(VET, SheetSpoiled(issued.number, 1, 2, category="damaged"))
    name = SheetName(issued.number.kind, issued.number.digits, 1, 2)
    ref = device.record(VET, SheetsHandedIn([name], to="county_keeper", slip=SLIP))
    device.sync(province.exchange)
    assert codes(hand_ins.count_in(province.using, count(ref, 1, by=VET))) == [C.SAME_PERSON]
    assert codes(hand_ins.count_in(province.using, count(ref, 1, by=9999))) == [C.PERSON_UNKNOWN]
    assert (counted_in(province, ref, 1, by=HEAD).organisation) == 0


def test_the_desk_counts_sheet_by_sheet(site: Province) -> None:
    found_chain(site)
    stock_county(site, 1000)
    device = site.enrol()
    ref, names = handed_in(site, device)
    desk = county(site)
    assert "待清点" in desk.get("draws/")
    assert names[1] in desk.get(f"draws/hand-ins/{ref}/")
    page = desk.post(f"draws/hand-ins/{ref}/", counted="2", missing=names[1])
    assert "合计不符" in error_at(page, "counted")
    assert "缺 1 联" not in desk.get("draws/")
    desk.post(f"draws/hand-ins/{ref}/", counted="1", missing=names[1])
    assert "缺 1 联" in desk.get("draws/")
    assert f"draws/hand-ins/{ref}" not in Desk(site, CITY_KEEPER).get("draws/")
    desk.get("draws/hand-ins/nobody/", status=404)
