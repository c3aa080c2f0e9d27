"""Custody in the demonstration: what is refused, what is settled, what the books say, and what the page shows."""

from __future__ import annotations

import html
import re

import msgspec
import pytest

from inspector_app.demo import books, institutions, stocktake
from inspector_app.demo.books import Agreement, compare
from inspector_app.domain.continuity import Accounted, Continuity, Place, Standing
from inspector_app.domain.stock_refusals import StockCode, StockRefused, refusal
from inspector_app.errors import BugError
from printing.preview import page_count, text_of
from tests.demo.running import Told, inspector
from tests.demo.test_what_it_leaves import REPLACED, home, listed
from tests.province import servers

pytestmark = pytest.mark.timeout(600)


def story_of(told: Told) -> list[str]:
    return [line for line in told.stdout.splitlines() if re.match(r"\d\d:\d\d (online |offline)", line)]


def at(told: Told, said: str) -> int:
    found = [number for number, line in enumerate(story_of(told)) if re.search(said, line)]
    assert len(found) == 1, (said, found)
    return found[0]


# --- old for new ------------------------------------------------------------------------------------------------------


def test_the_third_draw_is_refused_twice_and_granted_when_all_is_settled(told: Told) -> None:
    stubs = at(told, r"third hundred of B · refused: 2 stubs of draw \S+ are not settled")
    filed = at(told, "thermal stubs of B 9900000001 and B 9900000002 are photographed")
    sheets = at(told, r"third hundred of B · refused: 3 old sheets of draw \S+ are not settled")
    handed_in = at(told, "hands 3 old sheets in to the county's keeper, of B 9900000004, B 9900000006")
    drawn = at(told, "Draw of 100 numbers B, 9900000201–0300")
    assert stubs < filed < sheets < handed_in < drawn


def test_the_province_holds_three_draws_of_b_and_a_log_of_both_refusals(told: Told) -> None:
    code, answer = servers.run(told.out / "province", "continuity")
    assert code == 0
    drawn = [one for one in answer["stations"][0]["stretches"] if one["kind"] == "B"]
    assert len({one["draw"] for one in drawn}) == 3
    assert sum(one["size"] for one in drawn) == 300


def test_what_was_handed_in_is_no_longer_at_the_station(told: Told) -> None:
    code, answer = inspector(*home(told, "desk"), "trace", REPLACED)
    assert code == 0
    sheets = {(one["print"], one["sheet"]): one["state"] for one in answer["sheets"]}
    assert sheets == {(1, 1): "returned", (1, 2): "lost"}
    assert "证章标志交接清单" in text_of((told.out / "hand-in" / "slip.pdf").read_bytes())


def test_a_draw_the_story_did_not_expect_to_be_refused_ends_it() -> None:
    wrong = StockRefused((refusal(StockCode.NOT_ON_HAND, current=100, limit=0),))
    with pytest.raises(BugError, match="not_on_hand"):
        institutions.decided(wrong)


# --- the stocktake ----------------------------------------------------------------------------------------------------


def test_the_difference_is_a_case_a_loss_and_a_public_notice(told: Told) -> None:
    counted = at(told, "6 copies in the book, 5 there, and a case is opened")
    confirmed = at(told, "Han Suqiu confirms the stocktake as the second person")
    concluded = at(told, "loss and case are concluded")
    assert counted < confirmed < concluded
    code, answer = inspector(*home(told, "desk"), "losses", "--all")
    assert code == 0
    (loss,) = answer["losses"]
    assert (loss["what"], loss["kind"], loss["first"], loss["concluded"]) == ("sheet", "B", "9900000004", True)
    assert all(term["done_on"] for term in loss["terms"] if term["step"] in ("published", "reported", "concluded"))


@pytest.mark.parametrize("name", sorted(stocktake.PAPERS.values()))
def test_the_papers_of_the_loss_name_the_number(told: Told, name: str) -> None:
    text = text_of((told.out / "loss" / name).read_bytes())
    assert "9900000004" in text
    assert "遗失" in text
    assert "练习" in text


def test_nothing_of_it_waits_for_anybody(told: Told) -> None:
    code, answer = inspector(*home(told, "desk"), "case")
    assert code == 0
    assert answer["cases"] == []
    assert listed(told, "notices")


# --- former papers ----------------------------------------------------------------------------------------------------


def test_papers_too_young_are_refused_and_the_old_ones_asked_for(told: Told) -> None:
    refused = at(told, r"destroy all ten stubs of the former system · refused: B 9925000204 0/1 is to be kept through")
    asked = at(told, "asks to destroy the six whose two years are over")
    reviewed = at(told, "Han Suqiu counts the six and reviews the request")
    assert refused < asked < reviewed
    text = text_of((told.out / "destruction" / "request.pdf").read_bytes())
    assert "证章标志销毁申请单" in text
    assert "9924000106" in text
    assert "9925000201" not in text
    assert "opening" not in text


def test_the_request_waits_for_two_more_persons_and_nothing_was_destroyed(told: Told) -> None:
    code, answer = inspector(*home(told, "desk"), "destructions")
    assert code == 0
    (request,) = answer["requests"]
    assert request["state"] == "requested"
    code, answer = inspector(*home(told, "desk"), "due")
    assert code == 0
    assert len(answer["sheets"]) == 6


# --- the books --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title"),
    [("stock", "出入库分类登记表"), ("draws", "领用登记表"), ("use", "使用登记表"), ("continuity", "连号核对表")],
)
def test_a_ledger_book_is_left_as_its_official_form(told: Told, name: str, title: str) -> None:
    content = (told.out / "ledgers" / f"{name}.pdf").read_bytes()
    text = text_of(content)
    assert page_count(content) >= 1
    assert title in text
    assert "相符" in text
    assert "GX-2014" in text


def test_the_summary_says_that_station_and_province_agree(told: Told) -> None:
    said = told.summary["continuity"]
    assert (said["agree"], said["differing"], said["to_explain"]) == (True, [], 0)
    assert said["compared"] == ["desk", "laptop", "province"]
    assert said["numbers"] == sum(count for total in said["totals"].values() for count in total.values()) == 600
    assert said["totals"]["B"] == {"uncut": 200, "free": 94, "used": 5, "replaced": 1}


def _report(standing: Standing) -> Continuity:
    one = Accounted(kind="B", first="9900000001", last="9900000001", standing=standing, place=Place("D"))
    return Continuity((one,), (one,))


def test_reports_that_differ_in_one_number_are_named() -> None:
    same, other = _report(Standing.USED), _report(Standing.LOST)
    assert compare([same, same, same]) == []
    found = Agreement({"laptop": same, "province": other}, compare([same, other]))
    assert not found.agree
    assert books.summary(found)["agree"] is False
    assert any("9900000001" in line for line in found.differing)


def test_a_number_one_side_does_not_know_of_is_named() -> None:
    assert compare([_report(Standing.USED), Continuity((), ())])


# --- the page ---------------------------------------------------------------------------------------------------------


def section(told: Told) -> str:
    found = re.search(r'<section id="custody">.*?</section>', told.page, re.DOTALL)
    assert found
    return found[0]


def test_the_page_shows_both_papers_with_their_remarks(told: Told) -> None:
    shown = section(told)
    assert shown.count("data:image/png;base64,") == 2
    for file in ("ledgers/stock.pdf", "destruction/request.pdf", "ledgers/continuity.pdf", "loss/notice.pdf"):
        assert f'href="{file}"' in shown
        assert (told.out / file).is_file()
    assert shown.count('class="pin"') == 10


def test_the_page_says_what_the_summary_says(told: Told) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", " ", section(told)))
    assert "they agree" in text
    assert "THEY DIFFER" not in text
    for place, count in told.summary["equations"]["paper"].items():
        name = {"laptop": "vet’s laptop", "desk": "clerk’s desk"}[place]
        figures = f"{count['opening']} + {count['came_in']} = {count['went_out']} + {count['closing']}"
        assert f"{name} · {figures}" in text
    assert "B · 100 = 94 + 6 + 0 + 0 + 0" in text


def test_the_summary_is_plain_json_of_three_parts(told: Told) -> None:
    assert set(told.summary) == {"certificates", "equations", "continuity"}
    assert msgspec.json.decode((told.out / "summary.json").read_bytes()) == told.summary
