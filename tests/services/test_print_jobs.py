"""Prints sent to a printer: exact bytes on record first, and why a print is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.errors import StationError
from inspector_app.journal.entries.printing import PrintSubmitted
from inspector_app.ports import JobReport, Outcome, PrintJob
from inspector_app.services.device import Device, Session
from inspector_app.services.print_jobs import (
    answer,
    follow,
    open_attempts,
    submit,
)
from tests.office import HandClock, PlainPaper
from tests.printers.fake import FakePrinter
from tests.services.prints import issued_for_long, sheets, state_of
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    inspected,
    issued,
    only,
    printed,
    void_paper,
)

C = RefusalCode


# --- submitting ------------------------------------------------------------------------------------------------------


def test_the_attempt_and_its_bytes_are_on_record_before_a_byte_leaves(device: Device) -> None:
    seen: list[tuple[str, bytes]] = []

    class Watching(FakePrinter):
        def submit(self, job: PrintJob) -> str:
            (attempt,) = open_attempts(device)
            seen.append((str(attempt["number"]), device.files.read(str(attempt["file"]))))
            assert seen[-1][1] == job.content
            return super().submit(job)

    number = issued(device)
    attempt = done(submit(device, number, Watching()))
    assert [what for what, _bytes in seen] == [number]
    assert attempt.report == JobReport(Outcome.PRINTED, True)
    assert (state_of(device, number), open_attempts(device)) == ("printed", [])


def test_the_job_says_what_it_is_and_how_many_copies_it_holds(device: Device) -> None:
    printer = FakePrinter()
    number = printed(device, issued(device), printer)
    (job,) = printer.sheets
    assert (job.name, job.media_type, job.sheets) == (f"{number} print 1 attempt 1", "application/pdf", 2)
    assert msgspec.json.decode(job.content)["number"] == number


def test_a_thermal_print_is_told_as_such(device: Device) -> None:
    printer = FakePrinter("ticket")
    number = issued(device, medium="thermal_80")
    attempt = done(submit(device, number, printer))
    fact = (device.store.entry(attempt.ref) or pytest.fail("no entry")).fact
    assert isinstance(fact, PrintSubmitted)
    assert (fact.medium, fact.form, fact.printer) == ("thermal", "portable_b_80", "ticket")
    assert printer.sheets[0].media_type == "application/vnd.escpos"


def test_printed_is_what_a_person_or_the_printers_counter_says(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))
    assert sheets(device, number) == []
    done(answer(device, attempt.ref, "printed"))
    assert sheets(device, number) == ["printed", "printed"]
    counted = issued(device)
    printer = FakePrinter(paper_out=True)
    attempt = done(submit(device, counted, printer))
    printer.refill()
    assert follow(device, attempt.ref, printer).outcome is Outcome.PRINTED
    assert (device.rows.one("attempts", ref=attempt.ref) or {})["source"] == "device"
    assert_sound(device)


def test_an_unreachable_printer_proves_nothing_was_printed(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(off=True)))
    assert attempt.report == JobReport(Outcome.NOT_PRINTED, True, ("printer.unreachable",))
    assert open_attempts(device) == []
    assert (state_of(device, number), sheets(device, number)) == ("open", [])


def test_the_same_print_is_the_same_bytes_whoever_tries_again(device: Device, clerk: Session) -> None:
    number = issued(device)
    done(submit(device, number, FakePrinter(off=True)))
    device.paper = DriftingPaper()
    empty, printer = FakePrinter("empty", paper_out=True), FakePrinter()
    with acting(device, clerk):
        attempt = done(submit(device, number, empty))
        done(answer(device, attempt.ref, "not_printed", empty))
        done(submit(device, number, printer))
    assert [job.content for job in printer.sheets] == [device.files.read(_only_file(device, number))]
    assert b"drifted" not in printer.sheets[0].content
    tries = device.rows.many("attempts", order="submitted_at, attempt", number=number)
    assert [(row["print"], row["attempt"], row["file"]) for row in tries] == [
        (1, count, tries[0]["file"]) for count in (1, 2, 3)
    ]
    assert state_of(device, number) == "printed"


def _only_file(device: Device, number: str) -> str:
    (name,) = {str(row["file"]) for row in device.rows.many("attempts", number=number)}
    return name


class DriftingPaper(PlainPaper):
    """A press after an update: it would draw the same content with other bytes."""

    def render(self, content: Any) -> bytes:
        return super().render(content) + b"drifted"


# --- refusals of printing --------------------------------------------------------------------------------------------


def test_an_open_attempt_blocks_the_next_print_until_somebody_answers(device: Device) -> None:
    printer = FakePrinter(deaf=True)
    first, second = issued(device), issued(device)
    attempt = done(submit(device, first, printer))
    found = only(submit(device, second, printer), C.PRINT_OPEN)
    assert found.details == {"number": first}
    assert codes(submit(device, first, printer)) == [C.WRONG_STATE, C.PRINT_OPEN]
    done(answer(device, attempt.ref, "printed"))
    printed(device, second)


def test_an_open_attempt_on_the_ticket_printer_does_not_block_the_laser(device: Device) -> None:
    batch = inspected(device)
    ticket, page = issued(device, batch, medium="thermal_80"), issued(device, batch)
    attempt = done(submit(device, ticket, FakePrinter(deaf=True)))
    done(submit(device, page, FakePrinter(deaf=True)))
    other = issued(device, batch, medium="thermal_58")
    assert only(submit(device, other, FakePrinter()), C.PRINT_OPEN).details == {"number": ticket}
    done(answer(device, attempt.ref, "printed"))
    printed(device, other)


def test_an_open_attempt_blocks_printing_and_nothing_else(device: Device) -> None:
    batch = inspected(device)
    number = issued(device, batch)
    done(submit(device, number, FakePrinter(deaf=True)))
    assert issued(device, batch) == "B 9900000002"


def test_a_print_that_came_out_is_not_sent_again(device: Device) -> None:
    number = printed(device)
    found = only(submit(device, number, FakePrinter()), C.WRONG_STATE)
    assert (found.current, found.limit) == ("printed", "open")


def test_a_void_certificate_is_not_printed(device: Device) -> None:
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    assert only(submit(device, number, FakePrinter()), C.WRONG_STATE).current == "voided"


def test_a_number_nobody_used_is_not_found(device: Device) -> None:
    assert only(submit(device, "B 9900000007", FakePrinter()), C.NOT_FOUND).current == "B 9900000007"


def test_a_template_withdrawn_since_stops_the_print_not_the_certificate(device: Device) -> None:
    number = issued(device)

    class OtherPaper(PlainPaper):
        def form_hash(self, form: str) -> str:
            return "00" * 32

    device.paper = OtherPaper()
    assert only(submit(device, number, FakePrinter()), C.TEMPLATE_NOT_SIGNED).details == {"form": "certificate_b"}
    assert open_attempts(device) == []


def test_whoever_neither_vets_nor_prints_prints_nothing(device: Device, head: Session) -> None:
    number = issued(device)
    with acting(device, head):
        assert only(submit(device, number, FakePrinter()), C.POST_MISSING).details == {"action": "print"}
    with acting(device, None):
        assert C.NOT_SIGNED_IN in codes(submit(device, number, FakePrinter()))


def test_the_lapsed_right_to_issue_leaves_the_right_to_print(device: Device, clock: HandClock) -> None:
    number = issued_for_long(device, clock)
    clock.forward(days=3)
    printed(device, number)


def test_a_credential_that_is_gone_is_told_and_nothing_is_sent(device: Device) -> None:
    number = issued(device)
    device.store.database.execute("DELETE FROM credentials WHERE number = ?", (number,))
    printer = FakePrinter()
    with pytest.raises(StationError, match="credential_missing"):
        submit(device, number, printer)
    assert (printer.sheets, open_attempts(device)) == ([], [])
