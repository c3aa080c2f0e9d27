"""Taking declarations down: what is missing, reasons, drafts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.domain.quantities import Quantity
from tests.ui.at_work import around, at, fill_declaration, open_review, rows
from tests.ui.conftest import settle, wait_for
from tests.ui.station import WAN, Station
from ui.application import Shell
from ui.places import Place

__all__ = ["around"]  # the printers of the test, found by their name

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
