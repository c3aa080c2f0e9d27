"""What waits for a second person: days, voids with their term, and who sees what of them."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.domain.refusals import Refused
from inspector_app.services.attaching import attach
from inspector_app.services.day_close import close_day
from tests.office import HEAD, VET
from tests.services.work import void_paper
from tests.ui.at_work import at, certify, device_of, open_review, pass_time, rows, said
from tests.ui.conftest import settle
from tests.ui.counting import PHOTO, crew, fields, sign_in
from tests.ui.station import Station
from ui import texts
from ui.application import Shell
from ui.pages.confirmations import ConfirmationsPage
from ui.places import Place
from ui.tokens import Tone

__all__ = ["crew"]


def page_of(shell: Shell, act: str = "") -> ConfirmationsPage:
    page = at(shell, Place.CONFIRMATIONS, act)
    assert isinstance(page, ConfirmationsPage)
    return page


def close_the_day(shell: Shell) -> None:
    outcome = close_day(device_of(shell), device_of(shell).today())
    assert not isinstance(outcome, Refused)


def voided(shell: Shell, station: Station) -> str:
    """A certificate its vet voided before anything was printed."""
    number = certify(shell, station)
    outcome = void_paper(device_of(shell), number, reason="wrong_entry", on_desk=0)
    assert isinstance(outcome, str), outcome
    return number


def test_nothing_waits_where_nothing_was_done(shell: Shell) -> None:
    page = page_of(shell)
    assert page.list.is_empty
    assert page.side.currentWidget() is page.nothing
    page.submit()
    settle(shell)
    assert page.confirming is None


def test_a_day_is_confirmed_by_the_head_after_looking_at_it(app: QApplication, crew: Shell) -> None:
    close_the_day(crew)
    sign_in(crew, HEAD)
    page = page_of(crew)
    facts = dict(page.pane.facts.shown)
    assert (facts["日期"], facts["两个等式"], facts["电脑"]) == (device_of(crew).today(), "成立", "本机")
    page.pane.look_button.click()
    settle(crew)
    assert crew.workplace is not None
    assert crew.workplace.page.place is Place.DAY_CLOSE
    page = page_of(crew)
    page.pane.confirm_button.click()
    settle(crew)
    open_review(app).button.click()
    settle(crew)
    assert said(crew) == "已复核"
    assert rows(crew, "acts")[0]["confirmed_by"] == HEAD
    assert page.list.is_empty


def test_whoever_closed_the_day_is_not_its_second(app: QApplication, crew: Shell) -> None:
    close_the_day(crew)
    page = page_of(crew)
    act = page.list.model.items[0]
    assert act.own
    assert act.state == ("您办理的", Tone.INFO)
    page.submit()
    settle(crew)
    review = open_review(app)
    assert not fields(review)["confirm_form"].isVisible()
    assert fields(review)["second"].editor.count() == 1
    review.button.click()
    settle(crew)
    assert fields(review)["passphrase"].message
    assert rows(crew, "acts")[0]["confirmed_by"] is None
    review.reject()


def test_a_void_waits_with_its_term_and_turns_red_after_it(crew: Shell, station: Station) -> None:
    number = voided(crew, station)
    sign_in(crew, HEAD)
    page = page_of(crew)
    (act,) = page.list.model.items
    assert act.title == f"作废 {number}"
    assert act.due
    assert not act.late
    assert dict(page.pane.facts.shown)["编号"] == number
    page.pane.look_button.click()
    settle(crew)
    assert crew.workplace is not None
    assert crew.workplace.page.place is Place.CERTIFICATES
    pass_time(crew, station, days=30)
    page = page_of(crew)
    assert page.list.model.items[0].late
    assert page.list.model.cell(0, 1).tone is Tone.BAD


def test_where_the_province_wants_a_signed_form_its_photograph_is_asked_for(
    app: QApplication, crew: Shell, station: Station
) -> None:
    voided(crew, station)
    station.office.publish(device_of(crew), station.office.policy(ceremony_void="on_paper"))
    sign_in(crew, HEAD)
    page = page_of(crew)
    page.submit()
    settle(crew)
    review = open_review(app)
    review.button.click()
    settle(crew)
    assert fields(review)["attachments"].message
    assert rows(crew, "acts")[0]["confirmed_by"] is None
    fields(review)["attachments"].editor.restore([[attach(device_of(crew), PHOTO), "form.jpg"]])
    review.button.click()
    settle(crew)
    assert rows(crew, "acts")[0]["confirmed_by"] == HEAD


def test_what_somebody_else_confirmed_meanwhile_is_told(app: QApplication, crew: Shell) -> None:
    close_the_day(crew)
    sign_in(crew, HEAD)
    page = page_of(crew)
    page.submit()
    settle(crew)
    review = open_review(app)
    act: Any = page.pane.act
    from inspector_app.services.ceremony import confirm_act

    assert isinstance(confirm_act(device_of(crew), act.ref), str)
    review.button.click()
    settle(crew)
    assert review.banner.isVisible()
    review.reject()


def test_a_named_act_is_the_marked_one(crew: Shell, station: Station) -> None:
    number = voided(crew, station)
    close_the_day(crew)
    sign_in(crew, HEAD)
    ref = next(str(row["ref"]) for row in rows(crew, "acts") if row["subject"] == number)
    page = page_of(crew, ref)
    assert page.pane.act is not None
    assert page.pane.act.ref == ref
    assert [chip for chip, _tone in page.chips] == ["共 2 件", "您可复核 2 件"]


@pytest.mark.parametrize("language", [texts.Language.EN])
def test_in_english_everything_is_english(app: QApplication, crew: Shell, language: texts.Language) -> None:
    close_the_day(crew)
    page = page_of(crew)
    texts.switch(app, language)
    settle(crew)
    assert page.list.model.items[0].name == "陆清河", "names are as the province wrote them"
    assert page.pane.confirm_button.accessibleName() == "Call the second person"
    assert device_of(crew).person() == VET
