"""Sheets of other stations taken in: kept here without a record, then handed in or destroyed (GX-2014 Art. 23 (5))."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.refusals import Refused
from inspector_app.domain.writing_off import CHECKS, CopyRead
from inspector_app.services.device import Device, Session
from inspector_app.services.number_custody import request_block
from inspector_app.services.on_desk import Sheet
from inspector_app.services.print_jobs import content_of
from inspector_app.services.sheet_custody import hand_in, lose_sheet, to_hand_in
from inspector_app.services.taking_in import StrangeSheet, take_in_sheet
from inspector_app.services.tracing import trace
from inspector_app.services.writing_off import WriteOffForm, write_off
from tests.office import Office
from tests.services.old_papers import photo, staff
from tests.services.test_sheet_custody import balanced
from tests.services.work import acting, codes, done, handed_over, only

STRANGE = "B 3300000003"


def taken_in(device: Device, **changes: Any) -> str | Refused:
    """The travelling sheet of a paper of another province, kept at a check on the road."""
    said: dict[str, Any] = {
        "bears": STRANGE,
        "sheet": 2,
        "reason": "used",
        "source": "check_on_the_road",
        "photos": photo(device),
    }
    return take_in_sheet(device, StrangeSheet(**{**said, **changes}))


def state_of(device: Device, sheet: int = 2) -> str:
    return str((device.rows.one("sheets", number=STRANGE, print=0, sheet=sheet) or {}).get("state"))


def test_a_used_paper_of_another_station_is_kept_and_handed_in(office: Office, device: Device) -> None:
    staff(office, device)
    ref = done(taken_in(device, note="司机当场交出"))
    assert state_of(device) == "collected"
    assert [str(name) for name in to_hand_in(device)] == [f"{STRANGE} 0/2"]
    balanced(device)
    done(hand_in(device, to_hand_in(device), to="county_keeper"))
    life = done(trace(device, STRANGE))
    assert [(step.what, step.ref == ref) for step in life.steps] == [
        ("sheet.taken_in", True),
        ("sheets.handed_in", False),
    ]
    balanced(device)


def test_it_is_written_off_without_a_record(office: Office, device: Device) -> None:
    staff(office, device)
    done(taken_in(device))
    checks = [check.code for check in device.catalogue.checks(CHECKS, device.today())]
    read = [CopyRead(sheet=2, issued_on="2026-11-20", quantity=Quantity(3, 0, 11))]
    made = done(write_off(device, WriteOffForm(number=STRANGE, print=0, checks=checks, copies=read, same_hand=True)))
    assert not made.suspect


@pytest.mark.parametrize("bears", ["b3300000003", "Ｂ ３３０００００００３"])
def test_what_the_paper_bears_is_read_as_people_write_it(device: Device, bears: str) -> None:
    done(taken_in(device, bears=bears))
    assert state_of(device) == "collected"


@pytest.mark.parametrize("bears", ["", "3300000003", "王大河的证", "X 3300000003", "B 33O0000003"])
def test_what_bears_no_number_is_refused(device: Device, bears: str) -> None:
    only(taken_in(device, bears=bears), C.FIELD_INVALID, "number")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reason": ""}, C.FIELD_MISSING, "reason"),
        ({"reason": "because"}, C.FIELD_INVALID, "reason"),
        ({"source": ""}, C.FIELD_MISSING, "source"),
        ({"source": "王大河"}, C.FIELD_INVALID, "source"),
        ({"source": "other"}, C.FIELD_MISSING, "note"),
        ({"photos": ()}, C.PHOTO_MISSING, "attachments"),
        ({"photos": (), "no_picture": "lazy"}, C.FIELD_INVALID, "no_picture"),
        ({"sheet": 0}, C.FIELD_INVALID, "sheet"),
        ({"sheet": 10}, C.FIELD_INVALID, "sheet"),
    ],
)
def test_g36_a_sheet_comes_with_reason_source_and_photograph(
    device: Device, changes: dict[str, Any], code: C, field: str
) -> None:
    only(taken_in(device, **changes), code, field)
    assert device.rows.many("taken_in") == []


def test_g36_what_this_station_issued_or_may_issue_is_no_strange_sheet(device: Device) -> None:
    number = handed_over(device)
    for own in (number, "B 9900000009", content_of(device, number, 1).code):
        only(taken_in(device, bears=own), C.OWN_NUMBER, "number")


def test_one_sheet_is_taken_in_once_and_the_next_beside_it(device: Device) -> None:
    done(taken_in(device))
    only(taken_in(device), C.ALREADY_RECORDED, "number")
    done(taken_in(device, sheet=1))
    assert [state_of(device, sheet) for sheet in (1, 2)] == ["collected"] * 2


def test_without_a_post_for_it_nobody_takes_in(office: Office, device: Device, clerk: Session) -> None:
    office.publish(device, office.grant(clerk.person, "assistant"))
    with acting(device, clerk):
        assert codes(taken_in(device)) == [C.POST_MISSING]


def test_a_sheet_two_computers_take_in_is_one_sheet(office: Office, device: Device, sister: Device) -> None:
    done(taken_in(device))
    done(taken_in(sister))
    office.relay(device, sister)
    office.relay(sister, device)
    shown = [one.rows.many("sheets", number=STRANGE) for one in (device, sister)]
    assert shown[0] == shown[1]
    for one in (device, sister):
        balanced(one)


def test_a_strange_sheet_that_is_lost_again_is_a_loss_and_blocks_no_draw(device: Device) -> None:
    done(taken_in(device))
    done(lose_sheet(device, STRANGE, Sheet(0, 2), cause="lost"))
    assert state_of(device) == "lost"
    done(request_block(device, "B", 5))
