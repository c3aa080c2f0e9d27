"""A stocktake on the screen: closed, confirmed by the second person, its cases."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.services.attaching import attach
from tests.office import CLERK, HEAD, PASSPHRASE, VET
from tests.ui.at_work import at, device_of, open_review, pass_time, rows, said
from tests.ui.conftest import settle
from tests.ui.counting import PHOTO, begun, counted, crew, fields, page_of, sign_in
from tests.ui.station import Station
from ui.application import Shell
from ui.pages.confirmations import ConfirmationsPage
from ui.places import Place
from ui.tokens import Tone
from ui.widgets.review import Review

__all__ = ["crew"]  # found by its name


def photos(review: Review, shell: Shell) -> None:
    """Two photographs are put into the review."""
    kept = [[attach(device_of(shell), PHOTO + bytes([one])), f"{one}.jpg"] for one in range(2)]
    fields(review)["attachments"].editor.restore(kept)


# --- closing ----------------------------------------------------------------------------------------------------------


def test_what_is_not_counted_keeps_it_open(shell: Shell) -> None:
    page = begun(shell)
    page.close_button.click()
    assert page.banner.headline == "还有 1 段没有清点"
    assert page.closing is None


def test_who_counts_alone_is_asked_for_photographs_below_the_question(app: QApplication, shell: Shell) -> None:
    page = counted(shell)
    page.close_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert fields(review)["attachments"].message
    assert rows(shell, "stocktakes")[0]["state"] == "open"
    review.reject()


def test_a_reason_stands_where_there_is_no_photograph(app: QApplication, shell: Shell) -> None:
    page = counted(shell)
    page.close_button.click()
    review = open_review(app)
    fields(review)["no_picture"].set_value("camera_broken")
    review.button.click()
    settle(shell)
    assert rows(shell, "stocktakes")[0]["state"] == "closed"
    open_review(app).reject()


def test_differences_are_seen_before_the_close_and_become_cases(app: QApplication, shell: Shell) -> None:
    page = counted(shell, "9900000001-390")
    page.close_button.click()
    review = open_review(app)
    assert dict(review.facts.shown)["差异"] == "少：未用编号 B 9900000391–9900000400，账 10，物 0"
    photos(review, shell)
    review.button.click()
    settle(shell)
    assert said(shell) == "盘点已结束，差异 1 处"
    open_review(app).reject()
    settle(shell)
    assert [line.state for line in page.past.model.items] == ["待复核"]
    (case,) = rows(shell, "custody_cases")
    assert (case["kind"], case["first"]) == ("book_differs", "9900000391")
    page = page_of(shell, "cases")
    assert [line.about for line in page.cases.list.model.items] == ["B 9900000391–9900000400"]


def test_a_stocktake_is_abandoned_with_a_reason_only(app: QApplication, shell: Shell) -> None:
    page = begun(shell)
    page.abandon_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert fields(review)["reason"].message
    fields(review)["reason"].set_value("wrong_scope")
    review.button.click()
    settle(shell)
    assert rows(shell, "stocktakes")[0]["state"] == "abandoned"
    assert page.right.currentWidget() is page.begin_pane
    assert [line.state for line in page.past.model.items] == ["已放弃"]


# --- the second person ------------------------------------------------------------------------------------------------


def closed(app: QApplication, shell: Shell) -> Review:
    """A stocktake closed alone; the review that calls the second person."""
    page = counted(shell)
    page.close_button.click()
    review = open_review(app)
    photos(review, shell)
    review.button.click()
    settle(shell)
    return open_review(app)


def test_the_second_person_confirms_at_this_desk_and_the_first_stays_signed_in(app: QApplication, crew: Shell) -> None:
    review = closed(app, crew)
    asked = fields(review)
    assert [asked["second"].editor.itemText(at) for at in range(asked["second"].editor.count())] == ["周望山"]
    asked["passphrase"].set_value(PASSPHRASE)
    review.button.click()
    assert review.button.reason == "正在核对口令"
    settle(crew)
    assert not review.isVisible()
    (act,) = rows(crew, "acts")
    assert (act["by"], act["confirmed_by"], act["form"]) == (VET, HEAD, "together")
    assert device_of(crew).person() == VET
    assert [line.state for line in page_of(crew).past.model.items] == ["已复核"]


@pytest.mark.parametrize("passphrase", ["", "wrong"])
def test_a_wrong_passphrase_is_told_below_it_and_nothing_is_confirmed(
    app: QApplication, crew: Shell, passphrase: str
) -> None:
    review = closed(app, crew)
    asked = fields(review)
    asked["passphrase"].set_value(passphrase)
    review.button.click()
    settle(crew)
    assert asked["passphrase"].message
    assert asked["passphrase"].value() == ""
    assert rows(crew, "acts")[0]["confirmed_by"] is None
    assert review.isVisible()
    review.reject()


def test_where_nobody_else_has_a_passphrase_it_waits(app: QApplication, shell: Shell) -> None:
    review = closed(app, shell)
    asked = fields(review)
    assert asked["second"].message.startswith("本机没有能复核")
    review.button.click()
    settle(shell)
    assert rows(shell, "acts")[0]["confirmed_by"] is None
    review.reject()
    page: Any = at(shell, Place.CONFIRMATIONS)
    assert [act.state for act in page.list.model.items] == [("您办理的", Tone.INFO)]


def test_the_head_finds_it_waiting_and_confirms_apart(app: QApplication, crew: Shell) -> None:
    closed(app, crew).reject()
    sign_in(crew, HEAD)
    assert crew.workplace is not None
    assert crew.workplace.navigation.buttons[Place.CONFIRMATIONS].count == 1
    tasks: Any = at(crew, Place.TODAY)
    title = "复核：盘点结束 · B"
    assert title in [task.title for task in tasks.tasks.model.items]
    page = at(crew, Place.CONFIRMATIONS)
    assert isinstance(page, ConfirmationsPage)
    assert dict(page.pane.facts.shown)["差异"] == "账物相符"
    page.submit()
    settle(crew)
    review = open_review(app)
    assert fields(review)["confirm_form"].value() == "apart"
    assert not fields(review)["passphrase"].isVisible()
    review.button.click()
    settle(crew)
    assert page.list.is_empty
    (act,) = rows(crew, "acts")
    assert (act["confirmed_by"], act["form"]) == (HEAD, "apart")
    assert crew.workplace.navigation.buttons[Place.CONFIRMATIONS].count == 0


def test_on_paper_the_signed_form_is_photographed(app: QApplication, crew: Shell) -> None:
    closed(app, crew).reject()
    sign_in(crew, HEAD)
    page: Any = at(crew, Place.CONFIRMATIONS)
    page.submit()
    settle(crew)
    review = open_review(app)
    asked = fields(review)
    asked["confirm_form"].set_value("on_paper")
    asked["confirm_form"].editor.edited.emit()
    review.button.click()
    settle(crew)
    assert asked["attachments"].message
    assert rows(crew, "acts")[0]["confirmed_by"] is None
    asked["attachments"].editor.restore([[attach(device_of(crew), PHOTO), "form.jpg"]])
    review.button.click()
    settle(crew)
    assert rows(crew, "acts")[0]["form"] == "on_paper"


def test_the_clerk_sees_it_wait_for_others(app: QApplication, crew: Shell) -> None:
    closed(app, crew).reject()
    sign_in(crew, CLERK)
    page: Any = at(crew, Place.CONFIRMATIONS)
    assert [act.state for act in page.list.model.items] == [("由他人复核", Tone.OFF)]
    page.submit()
    settle(crew)
    review = open_review(app)
    assert [button.accessibleName() for button in fields(review)["confirm_form"].editor.buttons] == [
        "第二个人在场，在此输入口令"
    ]
    review.reject()
    tasks: Any = at(crew, Place.TODAY)
    assert not [task for task in tasks.tasks.model.items if task.place is Place.CONFIRMATIONS]


# --- cases ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def case(app: QApplication, crew: Shell) -> Shell:
    """The head signed in, with a case of a difference."""
    page = counted(crew, "9900000001-390")
    page.close_button.click()
    review = open_review(app)
    photos(review, crew)
    review.button.click()
    settle(crew)
    open_review(app).reject()
    sign_in(crew, HEAD)
    return crew


def test_the_head_concludes_a_case_with_cause_and_conclusion(app: QApplication, case: Shell) -> None:
    tasks: Any = at(case, Place.TODAY)
    task = next(task for task in tasks.tasks.model.items if task.title == "查明案件：账物不符")
    page = page_of(case, task.subject)
    assert page.stack.currentIndex() == 1
    page.cases.conclude_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["case_cause"].set_value("misfiled")
    review.button.click()
    settle(case)
    assert asked["case_conclusion"].message
    asked["case_conclusion"].set_value("found_again")
    review.button.click()
    settle(case)
    assert "盘点" in asked["case_conclusion"].message, "no later count says so"
    asked["case_conclusion"].set_value("put_right")
    review.button.click()
    settle(case)
    assert rows(case, "custody_cases")[0]["state"] == "concluded"
    assert [line.state for line in page.cases.list.model.items] == ["已结案"]
    assert not page.cases.conclude_button.isVisible()


def test_a_conclusion_that_needs_words_is_not_taken_without(app: QApplication, case: Shell) -> None:
    page = page_of(case, "cases")
    page.submit()
    review = open_review(app)
    asked = fields(review)
    asked["case_cause"].set_value("misfiled")
    asked["case_conclusion"].set_value("unfounded")
    review.button.click()
    settle(case)
    assert asked["note"].message
    assert rows(case, "custody_cases")[0]["state"] == "open"
    review.reject()


def test_who_may_not_conclude_is_told(app: QApplication, case: Shell) -> None:
    sign_in(case, CLERK)
    page = page_of(case, "cases")
    page.submit()
    review = open_review(app)
    asked = fields(review)
    asked["case_cause"].set_value("misfiled")
    asked["case_conclusion"].set_value("found_again")
    review.button.click()
    settle(case)
    assert review.banner.isVisible()
    assert rows(case, "custody_cases")[0]["state"] == "open"
    review.reject()


def test_a_case_past_its_term_is_red(station: Station, case: Shell) -> None:
    pass_time(case, station, days=40)
    page = page_of(case, "cases")
    assert [(line.state, line.tone) for line in page.cases.list.model.items] == [("已逾期", Tone.BAD)]
