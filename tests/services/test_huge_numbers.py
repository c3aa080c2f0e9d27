"""Numbers of persons and copies beyond what a database counts to, given to services: nobody and nothing has them."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sheet_custody import SheetName, hand_in, lose_sheet, spoil_sheet
from tests.office import HEAD
from tests.services.work import codes, done, only, printed

HUGE = (10**30, -(10**30), 2**63)


@pytest.mark.parametrize("huge", HUGE)
def test_nobody_has_a_number_no_column_holds(device: Device, head: Session, huge: int) -> None:
    device.session = head
    assert codes(assign_store(device, "main", huge))
    done(assign_store(device, "main", HEAD))
    assert device.grant(huge) is None
    assert device.rows.many("grants", person=huge) == []
    assert device.rows.one("stores", store="main", keeper=huge) is None


@pytest.mark.parametrize("huge", HUGE)
def test_no_sheet_has_a_print_no_column_holds(device: Device, huge: int) -> None:
    number = printed(device)
    for at in (Sheet(huge, 1), Sheet(1, huge)):
        only(spoil_sheet(device, number, at, category="damaged", no_picture="camera_broken"), C.NOT_FOUND, "sheet")
        only(lose_sheet(device, number, at, cause="lost"), C.NOT_FOUND, "sheet")
    only(hand_in(device, [SheetName("B", "9" * 30, huge, 1)], to="county_keeper"), C.NOT_FOUND, "sheet")


def test_the_largest_number_a_column_holds_is_only_not_found(device: Device) -> None:
    assert device.rows.many("grants", person=2**63 - 1) == []
    assert device.rows.many("grants", person=-(2**63)) == []
