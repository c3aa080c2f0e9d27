"""The one ledger format, and cost fees between institutions."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.stock import Distribution, FeeSettled
from inspector_app.domain.stock_refusals import StockCode as C
from province.custody import distributing, fees, receiving, stores
from province.numbers import custody
from tests.province.fixtures import STATION, Province
from tests.province.institutional import chain, charged, codes, one_chain
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    FIRST,
    OTHER_CITY,
    PROVINCE,
    PROVINCE_KEEPER,
    delivery,
    give,
    receive,
    stock_county,
    to_city,
)

__all__ = ["chain", "one_chain"]  # found by their names


# --- G12: one ledger format -------------------------------------------------------------------------------------------


def test_g12_records_and_ledgers_are_in_the_one_format_of_the_province(chain: Province) -> None:
    assert codes(receiving.receive(chain.using, delivery(ledger="GX-2009"))) == [C.FORMAT_FOREIGN]
    receive(chain)
    assert codes(distributing.distribute(chain.using, to_city(ledger="own-sheet"))) == [C.FORMAT_FOREIGN]


def test_the_ledger_has_the_columns_of_its_format_and_balances(one_chain: Province) -> None:
    receive(one_chain, typed="9900001001-9900002000", day="2026-11-19")
    receive(one_chain, typed="9900002001-9900003000", day="2026-11-20")
    give(one_chain, to_city(count=1500), CITY_KEEPER)
    page = stores.ledger(one_chain.using, PROVINCE, "B", "2026-11-20", "2026-11-30")
    assert isinstance(page, stores.LedgerPage)
    assert (page.opening, page.came_in, page.went_out, page.closing, page.on_hand) == (1000, 1000, 1500, 500, 500)
    assert page.holds
    assert set(page.columns) == set(stores.LedgerLine.__struct_fields__)
    assert [line.balance for line in page.lines] == [2000, 1000, 500]
    foreign = stores.ledger(one_chain.using, PROVINCE, "B", "2026-11-20", "2026-11-30", named="GX-2009")
    assert codes(foreign) == [C.FORMAT_FOREIGN]


def test_what_a_station_draws_is_on_the_ledger_of_the_store_it_came_from(one_chain: Province) -> None:
    stock_county(one_chain)
    custody.draw(one_chain.using, "B", FIRST, "9900001100", station=STATION)
    page = stores.ledger(one_chain.using, COUNTY, "B", "2026-11-01", "2026-11-30")
    assert isinstance(page, stores.LedgerPage)
    assert (page.came_in, page.went_out, page.closing, page.on_hand) == (500, 100, 400, 400)
    assert page.lines[-1].counterpart == STATION


# --- G15: the cost fee ------------------------------------------------------------------------------------------------


def test_g15_nothing_more_before_the_cost_fee_of_the_last_is_settled(chain: Province) -> None:
    receive(chain)
    fee = charged(chain)
    assert codes(distributing.distribute(chain.using, to_city())) == [C.FEE_UNSETTLED]
    fees.settle(chain.using, fee.fee, amount_fen=5_000, receipt="SJ-1", by=PROVINCE_KEEPER)
    assert codes(distributing.distribute(chain.using, to_city())) == [C.FEE_UNSETTLED]
    assert isinstance(distributing.distribute(chain.using, to_city(receiver=OTHER_CITY)), Distribution)
    paid = fees.settle(chain.using, fee.fee, amount_fen=2_500, receipt="SJ-2", by=PROVINCE_KEEPER)
    assert isinstance(paid, FeeSettled)
    assert isinstance(distributing.distribute(chain.using, to_city()), Distribution)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_fen": 7_501}, C.AMOUNT_WRONG),
        ({"amount_fen": 0}, C.AMOUNT_WRONG),
        ({"receipt": ""}, C.AMOUNT_WRONG),
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
    ],
)
def test_a_payment_that_cannot_be_is_refused(one_chain: Province, changes: dict[str, Any], code: C) -> None:
    receive(one_chain)
    fee = charged(one_chain)
    stated: dict[str, Any] = {"amount_fen": 7_500, "receipt": "SJ-1", "by": PROVINCE_KEEPER}
    assert codes(fees.settle(one_chain.using, fee.fee, **(stated | changes))) == [code]
    assert [one.left_fen for one in fees.owed_by(one_chain.using, CITY)] == [7_500]


def test_one_receipt_and_one_charge_count_once(one_chain: Province) -> None:
    receive(one_chain)
    fee = charged(one_chain)
    again = fees.charge(one_chain.using, fee.distribution, amount_fen=1, invoice="FP-2", by=PROVINCE_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]
    fees.settle(one_chain.using, fee.fee, amount_fen=1_000, receipt="SJ-1", by=PROVINCE_KEEPER)
    twice = fees.settle(one_chain.using, fee.fee, amount_fen=1_000, receipt="SJ-1", by=PROVINCE_KEEPER)
    assert codes(twice) == [C.RECORD_SETTLED]
    assert codes(fees.settle(one_chain.using, "none", amount_fen=1, receipt="x", by=PROVINCE_KEEPER)) == [
        C.RECORD_UNKNOWN
    ]
