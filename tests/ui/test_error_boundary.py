"""What nobody caught becomes a calm report without values; the screen that stood still is noticed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from inspector_app.errors import BugError, StationError
from tests.ui.conftest import settle, wait_for
from ui import explain
from ui.application import Shell
from ui.error_boundary import ErrorBoundary, describe
from ui.watchdog import Watchdog

SECRET = "张三 13805140001"


def raised(message: str) -> Exception:
    try:
        raise BugError(message)
    except BugError as problem:
        return problem


def test_a_report_names_the_place_and_no_value(tmp_path: Path) -> None:
    boundary = ErrorBoundary(tmp_path / "reports", lambda: "2026-11-21-1200")
    told: list[str] = []
    boundary.mishap_happened.connect(told.append)
    boundary.report(raised(SECRET))
    written = (tmp_path / "reports" / "mishap-2026-11-21-1200.txt").read_text("utf-8")
    assert told == [written]
    assert "test_error_boundary.py" in written
    assert "BugError" in written
    assert SECRET not in written


def test_a_disk_that_takes_no_report_does_not_hide_the_mishap(tmp_path: Path) -> None:
    blocked = tmp_path / "reports"
    blocked.write_text("a file where the folder should be")
    boundary = ErrorBoundary(blocked, lambda: "now")
    told: list[str] = []
    boundary.mishap_happened.connect(told.append)
    boundary.report(raised("x"))
    assert told == [describe(raised("x"))] or "BugError" in told[0]


def test_the_hook_is_given_back(tmp_path: Path) -> None:
    before = sys.excepthook
    boundary = ErrorBoundary(tmp_path, lambda: "now")
    boundary.install()
    assert sys.excepthook is not before
    boundary.remove()
    assert sys.excepthook is before


def test_a_mishap_leaves_the_form_as_it_is(shell: Shell) -> None:
    assert shell.workplace is not None
    from ui.places import Place

    shell.workplace.go(Place.DECLARATIONS, "new")
    settle(shell)
    page = shell.workplace.page
    page.editor.editor.fields["owner"].set_value("还没写完的场")
    shell.boundary.report(raised("x"))
    assert page.banner.isVisible()
    assert page.editor.editor.fields["owner"].value() == "还没写完的场"
    assert "BugError" not in page.banner.headline + page.banner.body


@pytest.mark.parametrize("error", [BugError("x"), ValueError("x")])
def test_our_own_mistakes_are_said_without_their_names(error: Exception) -> None:
    said = explain.problem(error)
    assert type(error).__name__ not in said.headline + said.body
    assert type(error).__name__ in said.details


def test_a_fault_of_the_environment_has_its_own_sentence() -> None:
    said = explain.problem(StationError("network.unreachable"))
    assert "省平台" in said.headline
    assert said.body


def test_a_screen_that_stood_still_is_noticed(app: QApplication) -> None:
    watchdog = Watchdog(stall_ms=80)
    told: list[int] = []
    watchdog.stalled.connect(told.append)

    def stand_still() -> None:
        while watchdog._heard.is_set() or not watchdog._since_call.isValid():
            time.sleep(0.001)  # until the watchdog has called and waits to be heard
        time.sleep(0.1)  # standing still is what is tested: longer than the 80 ms allowed

    try:
        watchdog.look_closely(busy=True)
        QTimer.singleShot(0, stand_still)
        wait_for(lambda: bool(told))
        assert watchdog.longest_ms >= 80
    finally:
        watchdog.close()


def test_a_screen_that_answers_is_left_alone(app: QApplication) -> None:
    watchdog = Watchdog(stall_ms=3_600_000)  # a loaded machine may well answer late
    try:
        watchdog.look_closely(busy=True)
        wait_for(watchdog._heard.is_set)
        assert watchdog.stalls == 0
    finally:
        watchdog.close()
