"""A key held down is one press: Ctrl+Enter must never run from recording through accepting to inspecting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.at_work import at
from tests.ui.conftest import settle, wait_for
from tests.ui.test_form import CONTROL, ENTER, focus
from ui.application import Shell
from ui.forms.form import Form
from ui.pages.paper_pane import PaperPane
from ui.places import Place
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.line import CodeLine, Line
from ui.widgets.review import Review


@pytest.fixture
def pair(app: QApplication, qtbot: QtBot) -> Form:
    made = Form()
    made.add_section([Field("owner", Line()), Field("plate", CodeLine())])
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow)
    made.go_to("owner")
    return made


def hold(widget: QWidget | None, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """What a keyboard sends while Enter stays down: presses marked as repeated."""
    assert widget is not None
    for _ in range(3):
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, ENTER, modifiers, "\r", True))


@pytest.mark.parametrize("place", list(Place))
def test_no_key_of_the_window_or_a_page_repeats_while_held(shell: Shell, place: Place) -> None:
    at(shell, place)
    keys = [key for key in shell.window.findChildren(QShortcut) if not isinstance(key.parent(), PaperPane)]
    assert len(keys) > 2
    assert [key.key().toString() for key in keys if key.autoRepeat()] == []


def test_the_press_that_opened_a_review_does_not_answer_it(app: QApplication, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    review = Review(parent, "作废", "不能撤销", act="作废")
    assert not any(key.autoRepeat() for key in review.findChildren(QShortcut))


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CONTROL])
def test_enter_held_in_a_form_neither_walks_nor_submits(
    app: QApplication,
    pair: Form,
    modifiers: Qt.KeyboardModifier,
) -> None:
    wanted: list[bool] = []
    pair.submit_wanted.connect(lambda: wanted.append(True))
    before = focus(app)
    hold(app.focusWidget(), modifiers)
    assert focus(app) == before
    assert wanted == []


def test_enter_held_on_a_button_does_not_press_it_again(app: QApplication, qtbot: QtBot) -> None:
    button = Button()
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.act_wanted.connect(lambda: pressed.append(True))
    hold(button)
    assert pressed == []
    qtbot.keyClick(button, ENTER)
    assert pressed == [True]


def test_enter_held_in_a_list_opens_a_line_once(shell: Shell, qtbot: QtBot) -> None:
    page = at(shell, Place.DECLARATIONS)
    opened: list[object] = []
    page.list.table.opened.connect(opened.append)
    qtbot.keyClick(page.list.table, ENTER)
    settle(shell)
    hold(page.list.table)
    assert len(opened) == 1
