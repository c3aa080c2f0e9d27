"""Nobody is stuck: where the head speaks of a store themself somebody above decides; posts that change hands."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.stock_destruction import StockEndAsked, StockEndReviewed
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.store_counts import StoreCountConfirmed
from province.custody import counting, destroying, ending, organisations
from province.custody.counting import CountRequest
from province.custody.destroying import DestructionRequest, Done
from province.custody.ending import EndRequest
from tests.province.desks import Desk
from tests.province.fixtures import Province
from tests.province.institutional import codes, published, reported
from tests.province.institutions import (
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    DEPUTY,
    LEGAL,
    OTHER_HEAD,
    PROVINCE,
    PROVINCE_HEAD,
    found_chain,
    name_keeper,
    stock_county,
)
from tests.province.stocked import one_chain

__all__ = ["one_chain"]  # found by its name

SAID = {"cause": "stolen", "conclusion": "loss_reported"}
STOLEN = "9900001001-9900001100"
PICTURE = "ab" * 32


def lost(province: Province, **changes: object) -> StockEnded:
    stated = EndRequest(organisation=COUNTY, kind="B", how="lost", cause="stolen", by=COUNTY_HEAD, typed=STOLEN)
    province.clock.wait(1)
    made = ending.end_stock(province.using, msgspec.structs.replace(stated, **changes))
    assert isinstance(made, StockEnded), made
    return made


def conclude(province: Province, case: str, by: int) -> object:
    province.clock.wait(1)
    return ending.conclude_loss(province.using, case, **SAID, by=by)


def change(province: Province, organisation: int, **changes: object) -> None:
    """The organisation's sheet with other people on it."""
    held = organisations.find(province.using, organisation)
    assert held is not None
    province.clock.wait(1)
    made = organisations.register(province.using, msgspec.structs.replace(held, **changes))
    assert not hasattr(made, "refusals"), made


def keeper_becomes_head(province: Province) -> None:
    """Who kept the county's store heads the county from now on; somebody else keeps the store."""
    name_keeper(province, COUNTY, CITY_KEEPER)
    change(province, COUNTY, head=COUNTY_KEEPER)


# --- whoever reported does not decide, and somebody does --------------------------------------------------------------


def test_g21_a_loss_its_head_reported_is_concluded_by_the_head_of_the_institution_above(one_chain: Province) -> None:
    loss = lost(one_chain)
    published(one_chain, loss.ending)
    reported(one_chain, loss.ending)
    for stranger in (COUNTY_HEAD, COUNTY_KEEPER, OTHER_HEAD, PROVINCE_HEAD):
        assert C.DECIDED_ABOVE in codes(conclude(one_chain, loss.ending, stranger))
    made = conclude(one_chain, loss.ending, CITY_HEAD)
    assert isinstance(made, StockLossConcluded)
    assert made.by == CITY_HEAD


def test_g21_where_the_institution_above_has_the_same_head_the_next_one_decides(one_chain: Province) -> None:
    change(one_chain, COUNTY, head=CITY_HEAD)
    loss = lost(one_chain, by=CITY_HEAD)
    published(one_chain, loss.ending, CITY_HEAD)
    reported(one_chain, loss.ending, CITY_HEAD)
    assert C.SAME_PERSON in codes(conclude(one_chain, loss.ending, CITY_HEAD))
    assert isinstance(conclude(one_chain, loss.ending, PROVINCE_HEAD), StockLossConcluded)


def test_g21_what_the_province_s_own_head_reported_its_deputy_or_legal_representative_concludes(
    one_chain: Province,
) -> None:
    loss = lost(one_chain, organisation=PROVINCE, kind="mark", typed="", count=3, by=PROVINCE_HEAD)
    reported(one_chain, loss.ending, PROVINCE_HEAD)
    assert C.DECIDED_ABOVE in codes(conclude(one_chain, loss.ending, CITY_HEAD))
    assert isinstance(conclude(one_chain, loss.ending, LEGAL), StockLossConcluded)


def test_g21_what_a_keeper_reported_nobody_above_concludes(one_chain: Province) -> None:
    loss = lost(one_chain, by=COUNTY_KEEPER)
    published(one_chain, loss.ending)
    reported(one_chain, loss.ending)
    assert C.NOT_THE_HEAD in codes(conclude(one_chain, loss.ending, CITY_HEAD))
    assert isinstance(conclude(one_chain, loss.ending, COUNTY_HEAD), StockLossConcluded)


def test_g20_a_count_by_who_heads_the_organisation_since_is_confirmed_above(one_chain: Province) -> None:
    request = CountRequest(organisation=COUNTY, kind="B", by=COUNTY_KEEPER, counted=Counted())
    made = counting.count_store(one_chain.using, request)
    keeper_becomes_head(one_chain)
    name = str(getattr(made, "count", ""))
    assert C.SAME_PERSON in codes(counting.confirm_count(one_chain.using, name, by=COUNTY_KEEPER))
    assert isinstance(counting.confirm_count(one_chain.using, name, by=CITY_HEAD), StoreCountConfirmed)


# --- a request for destruction while posts change hands ---------------------------------------------------------------


def asked(province: Province) -> StockEndAsked:
    today = "2026-12-31"
    request = DestructionRequest(
        organisation=COUNTY,
        kind="B",
        by=COUNTY_KEEPER,
        cause="damaged",
        method="shredding",
        planned_on=today,
        typed=STOLEN,
    )
    made = destroying.ask_destruction(province.using, request)
    assert isinstance(made, StockEndAsked), made
    return made


def test_g38_a_request_by_who_heads_the_organisation_since_is_sent_back_from_above(one_chain: Province) -> None:
    ask = asked(one_chain).ask
    keeper_becomes_head(one_chain)
    assert C.SAME_PERSON in codes(destroying.review(one_chain.using, ask, counted=100, by=COUNTY_KEEPER))
    assert C.NOT_THE_HEAD in codes(destroying.review(one_chain.using, ask, counted=100, by=CITY_HEAD))
    back = destroying.review(one_chain.using, ask, counted=100, by=CITY_HEAD, sent_back="other")
    assert isinstance(back, StockEndReviewed)


def test_g39_a_deputy_who_keeps_the_store_by_now_does_not_destroy_under_their_own_eyes(one_chain: Province) -> None:
    ask = asked(one_chain).ask
    for step in (
        lambda: destroying.review(one_chain.using, ask, counted=100, by=COUNTY_HEAD),
        lambda: destroying.approve(one_chain.using, ask, by=DEPUTY),
        lambda: destroying.approve(one_chain.using, ask, by=LEGAL),
    ):
        assert not hasattr(step(), "refusals")
    name_keeper(one_chain, COUNTY, DEPUTY)
    done = Done(method="shredding", counted=100, supervisor=DEPUTY, picture=PICTURE)
    assert C.AGREES_TWICE in codes(destroying.destroy(one_chain.using, ask, done, by=DEPUTY))


# --- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk_chain(site: Province) -> Province:
    """The county's thousand, with the desk open."""
    found_chain(site)
    stock_county(site, 1000)
    return site


def test_the_page_of_a_loss_offers_its_conclusion_to_who_decides_alone(desk_chain: Province) -> None:
    loss = lost(desk_chain)
    published(desk_chain, loss.ending)
    reported(desk_chain, loss.ending)
    here, said = f"stock/endings/{loss.ending}/", {"case_cause": "stolen", "case_conclusion": "loss_reported"}
    own, above = Desk(desk_chain, COUNTY_HEAD), Desk(desk_chain, CITY_HEAD)
    assert 'name="case_cause"' not in own.get(here)
    assert "YJ-8206" in own.post(here, **said)
    assert 'name="case_cause"' in above.get(here)
    above.post(here, **said)
    assert ending.open_losses(desk_chain.using) == []


def test_a_count_by_who_heads_the_organisation_since_is_confirmed_above_on_its_page(desk_chain: Province) -> None:
    request = CountRequest(organisation=COUNTY, kind="B", by=COUNTY_KEEPER, counted=Counted())
    here = f"stock/counts/{getattr(counting.count_store(desk_chain.using, request), 'count', '')}/"
    keeper_becomes_head(desk_chain)
    own, above = Desk(desk_chain, COUNTY_KEEPER), Desk(desk_chain, CITY_HEAD)
    assert "复核无误" not in own.get(here)
    assert "复核无误" in above.get(here)
    above.post(here, confirm="1")
    assert counting.unconfirmed_counts(desk_chain.using) == []


def test_who_decides_for_the_head_can_only_send_a_request_back(desk_chain: Province) -> None:
    ask = asked(desk_chain).ask
    keeper_becomes_head(desk_chain)
    above, here = Desk(desk_chain, CITY_HEAD), f"stock/destructions/{ask}/"
    assert "只能由您退回" in above.get(here)
    assert 'name="sent_back"' not in Desk(desk_chain, COUNTY_KEEPER).get(here)
    assert "请填写这一项" in above.post(f"{here}review_destruction/", counted="100")
    above.post(f"{here}review_destruction/", counted="100", sent_back="other")
    assert destroying.asked_ends(desk_chain.using) == []
