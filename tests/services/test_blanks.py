"""Blanks of pre-numbered stock that are no good: their number is dead, and they go the way of spoiled sheets."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.refusals import Refused
from inspector_app.domain.writing_off import CHECKS
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.services import destroying
from inspector_app.services.blanks import BLANK_SHEET, spoil_blank
from inspector_app.services.device import Device, Session
from inspector_app.services.ledgers import continuity
from inspector_app.services.number_custody import next_number, request_block
from inspector_app.services.sheet_custody import hand_in, spoiled_register, to_hand_in
from inspector_app.services.tracing import trace
from inspector_app.services.writing_off import WriteOffForm, write_off
from tests.office import VET, HandClock, Office
from tests.services.old_papers import carried_out, photo, requested, signed, staff
from tests.services.test_sheet_custody import balanced
from tests.services.work import codes, done, issued, only


@pytest.fixture(autouse=True)
def numbered(office: Office, device: Device) -> None:
    """The province prints numbers on its stock."""
    staff(office, device)
    office.publish(device, office.policy(paper_mode="pre_numbered", draws_in_arrears=0))


def coming(device: Device) -> str:
    """The number that is used next."""
    found = next_number(device, "B", VET)
    assert found is not None
    return found.number.digits


def spoiled(device: Device, digits: str, **changes: Any) -> str | Refused:
    """The blank of this number was torn when the pad was opened."""
    said: dict[str, Any] = {"category": "damaged", "photos": photo(device)}
    return spoil_blank(device, "B", digits, **{**said, **changes})


def checked(device: Device, digits: str, **changes: Any) -> WriteOffForm:
    """Nothing is written on a blank, so nothing is compared."""
    checks = [check.code for check in device.catalogue.checks(CHECKS, device.today())]
    said: dict[str, Any] = {"number": f"B {digits}", "print": 0, "checks": checks, "copies": [], "same_hand": True}
    return WriteOffForm(**{**said, **changes})


@pytest.mark.parametrize("category", ["missing_number", "doubled_number", "damaged"])
def test_a_blank_that_is_no_good_is_registered_and_its_number_is_passed_by(device: Device, category: str) -> None:
    digits = coming(device)
    done(spoiled(device, digits, category=category))
    assert [str(line.name) for line in spoiled_register(device)] == [f"B {digits} 0/0"]
    assert issued(device) == f"B {int(digits) + 1}", "the next sheet of the pad"
    ended = next(one for one in continuity(device).stretches if (one.kind, one.first) == ("B", digits))
    assert (ended.standing.value, ended.reason) == ("withdrawn", category)
    assert continuity(device).to_explain == ()
    balanced(device)


def test_a_spoiled_blank_is_written_off_without_copies_and_destroyed_in_time(device: Device, clock: HandClock) -> None:
    digits = coming(device)
    done(spoiled(device, digits))
    assert not done(write_off(device, checked(device, digits))).suspect
    assert destroying.due_for_destruction(device) == []
    clock.forward(days=800)
    (line,) = destroying.due_for_destruction(device)
    assert (str(line.name), line.written_off) == (f"B {digits} 0/0", True)
    balanced(device)


def test_a_spoiled_blank_is_destroyed_by_four_persons_like_every_sheet(
    device: Device, head: Session, clock: HandClock
) -> None:
    digits = coming(device)
    done(spoiled(device, digits))
    name = SheetName("B", digits, *BLANK_SHEET)
    early = destroying.request_destruction(device, [name], method="shredding", planned_on=device.today(), counted=1)
    assert codes(early) == [C.NOT_WRITTEN_OFF, C.STILL_TO_BE_KEPT]
    done(write_off(device, checked(device, digits)))
    clock.forward(days=800)
    request = requested(device, [name])
    assert codes(destroying.destroy(device, request, carried_out(device))) == [C.NOT_APPROVED]
    signed(device, request, head)
    done(destroying.destroy(device, request, carried_out(device)))
    assert [row["state"] for row in device.rows.many("sheets", number=f"B {digits}")] == ["destroyed"]
    (number,) = device.rows.many("numbers", number=f"B {digits}")
    assert number["state"] == "withdrawn", "its number ended when the blank was spoiled, and stays so"
    assert spoiled_register(device) == []
    assert done(trace(device, f"B {digits}")).steps[-1].what == "sheets.destroyed"
    balanced(device)


def test_a_spoiled_blank_is_owed_before_new_numbers_until_it_is_handed_in(device: Device) -> None:
    done(spoiled(device, coming(device)))
    only(request_block(device, "B", 5), C.OLD_SHEETS_OUTSTANDING)
    done(hand_in(device, to_hand_in(device), to="county_keeper"))
    assert [row["state"] for row in device.rows.many("sheets", print=0)] == ["returned"]
    balanced(device)


def test_its_life_tells_how_it_ended(device: Device) -> None:
    digits = coming(device)
    ref = done(spoiled(device, digits))
    life = done(trace(device, f"B {digits}"))
    assert (life.standing.value, life.steps[-1].ref) == ("withdrawn", ref)


def test_g34_a_blank_has_a_category_and_a_photograph_or_the_reason_why_there_is_none(device: Device) -> None:
    digits = coming(device)
    only(spoiled(device, digits, photos=()), C.PHOTO_MISSING, "attachments")
    only(spoiled(device, digits, category="ugly"), C.FIELD_INVALID, "category")
    only(spoiled(device, digits, photos=(), no_picture="forgot"), C.FIELD_INVALID, "no_picture")
    done(spoiled(device, digits, photos=(), no_picture="camera_broken"))


def test_g34_what_was_used_or_is_spoiled_already_is_no_blank(device: Device) -> None:
    number = issued(device)
    only(spoiled(device, number.partition(" ")[2]), C.WRONG_STATE, "numbers")
    digits = coming(device)
    done(spoiled(device, digits))
    only(spoiled(device, digits), C.WRONG_STATE, "numbers")


def test_g34_on_plain_paper_there_is_no_blank(office: Office, device: Device) -> None:
    office.publish(device, office.policy(paper_mode="plain"))
    only(spoiled(device, coming(device)), C.NO_BLANKS, "numbers")


def test_blanks_are_registered_one_by_one(device: Device) -> None:
    first = coming(device)
    assert codes(spoiled(device, f"{first}-{int(first) + 1}")) == [C.NOT_FOUND]
    assert codes(spoiled(device, "1")) == [C.NOT_FOUND]
    assert device.rows.many("sheets") == []


def test_g34_the_blanks_of_a_sister_lie_with_her(office: Office, device: Device, sister: Device) -> None:
    office.publish(sister, office.policy(paper_mode="pre_numbered"))
    office.show_blocks(device, sister)
    assert codes(spoiled(sister, coming(device))) == [C.NOT_FOUND]
