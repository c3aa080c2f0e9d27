"""Contact with the province, and the close of the day."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from inspector_app.errors import StationError
from inspector_app.ports import SyncReport
from inspector_app.services.day_deeds import Ended, Endings
from tests.ui.at_work import around, at, issue_one, printed, rows
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Surroundings
from ui import explain
from ui.application import Shell
from ui.pages.day_close import ended_facts
from ui.places import Place
from ui.tokens import Tone

__all__ = ["around"]  # the printers of the test, found by their name


def report(**changes: Any) -> SyncReport:
    made = {"pushed": 23, "pulled": 2, "requests": 2, "bytes_up": 9000, "bytes_down": 800, "waiting": 0, "frozen": ""}
    return msgspec.convert(made | changes, SyncReport)


def test_no_contact_says_first_what_is_safe_and_offers_to_try_again(shell: Shell) -> None:
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.isVisible()
    assert page.result.tone is Tone.WARN
    assert page.result.body
    assert not page.sync_button.reason


@pytest.mark.parametrize(("answer", "tone"), [(report(), Tone.GOOD), (report(waiting=3), Tone.WARN)])
def test_the_result_of_a_round_is_told_honestly(
    shell: Shell, around: Surroundings, answer: SyncReport, tone: Tone
) -> None:
    around.sync_with = lambda _device, _progress, _cancelled: answer
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.tone is tone


@pytest.mark.parametrize("reason", ["fork", "fenced", "rolled_back", "history_differs", "witness_higher"])
def test_a_computer_that_has_to_stop_says_why_what_is_safe_and_how_to_go_on(
    shell: Shell, around: Surroundings, reason: str
) -> None:
    def stopped(device: Any, _progress: Any, _cancelled: Any) -> SyncReport:
        device.frozen = reason
        return report(frozen=reason)

    around.sync_with = stopped
    page = at(shell, Place.SYNC)
    assert page.stopped.isHidden()
    page.start()
    settle(shell)
    assert page.stopped.isVisible()
    assert page.stopped.tone is Tone.BAD
    assert explain.word("frozen", reason) in page.stopped.headline
    assert len(page.stopped.body.splitlines()) == 2
    assert page.result.isHidden()
    page.take_command()
    taken = QGuiApplication.clipboard().text()
    device = shell.desk.device
    assert f'--after "{device.store.database.path.parent}"' in taken
    assert taken.endswith("--code ")


def test_a_round_can_be_stopped(shell: Shell, around: Surroundings) -> None:
    def slow(_device: Any, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> SyncReport:
        for done in range(10_000):
            progress(done, 10_000)
            if cancelled():
                raise StationError("sync_cancelled")
            threading.Event().wait(0.002)
        return report()

    around.sync_with = slow
    assert shell.workplace is not None
    shell.workplace.go(Place.SYNC)
    page = shell.workplace.page
    page.start()
    wait_for(lambda: page.waiting.bar.maximum() == 10_000)
    page.waiting.cancel_wanted.emit()
    settle(shell)
    assert page.result.headline == "已停止"


def test_one_round_at_a_time(shell: Shell, around: Surroundings) -> None:
    rounds: list[int] = []
    around.sync_with = lambda *_: (rounds.append(1), report())[1]
    page = at(shell, Place.SYNC)
    page.start()
    page.start()
    settle(shell)
    assert rounds == [1]


def test_closing_the_day_keeps_a_sheet_and_says_who(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    page = at(shell, Place.DAY_CLOSE)
    page.submit()
    settle(shell)
    (row,) = rows(shell, "days")
    assert row["equations_hold"] == 1
    assert "陆清河" in page.closed.text()
    assert page.save_button.isVisible()
    assert not page.close_button.isVisible()


def test_a_day_to_which_something_was_added_is_closed_once_more(shell: Shell) -> None:
    page = at(shell, Place.DAY_CLOSE)
    page.submit()
    settle(shell)
    issue_one(shell)
    page = at(shell, Place.DAY_CLOSE)
    assert "请再次日结" in page.closed.text()
    assert page.close_button.isVisible()
    page.submit()
    settle(shell)
    assert "请再次日结" not in page.closed.text()
    assert not page.close_button.isVisible()


@pytest.mark.parametrize(
    ("endings", "shown"),
    [
        (([], []), []),
        (([], [("B 1", "voided", "here", "there")]), ["他机作废换证"]),
        (([("B 2", "voided", "there", "here"), ("B 3", "voided", "here", "here")], []), ["代他机作废换证"]),
    ],
)
def test_what_another_computer_ended_is_named_only_where_there_is_something(
    shell: Shell, endings: tuple[list[tuple[str, ...]], list[tuple[str, ...]]], shown: list[str]
) -> None:
    page = at(shell, Place.DAY_CLOSE)
    here, elsewhere = ([Ended(*one) for one in ended] for ended in endings)
    sheet = msgspec.structs.replace(page._day.sheet, endings=Endings(here, elsewhere))
    named = ended_facts(sheet)
    assert [name for name, _numbers in named] == shown
    assert "B 3" not in str(named)


def test_a_day_with_an_unanswered_print_says_so_and_can_be_closed(shell: Shell) -> None:
    number = printed(shell).pane.detail.line.number
    page = at(shell, Place.DAY_CLOSE)
    assert "没有回答" in page.closed.text()
    assert page._day.sheet.open_prints == [number]
    page.submit()
    settle(shell)
    assert len(rows(shell, "days")) == 1
