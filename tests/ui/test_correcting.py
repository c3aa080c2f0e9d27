"""Correcting a certificate on the road in the window, and voiding one its owner holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.office import HEAD
from tests.services import work
from tests.services.work import void_paper
from tests.ui.at_work import at, issue_one, open_review, rows
from tests.ui.conftest import settle, wait_for
from ui.application import Shell
from ui.pages import files
from ui.places import Place

NUMBER = "B 9900000001"


@pytest.fixture
def road(shell: Shell) -> Any:
    """The page of a certificate that its owner holds."""
    assert issue_one(shell) == NUMBER
    assert shell.desk is not None
    work.printed(shell.desk.device, NUMBER)
    work.handed_over(shell.desk.device, NUMBER)
    page = at(shell, Place.CERTIFICATES, NUMBER)
    wait_for(lambda: page.pane.detail is not None and bool(page.pane.detail.correctable))
    return page


def fields(review: Any) -> dict[str, Any]:
    """The review's fields by name."""
    return {field.name: field for field in review._fields}


def test_a_plate_is_corrected_and_the_note_saved(
    shell: Shell, app: QApplication, road: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "note.pdf"
    monkeypatch.setattr(files, "ask_where", lambda *_asked: note)
    assert road.pane.correct_button.isVisible()
    road.pane.correct_button.click()
    review = open_review(app)
    asked = fields(review)
    assert asked["plate"].value() == "苏K5A168", "what stands there now"
    asked["reason"].set_value("vehicle_changed")
    asked["plate"].set_value("苏K99887")
    review.button.click()
    settle(shell)
    (row,) = rows(shell, "corrections")
    assert (row["plate"], row["fields"]) == ("苏K99887", '["plate"]')
    wait_for(note.exists)
    assert note.read_bytes().startswith(b"%PDF-")
    assert any("苏K99887" in value for _name, value in road.pane.detail.facts)


def test_nothing_changed_is_no_correction(shell: Shell, app: QApplication, road: Any) -> None:
    road.pane.correct_button.click()
    review = open_review(app)
    fields(review)["reason"].set_value("wrong_entry")
    review.button.click()
    settle(shell)
    assert review.banner.isVisible()
    assert rows(shell, "corrections") == []
    review.reject()


def test_what_its_owner_holds_is_not_voided_for_our_error_and_seized_only_by_order(
    shell: Shell, app: QApplication, road: Any
) -> None:
    road.pane.void_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["reason"].set_value("wrong_entry")
    asked["on_desk"].set_value(0)
    review.button.click()
    settle(shell)
    assert asked["reason"].message
    asked["reason"].set_value("seized")
    asked["note"].set_value("冒用他人证明")
    review.button.click()
    settle(shell)
    assert review.isVisible()
    asked["legal_basis"].set_value("apl_103")
    asked["ordered_by"].set_value(HEAD)
    review.button.click()
    settle(shell)
    assert rows(shell, "certificates")[0]["state"] == "voided"


@pytest.fixture
def ended(shell: Shell, road: Any) -> Any:
    """The same page, its owner having given the certificate up."""
    assert shell.desk is not None
    assert not road.pane.tell_button.isVisible(), "of what is in force there is nothing to tell"
    work.done(void_paper(shell.desk.device, NUMBER, reason="trip_cancelled", on_desk=0))
    road.refresh()
    wait_for(lambda: road.pane.detail.to_tell)
    return road


def test_that_the_owner_was_told_is_recorded_where_the_paper_is_shown(
    shell: Shell, app: QApplication, ended: Any
) -> None:
    ended.pane.tell_button.click()
    review = open_review(app)
    asked = fields(review)
    review.button.click()
    settle(shell)
    assert asked["told_by"].message, "how is always asked"
    asked["told_by"].set_value("telephone")
    review.button.click()
    settle(shell)
    (row,) = rows(shell, "owner_notices")
    assert (row["number"], row["means"]) == (NUMBER, "telephone")
    wait_for(lambda: not ended.pane.detail.to_tell)
    assert not ended.pane.tell_button.isVisible()


def test_a_moment_before_the_owner_had_the_paper_is_refused_and_the_questions_stay(
    shell: Shell, app: QApplication, ended: Any
) -> None:
    ended.pane.tell_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["told_by"].set_value("telephone")
    asked["told_at"].set_value(ended.desk.now() - 86_400_000)
    review.button.click()
    settle(shell)
    assert asked["told_at"].message
    assert rows(shell, "owner_notices") == []
    review.reject()


def test_what_is_still_on_the_desk_offers_no_note(shell: Shell) -> None:
    issue_one(shell)
    page = at(shell, Place.CERTIFICATES, NUMBER)
    wait_for(lambda: page.pane.detail is not None)
    assert not page.pane.correct_button.isVisible()
