"""Custody by command: an organisation's chain, stock down to a draw, fees, terms; each answer as a table of values."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from inspector_app.errors import StationError
from province import __main__, commands
from province.custody.refused import RefusedError
from province.numbers.ranges import NumbersError
from province.registry import furnishing
from tests.province.fixtures import STATION, Province

CHAIN = """
[[person]]
number = 31
name = "钱一平"
[[person]]
number = 32
name = "吴二安"
[[person]]
number = 33
name = "郑三和"
[[person]]
number = 43
name = "冯四海"
[[organisation]]
number = 1
name = "省水生动物卫生监督机构"
level = "province"
area = 320000
by = 43
keeper = 31
[[organisation]]
number = 10
name = "扬州市监督机构"
level = "city"
superior = 1
area = 321000
by = 43
keeper = 32
[[organisation]]
number = 100
name = "高邮市监督机构"
level = "county"
superior = 10
area = 321084
head = 43
by = 43
keeper = 33
[[organisation]]
number = 1000
name = "高邮湖西站"
level = "station"
superior = 100
area = 321084
station = 7
filing = "备 3"
category = "aquatic_seed"
filed_from = "2026-01-01"
by = 43
"""


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions, from a table."""
    told = furnishing.furnish(site.using, tomllib.loads(CHAIN))
    assert told == {"station": 0, "person": 4, "numbers": 0, "organisation": 4}
    return site


def run(*words: str) -> dict[str, Any]:
    """One command in this process, as the command line would run it."""
    arguments = commands.parser().parse_args([*words])
    answer: dict[str, Any] = arguments.run(arguments)
    return json.loads(json.dumps(answer, ensure_ascii=False))


def refused(*words: str) -> str:
    """The first reason why a command was not done."""
    with pytest.raises(RefusedError) as problem:
        run(*words)
    assert __main__._is_of_the_trade(problem.value)
    assert problem.value.args[1]["reasons"][0]["code"] == problem.value.args[0]
    json.dumps(problem.value.args[1])
    return str(problem.value.args[0])


IMPRESSION = (*"seal 一号 --organisation 100 --since 2026-11-21 --by 33 --holder 11".split(), "--impression")
CLIPPING = (*"loss-notice x --medium newspaper --by 33".split(), "--picture")


@pytest.mark.parametrize("verb", [IMPRESSION, CLIPPING])
def test_a_photograph_that_is_not_there_is_said_to_be_unreadable(chain: Province, verb: tuple[str, ...]) -> None:
    with pytest.raises(StationError, match="file_unreadable"):
        run(*verb, "nowhere.png")


def to_county(count: int = 300) -> None:
    """Stock from the printing house into the county's store, by command."""
    stock = ("stock", "--organisation", "1", "--kind", "B", "--by", "31", "--source", "SH-1")
    run(*stock, "--ranges", "9900001001-9900001500，9900002001-2500")
    give = ("distribute", "--kind", "B", "--count", str(count))
    for giver, receiver, by, keeper in (("1", "10", "31", "32"), ("10", "100", "32", "33")):
        told = run(*give, "--giver", giver, "--receiver", receiver, "--by", by)
        assert (told["count"], told["late"], told["due_on"]) == (count, False, "2026-11-27")
        run("receive", told["distribution"], "--by", keeper)


def test_what_is_not_used_goes_back_by_command(chain: Province) -> None:
    to_county()
    back = ("give-back", "--giver", "100", "--kind", "B", "--reason", "too_many", "--by", "33")
    assert refused(*back, "--ranges", "9900001251-9900001400") == "crosses_stock"
    told = run(*back, "--ranges", "9900001251-9900001300")
    assert (told["receiver"], told["count"], told["ended"]) == (10, 50, False)
    assert refused("receive", told["record"], "--by", "33") == "not_the_keeper"
    run("receive", told["record"], "--by", "32")
    period = ("--from", "2026-11-01", "--to", "2026-11-30")
    held = run("on-hand", "--organisation", "10", "--kind", "B", *period)
    assert [lot["count"] for lot in held["on_hand"]] == [50]
    assert (held["ledger"]["closing"], held["ledger"]["on_hand"]) == (50, 50)
    dead = run("on-hand", "--organisation", "10", "--kind", "B", "--given-back", *period)
    assert (dead["on_hand"], dead["ledger"]["closing"]) == ([], 0)


def test_from_the_printing_house_to_the_station_by_command(chain: Province) -> None:
    to_county()
    held = run("on-hand", "--organisation", "100", "--kind", "B", "--from", "2026-11-01", "--to", "2026-11-30")
    assert held["on_hand"] == [{"on": "2026-11-21", "first": "9900001001", "last": "9900001300", "count": 300}]
    assert (held["ledger"]["came_in"], held["ledger"]["closing"]) == (300, 300)
    drawn = run("draw", "--station", str(STATION), "--kind", "B", "--count", "200", "--by", "33")
    assert (drawn["first"], drawn["last"]) == ("9900001001", "9900001200")
    steps = run("trace", "B 9900001001")["steps"]
    assert [step["what"] for step in steps] == ["stock_in", *["stock_out", "stock_in"] * 2, "draw"]
    assert [step["organisation"] for step in steps] == [1, 1, 10, 10, 100, 0]
    waiting = run("overdue", "--all")
    assert drawn["draw"] in [term["record"] for term in waiting["terms"]]
    assert run("overdue") == {
        "terms": [],
        "late_records": [],
        "emergencies": [],
        "draws_waiting": [],
        "stock_waiting": [],
    }


def test_a_draw_over_the_cap_is_answered_by_the_head(chain: Province) -> None:
    to_county()
    draw = ("draw", "--station", str(STATION), "--kind", "B", "--count", "250", "--by", "33")
    assert refused(*draw) == "over_cap"
    asks = [run(*draw, "--reason", "season")["ask"] for _ in range(2)]
    assert [row["ask"] for row in run("overdue")["draws_waiting"]] == asks
    assert refused("confirm-draw", asks[0], "--by", "33") == "not_the_head"
    assert run("confirm-draw", asks[0], "--by", "43", "--decline")["ask"] == asks[0]
    assert run("confirm-draw", asks[1], "--by", "43")["last"] == "9900001250"


def test_the_head_answers_what_a_keeper_asks_by_command(chain: Province) -> None:
    late = ("order", "--organisation", "100", "--superior", "10", "--kind", "B", "--wanted", "90", "--by", "33")
    asks = [run(*late, "--reason", "disaster")["ask"] for _ in range(2)]
    assert [row["ask"] for row in run("overdue")["stock_waiting"]] == asks
    assert refused("decide-stock", asks[0], "--by", "33") == "not_the_head"
    assert run("decide-stock", asks[0], "--by", "43", "--decline")["ask"] == asks[0]
    placed = run("decide-stock", asks[1], "--by", "43")
    assert (placed["ask"], placed["approved_by"], placed["month"]) == (asks[1], 43, "2026-11")


def test_what_did_not_arrive_is_a_case_by_command(chain: Province) -> None:
    run("stock", "--organisation", "1", "--kind", "B", "--ranges", "9900001001-9900002000", "--by", "31")
    given = run("distribute", "--giver", "1", "--receiver", "10", "--kind", "B", "--count", "100", "--by", "31")
    came = ("receive", given["distribution"], "--ranges", "9900001001-9900001098", "--by", "32")
    assert refused(*came) == "stock_reason_unknown"
    received = run(*came, "--cause", "lost")
    assert (received["count"], received["missing"]) == (98, 2)
    assert [one["case"] for one in run("cases", "--organisation", "10")["cases"]] == [received["case"]]
    assert run("continuity")["ended_in_stock"][0]["first"] == "9900001099"


def test_orders_fees_and_the_estimate_by_command(chain: Province) -> None:
    to_county()
    order = ("order", "--organisation", "100", "--superior", "10", "--kind", "B", "--wanted", "90", "--by", "33")
    placed = run(*order)
    assert (placed["month"], placed["late"]) == ("2026-12", True)
    assert [row["order_no"] for row in run("order", "--month", "2026-12")["orders"]] == [placed["order"]]
    chain.clock.wait(10 * 86_400)
    given = run(
        *("distribute", "--giver", "1", "--receiver", "10", "--kind", "B", "--count", "9", "--by", "31"),
        *("--day", "2026-11-21", "--paper"),
    )
    assert (given["late"], given["due_on"]) == (True, "2026-11-27")
    fee = run("fee", given["distribution"], "--fen", "135", "--invoice", "FP-1", "--by", "31")
    again = ("distribute", "--giver", "1", "--receiver", "10", "--kind", "B", "--count", "9", "--by", "31")
    assert refused(*again) == "fee_unsettled"
    run("fee", fee["fee"], "--fen", "135", "--receipt", "SJ-1", "--by", "31")
    assert run(*again)["count"] == 9
    assert run("estimate", "--organisation", "1", "--year", "2026") == {"lines": [], "total_fen": 0}


def test_seals_and_licence_files_by_command(chain: Province, tmp_path: Path) -> None:
    picture = tmp_path / "impression.png"
    picture.write_bytes(b"a picture of an impression")
    seal = ("seal", "高邮 1 号", "--organisation", "100", "--since", "2026-11-21", "--by", "33")
    assert refused(*seal) == "seal_known"  # nobody has seen its impression
    first = run(*seal, "--holder", "11", "--impression", str(picture))
    assert run(*seal, "--holder", "14")["impression"] == first["impression"]
    opened = ("licence-file", "XK-1", "--by", "33")
    run(*opened, "--organisation", "100", "--licence", "防疫条件 7")
    assert refused(*opened, "--remove") == "licence_file_still_kept"
    assert run(*opened, "--cancelled", "2026-11-21")["cancelled_on"] == "2026-11-21"


def test_an_organisation_is_changed_by_command_and_its_store_gets_a_keeper(chain: Province) -> None:
    unit = ("organisation", "--number", "1000", "--name", "高邮湖西站", "--level", "station", "--superior", "100")
    place = ("--area", "321084", "--station", str(STATION), "--by", "43", "--keeper", "11", "--store", "证章柜")
    told = run(*unit, *place)
    assert (told["ordinal"], told["keeper"], told["filing"]) == (2, 11, "")
    assert refused(*unit[:-1], "10", *place) == "organisation_misplaced"
    draw = ("draw", "--station", str(STATION), "--kind", "B", "--count", "1", "--by", "33")
    assert refused(*draw) == "not_using_unit"


def test_a_station_under_no_organisation_draws_nothing(chain: Province) -> None:
    assert (
        refused("draw", "--station", "8", "--kind", "B", "--first", "9900005001", "--count", "10") == "station_no_unit"
    )
    with pytest.raises(NumbersError, match="scheme_unknown"):
        run("stock", "--kind", "mark", "--count", "10")


def test_a_table_of_organisations_that_cannot_stand_is_not_taken_at_all(site: Province) -> None:
    table = tomllib.loads(CHAIN.replace("area = 321000", "area = 330100"))
    with pytest.raises(RefusedError, match="organisation_misplaced"):
        furnishing.furnish(site.using, table)
    from province.custody import organisations

    assert organisations.find(site.using, 1) is None
