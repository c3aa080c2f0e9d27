"""Buttons, chips, banners, toasts, waiting, palette, shortcut sheet, paper: what each promises."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import wait_for
from ui import theme
from ui.tokens import Tone
from ui.widgets import search_box as search_module
from ui.widgets import toast as toast_module
from ui.widgets import waiting as waiting_module
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.checklist import CheckList
from ui.widgets.chip import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.palette import Command, CommandPalette
from ui.widgets.paper_view import PaperView
from ui.widgets.popup_list import Option
from ui.widgets.search_box import SearchBox
from ui.widgets.shortcut_sheet import ShortcutSheet
from ui.widgets.toast import Toast
from ui.widgets.waiting import Waiting

NEVER_MS = 3_600_000
"""For a timer that must not run out however slow the machine is."""


@pytest.fixture
def window(app: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1000, 700)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow)
    return made


# --- buttons ----------------------------------------------------------------------------------------------------------


def test_a_blocked_button_can_be_reached_and_says_why(window: QWidget, qtbot: QtBot) -> None:
    button = Button("primary", parent=window)
    button.say("签发", "Ctrl+Enter")
    acts, reasons = [], []
    button.act_wanted.connect(lambda: acts.append(True))
    button.reason_wanted.connect(reasons.append)
    button.block("还差车牌")
    button.show()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Enter)
    assert (acts, reasons) == ([], ["还差车牌"])
    assert button.isEnabled()
    assert button.accessibleDescription() == button.toolTip() == "还差车牌"
    button.block("")
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert acts == [True]


def test_control_enter_is_left_to_the_form(window: QWidget, qtbot: QtBot) -> None:
    button = Button("plain", parent=window)
    acts: list[bool] = []
    button.act_wanted.connect(lambda: acts.append(True))
    qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not acts


@pytest.mark.parametrize("look", ["primary", "plain", "quiet", "danger", "place", "cell", "segment"])
def test_the_focus_is_seen_as_a_ring_on_every_button(window: QWidget, look: str) -> None:
    button = Button(look, parent=window)
    button.say("打印")
    button.resize(140, 40)
    button.show()
    without = button.grab().toImage()
    button.setFocus()
    with_focus = button.grab().toImage()
    changed = sum(
        without.pixel(x, y) != with_focus.pixel(x, y) for x in range(without.width()) for y in range(without.height())
    )
    assert changed > 2 * (140 + 40)


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_banner_tells_three_things_and_gives_its_details(window: QWidget, qtbot: QtBot) -> None:
    banner = Banner(window)
    banner.say(Tone.BAD, "没有连上", "数据在本机安全", details="network.unreachable", action="再试")
    assert banner.isVisible()
    assert (banner.headline, banner.body, banner.tone) == ("没有连上", "数据在本机安全", Tone.BAD)
    banner._take.click()
    assert QGuiApplication.clipboard().text() == "network.unreachable"
    with qtbot.waitSignal(banner.action_wanted, timeout=500):
        banner._action.click()
    with qtbot.waitSignal(banner.dismissed, timeout=500):
        banner._close.click()
    assert not banner.isVisible()


def test_a_banner_without_details_offers_none(window: QWidget) -> None:
    banner = Banner(window)
    banner.say(Tone.INFO, "x")
    assert not banner._take.isVisible()
    assert not banner._action.isVisible()


def test_a_toast_takes_no_focus_and_can_be_taken_back(window: QWidget, qtbot: QtBot) -> None:
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    toast = Toast(window)
    toast.say("已放入回收站", undo=True)
    assert toast.isVisible()
    assert line.hasFocus()
    with qtbot.waitSignal(toast.undo_wanted, timeout=500):
        toast._undo.click()
    assert not toast.isVisible()


def test_a_toast_goes_by_itself(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toast_module, "SHOWN_MS", 30)
    toast = Toast(window)
    toast.say("已登记")
    wait_for(lambda: not toast.isVisible())


def test_waiting_says_nothing_for_a_moment_then_a_word_then_a_bar(
    window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_module, "QUIET_MS", 1)
    monkeypatch.setattr(waiting_module, "WORD_MS", NEVER_MS)
    waiting = Waiting(window)
    waiting.start("正在同步")
    assert not waiting.isVisible()
    wait_for(waiting.isVisible)
    assert not waiting.bar.isVisible()
    waiting._timers[1].start(1)
    wait_for(waiting.bar.isVisible)
    waiting.step(3, 10)
    assert (waiting.bar.value(), waiting.bar.maximum()) == (3, 10)
    waiting.stop()
    assert not waiting.isVisible()


def test_what_is_over_quickly_never_shows(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_module, "QUIET_MS", 1)
    waiting, later = Waiting(window), Waiting(window)
    waiting.start("x")
    waiting.stop()
    later.start("one that goes on")
    wait_for(later.isVisible)
    assert not waiting.isVisible()


# --- chips, facts, targets --------------------------------------------------------------------------------------------


def test_a_chip_is_as_wide_as_its_words(window: QWidget) -> None:
    short, long = Chip("可", Tone.GOOD, parent=window), Chip("等检测结果和复核", Tone.GOOD, parent=window)
    assert long.sizeHint().width() > short.sizeHint().width()
    assert long.accessibleName() == "等检测结果和复核"


def test_an_empty_answer_leaves_its_line_out(window: QWidget) -> None:
    facts = Facts(parent=window)
    facts.show_facts([("货主", "三垛"), ("收货人", "")])
    assert facts.shown == [("货主", "三垛")]


def test_a_long_target_wraps_instead_of_growing_wider(window: QWidget) -> None:
    checks = CheckList(1, window)
    checks.offer([Option("x", "很长的一句话，" * 12), Option("y", "短")])
    long, short = checks.boxes
    assert long.minimumSizeHint().width() < 300
    assert long.heightForWidth(260) > short.heightForWidth(260) >= theme.scaled(40)


def test_ticks_stay_where_the_question_stays(window: QWidget) -> None:
    checks = CheckList(1, window)
    checks.offer([Option("a", "A"), Option("b", "B")])
    checks.set_value(["a", "b"])
    checks.offer([Option("b", "B"), Option("c", "C")])
    assert checks.value() == ["b"]
    assert checks.unticked == ["c"]


def test_an_empty_state_offers_the_first_thing_to_do(window: QWidget, qtbot: QtBot) -> None:
    empty = EmptyState("inbox", parent=window)
    empty.say("还没有", "会出现在这里", "登记")
    empty.show()
    with qtbot.waitSignal(empty.action_wanted, timeout=500):
        empty._action.click()
    empty.say("还没有")
    assert not empty._action.isVisibleTo(empty)


# --- search, palette, sheet -------------------------------------------------------------------------------------------


def test_a_search_waits_for_a_pause_and_asks_once(
    window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "WAIT_MS", NEVER_MS)
    box = SearchBox(parent=window)
    asked: list[str] = []
    box.searched.connect(asked.append)
    qtbot.keyClicks(box, "9900")
    assert asked == []
    assert box._timer.isActive()
    box._timer.setInterval(1)  # from now on every pause is long enough
    wait_for(lambda: asked == ["9900"])
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    wait_for(lambda: asked == ["9900", ""])


def test_enter_in_the_search_asks_at_once_and_goes_to_the_list(window: QWidget, qtbot: QtBot) -> None:
    box = SearchBox(parent=window)
    asked: list[str] = []
    box.searched.connect(asked.append)
    qtbot.keyClicks(box, "x")
    with qtbot.waitSignal(box.list_wanted, timeout=500):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert asked == ["x"]


def test_the_palette_finds_by_letters_and_acts_on_enter(window: QWidget, qtbot: QtBot) -> None:
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    acted: list[str] = []
    commands = [Command("签发", "qf qianfa", "F8", lambda: acted.append("issue")),
                Command("日结", "rj", "", lambda: acted.append("close"))]  # fmt: skip
    palette = CommandPalette(window)
    palette.open(commands)
    qtbot.keyClicks(palette.line, "rj")
    assert palette.offered == ["日结"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert acted == ["close"]
    assert not palette.isVisible()
    assert line.hasFocus()


def test_the_palette_adds_records_only_for_what_is_still_asked(window: QWidget, qtbot: QtBot) -> None:
    palette = CommandPalette(window)
    palette.open([])
    qtbot.keyClicks(palette.line, "99")
    record = Command("B 9900000003", "", "草鱼", lambda: None)
    palette.add_records("98", [record])
    assert palette.offered == []
    palette.add_records("99", [record])
    assert palette.offered == ["B 9900000003"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_nothing_found_does_nothing_on_enter(window: QWidget, qtbot: QtBot) -> None:
    palette = CommandPalette(window)
    palette.open([Command("签发", "", "", lambda: pytest.fail("not asked for"))])
    qtbot.keyClicks(palette.line, "zzz")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_the_sheet_of_keys_closes_with_escape_and_gives_the_focus_back(window: QWidget, qtbot: QtBot) -> None:
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    sheet = ShortcutSheet(window)
    sheet.open([("本页", [("F8", "签发")]), ("处处", [("Ctrl+K", "查找")])])
    assert sheet.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert line.hasFocus()


# --- paper ------------------------------------------------------------------------------------------------------------


def page(width: int = 910, height: int = 1286) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice

    picture = QPixmap(QSize(width, height))
    picture.fill(QColor("#FFFFFF"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


@pytest.fixture
def paper(window: QWidget, qtbot: QtBot) -> PaperView:
    view = PaperView(110, window)
    view.setGeometry(0, 0, 500, 600)
    view.show()
    view.show_pages([page(), page()])
    wait_for(lambda: len(view.pages) == 2 and view.pages[0].width() > 300)
    return view


def test_pages_fit_the_width_and_keep_their_shape(paper: PaperView) -> None:
    sheet = paper.pages[0]
    assert 400 < sheet.width() <= 500
    assert abs(sheet.height() / sheet.width() - 1286 / 910) < 0.01
    paper.resize(800, 600)
    assert paper.pages[0].width() > 600


def test_pages_replaced_before_they_were_seen_never_come_up_as_windows(
    paper: PaperView, window: QWidget, app: QApplication
) -> None:
    """A layout shows what was added to it a moment later: a sheet thrown away meanwhile took the keyboard away."""
    got_focus: list[object] = []
    watch = app.focusWindowChanged.connect(got_focus.append)
    for _round in range(3):
        paper.show_pages([page()])
    QApplication.processEvents()
    QObject.disconnect(watch)
    assert len(paper.pages) == 1
    assert not got_focus
    assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == [window]


def test_the_whole_page_fits_when_asked(paper: PaperView) -> None:
    paper.fit(whole_page=True)
    assert paper.pages[0].height() <= 600


def test_zoom_goes_in_steps_and_back_to_fitting(paper: PaperView, qtbot: QtBot) -> None:
    told: list[int] = []
    paper.zoom_changed.connect(told.append)
    fitted = paper.pages[0].width()
    for _ in range(4):
        qtbot.keyClicks(paper, "+")
    assert paper.pages[0].width() > fitted
    qtbot.keyClicks(paper, "-")
    qtbot.keyClicks(paper, "0")
    assert paper.pages[0].width() == fitted
    assert told[-1] == 0
    assert told[0] in (50, 75, 100)


def test_the_wheel_zooms_only_with_control(paper: PaperView) -> None:
    def wheel(modifiers: Qt.KeyboardModifier) -> QWheelEvent:
        return QWheelEvent(QPointF(9, 9), QPointF(9, 9), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
                           modifiers, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip

    viewport = paper._scroll.viewport()
    assert not paper.eventFilter(viewport, wheel(Qt.KeyboardModifier.NoModifier))
    assert paper.eventFilter(viewport, wheel(Qt.KeyboardModifier.ControlModifier))


def test_bytes_that_are_no_picture_leave_the_desk_empty(paper: PaperView) -> None:
    paper.show_pages([b"no picture"], "不能显示")
    assert paper.pages == []
