"""The first page names what is due at the station, and every form somebody left half filled, with the way there."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.services.device import Device
from inspector_app.services.keeping import assign_store, describe_store
from inspector_app.services.on_desk import Sheet
from inspector_app.services.opening import record_opening
from inspector_app.services.sheet_custody import spoil_sheet
from tests.services.work import done, printed, void_paper
from tests.ui.at_work import at
from tests.ui.conftest import settle
from tests.ui.station import Station
from tests.ui.test_stores import keeper, press
from ui.application import Shell
from ui.places import Place

__all__ = ["keeper"]  # signed in: a fixture, found by its name
MEASURES = ("desiccant", "iron_cabinet", "smoke_alarm")
OLD = b"what,kind,first,last,pages,state,opened_on\nsheet,B,3200000021,3200000022,1,kept,2024-06-30\n"


@pytest.fixture
def kept(keeper: Device) -> Device:
    """The cabinet has keeper and profile, and nobody has looked into it yet."""
    done(assign_store(keeper, "main", keeper.person()))
    done(describe_store(keeper, "main", sort="cabinet", measures=MEASURES))
    return keeper


def test_what_is_due_at_the_station_leads_to_where_it_is_done(shell: Shell, kept: Device) -> None:
    done(record_opening(kept, OLD, "main"))
    tasks = {task.title: task for task in at(shell, Place.TODAY).tasks.model.items}
    assert {"定期盘点到期", "保管检查到期：main", "本季到期的旧纸证 2 联"} <= tasks.keys()
    there = at(shell, tasks["保管检查到期：main"].place, tasks["保管检查到期：main"].subject)
    assert there.place is Place.STORES
    assert "check" in there.pane.buttons
    due = at(shell, tasks["本季到期的旧纸证 2 联"].place, tasks["本季到期的旧纸证 2 联"].subject)
    assert (due.place, due.list.view, len(due.list.model.items)) == (Place.OLD_SHEETS, "due", 2)


def test_a_photograph_still_to_come_leads_to_its_sheets(shell: Shell, kept: Device) -> None:
    spoiled, ended = printed(kept), printed(kept)
    done(spoil_sheet(kept, spoiled, Sheet(1, 2), category="damaged", no_picture="camera_broken"))
    done(void_paper(kept, ended, reason="trip_cancelled", on_desk=2))
    tasks = {task.title: task for task in at(shell, Place.TODAY).tasks.model.items}
    assert {f"补拍照片：{spoiled}", f"补拍照片：{ended}"} <= tasks.keys()
    old = at(shell, tasks[f"补拍照片：{spoiled}"].place, tasks[f"补拍照片：{spoiled}"].subject)
    assert (old.place, old.list.view) == (Place.OLD_SHEETS, "spoiled")
    paper = at(shell, tasks[f"补拍照片：{ended}"].place, tasks[f"补拍照片：{ended}"].subject)
    settle(shell)
    assert (paper.place, paper.pane.detail.line.number) == (Place.CERTIFICATES, ended)
    assert paper.pane.picture_button.isVisible()


def test_nothing_is_due_to_whoever_may_not_do_it(shell: Shell, station: Station) -> None:
    titles = [task.title for task in at(shell, Place.TODAY).tasks.model.items]
    assert not any("保管检查" in title or "旧纸证" in title for title in titles)


def test_a_deed_left_half_filled_is_listed_and_leads_to_its_record(
    app: QApplication, shell: Shell, kept: Device
) -> None:
    page = at(shell, Place.STORES, "main")
    review = press(shell, page, "check")
    review.form.fields["note"].set_value("东墙有水渍")
    review.autosave.save()
    settle(shell)
    review.reject()
    settle(shell)
    today = at(shell, Place.TODAY)
    (draft,) = today._drafts
    assert (draft.title, draft.place, draft.subject) == ("保管检查  main", Place.STORES, "main")
    again = press(shell, at(shell, draft.place, draft.subject), "check")
    settle(shell)
    assert again.form.value("note") == "东墙有水渍"


def test_every_form_that_keeps_a_draft_has_a_place_and_a_name() -> None:
    from ui.models.today import DEED_PLACES, DRAFT_PLACES
    from ui.texts import text

    for form in (*DRAFT_PLACES, *DEED_PLACES):
        assert text(f"draft.{form}") != f"draft.{form}"
    assert not set(DRAFT_PLACES) & set(DEED_PLACES)
