"""The fake printer's own tricks, following a job, and the strict head being strict."""

from __future__ import annotations

import pytest

from inspector_app.ports import JobReport, Outcome, PrintJob
from printing.following import follow
from tests.printers.clocks import HurriedClock
from tests.printers.escpos_paper import PaperError, decode
from tests.printers.fake import FakePrinter

JOB = PrintJob("B 1 print 1 attempt 1", b"x", "application/pdf", 1)


def test_following_ends_with_the_first_settled_report() -> None:
    printer, clock = FakePrinter(), HurriedClock(1000)
    assert follow(printer, printer.submit(JOB), clock) == JobReport(Outcome.PRINTED, True)
    assert clock.waited == 0


def test_following_gives_up_at_its_limit_and_says_that_the_job_is_open() -> None:
    printer, clock = FakePrinter(paper_out=True), HurriedClock(1000)
    report = follow(printer, printer.submit(JOB), clock, limit_s=3)
    assert (report.outcome, report.settled) == (Outcome.UNKNOWN, False)
    assert clock.waited == 3


def test_a_queued_job_prints_by_itself_after_a_refill_unless_it_was_cancelled() -> None:
    printer = FakePrinter(paper_out=True)
    first, second = printer.submit(JOB), printer.submit(JOB)
    assert printer.cancel(first).outcome is Outcome.NOT_PRINTED
    printer.refill()
    assert len(printer.sheets) == 1
    assert printer.report(second).outcome is Outcome.PRINTED


def test_a_jam_or_a_lost_history_is_unknown() -> None:
    jammed, forgetful = FakePrinter(jams=True), FakePrinter()
    assert jammed.report(jammed.submit(JOB)).outcome is Outcome.UNKNOWN
    ticket = forgetful.submit(JOB)
    forgetful.restart()
    assert forgetful.report(ticket) == JobReport(Outcome.UNKNOWN, True, ("job_forgotten",))


def test_a_deaf_printer_prints_but_asks_a_person() -> None:
    printer = FakePrinter(deaf=True)
    report = printer.report(printer.submit(JOB))
    assert (len(printer.sheets), report.outcome, report.settled) == (1, Outcome.UNKNOWN, True)


@pytest.mark.parametrize(
    "data",
    [
        b"\x1bZ\x00",
        b"\x1d(k\x03\x001C\x05",
        b"\x07",
        b"\xb6\xaf\n",
        b"\x1c&\xff\xff\n",
        b"unfinished",
        b"\x1dv0\x00\x49\x00\x01\x00" + bytes(0x49),
        b"\x1dv0\x00\x01\x00\x01\x02" + bytes(0x201),
        b"\x1dv0\x00\x02\x00\x02\x00" + bytes(3),
        b"\x1dVA\x00",
        b"x\x1b@",
        b"a" * 49 + b"\n",
    ],
)
def test_the_strict_head_refuses_what_a_real_one_would_spoil(data: bytes) -> None:
    with pytest.raises(PaperError):
        decode(data)


def test_the_strict_head_feeds_half_as_far_before_the_motion_units_are_set() -> None:
    assert decode(b"\x1bJ\x64").height_mm == 6.25
    assert decode(b"\x1dP\xcb\xcb\x1bJ\x64").height_mm == 12.5
