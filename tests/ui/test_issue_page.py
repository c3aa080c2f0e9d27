"""Issuing: the number on the button, the paper on the screen, what is refused."""

from __future__ import annotations

from inspector_app.domain.quantities import Quantity
from tests.ui.at_work import around, issue_one, issue_page, rows, said
from tests.ui.conftest import settle
from tests.ui.station import WAN
from ui.application import Shell
from ui.places import Place
from ui.tokens import Tone

__all__ = ["around"]  # the printers of the test, found by their name


def test_the_button_names_the_number_and_says_what_is_missing(shell: Shell) -> None:
    page = issue_page(shell)
    assert "9900000001" in page.pane.act_button.text()
    assert "车牌号" in page.pane.act_button.reason
    assert page.pane.form.fields["plate"].editor.hasFocus()
    page.pane.act_button.click()
    settle(shell)
    assert page.pane.form.fields["plate"].message
    assert not rows(shell, "certificates")


def test_the_paper_on_the_screen_is_the_real_one(shell: Shell) -> None:
    page = issue_page(shell)
    page.pane._ask_preview()
    settle(shell)
    assert len(page.pane.paper.pages) == 1
    assert page.pane.paper.pages[0].page.width() > 600


def test_more_than_was_inspected_is_refused_with_what_is_left(shell: Shell) -> None:
    page = issue_page(shell)
    page.pane.form.fill({"plate": "苏K5A168", "quantity": Quantity(51, 0, WAN)})
    page.pane.live.look()
    settle(shell)
    page.submit()
    settle(shell)
    assert "500,000" in page.pane.form.fields["quantity"].message or "50" in page.pane.form.fields["quantity"].message
    assert not rows(shell, "certificates")


def test_what_differs_from_the_declaration_is_said(shell: Shell) -> None:
    page = issue_page(shell)
    page.pane.form.fields["destination_place"].set_value("大垛镇")
    page.pane.form.edited.emit()
    settle(shell)
    field = page.pane.form.fields["destination_place"]
    assert "戴南镇" in field.message
    assert field.tone is Tone.INFO


def test_another_province_asks_for_a_certificate_a(shell: Shell) -> None:
    page = issue_page(shell)
    editor = page.pane.editor
    assert not editor.fields["carrier"].isVisible()
    editor.destination.choose(editor._naming.area_option(340210))
    settle(shell)
    assert editor.kind == "A"
    assert editor.fields["carrier"].isVisible()
    assert "动物A" in page.pane.heading.text()


def test_an_unusual_plate_passes_with_its_reason_only(shell: Shell) -> None:
    page = issue_page(shell)
    editor = page.pane.editor
    assert not editor.fields["plate_reason"].isVisible()
    page.pane.form.fill({"plate": "WJ32A1234B"})
    page.pane.live.look()
    settle(shell)
    assert editor.fields["plate_reason"].isVisible()


def test_a_truck_without_a_plate_says_why_once_it_was_missed(shell: Shell) -> None:
    page = issue_page(shell)
    editor = page.pane.editor
    page.submit()
    settle(shell)
    assert editor.fields["plate"].message
    assert editor.fields["plate_reason"].isVisible()
    page.pane.form.fill({"plate_reason": "no_plate"})
    page.pane.live.look()
    settle(shell)
    assert not page.pane.act_button.reason
    assert not editor.fields["plate"].message


def test_issuing_leads_to_the_printer_and_takes_one_number(shell: Shell) -> None:
    number = issue_one(shell)
    assert number == "B 9900000001"
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.PRINTS
    assert said(shell) == "B 9900000001 已签发"


def test_pressing_twice_issues_once(shell: Shell) -> None:
    page = issue_page(shell)
    page.pane.form.fill({"plate": "苏K5A168"})
    page.pane.live.look()
    settle(shell)
    page.submit()
    page.submit()
    settle(shell)
    assert len(rows(shell, "certificates")) == 1
