"""回收与销毁: what the page shows of old sheets, what it asks, what it refuses, and what it never loses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inspector_app.clock import MS_PER_DAY
from inspector_app.domain.quantities import Quantity
from inspector_app.services.attaching import attach
from inspector_app.services.destroying import review as review_request
from inspector_app.services.device import Device, Session
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.keeping import assign_store
from inspector_app.services.number_custody import next_number
from inspector_app.services.on_desk import Sheet
from inspector_app.services.opening import record_opening
from inspector_app.services.sheet_custody import spoil_sheet
from tests.office import HEAD
from tests.services.old_papers import DEPUTY, LEGAL, PHOTO, collected, due, requested, signed, staff, written_off
from tests.services.work import acting, done, handed_over, printed, void_paper
from tests.ui.at_work import at, said
from tests.ui.conftest import settle
from tests.ui.station import Station
from ui.application import Shell
from ui.pages.deed_review import DeedReview
from ui.pages.old_sheets import OldSheetsPage
from ui.pages.records_page import RecordsPage
from ui.places import Place
from ui.tokens import Tone

YEAR_MS = 366 * MS_PER_DAY
FORMER = "类别,种类,起号,止号,页数,状态,日期,备注\n纸证,B,3200000011,,2,损坏,,\n"


@pytest.fixture
def keeper(shell: Shell, station: Station) -> Device:
    """The device in the hands of the keeper, with head, deputy and legal representative in the roster."""
    assert shell.desk is not None
    station.device = shell.desk.device
    staff(station.office, shell.desk.device)
    return shell.desk.device


@pytest.fixture
def head(keeper: Device, station: Station) -> Session:
    """The head, who may sign in at the same computer."""
    return station.office.let_join(keeper, station.folder, station.parts, HEAD)


def page_at(shell: Shell, view: str = "") -> OldSheetsPage:
    page = at(shell, Place.OLD_SHEETS, view)
    assert isinstance(page, OldSheetsPage)
    return page


def deeds(page: RecordsPage) -> dict[str, str]:
    """What may be done with what is chosen, and why not."""
    return {name: button.reason for name, button in page.pane.buttons.items()}


def press(shell: Shell, page: OldSheetsPage, name: str) -> DeedReview:
    """Choose a deed; the page it opens."""
    page.pane.buttons[name].click()
    settle(shell)
    review = page.review
    assert isinstance(review, DeedReview)
    assert review.isVisible()
    return review


def answer(shell: Shell, review: DeedReview, **answers: Any) -> None:
    """Fill in and act."""
    for name, value in answers.items():
        review.form.fields[name].set_value(value)
        review.form.fields[name].editor.edited.emit()
    review.button.click()
    settle(shell)


def shown(page: OldSheetsPage) -> list[tuple[str, str]]:
    return [(line.title, line.state) for line in page.list.model.items]


def photo(device: Device) -> list[list[str]]:
    """A photograph as a field of photographs keeps it."""
    return [[attach(device, PHOTO), "form.jpg"]]


def sheet_state(device: Device, number: str, sheet: int = 2) -> str:
    return str((device.rows.one("sheets", number=number, print=1, sheet=sheet) or {})["state"])


# --- from elsewhere ---------------------------------------------------------------------------------------------------


def test_a_used_paper_of_another_station_is_taken_in_and_waits_to_be_handed_in(shell: Shell, keeper: Device) -> None:
    page = page_at(shell, "")
    page.start_buttons["take_in"].click()
    settle(shell)
    review = page.review
    assert isinstance(review, DeedReview)
    answer(shell, review, number="B 99000", reason="used", source="check_on_the_road", attachments=photo(keeper))
    assert not review.isVisible()
    page.show_view("to_hand_in")
    settle(shell)
    assert [title for title, _state in shown(page)] == ["B 99000"]


def test_what_bears_no_number_or_has_no_picture_is_asked_again(shell: Shell, keeper: Device) -> None:
    page = page_at(shell, "")
    page.start_buttons["take_in"].click()
    settle(shell)
    review = page.review
    assert isinstance(review, DeedReview)
    answer(shell, review, number="九号", reason="used", source="given_up")
    assert review.form.fields["number"].message
    assert review.form.fields["attachments"].message
    assert keeper.rows.many("taken_in") == []
    review.reject()


# --- spoiled, collected, found ----------------------------------------------------------------------------------------


def test_the_register_says_by_when_a_spoiled_sheet_is_written_off_and_what_is_overdue(
    shell: Shell, keeper: Device, station: Station
) -> None:
    number = printed(keeper)
    page = page_at(shell, number)
    review = press(shell, page, "spoil")
    answer(shell, review, category="damaged", no_picture="camera_broken")
    assert not review.isVisible()
    page.list.search.clear()
    page.show_view("spoiled")
    settle(shell)
    assert shown(page)[0][0] == number
    assert shown(page)[0][1].endswith("前核销")
    station.clock.at += 60 * MS_PER_DAY
    page.refresh()
    settle(shell)
    assert shown(page)[0][1].endswith("逾期")
    assert page.list.model.items[0].tone is Tone.BAD


def test_a_spoiled_sheet_without_photograph_says_why_or_is_refused_beside_the_field(
    shell: Shell, keeper: Device
) -> None:
    number = printed(keeper)
    review = press(shell, page_at(shell, number), "spoil")
    answer(shell, review, category="damaged")
    assert review.isVisible()
    assert review.form.fields["attachments"].message
    assert sheet_state(keeper, number, 1) == "printed"


def test_a_voided_certificate_waits_to_be_collected_and_comes_back(shell: Shell, keeper: Device) -> None:
    number = handed_over(keeper)
    done(void_paper(keeper, number, reason="trip_cancelled", on_desk=0))
    page = page_at(shell, "outside")
    assert (number, "已交付") in shown(page)
    page.list.table.mark([line.title for line in page.list.model.items].index(number))
    settle(shell)
    answer(shell, press(shell, page, "collect"), reason="voided", marked=["seen"])
    assert sheet_state(keeper, number) == "collected"
    assert said(shell) == "已登记回收"


def test_what_still_covers_a_trip_is_not_taken_in_as_used(shell: Shell, keeper: Device) -> None:
    number = handed_over(keeper)
    page = page_at(shell, number)
    page.list.table.mark([line.detail for line in page.list.model.items].index("第 1 次打印 · 第 2 联"))
    settle(shell)
    review = press(shell, page, "collect")
    answer(shell, review, reason="used")
    assert review.form.fields["reason"].message
    assert review.isVisible()
    assert sheet_state(keeper, number) == "handed_over"


# --- hand in ----------------------------------------------------------------------------------------------------------


def test_what_is_handed_in_leaves_with_a_slip_that_can_be_saved(
    shell: Shell, keeper: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = collected(keeper)
    page = page_at(shell, "to_hand_in")
    assert [title for title, _state in shown(page)] == [number]
    answer(shell, press(shell, page, "hand_in"), receiver="county_keeper")
    assert sheet_state(keeper, number) == "returned"
    assert page.list.view == "slips"
    assert deeds(page) == {"save_slip": ""}
    file = tmp_path / "slip.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page.pane.buttons["save_slip"].click()
    settle(shell)
    assert file.read_bytes().startswith(b"%PDF")


def test_several_sheets_go_together_and_the_button_asks_once(shell: Shell, keeper: Device, qtbot: QtBot) -> None:
    numbers = [collected(keeper), collected(keeper)]
    page = page_at(shell, "to_hand_in")
    page.list.table.setFocus()
    qtbot.keyClick(page.list.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    assert page.pane.heading.text() == "选定 2 联"
    assert set(deeds(page)) == {"hand_in"}
    answer(shell, press(shell, page, "hand_in"), receiver="county_keeper")
    assert [sheet_state(keeper, number) for number in numbers] == ["returned", "returned"]


def test_of_more_sheets_than_a_slip_names_the_form_says_how_many_are_left(
    shell: Shell, keeper: Device, qtbot: QtBot
) -> None:
    done(assign_store(keeper, "main", keeper.person()))
    rows = b"what,kind,first,last,pages,state\nsheet,B,3200000001,3200000251,2,spoiled\n"
    done(record_opening(keeper, rows, "main"))
    page = page_at(shell, "to_hand_in")
    page.list.table.setFocus()
    qtbot.keyClick(page.list.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    review = press(shell, page, "hand_in")
    assert ("留待下次", "2 联。一张单最多 500 联，先办最早的") in review.question.facts
    answer(shell, review, receiver="county_keeper")
    assert len(keeper.rows.many("sheets", state="returned")) == 500


def test_nothing_is_handed_in_to_nobody(shell: Shell, keeper: Device) -> None:
    number = collected(keeper)
    review = press(shell, page_at(shell, "to_hand_in"), "hand_in")
    answer(shell, review)
    assert review.form.fields["receiver"].message
    assert sheet_state(keeper, number) == "collected"


def test_who_is_no_keeper_sees_why_before_typing_anything(shell: Shell, station: Station) -> None:
    assert shell.desk is not None
    station.device = shell.desk.device
    collected(shell.desk.device)
    page = page_at(shell, "to_hand_in")
    assert deeds(page)["write_off"]
    page.pane.buttons["write_off"].click()
    settle(shell)
    assert page.pane.banner.headline == deeds(page)["write_off"]


# --- writing off ------------------------------------------------------------------------------------------------------

CHECKED = dict.fromkeys(
    (
        "check_filled_properly",
        "check_one_hand",
        "check_not_blank_issued",
        "check_not_forged",
        "check_not_altered",
        "same_hand",
    ),
    "yes",
)


def test_a_print_is_written_off_when_every_question_was_answered(shell: Shell, keeper: Device) -> None:
    number = collected(keeper)
    page = page_at(shell, "to_hand_in")
    review = press(shell, page, "write_off")
    copies = [name for name in review.form.fields if name.startswith("copy_")]
    answer(shell, review, **CHECKED, **dict.fromkeys(copies, "same"))
    (row,) = keeper.rows.many("write_offs", number=number)
    assert not row["suspect"]
    assert any("已核销" in answer for _question, answer in page.pane.facts.shown)


def test_nothing_is_taken_for_satisfied_that_nobody_looked_at(shell: Shell, keeper: Device) -> None:
    collected(keeper)
    review = press(shell, page_at(shell, "to_hand_in"), "write_off")
    answer(shell, review, **{**CHECKED, "check_not_forged": None})
    assert review.form.fields["check_not_forged"].message == "请选择或填写这一项"
    assert keeper.rows.many("write_offs") == []


def test_a_copy_that_says_something_else_makes_the_paper_suspect(shell: Shell, keeper: Device) -> None:
    number = collected(keeper)
    page = page_at(shell, "to_hand_in")
    review = press(shell, page, "write_off")
    copies = [name for name in review.form.fields if name.startswith("copy_")]
    assert review.form.fields["day_2"].isHidden()
    answer(shell, review, **CHECKED, **dict.fromkeys(copies, "same") | {"copy_2": "differs"})
    assert review.form.fields["day_2"].message  # asked only now
    on_paper = quantity_of(keeper.rows.one("certificates", number=number) or {})
    answer(shell, review, day_2="2026-11-19", amount_2=on_paper)
    (row,) = keeper.rows.many("write_offs", number=number)
    assert row["suspect"]
    assert page.banner.body == "日期不符"


def test_a_paper_of_a_former_system_is_read_copy_against_copy(shell: Shell, keeper: Device) -> None:
    done(assign_store(keeper, "main", keeper.person()))
    done(record_opening(keeper, FORMER.encode(), "main"))
    page = page_at(shell, "to_hand_in")
    review = press(shell, page, "write_off")
    assert review.form.fields["copy_1"].isHidden()  # there is no record to agree with
    answer(shell, review, **CHECKED, day_1="2025-03-01", amount_1=Quantity(5, 0, 11))
    assert review.form.fields["day_2"].message
    answer(shell, review, day_2="2025-03-01", amount_2=Quantity(6, 0, 11))
    (row,) = keeper.rows.many("write_offs", number="B 3200000011")
    assert row["suspect"]


def test_who_suspected_a_paper_does_not_clear_it_alone(shell: Shell, keeper: Device) -> None:
    written_off(keeper, collected(keeper), same_hand=False)
    page = page_at(shell, "to_hand_in")
    assert deeds(page)["write_off"]
    assert not deeds(page)["hand_in"]


def test_a_sheet_that_cannot_be_found_becomes_a_loss(shell: Shell, keeper: Device) -> None:
    number = collected(keeper)
    page = page_at(shell, "to_hand_in")
    review = press(shell, page, "lose")
    answer(shell, review)
    assert review.form.fields["cause"].message
    answer(shell, review, cause="lost")
    assert sheet_state(keeper, number) == "lost"
    page.show_view("outside")
    settle(shell)
    answer(shell, press(shell, page, "find"))
    assert sheet_state(keeper, number) == "found"


def test_what_was_typed_is_there_when_the_same_deed_is_opened_again(shell: Shell, keeper: Device) -> None:
    collected(keeper)
    page = page_at(shell, "to_hand_in")
    review = press(shell, page, "write_off")
    review.form.fields["note"].editor.setPlainText("水渍，字迹可辨")
    review.form.fields["check_one_hand"].set_value("yes")
    review.form.fields["check_one_hand"].editor.edited.emit()
    review.reject()
    settle(shell)
    again = press(shell, page, "write_off")
    assert again.form.value("note") == "水渍，字迹可辨"
    assert again.form.value("check_one_hand") == "yes"
    assert keeper.rows.many("write_offs") == []


# --- destruction ------------------------------------------------------------------------------------------------------


def test_the_quarterly_list_names_what_stands_in_the_way(shell: Shell, keeper: Device, station: Station) -> None:
    collected(keeper)
    station.clock.at += YEAR_MS
    page = page_at(shell, "due")
    assert {state for _title, state in shown(page)} == {"未核销"}
    assert "未核销" in deeds(page)["request"]


def test_a_request_is_made_with_the_count_somebody_counted(shell: Shell, keeper: Device, station: Station) -> None:
    due(keeper, station.clock)
    page = page_at(shell, "due")
    assert deeds(page)["request"] == ""
    review = press(shell, page, "request")
    answer(shell, review, destruction_method="shredding")
    assert review.form.fields["counted"].message.startswith("请写实物清点")
    answer(shell, review, counted="2")
    assert review.form.fields["counted"].message
    assert keeper.rows.many("destructions") == []
    answer(shell, review, counted="1")
    assert page.list.view == "requests"
    assert [state for _title, state in shown(page)] == ["待负责人初审"]


def test_the_steps_say_who_agreed_what_is_lacking_and_who_may_go_on(
    shell: Shell, keeper: Device, station: Station
) -> None:
    requested(keeper, due(keeper, station.clock))
    page = page_at(shell, "requests")
    record = page.pane.record
    assert record is not None
    assert [step.tone for step in record.steps] == [Tone.GOOD, *[Tone.OFF] * 4]
    assert record.steps[0].words == "管理员申请 · 陆清河"
    assert record.next_words == "下一步：负责人初审。可办理：周望山"
    assert deeds(page)["review"]
    assert deeds(page)["save_request"] == ""


def test_the_head_reviews_and_only_a_true_count_goes_on(
    shell: Shell, keeper: Device, head: Session, station: Station
) -> None:
    requested(keeper, due(keeper, station.clock))
    with acting(keeper, head):
        page = page_at(shell, "requests")
        review = press(shell, page, "review")
        answer(shell, review, counted="7")
        assert review.form.fields["counted"].message
        answer(shell, review, counted="1")
        assert page.pane.record is not None
        assert [step.tone for step in page.pane.record.steps][:2] == [Tone.GOOD, Tone.GOOD]
        assert "高法人" not in page.pane.record.next_words
        assert "沈分管" in page.pane.record.next_words


def test_a_request_goes_back_only_with_a_reason(shell: Shell, keeper: Device, head: Session, station: Station) -> None:
    ref = requested(keeper, due(keeper, station.clock))
    with acting(keeper, head):
        page = page_at(shell, "requests")
        review = press(shell, page, "send_back")
        answer(shell, review)
        assert review.form.fields["sent_back"].message
        assert (keeper.rows.one("destructions", ref=ref) or {})["state"] == "requested"
        answer(shell, review, sent_back="not_due", suspected="yes")
    row = keeper.rows.one("destructions", ref=ref) or {}
    assert (row["state"], row["suspected"]) == ("sent_back", 1)


def test_the_signed_form_is_entered_with_its_photograph_and_the_head_confirms_it(
    shell: Shell, keeper: Device, head: Session, station: Station
) -> None:
    ref = requested(keeper, due(keeper, station.clock))
    with acting(keeper, head):
        done(review_request(keeper, ref, counted=1))
    page = page_at(shell, "requests")
    review = press(shell, page, "enter_signed")
    answer(shell, review, deputy=DEPUTY, legal=LEGAL)
    assert review.form.fields["attachments"].message
    review.form.fields["attachments"].editor.restore(photo(keeper))
    answer(shell, review)
    assert page.pane.record is not None
    assert [step.tone for step in page.pane.record.steps][2:4] == [Tone.WARN, Tone.WARN]
    assert deeds(page)["confirm_signed"]  # who entered it does not confirm it
    with acting(keeper, head):
        page.refresh()
        settle(shell)
        page.pane.buttons["confirm_signed"].click()
        settle(shell)
        assert [state for _title, state in shown(page)] == ["可以销毁"]


def test_a_destruction_wants_the_deputy_the_count_and_photographs(
    shell: Shell, keeper: Device, head: Session, station: Station
) -> None:
    ref = requested(keeper, due(keeper, station.clock))
    signed(keeper, ref, head)
    page = page_at(shell, "requests")
    review = press(shell, page, "destroy")
    assert review.form.value("supervisor") == DEPUTY
    answer(shell, review, counted="1")
    assert review.form.fields["attachments"].message
    assert (keeper.rows.one("destructions", ref=ref) or {})["state"] == "requested"
    review.form.fields["attachments"].editor.restore(photo(keeper))
    answer(shell, review, destroyed_on="sometime")
    assert review.form.fields["destroyed_on"].message.startswith("看不出是哪一天")
    answer(shell, review, destroyed_on=keeper.today())
    assert (keeper.rows.one("destructions", ref=ref) or {})["state"] == "destroyed"
    assert [state for _title, state in shown(page)] == ["已销毁"]
    assert deeds(page) == {"save_request": ""}


def test_a_paper_written_off_as_suspect_is_kept_and_not_asked_for(
    shell: Shell, keeper: Device, station: Station
) -> None:
    number = collected(keeper)
    written_off(keeper, number, same_hand=False)
    station.clock.at += YEAR_MS
    page = page_at(shell, "due")
    assert {state for _title, state in shown(page)} == {"有疑点，留作证据"}
    assert "留作证据" in deeds(page)["request"]


def test_an_unknown_number_shows_the_empty_list(shell: Shell, keeper: Device) -> None:
    page = page_at(shell, "B 1234567890")
    assert page.list.is_empty
    assert deeds(page) == {}


# --- blanks of pre-numbered paper ------------------------------------------------------------------------------------


def test_on_plain_paper_no_blank_is_spoken_of(shell: Shell, keeper: Device) -> None:
    assert page_at(shell).start_buttons["spoil_blank"].isHidden()


def test_a_blank_is_registered_where_paper_bears_its_number(shell: Shell, station: Station, keeper: Device) -> None:
    station.office.publish(keeper, station.office.policy(paper_mode="pre_numbered"))
    coming = next_number(keeper, "B", keeper.person())
    assert coming is not None
    page = page_at(shell)
    assert not page.start_buttons["spoil_blank"].isHidden()
    page.start_buttons["spoil_blank"].click()
    settle(shell)
    assert isinstance(page.review, DeedReview)
    answer(shell, page.review, number=coming.number.digits, category="missing_number", no_picture="camera_broken")
    (line,) = page.list.model.items
    assert (line.title, line.detail) == (str(coming.number), "空白，未打印")
    page.list.table.mark(0)
    settle(shell)
    assert list(deeds(page)) == ["write_off", "add_photo", "hand_in", "lose"]


def test_a_blank_of_a_used_number_is_refused_and_the_answers_stay(
    shell: Shell, station: Station, keeper: Device
) -> None:
    used = printed(keeper).partition(" ")[2]
    station.office.publish(keeper, station.office.policy(paper_mode="pre_numbered"))
    page = page_at(shell)
    page.start_buttons["spoil_blank"].click()
    settle(shell)
    assert isinstance(page.review, DeedReview)
    answer(shell, page.review, number=used, category="damaged", no_picture="camera_broken")
    assert page.review.isVisible()
    assert keeper.rows.many("sheets", print=0) == []


def test_a_photograph_is_added_to_a_sheet_that_was_excused_from_one(shell: Shell, keeper: Device) -> None:
    done(spoil_sheet(keeper, printed(keeper), Sheet(1, 2), category="damaged", no_picture="camera_broken"))
    page = page_at(shell)
    page.list.table.mark(0)
    settle(shell)
    answer(shell, press(shell, page, "add_photo"), attachments=photo(keeper))
    assert [row["pictures"] for row in keeper.rows.many("photographs")] == [1]
    settle(shell)
    assert page.pane.record is not None
