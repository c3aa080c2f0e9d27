"""Numbers, the check before departure, verifying."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.at_work import around, at, pass_time, rows
from tests.ui.conftest import settle
from tests.ui.station import Station
from ui.application import Shell
from ui.places import Place

__all__ = ["around"]  # the printers of the test, found by their name


def test_the_ledger_shows_every_block_with_its_equation(shell: Shell) -> None:
    page = at(shell, Place.NUMBERS)
    lines = [held.line for held in page.ledger.model.items]
    assert len(lines) == 3
    assert all(line.count.holds for line in lines)
    assert page.ledger.model.cell(0, 7).shown == "成立"


@pytest.mark.parametrize("wanted", ["0", "viele", ""])
def test_asking_for_no_numbers_is_refused(shell: Shell, wanted: str) -> None:
    page = at(shell, Place.NUMBERS)
    page.request.form.fill({"wanted": wanted})
    page.submit()
    settle(shell)
    assert page.request.form.fields["wanted"].message
    assert not rows(shell, "block_requests")


def test_asking_for_numbers_is_recorded(shell: Shell) -> None:
    page = at(shell, Place.NUMBERS)
    page.submit()
    settle(shell)
    (row,) = rows(shell, "block_requests")
    assert (row["kind"], row["wanted"]) == ("B", 100)
    assert "B" in page.request.asked.text()


def test_the_departure_check_leads_to_each_cure(shell: Shell, station: Station) -> None:
    page = at(shell, Place.READY)
    assert page._verdict.text() == "可以出发"
    pass_time(shell, station, days=30)
    page.refresh()
    settle(shell)
    assert page._verdict.text().startswith("先办")
    page.submit()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is not Place.READY


def test_a_home_without_a_trust_file_says_that_it_cannot_judge(shell: Shell) -> None:
    page = at(shell, Place.VERIFY)
    page.verifier.verify_text("https://q.practice.example/q/1")
    settle(shell)
    assert page.verifier.verdict.accessibleName()
    assert page.verifier.facts.shown == []


def test_a_file_that_is_no_picture_is_said_calmly(shell: Shell, tmp_path: Path) -> None:
    page = at(shell, Place.VERIFY)
    page.verifier.drop.take_file(tmp_path / "nothing.pdf")
    settle(shell)
    assert "nothing.pdf" in page.verifier.verdict.accessibleName()
