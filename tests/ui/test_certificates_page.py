"""Certificates: voided, confirmed, replaced, searched for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.old_papers import photo
from tests.ui.at_work import around, at, issue_one, open_review, printed, rows
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station
from ui.application import Shell
from ui.places import Place

__all__ = ["around"]  # the printers of the test, found by their name


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
    reason, on_desk, photos, no_picture, _lost, _note = review._fields
    reason.set_value("wrong_entry")
    on_desk.set_value(0)
    review.button.click()
    settle(shell)
    assert review.isVisible()
    assert on_desk.message
    on_desk.set_value(sheets)
    on_desk.editor.edited.emit()
    assert not photos.isHidden()
    review.button.click()
    settle(shell)
    assert photos.message, "the marked sheets are shown, or a reason says why not"
    no_picture.set_value("too_dark")
    review.button.click()
    settle(shell)
    (row,) = rows(shell, "certificates")
    assert row["state"] == "voided"
    assert page.pane.confirm_button.reason, "one person never counts twice"


def test_the_photograph_of_the_marked_sheets_is_added_later(shell: Shell, app: QApplication, qtbot: QtBot) -> None:
    test_voiding_demands_that_every_sheet_lies_on_the_desk(shell, app, qtbot)
    assert shell.workplace is not None
    assert shell.desk is not None
    pane = shell.workplace.page.pane
    assert ("作废标注的照片", "现场光线不足") in pane.detail.facts
    assert not pane.picture_button.isHidden()
    pane.picture_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert review.form.fields["attachments"].message, "there is no photograph yet"
    review.form.fields["attachments"].editor.restore([[photo(shell.desk.device)[0], "作废.jpg"]])
    review.button.click()
    settle(shell)
    assert ("作废标注的照片", "1 张") in pane.detail.facts
    assert pane.picture_button.isHidden()


def test_a_sheet_nobody_can_find_is_ticked_as_lost(shell: Shell, app: QApplication, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    page = at(shell, Place.CERTIFICATES, "B 9900000001")
    wait_for(lambda: page.pane.detail is not None)
    page.pane.void_button.click()
    review = open_review(app)
    reason, on_desk, _photos, no_picture, lost, _note = review._fields
    reason.set_value("missing_sheet")
    on_desk.set_value(2)
    lost.set_value(["1/2"])
    review.button.click()
    settle(shell)
    assert on_desk.message, "one sheet cannot be both on the desk and lost"
    on_desk.set_value(1)
    no_picture.set_value("too_dark")
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
    replacing = at(shell, Place.ISSUE, "replace:B 9900000001")
    form = replacing.pane.form
    assert form.fields["replaces_on_desk"].isVisible()
    form.fill({"replace_reason": "vehicle_changed", "plate": "苏K5A169"})
    replacing.submit()
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued"}
    form.fields["replaces_on_desk"].set_value(2)
    form.replaces_on_desk.edited.emit()
    assert form.fields["replaces_photos"].isVisible()
    assert form.fields["replaces_no_picture"].isVisible()
    replacing.submit()
    settle(shell)
    assert {row["state"] for row in rows(shell, "certificates")} == {"issued"}, "nothing shows the marked sheets"
    form.fields["replaces_no_picture"].set_value("too_dark")
    replacing.pane.live.look()
    settle(shell)
    replacing.submit()
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
    form.fields["replaces_no_picture"].set_value("too_dark")
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
