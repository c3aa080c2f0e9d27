"""What the station hears of its own store: what was given, counted in, used, lost and counted there, and its seals."""

from __future__ import annotations

import pytest

from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import Distribution, DistributionReceived, StockGivenBack
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.store_counts import StoreCountConfirmed, StoreCounted
from inspector_app.journal.books.goods import read_goods
from inspector_app.journal.feed import read_document
from province.custody import counting, distributing, ending, receiving, returning, seals
from province.custody.counting import CountRequest
from province.custody.ending import EndRequest
from province.custody.returning import ReturnRequest
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.institutional import chain, one_chain, reported
from tests.province.institutions import (
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    UNIT,
    give,
    receive,
    to_city,
    to_county,
)

__all__ = ["chain", "one_chain"]  # found by their names
MARKS = {"kind": "mark", "count": 40}
HEARD = (
    Distribution,
    DistributionReceived,
    StockGivenBack,
    StockEnded,
    StockLossConcluded,
    StoreCounted,
    StoreCountConfirmed,
    SealSheet,
)


def stocked(province: Province, *, confirm: bool = True) -> Distribution:
    """Forty marks on their way down to the using unit, counted in there by its keeper."""
    receive(province, kind="mark", typed="", count=60)
    give(province, to_city(**MARKS), CITY_KEEPER)
    give(province, to_county(**MARKS), COUNTY_KEEPER)
    down = to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, **MARKS)
    if confirm:
        return give(province, down, VET)
    made = distributing.distribute(province.using, down)
    assert isinstance(made, Distribution), made
    return made


def heard(province: Province, *, station: int = STATION) -> list[str]:
    """What a device of a station pulls of stock, by the names of the documents."""
    device = province.enrol(station=station, people=())
    values = [read_document(one.content) for one in device.stored]
    return [type(value).__name__ for value in values if isinstance(value, HEARD)]


def left(province: Province, kind: str = "mark") -> int:
    moves = [one for one in read_goods(DjangoRows(province.using), UNIT) if one.kind == kind]
    return sum(one.came_in - one.went_out for one in moves)


def used(province: Province, count: int = 10, how: str = "used", cause: str = "") -> StockEnded:
    asked = EndRequest(organisation=UNIT, kind="mark", how=how, cause=cause, by=VET, count=count)
    made = ending.end_stock(province.using, asked)
    assert isinstance(made, StockEnded), made
    return made


def test_g01_the_station_hears_of_what_moves_in_its_own_store(chain: Province) -> None:
    stocked(chain)
    used(chain)
    assert heard(chain) == ["Distribution", "DistributionReceived", "StockEnded"]
    assert heard(chain, station=OTHER_STATION) == []
    assert left(chain) == 30
    assert differences(chain.using) == []


def test_what_is_on_its_way_is_heard_and_lies_nowhere(one_chain: Province) -> None:
    made = stocked(one_chain, confirm=False)
    assert heard(one_chain) == ["Distribution"]
    assert left(one_chain) == 0
    counted = Counted(count=38, cause="lost")
    came = receiving.confirm_receipt(one_chain.using, made.distribution, by=VET, counted=counted)
    assert isinstance(came, DistributionReceived)
    assert heard(one_chain) == ["Distribution", "StockEnded", "DistributionReceived"]  # the rest is a case
    assert left(one_chain) == 38


def test_a_loss_its_conclusion_and_a_return_are_heard(one_chain: Province) -> None:
    stocked(one_chain)
    lost = used(one_chain, 2, "lost", "stolen")
    reported(one_chain, lost.ending, by=HEAD)
    concluded = ending.conclude_loss(one_chain.using, lost.ending, cause="stolen", conclusion="loss_reported", by=HEAD)
    assert isinstance(concluded, StockLossConcluded), concluded
    back = returning.give_back(
        one_chain.using, ReturnRequest(giver=UNIT, kind="mark", by=VET, reason="too_many", count=8)
    )
    assert isinstance(back, StockGivenBack), back
    assert heard(one_chain)[2:] == ["StockEnded", "StockLossConcluded", "StockGivenBack"]
    assert left(one_chain) == 30


def test_a_count_and_its_second_person_are_heard(one_chain: Province) -> None:
    stocked(one_chain)
    made = counting.count_store(
        one_chain.using, CountRequest(organisation=UNIT, kind="mark", by=VET, counted=Counted(count=40))
    )
    assert isinstance(made, StoreCounted), made
    assert isinstance(counting.confirm_count(one_chain.using, made.count, by=HEAD), StoreCountConfirmed)
    assert heard(one_chain)[2:] == ["StoreCounted", "StoreCountConfirmed"]


@pytest.mark.parametrize(("organisation", "keeper", "told"), [(UNIT, VET, ["SealSheet"]), (COUNTY, COUNTY_KEEPER, [])])
def test_a_seal_is_heard_of_by_the_station_that_has_it(
    one_chain: Province, organisation: int, keeper: int, told: list[str]
) -> None:
    sheet = SealSheet("3 号章", 0, organisation, keeper, "ab" * 32, "2026-11-01", "", keeper, 0)
    assert isinstance(seals.keep_seal(one_chain.using, sheet), SealSheet)
    assert heard(one_chain) == told


def test_what_passes_between_institutions_is_told_to_no_station(one_chain: Province) -> None:
    receive(one_chain, kind="mark", typed="", count=60)
    give(one_chain, to_city(**MARKS), CITY_KEEPER)
    give(one_chain, to_county(**MARKS), COUNTY_KEEPER)
    ending.end_stock(
        one_chain.using, EndRequest(organisation=COUNTY, kind="mark", how="used", by=COUNTY_KEEPER, count=5)
    )
    assert heard(one_chain) == heard(one_chain, station=OTHER_STATION) == []


def test_what_is_refused_is_heard_by_nobody(one_chain: Province) -> None:
    stocked(one_chain)
    refused = ending.end_stock(
        one_chain.using, EndRequest(organisation=UNIT, kind="mark", how="used", by=HEAD, count=5)
    )
    assert hasattr(refused, "refusals")
    assert heard(one_chain) == ["Distribution", "DistributionReceived"]
