"""Cases between two computers by the window: handed over, taken in, given back, and what the page says meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.domain.refusals import Refused
from inspector_app.services.case_moves import hand_case, return_case, take_case
from inspector_app.services.device import Device
from tests.services.work import accepted, done, inspected
from tests.ui.at_work import at, device_of, open_review, rows
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station
from ui.application import Shell
from ui.pages import files
from ui.places import Place


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one file that is saved and opened."""
    path = tmp_path / "carp.case"
    monkeypatch.setattr(files, "ask_where", lambda *_asked: path)
    monkeypatch.setattr(files, "ask_which", lambda *_asked: path)
    return path


def shown(shell: Shell, case: str) -> Any:
    page = at(shell, Place.DECLARATIONS, case)
    wait_for(lambda: page.detail._detail is not None and page.detail._detail.line.ref == case)
    settle(shell)
    return page


def own_case(shell: Shell) -> str:
    return str(rows(shell, "declarations", state="accepted", holder=device_of(shell).id)[0]["ref"])


def press(shell: Shell, app: QApplication, page: Any) -> Any:
    page.detail.case_button.click()
    settle(shell)
    return open_review(app)


def where(page: Any) -> str:
    return str(page.detail._detail.place.where)


def test_a_case_is_handed_to_the_other_computer_and_goes_on_there(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, stick: Path
) -> None:
    case = own_case(shell)
    page = shown(shell, case)
    review = press(shell, app, page)
    review.button.click()
    settle(shell)
    assert not review.isVisible()
    assert done(take_case(pair[1], stick.read_bytes())).declaration == case
    wait_for(lambda: where(page) == "away")
    assert page.detail.place.isVisible()
    assert not page.detail.inspect_button.isVisible()


def test_ctrl_enter_does_not_inspect_what_is_elsewhere(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, stick: Path
) -> None:
    page = shown(shell, own_case(shell))
    press(shell, app, page).button.click()
    wait_for(lambda: where(page) == "away")
    page.submit()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page is page


def test_a_file_that_cannot_be_saved_is_exported_again_and_the_case_is_away_all_the_same(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, stick: Path
) -> None:
    page = shown(shell, own_case(shell))
    stick.mkdir()
    review = press(shell, app, page)
    review.button.click()
    settle(shell)
    assert review.isVisible()
    assert review.banner.isVisible()
    review.close()
    wait_for(lambda: where(page) == "away")
    stick.rmdir()
    press(shell, app, page).button.click()
    wait_for(stick.is_file)
    assert done(take_case(pair[1], stick.read_bytes())).is_new


def test_a_sister_s_case_is_taken_in_shown_and_given_back(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, stick: Path
) -> None:
    sister = pair[1]
    inspection = inspected(sister)
    case = str((sister.rows.one("inspections", ref=inspection) or {})["declaration"])
    stick.write_bytes(done(hand_case(sister, case, device_of(shell).id)))
    page = at(shell, Place.DECLARATIONS)
    page.take_button.click()
    wait_for(lambda: page.detail._detail is not None and page.detail._detail.line.ref == case)
    assert where(page) == "lent"
    assert page.detail.inspect_button.isVisible()
    review = press(shell, app, page)
    review.button.click()
    wait_for(lambda: where(page) == "away")
    settle(shell)
    done(take_case(sister, stick.read_bytes()))
    assert (sister.rows.one("declarations", ref=case) or {})["holder"] == sister.id


def test_a_file_for_the_other_computer_is_refused_with_its_name(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, stick: Path
) -> None:
    page = shown(shell, own_case(shell))
    press(shell, app, page).button.click()
    wait_for(stick.is_file)
    page.take_button.click()
    settle(shell)
    wait_for(page.banner.isVisible)
    assert pair[1].id[:8] in page.banner._headline.text()


def test_a_damaged_file_says_what_to_do(shell: Shell, stick: Path) -> None:
    stick.write_bytes(b"half a case")
    page = at(shell, Place.DECLARATIONS)
    page.take_button.click()
    wait_for(page.banner.isVisible)


def test_without_another_computer_the_page_says_so(shell: Shell) -> None:
    page = shown(shell, own_case(shell))
    page.detail.case_button.click()
    settle(shell)
    assert page.detail.banner.isVisible()


def test_a_case_comes_back_from_a_computer_the_province_shut_down(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, stick: Path
) -> None:
    case = own_case(shell)
    page = shown(shell, case)
    press(shell, app, page).button.click()
    wait_for(lambda: where(page) == "away")
    device = device_of(shell)
    pair[0].office.publish(device, pair[0].office.device_sheet(pair[1], state="fenced"))
    page = shown(shell, case)
    wait_for(lambda: where(page) == "lost")
    page.detail.case_button.click()
    wait_for(lambda: where(page) == "here")
    assert device.rows.many("declarations", ref=case, holder=device.id)


def test_a_case_that_was_declared_elsewhere_cannot_be_moved_from_here(
    pair: tuple[Station, Device], shell: Shell
) -> None:
    station, sister = pair
    case = accepted(sister)
    station.office.relay(sister, device_of(shell))
    page = shown(shell, case)
    assert where(page) == "away"
    assert not page.detail.case_button.isVisible()
    assert isinstance(return_case(device_of(shell), case), Refused)
