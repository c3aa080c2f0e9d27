"""M11 to M16 at the desk: voids and prints, destruction, losses, supervision and its lots, chains and continuity."""

from __future__ import annotations

import csv
import io

import pytest

from inspector_app.domain.stock_refusals import StockCode, StockRefused
from inspector_app.domain.visit_plans import VisitsDrawn, draw_lots
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.losses import LossPublished, Publication
from inspector_app.journal.entries.sheets import DestructionRequested, DestructionReviewed, SheetName
from inspector_app.journal.entries.supervision import RectificationRecorded
from province.custody.visiting import draw_visits
from province.desk import chains, destruction_pages
from province.desk.rates import Rate, rates, sheets_out
from province.journal.models import StoredEntry
from province.journal.projecting import differences
from province.journal.read_once import ReadOnceRows
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from province.ledgers.losses import loss_states
from tests.province import work
from tests.province.desks import Desk, county, error_at, problems
from tests.province.drawing import print_one
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    OTHER_COUNTY,
    OTHER_COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    found_chain,
)
from tests.province.test_old_sheets import write_off
from tests.province.test_stock import case, visit
from tests.sync.fakes import FakeDevice

FILE = "00" * 32


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions over the stations under test."""
    found_chain(site)
    return site


def void(device: FakeDevice, issued: work.Issued) -> None:
    device.record(VET, CertificateVoided(number=issued.number, reason="wrong_entry", on_desk=0), private=Note(text=""))


def out(device: FakeDevice) -> work.Issued:
    """A certificate with its holder, voided since."""
    issued = work.certify(device)
    print_one(device, issued)
    work.hand_over(device, issued)
    void(device, issued)
    return issued


# --- M11 -------------------------------------------------------------------------------------------------------------


def test_rates_count_voids_by_vet_and_station_over_the_days_of_issue(either_province: Province) -> None:
    device = either_province.enrol()
    for _each in range(3):
        work.certify(device)
    out(device)
    device.sync(either_province.exchange)
    whole = Rate(station=STATION, vet=VET, issued=4, voided=1, replaced=0, further_prints=0)
    assert rates(either_province.using, "2026-11-01", "2026-11-30") == [whole]
    assert (whole.ended_percent, whole.further_percent) == (25, 0)
    assert rates(either_province.using, "2026-10-01", "2026-10-31") == []
    (sheet,) = sheets_out(either_province.using)
    assert (sheet["sheet"], sheet["station"], sheet["state"]) == (2, STATION, "voided")


def test_the_page_of_rates_takes_a_period_and_passes_over_what_is_no_day(chain: Province) -> None:
    device = chain.enrol()
    issued = out(device)
    device.sync(chain.exchange)
    desk = county(chain)
    page = desk.get("papers/?first=2026-11-01&last=2026-11-30")
    assert "100 %" in page
    assert str(issued.number) in page
    assert "这段时间没有签发" in desk.get("papers/?first=2026-01-01&last=2026-01-31")
    assert "2026-08-22 至 2026-11-21" in desk.get("papers/?first=soon&last=%27%3B--")


def test_a_sheet_that_was_never_handed_over_is_not_asked_back(chain: Province) -> None:
    device = chain.enrol()
    issued = work.certify(device)
    print_one(device, issued)
    work.void(device, issued)
    device.sync(chain.exchange)
    assert sheets_out(chain.using) == []


# --- M12 -------------------------------------------------------------------------------------------------------------


def request(device: FakeDevice, issued: work.Issued) -> str:
    sheet = SheetName(issued.number.kind, issued.number.digits, 1, 2)
    write_off(device, issued)
    return device.record(VET, DestructionRequested([sheet], "shredding", "2027-12-01", counted=1, form=FILE))


def test_a_request_for_destruction_is_shown_step_by_step_with_what_the_judge_said(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    asked = request(device, out(device))
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    device.sync(chain.exchange)
    page = county(chain).get("destruction/")
    assert "陆清河 11" in page
    assert "周望山 14" in page
    assert page.count("待办") == 2
    assert "没有销毁申请" in Desk(chain, CITY_KEEPER).get("destruction/?state=destroyed")


def test_what_the_judge_holds_against_a_step_stands_beside_the_request(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    asked = request(device, out(device))
    other = request(device, out(device))
    device.record(VET, DestructionReviewed(asked, counted=1))  # the keeper is no head
    device.sync(chain.exchange)
    page = county(chain).get("destruction/")
    assert page.count("待办") == 6
    assert list(destruction_pages.held_against(chain.using)) == [asked]
    assert page.count("无异议") == 1
    assert other in {row["ref"] for row in DjangoRows(chain.using).many("destructions")}


# --- M13 -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def lost(chain: Province) -> str:
    """Numbers lost at the station, the notice in a newspaper."""
    device = chain.enrol()
    block = work.next_number(device, "B")[1]
    loss = device.record(VET, NumbersLost(block, "9900000090", "9900000095", "stolen", "2026-11-20"))
    device.record(VET, LossPublished(loss, "newspaper", "2026-11-21", [FILE]), private=Publication(name="高邮日报"))
    device.sync(chain.exchange)
    return loss


def test_a_loss_goes_up_level_by_level_each_by_its_own_people(chain: Province, lost: str) -> None:
    place = f"losses/one/?loss={lost}"
    keeper = county(chain)
    assert "9900000090–9900000095" in keeper.get("losses/")
    assert "县级接报" in keeper.get(place)
    for desk, level in (
        (keeper, "county"),
        (Desk(chain, CITY_KEEPER), "city"),
        (Desk(chain, PROVINCE_HEAD), "province"),
    ):
        desk.post(place, level=level)
    (state,) = loss_states(chain.using)
    assert set(state.passed) == {"county", "city", "province"}
    steps = DjangoRows(chain.using).many("loss_steps", step="passed", order="at")
    assert sorted(int(row["by"] or 0) for row in steps) == [CITY_KEEPER, COUNTY_KEEPER, PROVINCE_HEAD]
    page = keeper.get(place)
    assert "接报" in page
    assert "高邮日报" not in page
    assert "报纸" in page
    assert differences(chain.using) == []


def test_nobody_speaks_for_another_level_or_another_district(chain: Province, lost: str) -> None:
    place = f"losses/one/?loss={lost}"
    for person, level in ((COUNTY_KEEPER, "city"), (OTHER_COUNTY_KEEPER, "county"), (VET, "county")):
        desk = Desk(chain, person, f"{person} at {level}")
        assert 'name="level" value="city"' not in desk.get(place)
        assert "YJ-7833" in problems(desk.refused(place, level=level))[0]
    assert "YJ-7830" in problems(Desk(chain, 0, "nobody").refused(place, level="county"))[0]
    assert loss_states(chain.using)[0].passed == {}


def test_no_level_is_passed_over_and_none_taken_twice(chain: Province, lost: str) -> None:
    place = f"losses/one/?loss={lost}"
    assert len(problems(Desk(chain, CITY_KEEPER).refused(place, level="city"))) == 1
    keeper = county(chain)
    keeper.post(place, level="county")
    assert len(problems(keeper.refused(place, level="county"))) == 1
    assert list(loss_states(chain.using)[0].passed) == ["county"]


# --- M14 -------------------------------------------------------------------------------------------------------------


def test_visits_show_what_is_put_right_and_what_is_late(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    ref = visit(device, "storage_poor", "ledger_incomplete")
    device.record(HEAD, RectificationRecorded(visit=ref, findings=["storage_poor"], attachments=[]))
    device.sync(chain.exchange)
    desk = county(chain)
    page = desk.get("visits/")
    assert "1 / 2" in page
    assert "孙检查" not in page
    chain.clock.wait(40 * 86_400)
    assert "逾期：2026-12-21" in Desk(chain, CITY_KEEPER).get("visits/")


def test_violations_can_be_saved_whole_and_by_station(chain: Province) -> None:
    device = chain.enrol(people=(VET, HEAD))
    visit(device, "storage_poor")
    case(device, "2026-11-20")
    out(device)
    device.sync(chain.exchange)
    desk = county(chain)
    page = desk.get("visits/violations/")
    assert "保管条件不合格" in page
    assert "逾期案件" in page
    answer = desk.client.get("/desk/visits/violations/?station=7&format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "station"
    assert {line[3] for line in lines} >= {"supervision", "case"}
    assert {line[0] for line in lines} == {"7"}
    assert len(desk.client.get("/desk/visits/violations/?station=8&format=csv").content.splitlines()) == 1


def test_lots_are_drawn_once_a_day_and_anybody_can_draw_them_again(chain: Province) -> None:
    desk = Desk(chain, PROVINCE_KEEPER)
    page = desk.post("visits/lots/", organisation=str(PROVINCE), count="1")
    (row,) = DjangoRows(chain.using).many("visit_plans")
    assert str(row["seed"]) in page
    assert draw_lots(str(row["seed"]), (7, 8), 1) in ((7,), (8,))
    assert str(row["drawn"]) == f'["{draw_lots(str(row["seed"]), (8, 7), 1)[0]}"]'
    again = desk.post("visits/lots/", organisation=str(PROVINCE), count="2")
    assert "YJ-7228" in problems(again)[0]
    chain.clock.wait(86_400)
    assert isinstance(draw_visits(chain.using, PROVINCE, 2, by=PROVINCE_HEAD), VisitsDrawn)
    assert differences(chain.using) == []


@pytest.mark.parametrize(
    ("organisation", "count", "by", "code"),
    [
        (COUNTY, 1, CITY_KEEPER, StockCode.NOT_THE_HEAD),
        (COUNTY, 1, 0, StockCode.NOT_THE_HEAD),
        (COUNTY, 0, COUNTY_KEEPER, StockCode.NOT_ON_HAND),
        (COUNTY, 2, COUNTY_KEEPER, StockCode.NOT_ON_HAND),
        (999, 1, COUNTY_KEEPER, StockCode.ORGANISATION_UNKNOWN),
    ],
)
def test_lots_of_strangers_or_of_more_than_there_are_are_not_drawn(
    chain: Province, organisation: int, count: int, by: int, code: StockCode
) -> None:
    outcome = draw_visits(chain.using, organisation, count, by=by)
    assert isinstance(outcome, StockRefused)
    assert outcome.codes == (code,)
    assert DjangoRows(chain.using).count("visit_plans") == 0


def test_who_heads_nothing_draws_no_lots(chain: Province) -> None:
    page = Desk(chain, VET).post("visits/lots/", organisation=str(OTHER_COUNTY), count="1")
    assert error_at(page, "organisation")
    assert DjangoRows(chain.using).count("visit_plans") == 0


def test_every_station_has_its_turn() -> None:
    pool = range(1, 11)
    drawn = [draw_lots(f"{seed:032x}", pool, 3) for seed in range(200)]
    assert all(len(set(one)) == 3 for one in drawn)
    assert {station for one in drawn for station in one} == set(pool)
    assert draw_lots("ab", pool, 3) == draw_lots("ab", reversed(pool), 3) != draw_lots("cd", pool, 3)


# --- M16 -------------------------------------------------------------------------------------------------------------


def test_the_desk_and_the_command_give_the_same_continuity(chain: Province) -> None:
    device = chain.enrol()
    work.certify(device)
    out(device)
    device.sync(chain.exchange)
    assert chains.continuity_now(chain.using, STATION) == continuity_of(chain.using, STATION)
    work.certify(device)
    device.sync(chain.exchange)
    assert chains.continuity_now(chain.using, STATION) == continuity_of(chain.using, STATION)
    desk = county(chain)
    assert "相符" in desk.get("chains/")
    answer = desk.client.get("/desk/chains/stations/7/?format=csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(int(line["size"]) for line in lines) == 3000
    assert {line["standing"] for line in lines} >= {"used", "voided", "free", "uncut"}


def test_what_nobody_can_explain_is_counted(chain: Province) -> None:
    device = chain.enrol()
    inspected = work.declare(device)
    taken = work.next_number(device, "B", skip=2)
    work.issue(device, work.inspect(device, inspected), inspected, taken=taken)
    device.sync(chain.exchange)
    desk = county(chain)
    assert "2 个待查明" in desk.get("chains/")
    assert "跳号" in desk.get("chains/stations/7/")


def test_a_chain_is_followed_entry_by_entry_and_a_changed_one_is_noticed(chain: Province) -> None:
    device = chain.enrol()
    work.certify(device)
    device.sync(chain.exchange)
    desk = county(chain)
    assert device.head().hash.hex()[:12] in desk.get("chains/")
    assert "首尾相接" in desk.get(f"chains/check/{device.device}/")
    assert not chains.has_broken(chain.using, device.device)
    from django.db import connections

    with connections[chain.using].cursor() as cursor:
        cursor.execute("DROP TRIGGER entry_no_update")
        cursor.execute("UPDATE entry SET public = %s WHERE seq = 2", [b"{}"])
    assert StoredEntry.objects.using(chain.using).filter(seq=2, public=b"{}").exists()
    assert "记录接不上" in desk.get(f"chains/check/{device.device}/")


def test_stations_come_ten_to_a_page(chain: Province) -> None:
    from tests.province.test_desk import many_stations

    many_stations(chain, 100, 112, kind="A")
    assert chains.stations_page(chain.using, 1).pages == 2
    assert len(chains.stations_page(chain.using, 2).stations) == 3
    assert chains.stations_page(chain.using, 99).at == 2
    assert 'href="?page=2"' in county(chain).get("chains/")


def test_rows_read_once_answer_as_the_database_does(chain: Province) -> None:
    plain, once = DjangoRows(chain.using), ReadOnceRows(chain.using, "organisations")
    assert once.many("organisations") == plain.many("organisations")
    assert once.many("organisations", superior=PROVINCE) == plain.many("organisations", superior=PROVINCE)
    assert once.many("organisations", order="head") == plain.many("organisations", order="head")
    assert once.one("organisations", organisation=CITY) == plain.one("organisations", organisation=CITY)
    assert once.one("organisations", organisation=999) is None
    assert once.many("stock_locations") == plain.many("stock_locations")
    from inspector_app.errors import BugError

    with pytest.raises(BugError, match="rows for"):
        once.one("organisations", superior=PROVINCE)
