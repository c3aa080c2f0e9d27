"""Who names the keeper of a store, and what passes from hand to hand; whose order a distribution answers."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.organisations import LocationSheet, OrganisationSheet
from inspector_app.domain.stock import Distribution, FeeCharged, OrderPlaced
from inspector_app.domain.stock_refusals import StockCode as C
from province.custody import distributing, drawing, fees, keepers, ordering, organisations
from province.custody.ordering import OrderRequest
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from tests.province.drawing import codes, drawn, request
from tests.province.fixtures import VET, Province
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    OTHER_CITY,
    OTHER_CITY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    UNIT,
    found_chain,
    stock_county,
    to_city,
)


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store, 2000 in the province's."""
    found_chain(province)
    stock_county(province, 1000)
    return province


def place(
    province: Province, keeper: int, by: int, counted: dict[str, int] | None = None, at: int = PROVINCE
) -> object:
    return organisations.place_store(province.using, at, 1, store="证章标志专库", keeper=keeper, by=by, counted=counted)


# --- the keeper of a store --------------------------------------------------------------------------------------------


def test_g02_only_the_head_changes_the_keeper(one_chain: Province) -> None:
    book = keepers.in_store(one_chain.using, PROVINCE, 1)
    for stranger in (VET, PROVINCE_KEEPER, CITY_HEAD):
        assert codes(place(one_chain, OTHER_CITY_KEEPER, stranger, book)) == [C.NOT_THE_HEAD]
    assert isinstance(place(one_chain, OTHER_CITY_KEEPER, PROVINCE_HEAD, book), LocationSheet)


def test_g02_the_head_keeps_no_store_and_no_keeper_becomes_head(one_chain: Province) -> None:
    book = keepers.in_store(one_chain.using, PROVINCE, 1)
    assert codes(place(one_chain, PROVINCE_HEAD, PROVINCE_HEAD, book)) == [C.KEEPER_IS_HEAD]
    sheet = organisations.find(one_chain.using, COUNTY)
    assert sheet is not None
    changed = organisations.register(one_chain.using, _headed_by(sheet, COUNTY_KEEPER))
    assert codes(changed) == [C.KEEPER_IS_HEAD]
    assert isinstance(organisations.register(one_chain.using, _headed_by(sheet, CITY_HEAD)), type(sheet))


def _headed_by(sheet: OrganisationSheet, head: int) -> OrganisationSheet:
    return msgspec.structs.replace(sheet, head=head)


@pytest.mark.parametrize("counted", [{}, {"B": 1999}, {"B": 2000, "mark": 3}, {"A": 2000}])
def test_g02_what_changes_hands_is_counted_and_is_what_the_book_says(
    one_chain: Province, counted: dict[str, int]
) -> None:
    refused = codes(place(one_chain, OTHER_CITY_KEEPER, PROVINCE_HEAD, counted))
    assert set(refused) == {C.HAND_OVER_DIFFERS}
    held = organisations.location_of(one_chain.using, PROVINCE, 1)
    assert held is not None
    assert held.keeper == PROVINCE_KEEPER


def test_a_hand_over_is_on_record_with_both_keepers_and_the_count(one_chain: Province) -> None:
    place(one_chain, OTHER_CITY_KEEPER, PROVINCE_HEAD, {"B": 2000, "mark": 0})
    (row,) = DjangoRows(one_chain.using).many("store_hand_overs", organisation=PROVINCE)
    assert (row["previous"], row["keeper"], row["counted"]) == (PROVINCE_KEEPER, OTHER_CITY_KEEPER, "B 2000")
    refused = distributing.distribute(one_chain.using, to_city())
    assert codes(refused) == [C.NOT_THE_KEEPER]
    assert differences(one_chain.using) == []


def test_naming_the_store_anew_for_the_same_keeper_needs_no_count(one_chain: Province) -> None:
    assert isinstance(place(one_chain, PROVINCE_KEEPER, PROVINCE_HEAD), LocationSheet)
    assert DjangoRows(one_chain.using).many("store_hand_overs", organisation=PROVINCE) == []


# --- whose order ------------------------------------------------------------------------------------------------------


def test_g05_a_distribution_answers_the_order_of_who_receives_it_in_that_kind(one_chain: Province) -> None:
    asked = OrderRequest(organisation=OTHER_CITY, superior=PROVINCE, kind="B", wanted=300, by=OTHER_CITY_KEEPER)
    other = ordering.place_order(one_chain.using, asked)
    assert isinstance(other, OrderPlaced)
    assert codes(distributing.distribute(one_chain.using, to_city(order=other.order))) == [C.ORDER_OF_OTHER]
    asked = OrderRequest(organisation=CITY, superior=PROVINCE, kind="A", wanted=300, by=CITY_KEEPER)
    of_a = ordering.place_order(one_chain.using, asked)
    assert isinstance(of_a, OrderPlaced)
    assert codes(distributing.distribute(one_chain.using, to_city(order=of_a.order))) == [C.ORDER_OF_OTHER]
    answered = distributing.distribute(one_chain.using, to_city(receiver=OTHER_CITY, order=other.order))
    assert isinstance(answered, Distribution)


# --- the fee of a draw ------------------------------------------------------------------------------------------------


def test_g15_a_draw_is_charged_for_and_nothing_more_is_drawn_before_it_is_settled(one_chain: Province) -> None:
    made = drawn(one_chain, count=50)
    charged = fees.charge(one_chain.using, made.draw, amount_fen=1_000, invoice="FP-1", by=COUNTY_KEEPER)
    assert isinstance(charged, FeeCharged)
    assert (charged.payer, charged.payee) == (UNIT, COUNTY)
    assert codes(drawing.draw(one_chain.using, request(count=50))) == [C.FEE_UNSETTLED]
    fees.settle(one_chain.using, charged.fee, amount_fen=1_000, receipt="SJ-1", by=COUNTY_KEEPER)
    drawn(one_chain, count=50)


def test_a_draw_is_charged_once_and_by_the_keeper_who_gave(one_chain: Province) -> None:
    made = drawn(one_chain, count=50)
    stranger = fees.charge(one_chain.using, made.draw, amount_fen=1_000, invoice="FP-1", by=CITY_KEEPER)
    assert codes(stranger) == [C.NOT_THE_KEEPER]
    fees.charge(one_chain.using, made.draw, amount_fen=1_000, invoice="FP-1", by=COUNTY_KEEPER)
    again = fees.charge(one_chain.using, made.draw, amount_fen=1_000, invoice="FP-2", by=COUNTY_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]
    unknown = fees.charge(one_chain.using, "99-B0099-aa", amount_fen=1_000, invoice="FP-3", by=COUNTY_KEEPER)
    assert codes(unknown) == [C.RECORD_UNKNOWN]
