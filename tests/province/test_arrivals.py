"""Stock is counted where it arrives: what came is received, what did not is a case and lies nowhere in silence."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.stock import Distribution, DistributionReceived, ReturnReceived, StockGivenBack
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.books.lives import Life
from province.custody import distributing, drawing, ending, receiving, returning, stores
from province.custody.returning import ReturnRequest
from province.desk.holdings import holdings
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.cases import CaseState, cases
from province.ledgers.continuity import ended_in_stock
from province.ledgers.lives import trace
from province.violations import violations
from tests.province.desks import Desk, error_at
from tests.province.drawing import codes, request
from tests.province.fixtures import Province
from tests.province.institutional import published, reported
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    found_chain,
    receive,
    stock_county,
    to_city,
)

CAME = "9900001001-9900001100,9900001111-9900001200"
"""Of the first two hundred in stock, all but the ten after the first hundred."""


@pytest.fixture
def chain(province: Province) -> Province:
    """3000 certificates B and 40 marks in the province's store."""
    found_chain(province)
    receive(province)
    receive(province, kind="mark", typed="", count=40)
    return province


def sent(province: Province, **changes: object) -> Distribution:
    """Two hundred certificates are on their way to the city."""
    province.clock.wait(1)
    made = distributing.distribute(province.using, to_city(**({"count": 200} | changes)))
    assert isinstance(made, Distribution), made
    return made


def count_in(province: Province, name: str, **counted: object) -> DistributionReceived | StockRefused:
    said = msgspec.structs.replace(Counted(), **counted)
    return receiving.confirm_receipt(province.using, name, by=CITY_KEEPER, counted=said)


def ten_missing(province: Province) -> Distribution:
    """Ten of two hundred did not come."""
    made = sent(province)
    received = count_in(province, made.distribution, typed=CAME, cause="lost")
    assert isinstance(received, DistributionReceived), received
    return made


def on_hand(province: Province, organisation: int, kind: str = "B") -> int:
    return sum(lot.count for lot in stores.lots(province.using, organisation, kind))


def case_of(province: Province) -> CaseState:
    (case,) = cases(province.using)
    return case


def test_the_receipt_stands_for_what_came(chain: Province) -> None:
    ten_missing(chain)
    assert (on_hand(chain, PROVINCE), on_hand(chain, CITY)) == (2800, 190)
    page = stores.ledger(chain.using, CITY, "B", "2026-01-01", "2026-12-31")
    assert isinstance(page, stores.LedgerPage)
    assert page.holds
    assert (page.came_in, page.went_out, page.on_hand) == (190, 0, 190)
    (city,) = (one for one in holdings(chain.using, "B") if one.organisation == CITY)
    assert (city.on_hand, city.coming) == (190, 0)
    assert differences(chain.using) == []


def test_g21_what_did_not_come_is_a_case_with_its_term_until_the_head_concludes_it(chain: Province) -> None:
    made = ten_missing(chain)
    case = case_of(chain)
    assert (case.organisation, case.kind, case.about) == (CITY, "short_receipt", made.distribution)
    assert (case.numbers, case.by, case.overdue) == ("B 9900001101–9900001110", CITY_KEEPER, False)
    assert case.due_on > case.opened_on
    said = {"cause": "misfiled", "conclusion": "put_right"}
    for stranger in (CITY_KEEPER, PROVINCE_HEAD):
        assert C.NOT_THE_HEAD in codes(ending.conclude_loss(chain.using, case.case, **said, by=stranger))
    published(chain, case.case, by=CITY_HEAD)
    reported(chain, case.case, by=CITY_HEAD)
    ending.conclude_loss(chain.using, case.case, **said, by=CITY_HEAD)
    ended = case_of(chain)
    assert (ended.cause, ended.conclusion, ended.concluded_by) == ("misfiled", "put_right", CITY_HEAD)
    assert ended.concluded_on
    assert cases(chain.using, concluded=False) == []
    assert cases(chain.using, organisation=COUNTY) == []


def test_g49_a_short_receipt_nobody_concluded_in_time_is_held_against_who_received_it(chain: Province) -> None:
    ten_missing(chain)
    chain.clock.wait(60 * 86_400)
    assert case_of(chain).overdue
    (found,) = (one for one in violations(chain.using) if one.source == "case")
    assert (found.organisation, found.code, found.overdue) == (CITY, "short_receipt", True)


def test_missing_numbers_are_named_wherever_somebody_asks_for_them(chain: Province) -> None:
    made = ten_missing(chain)
    (line,) = ended_in_stock(chain.using)
    assert (line["first"], line["last"], line["size"]) == ("9900001101", "9900001110", 10)
    assert (line["how"], line["cause"], line["shipment"]) == ("lost", "lost", made.distribution)
    life: Life = trace(chain.using, "B 9900001105")
    assert life.standing.value == "lost"
    assert [step.what for step in life.steps] == ["stock_in", "stock_out", "stock_lost"]
    assert trace(chain.using, "B 9900001111").standing.value == "undrawn"


def test_missing_numbers_are_given_to_nobody(chain: Province) -> None:
    ten_missing(chain)
    give = to_city(typed="9900001101-9900001110", count=0)
    assert C.NOT_ON_HAND in codes(distributing.distribute(chain.using, give))
    on = to_city(giver=CITY, receiver=COUNTY, by=CITY_KEEPER, typed="9900001101-9900001110", count=0)
    assert C.NOT_ON_HAND in codes(distributing.distribute(chain.using, on))
    assert C.NOT_ON_HAND in codes(drawing.draw(chain.using, request(typed="9900001101-9900001110", count=0)))


def test_marks_are_counted_by_the_piece(chain: Province) -> None:
    made = sent(chain, kind="mark", count=30)
    assert isinstance(count_in(chain, made.distribution, count=27, cause="damaged"), DistributionReceived)
    assert (on_hand(chain, CITY, "mark"), case_of(chain).numbers) == (27, "mark 3")


@pytest.mark.parametrize("kind", ["B", "mark"])
def test_nothing_may_come_at_all(chain: Province, kind: str) -> None:
    made = sent(chain, kind=kind, count=30)
    assert isinstance(count_in(chain, made.distribution, count=0, cause="stolen"), DistributionReceived)
    assert on_hand(chain, CITY, kind) == 0
    assert DjangoRows(chain.using).many("stock_moves", organisation=CITY) == []
    assert differences(chain.using) == []
    assert codes(count_in(chain, made.distribution)) == [C.RECORD_SETTLED]


def test_whoever_counts_everything_opens_no_case(chain: Province) -> None:
    made = sent(chain)
    whole = "9900001001-9900001150,9900001151-9900001200"
    assert isinstance(count_in(chain, made.distribution, typed=whole, count=200), DistributionReceived)
    assert (on_hand(chain, CITY), cases(chain.using)) == (200, [])


def test_what_goes_back_up_is_counted_by_the_superior(province: Province) -> None:
    found_chain(province)
    stock_county(province, 1000)
    back = ReturnRequest(giver=COUNTY, kind="B", by=COUNTY_KEEPER, reason="too_many", typed="9900001901-9900002000")
    given = returning.give_back(province.using, back)
    assert isinstance(given, StockGivenBack)
    record = given.record
    counted = Counted(typed="9900001901-9900001990", cause="lost")
    by_county = returning.receive_back(province.using, record, by=COUNTY_KEEPER, counted=counted)
    assert codes(by_county) == [C.NOT_THE_KEEPER]
    made = returning.receive_back(province.using, record, by=CITY_KEEPER, counted=counted)
    assert isinstance(made, ReturnReceived)
    assert (on_hand(province, COUNTY), on_hand(province, CITY)) == (900, 90)
    assert (case_of(province).organisation, case_of(province).about) == (CITY, record)


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ({"typed": CAME}, C.REASON_UNKNOWN),  # what became of the rest
        ({"typed": CAME, "cause": "because"}, C.REASON_UNKNOWN),
        ({"count": 190, "cause": "lost"}, C.QUANTITY_MISFIT),  # which of them
        ({"count": 189, "typed": CAME, "cause": "lost"}, C.QUANTITY_MISFIT),
        ({"typed": "9900001001-9900001201"}, C.MORE_THAN_SENT),
        ({"typed": "9900003001-9900003010", "cause": "lost"}, C.MORE_THAN_SENT),
        ({"typed": "9900001001-", "cause": "lost"}, C.RANGES_UNREADABLE),
        ({"typed": "9900001001-9900001100,9900001050-9900001200", "cause": "lost"}, C.RANGES_UNREADABLE),
        ({"count": 201}, C.QUANTITY_MISFIT),
        ({"cause": "stolen"}, C.NOTHING_MISSING),
    ],
)
def test_what_cannot_have_come_so_is_refused_and_stays_on_its_way(
    chain: Province, counted: dict[str, object], code: C
) -> None:
    made = sent(chain)
    assert codes(count_in(chain, made.distribution, **counted)) == [code]
    assert (on_hand(chain, CITY), cases(chain.using)) == (0, [])
    assert isinstance(count_in(chain, made.distribution), DistributionReceived)


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ({"count": 31}, C.MORE_THAN_SENT),
        ({"count": -1, "cause": "lost"}, C.MORE_THAN_SENT),
        ({"typed": CAME, "cause": "lost"}, C.QUANTITY_MISFIT),
    ],
)
def test_marks_that_cannot_have_come_so_are_refused(chain: Province, counted: dict[str, object], code: C) -> None:
    made = sent(chain, kind="mark", count=30)
    assert codes(count_in(chain, made.distribution, **counted)) == [code]


# --- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk_chain(site: Province) -> Province:
    """The same, with the desk open."""
    found_chain(site)
    receive(site)
    return site


def test_the_keeper_counts_at_the_desk_and_the_case_is_on_its_list(desk_chain: Province) -> None:
    made, keeper = sent(desk_chain), Desk(desk_chain, CITY_KEEPER)
    here = f"stock/distributions/{made.distribution}/receipt/"
    assert "9900001001–9900001200" in keeper.get(here)
    assert "YJ-7218" in error_at(keeper.post(here, arrived="190", cause="lost"), "came")
    assert "YJ-7225" in error_at(keeper.post(here, arrived="190", came=CAME), "cause")
    keeper.post(here, arrived="190", came=CAME, cause="lost")
    page = keeper.get("visits/cases/")
    assert "收货短少或损坏" in page
    assert "9900001101–9900001110" in page
    assert made.distribution in keeper.get("visits/cases/?format=csv")
    Desk(desk_chain, COUNTY_HEAD).get("stock/distributions/99-D9999/receipt/", 404)
