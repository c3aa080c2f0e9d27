"""How a print came out: what a person or the printer says, and what is known outside practice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.authority import TerminalLicence
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.printing import PrintEnded
from inspector_app.ports import JobReport, Outcome
from inspector_app.services import print_jobs
from inspector_app.services.device import Device, Session
from inspector_app.services.print_jobs import (
    answer,
    cancel,
    follow,
    follow_open,
    open_attempts,
    submit,
)
from printing.escpos_printers import EscposTcpPrinter
from printing.thermal import PrinterProfile
from tests.office import FAR, STATION, VET, HandClock, Office
from tests.printers.fake import FakePrinter
from tests.services.prints import sheets, state_of
from tests.services.work import (
    acting,
    assert_sound,
    done,
    inspected,
    issued,
    only,
    printed,
)

C = RefusalCode


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "print_state", "made"),
    [
        ("printed", "printed", ["printed", "printed"]),
        ("unknown", "unknown", []),
        ("spoiled", "spoiled", ["spoiled", "spoiled"]),
    ],
)
def test_each_answer_has_its_consequence(device: Device, outcome: str, print_state: str, made: list[str]) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(jams=True)))
    done(answer(device, attempt.ref, outcome))
    assert (state_of(device, number), sheets(device, number)) == (print_state, made)
    assert_sound(device)


def test_an_attempt_is_answered_once_with_one_of_four_words(device: Device) -> None:
    attempt = done(submit(device, issued(device), FakePrinter(deaf=True)))
    only(answer(device, attempt.ref, "fine"), C.FIELD_INVALID, "outcome")
    done(answer(device, attempt.ref, "printed"))
    found = only(answer(device, attempt.ref, "unknown"), C.WRONG_STATE)
    assert (found.current, found.limit) == ("printed", "open")
    only(answer(device, "nowhere/1", "printed"), C.NOT_FOUND)


def test_of_two_people_who_answer_the_first_counts(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = done(submit(device, issued(device), FakePrinter(deaf=True)))
    asked: list[str] = []
    real = print_jobs._open_refusals

    def meanwhile(where: Device, ref: str) -> Any:
        found = real(where, ref)
        if not asked:
            asked.append(ref)
            done(answer(where, ref, "spoiled"))
        return found

    monkeypatch.setattr(print_jobs, "_open_refusals", meanwhile)
    assert only(answer(device, attempt.ref, "printed"), C.WRONG_STATE).current == "spoiled"
    ends = [entry.fact for entry in device.store.entries() if isinstance(entry.fact, PrintEnded)]
    assert [(fact.outcome, fact.source) for fact in ends] == [("spoiled", "person")]


def test_a_jam_stays_unknown_until_a_person_looks(device: Device) -> None:
    printer = FakePrinter(jams=True)
    attempt = done(submit(device, issued(device), printer))
    assert follow(device, attempt.ref, printer) == JobReport(Outcome.UNKNOWN, True, ("media-jam",))
    assert len(open_attempts(device)) == 1


def test_a_queued_job_must_be_seen_cancelled(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    assert not attempt.report.settled
    assert cancel(device, attempt.ref, printer).outcome is Outcome.NOT_PRINTED
    assert state_of(device, number) == "open"
    printer.refill()
    assert printer.sheets == []
    printed(device, number, FakePrinter())


def test_a_job_that_came_out_before_it_was_cancelled_stays_open_for_an_answer(device: Device) -> None:
    printer = FakePrinter(deaf=True)
    attempt = done(submit(device, issued(device), printer))
    assert cancel(device, attempt.ref, printer).outcome is Outcome.UNKNOWN
    assert len(open_attempts(device)) == 1


def test_that_nothing_came_out_is_believed_when_the_job_is_seen_cancelled(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    found = only(answer(device, attempt.ref, "not_printed"), C.PRINT_STILL_QUEUED)
    assert found.details == {"number": number, "printer": "fake"}
    assert len(open_attempts(device)) == 1
    assert answer(device, attempt.ref, "not_printed", printer) == attempt.ref
    printer.refill()
    assert (printer.sheets, state_of(device, number)) == ([], "open")
    assert_sound(device)


@pytest.mark.parametrize("printer", [FakePrinter(deaf=True), FakePrinter(jams=True)], ids=["deaf", "jam"])
def test_what_the_printer_cannot_vouch_for_is_unknown_or_spoiled_never_not_printed(
    device: Device, printer: FakePrinter
) -> None:
    attempt = done(submit(device, issued(device), printer))
    only(answer(device, attempt.ref, "not_printed", printer), C.PRINT_STILL_QUEUED)
    done(answer(device, attempt.ref, "unknown", printer))


def test_what_came_out_meanwhile_is_told_to_who_says_nothing_did(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    printer.refill()
    assert only(answer(device, attempt.ref, "not_printed", printer), C.WRONG_STATE).current == "printed"
    assert sheets(device, number) == ["printed", "printed"]


def test_after_a_restart_open_attempts_are_looked_up_at_their_own_printers(device: Device) -> None:
    batch = inspected(device)
    laser, ticket = FakePrinter("laser", paper_out=True), FakePrinter("ticket", paper_out=True)
    page, strip = issued(device, batch), issued(device, batch, medium="thermal_80")
    done(submit(device, page, laser))
    done(submit(device, strip, ticket))
    assert follow_open(device, [laser, ticket]) == 0
    laser.refill()
    ticket.refill()
    assert follow_open(device, [laser]) == 1
    assert (state_of(device, page), state_of(device, strip)) == ("printed", "submitted")
    assert follow_open(device, [FakePrinter("another")]) == 0
    assert [row["number"] for row in open_attempts(device)] == [strip]


def test_a_printer_that_cannot_print_this_is_sent_nothing(device: Device) -> None:
    number = issued(device)
    printer = EscposTcpPrinter("ticket", "192.0.2.1", PrinterProfile(name="ticket"))
    attempt = done(submit(device, number, printer))
    assert attempt.report == JobReport(Outcome.NOT_PRINTED, True, ("printer.cannot_print_this",))
    assert state_of(device, number) == "open"


# --- outside practice ------------------------------------------------------------------------------------------------


def test_outside_practice_nothing_is_printed_without_licence_and_grant(
    office: Office, device: Device, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, printer = issued(device), FakePrinter()
    monkeypatch.setattr(Device, "practice", False)
    only(submit(device, number, printer), C.NO_TERMINAL_LICENCE)
    office.publish(device, TerminalLicence(device.id, STATION, 0, clock.at - 1))
    only(submit(device, number, printer), C.NO_TERMINAL_LICENCE)
    office.publish(device, TerminalLicence(device.id, STATION, 0, clock.at + 1))
    done(submit(device, number, printer))
    assert msgspec.json.decode(printer.sheets[0].content)["leave"]["terminal"]


def test_outside_practice_an_ended_grant_of_the_vet_stops_the_clerks_printing(
    office: Office, device: Device, clerk: Session, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issued(device)
    monkeypatch.setattr(Device, "practice", False)
    office.publish(device, TerminalLicence(device.id, STATION, 0, FAR))
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), valid_until=clock.at - 1))
    with acting(device, clerk):
        only(submit(device, number, FakePrinter()), C.GRANT_EXPIRED)


def test_what_a_person_answered_is_not_taken_back_by_the_printer(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    done(answer(device, attempt.ref, "printed"))  # they looked at the wrong tray
    cancel(device, attempt.ref, printer)
    follow(device, attempt.ref, printer)
    assert state_of(device, number) == "printed"
    assert_sound(device)


def test_an_attempt_without_a_ticket_can_only_be_answered(device: Device) -> None:
    printer = FakePrinter(deaf=True)
    attempt = done(submit(device, issued(device), printer))
    device.store.database.execute("DELETE FROM tickets")
    unknown = JobReport(Outcome.UNKNOWN, True)
    assert (follow(device, attempt.ref, printer), cancel(device, attempt.ref, printer)) == (unknown, unknown)
    done(answer(device, attempt.ref, "printed"))
