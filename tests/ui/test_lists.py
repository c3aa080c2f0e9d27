"""Lists: pages as one scrolls, order, state in words, everything by keyboard, 50,000 rows without waiting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import wait_for
from ui.models.items import CELL, Cell, Column, ItemModel
from ui.preferences import Preferences
from ui.texts import Language
from ui.theme import ThemeChoice
from ui.tokens import Tone
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option

COLUMNS = (Column("number", stretch=True), Column("quantity", 90, right=True), Column("state", 100))


class Row(NamedTuple):
    number: int
    voided: bool = False


def cells(row: Row) -> Sequence[Cell]:
    state = Cell("已作废", tone=Tone.BAD) if row.voided else Cell("已签发", tone=Tone.GOOD)
    return Cell(f"B {row.number:010d}", "三垛鱼种场"), Cell(f"{row.number:,}", right=True, order=row.number), state


@pytest.fixture
def preferences(tmp_path: Path, app: QApplication) -> Preferences:
    return Preferences(tmp_path / "screen.ini")


@pytest.fixture
def pane(preferences: Preferences, qtbot: QtBot) -> ListPane:
    made = ListPane("certificates", COLUMNS, cells, preferences, tall=True)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow)
    return made


def rows(count: int) -> list[Row]:
    return [Row(number) for number in range(count)]


def test_an_empty_list_shows_its_empty_state(pane: ListPane) -> None:
    pane.show_items([])
    assert pane.is_empty
    pane.show_items(rows(2))
    assert not pane.is_empty


def test_keys_open_preview_and_take_a_row(pane: ListPane, qtbot: QtBot) -> None:
    pane.show_items(rows(3))
    opened, previewed = [], []
    pane.table.opened.connect(opened.append)
    pane.table.previewed.connect(previewed.append)
    pane.enter_list()
    qtbot.keyClick(pane.table, Qt.Key.Key_Down)
    qtbot.keyClick(pane.table, Qt.Key.Key_Return)
    qtbot.keyClick(pane.table, Qt.Key.Key_Enter)
    qtbot.keyClick(pane.table, Qt.Key.Key_Space)
    assert opened == [Row(1), Row(1)]
    assert previewed == [Row(1)]
    qtbot.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "B 0000000001 三垛鱼种场\t1\t已签发"


def test_an_empty_list_answers_no_key(pane: ListPane, qtbot: QtBot) -> None:
    pane.show_items([])
    pane.table.opened.connect(lambda _row: pytest.fail("there is nothing to open"))
    qtbot.keyClick(pane.table, Qt.Key.Key_Return)
    qtbot.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_a_state_is_told_in_words_and_icon_and_read_aloud(pane: ListPane) -> None:
    pane.show_items([Row(1, voided=True)])
    index = pane.model.index(0, 2)
    cell = index.data(CELL)
    assert (cell.shown, cell.tone) == ("已作废", Tone.BAD)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "已作废"


def test_the_next_page_is_asked_for_once_when_the_end_is_near(pane: ListPane) -> None:
    asked: list[int] = []
    pane.model.more_wanted.connect(asked.append)
    pane.show_items(rows(200), total=450)
    asked.clear()
    pane.model._asked = False
    assert pane.model.canFetchMore(QModelIndex())
    pane.model.fetchMore(QModelIndex())
    assert not pane.model.canFetchMore(QModelIndex())
    assert asked == [200]
    pane.model.add_items([Row(n) for n in range(200, 400)])
    assert pane.model.canFetchMore(QModelIndex())
    pane.model.add_items([])
    assert not pane.model.canFetchMore(QModelIndex())


def test_sorting_orders_by_amount_and_asks_for_the_rest_first(pane: ListPane) -> None:
    asked: list[bool] = []
    pane.model.rest_wanted.connect(lambda: asked.append(True))
    pane.show_items([Row(2), Row(10), Row(1)], total=4)
    pane.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert asked == [True]
    assert [row.number for row in pane.model.items] == [2, 10, 1]
    pane.model.add_items([Row(5)])
    assert [row.number for row in pane.model.items] == [1, 2, 5, 10]
    pane.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [row.number for row in pane.model.items] == [10, 5, 2, 1]


def test_the_marked_row_stays_marked_through_sorting(pane: ListPane) -> None:
    pane.show_items([Row(2), Row(10), Row(1)])
    pane.table.mark(1)
    pane.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert pane.table.current == Row(10)


def test_reading_a_list_again_keeps_the_place(pane: ListPane) -> None:
    pane.show_items(rows(20))
    pane.table.mark(7)
    pane.show_items(rows(19))
    assert pane.table.current == Row(7)
    pane.show_items(rows(3))
    assert pane.table.current == Row(2)


def test_views_are_chosen_by_their_place(pane: ListPane) -> None:
    told: list[str] = []
    pane.query_changed.connect(lambda: told.append(pane.view))
    pane.offer_views([Option("today", "今天"), Option("all", "全部")])
    assert pane.view == "today"
    pane.choose_view(2)
    assert told == ["all"]
    pane.choose_view(9)
    assert told == ["all"]


def test_column_widths_are_kept(preferences: Preferences, qtbot: QtBot, pane: ListPane) -> None:
    pane.table.setColumnWidth(1, 177)
    again = ListPane("certificates", COLUMNS, cells, preferences)
    qtbot.addWidget(again)
    assert again.table.columnWidth(1) == 177
    preferences.forget_layouts()
    fresh = ListPane("certificates", COLUMNS, cells, preferences)
    qtbot.addWidget(fresh)
    assert fresh.table.columnWidth(1) == 90


def test_fifty_thousand_rows_open_without_waiting(pane: ListPane, app: QApplication) -> None:
    """Only the lines in sight are made, however many there are."""
    made = []
    for count in (500, 50_000):
        pane.show_items(rows(count))
        app.processEvents()
        made.append(len(pane.model._made))
    assert 0 < made[0] < 200
    assert made[1] == made[0]


def test_cells_are_made_anew_in_another_language(pane: ListPane) -> None:
    pane.show_items(rows(1))
    before = pane.model.cell(0, 0)
    pane.model.renew_cells()
    assert pane.model.cell(0, 0) is not before


def test_a_model_outside_its_rows_is_empty() -> None:
    model = ItemModel(COLUMNS, cells)
    assert model.item(0) is None
    assert model.data(model.index(5, 0)) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_preferences_survive_and_wrong_ones_count_as_not_set(tmp_path: Path, app: QApplication) -> None:
    path = tmp_path / "screen.ini"
    first = Preferences(path)
    first.language, first.theme, first.scale, first.printer = Language.EN, ThemeChoice.DARK, 130, "HP"
    first._settings.sync()
    second = Preferences(path)
    assert (second.language, second.theme, second.scale, second.printer) == (Language.EN, ThemeChoice.DARK, 130, "HP")
    path.write_text("[General]\nlanguage=klingon\ntheme=plaid\nscale=huge\n")
    third = Preferences(path)
    third._settings.sync()
    assert (third.language, third.theme, third.scale) == (Language.ZH, ThemeChoice.SYSTEM, 100)
