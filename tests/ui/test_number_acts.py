"""The page of numbers: what a block's numbers became, giving them back, reporting them lost, the way to a life."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from inspector_app.domain.supply import Forecast, SupplyCode
from inspector_app.services.number_custody import return_numbers
from tests.office import HEAD
from tests.services.test_told_by_the_province import charged, handed_up
from tests.ui.at_work import at, certify, device_of, open_review, rows, said
from tests.ui.conftest import settle
from tests.ui.station import Station
from ui.application import Shell
from ui.pages.numbers import NumbersPage, lasting_words
from ui.places import Place
from ui.tokens import Tone
from ui.widgets.review import Review

FIRST, LAST = "9900000001", "9900000400"


def page_of(shell: Shell, kind: str = "B") -> NumbersPage:
    """The page with the block of a kind marked."""
    page = at(shell, Place.NUMBERS)
    assert isinstance(page, NumbersPage)
    mark(page, kind)
    settle(shell)
    return page


def mark(page: NumbersPage, kind: str) -> None:
    lines = page.ledger.model.items
    page.ledger.table.mark(next(at_line for at_line, held in enumerate(lines) if held.line.kind == kind))


def fields(review: Review) -> dict[str, Any]:
    return {field.name: field for field in review._fields}


def fates(page: NumbersPage) -> list[tuple[str, str, str]]:
    return [(one.first[-3:], one.last[-3:], one.standing.value) for one in page.block.model.items]


def states(shell: Shell, kind: str = "B") -> dict[str, int]:
    """How many numbers of the kind's block stand how."""
    found: dict[str, int] = {}
    for row in rows(shell, "numbers"):
        if str(row["number"]).startswith(kind):
            found[str(row["state"])] = found.get(str(row["state"]), 0) + 1
    return found


def test_the_marked_block_shows_what_became_of_its_numbers(shell: Shell, station: Station) -> None:
    certify(shell, station)
    page = page_of(shell)
    assert fates(page) == [("001", "001", "used"), ("002", "400", "free")]
    assert page.block.heading.text() == f"B {FIRST} – {LAST} 的去向"
    mark(page, "A")
    assert fates(page) == [("001", "400", "free")]


def test_a_stretch_leads_to_the_life_of_its_first_number(shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    page = page_of(shell)
    page.block.table.mark(0)
    page.block.life_button.click()
    settle(shell)
    assert shell.workplace is not None
    life = shell.workplace.page
    assert life.place is Place.LIFE
    assert life.chips[0][0] == number


def test_the_life_of_a_number_nobody_drew_is_said_to_be_unknown(shell: Shell) -> None:
    page: Any = at(shell, Place.LEDGERS, "B 1234567890")
    assert page.about.said.text() == "本机没有这个编号的记录。"


def test_numbers_are_given_back_to_the_end_of_their_block(app: QApplication, shell: Shell) -> None:
    page = page_of(shell)
    page.block.return_button.click()
    review = open_review(app)
    asked = fields(review)
    assert asked["numbers"].value() == f"{FIRST}-{LAST}"
    asked["numbers"].set_value(f"9900000391-{LAST}")
    asked["numbers"].editor.edited.emit()
    assert asked["numbers"].message == "共 10 个编号"
    asked["reason"].set_value("too_many")
    review.button.click()
    settle(shell)
    assert not review.isVisible()
    assert said(shell) == f"已退库：B 9900000391-{LAST}"
    assert states(shell) == {"free": 390, "returned": 10}
    assert fates(page) == [("001", "390", "free"), ("391", "400", "returned")]


def test_where_sheets_bear_their_numbers_the_sheets_go_back_and_may_be_drawn_again(
    app: QApplication, shell: Shell, station: Station
) -> None:
    station.office.publish(device_of(shell), station.office.policy(paper_mode="pre_numbered"))
    page = page_of(shell)
    page.block.return_button.click()
    review = open_review(app)
    assert any("县级清点入库后，别人可以另行领用" in one.text() for one in review.findChildren(QLabel))
    assert review.button.text().startswith("退库  ")
    asked = fields(review)
    asked["numbers"].set_value(f"9900000391-{LAST}")
    asked["reason"].set_value("too_many")
    review.button.click()
    settle(shell)
    assert said(shell) == f"已退库：B 9900000391-{LAST}，请把纸证交给管理员"
    assert states(shell) == {"free": 390, "returned": 10}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("9900000391-9900000395", "末号"),
        ("9900000391-9900000405", "跨出了这一段"),
        ("no range", "编号范围"),
        ("", "请填写这一项"),
    ],
)
def test_a_range_that_cannot_be_given_back_is_told_below_it(
    app: QApplication, shell: Shell, typed: str, told: str
) -> None:
    page = page_of(shell)
    page.block.return_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["numbers"].set_value(typed)
    asked["reason"].set_value("too_many")
    review.button.click()
    settle(shell)
    assert review.isVisible()
    assert told in asked["numbers"].message
    assert asked["numbers"].tone is Tone.BAD
    assert asked["numbers"].editor.hasFocus()
    assert states(shell) == {"free": 400}
    review.reject()


@pytest.mark.parametrize(("reason", "wrong"), [("", "reason"), ("other", "note")])
def test_a_reason_from_the_list_is_demanded_and_where_it_says_so_a_note(
    app: QApplication, shell: Shell, reason: str, wrong: str
) -> None:
    page = page_of(shell)
    page.block.return_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["reason"].set_value(reason or None)
    review.button.click()
    settle(shell)
    assert asked[wrong].message
    assert states(shell) == {"free": 400}
    review.reject()


def test_a_loss_is_reported_with_cause_and_day_and_the_numbers_are_dead(app: QApplication, shell: Shell) -> None:
    page = page_of(shell)
    page.block.loss_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["numbers"].set_value("9900000005-9900000009")
    asked["cause"].set_value("stolen")
    review.button.click()
    settle(shell)
    assert said(shell) == "已报失，编号停用：B 9900000005-9900000009"
    assert states(shell) == {"free": 395, "lost": 5}
    assert ("005", "009", "lost") in fates(page)


@pytest.mark.parametrize(("day", "told"), [("2027-01-01", ""), ("yesterday", "看不出")])
def test_a_loss_is_not_noticed_on_a_day_to_come_or_one_nobody_can_read(
    app: QApplication, shell: Shell, day: str, told: str
) -> None:
    page = page_of(shell)
    page.block.loss_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["cause"].set_value("lost")
    asked["found_out_on"].editor.setText(day)
    review.button.click()
    settle(shell)
    assert told in asked["found_out_on"].message
    assert asked["found_out_on"].message
    assert states(shell) == {"free": 400}
    review.reject()


def test_numbers_used_already_are_named_and_nothing_is_lost(app: QApplication, shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    page = page_of(shell)
    page.block.loss_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["numbers"].set_value(f"{FIRST}-9900000003")
    asked["cause"].set_value("lost")
    review.button.click()
    settle(shell)
    assert number in asked["numbers"].message
    assert states(shell) == {"used": 1, "free": 399}
    review.reject()


def test_only_the_holder_gives_back_but_everybody_reports_a_loss(shell: Shell, station: Station) -> None:
    assert shell.desk is not None
    station.office.publish(shell.desk.device, *station.office.numbers(shell.desk.device.id, "B", holder=HEAD))
    page = page_of(shell)
    page.ledger.table.mark(page.ledger.model.rowCount() - 1)
    assert page.block.return_button.reason.startswith("只有持有人")
    assert page.block.loss_button.reason == ""
    page.block.return_button.click()
    assert page.banner.headline == page.block.return_button.reason


def test_a_card_says_how_long_its_numbers_last_and_what_brings_more(sentences: None) -> None:
    short = Forecast("B", 9, 3, 20, (SupplyCode.BY_KEEPER,))
    assert lasting_words(short) == "按现在的用量，还能用约 3 天。\n同步补不了号，请管理员领用。"
    assert lasting_words(Forecast("B", 400, 80, 20, ())) == "按现在的用量，还能用约 80 天。"
    assert lasting_words(Forecast("B", 400, None, 20, ())) == ""
    assert lasting_words(None) == ""


def test_in_english_everything_is_english(app: QApplication, shell: Shell) -> None:
    from ui import texts

    page = page_of(shell)
    texts.switch(app, texts.Language.EN)
    settle(shell)
    assert page.block.heading.text() == f"What became of B {FIRST} – {LAST}"
    assert page.block.return_button.accessibleName() == "Give back"


# --- what stands before the next draw -------------------------------------------------------------------------------


def test_what_is_to_be_settled_before_the_next_draw_stands_beside_the_request(shell: Shell, station: Station) -> None:
    assert shell.desk is not None
    assert not page_of(shell).request.owing.isVisibleTo(page_of(shell))
    station.office.publish(shell.desk.device, charged())
    page = page_of(shell)
    page.refresh()
    settle(shell)
    assert page.request.owing.isVisibleTo(page)
    assert page.request.owing.text().splitlines()[0] == "下次领用前须办结："
    assert "FP-7" in page.request.owing.text()
    assert "123.45 元" in page.request.owing.text()


def test_numbers_that_were_handed_up_say_by_which_record(shell: Shell, station: Station) -> None:
    assert shell.desk is not None
    device = shell.desk.device
    assert isinstance(return_numbers(device, "B", f"9900000391-{LAST}", reason="too_many"), str)
    station.office.publish(device, handed_up(device.sheet.station, "9900000391", LAST))
    page = page_of(shell)
    page.refresh()
    settle(shell)
    told = {one.standing.value: one.passed_up for one in page.block.model.items}
    assert told == {"free": "", "returned": "99-B0001"}


def test_a_wish_over_the_cap_is_told_while_it_is_typed_and_may_be_asked_for(shell: Shell, station: Station) -> None:
    page = page_of(shell)
    assert not page.request.ahead.isVisibleTo(page)
    wish(shell, page, "5000")
    assert page.request.ahead.isVisibleTo(page)
    assert "200" in page.request.ahead.text()
    page.request.submit()
    settle(shell)
    assert [row["wanted"] for row in rows(shell, "block_requests")] == [5000]


@pytest.mark.parametrize("typed", ["20", "", "很多"])
def test_a_wish_that_is_little_or_none_is_told_no_cap(shell: Shell, station: Station, typed: str) -> None:
    page = page_of(shell)
    wish(shell, page, "5000")
    wish(shell, page, typed)
    assert not page.request.ahead.isVisibleTo(page)


def wish(shell: Shell, page: NumbersPage, typed: str) -> None:
    """So many numbers are typed."""
    page.request.form.fields["wanted"].set_value(typed)
    page.request.form.fields["wanted"].editor.edited.emit()
    settle(shell)
