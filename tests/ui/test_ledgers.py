"""The page of ledgers: books over a period, files, and the way from a line to its entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from inspector_app.services.ledgers import BOOKS
from tests.services.registers import chain
from tests.services.test_goods import ended, given, received, seal
from tests.ui.at_work import at, certify, device_of, said
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station
from ui.application import Shell
from ui.pages.ledgers import LedgersPage
from ui.places import Place


def page_of(shell: Shell, book: str = "") -> LedgersPage:
    page = at(shell, Place.LEDGERS, book)
    assert isinstance(page, LedgersPage)
    return page


def titles(page: LedgersPage) -> list[str]:
    assert page._book is not None
    return [part.title for part in page._book.parts]


def cells(page: LedgersPage) -> list[tuple[str, ...]]:
    return [line.cells for line in page.list.model.items]


def save_as(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, ""))


def stock_goods(shell: Shell, station: Station) -> None:
    """Forty marks that the keeper counted in at the province's desk, twelve used, and the station's seal."""
    goods = given("D1", "mark", 40), received("D1", 40), ended("E1", "mark", 12), seal(1)
    station.office.publish(device_of(shell), *chain(), *goods)


@pytest.mark.parametrize("book", BOOKS)
def test_every_book_opens_with_its_columns(shell: Shell, station: Station, book: str) -> None:
    certify(shell, station)
    stock_goods(shell, station)
    page = page_of(shell, book)
    assert page.book == book
    assert page.stack.currentWidget() is page.list
    assert len(page.list.model.columns) == len(BOOKS[book][0])
    assert page.list.model.rowCount() > 0
    assert not page.banner.isVisible()


def test_g01_marks_and_seals_have_ledgers_of_their_own_beside_the_numbers(shell: Shell, station: Station) -> None:
    stock_goods(shell, station)
    page = page_of(shell, "goods")
    assert titles(page) == ["检疫专用章", "检疫标志"]
    assert [line[1] for line in cells(page)] == ["期初", "启用", "本期合计"]
    page.list.choose_view(2)
    settle(shell)
    assert [(line[1], line[3], line[4], line[5]) for line in cells(page)] == [
        ("期初", "", "", "0"),
        ("领入", "40", "", "40"),
        ("使用", "", "12", "28"),
        ("本期合计", "40", "12", "28"),
    ]


def test_without_such_stock_the_page_says_that_there_is_none(shell: Shell) -> None:
    page = page_of(shell, "goods")
    assert page.list.is_empty
    assert not page.banner.isVisible()


def test_the_stock_book_shows_a_part_at_a_time(shell: Shell) -> None:
    page = page_of(shell)
    assert "B 证 编号" in titles(page)
    page.list.choose_view(titles(page).index("B 证 编号") + 1)
    settle(shell)
    assert [line[1] for line in cells(page)][:2] == ["期初", "领入"]
    assert cells(page)[-1][1] == "本期合计"
    assert [chip for chip, _tone in page.chips] == ["GX-2014/1", "成立"]


def test_a_line_leads_to_its_entry_and_on_to_the_certificate(shell: Shell, station: Station) -> None:
    number = certify(shell, station)
    page = page_of(shell, "use")
    at_line = next(at for at, line in enumerate(page.list.model.items) if line.number == number)
    page.list.table.mark(at_line)
    settle(shell)
    assert dict(page.about.facts.shown)["事项"] == "签发证明"
    assert [told for _when, told in page.about.steps.shown][1:] == ["切段 · 陆清河", "签发证明 · 陆清河"]
    page.about.open_button.click()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.CERTIFICATES


def test_a_sum_leads_nowhere(shell: Shell) -> None:
    page = page_of(shell)
    page.list.table.mark(0)
    settle(shell)
    assert page.about.facts.shown == []
    assert not page.about.open_button.isVisible()


def test_another_period_is_read_when_asked(shell: Shell, station: Station) -> None:
    page = page_of(shell, "use")
    page.first.set_value("2026-01-01")
    page.last.set_value("2026-01-31")
    page.show_button.click()
    settle(shell)
    assert page.list.is_empty


@pytest.mark.parametrize(("first", "last"), [("2026-12-31", "2026-01-01")])
def test_days_in_the_wrong_order_are_told_and_nothing_can_be_saved(shell: Shell, first: str, last: str) -> None:
    page = page_of(shell)
    page.first.set_value(first)
    page.last.set_value(last)
    page.refresh()
    settle(shell)
    assert page.banner.isVisible()
    assert page.csv_button.reason
    page.first.set_value("2026-01-01")
    page.last.set_value("")
    page.refresh()
    settle(shell)
    assert not page.banner.isVisible()
    assert not page.csv_button.reason


@pytest.mark.parametrize("what", ["csv", "pdf"])
def test_a_book_is_saved(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    page = page_of(shell, "stock")
    save_as(monkeypatch, str(tmp_path / f"book.{what}"))
    page.submit() if what == "pdf" else page.csv_button.click()
    wait_for(lambda: said(shell) == "台账已另存")
    content = (tmp_path / f"book.{what}").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") if what == "csv" else len(content) > 100


def test_a_folder_that_cannot_be_written_is_told(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(shell, "stock")
    save_as(monkeypatch, str(tmp_path / "no" / "such" / "book.csv"))
    page.csv_button.click()
    settle(shell)
    assert page.banner.isVisible()


def test_giving_no_name_saves_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page: Any = page_of(shell, "stock")
    save_as(monkeypatch, "")
    page.submit()
    settle(shell)
    assert list(tmp_path.glob("*.pdf")) == []
