"""A photograph that a reason had excused is put beside its act later."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.device import Device
from inspector_app.services.on_desk import Sheet
from inspector_app.services.photographs import add_photographs, later_pictures
from inspector_app.services.sheet_custody import spoil_sheet
from inspector_app.services.tracing import trace
from tests.services.old_papers import photo
from tests.services.work import done, only, printed

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
