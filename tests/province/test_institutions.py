"""Institutions: who may order, give and receive what of whom, and what lies where afterwards."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock import Distribution, DistributionReceived, FeeCharged, FeeSettled, OrderPlaced
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from province.custody import distributing, fees, ordering, organisations, receiving, stores
from province.custody.distributing import DistributionRequest
from province.custody.models import RefusedRequest
from province.custody.ordering import OrderRequest
from province.journal.models import FeedDocument
from province.journal.projecting import differences
from province.ledgers.lives import trace
from province.numbers import custody
from province.numbers.ranges import NumbersError
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    FIRST,
    LAST,
    OTHER_CITY,
    OTHER_CITY_KEEPER,
    OTHER_COUNTY,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    SHEET,
    UNIT,
    delivery,
    found_chain,
    give,
    name_keeper,
    receive,
    register,
    register_unit,
    stock_county,
    to_city,
    to_county,
)


@pytest.fixture
def chain(either_province: Province) -> Province:
    """The institutions over the stations, on either database."""
    found_chain(either_province)
    return either_province


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The same on SQLite alone."""
    found_chain(province)
    return province


def codes(outcome: object) -> list[C]:
    assert isinstance(outcome, StockRefused), outcome
    return list(outcome.codes)


def on_hand(province: Province, organisation: int, kind: str = "B") -> list[tuple[str, str, int]]:
    return [(lot.first, lot.last, lot.count) for lot in stores.lots(province.using, organisation, kind)]


def order(**changes: object) -> OrderRequest:
    stated = OrderRequest(organisation=COUNTY, superior=CITY, kind="B", wanted=500, by=COUNTY_KEEPER)
    return msgspec.structs.replace(stated, **changes)


# --- from the printing house to the county ----------------------------------------------------------------------------


def test_stock_goes_level_by_level_and_lies_where_it_was_received(chain: Province) -> None:
    receive(chain)
    assert on_hand(chain, PROVINCE) == [(FIRST, LAST, 3000)]
    made = distributing.distribute(chain.using, to_city())
    assert isinstance(made, Distribution)
    assert made.ranges == ((FIRST, "9900001500"),)
    assert on_hand(chain, PROVINCE) == [("9900001501", LAST, 2500)]
    assert on_hand(chain, CITY) == []  # on its way, in nobody's store
    assert isinstance(receiving.confirm_receipt(chain.using, made.distribution, by=CITY_KEEPER), DistributionReceived)
    assert on_hand(chain, CITY) == [(FIRST, "9900001500", 500)]
    assert differences(chain.using) == []


def test_what_is_decided_is_told_to_no_station(one_chain: Province) -> None:
    stock_county(one_chain)
    kinds = ("organisation/1", "stock_location/1", "stock_received/1", "stock_distributed/1")
    told = FeedDocument.objects.using(one_chain.using).filter(kind__in=kinds)
    assert told.count() > 10
    assert not told.filter(held_back=False).exists()


def test_new_numbers_become_stock_that_can_be_drawn(one_chain: Province) -> None:
    from province.numbers.models import Stock

    receive(one_chain, kind="A", typed="9900020001-9900020500")
    assert Stock.objects.using(one_chain.using).filter(kind="A", first="9900020001").exists()


def test_a_delivery_that_crosses_what_the_province_holds_is_not_taken_in(chain: Province) -> None:
    with pytest.raises(NumbersError, match="stock_overlaps"):
        receiving.receive(chain.using, delivery(typed="9900009000-9900012000"))
    assert on_hand(chain, PROVINCE) == []


def test_the_same_box_comes_in_once(chain: Province) -> None:
    receive(chain)
    assert codes(receiving.receive(chain.using, delivery(typed="9900004000-9900004100"))) == [C.ALREADY_IN_STOCK]


@pytest.mark.parametrize(
    ("typed", "ranges"),
    [
        (
            "９９００００１００１－９９００００１１００，9900001201-300",
            [("9900001001", "9900001100"), ("9900001201", "9900001300")],
        ),
        ("9900001201至9900001300、9900001001", [("9900001001", "9900001001"), ("9900001201", "9900001300")]),
    ],
)
def test_full_width_digits_and_chinese_commas_are_read(
    one_chain: Province, typed: str, ranges: list[tuple[str, str]]
) -> None:
    assert list(receive(one_chain, typed=typed).ranges) == ranges


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9900001001-9900001100,9900001050-9900001200", C.RANGES_UNREADABLE),
        ("9900001100-9900001001", C.RANGES_UNREADABLE),
        ("号码待补", C.RANGES_UNREADABLE),
        ("3200000001-3200000100", C.RANGES_FOREIGN),
        ("99000010011-99000010099", C.RANGES_FOREIGN),
    ],
)
def test_ranges_that_overlap_cannot_be_read_or_are_foreign_are_refused(
    one_chain: Province, typed: str, code: C
) -> None:
    assert codes(receiving.receive(one_chain.using, delivery(typed=typed))) == [code]
    assert on_hand(one_chain, PROVINCE) == []


def test_below_the_province_nobody_buys_from_the_printing_house(one_chain: Province) -> None:
    made = receiving.receive(one_chain.using, delivery(organisation=CITY, by=CITY_KEEPER))
    assert codes(made) == [C.NOT_PRINTING_LEVEL]


def test_a_day_to_come_is_no_day_of_receipt(one_chain: Province) -> None:
    assert codes(receiving.receive(one_chain.using, delivery(day="2026-11-22"))) == [C.DAY_IMPOSSIBLE]
    assert codes(receiving.receive(one_chain.using, delivery(day="21.11."))) == [C.DAY_IMPOSSIBLE]


# --- G01, G02, G03 ----------------------------------------------------------------------------------------------------


def test_g01_each_kind_has_its_own_measure_and_its_own_ledger(chain: Province) -> None:
    receive(chain)
    receive(chain, kind="mark", typed="", count=1000)
    assert [on_hand(chain, PROVINCE, kind) for kind in ("B", "mark", "A")] == [
        [(FIRST, LAST, 3000)],
        [("", "", 1000)],
        [],
    ]
    wrong = (delivery(kind="B", typed="", count=100), delivery(kind="mark", typed="9900005001-9900005100"))
    assert [codes(receiving.receive(chain.using, one)) for one in wrong] == [[C.QUANTITY_MISFIT]] * 2
    assert codes(receiving.receive(chain.using, delivery(kind="seal", typed="", count=1))) == [C.QUANTITY_MISFIT]


def test_a_kind_of_no_catalogue_is_refused(one_chain: Province) -> None:
    assert codes(receiving.receive(one_chain.using, delivery(kind="badge"))) == [C.KIND_UNKNOWN]


def test_g02_nobody_but_the_keeper_of_a_store_moves_what_lies_there(chain: Province) -> None:
    receive(chain)
    assert codes(distributing.distribute(chain.using, to_city(by=CITY_KEEPER))) == [C.NOT_THE_KEEPER]
    assert codes(receiving.receive(chain.using, delivery(kind="mark", typed="", count=5, by=PROVINCE_HEAD))) == [
        C.NOT_THE_KEEPER
    ]
    made = distributing.distribute(chain.using, to_city())
    assert isinstance(made, Distribution)
    assert codes(receiving.confirm_receipt(chain.using, made.distribution, by=PROVINCE_KEEPER)) == [C.NOT_THE_KEEPER]


def test_a_new_keeper_takes_the_place_of_the_old(one_chain: Province) -> None:
    receive(one_chain)
    name_keeper(one_chain, PROVINCE, CITY_KEEPER)
    assert codes(distributing.distribute(one_chain.using, to_city())) == [C.NOT_THE_KEEPER]
    assert isinstance(distributing.distribute(one_chain.using, to_city(by=CITY_KEEPER)), Distribution)


def test_a_store_nobody_keeps_gives_nothing(one_chain: Province) -> None:
    receive(one_chain)
    assert codes(distributing.distribute(one_chain.using, to_city(location=2, typed=f"{FIRST}-{FIRST}", count=0))) == [
        C.NOT_THE_KEEPER,
        C.NOT_ON_HAND,
        C.OLDER_FIRST,
    ]


def test_g03_every_step_of_a_number_is_on_its_trace(chain: Province) -> None:
    receive(chain)
    given = give(chain, to_city(), CITY_KEEPER)
    steps = trace(chain.using, "B 9900001007").steps
    assert [(step.what, step.organisation) for step in steps] == [
        ("stock_in", PROVINCE),
        ("stock_out", PROVINCE),
        ("stock_in", CITY),
    ]
    assert {step.ref for step in steps[1:]} == {given.distribution}
    assert trace(chain.using, "B 9900003999").steps == steps[:1]
    with pytest.raises(NumbersError, match="number_unknown"):
        trace(chain.using, "A 9900001007")


def test_g03_a_licence_is_followed_too(one_chain: Province) -> None:
    receive(one_chain, kind="licence", typed="0001-0020")
    (step,) = trace(one_chain.using, "licence 0007").steps
    assert (step.what, step.organisation) == ("stock_in", PROVINCE)
    for typed in ("licence 0021", "licence", "0007"):
        with pytest.raises(NumbersError, match="number_unknown"):
            trace(one_chain.using, typed)


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
    assert codes(ordering.place_order(one_chain.using, order(reason="disaster"))) == [C.NOT_THE_HEAD]
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
    assert codes(distributing.distribute(one_chain.using, out_of_turn)) == [C.NOT_THE_HEAD]
    approved = msgspec.structs.replace(out_of_turn, approved_by=PROVINCE_HEAD)
    made = distributing.distribute(one_chain.using, approved)
    assert isinstance(made, Distribution)
    assert (made.reason, made.approved_by) == ("older_damaged", PROVINCE_HEAD)
    assert on_hand(one_chain, PROVINCE) == [("9900002001", "9900002300", 300), ("9900001101", "9900001300", 200)]


def test_one_person_in_two_posts_does_not_approve_what_they_decided(one_chain: Province) -> None:
    _two_lots(one_chain)
    name_keeper(one_chain, PROVINCE, PROVINCE_HEAD)  # keeper and head in one person
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


def charged(province: Province, amount_fen: int = 7_500) -> FeeCharged:
    given = give(province, to_city(), CITY_KEEPER)
    made = fees.charge(province.using, given.distribution, amount_fen=amount_fen, invoice="FP-1", by=PROVINCE_KEEPER)
    assert isinstance(made, FeeCharged), made
    return made


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
def test_a_payment_that_cannot_be_is_refused(one_chain: Province, changes: dict[str, object], code: C) -> None:
    receive(one_chain)
    fee = charged(one_chain)
    stated: dict[str, object] = {"amount_fen": 7_500, "receipt": "SJ-1", "by": PROVINCE_KEEPER}
    assert codes(fees.settle(one_chain.using, fee.fee, **(stated | changes))) == [code]  # type: ignore[arg-type]
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


# --- the register of organisations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"level": "county", "superior": PROVINCE, "area": 321084}, C.ORGANISATION_MISPLACED),
        ({"level": "county", "superior": CITY, "area": 321281}, C.ORGANISATION_MISPLACED),
        ({"level": "county", "superior": 77, "area": 321084}, C.ORGANISATION_MISPLACED),
        ({"level": "county", "superior": CITY, "area": 321084, "line": "authority"}, C.ORGANISATION_MISPLACED),
        ({"level": "province", "superior": CITY, "area": 320000}, C.ORGANISATION_MISPLACED),
        ({"level": "village", "superior": COUNTY, "area": 321084}, C.ORGANISATION_MISPLACED),
        ({"level": "station", "superior": COUNTY, "area": 321084}, C.ORGANISATION_MISPLACED),
        ({"level": "station", "superior": COUNTY, "area": 321084, "station": 99}, C.STATION_TAKEN),
        ({"level": "station", "superior": COUNTY, "area": 321084, "station": OTHER_STATION}, C.STATION_TAKEN),
        ({"level": "county", "superior": CITY, "area": 321084, "head": 99}, C.PERSON_UNKNOWN),
    ],
)
def test_an_organisation_that_stands_nowhere_is_not_registered(
    one_chain: Province, changes: dict[str, object], code: C
) -> None:
    sheet = msgspec.structs.replace(SHEET, organisation=555, **changes)
    assert codes(organisations.register(one_chain.using, sheet)) == [code]
    assert organisations.find(one_chain.using, 555) is None


def test_a_changed_organisation_keeps_its_place_and_gets_a_new_sheet(one_chain: Province) -> None:
    sheet = register_unit(one_chain, filed_until="2027-12-31")
    assert sheet.ordinal == 2
    held = organisations.of_station(one_chain.using, STATION)
    assert isinstance(held, OrganisationSheet)
    assert (held.filed_until, held.head) == ("2027-12-31", HEAD)
    assert sorted(organisations.stations_below(one_chain.using, PROVINCE)) == [STATION, OTHER_STATION]
    assert organisations.stations_below(one_chain.using, OTHER_COUNTY) == [OTHER_STATION]


def test_a_store_needs_an_organisation_and_a_keeper_of_the_roster(one_chain: Province) -> None:
    place = organisations.place_store
    using = one_chain.using
    assert codes(place(using, 77, 1, store="柜", keeper=CITY_KEEPER, by=PROVINCE_HEAD)) == [C.ORGANISATION_UNKNOWN]
    assert codes(place(using, CITY, 2, store="柜", keeper=99, by=PROVINCE_HEAD)) == [C.PERSON_UNKNOWN]
    assert codes(place(using, CITY, 2, store="柜", keeper=0, by=PROVINCE_HEAD)) == [C.ORGANISATION_UNKNOWN]


def test_stores_of_one_organisation_are_kept_apart(one_chain: Province) -> None:
    name_keeper(one_chain, PROVINCE, OTHER_CITY_KEEPER, location=2)
    receive(one_chain)
    receive(one_chain, typed="9900005001-9900006000", location=2, by=OTHER_CITY_KEEPER)
    assert [lot.first for lot in stores.lots(one_chain.using, PROVINCE, "B")] == [FIRST]
    assert [lot.first for lot in stores.lots(one_chain.using, PROVINCE, "B", location=2)] == ["9900005001"]


# --- what is typed wrong ----------------------------------------------------------------------------------------------


HUGE = 10**20


def test_a_count_and_an_amount_nobody_means_are_refused(one_chain: Province) -> None:
    using = one_chain.using
    order = OrderRequest(organisation=COUNTY, superior=CITY, kind="mark", wanted=HUGE, by=COUNTY_KEEPER)
    assert codes(ordering.place_order(using, order)) == [C.NOT_ON_HAND]
    assert codes(receiving.receive(using, delivery(kind="mark", typed="", count=HUGE))) == [C.QUANTITY_MISFIT]
    receive(one_chain)
    given = give(one_chain, to_city(), CITY_KEEPER).distribution
    charged = fees.charge(using, given, amount_fen=HUGE, invoice="1", by=PROVINCE_KEEPER)
    assert codes(charged) == [C.AMOUNT_WRONG]


@pytest.mark.parametrize("day", ["２０２６-01-01", "2026/1/1", "2026-02-30"])
def test_a_filing_from_a_day_that_is_none_is_not_registered(one_chain: Province, day: str) -> None:
    unit = organisations.find(one_chain.using, UNIT)
    assert unit is not None
    changed = msgspec.structs.replace(unit, filed_from=day)
    assert codes(organisations.register(one_chain.using, changed)) == [C.DAY_IMPOSSIBLE]


def test_an_organisation_is_not_moved_away_from_those_that_stand_under_it(one_chain: Province) -> None:
    city = organisations.find(one_chain.using, CITY)
    assert city is not None
    for change in ({"level": "county", "superior": OTHER_CITY, "area": 321281}, {"area": 321200}):
        changed = msgspec.structs.replace(city, **change)
        assert codes(organisations.register(one_chain.using, changed)) == [C.ORGANISATION_MISPLACED]


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
