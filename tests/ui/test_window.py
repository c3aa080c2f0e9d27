"""The window as a whole: names for assistive technology, tab order, nothing cut, both languages, every size and theme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import settle, wait_for
from tests.ui.station import PASSPHRASE, VET
from ui.application import Shell
from ui.pages.today import TodayPage
from ui.pages.unlock import UnlockPage
from ui.pages.verify import LockedVerifyPage
from ui.places import SIGNS, Place
from ui.texts import Language
from ui.theme import ThemeChoice
from ui.window import Workplace

PLACES = [(place, "") for place in Place] + [(Place.DECLARATIONS, "new")]
CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)


def go(shell: Shell, place: Place, subject: str = "") -> Any:
    assert shell.workplace is not None
    shell.workplace.go(place, subject)
    settle(shell)
    return shell.workplace.page


def visible(root: QWidget, kinds: type | tuple[type, ...] = QWidget) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if isinstance(widget, kinds) and widget.isVisible()]


def is_inner(widget: QWidget) -> bool:
    """Parts Qt itself puts into a widget of ours."""
    parent = widget.parentWidget()
    name = widget.metaObject().className()
    return name in ("QLineEditIconButton", "QTableCornerButton", "QComboBoxPrivateContainer") or (
        isinstance(widget, QAbstractItemView)
        and (name == "QHeaderView" or isinstance(parent, QComboBox) or name == "QComboBoxListView")
    )


# --- assistive technology and the keyboard ----------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "subject"), PLACES)
def test_every_control_has_a_name(shell: Shell, place: Place, subject: str) -> None:
    go(shell, place, subject)
    unnamed = [
        f"{widget.metaObject().className()} {widget.geometry()}"
        for widget in visible(shell.window, CONTROLS)
        if not is_inner(widget) and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert not unnamed


def tab_walk(shell: Shell) -> Iterator[QWidget]:
    """Every widget Tab reaches, once round."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    seen: list[QWidget] = []
    for _ in range(400):
        now = app.focusWidget()
        if now is None or now in seen:
            return
        seen.append(now)
        yield now
        app.sendEvent(now, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier))


@pytest.mark.parametrize(("place", "subject"), PLACES)
def test_tab_reaches_every_control_of_a_page(shell: Shell, place: Place, subject: str) -> None:
    page = go(shell, place, subject)
    assert shell.workplace is not None
    shell.workplace.navigation.buttons[place].setFocus()
    reached = set(tab_walk(shell))
    missed = [
        widget.accessibleName()
        for widget in visible(page, (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox))
        if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_inner(widget)
        and widget not in reached and not _represented(widget, reached)
    ]  # fmt: skip
    assert not missed


def _represented(widget: QWidget, reached: set[QWidget]) -> bool:
    """One of several answers to a question stands for all: arrows go to the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and any(button in reached for button in group.buttons())


def test_tab_order_is_reading_order_in_a_form(shell: Shell) -> None:
    page = go(shell, Place.DECLARATIONS, "new")
    form = page.editor.form
    form.go_to("owner")
    walked = [widget for widget in tab_walk(shell) if form.isAncestorOf(widget)]
    places = [_place(form, widget) for widget in walked]
    assert len(places) > 12
    assert places == sorted(places)


def _place(form: QWidget, widget: QWidget) -> tuple[int, int]:
    corner = widget.mapTo(form, QPoint(0, 0))
    return corner.y() // 40, corner.x()


def test_every_place_is_one_key_or_three_letters_away(shell: Shell, qtbot: QtBot) -> None:
    assert shell.workplace is not None
    for place, sign in SIGNS.items():
        shell.workplace.open_palette()
        qtbot.keyClicks(shell.workplace.palette_box.line, place.value[:6])
        assert shell.workplace.palette_box.offered, place
        shell.workplace.palette_box.close_quietly()
        assert sign.icon
    settle(shell)


def test_shortcuts_are_unique() -> None:
    keys = [sign.keys for sign in SIGNS.values() if sign.keys]
    reserved = ["Ctrl+K", "Ctrl+/", "Ctrl+L", "Ctrl+Shift+L", "Ctrl+N", "Ctrl+F", "Ctrl+P", "F4", "F5", "F6"]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(reserved)


def test_the_strip_is_walked_by_arrows_and_opens_its_pages(shell: Shell, qtbot: QtBot) -> None:
    assert shell.workplace is not None
    strip = shell.workplace.strip
    first = strip.cells["connection"]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert strip.cells["waiting"].hasFocus()
    qtbot.keyClick(strip.cells["waiting"], Qt.Key.Key_Return)
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.SYNC


def test_the_navigation_is_walked_by_arrows(shell: Shell, qtbot: QtBot) -> None:
    assert shell.workplace is not None
    buttons = shell.workplace.navigation.buttons
    buttons[Place.TODAY].setFocus()
    qtbot.keyClick(buttons[Place.TODAY], Qt.Key.Key_Down)
    assert buttons[Place.READY].hasFocus()
    qtbot.keyClick(buttons[Place.READY], Qt.Key.Key_Return)
    settle(shell)
    assert shell.workplace.page.place is Place.READY


def test_keys_of_the_page_stand_on_the_sheet(shell: Shell) -> None:
    go(shell, Place.ISSUE)
    assert shell.workplace is not None
    shell.workplace.open_sheet()
    shown = [label.text() for label in visible(shell.workplace.sheet, QLabel)]
    assert {"Ctrl+K", "F8", "Ctrl+P"} <= set(shown)
    shell.workplace.sheet.close_quietly()


# --- nothing is cut, nothing floats -----------------------------------------------------------------------------------


def cut(root: QWidget) -> list[str]:
    """Labels and buttons that show less than they say."""
    found = []
    for widget in visible(root, (QLabel, QAbstractButton)):
        if is_inner(widget) or not getattr(widget, "text", str)():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            needed = widget.heightForWidth(widget.width())
            if needed > widget.height() + 2:
                found.append(f"{widget.text()!r} needs {needed} has {widget.height()}")
        elif widget.width() + 4 < widget.minimumSizeHint().width() or widget.height() + 2 < min(
            widget.sizeHint().height(), widget.minimumSizeHint().height()
        ):
            found.append(f"{widget.text()!r} {widget.size()} < {widget.minimumSizeHint()}")  # type: ignore[attr-defined]
    return found


SIZES = [(1366, 768, 100, Language.ZH), (1024, 600, 100, Language.ZH), (1366, 768, 100, Language.EN),
         (1366, 768, 150, Language.EN), (1280, 680, 175, Language.ZH)]  # fmt: skip


@pytest.mark.parametrize(("width", "height", "scale", "language"), SIZES)
def test_no_words_are_cut(shell: Shell, width: int, height: int, scale: int, language: Language) -> None:
    shell.window.resize(width, height)
    shell.theme.set_scale(scale)
    shell.speak(language)
    settle(shell)
    found: dict[str, list[str]] = {}
    for place, subject in PLACES:
        go(shell, place, subject)
        if words := cut(shell.window):
            found[f"{place} {subject}"] = words
    assert not found
    assert shell.window.width() <= max(width, 1024) + 1, "the page pushed the window wider"


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_every_page_opens_in_both_themes_without_a_message(shell: Shell, choice: ThemeChoice) -> None:
    shell.theme.choose(choice)
    for place, subject in PLACES:
        page = go(shell, place, subject)
        assert not page.banner.isVisible(), f"{place}: {page.banner.headline}"
        assert not shell.window.grab().isNull()


def test_nothing_floats_beside_the_window(shell: Shell) -> None:
    for place, subject in PLACES:
        go(shell, place, subject)
    tops = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert tops == [shell.window]


def test_a_focused_field_is_scrolled_into_sight(shell: Shell) -> None:
    shell.window.resize(1024, 600)
    page = go(shell, Place.DECLARATIONS, "new")
    form = page.editor.form
    form.go_to("remarks")
    settle(shell)
    remarks = form.fields["remarks"].editor
    area = remarks.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    top = remarks.mapTo(area, QPoint(0, 0)).y()
    assert 0 <= top <= area.viewport().height()


# --- signing in and leaving -------------------------------------------------------------------------------------------


def unlock_page(shell: Shell) -> UnlockPage:
    page = shell.window.inside
    assert isinstance(page, UnlockPage)
    return page


def test_the_passphrase_box_has_the_focus_and_enter_signs_in(locked_shell: Shell, qtbot: QtBot) -> None:
    page = unlock_page(locked_shell)
    wait_for(page.passphrase.hasFocus)
    qtbot.keyClicks(page.passphrase, PASSPHRASE)
    qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    wait_for(lambda: locked_shell.workplace is not None)
    settle(locked_shell)
    assert locked_shell.workplace is not None
    assert "陆清河" in locked_shell.workplace.top.person.text()


def test_a_wrong_passphrase_is_one_sentence_and_can_be_corrected(locked_shell: Shell, qtbot: QtBot) -> None:
    page = unlock_page(locked_shell)
    page.passphrase.setText("wrong")
    page.unlock_button.click()
    wait_for(lambda: page._hint.isVisible() and page.passphrase.isEnabled())
    assert "口令" in page._hint.text()
    assert page.passphrase.selectedText() == "wrong"
    assert locked_shell.workplace is None


def test_no_passphrase_is_asked_for_without_trying(locked_shell: Shell) -> None:
    page = unlock_page(locked_shell)
    page.unlock_wanted.connect(lambda *_: pytest.fail("nothing to try"))
    page.unlock_button.click()
    assert page._hint.isVisible()


def test_caps_lock_is_told(locked_shell: Shell, qtbot: QtBot) -> None:
    page = unlock_page(locked_shell)
    qtbot.keyClick(page.passphrase, "A")
    assert page._hint.text() == "大写锁定可能开着"
    qtbot.keyClick(page.passphrase, "b")
    assert not page._hint.isVisible()


def test_practice_can_be_started_with_one_key(locked_shell: Shell) -> None:
    page = unlock_page(locked_shell)
    assert page.practice_button.isVisible()
    page.practice_button.click()
    wait_for(lambda: locked_shell.workplace is not None)
    settle(locked_shell)


def test_practice_is_marked_everywhere(shell: Shell) -> None:
    assert shell.workplace is not None
    assert shell.workplace.navigation._mark.isVisible()
    assert shell.workplace.navigation._mark.text() == "练习"
    assert "练习" in shell.window.windowTitle()


def test_the_window_title_names_no_person(shell: Shell) -> None:
    assert "陆清河" not in shell.window.windowTitle()


def test_locking_keeps_what_was_typed_and_shows_no_record(shell: Shell) -> None:
    page = go(shell, Place.DECLARATIONS, "new")
    page.editor.form.fields["owner"].editor.choose_text = None
    page.editor.form.fields["owner"].set_value("锁屏前的场")
    page.editor.form.edited.emit()
    shell.lock()
    settle(shell)
    assert isinstance(shell.window.inside, UnlockPage)
    shown = " ".join(label.text() for label in visible(shell.window, QLabel))
    assert "鱼种场" not in shown
    assert "锁屏前" not in shown
    shell.unlock(VET, PASSPHRASE)
    wait_for(lambda: shell.workplace is not None)
    settle(shell)
    assert shell.workplace is not None
    today = shell.workplace.page
    assert isinstance(today, TodayPage)
    assert any("锁屏前的场" in draft.title for draft in today._drafts)


def test_a_certificate_can_be_verified_while_locked_and_escape_leads_back(locked_shell: Shell, qtbot: QtBot) -> None:
    unlock_page(locked_shell).verify_button.click()
    page = locked_shell.window.inside
    assert isinstance(page, LockedVerifyPage)
    page.verifier.verify_text("https://shop.example/p/1")
    settle(locked_shell)
    assert page.verifier.verdict.accessibleName()
    page.back_button.click()
    assert isinstance(locked_shell.window.inside, UnlockPage)


def test_the_screen_never_stands_still_while_pages_open(shell: Shell) -> None:
    """Pages are made once; what they show is read elsewhere."""
    for place, subject in PLACES:
        go(shell, place, subject)
    assert shell.watchdog.longest_ms < 1_000


def test_counts_in_the_navigation_say_what_waits(shell: Shell) -> None:
    assert shell.workplace is not None
    counts = {place: button.count for place, button in shell.workplace.navigation.buttons.items()}
    assert counts[Place.DECLARATIONS] == 2
    assert counts[Place.INSPECTION] == 1
    assert counts[Place.ISSUE] == 1
    assert counts[Place.SYNC] > 0


def test_the_strip_speaks_plainly(workplace: Workplace) -> None:
    said = {name: cell.text() for name, cell in workplace.strip.cells.items()}
    assert "离线" in said["connection"]
    assert "均已安全保存" in said["waiting"]
    assert "可签发至 11-28" in said["lease"]
    assert not workplace.strip.cells["connection"].property("tone")
