"""Register pickers: a few letters find the entry, only committed text filters, Tab and Enter take what is marked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector_app.services.spelling import matches
from tests.ui.conftest import wait_for
from tests.ui.station import Station
from tests.ui.test_lines import commit, compose
from ui.models.naming import Naming
from ui.widgets.picker import Picker
from ui.widgets.popup_list import Option

KEPT: list[QWidget] = []
FARMS = ("三垛鱼种场", "菱塘鱼种场", "曾家苗种场", "单氏水产")


def find(typed: str) -> Sequence[Option]:
    return [Option(at, name) for at, name in enumerate(FARMS) if matches(typed, name) is not None]


@pytest.fixture
def picker(app: QApplication, qtbot: QtBot) -> Picker:
    return shown(qtbot, Picker(find))


def shown(qtbot: QtBot, picker: Picker) -> Picker:
    host = QWidget()
    host.resize(400, 300)
    QVBoxLayout(host).addWidget(picker)
    qtbot.addWidget(host)
    host.show()
    host.activateWindow()
    wait_for(host.isActiveWindow)
    picker.setFocus()
    KEPT.append(host)  # Python would let it go, and Qt its children with it
    return picker


def test_initials_filter_at_once(picker: Picker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "sd")
    assert [option.title for option in picker.search("sd")] == ["三垛鱼种场"]
    assert picker.popup.isVisible()
    assert picker.value() is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [("zj", "曾家苗种场"), ("cengjia", "曾家苗种场"), ("shanshi", "单氏水产"), ("danshi", "单氏水产")],
)
def test_every_reading_of_a_polyphonic_name_finds_it(typed: str, found: str) -> None:
    assert found in [option.title for option in find(typed)]


def test_composing_never_filters(app: QApplication, picker: Picker) -> None:
    compose(app, picker, "sanduo")
    assert not picker.popup.isVisible()
    commit(app, picker, "三垛")
    assert picker.popup.isVisible()


def test_enter_takes_the_marked_entry_and_arrows_mark_another(picker: Picker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "yzc")
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    picker.take_marked()
    assert picker.text() == "菱塘鱼种场"
    assert picker.value() == 1
    assert not picker.popup.isVisible()


def test_tab_takes_the_marked_entry(picker: Picker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "lt")
    qtbot.keyClick(picker, Qt.Key.Key_Tab)
    assert picker.value() == 1


def test_escape_closes_the_list_and_keeps_what_was_typed(picker: Picker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "lt")
    qtbot.keyClick(picker, Qt.Key.Key_Escape)
    assert not picker.popup.isVisible()
    assert picker.text() == "lt"


def test_f4_opens_the_whole_register(picker: Picker, qtbot: QtBot) -> None:
    qtbot.keyClick(picker, Qt.Key.Key_F4)
    assert picker.popup.model.rowCount() == len(FARMS)


def test_what_is_in_no_register_is_no_value_and_is_not_cleared(picker: Picker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "qqq")
    assert picker.value() is None
    picker.clearFocus()
    assert picker.text() == "qqq"


def test_a_free_picker_takes_a_name_in_no_register(app: QApplication, qtbot: QtBot) -> None:
    free = shown(qtbot, Picker(find, free=True))
    commit(app, free, "新来的渔场")
    assert free.value() == "新来的渔场"
    qtbot.keyClick(free, Qt.Key.Key_Tab)
    assert free.value() == "新来的渔场"


def test_typing_on_after_a_choice_unmakes_it(picker: Picker, qtbot: QtBot) -> None:
    picker.set_value(Option(0, FARMS[0]))
    assert picker.value() == 0
    qtbot.keyClicks(picker, "x")
    assert picker.value() is None


def test_a_draft_keeps_the_choice_or_the_letters(picker: Picker, qtbot: QtBot) -> None:
    picker.set_value(Option(0, FARMS[0], "d"))
    kept = picker.draft()
    picker.restore("lt")
    assert (picker.value(), picker.text()) == (None, "lt")
    picker.restore(kept)
    assert (picker.value(), picker.text()) == (0, FARMS[0])


def test_the_real_registers_answer_to_a_few_letters(station: Station, app: QApplication) -> None:
    device = station.work()
    naming = Naming(device)
    assert naming.find_species("cy", "2026-11-21")[0].title == "草鱼"
    assert naming.find_area("xinghua", "2026-11-21", 321084)[0].title.endswith("兴化市")
    assert naming.find_area("321281", "2026-11-21", 0)[0].value == 321281
    assert all(str(option.value).startswith("3210") for option in naming.find_area("", "2026-11-21", 321084))
    station.rest()
