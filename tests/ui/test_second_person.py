"""The second person at the first one's desk, by keyboard: given, wrong, thought better of, nobody, no longer allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.services.day_close import close_day
from inspector_app.services.sign_in import LockedHome
from tests.office import HEAD, PASSPHRASE, VET
from tests.ui.at_work import at, device_of, open_review, rows
from tests.ui.conftest import settle, wait_for
from tests.ui.counting import crew, fields
from tests.ui.station import Station
from ui.application import Shell
from ui.places import Place
from ui.widgets.review import Review

__all__ = ["crew"]
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def called(app: QApplication, crew: Shell) -> Review:
    """The vet closed the day and calls the second person."""
    device = device_of(crew)
    close_day(device, device.today())
    page: Any = at(crew, Place.CONFIRMATIONS)
    page.submit()
    settle(crew)
    return open_review(app)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The passphrase is tried until the test lets go."""
    go_on, second = threading.Event(), LockedHome.second

    def waiting(home: LockedHome, person: int, passphrase: str) -> Any:
        assert go_on.wait(60)
        return second(home, person, passphrase)

    monkeypatch.setattr(LockedHome, "second", waiting)
    yield go_on
    go_on.set()


def confirmed_by(shell: Shell) -> int | None:
    confirmed: int | None = rows(shell, "acts")[0]["confirmed_by"]
    return confirmed


def test_it_is_done_with_the_keyboard_alone(crew: Shell, called: Review, qtbot: QtBot) -> None:
    asked = fields(called)
    asked["second"].editor.setFocus()
    qtbot.keyClick(asked["second"].editor, ENTER)
    assert asked["passphrase"].editor.hasFocus()
    qtbot.keyClicks(asked["passphrase"].editor, PASSPHRASE)
    qtbot.keyClick(asked["passphrase"].editor, ENTER)
    wait_for(lambda: not called.isVisible(), "confirmed")
    settle(crew)
    assert confirmed_by(crew) == HEAD
    assert device_of(crew).person() == VET


def test_a_wrong_passphrase_keeps_the_keyboard_where_it_is_typed_again(
    crew: Shell, called: Review, qtbot: QtBot
) -> None:
    asked = fields(called)
    qtbot.keyClicks(asked["passphrase"].editor, "wrong")
    qtbot.keyClick(asked["passphrase"].editor, ENTER)
    settle(crew)
    assert asked["passphrase"].message.startswith("口令不正确")
    assert asked["passphrase"].editor.hasFocus()
    assert confirmed_by(crew) is None
    qtbot.keyClicks(asked["passphrase"].editor, PASSPHRASE)
    qtbot.keyClick(asked["passphrase"].editor, ENTER)
    settle(crew)
    assert confirmed_by(crew) == HEAD


def test_whoever_thinks_better_of_it_while_it_is_tried_confirms_nothing(
    crew: Shell, called: Review, slow: threading.Event, qtbot: QtBot
) -> None:
    asked = fields(called)
    qtbot.keyClicks(asked["passphrase"].editor, PASSPHRASE)
    qtbot.keyClick(asked["passphrase"].editor, ENTER)
    assert called.button.reason == "正在核对口令"
    qtbot.keyClick(called, ESCAPE)
    assert not called.isVisible()
    slow.set()
    settle(crew)
    assert confirmed_by(crew) is None


def test_pressing_again_while_it_is_tried_asks_once(
    crew: Shell, called: Review, slow: threading.Event, qtbot: QtBot
) -> None:
    asked = fields(called)
    qtbot.keyClicks(asked["passphrase"].editor, PASSPHRASE)
    for _ in range(3):
        qtbot.keyClick(asked["passphrase"].editor, ENTER)
    slow.set()
    settle(crew)
    assert confirmed_by(crew) == HEAD
    assert not called.isVisible()


def test_no_passphrase_stays_in_a_page_that_was_left(called: Review, qtbot: QtBot) -> None:
    editor = fields(called)["passphrase"].editor
    qtbot.keyClicks(editor, PASSPHRASE)
    called.reject()
    assert editor.text() == ""


def test_the_one_who_did_it_is_not_offered_and_a_post_that_ended_is_told(
    crew: Shell, station: Station, called: Review, qtbot: QtBot
) -> None:
    asked = fields(called)
    offered = [asked["second"].editor.itemText(at) for at in range(asked["second"].editor.count())]
    assert "陆清河" not in offered
    device = device_of(crew)
    station.office.publish(device, station.office.grant(HEAD, "reception"))
    qtbot.keyClicks(asked["passphrase"].editor, PASSPHRASE)
    qtbot.keyClick(asked["passphrase"].editor, ENTER)
    settle(crew)
    assert called.isVisible()
    assert called.banner.isVisible()
    assert confirmed_by(crew) is None
    called.reject()


def test_enter_on_the_last_question_goes_to_the_act_and_not_to_later(
    app: QApplication, crew: Shell, qtbot: QtBot
) -> None:
    page: Any = at(crew, Place.NUMBERS)
    page.block.return_button.click()
    review = open_review(app)
    last = fields(review)["note"]
    last.editor.setFocus()
    assert last.isAncestorOf(review.focusWidget()), review.focusWidget()
    review.keyPressEvent(_enter())
    assert review.focusWidget() is review.button
    review.reject()


def _enter() -> Any:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier)
