"""Declaration form and acceptance slip on paper or as PDF; a print order given out and taken in by the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app import bootstrap
from inspector_app.services.device import Device
from inspector_app.services.print_orders import order_print, receive_order
from tests.services.work import done, issued
from tests.ui.at_work import at, fill_declaration, issue_one, open_review, rows, said
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station, Surroundings
from ui.application import Shell
from ui.pages import files
from ui.places import Place


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    folder = tmp_path / "printed"
    folder.mkdir()
    return folder


@pytest.fixture
def around(request: pytest.FixtureRequest, printed: Path) -> Surroundings:
    """A printer for papers; a computer that gives orders has none, or it would print at once."""
    orders = "order" in request.node.name or "computer" in request.node.name
    return Surroundings({} if orders else {"PDF": bootstrap.printer(f"pdf:{printed}")})


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person says a file is to be saved."""
    path = tmp_path / "saved"
    monkeypatch.setattr(files, "ask_where", lambda *_asked: path)
    return path


def shown(shell: Shell, state: str) -> Any:
    page = at(shell, Place.DECLARATIONS, str(rows(shell, "declarations", state=state)[0]["ref"]))
    wait_for(lambda: page.detail._detail is not None and page.detail._detail.line.state == state)
    return page.detail


def offered(detail: Any) -> list[str]:
    return [name for name, act in detail.papers_button.acts.items() if act.isVisible()]


def test_an_undecided_declaration_has_a_form_and_no_slip(shell: Shell) -> None:
    assert offered(shown(shell, "recorded")) == ["print_form", "save_form"]
    assert offered(shown(shell, "accepted")) == ["print_form", "save_form", "print_slip", "save_slip"]


@pytest.mark.parametrize("paper", ["form", "slip"])
def test_a_paper_is_saved_as_pdf(shell: Shell, saved: Path, paper: str) -> None:
    shown(shell, "accepted").papers_button.acts[f"save_{paper}"].trigger()
    settle(shell)
    assert saved.read_bytes().startswith(b"%PDF-")
    assert said(shell) == "已保存 saved"


def test_a_paper_goes_to_the_chosen_printer_and_is_no_print_of_a_number(shell: Shell, printed: Path) -> None:
    shown(shell, "accepted").papers_button.acts["print_slip"].trigger()
    settle(shell)
    (paper,) = printed.iterdir()
    assert paper.read_bytes().startswith(b"%PDF-")
    assert rows(shell, "attempts") == []


def test_a_place_that_cannot_be_written_to_is_said(shell: Shell, saved: Path) -> None:
    saved.mkdir()
    detail = shown(shell, "accepted")
    detail.papers_button.acts["save_form"].trigger()
    settle(shell)
    assert "saved" in detail.banner._headline.text()


def test_without_a_printer_the_paper_says_so(shell: Shell) -> None:
    assert shell.desk is not None
    shell.desk.printers = {}
    detail = shown(shell, "accepted")
    detail.papers_button.acts["print_form"].trigger()
    assert detail.banner.isVisible()


# --- print orders -----------------------------------------------------------------------------------------------------


def certificate(shell: Shell, number: str) -> Any:
    page = at(shell, Place.CERTIFICATES, number)
    wait_for(lambda: page.pane.detail is not None and page.pane.detail.line.number == number)
    settle(shell)
    return page


def test_an_order_is_written_for_the_other_computer_and_prints_there(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, saved: Path
) -> None:
    number = issue_one(shell)
    page = certificate(shell, number)
    assert page.pane.order_button.isVisible()
    page.pane.order_button.click()
    settle(shell)
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert not review.isVisible()
    assert done(receive_order(pair[1], saved.read_bytes())) == number
    (order,) = rows(shell, "print_orders")
    assert order["to_device"] == pair[1].id


def test_an_order_that_cannot_be_saved_can_be_made_again(
    pair: tuple[Station, Device], shell: Shell, app: QApplication, saved: Path
) -> None:
    page = certificate(shell, issue_one(shell))
    saved.mkdir()
    page.pane.order_button.click()
    settle(shell)
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert review.isVisible()
    saved.rmdir()
    review.button.click()
    settle(shell)
    assert saved.is_file()
    assert len(rows(shell, "print_orders")) == 1


def test_a_station_with_one_computer_says_that_nobody_else_can_print(shell: Shell) -> None:
    page = certificate(shell, issue_one(shell))
    page.pane.order_button.click()
    settle(shell)
    assert "没有别的电脑" in page.pane.banner._headline.text()


def test_an_order_taken_in_waits_on_the_printing_page(
    pair: tuple[Station, Device], shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issued(pair[1])
    assert shell.desk is not None
    (tmp_path / "order").write_bytes(done(order_print(pair[1], number, shell.desk.device.id)))
    monkeypatch.setattr(files, "ask_which", lambda *_asked: tmp_path / "order")
    page = at(shell, Place.CERTIFICATES)
    page.receive_button.click()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.PRINTS
    assert [row["number"] for row in rows(shell, "print_orders", state="received")] == [number]


@pytest.mark.parametrize("content", [b"nothing", None])
def test_a_foreign_or_missing_order_is_said_and_changes_nothing(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "order").write_bytes(content)
    monkeypatch.setattr(files, "ask_which", lambda *_asked: tmp_path / "order")
    page = at(shell, Place.CERTIFICATES)
    page.receive_button.click()
    settle(shell)
    assert page.banner.isVisible()
    assert rows(shell, "print_orders") == []


# --- short notice -----------------------------------------------------------------------------------------------------


def test_the_refusal_for_short_notice_stays_when_the_facts_arrive(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    fill_declaration(page, departs=station.clock.at + 3_600_000)
    page.submit()
    settle(shell)
    assert page.detail.short_notice.isVisible()
    assert page.detail.banner.isVisible()
