"""What every printer keeps, real or fake. A test module inherits :class:`PrinterContract` and gives the fixtures.

`bench` builds the printer under test, takes it away, and knows which bytes reached its engine.
"""

from __future__ import annotations

from typing import Protocol

import pytest

from inspector_app.clock import SystemClock
from inspector_app.errors import StationError
from inspector_app.ports import Outcome, Printer, PrintJob
from printing.following import follow


class Bench(Protocol):
    """One printer on the test bench."""

    def printer(self) -> Printer:
        """A new object for the device; calling it twice is restarting the program."""

    def unplug(self) -> None:
        """Take the device away."""

    def received(self) -> list[bytes]:
        """Jobs whose bytes all reached the device."""

    def seen(self, content: bytes) -> object:
        """What of a job must arrive: its bytes, or its picture where something on the way writes it anew."""

    def job(self, name: str) -> PrintJob:
        """A job in the device's language."""


class PrinterContract:
    """Inherited by one test class per printer."""

    def test_a_ready_printer_gives_no_reason_against_printing(self, bench: Bench) -> None:
        assert bench.printer().health() == ()

    def test_a_job_that_went_through_ends_printed_or_asks_a_person(self, bench: Bench) -> None:
        printer = bench.printer()
        report = follow(printer, printer.submit(bench.job("B 1 print 1 attempt 1")), SystemClock())
        assert report.settled
        assert report.outcome is not Outcome.NOT_PRINTED
        assert report.outcome is Outcome.PRINTED or report.reasons

    def test_the_job_reaches_the_device_whole_and_once(self, bench: Bench) -> None:
        printer, job = bench.printer(), bench.job("B 1 print 1 attempt 1")
        follow(printer, printer.submit(job), SystemClock())
        received = bench.received()
        assert len(received) == 1
        assert bench.seen(received[0]) == bench.seen(job.content)

    def test_a_settled_report_stays_as_it_is(self, bench: Bench) -> None:
        printer = bench.printer()
        ticket = printer.submit(bench.job("B 1 print 1 attempt 1"))
        first = follow(printer, ticket, SystemClock())
        assert printer.report(ticket) == first

    def test_cancelling_what_is_done_never_proves_it_unprinted(self, bench: Bench) -> None:
        printer = bench.printer()
        ticket = printer.submit(bench.job("B 1 print 1 attempt 1"))
        follow(printer, ticket, SystemClock())
        assert printer.cancel(ticket).outcome is not Outcome.NOT_PRINTED

    def test_after_a_restart_of_the_program_the_job_is_not_taken_for_unprinted(self, bench: Bench) -> None:
        printer = bench.printer()
        ticket = printer.submit(bench.job("B 1 print 1 attempt 1"))
        follow(printer, ticket, SystemClock())
        report = bench.printer().report(ticket)
        assert report.settled
        assert report.outcome is not Outcome.NOT_PRINTED

    def test_two_jobs_have_two_tickets(self, bench: Bench) -> None:
        printer = bench.printer()
        tickets = set()
        for number in (1, 2):
            ticket = printer.submit(bench.job(f"B {number} print 1 attempt 1"))
            follow(printer, ticket, SystemClock())
            tickets.add(ticket)
        assert len(tickets) == 2

    def test_an_absent_device_is_a_reason_not_an_exception(self, bench: Bench) -> None:
        printer = bench.printer()
        bench.unplug()
        assert printer.health() == ("printer.unreachable",)

    def test_submitting_to_an_absent_device_says_that_nothing_was_handed_over(self, bench: Bench) -> None:
        printer = bench.printer()
        bench.unplug()
        with pytest.raises(StationError) as caught:
            printer.submit(bench.job("B 1 print 1 attempt 1"))
        assert caught.value.code == "printer.unreachable"
        assert bench.received() == []

    def test_a_device_lost_after_the_job_leaves_it_unknown_or_proven_never_unprinted(self, bench: Bench) -> None:
        printer = bench.printer()
        ticket = printer.submit(bench.job("B 1 print 1 attempt 1"))
        follow(printer, ticket, SystemClock())
        bench.unplug()
        assert printer.report(ticket).outcome is not Outcome.NOT_PRINTED
