"""The term of records of what was drawn: five working days, counted down on the computer that made them."""

from __future__ import annotations

from inspector_app.services import number_custody
from inspector_app.services.device import Device
from inspector_app.services.ready import Weight, check_departure
from inspector_app.services.upload_terms import upload_term
from tests.office import HandClock, Office
from tests.services.test_ready import in_touch
from tests.services.work import done, issued


def test_g13_a_record_of_a_draw_is_counted_down_and_overdue_after_five_working_days(
    device: Device, office: Office, clock: HandClock
) -> None:
    in_touch(device)
    office.publish(device, *office.numbers(device.id, "B"))
    term = upload_term(device)
    assert term is not None
    assert (term.since, term.due_on, term.working_days_left) == ("2026-11-21", "2026-11-27", 5)
    clock.forward(days=7)  # a Saturday: overdue by days, by no working day yet
    late = upload_term(device)
    assert late is not None
    assert late.working_days_left == 0
    clock.forward(days=2)
    late = upload_term(device)
    assert late is not None
    assert late.working_days_left == -1


def test_what_is_no_such_record_and_what_was_confirmed_waits_for_nothing(device: Device) -> None:
    in_touch(device)
    assert upload_term(device) is None
    issued(device)
    assert upload_term(device) is None


def test_numbers_given_back_are_a_record_too(device: Device) -> None:
    in_touch(device)
    done(number_custody.return_numbers(device, "B", "9900000006-9900000010", reason="too_many"))
    assert upload_term(device) is not None


def test_before_departure_one_is_reminded_in_the_last_two_days_and_told_to_report_after_them(
    device: Device, office: Office, clock: HandClock
) -> None:
    in_touch(device)
    office.publish(device, *office.numbers(device.id, "B"))  # on Saturday the 21st, due on Friday the 27th
    assert reminders(device) == []
    clock.forward(days=3)
    assert reminders(device) == []
    clock.forward(days=1)
    assert reminders(device) == [(Weight.NOTE, "distribution_upload_due", 2)]
    clock.forward(days=5)
    assert reminders(device) == [(Weight.CURE, "distribution_upload_overdue", 0)]


def reminders(device: Device) -> list[tuple[Weight, str, object]]:
    found = [one for one in check_departure(device) if one.code.startswith("distribution_upload")]
    return [(one.weight, one.code, one.details["left"]) for one in found]
