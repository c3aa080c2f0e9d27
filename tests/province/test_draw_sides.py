"""A draw has two sides: who gives and who takes; no station outside the organisations; the cap is not sliced."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.numbering import Block
from inspector_app.domain.stock import DrawAsked
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.journal.entries.custody import BlockRequested, NumbersLost
from inspector_app.journal.entries.stores import DrawReceived, StoreAssigned
from province.custody import drawing, founding_draws
from province.custody.models import RefusedRequest
from province.custody.refused import RefusedError
from province.journal.rows import DjangoRows
from province.numbers.models import DrawnRange
from province.registry import furnishing, publishing
from province.registry.filings import FiledWith
from tests.province.drawing import codes, drawn, request, take_in
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.institutions import (
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    OTHER_COUNTY,
    PROVINCE,
    found_chain,
    name_keeper,
    stock_county,
)

FILED = (FiledWith("A", PROVINCE, "省检 A-51"), FiledWith("B", COUNTY, "邮检 B-51"))
OTHER_B = (FiledWith("B", OTHER_COUNTY, "兴检 B-51"),)


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store."""
    found_chain(province)
    stock_county(province, 1000)
    return province


# --- for whom ---------------------------------------------------------------------------------------------------------


def test_a_vet_filed_at_the_station_for_the_kind_draws_in_person(one_chain: Province) -> None:
    assert drawn(one_chain, holder=SECOND_VET).holder == SECOND_VET


@pytest.mark.parametrize("holder", [9999, HEAD, CLERK, COUNTY_KEEPER + 1])
def test_g10_numbers_go_to_no_one_but_a_vet_of_the_station(one_chain: Province, holder: int) -> None:
    assert C.HOLDER_NO_VET in codes(drawing.draw(one_chain.using, request(holder=holder)))


def test_g10_a_vet_of_another_station_or_kind_or_whose_grant_ended_draws_nothing(one_chain: Province) -> None:
    publishing.add_person(one_chain.using, 51, name="外站")
    at = one_chain.clock.at
    others: tuple[dict[str, Any], ...] = (
        {"station": OTHER_STATION, "kinds": ("B",), "filed": OTHER_B, "valid_from": at - 60_000},
        {"station": STATION, "kinds": ("A",), "filed": FILED, "valid_from": at - 60_000},
        {"station": STATION, "kinds": ("B",), "filed": FILED, "valid_from": at - 60_000, "valid_until": at - 1},
        {"station": STATION, "kinds": ("B",), "filed": FILED, "valid_from": at + 60_000},
    )
    for changes in others:
        publishing.grant(one_chain.using, 51, posts=("vet",), **changes)
        assert codes(drawing.draw(one_chain.using, request(holder=51))) == [C.HOLDER_NO_VET]


def test_g10_nobody_lets_themself_draw_whatever_posts_they_hold(one_chain: Province) -> None:
    name_keeper(one_chain, COUNTY, VET)
    for holder in (VET, 0):  # for the station is for its vets, and the keeper is one of them
        assert codes(drawing.draw(one_chain.using, request(by=VET, holder=holder))) == [C.DRAWS_FOR_SELF]
    assert isinstance(drawing.draw(one_chain.using, request(by=VET, holder=SECOND_VET)), DrawnRange)


# --- taken in ---------------------------------------------------------------------------------------------------------


def test_g10_nothing_further_is_drawn_while_an_earlier_draw_lies_untaken(one_chain: Province) -> None:
    device = one_chain.enrol()
    first = drawn(one_chain, count=50)
    drawn(one_chain, count=50)  # the latest may be in arrears
    device.sync(one_chain.exchange)
    assert codes(drawing.draw(one_chain.using, request(count=50))) == [C.DRAW_UNTAKEN]
    take_in(one_chain, device, first)
    drawn(one_chain, count=50)


def test_g10_who_decided_a_draw_does_not_take_it_in_too(one_chain: Province) -> None:
    device = one_chain.enrol(people=(VET, SECOND_VET))
    begun = one_chain.clock.at - 60_000
    publishing.grant(
        one_chain.using,
        HEAD,
        station=STATION,
        posts=("head", "keeper"),
        kinds=(),
        valid_from=begun,
    )
    device.add_person(HEAD)
    name_keeper(one_chain, COUNTY, HEAD)
    made = drawn(one_chain, count=50, by=HEAD)
    drawn(one_chain, count=50, by=HEAD)
    device.record(VET, StoreAssigned(store="S1", keeper=HEAD))
    device.record(HEAD, DrawReceived(draw=made.draw, store="S1"))
    device.sync(one_chain.exchange)
    assert DjangoRows(one_chain.using).one("draw_receipts", draw=made.draw) is not None
    assert codes(drawing.draw(one_chain.using, request(count=50, by=HEAD))) == [C.DRAW_UNTAKEN]


def test_g10_who_keeps_the_stations_store_does_not_decide_what_comes_into_it(one_chain: Province) -> None:
    device = one_chain.enrol(people=(VET, SECOND_VET))
    begun = one_chain.clock.at - 60_000
    publishing.grant(one_chain.using, HEAD, station=STATION, posts=("head", "keeper"), kinds=(), valid_from=begun)
    device.add_person(HEAD)
    device.sync(one_chain.exchange)  # the grant is known there
    device.record(VET, StoreAssigned(store="S1", keeper=HEAD))
    device.sync(one_chain.exchange)
    name_keeper(one_chain, COUNTY, HEAD)
    assert codes(drawing.draw(one_chain.using, request(count=50, by=HEAD))) == [C.DRAWS_FOR_SELF]
    assert codes(drawing.draw(one_chain.using, request(count=50, by=HEAD, holder=SECOND_VET))) == [C.DRAWS_FOR_SELF]
    name_keeper(one_chain, COUNTY, COUNTY_KEEPER)
    drawn(one_chain, count=50)


# --- the cap in slices ------------------------------------------------------------------------------------------------


def test_g14_the_cap_is_not_drawn_in_slices(one_chain: Province) -> None:
    device = one_chain.enrol()
    made = drawn(one_chain, count=200)
    take_in(one_chain, device, made)
    assert codes(drawing.draw(one_chain.using, request(count=1))) == [C.OVER_CAP]
    waiting = drawing.draw(one_chain.using, request(count=200, reason="season"))
    assert isinstance(waiting, DrawAsked)
    granted = drawing.confirm(one_chain.using, waiting.ask, by=COUNTY_HEAD)
    assert isinstance(granted, DrawnRange)
    decided = DjangoRows(one_chain.using).one("draw_decisions", draw=granted.draw) or {}
    assert (decided["cap"], decided["unused"], decided["head"]) == (200, 200, COUNTY_HEAD)


def test_what_was_used_makes_room_for_the_next_draw(one_chain: Province) -> None:
    device = one_chain.enrol()
    for draw in DrawnRange.objects.using(one_chain.using).filter(kind="B"):
        draw.cut_through = draw.high  # the founding draw is used up
        draw.save(using=one_chain.using)
    made = drawn(one_chain, count=200)
    assert codes(drawing.draw(one_chain.using, request(count=1))) == [C.OVER_CAP]
    device.record(VET, BlockRequested(kind="B", wanted=150, emergency=False))
    device.sync(one_chain.exchange)
    block = next(one for one in device.held(Block) if one.draw == made.draw)
    last = str(int(block.first) + 9)
    device.record(VET, NumbersLost(block.block, block.first, last, cause="lost", found_out_on="2026-11-21"))
    take_in(one_chain, device, made)
    assert codes(drawing.draw(one_chain.using, request(count=11))) == [C.OVER_CAP]
    assert isinstance(drawing.draw(one_chain.using, request(count=10)), DrawnRange)


def test_one_vet_s_numbers_do_not_fill_another_s_cap(one_chain: Province) -> None:
    drawn(one_chain, count=200, holder=SECOND_VET)
    assert codes(drawing.draw(one_chain.using, request(count=1, holder=SECOND_VET))) == [C.OVER_CAP]
    assert isinstance(drawing.draw(one_chain.using, request(count=200, holder=VET)), DrawnRange)


# --- no station outside the organisations -----------------------------------------------------------------------------


def test_g08_a_station_under_no_organisation_gets_nothing_once_there_are_any(province: Province) -> None:
    publishing.add_station(province.using, 9, name="无主站", name_en="Nobody's Station", area=321084, phone="0514-1")
    first, last = "9900001001", "9900001100"
    made = founding_draws.draw_undecided(province.using, "B", first, last, station=9)
    assert isinstance(made, DrawnRange)  # before: somebody has to found the province
    found_chain(province)
    before = DrawnRange.objects.using(province.using).count()
    refused = founding_draws.draw_undecided(province.using, "B", "9900001101", "9900001200", station=9)
    assert codes(refused) == [C.STATION_NO_UNIT]
    assert DrawnRange.objects.using(province.using).count() == before
    logged = RefusedRequest.objects.using(province.using).last()
    assert logged is not None
    assert (logged.act, logged.codes) == ("draw", "station_no_unit")


def test_g04_a_table_draws_nothing_once_there_are_organisations(province: Province) -> None:
    found_chain(province)
    with pytest.raises(RefusedError, match="station_no_unit"):
        furnishing.furnish(province.using, {"numbers": [{"kind": "B", "count": 10, "station": STATION}]})
