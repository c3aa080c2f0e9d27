"""What the pages do with what the services answer: done, refused, failed; drafts kept; nothing asked twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app import bootstrap
from inspector_app.domain.quantities import Quantity
from inspector_app.errors import StationError
from inspector_app.ports import SyncReport
from inspector_app.services.day_deeds import Ended, Endings
from inspector_app.services.issuing import Issued, issue_certificate
from tests.printers.fake import FakePrinter
from tests.ui.conftest import settle, wait_for
from tests.ui.station import WAN, XINGHUA, Station, Surroundings
from ui.application import Shell
from ui.forms.form_pane import FormPane
from ui.pages.day_close import ended_facts
from ui.pages.page import Page
from ui.places import Place
from ui.tokens import Tone
from ui.widgets.review import Review


def at(shell: Shell, place: Place, subject: str = "") -> Any:
    assert shell.workplace is not None
    shell.workplace.go(place, subject)
    settle(shell)
    return shell.workplace.page


def said(shell: Shell) -> str:
    assert shell.workplace is not None
    return shell.workplace.toast.said


def open_review(app: QApplication) -> Review:
    found = [widget for widget in app.topLevelWidgets() if isinstance(widget, Review) and widget.isVisible()]
    assert len(found) == 1
    return found[0]


def rows(shell: Shell, table: str, **equal: Any) -> list[dict[str, Any]]:
    assert shell.desk is not None
    return shell.desk.device.rows.many(table, **equal)  # type: ignore[return-value]


def fill_declaration(page: Any, *, departs: int, owner: str = "新来的渔场") -> None:
    form = page.editor.form
    area = page.editor.editor._naming.area_option(XINGHUA)
    species = page.editor.editor._naming.species_option(101)
    form.fields["species"].editor.choose(species)
    form.fill({"owner": owner, "owner_phone": "13805140077", "stage": "summer_fingerling", "quantity": Quantity(30, 0, WAN),
               "origin_place": "天山村", "destination": area, "destination_place": "戴南镇", "departs_at": departs})  # fmt: skip
    form.edited.emit()


# --- declarations -----------------------------------------------------------------------------------------------------


def test_an_incomplete_declaration_says_what_is_missing_and_goes_there(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    before = len(rows(shell, "declarations"))
    page.submit()
    settle(shell)
    assert page.editor.form.fields["owner"].message
    assert page.editor.form.fields["owner"].editor.hasFocus()
    assert page.editor.act_button.reason.startswith("还差")
    assert len(rows(shell, "declarations")) == before


def test_what_is_wrong_is_said_below_its_field_only_after_it_was_left(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    field = page.editor.form.fields["owner_phone"]
    field.editor.setText("12")
    field.editor.textEdited.emit("12")
    page.editor.live.look()
    settle(shell)
    assert field.message == ""
    field.editor.left.emit()
    page.editor.live.look()
    settle(shell)
    assert field.message


def test_a_declaration_is_recorded_and_accepted_in_one_act(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    fill_declaration(page, departs=station.clock.at + 5 * 86_400_000)
    page.submit()
    settle(shell)
    made = [row for row in rows(shell, "declarations") if row["owner_name"] == "新来的渔场"]
    assert [row["state"] for row in made] == ["accepted"]
    assert page.side.currentWidget() is page.detail
    assert page.detail.inspect_button.isVisible()


def test_a_call_of_this_morning_is_typed_in_with_its_time(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    called_at = station.clock.at - 86_400_000
    fill_declaration(page, departs=station.clock.at + 5 * 86_400_000)
    form = page.editor.form
    form.declared_at.set_value("sometime")
    assert form.collect().declared_at != 0, "what cannot be read is not now"
    page.editor.record_button.click()
    settle(shell)
    assert form.fields["declared_at"].message
    form.declared_at.set_value(called_at)
    page.editor.live.look()
    settle(shell)
    page.editor.record_button.click()
    settle(shell)
    (row,) = [row for row in rows(shell, "declarations") if row["owner_name"] == "新来的渔场"]
    assert row["declared_at"] == called_at - called_at % 60_000
    assert row["recorded_at"] == station.clock.at


def test_an_online_declaration_has_its_time_from_the_province(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    assert page.editor.form.fields["declared_at"].isVisible()
    page.editor.form.start(online="99-20261121-0001")
    assert not page.editor.form.fields["declared_at"].isVisible()


def test_short_notice_asks_for_its_reason_before_accepting(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    fill_declaration(page, departs=station.clock.at + 3_600_000)
    page.submit()
    settle(shell)
    (row,) = [row for row in rows(shell, "declarations") if row["owner_name"] == "新来的渔场"]
    assert row["state"] == "recorded"
    assert page.detail.short_notice.isVisible()
    page.detail.short_notice.set_value("weather")
    page.submit()
    settle(shell)
    assert rows(shell, "declarations", ref=row["ref"])[0]["short_notice"] == "weather"


def test_only_recording_leaves_the_decision_for_later(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    fill_declaration(page, departs=station.clock.at + 5 * 86_400_000)
    page.editor.record_button.click()
    settle(shell)
    (row,) = [row for row in rows(shell, "declarations") if row["owner_name"] == "新来的渔场"]
    assert row["state"] == "recorded"


def test_not_accepting_demands_a_reason_from_the_list(shell: Shell, app: QApplication) -> None:
    page = at(shell, Place.DECLARATIONS)
    ref = rows(shell, "declarations", state="recorded")[0]["ref"]
    page.show_detail(ref)
    settle(shell)
    page.detail.not_accept_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert review.isVisible()
    reason = review._fields[0]
    assert reason.message
    reason.set_value("other_law")
    review.button.click()
    settle(shell)
    assert review._fields[-1].message, "this reason needs a few words"
    review._fields[-1].set_value("依据某条")
    review.button.click()
    settle(shell)
    assert not review.isVisible()
    assert rows(shell, "declarations", ref=ref)[0]["state"] == "not_accepted"


def test_leaving_a_review_changes_nothing(shell: Shell, app: QApplication, qtbot: QtBot) -> None:
    page = at(shell, Place.DECLARATIONS)
    ref = rows(shell, "declarations", state="recorded")[0]["ref"]
    page.show_detail(ref)
    settle(shell)
    page.detail.not_accept_button.click()
    qtbot.keyClick(open_review(app), Qt.Key.Key_Escape)
    settle(shell)
    assert rows(shell, "declarations", ref=ref)[0]["state"] == "recorded"


def test_an_online_declaration_is_taken_down_with_what_it_says(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "online:99-20261119-0007")
    wait_for(lambda: page.side.currentWidget() is page.detail)
    page.submit()
    settle(shell)
    assert page.editor.form.value("owner") == "送桥特种水产苗种场"
    assert page.editor.form.value("quantity") == Quantity(62, 0, WAN)
    page.submit()
    settle(shell)
    made = rows(shell, "online_declarations", online="99-20261119-0007")[0]
    assert made["declaration"]


def test_a_known_owner_brings_telephone_and_place(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    owner = page.editor.editor.owner
    owner.choose(owner.search("ltyzc")[0])
    assert page.editor.form.value("owner_phone") == "13805140001"
    assert page.editor.form.value("origin_place")


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_typing_is_kept_within_a_second_and_found_again(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    page.editor.form.fields["owner"].set_value("写了一半的场")
    page.editor.form.edited.emit()
    wait_for(lambda: bool(page.editor.saved.text()), "kept")
    today = at(shell, Place.TODAY)
    draft = next(one for one in today._drafts if "写了一半的场" in one.title)
    back = at(shell, draft.place, f"draft:{draft.draft}")
    assert back.editor.form.value("owner") == "写了一半的场"


def test_a_draft_put_aside_can_be_taken_back(shell: Shell) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    page.editor.form.fields["owner"].set_value("不要了的场")
    page.editor.autosave.save()
    settle(shell)
    today = at(shell, Place.TODAY)
    draft = next(one for one in today._drafts if "不要了的场" in one.title)
    today._discard(draft)
    settle(shell)
    assert draft.draft not in [one.draft for one in today._drafts]
    assert shell.desk is not None
    shell.desk.take_back()
    settle(shell)
    assert draft.draft in [one.draft for one in today._drafts]


def test_a_draft_that_became_a_record_is_gone(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    fill_declaration(page, departs=station.clock.at + 5 * 86_400_000)
    page.editor.autosave.save()
    settle(shell)
    page.submit()
    settle(shell)
    assert not [one for one in at(shell, Place.TODAY)._drafts if one.form == "declaration"]


# --- inspection -------------------------------------------------------------------------------------------------------


def start_inspection(shell: Shell) -> Any:
    (row,) = [row for row in rows(shell, "declarations", state="accepted") if "三垛" in row["owner_name"]]
    return at(shell, Place.INSPECTION, row["ref"])


def conclude(editor: Any, conclusion: str) -> None:
    """Choose a conclusion a minute after the inspection began."""
    editor.fields["started_at"].set_value(editor._desk.now() - 60_000)
    editor.fields["conclusion"].set_value(conclusion)
    editor.conclusion.edited.emit()


def test_the_end_is_empty_until_the_conclusion_and_never_the_start(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    assert editor.started_at.text()
    assert not editor.ended_at.text()
    editor.fields["history_clean"].set_value("not_clean")
    editor.fields["conclusion"].set_value("failed")
    editor.conclusion.edited.emit()
    assert editor.ended_at.value() == editor.started_at.value()
    editor.fields["ended_at"].set_value(editor._desk.now() - 3_600_000)
    editor.conclusion.edited.emit()
    assert editor.ended_at.value() < editor.started_at.value(), "what was typed is not touched"


def test_what_was_mended_is_not_blamed_again_when_it_is_submitted(shell: Shell) -> None:
    page = start_inspection(shell)
    editor, before = page.pane.editor, len(rows(shell, "inspections"))
    page.pane.live._timer.setInterval(3_600_000)  # the person is quicker than the pause after typing
    editor.fields["history_clean"].set_value("not_clean")
    conclude(editor, "failed")
    editor.fields["ended_at"].set_value(editor._desk.now() - 3_600_000)
    page.submit()
    settle(shell)
    assert editor.fields["ended_at"].message
    assert len(rows(shell, "inspections")) == before
    page.pane.live.look()
    settle(shell)
    editor.fields["ended_at"].set_value(editor._desk.now())
    editor.conclusion.edited.emit()
    said = []
    editor.fields["ended_at"].say = lambda shown, *_: said.append(shown)
    page.submit()
    settle(shell)
    assert len(rows(shell, "inspections")) == before + 1
    assert not any(said)


def test_more_than_was_declared_asks_for_its_reason(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    assert not editor.fields["quantity_reason"].isVisible()
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.fields["quantity"].set_value(Quantity(900, 0, 11))
    conclude(editor, "passed")
    page.submit()
    settle(shell)
    assert editor.fields["quantity_reason"].isVisible()
    assert editor.fields["quantity_reason"].message
    editor.fields["quantity_reason"].set_value("counted")
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.batch
    assert any("现场清点" in value for _name, value in page.batch.detail.facts)


def test_readings_and_laboratories_are_told_by_name(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.fields["water.temperature"].set_value("21.4")
    conclude(editor, "passed")
    page.submit()
    settle(shell)
    assert dict(page.batch.detail.facts)["水质数据"] == "水温 21.4℃"
    waiting = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-07")
    page = at(shell, Place.INSPECTION, waiting["ref"])
    wait_for(lambda: page.batch.detail is not None and bool(page.batch.detail.samples))
    assert "练习省水产苗种检测中心（练习）" in page.batch.detail.samples[0].detail


def test_a_conclusion_that_the_findings_forbid_is_refused_beside_it(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.findings.set_value(["fish_bleeding"])
    editor.fields["conclusion"].set_value("passed")
    page.submit()
    settle(shell)
    assert editor.fields["conclusion"].message
    assert page.side.currentWidget() is page.pane


def test_the_twelve_month_history_is_never_assumed(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["conclusion"].set_value("passed")
    page.submit()
    settle(shell)
    assert editor.fields["history_clean"].message


def test_signs_propose_the_diseases_they_point_to(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    assert not editor._suspects.isVisible()
    editor.findings.set_value(["fish_gut"])
    editor.findings.edited.emit()
    assert editor._suspects.isVisible()
    assert editor.suspected.value() == ["GCHD"]


def test_a_reading_that_cannot_be_true_is_said_below_it(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    name = next(name for name in editor.fields if name.startswith("water."))
    editor.fields[name].set_value("999")
    page.submit()
    settle(shell)
    assert editor.fields[name].message


def test_a_failed_batch_leads_to_a_treatment_notice(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.findings.set_value(["fish_bleeding"])
    conclude(editor, "failed")
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.batch
    assert page.batch.notice_button.isVisible()
    assert not page.batch.issue_button.isVisible()
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.notice
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.notice, "a notice needs its legal basis"
    page.notice.form.fill({"failures": ["clinical_signs"], "basis": ["proc2023_fish"]})
    page.notice.method.set_value("isolation")
    page.notice.live.look()
    settle(shell)
    page.submit()
    settle(shell)
    assert len(rows(shell, "notices")) == 1
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.PRINTS


def test_a_batch_waiting_for_its_result_says_so_and_takes_it(shell: Shell) -> None:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-07")
    page = at(shell, Place.INSPECTION, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.batch)
    assert page.batch.issue_button.reason
    assert page.batch.banner.isVisible()
    sample = page.batch.detail.samples[0]
    assert sample.next_step == "receive"
    page.batch.result_wanted.emit(sample)
    settle(shell)
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.result
    assert page.result.form.fields["report_no"].message
    page.result.form.fill({"report_no": "JC-2026-117", "laboratory": 1})
    for answers in page.result.outcomes.values():
        answers.set_value("negative")
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.batch
    assert rows(shell, "results", inspection=inspection["ref"])
    assert not page.batch.issue_button.reason


def test_a_sample_without_animals_is_refused(shell: Shell) -> None:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-01")
    page = at(shell, Place.INSPECTION, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.batch)
    before = len(rows(shell, "samples"))
    page.batch.sample_button.click()
    settle(shell)
    page.sample.form.fill({"individuals": "0", "diseases": ["GCHD"]})
    page.submit()
    settle(shell)
    assert page.sample.form.fields["individuals"].message
    assert len(rows(shell, "samples")) == before


# --- issuing ----------------------------------------------------------------------------------------------------------


def issue_page(shell: Shell) -> Any:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-01")
    page = at(shell, Place.ISSUE, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.pane)
    settle(shell)
    return page


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


def issue_one(shell: Shell) -> str:
    page = issue_page(shell)
    page.pane.form.fill({"plate": "苏K5A168"})
    page.pane.live.look()
    settle(shell)
    assert not page.pane.act_button.reason
    page.submit()
    settle(shell)
    (row,) = rows(shell, "certificates")
    return str(row["number"])


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


# --- paper ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    folder = tmp_path / "printed"
    folder.mkdir()
    return Surroundings({"PDF": bootstrap.printer(f"pdf:{folder}")})


def printed(shell: Shell) -> Any:
    number = issue_one(shell)
    page = at(shell, Place.PRINTS, number)
    wait_for(lambda: page.pane.detail is not None and page.pane.detail.line.step == "answer", "sent to the printer")
    settle(shell)
    heard(page)
    return page


def heard(page: Any) -> None:
    """Wait until the step has stood long enough for keys to belong to it."""
    wait_for(lambda: not page.pane.is_resting, "keys are heard again")


def tick(page: Any, *codes: str) -> None:
    """Tick what is seen on the paper, box by box as a person does."""
    for box, code in zip(page.pane.handing_over.signed.boxes, page.pane.handing_over.signed.codes, strict=True):
        if code in codes:
            box.click()


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
    station.clock.forward(days=3)
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
    station.clock.forward(days=1)
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
    station.clock.forward(minutes=62)
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


# --- certificates -----------------------------------------------------------------------------------------------------


def test_voiding_demands_that_every_sheet_lies_on_the_desk(shell: Shell, app: QApplication, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    page = at(shell, Place.CERTIFICATES, "B 9900000001")
    wait_for(lambda: page.pane.detail is not None)
    sheets = page.pane.detail.on_desk
    page.pane.void_button.click()
    review = open_review(app)
    assert "9900000001" in review.button.text()
    reason, on_desk, _lost, _note = review._fields
    reason.set_value("wrong_entry")
    on_desk.set_value(0)
    review.button.click()
    settle(shell)
    assert review.isVisible()
    assert on_desk.message
    on_desk.set_value(sheets)
    review.button.click()
    settle(shell)
    (row,) = rows(shell, "certificates")
    assert row["state"] == "voided"
    assert page.pane.confirm_button.reason, "one person never counts twice"


def test_a_sheet_nobody_can_find_is_ticked_as_lost(shell: Shell, app: QApplication, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    page = at(shell, Place.CERTIFICATES, "B 9900000001")
    wait_for(lambda: page.pane.detail is not None)
    page.pane.void_button.click()
    review = open_review(app)
    reason, on_desk, lost, _note = review._fields
    reason.set_value("missing_sheet")
    on_desk.set_value(2)
    lost.set_value(["1/2"])
    review.button.click()
    settle(shell)
    assert on_desk.message, "one sheet cannot be both on the desk and lost"
    on_desk.set_value(1)
    review.button.click()
    settle(shell)
    assert rows(shell, "certificates")[0]["state"] == "voided"
    assert [row["state"] for row in rows(shell, "sheets")] == ["spoiled", "lost"]


def test_a_second_person_confirms_the_void(shell: Shell, app: QApplication, qtbot: QtBot, station: Station) -> None:
    test_voiding_demands_that_every_sheet_lies_on_the_desk(shell, app, qtbot)
    assert shell.desk is not None
    shell.desk.device.session = None
    assert shell.workplace is not None
    page = shell.workplace.page
    page.show_certificate("B 9900000001")
    settle(shell)
    assert not page.pane.confirm_button.reason
    page.pane.confirm_button.click()
    settle(shell)
    assert page.pane.banner.isVisible(), "nobody is signed in"


def test_replacing_a_printed_certificate_asks_for_its_sheets(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    at(shell, Place.ISSUE, "replace:B 9900000001")
    form = shell.workplace.page.pane.form  # type: ignore[union-attr]
    assert form.fields["replaces_on_desk"].isVisible()
    form.fill({"replace_reason": "vehicle_changed", "plate": "苏K5A169"})
    shell.workplace.page.submit()  # type: ignore[union-attr]
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued"}
    form.fields["replaces_on_desk"].set_value(2)
    shell.workplace.page.pane.live.look()  # type: ignore[union-attr]
    settle(shell)
    shell.workplace.page.submit()  # type: ignore[union-attr]
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued", "replaced"}


def test_replacing_names_the_sheet_nobody_can_find(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane, "1")
    settle(shell)
    at(shell, Place.ISSUE, "replace:B 9900000001")
    assert shell.workplace is not None
    issue = shell.workplace.page
    form = issue.pane.form
    form.fill({"replace_reason": "vehicle_changed", "plate": "苏K5A169"})
    form.fields["replaces_on_desk"].set_value(1)
    assert form.fields["replaces_lost"].isVisible()
    issue.submit()
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued"}, "one sheet is unaccounted for"
    form.fields["replaces_lost"].set_value(["1/2"])
    issue.pane.live.look()
    settle(shell)
    issue.submit()
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued", "replaced"}
    assert [row["state"] for row in rows(shell, "sheets")] == ["spoiled", "lost"]


def test_replacing_begins_with_the_old_certificate(shell: Shell) -> None:
    assert shell.desk is not None
    shell.desk._on_printers({})  # a print nobody answered for would stand against it
    number = issue_one(shell)
    page = at(shell, Place.CERTIFICATES, number)
    wait_for(lambda: page.pane.detail is not None)
    page.pane.replace_button.click()
    settle(shell)
    assert shell.workplace is not None
    issue = shell.workplace.page
    wait_for(issue.pane.isVisible)
    assert issue.pane.form.value("plate") == "苏K5A168"
    assert issue.pane.banner.isVisible()
    assert "换证原因" in issue.pane.act_button.reason
    issue.pane.form.fields["replace_reason"].set_value("vehicle_changed")
    issue.pane.form.fields["plate"].set_value("苏K5A169")
    issue.pane.live.look()
    settle(shell)
    issue.submit()
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued", "replaced"}


def test_a_certificate_tells_how_far_the_province_has_heard(shell: Shell) -> None:
    number = issue_one(shell)
    page = at(shell, Place.CERTIFICATES, number)
    wait_for(lambda: page.pane.detail is not None)
    assert page.pane.told.shown == "在本机"


def test_searching_finds_by_plate_and_by_nothing(shell: Shell) -> None:
    number = issue_one(shell)
    page = at(shell, Place.CERTIFICATES)
    page.list.search.setText("5A168")
    wait_for(lambda: [line.number for line in page.list.model.items] == [number])
    page.list.search.setText("nirgends")
    wait_for(lambda: page.list.is_empty)


# --- numbers, departure, verifying ------------------------------------------------------------------------------------


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
    station.clock.forward(days=30)
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


# --- sync and day close -----------------------------------------------------------------------------------------------


def report(**changes: Any) -> SyncReport:
    made = {"pushed": 23, "pulled": 2, "requests": 2, "bytes_up": 9000, "bytes_down": 800, "waiting": 0, "frozen": ""}
    return msgspec.convert(made | changes, SyncReport)


def test_no_contact_says_first_what_is_safe_and_offers_to_try_again(shell: Shell) -> None:
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.isVisible()
    assert page.result.tone is Tone.WARN
    assert page.result.body
    assert not page.sync_button.reason


@pytest.mark.parametrize(
    ("answer", "tone"), [(report(), Tone.GOOD), (report(waiting=3), Tone.WARN), (report(frozen="fork"), Tone.BAD)]
)
def test_the_result_of_a_round_is_told_honestly(
    shell: Shell, around: Surroundings, answer: SyncReport, tone: Tone
) -> None:
    around.sync_with = lambda _device, _progress, _cancelled: answer
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.tone is tone


def test_a_round_can_be_stopped(shell: Shell, around: Surroundings) -> None:
    def slow(_device: Any, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> SyncReport:
        for done in range(10_000):
            progress(done, 10_000)
            if cancelled():
                raise StationError("sync_cancelled")
            threading.Event().wait(0.002)
        return report()

    around.sync_with = slow
    assert shell.workplace is not None
    shell.workplace.go(Place.SYNC)
    page = shell.workplace.page
    page.start()
    wait_for(lambda: page.waiting.bar.maximum() == 10_000)
    page.waiting.cancel_wanted.emit()
    settle(shell)
    assert page.result.headline == "已停止"


def test_one_round_at_a_time(shell: Shell, around: Surroundings) -> None:
    rounds: list[int] = []
    around.sync_with = lambda *_: (rounds.append(1), report())[1]
    page = at(shell, Place.SYNC)
    page.start()
    page.start()
    settle(shell)
    assert rounds == [1]


def test_closing_the_day_keeps_a_sheet_and_says_who(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    page = at(shell, Place.DAY_CLOSE)
    page.submit()
    settle(shell)
    (row,) = rows(shell, "days")
    assert row["equations_hold"] == 1
    assert "陆清河" in page.closed.text()
    assert page.save_button.isVisible()
    assert not page.close_button.isVisible()


def test_a_day_to_which_something_was_added_is_closed_once_more(shell: Shell) -> None:
    page = at(shell, Place.DAY_CLOSE)
    page.submit()
    settle(shell)
    issue_one(shell)
    page = at(shell, Place.DAY_CLOSE)
    assert "请再次日结" in page.closed.text()
    assert page.close_button.isVisible()
    page.submit()
    settle(shell)
    assert "请再次日结" not in page.closed.text()
    assert not page.close_button.isVisible()


@pytest.mark.parametrize(
    ("endings", "shown"),
    [
        (([], []), []),
        (([], [("B 1", "voided", "here", "there")]), ["他机作废换证"]),
        (([("B 2", "voided", "there", "here"), ("B 3", "voided", "here", "here")], []), ["代他机作废换证"]),
    ],
)
def test_what_another_computer_ended_is_named_only_where_there_is_something(
    shell: Shell, endings: tuple[list[tuple[str, ...]], list[tuple[str, ...]]], shown: list[str]
) -> None:
    page = at(shell, Place.DAY_CLOSE)
    here, elsewhere = ([Ended(*one) for one in ended] for ended in endings)
    sheet = msgspec.structs.replace(page._day.sheet, endings=Endings(here, elsewhere))
    named = ended_facts(sheet)
    assert [name for name, _numbers in named] == shown
    assert "B 3" not in str(named)


def test_a_day_with_an_unanswered_print_says_so_and_can_be_closed(shell: Shell) -> None:
    number = printed(shell).pane.detail.line.number
    page = at(shell, Place.DAY_CLOSE)
    assert "没有回答" in page.closed.text()
    assert page._day.sheet.open_prints == [number]
    page.submit()
    settle(shell)
    assert len(rows(shell, "days")) == 1


# --- the first page and the palette -----------------------------------------------------------------------------------


def test_tasks_stand_in_the_order_in_which_they_are_due(shell: Shell) -> None:
    page = at(shell, Place.TODAY)
    due = [task.due for task in page.tasks.model.items]
    assert due == sorted(due)
    assert len(due) == 6


def test_a_task_opens_where_it_is_done(shell: Shell, qtbot: QtBot) -> None:
    page = at(shell, Place.TODAY)
    number = next(at for at, task in enumerate(page.tasks.model.items) if task.place is Place.ISSUE)
    qtbot.keyClick(page.tasks.table, str(number + 1))
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.ISSUE


def test_yesterday_not_closed_is_the_first_task(shell: Shell, station: Station) -> None:
    issue_one(shell)
    station.clock.forward(days=1)
    page = at(shell, Place.TODAY)
    assert page.tasks.model.items[0].place is Place.DAY_CLOSE


def test_the_palette_finds_a_certificate_by_its_digits(shell: Shell, qtbot: QtBot) -> None:
    number = issue_one(shell)
    assert shell.workplace is not None
    shell.workplace.open_palette()
    palette = shell.workplace.palette_box
    qtbot.keyClicks(palette.line, "9900000001")
    wait_for(lambda: any(number in offered for offered in palette.offered))
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    settle(shell)
    assert shell.workplace.page.place is Place.CERTIFICATES


def test_settings_take_effect_at_once_and_are_kept(shell: Shell) -> None:
    page = at(shell, Place.SETTINGS)
    page.theme.editor.set_value("dark")
    page.theme.editor.edited.emit()
    page.scale.editor.set_value(130)
    page.scale.editor.edited.emit()
    assert shell.theme.is_dark
    assert (shell.preferences.theme.value, shell.preferences.scale) == ("dark", 130)


def test_what_failed_beside_an_act_that_holds_is_told_without_doubting_the_act(shell: Shell) -> None:
    def full(_head: object) -> None:
        raise StationError("disk_full")

    page = at(shell, Place.NUMBERS)
    page.request.form.fill({"wanted": "40"})
    shell.desk.device.after_commit.append(full)  # type: ignore[union-attr]
    page.request.submit()
    settle(shell)
    assert [row["wanted"] for row in rows(shell, "block_requests")] == [40]
    assert page.banner.tone is Tone.WARN
    assert page.banner.headline == "这一步已经记录，照常有效。"
    assert shell.desk.device.trouble is None  # type: ignore[union-attr]


def test_a_fault_while_reading_is_said_on_the_page(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    page: Page = at(shell, Place.READY)

    def broken(_device: Any) -> None:
        raise StationError("disk_full")

    assert shell.desk is not None
    shell.desk.read(broken, page).on_failure(page.say_problem)
    settle(shell)
    assert page.banner.isVisible()


def test_every_form_pane_has_one_filled_button(shell: Shell) -> None:
    page = start_inspection(shell)
    panes = [pane for pane in page.findChildren(FormPane) if pane.isVisible()]
    assert [pane.act_button.property("look") for pane in panes] == ["primary"]
