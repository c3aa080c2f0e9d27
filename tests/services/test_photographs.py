"""A photograph that a reason had excused is put beside its act later."""

from __future__ import annotations

import pytest

from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store, check_store, describe_store
from inspector_app.services.on_desk import Sheet
from inspector_app.services.photographs import Owed, add_photographs, later_pictures, owed_photographs
from inspector_app.services.sheet_custody import lose_sheet, spoil_sheet
from inspector_app.services.taking_in import StrangeSheet, take_in_sheet
from inspector_app.services.tracing import trace
from inspector_app.services.upkeep import Due, upkeep_due
from tests.office import HEAD
from tests.services.old_papers import photo
from tests.services.work import done, only, printed, void_paper

TRAVELLING = Sheet(1, 2)


@pytest.fixture
def number(device: Device) -> str:
    return printed(device)


@pytest.fixture
def excused(device: Device, number: str) -> str:
    """A sheet was registered while the camera was broken."""
    return done(spoil_sheet(device, number, TRAVELLING, category="damaged", no_picture="camera_broken"))


def test_it_stands_beside_the_act_and_in_the_life_of_the_number(device: Device, number: str, excused: str) -> None:
    ref = done(add_photographs(device, excused, photo(device)))
    assert later_pictures(device, excused) == 1
    steps = [(step.what, step.ref) for step in done(trace(device, number)).steps]
    assert steps[-2:] == [("sheet.spoiled", excused), ("photographs.added", ref)]


def test_without_a_picture_nothing_is_added(device: Device, excused: str) -> None:
    only(add_photographs(device, excused, ()), C.PHOTO_MISSING, "attachments")
    only(add_photographs(device, excused, ["5f" * 32]), C.FIELD_INVALID, "attachments")
    assert later_pictures(device, excused) == 0


def test_what_was_photographed_from_the_beginning_asks_for_none(device: Device, number: str) -> None:
    pictured = done(spoil_sheet(device, number, TRAVELLING, category="damaged", photos=photo(device)))
    only(add_photographs(device, pictured, photo(device)), C.FIELD_INVALID, "about")


@pytest.mark.parametrize("about", ["", "B 9900000001", "0123456789abcdef0123456789abcdef/9"])
def test_an_act_nobody_knows_has_no_photograph(device: Device, about: str) -> None:
    only(add_photographs(device, about, photo(device)), C.NOT_FOUND, "about")


def owed(device: Device) -> list[tuple[str, str]]:
    return [(one.number, one.due_on) for one in owed_photographs(device)]


def test_a_photograph_is_owed_within_five_working_days_until_it_is_there(
    device: Device, number: str, excused: str
) -> None:
    assert owed_photographs(device) == [Owed(excused, number, "2026-11-27", SheetState.SPOILED)]
    assert Due("photograph_due", "2026-11-27", number=number, state=SheetState.SPOILED) in upkeep_due(device)
    done(add_photographs(device, excused, photo(device)))
    assert owed_photographs(device) == []
    assert "photograph_due" not in [one.code for one in upkeep_due(device)]


def test_the_marked_sheets_of_an_ended_paper_are_owed_under_its_number(device: Device, number: str) -> None:
    done(void_paper(device, number, reason="trip_cancelled", on_desk=2))
    assert owed(device) == [(number, "2026-11-27")]


def test_where_there_was_nothing_to_photograph_nothing_is_owed(device: Device, number: str) -> None:
    done(spoil_sheet(device, number, TRAVELLING, category="damaged", no_picture="nothing_there"))
    assert owed(device) == []


def test_a_sheet_that_is_gone_is_photographed_no_more(device: Device, number: str) -> None:
    done(void_paper(device, number, reason="trip_cancelled", on_desk=2))
    for sheet in (1, 2):
        assert owed(device) != []
        done(lose_sheet(device, number, Sheet(1, sheet), cause="lost"))
    assert owed(device) == []


def test_a_check_of_a_store_is_over_and_owes_no_picture(device: Device, head: Session) -> None:
    device.session = head
    done(assign_store(device, "main", HEAD))
    done(describe_store(device, "main", sort="cabinet", measures=("desiccant", "iron_cabinet", "smoke_alarm")))
    done(check_store(device, "main", no_picture="camera_broken"))
    assert owed(device) == []


def test_a_sheet_of_another_station_is_owed_under_the_number_it_bears(device: Device) -> None:
    strange = StrangeSheet(
        bears="B 8800000001", sheet=2, reason="used", source="check_on_the_road", no_picture="camera_broken"
    )
    done(take_in_sheet(device, strange))
    assert [(one.state, one.number) for one in owed_photographs(device)] == [(SheetState.COLLECTED, "B 8800000001")]
