"""The guard over all tests of the screens: it sees a widget that came up by itself, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import wait_for
from tests.ui.strays import Strays


@pytest.fixture
def host(app: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    QVBoxLayout(made).addWidget(QLabel("页"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow, "the window")
    return made


@pytest.fixture
def watch(app: QApplication, host: QWidget) -> Iterator[Strays]:
    made = Strays(app, lambda: [host])
    yield made
    made.close()


def page_thrown_away(host: QWidget) -> QLabel:
    """What a careless list does with a row it no longer needs, while that row is still to be shown."""
    (page,) = host.findChildren(QLabel)
    page.setParent(None)
    page.show()
    return page


def test_a_widget_that_lost_its_parent_and_came_up_is_named(
    host: QWidget, watch: Strays, strays: Strays, app: QApplication
) -> None:
    page = page_thrown_away(host)
    app.processEvents()
    page.close()
    page.deleteLater()
    watch.look()
    assert watch.seen == {"QLabel"}, "it is named although it is gone by now"
    strays.seen.clear()  # the test's own guard saw it too


def test_a_stray_that_is_still_up_at_the_end_is_named(host: QWidget, watch: Strays, strays: Strays) -> None:
    page = page_thrown_away(host)
    watch.close()
    watch._app.focusWindowChanged.connect(watch.look)
    page.close()
    page.deleteLater()
    assert watch.seen == {"QLabel"}
    strays.seen.clear()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_dialogs_menus_and_lists_that_drop_down_may_come_up(host: QWidget, watch: Strays, app: QApplication) -> None:
    dialog, menu, drop = QDialog(host), QMenu(host), QComboBox(host)
    menu.addAction("一项")
    drop.addItems(["甲", "乙"])
    drop.show()
    dialog.open()
    app.processEvents()
    dialog.close()
    menu.popup(host.pos())
    app.processEvents()
    menu.close()
    drop.showPopup()
    app.processEvents()
    watch.look()
    drop.hidePopup()
    assert watch.seen == set()
