"""The page that traces: by number, by sheet, by the code on a paper; what vouches for a step; stopped half-way."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.domain.credential import qr_text
from inspector_app.journal.chain import Entry
from inspector_app.services import print_jobs
from inspector_app.services.known_entries import KnownEntries
from inspector_app.services.print_jobs import Attempt
from tests.office import HEAD
from tests.printers.fake import FakePrinter
from tests.services.test_proofs import BLANK_SIGNATURES, past_the_triggers
from tests.services.work import void_paper
from tests.ui.at_work import at, certify, device_of, said
from tests.ui.conftest import settle, wait_for
from tests.ui.counting import crew, sign_in
from tests.ui.station import Station
from ui import texts
from ui.application import Shell
from ui.pages.life import LifePage
from ui.places import Place
from ui.tokens import Tone

__all__ = ["crew"]


def page_of(shell: Shell, subject: str = "") -> LifePage:
    page = at(shell, Place.LIFE, subject)
    assert isinstance(page, LifePage)
    return page


def deeds(page: LifePage) -> list[str]:
    return [step.what for step in page.list.model.items]


def front(shell: Shell) -> Place:
    assert shell.workplace is not None
    return shell.workplace.page.place


def chips(page: LifePage) -> list[str]:
    return [shown for shown, _tone in page.chips]


def printed(shell: Shell, station: Station) -> str:
    number = certify(shell, station)
    attempt = print_jobs.submit(device_of(shell), number, FakePrinter())
    assert isinstance(attempt, Attempt)
    return number


def test_an_empty_page_says_what_to_type_and_has_the_keyboard_there(shell: Shell) -> None:
    page = page_of(shell)
    assert page.list.is_empty
    assert page.line.hasFocus()
    page.submit()
    settle(shell)
    assert page.life is None
    page.take_text()
    assert page.life is None


def test_a_typed_number_shows_its_life_in_order_and_the_last_step(shell: Shell, station: Station, qtbot: QtBot) -> None:
    number = printed(shell, station)
    page = page_of(shell)
    qtbot.keyClicks(page.line, number)
    qtbot.keyClick(page.line, Qt.Key.Key_Return)
    settle(shell)
    assert deeds(page) == ["领用", "切段", "签发证明", "送打印机", "打印结束"]
    assert (chips(page), page.list.total.text()) == ([number, "在用"], "5 步，记录完好")
    assert page.list.table.current.what == "打印结束"
    facts = dict(page.pane.step_facts.shown)
    assert (facts["经办人"], facts["电脑"]) == ("陆清河", "本机")
    assert "第 1 次打印" in facts["纸证"]
    assert dict(page.pane.facts.shown)["纸证现状"] == "第 1 次打印 · 第 1、2 联 已打印"
    assert page.list.table.hasFocus(), "whoever typed walks on through the steps"


def test_the_code_on_the_paper_is_scanned(shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    held = device_of(shell).store.credential(number, 1)
    assert held is not None
    page = page_of(shell)
    page.line.scanned.emit(qr_text("practice.example", held.credential or b""))
    settle(shell)
    assert chips(page)[0] == number


def test_one_sheet_is_followed_by_itself(shell: Shell, station: Station) -> None:
    number = printed(shell, station)
    assert isinstance(void_paper(device_of(shell), number, reason="wrong_entry", on_desk=2), str)
    page = page_of(shell, f"{number} 1/2")
    assert page.list.views.buttons[0].accessibleName() == "整个编号"
    assert page.list.view == "1/2"
    page.list.choose_view(1)
    settle(shell)
    assert deeds(page)[-1] == "作废"
    assert page.list.table.current.paper == "第 1 次打印 · 第 1、2 联 废页"
    page.list.choose_view(3)
    settle(shell)
    assert page.list.view == "1/2"


@pytest.mark.parametrize(
    ("typed", "told"), [("B 8800000001", "B 8800000001"), ("9900000001", "9900000001"), ("喂", "喂")]
)
def test_what_is_no_number_of_the_station_is_told_and_what_was_shown_stays(
    shell: Shell, station: Station, typed: str, told: str
) -> None:
    number = certify(shell, station)
    page = page_of(shell, number)
    page.trace(typed)
    settle(shell)
    assert page.banner.isVisible()
    assert told in page.banner.headline
    assert chips(page)[0] == number


def test_a_damaged_code_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(shell)
    monkeypatch.setattr("ui.pages.life.asked_for", lambda _typed: page.asked)
    page.trace("https://practice.example/q/1")
    assert page.banner.headline == "这个码不完整，读不出编号。"
    assert page.life is None


def test_a_signature_that_does_not_hold_is_red_and_says_what_to_do(shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    past_the_triggers(device_of(shell), BLANK_SIGNATURES)
    page = page_of(shell, number)
    assert page.chips[-1] == ("1 步的记录不符", Tone.BAD)
    assert page.list.table.current.tone is Tone.BAD
    assert "联系省平台" in dict(page.pane.step_facts.shown)["核验"]


def test_all_of_it_is_taken_as_text(shell: Shell, station: Station) -> None:
    number = printed(shell, station)
    page = page_of(shell, number)
    page.take_text()
    taken = QGuiApplication.clipboard().text().splitlines()
    assert taken[0] == f"{number}  在用"
    assert len([line for line in taken if "签发证明" in line and "陆清河" in line and "签名属实" in line]) == 1
    assert said(shell) == f"{number} 的全过程已复制"


def test_a_long_search_is_stopped_and_nothing_is_lost(
    shell: Shell, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = certify(shell, station)
    page = page_of(shell, number)
    monkeypatch.setattr("inspector_app.services.known_entries.TOLD_EVERY", 1)
    stopped, naming = threading.Event(), KnownEntries.naming

    def held(entries: KnownEntries, words: Collection[str]) -> Iterator[Entry]:
        # A short journal is read before anybody could press a button.
        assert stopped.wait(30)
        yield from naming(entries, words)

    monkeypatch.setattr(KnownEntries, "naming", held)
    page.trace("B 9900000050")
    page.waiting.cancel_wanted.emit()
    stopped.set()
    wait_for(lambda: said(shell) == "已停止，没有查完", "stopped")
    settle(shell)
    assert chips(page)[0] == number
    assert not page.waiting.isVisible()


def test_the_certificate_and_a_case_are_one_step_away(app: QApplication, shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    page = page_of(shell, number)
    page.pane.paper_button.click()
    settle(shell)
    assert front(shell) is Place.CERTIFICATES
    free = page_of(shell, "B 9900000200")
    assert chips(free)[1] == "未用"
    assert not free.pane.paper_button.isVisible()
    free.list.table.opened.emit(None)
    assert front(shell) is Place.LIFE


def test_pages_lead_here(shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    assert shell.workplace is not None
    certificates = at(shell, Place.CERTIFICATES, number)
    certificates.pane.life_button.click()
    settle(shell)
    assert shell.workplace.page.place is Place.LIFE
    numbers = at(shell, Place.NUMBERS)
    numbers.scan.scanned.emit("B 9900000007")
    settle(shell)
    assert chips(page_now(shell))[0] == "B 9900000007"


def page_now(shell: Shell) -> LifePage:
    assert shell.workplace is not None
    page = shell.workplace.page
    assert isinstance(page, LifePage)
    return page


def test_the_palette_finds_a_number_whatever_became_of_it(shell: Shell) -> None:
    assert shell.workplace is not None
    shell.workplace.open_palette()
    box = shell.workplace.palette_box
    box.line.setText("9900000123")
    wait_for(lambda: "B 9900000123" in box.offered, "found")
    box.close_quietly()


def test_everybody_at_the_station_may_look(crew: Shell, station: Station) -> None:
    number = certify(crew, station)
    sign_in(crew, HEAD)
    assert chips(page_of(crew, number))[0] == number


def test_in_english_everything_is_english(app: QApplication, shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    page = page_of(shell, number)
    texts.switch(app, texts.Language.EN)
    settle(shell)
    assert deeds(page) == ["Drawn", "Cut into a block", "Certificate issued"]
    assert (chips(page), page.list.total.text()) == ([number, "In force"], "3 steps hold")
    page.take_text()
    assert "Signed" in QGuiApplication.clipboard().text()
