"""The first page, the palette, settings, and how faults are told on a page."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector_app.errors import StationError
from tests.ui.at_work import around, at, device_of, issue_one, pass_time, rows, start_inspection
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station
from ui.application import Shell
from ui.forms.form_pane import FormPane
from ui.pages.page import Page
from ui.places import Place
from ui.tokens import Tone

__all__ = ["around"]  # the printers of the test, found by their name


def test_tasks_stand_in_the_order_in_which_they_are_due(shell: Shell) -> None:
    page = at(shell, Place.TODAY)
    due = [task.due for task in page.tasks.model.items]
    assert due == sorted(due)
    assert len(due) == 6


def test_a_task_opens_where_it_is_done(shell: Shell, qtbot: QtBot) -> None:
    page = at(shell, Place.TODAY)
    number = next(at for at, task in enumerate(page.tasks.model.items) if task.place is Place.ISSUE)
    qtbot.keyClick(page.tasks.table, str(number + 1))
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.ISSUE


def test_yesterday_not_closed_is_the_first_task(shell: Shell, station: Station) -> None:
    issue_one(shell)
    pass_time(shell, station, days=1)
    page = at(shell, Place.TODAY)
    assert page.tasks.model.items[0].place is Place.DAY_CLOSE


def test_the_palette_finds_a_certificate_by_its_digits(shell: Shell, qtbot: QtBot) -> None:
    number = issue_one(shell)
    assert shell.workplace is not None
    shell.workplace.open_palette()
    palette = shell.workplace.palette_box
    qtbot.keyClicks(palette.line, "9900000001")
    wait_for(lambda: any(number in offered for offered in palette.offered))
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    settle(shell)
    assert shell.workplace.page.place is Place.CERTIFICATES


def test_settings_take_effect_at_once_and_are_kept(shell: Shell) -> None:
    page = at(shell, Place.SETTINGS)
    page.theme.editor.set_value("dark")
    page.theme.editor.edited.emit()
    page.scale.editor.set_value(130)
    page.scale.editor.edited.emit()
    assert shell.theme.is_dark
    assert (shell.preferences.theme.value, shell.preferences.scale) == ("dark", 130)


def test_what_failed_beside_an_act_that_holds_is_told_without_doubting_the_act(shell: Shell) -> None:
    def full(_head: object) -> None:
        raise StationError("disk_full")

    page = at(shell, Place.NUMBERS)
    page.request.form.fill({"wanted": "40"})
    device = device_of(shell)
    device.after_commit.append(full)
    page.request.submit()
    settle(shell)
    assert [row["wanted"] for row in rows(shell, "block_requests")] == [40]
    assert page.banner.tone is Tone.WARN
    assert page.banner.headline == "这一步已经记录，照常有效。"
    assert device.trouble is None


def test_a_fault_while_reading_is_said_on_the_page(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    page: Page = at(shell, Place.READY)

    def broken(_device: Any) -> None:
        raise StationError("disk_full")

    assert shell.desk is not None
    shell.desk.read(broken, page).on_failure(page.say_problem)
    settle(shell)
    assert page.banner.isVisible()


def test_every_form_pane_has_one_filled_button(shell: Shell) -> None:
    page = start_inspection(shell)
    panes = [pane for pane in page.findChildren(FormPane) if pane.isVisible()]
    assert [pane.act_button.property("look") for pane in panes] == ["primary"]
