"""A review page on the station's own small screen: everything can be read, reached and pressed, after a refusal too."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.at_work import around, heard, open_review, pass_time, printed
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station
from ui.application import Shell
from ui.texts import Language
from ui.widgets.review import Review

__all__ = ["around"]  # the printers of the test, found by their name
LINE = 20
"""Lower than this no line of letters is read."""


@pytest.fixture(params=[Language.ZH, Language.EN])
def late(request: pytest.FixtureRequest, shell: Shell, app: QApplication, qtbot: QtBot, station: Station) -> Review:
    """The longest of them, a late record, on 1366 × 768."""
    shell.speak(request.param)
    shell.window.resize(1366, 768)
    page = printed(shell)
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    heard(page)
    pass_time(shell, station, minutes=180)
    page.pane.handing_over.late_button.click()
    settle(shell)
    return open_review(app)


def within(review: Review) -> bool:
    """Whether the page lies inside its window, its button inside the page."""
    window = review.parentWidget().window().geometry()
    button = review.button
    foot = button.mapTo(review, QPoint(0, button.height())).y()
    return bool(window.contains(review.geometry()) and foot <= review.height())


def boxes(review: Review) -> list[Any]:
    return list(review._fields[2].editor.boxes)


def test_it_is_no_higher_than_its_window(late: Review, shell: Shell) -> None:
    settle(shell)
    assert within(late)
    assert min(box.height() for box in boxes(late)) > LINE


def test_after_a_refusal_everything_can_still_be_read_and_reached(late: Review, shell: Shell) -> None:
    late._fields[0].set_value("power_cut")
    late._fields[1].set_value(1)
    late.button.click()
    settle(shell)
    wait_for(late.banner.isVisible, "refused")
    settle(shell)
    assert within(late)
    assert min(box.height() for box in boxes(late)) > LINE
    for field in late._fields:
        field.editor.setFocus()
        settle(shell)
        top = field.mapTo(late._scroll.viewport(), QPoint(0, 0)).y()
        assert 0 <= top < late._scroll.viewport().height(), field.name


def test_enter_walks_through_the_questions_to_the_buttons(late: Review, app: QApplication, shell: Shell) -> None:
    late._fields[0].editor.setFocus()
    seen = []
    for _ in range(7):
        focus = app.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Return)
        settle(shell)
        seen.append(app.focusWidget())
    assert late._fields[1].editor in seen
    assert all(box in seen for box in boxes(late))
    assert late.isVisible(), "walking decides nothing"
