"""The way back: what is not used goes up level by level, is counted at each, and what is dead never goes out again."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.numbering import Block
from inspector_app.domain.stock import Distribution, ReturnReceived, StockGivenBack
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.entries.custody import NumbersReturned
from province.custody import distributing, drawing, returning, stores, terms
from province.custody.drawing import DrawRequest
from province.custody.models import RefusedRequest
from province.custody.returning import ReturnRequest
from province.desk.holdings import holdings
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from province.ledgers.lives import trace
from tests.province.drawing import chain, one_chain
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    FIRST,
    PROVINCE,
    PROVINCE_KEEPER,
    UNIT,
    give,
    receive,
    to_city,
)
from tests.province.test_opened import line, take_over
from tests.province.test_stock import assign
from tests.sync.fakes import FakeDevice

__all__ = ["chain", "one_chain"]  # fixtures, found by their names
KEEPERS = {UNIT: VET, COUNTY: COUNTY_KEEPER, CITY: CITY_KEEPER, PROVINCE: PROVINCE_KEEPER}
LAST_HUNDRED = "9900001901-9900002000"


def request(giver: int = COUNTY, **changes: object) -> ReturnRequest:
    stated = ReturnRequest(
        giver=giver, kind="B", by=KEEPERS.get(giver, COUNTY_KEEPER), reason="too_many", typed=LAST_HUNDRED
    )
    return msgspec.structs.replace(stated, **changes)


def back(province: Province, giver: int = COUNTY, **changes: object) -> StockGivenBack:
    province.clock.wait(1)
    made = returning.give_back(province.using, request(giver, **changes))
    assert isinstance(made, StockGivenBack), made
    return made


def counted_in(province: Province, made: StockGivenBack) -> ReturnReceived:
    province.clock.wait(1)
    done = returning.receive_back(province.using, made.record, by=KEEPERS[made.receiver])
    assert isinstance(done, ReturnReceived), done
    return done


def codes(outcome: object) -> list[C]:
    assert isinstance(outcome, StockRefused), outcome
    return list(outcome.codes)


def lying(province: Province, organisation: int, *, ended: bool = False) -> list[tuple[str, str, int]]:
    read = stores.ended_lots if ended else stores.lots
    return [(lot.first, lot.last, lot.count) for lot in read(province.using, organisation, "B")]


def assert_adds_up(province: Province) -> None:
    """At every level, for both shelves: opening + in = out + closing, and closing is what lies there."""
    for organisation in KEEPERS:
        for ended in (False, True):
            page = stores.ledger(province.using, organisation, "B", "2026-11-01", "2026-12-31", ended=ended)
            assert isinstance(page, stores.LedgerPage)
            assert page.holds
            assert page.closing == page.on_hand
    assert differences(province.using) == []


def given_back_by_a_vet(province: Province, many: int = 20) -> tuple[FakeDevice, str, str]:
    """The vet gave the last numbers of a block back to the station's keeper."""
    device = province.enrol()
    block = next(one for one in device.held(Block) if (one.device, one.kind) == (device.device, "B"))
    first = str(int(block.last) - many + 1)
    device.record(VET, NumbersReturned(block.block, first, block.last, reason="too_many"))
    device.sync(province.exchange)
    return device, first, block.last


# --- what nobody has drawn ------------------------------------------------------------------------------------------


def test_stock_nobody_drew_goes_up_level_by_level_and_may_be_given_out_again(chain: Province) -> None:
    made = back(chain)
    assert (made.receiver, made.count, made.ended, made.station) == (CITY, 100, False, 0)
    assert lying(chain, COUNTY) == [(FIRST, "9900001900", 900)]
    assert lying(chain, CITY) == []  # on its way, in nobody's store
    counted_in(chain, made)
    assert lying(chain, CITY) == [("9900001901", "9900002000", 100)]
    counted_in(chain, back(chain, CITY))
    assert ("9900001901", "9900002000", 100) in lying(chain, PROVINCE)
    assert_adds_up(chain)
    given = distributing.distribute(chain.using, to_city(count=0, typed=LAST_HUNDRED))
    assert isinstance(given, Distribution), given


def test_what_came_back_and_went_down_again_is_drawn_once(one_chain: Province) -> None:
    counted_in(one_chain, back(one_chain, typed="9900001001-9900001100"))
    to_county = {"giver": CITY, "receiver": COUNTY, "by": CITY_KEEPER, "count": 0}
    give(one_chain, to_city(**to_county, typed="9900001001-9900001100"), COUNTY_KEEPER)
    one_chain.clock.wait(1)
    assert sum(count for _first, _last, count in lying(one_chain, COUNTY)) == 1000
    drawn = drawing.draw(one_chain.using, DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, count=100))
    assert not isinstance(drawn, StockRefused), drawn
    assert sum(count for _first, _last, count in lying(one_chain, COUNTY)) == 900
    assert_adds_up(one_chain)


def test_counted_goods_go_back_by_their_count(one_chain: Province) -> None:
    receive(one_chain, kind="mark", typed="", count=10)
    give(one_chain, to_city(kind="mark", count=10), CITY_KEEPER)
    counted_in(one_chain, back(one_chain, CITY, kind="mark", typed="", count=4))
    left = [sum(lot.count for lot in stores.lots(one_chain.using, one, "mark")) for one in (CITY, PROVINCE)]
    assert left == [6, 4]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
        ({"kind": "badge"}, C.KIND_UNKNOWN),
        ({"reason": "bored"}, C.REASON_UNKNOWN),
        ({"ledger": "own"}, C.FORMAT_FOREIGN),
        ({"typed": "first to last"}, C.RANGES_UNREADABLE),
        ({"typed": "9900001951-9900002050"}, C.CROSSES_STOCK),
        ({"typed": "9900003001-9900003100"}, C.NOT_ON_HAND),
        ({"typed": "", "count": 100}, C.QUANTITY_MISFIT),
        ({"giver": 77}, C.ORGANISATION_UNKNOWN),
    ],
)
def test_what_is_not_there_does_not_go_back(one_chain: Province, changes: dict[str, object], code: C) -> None:
    before = RefusedRequest.objects.using(one_chain.using).count()
    asked = msgspec.structs.replace(request(), **changes)
    assert code in codes(returning.give_back(one_chain.using, asked))
    assert RefusedRequest.objects.using(one_chain.using).count() == before + 1
    assert lying(one_chain, COUNTY) == [(FIRST, "9900002000", 1000)]


def test_above_the_province_nobody_takes_anything_back(one_chain: Province) -> None:
    assert codes(returning.give_back(one_chain.using, request(PROVINCE))) == [C.NO_SUPERIOR]


def test_g02_only_the_superior_s_keeper_counts_it_in_and_once(one_chain: Province) -> None:
    made = back(one_chain)
    assert codes(returning.receive_back(one_chain.using, made.record, by=PROVINCE_KEEPER)) == [C.NOT_THE_KEEPER]
    counted_in(one_chain, made)
    again = returning.receive_back(one_chain.using, made.record, by=CITY_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]
    assert lying(one_chain, CITY) == [("9900001901", "9900002000", 100)]
    assert codes(returning.receive_back(one_chain.using, "none", by=CITY_KEEPER)) == [C.RECORD_UNKNOWN]


def test_what_is_on_its_way_is_given_back_by_nobody_twice(one_chain: Province) -> None:
    back(one_chain)
    assert codes(returning.give_back(one_chain.using, request())) == [C.NOT_ON_HAND]


def test_a_return_that_nobody_counts_in_is_waited_for_and_goes_up(one_chain: Province) -> None:
    made = back(one_chain)
    term = next(one for one in terms.open_terms(one_chain.using) if one.record == made.record)
    assert (term.what, term.organisation) == ("return_receipt", CITY)
    one_chain.clock.wait(14 * 86_400)
    assert made.record in {one.record for one in terms.overdue(one_chain.using)}
    counted_in(one_chain, made)
    assert made.record not in {one.record for one in terms.open_terms(one_chain.using)}


# --- what a vet gave back -------------------------------------------------------------------------------------------


def test_numbers_a_vet_gave_back_go_up_from_the_station_and_never_out_again(chain: Province) -> None:
    _device, first, last = given_back_by_a_vet(chain)
    assert lying(chain, UNIT, ended=True) == [(first, last, 20)]
    for giver, above in ((UNIT, COUNTY), (COUNTY, CITY), (CITY, PROVINCE)):
        made = back(chain, giver, typed=f"{first}-{last}")
        assert made.ended
        assert lying(chain, giver, ended=True) == []
        counted_in(chain, made)
        assert lying(chain, above, ended=True) == [(first, last, 20)]
        assert all(one[0] != first for one in lying(chain, above))  # not on the shelf that is given out
    assert_adds_up(chain)
    out = distributing.distribute(chain.using, to_city(count=0, typed=f"{first}-{last}"))
    assert C.NOT_ON_HAND in codes(out)


def test_both_equations_and_the_continuity_report_know_what_went_up(one_chain: Province) -> None:
    device, first, last = given_back_by_a_vet(one_chain)
    (before,) = [one for one in continuity_of(one_chain.using, STATION).stretches if one.standing == "returned"]
    assert (before.first, before.last, before.passed_up) == (first, last, "")
    lowest = str(int(first) + 9)
    made = back(one_chain, UNIT, typed=f"{first}-{lowest}")
    report = continuity_of(one_chain.using, STATION)
    up, left = [one for one in report.stretches if one.standing == "returned"]
    assert (up.last, up.passed_up, left.passed_up) == (lowest, made.record, "")
    assert report.totals()["B"]["returned"] == 20  # whoever keeps them: the block's equation stands
    device.sync(one_chain.exchange)
    assert made.record in {one.record for one in device.held(StockGivenBack)}  # so the station says the same


def test_g03_the_way_up_is_on_the_trace_of_a_number(one_chain: Province) -> None:
    _device, first, last = given_back_by_a_vet(one_chain)
    made = back(one_chain, UNIT, typed=f"{first}-{last}")
    counted_in(one_chain, made)
    steps = trace(one_chain.using, f"B {first}").steps[-3:]
    assert [(step.what, step.organisation) for step in steps] == [
        ("numbers.returned", 0),
        ("stock_out", UNIT),
        ("stock_in", COUNTY),
    ]


def test_free_numbers_of_a_station_do_not_go_up_before_their_holder_gave_them_back(one_chain: Province) -> None:
    device = one_chain.enrol()
    block = next(one for one in device.held(Block) if (one.device, one.kind) == (device.device, "B"))
    typed = f"{block.first}-{block.last}"
    assert codes(returning.give_back(one_chain.using, request(UNIT, typed=typed))) == [C.NOT_ON_HAND]


def test_only_the_station_s_keeper_gives_them_up(one_chain: Province) -> None:
    _device, first, last = given_back_by_a_vet(one_chain)
    refused = returning.give_back(one_chain.using, request(UNIT, typed=f"{first}-{last}", by=COUNTY_KEEPER))
    assert codes(refused) == [C.NOT_THE_KEEPER]
    assert lying(one_chain, UNIT, ended=True) == [(first, last, 20)]


def test_what_was_given_back_under_a_former_system_lies_with_no_keeper_here(one_chain: Province) -> None:
    device = one_chain.enrol(people=(VET, HEAD))
    assign(device)
    take_over(device, line("9900000003", "9900000004", "returned"))
    device.sync(one_chain.exchange)
    assert (DjangoRows(one_chain.using).one("numbers", number="B 9900000003") or {})["state"] != "free"
    assert lying(one_chain, UNIT, ended=True) == []
    asked = request(UNIT, typed="9900000003-9900000004")
    assert codes(returning.give_back(one_chain.using, asked)) == [C.NOT_ON_HAND]
    assert [one.ended for one in holdings(one_chain.using, "B") if one.organisation == UNIT] == [0]
