"""The paper after issuing: printed, answered for, handed over, recorded late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.domain.quantities import Quantity
from inspector_app.services.issuing import Issued, issue_certificate
from tests.printers.fake import FakePrinter
from tests.ui.at_work import around, at, heard, issue_one, open_review, pass_time, printed, rows, said, tick
from tests.ui.conftest import settle, wait_for
from tests.ui.station import WAN, Station
from ui.application import Shell
from ui.places import Place
from ui.widgets.review import Review

__all__ = ["around"]  # the printers of the test, found by their name


def test_after_issuing_the_paper_goes_to_the_printer_and_the_person_is_asked(shell: Shell, app: QApplication) -> None:
    page = printed(shell)
    assert page.pane.answering.answers[0].hasFocus()
    assert page.pane.question.text() == "B 9900000001 打印正常吗？"


def test_yes_leads_to_handing_over(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Enter)
    settle(shell)
    assert page.pane.handing_over.hand_over_button.isVisible()
    assert page.pane.handing_over.signed.value() == []
    heard(page)
    tick(page, "signature", "seal", "stub")
    page.submit()
    settle(shell)
    (row,) = rows(shell, "certificates")
    assert row["handed_over_at"]
    assert page.side.currentWidget() is page.nothing


def test_nothing_came_out_is_not_believed_of_a_printer_that_cannot_tell(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane, "4")
    settle(shell)
    assert page.pane.detail.line.step == "answer"
    assert page.pane.banner.isVisible()
    qtbot.keyClick(page.pane, "5")
    settle(shell)
    assert page.pane.detail.line.step == "release"


def jammed_in_the_queue(shell: Shell) -> tuple[Any, FakePrinter]:
    """A paper sent to a laser that is out of paper."""
    assert shell.desk is not None
    laser = FakePrinter("laser", paper_out=True)
    shell.desk._on_printers({"laser": laser})
    page = printed(shell)
    assert page.pane.answering.cancel_button.isVisible()
    return page, laser


def test_a_queued_job_is_seen_cancelled_before_the_same_print_is_sent_again(shell: Shell, qtbot: QtBot) -> None:
    page, laser = jammed_in_the_queue(shell)
    qtbot.keyClick(page.pane, "4")
    settle(shell)
    laser.refill()
    assert laser.sheets == []
    assert (page.pane.detail.line.step, page.pane.detail.line.print_no) == ("print", 1)
    assert page.pane.printing.print_button.isVisible()


def test_a_queued_job_can_be_cancelled_by_its_button(shell: Shell) -> None:
    page, laser = jammed_in_the_queue(shell)
    page.pane.answering.cancel_button.click()
    settle(shell)
    assert said(shell) == "B 9900000001 的打印任务已取消，没有印出"
    assert page.pane.detail.line.step == "print"
    laser.refill()
    assert laser.sheets == []


def test_an_open_print_is_looked_up_again_when_its_printer_is_found(shell: Shell) -> None:
    page, laser = jammed_in_the_queue(shell)
    page.pane.answering._follows.stop()
    laser.refill()
    assert shell.desk is not None
    shell.desk._on_printers({"laser": laser})
    settle(shell)
    assert page.pane.detail.line.step == "hand_over"


def test_ctrl_enter_answers_no_question_and_hands_nothing_over_unread(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    for _repeat in range(5):
        page.submit()
        settle(shell)
    assert page.pane.detail.line.step == "answer"
    page.pane.rest.setInterval(60_000)  # however slow the machine is, the next key is still on its way
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    assert page.pane.detail.line.step == "hand_over"
    tick(page, "signature", "seal")
    page.submit()
    settle(shell)
    assert not rows(shell, "certificates")[0]["handed_over_at"], "a key on its way belongs to the step before"


def test_hand_over_waits_for_signature_and_seal(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    heard(page)
    tick(page, "signature")
    assert "检疫专用章" in page.pane.handing_over.hand_over_button.reason
    page.submit()
    settle(shell)
    assert not rows(shell, "certificates")[0]["handed_over_at"]
    tick(page, "seal")
    assert page.pane.handing_over.hand_over_button.reason == ""
    page.submit()
    settle(shell)
    assert rows(shell, "certificates")[0]["handed_over_at"]
    assert page.pane.detail.line.step == "stub"
    heard(page)
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.nothing


def steps_seen(page: Any) -> list[str]:
    return [type(step).__name__ for step in page.pane.steps if step.isVisibleTo(page.pane)]


def test_of_all_steps_of_a_paper_only_the_next_is_seen(shell: Shell, qtbot: QtBot) -> None:
    page, laser = jammed_in_the_queue(shell)
    assert steps_seen(page) == ["AnsweringStep"]
    page.pane.answering.cancel_button.click()
    settle(shell)
    assert steps_seen(page) == ["PrintingStep"]
    laser.refill()
    page.pane.print_now()
    settle(shell)
    heard(page)
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    assert steps_seen(page) == ["HandingOverStep"]


def test_a_key_for_an_answer_is_nothing_where_no_answer_is_asked(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    heard(page)
    qtbot.keyClick(page.pane, "2")
    settle(shell)
    assert page.pane.detail.line.step == "hand_over"
    assert [row["outcome"] for row in rows(shell, "attempts")] == ["printed"]


def test_a_paper_nobody_took_in_time_leads_to_its_void(shell: Shell, station: Station) -> None:
    assert shell.desk is not None
    shell.desk._on_printers({})
    number = issue_one(shell)
    pass_time(shell, station, days=3)
    page = at(shell, Place.PRINTS, number)
    settle(shell)
    assert steps_seen(page) == ["ExpiredStep"]
    heard(page)
    page.submit()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.CERTIFICATES
    assert shell.workplace.page.pane.detail.line.number == number


def late_record(app: QApplication, step: Any) -> tuple[Review, Any, Any]:
    """The review page of a late record with its reason given, its moment and its marks."""
    step.late_button.click()
    review = open_review(app)
    reason, when, marks, _note = review._fields
    reason.set_value("power_cut")
    return review, when, marks


def test_a_paper_handed_over_before_the_power_cut_is_recorded_after_its_validity(
    shell: Shell, app: QApplication, qtbot: QtBot, station: Station
) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    given_at = station.clock.at
    pass_time(shell, station, days=1)
    assert shell.desk is not None
    shell.desk.recorded.emit()
    settle(shell)
    assert page.pane.detail.line.step == "expired"
    review, when, marks = late_record(app, page.pane.expired)
    when.set_value(station.clock.at)
    marks.set_value(["signature", "seal", "stub"])
    review.button.click()
    settle(shell)
    assert when.message, "now it has expired"
    when.set_value(given_at)
    review.button.click()
    settle(shell)
    (row,) = rows(shell, "certificates")
    assert row["handed_over_at"] == given_at - given_at % 60_000
    assert page.side.currentWidget() is page.nothing
    found = at(shell, Place.CERTIFICATES, "B 9900000001")
    wait_for(lambda: found.pane.detail is not None)
    assert "停电" in dict(found.pane.detail.facts)["补录交付"]


def test_a_late_record_without_marks_is_refused(
    shell: Shell, app: QApplication, qtbot: QtBot, station: Station
) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    review, when, _marks = late_record(app, page.pane.handing_over)
    when.set_value(station.clock.at)  # without one the field itself says so
    review.button.click()
    settle(shell)
    assert review.banner.isVisible()
    assert not rows(shell, "certificates")[0]["handed_over_at"]


def test_a_late_record_asks_for_a_reason_only_after_an_hour(
    shell: Shell, app: QApplication, qtbot: QtBot, station: Station
) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    given_at = station.clock.at
    pass_time(shell, station, minutes=62)
    review, when, marks = late_record(app, page.pane.handing_over)
    reason = review._fields[0]
    reason.set_value(None)
    when.set_value(given_at)
    marks.set_value(["signature", "seal", "stub"])
    review.button.click()
    settle(shell)
    assert reason.message, "more than an hour ago"
    when.set_value(given_at + 30 * 60_000)
    review.button.click()
    settle(shell)
    (row,) = rows(shell, "certificates")
    assert row["handed_over_at"] == given_at + 30 * 60_000 - given_at % 60_000
    assert row["late_reason"] is None


def test_the_paper_just_issued_is_the_one_that_is_printed(shell: Shell) -> None:
    assert shell.desk is not None
    page = printed(shell)  # B …01 is sent, unanswered
    page.list.search.setText("9900000001")
    settle(shell)
    page.enter("print:B 9900000002")
    settle(shell)
    assert page.list.search.text() == ""
    assert len(rows(shell, "attempts")) == 1, "another paper than the one named is never printed"


def test_a_folder_instead_of_a_printer_says_where_the_file_is(shell: Shell, tmp_path: Path) -> None:
    page = printed(shell)
    path = tmp_path / "printed" / "B-9900000001-print-1-attempt-1.pdf"
    assert path.exists()
    assert str(path) in page.pane.hint.text()
    assert page.pane.answering.folder_button.isVisible()


def test_only_printers_that_take_the_paper_are_offered_and_each_stock_keeps_its_own(shell: Shell) -> None:
    assert shell.desk is not None
    ticket = FakePrinter("ticket", media_types=frozenset({"application/vnd.escpos"}))
    shell.desk._on_printers({"ticket": ticket})
    issue_one(shell)
    page = at(shell, Place.PRINTS)
    wait_for(lambda: page.pane.detail is not None)
    settle(shell)
    assert page.pane.printing.printer.value() is None
    assert "这种纸" in page.pane.printing.print_button.reason
    shell.desk._on_printers(
        {"ticket": ticket, "laser": FakePrinter("laser", media_types=frozenset({"application/pdf"}))}
    )
    settle(shell)
    assert page.pane.printing.printer.value() == "laser"
    page.pane.print_now()
    settle(shell)
    preferences = shell.desk.preferences
    assert (preferences.printer_for("laser"), preferences.printer_for("thermal")) == ("laser", preferences.printer)


def test_a_jam_needs_the_next_print_with_a_reason(shell: Shell, app: QApplication, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane, "2")
    settle(shell)
    assert page.pane.detail.line.step == "release"
    page.pane.handing_over.release_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert review.isVisible(), "a reason is demanded"
    review._fields[0].set_value("paper_jam")
    review.button.click()
    settle(shell)
    assert not review.isVisible()
    assert [row["print"] for row in rows(shell, "prints") if row["state"] == "open"] == [2]


def test_a_second_paper_waits_until_the_first_is_answered(shell: Shell, station: Station) -> None:
    page = printed(shell)
    assert shell.desk is not None
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-01")
    station.device = shell.desk.device
    ref = station.declare("界首鱼种场", "草鱼", "summer_fingerling", Quantity(5, 0, WAN))
    other = station.inspect(station.accept(ref), batch="second")
    outcome = issue_certificate(shell.desk.device, station.draft(other, "B", Quantity(5, 0, WAN)))
    station.device = None
    assert isinstance(outcome, Issued), outcome
    assert inspection
    page = at(shell, Place.PRINTS, outcome.number)
    wait_for(lambda: page.pane.number == outcome.number)
    assert "B 9900000001" in page.pane.printing.print_button.reason


def test_without_a_printer_the_button_says_so(shell: Shell) -> None:
    assert shell.desk is not None
    shell.desk._on_printers({})
    issue_one(shell)
    page = at(shell, Place.PRINTS)
    wait_for(lambda: page.pane.detail is not None)
    settle(shell)
    assert "打印机" in page.pane.printing.print_button.reason
