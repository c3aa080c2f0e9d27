"""A hand-over nobody recorded of a paper a colleague ended meanwhile: recorded from the page of certificates."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.services.work import void_paper
from tests.ui.at_work import at, certify, device_of, open_review, pass_time, rows, said
from tests.ui.conftest import settle
from tests.ui.station import Station
from tests.ui.test_life import printed
from ui import texts
from ui.application import Shell
from ui.pages.certificates import CertificatesPage
from ui.places import Place

MINUTE = 60_000


def page_of(shell: Shell, number: str) -> CertificatesPage:
    page = at(shell, Place.CERTIFICATES, number)
    assert isinstance(page, CertificatesPage)
    return page


@pytest.fixture
def ended(shell: Shell, station: Station) -> tuple[str, int]:
    """A printed paper its holder took with them, voided half an hour later; its number and when it was given."""
    number = printed(shell, station)
    pass_time(shell, station, minutes=5)
    given_at = station.clock.at
    pass_time(shell, station, minutes=30)
    assert isinstance(void_paper(device_of(shell), number, reason="wrong_entry", on_desk=2), str)
    pass_time(shell, station, minutes=20)
    return number, given_at


def asked(app: QApplication, page: CertificatesPage) -> tuple[Any, Any, Any, Any]:
    """The review page with its reason, its moment and its marks."""
    page.pane.late_button.click()
    review = open_review(app)
    reason, when, marks, _note = review._fields
    return review, reason, when, marks


def test_the_hand_over_before_the_void_is_recorded_and_says_what_to_do(
    app: QApplication, shell: Shell, ended: tuple[str, int]
) -> None:
    number, given_at = ended
    page = page_of(shell, number)
    assert page.pane.late_button.isVisible()
    review, _reason, when, marks = asked(app, page)
    assert "作废时间" in dict(review.facts.shown)
    when.set_value(given_at)
    marks.set_value(["signature", "seal", "stub"])
    review.button.click()
    settle(shell)
    assert "收回纸证" in said(shell)
    (row,) = rows(shell, "certificates", number=number)
    assert (row["state"], row["handed_over_at"]) == ("voided", given_at - given_at % MINUTE)
    assert not page.pane.late_button.isVisible(), "once is enough"


@pytest.mark.parametrize("after", [36 * MINUTE, 50 * MINUTE])
def test_a_time_after_the_void_is_refused_and_the_questions_stay(
    app: QApplication, shell: Shell, ended: tuple[str, int], after: int
) -> None:
    number, given_at = ended
    review, reason, when, marks = asked(app, page_of(shell, number))
    reason.set_value("power_cut")
    when.set_value(given_at + after)
    marks.set_value(["signature", "seal"])
    review.button.click()
    settle(shell)
    assert review.isVisible()
    assert review.banner.isVisible() or when.message
    assert not rows(shell, "certificates", number=number)[0]["handed_over_at"]
    review.reject()


def test_what_was_never_printed_cannot_have_been_given(shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    assert isinstance(void_paper(device_of(shell), number, reason="wrong_entry", on_desk=0), str)
    assert not page_of(shell, number).pane.late_button.isVisible()


def test_a_paper_in_force_is_recorded_where_it_is_handed_over(shell: Shell, station: Station) -> None:
    number = printed(shell, station)
    page = page_of(shell, number)
    assert not page.pane.late_button.isVisible()
    assert page.pane.print_button.isVisible()


def test_in_english_everything_is_english(app: QApplication, shell: Shell, ended: tuple[str, int]) -> None:
    number, _given_at = ended
    page = page_of(shell, number)
    texts.switch(app, texts.Language.EN)
    settle(shell)
    review, *_fields = asked(app, page)
    assert review.button.accessibleName() == f"Record the hand-over of {number}"
    review.reject()
