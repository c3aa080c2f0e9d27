"""Institutions: stock taken in, the register of organisations, and what is typed wrong."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock import Distribution, DistributionReceived
from inspector_app.domain.stock_refusals import StockCode as C
from province.custody import distributing, fees, ordering, organisations, receiving, stores
from province.custody.ordering import OrderRequest
from province.journal.models import FeedDocument
from province.journal.projecting import differences
from province.ledgers.lives import trace
from province.numbers.ranges import NumbersError
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, Province
from tests.province.institutional import chain, codes, on_hand, one_chain
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
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
    give,
    name_keeper,
    receive,
    register_unit,
    stock_county,
    to_city,
)

__all__ = ["chain", "one_chain"]  # found by their names


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


def test_what_institutions_decide_among_themselves_is_told_to_no_station(one_chain: Province) -> None:
    stock_county(one_chain)
    kinds = ("stock_location/1", "stock_received/1", "stock_distributed/1", "distribution_received/1")
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
        trace(chain.using, "A 9900999999")


def test_g03_a_licence_is_followed_too(one_chain: Province) -> None:
    receive(one_chain, kind="licence", typed="0001-0020")
    (step,) = trace(one_chain.using, "licence 0007").steps
    assert (step.what, step.organisation) == ("stock_in", PROVINCE)
    for typed in ("licence 0021", "licence", "0007"):
        with pytest.raises(NumbersError, match="number_unknown"):
            trace(one_chain.using, typed)


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
