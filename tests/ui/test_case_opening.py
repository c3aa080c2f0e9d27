"""A case opened by hand: of numbers, a store, a draw; what is missing is told; what it is about is readable."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.services import keeping
from inspector_app.services.custody_cases import open_case
from tests.office import CLERK, VET
from tests.ui.at_work import at, certify, device_of, rows, said
from tests.ui.conftest import settle
from tests.ui.counting import crew, page_of, sign_in
from tests.ui.station import Station
from ui.application import Shell
from ui.pages.deed_review import DeedReview
from ui.pages.stocktake import StocktakePage
from ui.places import Place

__all__ = ["crew"]


def asked(shell: Shell, page: StocktakePage) -> DeedReview:
    """The page of a new case."""
    page.cases.open_button.click()
    settle(shell)
    review = page.cases.review
    assert isinstance(review, DeedReview)
    assert review.isVisible()
    return review


def fill(review: DeedReview, **answers: Any) -> None:
    for name, value in answers.items():
        review.form.fields[name].set_value(value)
        review.form.edited.emit()


def press(shell: Shell, review: DeedReview) -> None:
    review.button.click()
    settle(shell)


def test_a_case_about_a_range_is_opened_and_shown(shell: Shell) -> None:
    page = page_of(shell, "cases")
    review = asked(shell, page)
    fill(review, case_kind="other_matter", kind="B", numbers="9900000003-5", note="封条破损")
    press(shell, review)
    assert said(shell) == "已立案"
    (row,) = rows(shell, "custody_cases")
    assert (row["about"], row["first"], row["last"]) == ("B 9900000003", "9900000003", "9900000005")
    assert row["opened_on"] == device_of(shell).today()
    assert [line.about for line in page.cases.list.model.items] == ["B 9900000003–9900000005"]
    assert dict(page.cases.facts.shown)["说明"] == "封条破损"
    assert shell.workplace is not None
    page.cases.life_button.click()
    settle(shell)
    assert shell.workplace.page.place is Place.LIFE


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, "case_kind"),
        ({"case_kind": "other_matter", "numbers": "9900000003"}, "kind"),
        ({"case_kind": "other_matter", "kind": "B"}, "numbers"),
        ({"case_kind": "other_matter", "kind": "B", "numbers": "9900000009-3"}, "numbers"),
        ({"case_kind": "other_matter", "kind": "B", "numbers": "9900000003"}, "note"),
        ({"case_kind": "book_differs", "kind": "B", "numbers": "9900000003", "opened_on": "2027-01-01"}, "opened_on"),
        ({"case_kind": "book_differs", "concerns": "draw"}, "about"),
    ],
)
def test_what_is_missing_is_told_below_its_question_and_nothing_is_opened(
    shell: Shell, answers: dict[str, str], wrong: str
) -> None:
    review = asked(shell, page_of(shell, "cases"))
    fill(review, **answers)
    press(shell, review)
    assert review.form.fields[wrong].message
    assert rows(shell, "custody_cases") == []
    review.reject()


def test_a_case_is_about_a_store_or_a_draw_of_the_station(shell: Shell, station: Station) -> None:
    device = device_of(shell)
    station.office.publish(device, station.office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    measures = ["fire_extinguisher", "off_the_floor", "iron_cabinet"]
    assert isinstance(keeping.describe_store(device, "main", sort="cabinet", measures=measures), str)
    page = page_of(shell, "cases")
    review = asked(shell, page)
    fill(review, case_kind="storage_unsafe", concerns="store", about="main")
    assert not review.form.fields["numbers"].isVisible()
    press(shell, review)
    assert [row["about"] for row in rows(shell, "custody_cases")] == ["main"]
    review = asked(shell, page)
    fill(review, case_kind="book_differs", concerns="draw")
    draw = str(rows(shell, "draws")[0]["draw"])
    fill(review, about=draw)
    press(shell, review)
    assert {row["about"] for row in rows(shell, "custody_cases")} == {"main", draw}
    assert not page.cases.life_button.isVisible(), "a draw is no number"


def test_whoever_may_not_open_one_is_told(crew: Shell, station: Station) -> None:
    device = device_of(crew)
    station.office.publish(device, station.office.grant(CLERK, "reception"))
    sign_in(crew, CLERK)
    review = asked(crew, page_of(crew, "cases"))
    fill(review, case_kind="book_differs", kind="B", numbers="9900000003")
    press(crew, review)
    assert review.banner.isVisible()
    assert rows(crew, "custody_cases") == []
    review.reject()


def test_the_key_opens_it_from_the_count_and_the_number_is_filled_in_from_its_life(
    shell: Shell, station: Station, qtbot: QtBot
) -> None:
    page = page_of(shell)
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    assert page.stack.currentIndex() == 1
    assert page.cases.review is not None
    page.cases.review.reject()
    number = certify(shell, station)
    life = at(shell, Place.LIFE, number)
    life.pane.case_button.click()
    settle(shell)
    review = page.cases.review
    assert isinstance(review, DeedReview)
    values = review.form.values()
    assert f"{values['kind']} {values['numbers']}" == number
    review.reject()


def test_what_was_typed_is_there_when_it_is_opened_again(shell: Shell) -> None:
    page = page_of(shell, "cases")
    review = asked(shell, page)
    fill(review, case_kind="other_matter", note="等照片")
    review.reject()
    settle(shell)
    again = asked(shell, page)
    assert again.form.value("note") == "等照片"
    again.reject()


def test_a_case_about_an_act_says_what_was_done_and_when(app: QApplication, shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    ref = str(rows(shell, "certificates", number=number)[0]["ref"])
    assert isinstance(open_case(device_of(shell), "doubtful_paper", ref), str)
    page = page_of(shell, "cases")
    (line,) = page.cases.list.model.items
    assert line.about.startswith("签发证明 2026-")
    assert ref[:8] not in line.about
    assert rows(shell, "custody_cases")[0]["opened_by"] == VET
