"""Stock that ends in a store: lost at once, used by count; gone from every ledger alike, its case concluded."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.stock_refusals import StockCode as C
from province.custody import distributing, drawing, ending, stores
from province.custody.ending import EndRequest
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.lives import trace
from tests.province.desks import Desk, error_at
from tests.province.drawing import codes, request
from tests.province.fixtures import VET, Province
from tests.province.institutional import published, reported
from tests.province.institutions import (
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    combine_posts,
    found_chain,
    receive,
    stock_county,
    to_city,
)
from tests.province.stocked import on_hand, one_chain

__all__ = ["one_chain"]  # found by its name

STOLEN = "9900001001-9900001100"


def end(**changes: object) -> EndRequest:
    """A hundred certificates stolen out of the county's store."""
    stated = EndRequest(organisation=COUNTY, kind="B", how="lost", cause="stolen", by=COUNTY_KEEPER, typed=STOLEN)
    return msgspec.structs.replace(stated, **changes)


def marks(**changes: object) -> EndRequest:
    """Ten marks of the province used."""
    used = EndRequest(organisation=PROVINCE, kind="mark", how="used", by=PROVINCE_KEEPER, count=10)
    return msgspec.structs.replace(used, **changes)


def ended(province: Province, asked: EndRequest) -> StockEnded:
    province.clock.wait(1)
    made = ending.end_stock(province.using, asked)
    assert isinstance(made, StockEnded), made
    return made


# --- lost -------------------------------------------------------------------------------------------------------------


def test_what_is_stolen_out_of_a_store_is_given_to_nobody_from_that_moment(one_chain: Province) -> None:
    ended(one_chain, end())
    assert on_hand(one_chain, COUNTY) == 900
    typed = request(typed=STOLEN, count=0)
    assert C.NOT_ON_HAND in codes(drawing.draw(one_chain.using, typed))
    page = stores.ledger(one_chain.using, COUNTY, "B", "2026-01-01", "2026-12-31")
    assert isinstance(page, stores.LedgerPage)
    assert page.holds
    assert (page.went_out, page.closing, page.on_hand) == (100, 900, 900)
    assert differences(one_chain.using) == []


def test_g21_a_loss_of_a_store_is_a_case_until_its_head_concludes_it(one_chain: Province) -> None:
    loss = ended(one_chain, end())
    assert [row["ending"] for row in ending.open_losses(one_chain.using)] == [loss.ending]
    said = {"cause": "stolen", "conclusion": "loss_reported"}
    for stranger in (CITY_HEAD, COUNTY_KEEPER):
        refused = ending.conclude_loss(one_chain.using, loss.ending, **said, by=stranger)
        assert C.NOT_THE_HEAD in codes(refused)
    published(one_chain, loss.ending)
    reported(one_chain, loss.ending)
    made = ending.conclude_loss(one_chain.using, loss.ending, **said, by=COUNTY_HEAD)
    assert isinstance(made, StockLossConcluded)
    assert ending.open_losses(one_chain.using) == []
    assert on_hand(one_chain, COUNTY) == 900  # it stays dead
    assert codes(ending.conclude_loss(one_chain.using, loss.ending, **said, by=COUNTY_HEAD)) == [C.RECORD_SETTLED]


def test_g21_who_reported_a_loss_does_not_conclude_it_in_another_post(one_chain: Province) -> None:
    combine_posts(one_chain, COUNTY, COUNTY_HEAD)
    loss = ended(one_chain, end(by=COUNTY_HEAD))
    said = {"cause": "stolen", "conclusion": "loss_reported"}
    assert C.SAME_PERSON in codes(ending.conclude_loss(one_chain.using, loss.ending, **said, by=COUNTY_HEAD))


def test_the_head_reports_a_loss_where_the_keeper_is_away(one_chain: Province) -> None:
    assert ended(one_chain, end(by=COUNTY_HEAD)).by == COUNTY_HEAD
    assert codes(ending.end_stock(one_chain.using, marks(by=PROVINCE_HEAD))) == [C.NOT_THE_KEEPER]


def test_a_conclusion_of_no_list_concludes_nothing(one_chain: Province) -> None:
    loss = ended(one_chain, end())
    refused = ending.conclude_loss(one_chain.using, loss.ending, cause="fate", conclusion="none", by=COUNTY_HEAD)
    assert codes(refused) == [C.REASON_UNKNOWN, C.REASON_UNKNOWN]
    assert len(ending.open_losses(one_chain.using)) == 1


def test_the_life_of_a_number_lost_in_a_store_says_so(one_chain: Province) -> None:
    ended(one_chain, end())
    told = {one: trace(one_chain.using, f"B {one}") for one in ("9900001050", "9900001101")}
    assert [life.standing for life in told.values()] == [Standing.LOST, Standing.UNDRAWN]
    assert [life.steps[-1].what for life in told.values()] == ["stock_lost", "stock_in"]


# --- used -------------------------------------------------------------------------------------------------------------


def test_marks_are_used_by_count_and_numbers_by_vets_alone(one_chain: Province) -> None:
    ended(one_chain, marks())
    assert on_hand(one_chain, PROVINCE, "mark") == 30
    assert codes(ending.end_stock(one_chain.using, end(how="used", cause=""))) == [C.ENDS_OTHERWISE]
    assert ending.open_losses(one_chain.using) == []


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
        ({"by": VET}, C.NOT_THE_KEEPER),
        ({"cause": "because"}, C.REASON_UNKNOWN),
        ({"cause": ""}, C.REASON_UNKNOWN),
        ({"how": "given_away"}, C.ENDS_OTHERWISE),
        ({"how": "destroyed"}, C.ENDS_OTHERWISE),
        ({"typed": "9900003001-9900003100"}, C.NOT_ON_HAND),
        ({"typed": "9900001951-9900002050"}, C.CROSSES_STOCK),
        ({"typed": "", "count": 5}, C.QUANTITY_MISFIT),
        ({"typed": "", "count": 0}, C.QUANTITY_MISFIT),
        ({"kind": "gossip"}, C.KIND_UNKNOWN),
        ({"organisation": 77}, C.ORGANISATION_UNKNOWN),
    ],
)
def test_what_cannot_end_so_is_refused(one_chain: Province, changes: dict[str, object], code: C) -> None:
    assert code in codes(ending.end_stock(one_chain.using, end(**changes)))
    assert DjangoRows(one_chain.using).count("stock_endings") == 0


def test_what_was_lost_is_not_lost_again_nor_given_on(one_chain: Province) -> None:
    receive(one_chain, typed="9900004001-9900004100")
    ended(one_chain, end(organisation=PROVINCE, by=PROVINCE_KEEPER, typed="9900004001-9900004100"))
    again = end(organisation=PROVINCE, by=PROVINCE_KEEPER, typed="9900004001-9900004100")
    assert codes(ending.end_stock(one_chain.using, again)) == [C.NOT_ON_HAND]
    give = to_city(typed="9900004001-9900004100", count=0)
    assert C.NOT_ON_HAND in codes(distributing.distribute(one_chain.using, give))


# --- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk_chain(site: Province) -> Province:
    """The county's thousand, with the desk open."""
    found_chain(site)
    stock_county(site, 1000)
    return site


LOST = {"store": f"{COUNTY}:1", "kind": "B", "how": "lost", "ranges": STOLEN, "cause": "stolen"}


def test_a_loss_is_reported_and_concluded_at_the_desk(desk_chain: Province) -> None:
    keeper, head = Desk(desk_chain, COUNTY_KEEPER), Desk(desk_chain, COUNTY_HEAD)
    assert "签名文件：库存减少" in keeper.post("stock/endings/", **LOST)
    assert on_hand(desk_chain, COUNTY) == 900
    loss = str(ending.open_losses(desk_chain.using)[0]["ending"])
    here, said = f"stock/endings/{loss}/", {"case_cause": "stolen", "case_conclusion": "loss_reported"}
    assert "9900001001–9900001100" in keeper.get("stock/endings/")
    assert "YJ-7203" in keeper.post(here, **said)
    assert len(ending.open_losses(desk_chain.using)) == 1
    assert "YJ-8197" in head.post(here, **said)
    published(desk_chain, loss)
    reported(desk_chain, loss)
    head.post(here, **said)
    assert "已按遗失报告" in head.get(here)
    assert "没有未结的库房案件" in head.get("stock/endings/")
    head.get("stock/endings/99-E9999/", 404)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"cause": ""}, "cause", "YJ-7225"),
        ({"how": "used", "cause": ""}, "how", "YJ-"),
        ({"ranges": "9900001001-"}, "ranges", "YJ-"),
        ({"ranges": "9900003001-9900003100"}, "count", "YJ-"),
        ({"how": ""}, "how", "请填写这一项"),
        ({"how": "destroyed"}, "how", "请核对这一项的写法"),
    ],
)
def test_what_is_wrong_with_an_ending_is_said_at_its_field(
    desk_chain: Province, changes: dict[str, str], field: str, said: str
) -> None:
    page = Desk(desk_chain, COUNTY_KEEPER).post("stock/endings/", **(LOST | changes))
    assert said in error_at(page, field)
    assert on_hand(desk_chain, COUNTY) == 1000
