"""The printing page does not take the keyboard away, and what is said goes with the step it was said about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app import bootstrap
from inspector_app.ports import JobReport
from tests.printers.fake import PRINTED, FakePrinter
from tests.ui.at_work import at, fill_declaration, heard, issue_one, open_review, printed, rows, tick
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station, Surroundings
from ui.application import Shell
from ui.places import Place
from ui.texts import Language
from ui.tokens import Tone


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    """A folder instead of a printer: what is sent there waits for a person's answer."""
    folder = tmp_path / "printed"
    folder.mkdir()
    return Surroundings({"PDF": bootstrap.printer(f"pdf:{folder}")})


@pytest.fixture
def paper(shell: Shell) -> Any:
    """The printing page with a print that waits for its answer."""
    return printed(shell)


def typed(shell: Shell, app: QApplication, letters: str) -> None:
    """Type as a person does: each letter goes where the keyboard is, and the page has time to answer it."""
    for letter in letters:
        focus = app.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, letter)
        QTest.qWait(30)
    settle(shell)


def test_typing_a_number_into_the_search_box_answers_nothing(shell: Shell, app: QApplication, paper: Any) -> None:
    paper.list.search.setFocus()
    typed(shell, app, "B")
    wait_for(lambda: paper.list.search.text() == "B")
    paper.refresh()  # the search has come to rest and the queue is read again
    settle(shell)
    heard(paper)
    typed(shell, app, " 9900000001")
    assert paper.list.search.text() == "B 9900000001"
    assert paper.list.search.hasFocus()
    assert [row["outcome"] for row in rows(shell, "attempts")] == ["open"]


def test_what_others_record_leaves_the_keyboard_in_the_list(shell: Shell, paper: Any) -> None:
    paper.list.table.setFocus()
    assert shell.desk is not None
    shell.desk.recorded.emit()
    settle(shell)
    assert paper.list.table.hasFocus()


def test_whoever_works_on_the_paper_is_brought_to_the_question(shell: Shell, paper: Any) -> None:
    assert paper.pane.answering.answers[0].hasFocus()
    paper.pane.answering.answers[1].setFocus()
    shell.desk.recorded.emit()
    settle(shell)
    assert paper.pane.answering.answers[1].hasFocus(), "not back to Yes while another answer is looked at"


def test_keys_rest_when_the_keyboard_is_brought_to_the_paper(shell: Shell, paper: Any, qtbot: QtBot) -> None:
    paper.list.table.setFocus()
    qtbot.keyClick(paper.list.table, Qt.Key.Key_Return)
    yes = paper.pane.answering.answers[0]
    assert yes.hasFocus()
    qtbot.keyClick(yes, Qt.Key.Key_Return)
    settle(shell)
    assert [row["outcome"] for row in rows(shell, "attempts")] == ["open"]
    heard(paper)
    qtbot.keyClick(yes, Qt.Key.Key_Return)
    settle(shell)
    assert [row["outcome"] for row in rows(shell, "attempts")] == ["printed"]


def test_printing_from_the_list_brings_the_keyboard_to_the_answer(qtbot: QtBot, shell: Shell) -> None:
    shell.desk._on_printers({})
    number = issue_one(shell)
    page = at(shell, Place.PRINTS, number)
    shell.desk._on_printers({"laser": FakePrinter("laser", paper_out=True)})
    page.list.table.setFocus()
    qtbot.keyClick(page.list.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    assert page.pane.detail.line.step == "answer"
    assert page.pane.answering.answers[0].hasFocus()


def test_a_number_looked_for_in_vain_takes_no_keyboard_later(shell: Shell, paper: Any) -> None:
    page = at(shell, Place.PRINTS, "B 9900000099")
    page.list.table.setFocus()
    page._on_marked(page.list.table.current)
    settle(shell)
    assert page._entered == ""
    assert page.list.table.hasFocus()


# --- banners ----------------------------------------------------------------------------------------------------------


def test_what_was_missing_at_hand_over_is_not_said_of_the_next_step(shell: Shell, paper: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(paper.pane, "1")
    settle(shell)
    heard(paper)
    paper.submit()
    settle(shell)
    assert paper.pane.banner.isVisible(), "ticks are missing"
    shell.desk.recorded.emit()
    settle(shell)
    assert paper.pane.banner.isVisible(), "and stay missing whatever else is recorded"
    tick(paper, "signature", "seal")
    paper.submit()
    settle(shell)
    assert paper.pane.detail.line.step == "stub"
    assert not paper.pane.banner.isVisible()


class Unlucky(FakePrinter):
    """The job it holds is settled while one wants to cancel it."""

    settled_as: JobReport = PRINTED

    def cancel(self, ticket: str) -> JobReport:
        self._reports[ticket] = self.settled_as
        return self.settled_as


def sent_to(shell: Shell, printer: FakePrinter) -> Any:
    shell.desk._on_printers({})
    number = issue_one(shell)
    shell.desk._on_printers({"laser": printer})
    page = at(shell, Place.PRINTS, number)
    page.pane.print_now()
    settle(shell)
    heard(page)
    return page


def test_that_it_was_printed_after_all_is_said_above_the_next_step(shell: Shell) -> None:
    page = sent_to(shell, Unlucky("laser", paper_out=True))
    page.pane.answering.cancel_button.click()
    settle(shell)
    assert page.pane.detail.line.step == "hand_over"
    assert page.pane.banner.isVisible()
    heard(page)
    tick(page, "signature", "seal")
    page.submit()
    settle(shell)
    assert page.pane.detail.line.step == "stub"
    assert not page.pane.banner.isVisible()


def test_a_declarations_banner_goes_when_it_was_accepted(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    fill_declaration(page, departs=station.clock.at + 3_600_000)
    page.submit()
    settle(shell)
    assert page.detail.banner.isVisible(), "the lead time is short"
    page.detail.short_notice.set_value("weather")
    page.submit()
    settle(shell)
    assert page.detail._detail.line.state == "accepted"
    assert not page.detail.banner.isVisible()


def test_a_banner_does_not_stay_in_the_language_of_before(shell: Shell, paper: Any, qtbot: QtBot) -> None:
    paper.pane.banner.say(Tone.WARN, "还没有盖章")
    shell.speak(Language.EN)
    settle(shell)
    assert not paper.pane.banner.isVisible()
    paper.pane.banner.say(Tone.WARN, "Not sealed yet")
    shell.theme.choose(shell.theme.choice)
    settle(shell)
    assert paper.pane.banner.isVisible(), "only a language takes it away"


# --- times that cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "said"), [("", "请填写这一项"), ("sometime", "看不出是什么时间")])
def test_a_late_record_without_a_readable_time_says_so_at_the_field(
    shell: Shell, paper: Any, app: QApplication, given: str, said: str
) -> None:
    paper.pane.answering.press(0)
    settle(shell)
    paper.pane.handing_over.late_button.click()
    review = open_review(app)
    reason, when, _marks, _note = review._fields
    reason.set_value("power_cut")
    when.set_value(given)
    review.button.click()
    settle(shell)
    assert when.message.startswith(said)
    assert when.editor.hasFocus()
    assert not review.banner.isVisible()
    assert not rows(shell, "certificates")[0]["handed_over_at"]


def test_a_time_of_declaration_that_cannot_be_read_is_not_shown_as_a_day_of_1970(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    page.editor.form.declared_at.set_value("sometime")
    page.editor.live.look()
    settle(shell)
    page.editor.live.visit_all()
    field = page.editor.form.fields["declared_at"]
    assert field.message.startswith("看不出是什么时间")


def test_only_a_stub_that_fades_is_warned_of(shell: Shell, paper: Any) -> None:
    detail = paper.pane.detail
    hints = {}
    for stock in ("thermal", "laser"):
        at_stub = detail._replace(stock=stock, file="", line=detail.line._replace(step="stub"))
        paper.pane.show_detail(at_stub)
        hints[stock] = paper.pane.hint.text()
    assert "热敏" in hints["thermal"]
    assert "热敏" not in hints["laser"]
    assert "归档" in hints["laser"]
