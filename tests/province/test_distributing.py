"""Orders, distributions and receipts from level to level: the chain, oldest first, never less than none."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.stock import Distribution, OrderPlaced
from inspector_app.domain.stock_approvals import ApprovalAsked
from inspector_app.domain.stock_refusals import StockCode as C
from province.custody import distributing, ordering, receiving, stores
from province.custody.distributing import DistributionRequest
from province.custody.models import RefusedRequest
from province.numbers import custody
from tests.province.fixtures import STATION, VET, Province
from tests.province.institutional import chain, codes, on_hand, one_chain, order
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    FIRST,
    LAST,
    OTHER_CITY,
    PROVINCE,
    PROVINCE_HEAD,
    UNIT,
    combine_posts,
    give,
    receive,
    register,
    register_unit,
    stock_county,
    to_city,
    to_county,
)

__all__ = ["chain", "one_chain"]  # found by their names


# --- G04 – G08: the chain ---------------------------------------------------------------------------------------------


def test_g04_a_filing_that_ended_or_of_another_category_receives_nothing(chain: Province) -> None:
    marks = _marks_at_county(chain)
    register_unit(chain, filed_until="2026-11-20")
    assert codes(distributing.distribute(chain.using, marks)) == [C.NOT_FILED]
    register_unit(chain, category="wholesale")
    assert codes(distributing.distribute(chain.using, marks)) == [C.NOT_FILED]
    register_unit(chain, filed_from="2026-11-22")
    assert codes(distributing.distribute(chain.using, marks)) == [C.NOT_FILED]


def _marks_at_county(province: Province) -> DistributionRequest:
    """A request to give marks from the county to the using unit, which has them."""
    receive(province, kind="mark", typed="", count=300)
    give(province, to_city(kind="mark", count=300), CITY_KEEPER)
    give(province, to_county(kind="mark", count=300), COUNTY_KEEPER)
    return to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, kind="mark", count=100)


def test_a_filed_unit_receives_what_is_not_drawn(one_chain: Province) -> None:
    give(one_chain, _marks_at_county(one_chain), VET)
    assert on_hand(one_chain, UNIT, "mark") == [("", "", 100)]
    assert on_hand(one_chain, COUNTY, "mark") == [("", "", 200)]


def test_g05_orders_and_stock_go_only_between_direct_superior_and_subordinate(chain: Province) -> None:
    receive(chain)
    register(chain, 11, level="city", superior=PROVINCE, area=321000)
    assert codes(ordering.place_order(chain.using, order(superior=11))) == [C.NOT_DIRECT_SUPERIOR]
    give(chain, to_city(), CITY_KEEPER)
    register(chain, 101, level="county", superior=11, area=321084)
    assert codes(
        distributing.distribute(
            chain.using, to_county().__class__(giver=CITY, receiver=101, kind="B", by=CITY_KEEPER, count=10)
        )
    ) == [C.NOT_DIRECT_SUPERIOR]


def test_g06_no_order_and_no_distribution_past_a_level_or_across_districts(chain: Province) -> None:
    receive(chain)
    past = ordering.place_order(chain.using, order(superior=PROVINCE))
    assert C.LEVEL_SKIPPED in codes(past)
    across = ordering.place_order(chain.using, order(superior=OTHER_CITY))
    assert C.ACROSS_DISTRICTS in codes(across)
    assert C.LEVEL_SKIPPED in codes(distributing.distribute(chain.using, to_city(receiver=COUNTY)))
    logged = RefusedRequest.objects.using(chain.using).order_by("id").values_list("act", "organisation", "counterpart")
    assert list(logged) == [
        ("order", COUNTY, PROVINCE),
        ("order", COUNTY, OTHER_CITY),
        ("distribute", PROVINCE, COUNTY),
    ]


def test_g07_a_county_s_order_after_the_tenth_counts_for_the_next_month(chain: Province) -> None:
    placed = ordering.place_order(chain.using, order())  # on the 21st
    assert isinstance(placed, OrderPlaced)
    assert (placed.on, placed.month, placed.late) == ("2026-11-21", "2026-12", True)


def test_an_order_by_the_tenth_counts_for_its_month_and_december_leads_into_the_next_year(one_chain: Province) -> None:
    one_chain.clock.forward(days=19)
    in_time = ordering.place_order(one_chain.using, order())
    one_chain.clock.forward(days=1)
    late = ordering.place_order(one_chain.using, order())
    assert isinstance(in_time, OrderPlaced)
    assert isinstance(late, OrderPlaced)
    assert [(one.on, one.month, one.late) for one in (in_time, late)] == [
        ("2026-12-10", "2026-12", False),
        ("2026-12-11", "2027-01", True),
    ]


def test_a_late_order_counts_for_its_month_by_an_approved_exception_that_is_kept(one_chain: Province) -> None:
    placed = ordering.place_order(one_chain.using, order(reason="disaster", approved_by=COUNTY_HEAD))
    assert isinstance(placed, OrderPlaced)
    assert (placed.month, placed.late, placed.reason, placed.approved_by) == ("2026-11", True, "disaster", COUNTY_HEAD)
    assert isinstance(ordering.place_order(one_chain.using, order(reason="disaster")), ApprovalAsked)
    wrong = order(reason="disaster", approved_by=COUNTY_KEEPER)
    assert C.NOT_THE_HEAD in codes(ordering.place_order(one_chain.using, wrong))
    assert codes(ordering.place_order(one_chain.using, order(reason="because", approved_by=COUNTY_HEAD))) == [
        C.REASON_UNKNOWN
    ]


def test_a_city_gathers_its_orders_after_the_tenth(one_chain: Province) -> None:
    placed = ordering.place_order(one_chain.using, order(organisation=CITY, superior=PROVINCE, by=CITY_KEEPER))
    assert isinstance(placed, OrderPlaced)
    assert (placed.month, placed.late) == ("2026-11", False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"wanted": 0}, C.NOT_ON_HAND),
        ({"kind": "badge"}, C.KIND_UNKNOWN),
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
        ({"superior": 77}, C.ORGANISATION_UNKNOWN),
        ({"organisation": 77}, C.ORGANISATION_UNKNOWN),
    ],
)
def test_an_order_that_cannot_be_is_refused(one_chain: Province, changes: dict[str, object], code: C) -> None:
    assert codes(ordering.place_order(one_chain.using, order(**changes))) == [code]


def test_g08_who_is_no_using_unit_receives_nothing_and_the_request_is_kept(chain: Province) -> None:
    marks = _marks_at_county(chain)
    register_unit(chain, filing="")
    assert codes(distributing.distribute(chain.using, marks)) == [C.NOT_USING_UNIT]
    kept = RefusedRequest.objects.using(chain.using).get(counterpart=UNIT)
    assert (kept.act, kept.by, kept.kind, kept.codes) == ("distribute", COUNTY_KEEPER, "mark", "not_using_unit")


def test_an_authority_is_no_link_of_the_chain(one_chain: Province) -> None:
    register(one_chain, 2, line="authority", level="province", area=320000)
    register(one_chain, 12, line="authority", level="city", superior=2, area=321000)
    receive(one_chain)
    assert codes(distributing.distribute(one_chain.using, to_city(receiver=12))) == [
        C.NOT_DIRECT_SUPERIOR,
        C.NOT_USING_UNIT,
    ]


def test_numbers_reach_a_station_by_a_draw_only(one_chain: Province) -> None:
    stock_county(one_chain)
    request = to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, count=100)
    assert codes(distributing.distribute(one_chain.using, request)) == [C.DRAWN_NOT_DISTRIBUTED]


# --- G11: oldest first ------------------------------------------------------------------------------------------------


def _two_lots(province: Province) -> None:
    """The higher numbers came in first."""
    receive(province, typed="9900002001-9900002300", day="2026-11-19")
    receive(province, typed="9900001001-9900001300", day="2026-11-20")


def test_g11_the_oldest_day_goes_first_then_the_lowest_number(chain: Province) -> None:
    _two_lots(chain)
    picked = distributing.distribute(chain.using, to_city(typed="9900001001-9900001100", count=0))
    assert codes(picked) == [C.OLDER_FIRST]
    picked = distributing.distribute(chain.using, to_city(typed="9900002101-9900002200", count=0))
    assert codes(picked) == [C.OLDER_FIRST]
    made = distributing.distribute(chain.using, to_city(count=350))
    assert isinstance(made, Distribution)
    assert made.ranges == (("9900002001", "9900002300"), ("9900001001", "9900001050"))


def test_other_stock_goes_out_for_a_reason_its_head_approved(one_chain: Province) -> None:
    _two_lots(one_chain)
    out_of_turn = to_city(typed="9900001001-9900001100", count=0, reason="older_damaged")
    assert isinstance(distributing.distribute(one_chain.using, out_of_turn), ApprovalAsked)
    assert len(on_hand(one_chain, PROVINCE)) == 2
    approved = msgspec.structs.replace(out_of_turn, approved_by=PROVINCE_HEAD)
    made = distributing.distribute(one_chain.using, approved)
    assert isinstance(made, Distribution)
    assert (made.reason, made.approved_by) == ("older_damaged", PROVINCE_HEAD)
    assert on_hand(one_chain, PROVINCE) == [("9900002001", "9900002300", 300), ("9900001101", "9900001300", 200)]


def test_one_person_in_two_posts_does_not_approve_what_they_decided(one_chain: Province) -> None:
    _two_lots(one_chain)
    combine_posts(one_chain, PROVINCE, PROVINCE_HEAD)  # keeper and head in one person
    request = to_city(by=PROVINCE_HEAD, typed="9900001001-9900001100", count=0, reason="older_damaged")
    approved = msgspec.structs.replace(request, approved_by=PROVINCE_HEAD)
    assert codes(distributing.distribute(one_chain.using, approved)) == [C.SAME_PERSON]


def test_neighbouring_ranges_typed_apart_are_the_same_pick(one_chain: Province) -> None:
    receive(one_chain)
    made = distributing.distribute(
        one_chain.using, to_city(typed="9900001101-9900001200，9900001001-9900001100", count=0)
    )
    assert isinstance(made, Distribution)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9900002201-9900002400", C.CROSSES_STOCK),
        ("9900001901-9900002100", C.CROSSES_STOCK),
        ("9900003001-9900003100", C.NOT_ON_HAND),
    ],
)
def test_a_range_whose_end_crosses_the_stock_is_refused_whole(one_chain: Province, typed: str, code: C) -> None:
    _two_lots(one_chain)
    assert code in codes(distributing.distribute(one_chain.using, to_city(typed=typed, count=0)))
    assert sum(lot[2] for lot in on_hand(one_chain, PROVINCE)) == 600


@pytest.mark.parametrize("count", [3001, 0, -5])
def test_a_count_that_is_not_there_gives_nothing_at_all(one_chain: Province, count: int) -> None:
    receive(one_chain)
    code = C.NOT_ON_HAND if count > 0 else C.QUANTITY_MISFIT
    assert codes(distributing.distribute(one_chain.using, to_city(count=count)))[0] == code
    assert on_hand(one_chain, PROVINCE) == [(FIRST, LAST, 3000)]


def test_what_is_on_its_way_is_given_to_nobody_else(one_chain: Province) -> None:
    receive(one_chain)
    first = f"{FIRST}-9900001500"
    assert isinstance(distributing.distribute(one_chain.using, to_city(typed=first)), Distribution)
    again = distributing.distribute(one_chain.using, to_city(receiver=OTHER_CITY, typed=first))
    assert codes(again)[0] == C.NOT_ON_HAND


def test_more_than_is_there_is_refused_and_marks_go_out_of_the_oldest_delivery(one_chain: Province) -> None:
    for day, count in (("2026-11-19", 60), ("2026-11-20", 60)):
        receive(one_chain, kind="mark", typed="", count=count, day=day)
    assert codes(distributing.distribute(one_chain.using, to_city(kind="mark", count=121))) == [C.NOT_ON_HAND]
    give(one_chain, to_city(kind="mark", count=70), CITY_KEEPER)
    assert [(lot.on, lot.count) for lot in stores.lots(one_chain.using, PROVINCE, "mark")] == [("2026-11-20", 50)]


# --- receipts ---------------------------------------------------------------------------------------------------------


def test_a_receipt_is_confirmed_once_and_never_before_it_was_sent(one_chain: Province) -> None:
    receive(one_chain)
    made = distributing.distribute(one_chain.using, to_city())
    assert isinstance(made, Distribution)
    early = receiving.confirm_receipt(one_chain.using, made.distribution, by=CITY_KEEPER, day="2026-11-20")
    assert codes(early) == [C.DAY_IMPOSSIBLE]
    receiving.confirm_receipt(one_chain.using, made.distribution, by=CITY_KEEPER)
    again = receiving.confirm_receipt(one_chain.using, made.distribution, by=CITY_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]
    assert codes(receiving.confirm_receipt(one_chain.using, "99-D9999", by=CITY_KEEPER)) == [C.RECORD_UNKNOWN]
    assert on_hand(one_chain, CITY) == [(FIRST, "9900001500", 500)]


def test_an_order_named_must_exist(one_chain: Province) -> None:
    receive(one_chain)
    assert codes(distributing.distribute(one_chain.using, to_city(order="99-O7"))) == [C.RECORD_UNKNOWN]


def test_only_paper_records_are_older_than_today(one_chain: Province) -> None:
    receive(one_chain, day="2026-11-18")
    assert codes(distributing.distribute(one_chain.using, to_city(day="2026-11-19"))) == [C.DAY_IMPOSSIBLE]
    made = distributing.distribute(one_chain.using, to_city(day="2026-11-19", paper=True))
    assert isinstance(made, Distribution)
    assert (made.on, made.paper) == ("2026-11-19", True)


# --- a store never holds less than none -------------------------------------------------------------------------------


def test_on_a_day_before_it_came_in_nothing_went_out_on_paper_either(one_chain: Province) -> None:
    receive(one_chain)
    receive(one_chain, kind="mark", typed="", count=10)
    for early in (to_city(day="2026-01-05", paper=True), to_city(day="2026-01-05", paper=True, kind="mark", count=4)):
        assert codes(distributing.distribute(one_chain.using, early)) == [C.NOT_YET_ON_HAND]


def test_marks_that_went_out_since_are_not_given_on_an_earlier_day(one_chain: Province) -> None:
    receive(one_chain, kind="mark", typed="", count=10, day="2026-01-05")
    give(one_chain, to_city(kind="mark", count=8), CITY_KEEPER)
    one_chain.clock.forward(days=1)
    receive(one_chain, kind="mark", typed="", count=8)
    early = to_city(day="2026-01-06", paper=True, kind="mark")
    assert codes(distributing.distribute(one_chain.using, msgspec.structs.replace(early, count=3))) == [
        C.NOT_YET_ON_HAND
    ]
    give(one_chain, msgspec.structs.replace(early, count=2), CITY_KEEPER)
    page = stores.ledger(one_chain.using, PROVINCE, "mark", "2026-01-01", "2026-12-31")
    assert isinstance(page, stores.LedgerPage)
    assert page.holds
    assert page.closing == page.on_hand == 8
    assert all(line.balance >= 0 for line in page.lines)


def test_numbers_drawn_before_they_were_booked_into_a_store_are_on_its_ledger_lot_by_lot(one_chain: Province) -> None:
    custody.draw(one_chain.using, "B", FIRST, "9900001100", station=STATION)
    one_chain.clock.forward(days=1)
    receive(one_chain, typed=f"{FIRST}-9900001050")
    receive(one_chain, typed=f"9900001051-{LAST}")
    page = stores.ledger(one_chain.using, PROVINCE, "B", "2026-01-01", "2026-12-31")
    assert isinstance(page, stores.LedgerPage)
    assert page.holds
    assert page.closing == page.on_hand == 2_900
    assert [line.count for line in page.lines if line.flow == "out"] == [50, 50]
    assert all(line.balance >= 0 for line in page.lines)
