"""What goes up to the institutions: violations (GX-2014 Art. 28), cases and their conclusions (Art. 17)."""

from __future__ import annotations

import csv
import io

import pytest

from inspector_app.domain.stock import Distribution
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.errors import StationError
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded
from inspector_app.journal.entries.losses import LossConcluded, LossPublished, LossReported
from province.custody import distributing, ordering, receiving
from province.custody.ending import EndRequest, conclude_loss, end_stock
from province.custody.founding_draws import draw_undecided
from province.custody.ordering import OrderRequest
from province.journal.rows import DjangoRows
from province.ledgers.cases import cases
from province.ledgers.losses import pass_on
from province.violations import violations
from tests.province import work
from tests.province.desks import Desk
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.institutional import published, reported
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    OTHER_CITY,
    OTHER_COUNTY,
    OTHER_COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    UNIT,
    found_chain,
    receive,
    to_city,
)
from tests.province.test_stock import case
from tests.sync.fakes import FakeDevice

DAY_S = 86_400


@pytest.fixture
def chain(province: Province) -> Province:
    """The institutions, with stock in the province's store."""
    found_chain(province)
    receive(province)
    return province


def told(province: Province, *, station: int = 0, organisation: int = 0) -> list[tuple[str, str, int, int, bool]]:
    """Source, code, organisation, person and whether overdue of each violation."""
    found = violations(province.using, station=station, organisation=organisation)
    return [(one.source, one.code, one.organisation, one.person, one.overdue) for one in found]


# --- institutions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receiver": COUNTY}, "level_skipped"),
        ({"giver": CITY, "receiver": OTHER_COUNTY, "by": CITY_KEEPER}, "across_districts"),
        ({"by": COUNTY_KEEPER}, "not_the_keeper"),
    ],
)
def test_g49_what_was_tried_against_the_chain_is_held_against_who_tried(
    chain: Province, changes: dict[str, int], code: str
) -> None:
    request = to_city(**changes)
    assert hasattr(distributing.distribute(chain.using, request), "refusals")
    assert told(chain) == [("refused", code, request.giver, request.by, False)]


def test_a_mistyped_range_is_no_violation(chain: Province) -> None:
    assert hasattr(distributing.distribute(chain.using, to_city(count=0, typed="99000x")), "refusals")
    assert told(chain) == []


def test_g49_an_order_after_its_day_and_a_receipt_past_its_term_are_listed(chain: Province) -> None:
    order = OrderRequest(organisation=COUNTY, superior=CITY, kind="B", wanted=100, by=COUNTY_KEEPER)
    assert not hasattr(ordering.place_order(chain.using, order), "refusals")  # on the 21st
    assert not hasattr(distributing.distribute(chain.using, to_city()), "refusals")
    assert told(chain) == [("order", "late_order", COUNTY, COUNTY_KEEPER, False)]
    chain.clock.wait(14 * DAY_S)
    assert told(chain, organisation=CITY) == [("record", "no_receipt", CITY, 0, True)]
    assert told(chain, organisation=OTHER_CITY) == []


def test_a_distribution_taken_in_is_none(chain: Province) -> None:
    made = distributing.distribute(chain.using, to_city())
    assert isinstance(made, Distribution)
    receiving.confirm_receipt(chain.using, made.distribution, by=CITY_KEEPER)
    chain.clock.wait(14 * DAY_S)
    assert told(chain, organisation=CITY) == []


# --- stations ---------------------------------------------------------------------------------------------------------


def lose(device: FakeDevice) -> str:
    block = DjangoRows("tested").many("blocks", device=device.device, kind="B")[0]
    fact = NumbersLost(str(block["block"]), str(block["last"]), str(block["last"]), "stolen", "2026-11-21")
    return device.record(VET, fact)


def test_g49_a_loss_nobody_reported_published_or_concluded_in_time_is_listed_by_step(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    lose(device)
    device.sync(chain.exchange)
    assert told(chain, station=STATION) == []
    chain.clock.wait(60 * DAY_S)
    found = told(chain, station=STATION)
    assert {one[:3] for one in found} >= {
        ("loss", "loss_reported", UNIT),
        ("loss", "loss_published", UNIT),
        ("loss", "loss_concluded", UNIT),
    }


def test_a_loss_that_was_followed_to_its_end_is_none(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    ref = lose(device)
    for to in ("authority", "institution"):
        device.record(HEAD, LossReported(loss=ref, to=to, sent_on="2026-11-21", attachments=[]))
    device.record(HEAD, LossPublished(loss=ref, medium="newspaper", published_on="2026-11-21", attachments=[]))
    device.record(HEAD, LossConcluded(loss=ref, cause="theft", conclusion="found_none"))
    device.sync(chain.exchange)
    chain.clock.wait(60 * DAY_S)
    assert [one for one in told(chain, station=STATION) if one[0] == "loss"] == []


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_void_nobody_confirmed_in_time_is_listed_and_a_confirmed_one_is_not(
    chain: Province, *, confirmed: bool
) -> None:
    device = chain.enrol(people=(VET, HEAD))
    issued = work.certify(device)
    act = device.record(VET, CertificateVoided(number=issued.number, reason="wrong_entry", on_desk=0))
    if confirmed:
        device.record(HEAD, ActConfirmed(act=act, form="apart"))
    device.sync(chain.exchange)
    chain.clock.wait(30 * DAY_S)
    voids = [one for one in told(chain, station=STATION) if one[0] == "void"]
    assert voids == ([] if confirmed else [("void", "void_unconfirmed", UNIT, 0, True)])


def test_nobody_takes_a_loss_up_for_a_level_that_is_not_theirs(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    ref = lose(device)
    device.sync(chain.exchange)
    for by in (0, VET, CITY_KEEPER, OTHER_COUNTY_KEEPER):
        with pytest.raises(StationError, match=r"loss\.level_foreign"):
            pass_on(chain.using, ref, "county", by=by)
    assert pass_on(chain.using, ref, "county", by=COUNTY_KEEPER).waits_for == "city"


# --- cases ------------------------------------------------------------------------------------------------------------


def test_g21_the_cases_of_every_station_come_up_with_cause_and_conclusion(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    late, done = case(device, due_on="2026-11-20"), case(device)
    device.record(HEAD, CustodyCaseConcluded(opened=done, cause="misfiled", conclusion="found_again"))
    device.sync(chain.exchange)
    first, second = cases(chain.using)
    assert (first.case, first.station, first.overdue, first.conclusion) == (late, STATION, True, "")
    assert (second.case, second.cause, second.conclusion, second.concluded_by) == (
        done,
        "misfiled",
        "found_again",
        HEAD,
    )
    assert [one.case for one in cases(chain.using, concluded=False)] == [late]
    assert cases(chain.using, station=OTHER_STATION) == []


def test_g21_a_loss_of_a_store_comes_up_like_the_stations_cases_and_counts_when_its_term_is_past(
    chain: Province,
) -> None:
    stolen = EndRequest(
        organisation=PROVINCE, kind="B", how="lost", cause="stolen", by=PROVINCE_KEEPER, typed="9900001001-9900001100"
    )
    loss = end_stock(chain.using, stolen)
    assert isinstance(loss, StockEnded)
    (held,) = cases(chain.using, concluded=False)
    assert (held.case, held.organisation, held.numbers) == (loss.ending, PROVINCE, "B 9900001001–9900001100")
    assert told(chain) == []
    chain.clock.wait(60 * DAY_S)
    assert cases(chain.using)[0].overdue
    papers = [("loss", f"loss_{step}", PROVINCE, 0, True) for step in ("reported", "published")]
    assert told(chain, organisation=PROVINCE) == [*papers, ("case", "stock_lost", PROVINCE, 0, True)]
    said = {"cause": "stolen", "conclusion": "handed_to_law"}
    published(chain, loss.ending, by=PROVINCE_HEAD)
    reported(chain, loss.ending, by=PROVINCE_HEAD)
    assert told(chain, organisation=PROVINCE) == [("case", "stock_lost", PROVINCE, 0, True)]
    assert isinstance(conclude_loss(chain.using, loss.ending, **said, by=PROVINCE_HEAD), StockLossConcluded)
    (ended,) = cases(chain.using)
    assert (ended.conclusion, ended.concluded_by, ended.overdue) == ("handed_to_law", PROVINCE_HEAD, False)
    assert (cases(chain.using, concluded=False), told(chain)) == ([], [])


def test_g49_what_was_drawn_for_a_station_under_nobody_is_held_up_as_a_violation(chain: Province) -> None:
    assert hasattr(draw_undecided(chain.using, "B", "9900003001", "9900003002", station=OTHER_STATION), "refusals")
    assert [(one[0], one[1]) for one in told(chain)] == [("refused", "station_no_unit")]


def test_the_desk_shows_cases_and_the_violations_of_institutions(site: Province) -> None:
    found_chain(site)
    receive(site)
    device = site.enrol(people=(VET, HEAD))
    ref = case(device, due_on="2026-11-20")
    device.sync(site.exchange)
    assert hasattr(distributing.distribute(site.using, to_city(receiver=COUNTY)), "refusals")
    desk = Desk(site, PROVINCE_KEEPER)
    page = desk.get("visits/cases/")
    assert "账物不符" in page
    assert "未结 1" in page
    assert "越级订购或发放" in desk.get("visits/violations/")
    answer = desk.client.get("/desk/visits/cases/?station=7&format=csv")
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (head[3], line[3], line[9]) == ("case", ref, "1")
    own = desk.client.get(f"/desk/visits/violations/?organisation={PROVINCE}&format=csv").content.decode("utf-8-sig")
    assert [one[-2] for one in csv.reader(io.StringIO(own))][1:] == [str(PROVINCE)]
