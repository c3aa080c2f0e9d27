"""Pre-numbered stock (预印编号): each number has one sheet, and what becomes of that sheet becomes of the number."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.device import Device
from inspector_app.services.print_jobs import answer, release_spare, submit
from tests.office import Office
from tests.printers.fake import FakePrinter
from tests.services.work import assert_sound, done, inspected, issued, only, printed, state


@pytest.fixture(autouse=True)
def numbered(office: Office, device: Device) -> None:
    """The province prints numbers on its stock."""
    office.publish(device, office.policy(paper_mode="pre_numbered"))


def on_its_sheet(device: Device, number: str, outcome: str = "printed") -> str:
    """A certificate printed on the sheet of its number."""
    attempt = done(submit(device, number, FakePrinter(), paper=number.partition(" ")[2]))
    if (device.rows.one("attempts", ref=attempt.ref) or {})["outcome"] == "open":
        done(answer(device, attempt.ref, outcome))
    return number


@pytest.mark.parametrize("reason", ["paper_jam", "lost_before_handover"])
def test_g33_one_number_is_never_printed_on_a_second_sheet(device: Device, reason: str) -> None:
    number = on_its_sheet(device, issued(device))
    spoiled = [1, 2] if reason == "paper_jam" else []
    assert only(release_spare(device, number, reason=reason, spoiled=spoiled), C.SHEET_IS_SINGLE).current == number
    assert [row["state"] for row in device.rows.many("sheets", number=number)] == ["printed", "printed"]


def test_a_spoiled_sheet_is_answered_by_the_next_number_on_its_own_sheet(device: Device) -> None:
    batch = inspected(device)
    old = on_its_sheet(device, issued(device, batch))
    new = issued(device, batch, replaces=old, replace_reason="sheet_spoiled", replaces_on_desk=2)
    on_its_sheet(device, new)
    assert (state(device, old), state(device, new)) == ("replaced", "issued")
    assert {row["state"] for row in device.rows.many("sheets", number=old)} == {"spoiled"}
    assert_sound(device)


def test_what_did_not_come_out_goes_on_the_same_sheet(device: Device) -> None:
    number = issued(device)
    done(submit(device, number, FakePrinter(off=True), paper=number.partition(" ")[2]))
    on_its_sheet(device, number)


def test_a_thermal_strip_bears_no_number_of_its_own_and_has_further_prints(device: Device) -> None:
    number = printed(device, issued(device, medium="thermal_80"))
    assert done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2])) == 2


def test_on_plain_paper_the_next_print_follows_as_before(office: Office, device: Device) -> None:
    office.publish(device, office.policy(paper_mode="plain"))
    number = printed(device)
    assert done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2])) == 2
