"""M02 and M03 at the desk: stock as a tree, deliveries, orders, distributions, fees, draws before the head."""

from __future__ import annotations

import pytest

from inspector_app.domain.stock import Distribution, DrawAsked
from inspector_app.journal.entries.custody import BlockRequested, SheetSpoiled, StubFiled
from province.custody import distributing, drawing, stores
from province.custody.drawing import DrawRequest
from province.custody.models import RefusedRequest
from province.desk.holdings import Holding, holdings, waiting_orders
from province.journal.rows import DjangoRows
from province.numbers.models import DrawnRange
from tests.province import work
from tests.province.desks import PASSPHRASE, Desk, county, county_head, error_at, open_account, problems
from tests.province.drawing import print_one, printed, run_dry
from tests.province.fixtures import STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    FIRST,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    combine_posts,
    found_chain,
    receive,
    stock_county,
    to_city,
)
from tests.province.test_returning import given_back_by_a_vet


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store."""
    found_chain(site)
    stock_county(site, 1000)
    return site


def held(site: Province, organisation: int, kind: str = "B") -> Holding:
    return next(one for one in holdings(site.using, kind) if one.organisation == organisation)


# --- the tree --------------------------------------------------------------------------------------------------------


def test_the_tree_adds_up_from_the_province_to_the_stations(chain: Province) -> None:
    found = [(one.organisation, one.depth, one.on_hand) for one in holdings(chain.using, "B")]
    assert found[:4] == [(PROVINCE, 0, 2000), (CITY, 1, 0), (COUNTY, 2, 1000), (1000, 3, 1000)]
    before = sum(one.on_hand for one in holdings(chain.using, "B"))
    county(chain).post("draws/new/", station="7", kind="B", count="100")
    assert sum(one.on_hand for one in holdings(chain.using, "B")) == before
    assert (held(chain, COUNTY).on_hand, held(chain, 1000).on_hand) == (900, 1100)


def test_days_of_supply_follow_what_the_stations_issued(chain: Province) -> None:
    assert held(chain, COUNTY).days_left is None
    device = chain.enrol()
    work.certify(device)
    device.sync(chain.exchange)
    station, upper = held(chain, 1000), held(chain, CITY)
    assert (station.used, station.on_hand, station.days_left) == (1, 999, 999 * 28)
    assert (upper.used, upper.days_left) == (1, 0)
    assert "约 0 天" in county(chain).get("stock/?kind=B")


def test_what_is_on_its_way_lies_in_no_store_and_is_shown_to_its_receiver(chain: Province) -> None:
    made = distributing.distribute(chain.using, to_city(count=200))
    assert isinstance(made, Distribution)
    assert (held(chain, CITY).on_hand, held(chain, CITY).coming) == (0, 200)
    receiver, stranger = Desk(chain, CITY_KEEPER), county(chain)
    assert "清点收货" in receiver.get("stock/")
    assert "清点收货" not in stranger.get("stock/")
    page = stranger.post(f"stock/distributions/{made.distribution}/receipt/", arrived="200")
    assert "YJ-7202" in problems(page)[0]
    assert "请填写这一项" in receiver.post(f"stock/distributions/{made.distribution}/receipt/", arrived="")
    assert "签名文件：收货" in receiver.post(f"stock/distributions/{made.distribution}/receipt/", arrived="200")
    assert (held(chain, CITY).on_hand, held(chain, CITY).coming) == (200, 0)
    again = receiver.post(f"stock/distributions/{made.distribution}/receipt/", arrived="200")
    assert "YJ-7228" in problems(again)[0]


BACK = {"store": f"{COUNTY}:1", "kind": "B", "ranges": "9900001901-9900002000", "return_reason": "too_many"}


def test_unused_stock_goes_back_and_is_counted_in_by_the_superior(chain: Province) -> None:
    giver, receiver = county(chain), Desk(chain, CITY_KEEPER)
    page = giver.post("stock/returns/new/", **BACK)
    assert "签名文件：退库" in page
    record = str(DjangoRows(chain.using).many("stock_returns")[0]["record"])
    assert (held(chain, COUNTY).on_hand, held(chain, CITY).coming) == (900, 100)
    assert record in giver.get("stock/")
    assert "YJ-7202" in problems(giver.post(f"stock/distributions/{record}/receipt/", arrived="100"))[0]
    assert "签名文件：退库收回" in receiver.post(f"stock/distributions/{record}/receipt/", arrived="100")
    assert (held(chain, CITY).on_hand, held(chain, CITY).coming) == (100, 0)


@pytest.mark.parametrize(
    ("changes", "field", "reference"),
    [
        ({"ranges": "9900001901-"}, "ranges", "YJ-72"),
        ({"ranges": "9900003001-9900003100"}, "count", "YJ-72"),
        ({"return_reason": ""}, "return_reason", "请填写这一项"),
        ({"ranges": "", "count": "100"}, "count", "YJ-72"),
    ],
)
def test_what_is_wrong_with_a_return_is_said_at_its_field(
    chain: Province, changes: dict[str, str], field: str, reference: str
) -> None:
    page = county(chain).post("stock/returns/new/", **(BACK | changes))
    assert reference in error_at(page, field)
    assert held(chain, COUNTY).on_hand == 1000


def test_numbers_given_back_are_shown_beside_the_stock_and_are_none(chain: Province) -> None:
    _device, first, last = given_back_by_a_vet(chain)
    assert (held(chain, 1000).ended, held(chain, 1000).on_hand) == (20, 980)
    Desk(chain, VET).post("stock/returns/new/", **(BACK | {"store": "1000:1", "ranges": f"{first}-{last}"}))
    record = str(DjangoRows(chain.using).many("stock_returns")[0]["record"])
    assert (held(chain, 1000).ended, held(chain, COUNTY).coming) == (0, 0)
    receiver = county(chain)
    receiver.post(f"stock/distributions/{record}/receipt/", arrived="20")
    assert (held(chain, COUNTY).ended, held(chain, COUNTY).on_hand) == (20, 1000)
    assert "另有退回编号 20 个" in receiver.get("stock/?kind=B")
    assert f"{first}–{last}" in receiver.get("stock/returns/new/")


# --- deliveries, orders, distributions, fees -------------------------------------------------------------------------

DELIVERY = {"store": f"{PROVINCE}:1", "kind": "B", "ranges": "9900005001-9900005100", "note": "SH-9"}


def test_a_delivery_comes_in_and_its_document_is_shown(chain: Province) -> None:
    page = Desk(chain, PROVINCE_KEEPER).post("stock/deliveries/new/", **DELIVERY)
    assert "签名文件：印制入库" in page
    assert "9900005001–9900005100" in page
    assert held(chain, PROVINCE).on_hand == 2100


@pytest.mark.parametrize(
    ("changes", "field", "reference"),
    [
        ({"ranges": "9900005001-"}, "ranges", "YJ-72"),
        ({"ranges": "3200005001-3200005100"}, "ranges", "YJ-72"),
        ({"ranges": "９９００００１００１－９９００００１１００"}, "ranges", "YJ-72"),
        ({"day": "2026-12-31"}, "day", "YJ-72"),
        ({"note": ""}, "note", "请填写这一项"),
        ({"count": "many"}, "count", "请核对"),
        ({"count": "7"}, "count", "YJ-72"),
    ],
)
def test_what_is_wrong_with_a_delivery_is_said_at_its_field_and_all_that_was_typed_stays(
    chain: Province, changes: dict[str, str], field: str, reference: str
) -> None:
    typed = DELIVERY | changes
    page = Desk(chain, PROVINCE_KEEPER).post("stock/deliveries/new/", **typed)
    assert reference in error_at(page, field)
    for value in typed.values():
        assert value in page
    assert held(chain, PROVINCE).on_hand == 2000


def test_whoever_keeps_no_store_takes_nothing_in(chain: Province) -> None:
    desk = Desk(chain, PROVINCE_HEAD)
    assert "不是任何库房的管理员" in desk.get("stock/deliveries/new/")
    assert error_at(desk.post("stock/deliveries/new/", **DELIVERY), "store")
    assert held(chain, PROVINCE).on_hand == 2000


def test_an_order_waits_until_it_is_met_and_is_overdue_after_its_month(chain: Province) -> None:
    county(chain).post("stock/orders/new/", store=f"{COUNTY}:1", kind="B", wanted="300")
    (order,) = waiting_orders(chain.using)
    assert (order.organisation, order.wanted, order.given, order.late, order.month) == (COUNTY, 300, 0, True, "2026-12")
    page = Desk(chain, CITY_KEEPER).get("stock/")
    assert f"order={order.order}" in page
    chain.clock.wait(60 * 86_400)
    assert waiting_orders(chain.using)[0].overdue
    assert "逾期" in county_head(chain).get("stock/")


def test_a_late_order_counts_for_its_own_month_only_with_the_head_beside(chain: Province) -> None:
    desk, head = county(chain), f"person{COUNTY_HEAD}"
    open_account(chain, head, COUNTY_HEAD)
    typed = {"store": f"{COUNTY}:1", "kind": "B", "wanted": "300", "reason": "loss", "second_name": head}
    wrong = desk.post("stock/orders/new/", **typed, second_passphrase="a guess")
    assert "YJ-7832" in error_at(wrong, "second_name")
    assert "a guess" not in wrong
    assert waiting_orders(chain.using) == []
    desk.post("stock/orders/new/", **typed, second_passphrase=PASSPHRASE)
    assert waiting_orders(chain.using)[0].month == "2026-11"


def test_two_accounts_of_one_person_are_one_person(chain: Province) -> None:
    combine_posts(chain, COUNTY, COUNTY_HEAD)  # keeper and head in one person
    desk = Desk(chain, COUNTY_HEAD, "as-keeper")
    open_account(chain, "as-head", COUNTY_HEAD)
    page = desk.post(
        "stock/orders/new/",
        store=f"{COUNTY}:1",
        kind="B",
        wanted="300",
        reason="loss",
        second_name="as-head",
        second_passphrase=PASSPHRASE,
    )
    assert "YJ-7204" in error_at(page, "second_name")
    assert waiting_orders(chain.using) == []


GIVE = {"store": f"{PROVINCE}:1", "receiver": str(CITY), "kind": "B"}


def test_the_oldest_goes_first_and_is_shown_before_it_goes(chain: Province) -> None:
    desk = Desk(chain, PROVINCE_KEEPER)
    page = desk.post("stock/distributions/new/", **GIVE, count="100", propose="1")
    assert "9900002001–9900002100" in page
    assert held(chain, PROVINCE).on_hand == 2000
    assert "签名文件：发放" in desk.post("stock/distributions/new/", **GIVE, count="100")
    assert (held(chain, PROVINCE).on_hand, held(chain, CITY).coming) == (1900, 100)


def test_more_than_there_is_cannot_even_be_proposed(chain: Province) -> None:
    page = Desk(chain, PROVINCE_KEEPER).post("stock/distributions/new/", **GIVE, count="9000", propose="1")
    assert "YJ-72" in error_at(page, "count")


def test_other_stock_than_the_oldest_needs_the_head(chain: Province) -> None:
    desk = Desk(chain, PROVINCE_KEEPER)
    open_account(chain, "head", PROVINCE_HEAD)
    open_account(chain, "other-head", CITY_HEAD)
    typed = GIVE | {"ranges": "9900003001-9900003100"}
    assert "YJ-72" in error_at(desk.post("stock/distributions/new/", **typed), "ranges")
    excused = typed | {"reason": "whole_boxes", "second_passphrase": PASSPHRASE}
    foreign = desk.post("stock/distributions/new/", **excused, second_name="other-head")
    assert "YJ-7203" in error_at(foreign, "second_name")
    assert held(chain, CITY).coming == 0
    desk.post("stock/distributions/new/", **excused, second_name="head")
    assert held(chain, CITY).coming == 100


def test_past_a_level_and_to_strangers_nothing_is_given(chain: Province) -> None:
    page = Desk(chain, PROVINCE_KEEPER).post(
        "stock/distributions/new/", **(GIVE | {"receiver": str(COUNTY)}), count="1"
    )
    assert error_at(page, "receiver")
    assert held(chain, PROVINCE).on_hand == 2000


def test_a_fee_is_charged_and_settled_in_parts(chain: Province) -> None:
    made = distributing.distribute(chain.using, to_city(count=200))
    assert isinstance(made, Distribution)
    desk = Desk(chain, PROVINCE_KEEPER)
    desk.post("stock/fees/", distribution=made.distribution, yuan="30.00", invoice="FP-1")
    (fee,) = DjangoRows(chain.using).many("fees")
    page = desk.post("stock/fees/", fee=str(fee["fee"]), yuan="99", receipt="SJ-1")
    assert "YJ-72" in error_at(page, "yuan")
    assert 'value="99"' in page
    desk.post("stock/fees/", fee=str(fee["fee"]), yuan="12.5", receipt="SJ-1")
    desk.post("stock/fees/", fee=str(fee["fee"]), yuan="17.50", receipt="SJ-2")
    assert "结清" in desk.get("stock/fees/")
    for amount in ("1.234", "-1", "十元"):
        assert error_at(desk.post("stock/fees/", distribution="x", yuan=amount, invoice="1"), "yuan")


# --- draws -----------------------------------------------------------------------------------------------------------


def test_a_draw_shows_its_figures_first_and_its_document_afterwards(chain: Province) -> None:
    desk = county(chain)
    before = desk.post("draws/new/", station="7", kind="B", count="100", figures="1")
    for text in ("本次限额（新站定额）", ">200<", "9900001001–9900001100", "没有障碍"):
        assert text in before
    page = desk.post("draws/new/", station="7", kind="B", count="100")
    assert "领用已办理" in page
    assert "9900001001–9900001100" in page
    made = DrawnRange.objects.using(chain.using).order_by("-issued_at").first()
    assert made is not None
    assert (made.first, made.size) == (FIRST, 100)
    cursor = page.partition("/desk/documents/")[2].partition("/")[0]
    assert "签名文件：领用" in desk.get(f"documents/{cursor}/")


@pytest.mark.parametrize(
    ("typed", "field", "reference"),
    [
        ({"count": "201"}, "reason", "YJ-72"),
        ({"count": "1001", "reason": "season"}, "count", "YJ-72"),
        ({"ranges": "9900001101-9900001200"}, "ranges", "YJ-72"),
        ({"ranges": "9900001001-9900001010、9900001021-9900001030"}, "ranges", "YJ-72"),
        ({"count": "0"}, "count", "YJ-72"),
        ({"count": "100", "emergency": "ab/7"}, "emergency", "YJ-72"),
        ({"kind": "mark", "count": "1"}, "kind", "请核对"),
        ({"station": "77", "count": "1"}, "station", "请核对"),
    ],
)
def test_a_draw_against_a_rule_says_so_at_its_field(
    chain: Province, typed: dict[str, str], field: str, reference: str
) -> None:
    before = DrawnRange.objects.using(chain.using).count()
    page = county(chain).post("draws/new/", **({"station": "7", "kind": "B"} | typed))
    assert reference in error_at(page, field)
    assert DrawnRange.objects.using(chain.using).count() == before


def test_who_is_not_the_keeper_is_told_and_it_stays_on_record(chain: Province) -> None:
    page = county_head(chain).post("draws/new/", station="7", kind="B", count="100")
    assert "YJ-7202" in problems(page)[0]
    refused = RefusedRequest.objects.using(chain.using).get()
    assert (refused.by, refused.act) == (COUNTY_HEAD, "draw")


def test_old_sheets_stand_in_the_way_one_by_one(chain: Province) -> None:
    device, issued = printed(chain)
    travelling = work.certify(device)
    print_one(device, travelling)
    work.hand_over(device, travelling)
    device.sync(chain.exchange)
    desk = county(chain)
    page = desk.post("draws/new/", station="7", kind="B", count="100")
    assert str(travelling.number) in page
    assert "YJ-72" in error_at(page, "station")
    device.record(VET, StubFiled(number=travelling.number, print=1, sheets=1))
    device.record(VET, SheetSpoiled(number=issued.number, print=1, sheet=2, category="torn"))
    device.sync(chain.exchange)
    page = desk.post("draws/new/", station="7", kind="B", count="100")
    assert "YJ-7880" in error_at(page, "station")
    assert str(issued.number) in page
    assert "废页" in page


def asked(site: Province, by: int = COUNTY_KEEPER) -> str:
    made = drawing.draw(site.using, DrawRequest(station=STATION, kind="B", by=by, count=300, reason="season"))
    assert isinstance(made, DrawAsked)
    return made.ask


def test_more_than_the_cap_goes_to_the_head_and_back(chain: Province) -> None:
    keeper, head = county(chain), county_head(chain)
    page = keeper.post("draws/new/", station="7", kind="B", count="300", reason="season")
    assert "待批准" in page
    (row,) = drawing.waiting(chain.using)
    place = f"draws/asks/{row['ask']}/"
    assert "YJ-7203" in problems(keeper.refused(place, confirm="1"))[0]
    assert str(row["ask"]) in head.get("draws/")
    assert "批准领用 300 号" in head.get(place)
    assert "领用已办理" in head.post(place, confirm="1")
    assert "YJ-7228" in "".join(problems(head.refused(place, confirm="1")))
    assert "批准领用" not in head.get(place)


def test_the_head_may_say_no(chain: Province) -> None:
    record = asked(chain)
    page = county_head(chain).post(f"draws/asks/{record}/", decline="1")
    assert "签名文件：领用未批准" in page
    assert drawing.waiting(chain.using) == []
    assert stores.lots(chain.using, COUNTY, "B")[0].first == FIRST


def test_one_person_through_two_accounts_approves_nothing(chain: Province) -> None:
    combine_posts(chain, COUNTY, COUNTY_HEAD)
    record = asked(chain, by=COUNTY_HEAD)
    page = Desk(chain, COUNTY_HEAD, "second-account").refused(f"draws/asks/{record}/", confirm="1")
    assert "YJ-7204" in problems(page)[0]
    assert DjangoRows(chain.using).count("draw_decisions") == 0


def test_a_station_that_has_run_out_comes_first_and_is_one_press_from_its_draw(chain: Province) -> None:
    device = run_dry(chain)
    request = device.record(VET, BlockRequested(kind="B", wanted=1500, emergency=True))
    device.sync(chain.exchange)
    desk = county(chain)
    page = desk.get("draws/")
    assert "应急领用" in page
    link = page.partition('href="/desk/draws/new/?')[2].partition('"')[0]
    form = desk.get(f"draws/new/?{link}")
    assert f'value="{request}"' in form
    done = desk.post("draws/new/", station="7", kind="B", count="150", emergency=request)
    assert "领用已办理" in done


def test_without_the_authority_key_the_page_says_what_to_do(chain: Province) -> None:
    import msgspec

    from province import provinces

    known = provinces.of(chain.using)
    provinces.register(msgspec.structs.replace(known, keys=msgspec.structs.replace(known.keys, authority=None)))
    page = county(chain).post("draws/new/", station="7", kind="B", count="100")
    assert len(problems(page)) == 1
    assert "100" in page


def test_ranges_that_come_in_twice_are_refused(chain: Province) -> None:
    receive(chain, typed="9900004001-9900004100")
    page = Desk(chain, PROVINCE_KEEPER).post(
        "stock/deliveries/new/", **(DELIVERY | {"ranges": "9900004050-9900004200"})
    )
    assert "YJ-72" in error_at(page, "ranges")
