"""What a station sees when the laser is empty, jammed, switched off or lying: never a false *printed*.

Real ippeveprinter and real cupsd; the situations are those measured in PRINTING 1.3.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from inspector_app.clock import SystemClock
from inspector_app.errors import StationError
from inspector_app.ports import JobReport, Outcome
from printing.following import follow
from printing.ipp_printer import IppPrinter, Paper
from tests.printers.clocks import HurriedClock
from tests.printers.conftest import PrintRoom
from tests.printers.lab import wait_until
from tests.printers.test_contract import pdf_job


def at_device(room: PrintRoom) -> IppPrinter:
    return IppPrinter("laser", room.device.uri, HurriedClock(), timeout_s=20)


def at_queue(room: PrintRoom) -> IppPrinter:
    return IppPrinter("laser", room.queue, HurriedClock(), timeout_s=20)


def wait_for(printer: IppPrinter, ticket: str, seen: Callable[[JobReport], bool]) -> None:
    wait_until(lambda: seen(printer.report(ticket)), "the report")


@pytest.mark.parametrize("through", [at_device, at_queue])
def test_out_of_paper_is_shown_and_nothing_counts_as_printed(
    print_room: PrintRoom, through: Callable[[PrintRoom], IppPrinter]
) -> None:
    printer = through(print_room)
    with print_room.device.fault("media-empty"):
        ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
        wait_for(printer, ticket, lambda report: "media-empty" in report.reasons)
        report = printer.report(ticket)
        assert (report.outcome, report.settled) == (Outcome.UNKNOWN, False)
        assert print_room.device.printed == []
    assert follow(printer, ticket, SystemClock()).outcome is Outcome.PRINTED
    assert len(print_room.device.printed) == 1


def test_nothing_is_sent_to_a_printer_that_says_it_is_empty(print_room: PrintRoom) -> None:
    printer = at_device(print_room)
    with print_room.device.fault("media-empty"):
        first = printer.submit(pdf_job("B 1 print 1 attempt 1"))
        wait_for(printer, first, lambda report: "media-empty" in report.reasons)
        with pytest.raises(StationError) as caught:
            printer.submit(pdf_job("B 2 print 1 attempt 1"))
    assert caught.value.code == "printer.not_ready"
    assert printer.health() == () or "media-empty" in printer.health()
    follow(printer, first, SystemClock())
    assert len(print_room.device.printed) == 1


def test_an_open_cover_is_named(print_room: PrintRoom) -> None:
    printer = at_device(print_room)
    with print_room.device.fault("cover-open"):
        ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
        wait_for(printer, ticket, lambda report: "cover-open" in report.reasons)
    follow(printer, ticket, SystemClock())


def test_a_job_the_printer_will_not_let_go_of_is_not_seen_cancelled(print_room: PrintRoom) -> None:
    printer = at_device(print_room)
    with print_room.device.fault("media-empty"):
        ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
        wait_for(printer, ticket, lambda report: "media-empty" in report.reasons)
        report = printer.cancel(ticket)
        assert (report.outcome, report.settled) == (Outcome.UNKNOWN, False)
    ended = follow(printer, ticket, SystemClock())
    assert len(print_room.device.printed) == 1  # it came out although it was cancelled
    assert (ended.outcome, ended.settled) == (Outcome.UNKNOWN, True)


def queued_for_an_absent_printer(room: PrintRoom, printer: IppPrinter) -> str:
    """A job handed to the queue just before the printer was switched off."""
    room.cups.run("lpadmin", "-p", "laser", "-o", "job-hold-until-default=indefinite")
    ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
    room.device.switch_off()
    room.cups.run("lpadmin", "-p", "laser", "-o", "job-hold-until-default=no-hold")
    room.cups.run("lp", "-i", f"laser-{msgspec.json.decode(ticket)[0]}", "-H", "resume")
    wait_for(printer, ticket, lambda report: report.reasons[:1] == ("printing",))
    return ticket


def test_nothing_is_queued_for_a_printer_that_is_switched_off(print_room: PrintRoom) -> None:
    print_room.device.switch_off()
    with pytest.raises(StationError) as caught:
        at_queue(print_room).submit(pdf_job("B 1 print 1 attempt 1"))
    assert (caught.value.code, caught.value.details["reasons"]) == ("printer.not_ready", "offline")


def test_what_a_queue_remembers_of_its_printer_does_not_stop_printing(print_room: PrintRoom) -> None:
    """A printer that died empty leaves *media-empty* at its queue until the next job."""
    printer = at_queue(print_room)
    with print_room.device.fault("media-empty"):
        ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
        wait_for(printer, ticket, lambda report: "media-empty" in report.reasons)
        print_room.device.switch_off()
    printer.cancel(ticket)
    print_room.device.switch_on()
    assert printer.health() == ()
    assert follow(printer, printer.submit(pdf_job("B 2 print 1 attempt 1")), SystemClock()).outcome is Outcome.PRINTED


def test_a_job_for_an_absent_printer_waits_and_then_prints_by_itself(print_room: PrintRoom) -> None:
    printer = at_queue(print_room)
    ticket = queued_for_an_absent_printer(print_room, printer)
    print_room.device.switch_on()
    assert follow(printer, ticket, SystemClock()).outcome is Outcome.PRINTED
    assert len(print_room.device.printed) == 1


def test_a_queued_job_seen_cancelled_does_not_print_when_the_printer_returns(print_room: PrintRoom) -> None:
    printer = at_queue(print_room)
    report = printer.cancel(queued_for_an_absent_printer(print_room, printer))
    assert report.settled
    assert report.outcome is not Outcome.PRINTED
    print_room.device.switch_on()
    second = printer.submit(pdf_job("B 2 print 1 attempt 1"))
    assert follow(printer, second, SystemClock()).outcome is Outcome.PRINTED
    assert len(print_room.device.printed) == 1


def test_a_job_held_back_by_a_stopped_queue_is_proven_unprinted_once_cancelled(print_room: PrintRoom) -> None:
    printer = at_queue(print_room)
    print_room.cups.run("lpadmin", "-p", "laser", "-o", "job-hold-until-default=indefinite")
    ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
    waiting = printer.report(ticket)
    assert (waiting.settled, waiting.reasons[0]) == (False, "queued")
    report = printer.cancel(ticket)
    print_room.cups.run("lpadmin", "-p", "laser", "-o", "job-hold-until-default=no-hold")
    assert (report.outcome, report.settled) == (Outcome.NOT_PRINTED, True)
    assert print_room.device.printed == []


def test_a_printer_that_dies_with_the_sheet_is_not_believed_by_way_of_the_queue(print_room: PrintRoom) -> None:
    """CUPS reports *completed* for this one; the sheet was never made."""
    printer = at_queue(print_room)
    with print_room.device.fault("media-empty"):
        ticket = printer.submit(pdf_job("B 1 print 1 attempt 1"))
        wait_for(printer, ticket, lambda report: "media-empty" in report.reasons)
        print_room.device.switch_off()
    print_room.device.clear_history()
    print_room.device.switch_on()
    report = follow(printer, ticket, SystemClock())
    made = len(print_room.device.printed)
    assert report.outcome is not Outcome.NOT_PRINTED
    assert (report.outcome is Outcome.PRINTED) == (made == 1)


def test_a_queue_that_throws_everything_away_is_never_printed(print_room: PrintRoom) -> None:
    """CUPS reports *completed* for this one too."""
    queue = print_room.cups.add_queue("nowhere", "file:///dev/null", "-m", "raw")
    printer = IppPrinter("nowhere", queue, HurriedClock(), timeout_s=20)
    report = follow(printer, printer.submit(pdf_job("B 1 print 1 attempt 1")), SystemClock())
    print_room.cups.run("lpadmin", "-x", "nowhere")
    assert (report.outcome, report.settled) == (Outcome.UNKNOWN, True)
    assert "queue_says_completed" in report.reasons


def test_a_damaged_document_is_not_sent_at_all(print_room: PrintRoom) -> None:
    job = msgspec.structs.replace(pdf_job("B 1 print 1 attempt 1"), content=b"%PDF-1.4\nnothing of use\n%%EOF\n")
    with pytest.raises(StationError) as caught:
        at_queue(print_room).submit(job)
    assert caught.value.code == "printing.pdf_unreadable"
    assert print_room.device.printed == []


def test_paper_the_printer_does_not_have_is_refused_before_anything_is_sent(print_room: PrintRoom) -> None:
    job = msgspec.structs.replace(pdf_job("B 1 print 1 attempt 1"), media="iso_a3_297x420mm")
    with pytest.raises(StationError) as caught:
        at_device(print_room).submit(job)
    assert caught.value.code == "printer.cannot_print_this"


def test_thermal_bytes_are_not_sent_to_a_laser(print_room: PrintRoom) -> None:
    job = msgspec.structs.replace(pdf_job("B 1 print 1 attempt 1"), media_type="application/vnd.escpos")
    with pytest.raises(StationError) as caught:
        at_device(print_room).submit(job)
    assert caught.value.code == "printer.cannot_print_this"
    assert print_room.device.printed == []


@pytest.mark.parametrize("through", [at_device, at_queue])
def test_size_scaling_sides_and_copies_reach_the_printer_as_asked(
    print_room: PrintRoom, through: Callable[[PrintRoom], IppPrinter]
) -> None:
    printer = through(print_room)
    follow(printer, printer.submit(pdf_job("B 1 print 1 attempt 1")), SystemClock())
    settings = print_room.device.settings()
    # The queue has scaled by then (or rather not: the contract compares the pages dot by dot).
    assert settings.get("IPP_PRINT_SCALING", "none") == "none"
    assert settings["IPP_SIDES"] == "one-sided"
    assert settings.get("IPP_COPIES", "1") == "1"
    assert "210x297" in settings.get("IPP_MEDIA", "") or "x-dimension=21000" in settings.get("IPP_MEDIA_COL", "")


@pytest.mark.parametrize(("address", "tray"), [("device", "tray-2"), ("queue", "Tray2")])
def test_the_tray_of_the_form_is_used(print_room: PrintRoom, address: str, tray: str) -> None:
    uri = print_room.device.uri if address == "device" else print_room.queue
    printer = IppPrinter("laser", uri, HurriedClock(), paper=Paper(tray=tray), timeout_s=20)
    follow(printer, printer.submit(pdf_job("B 1 print 1 attempt 1")), SystemClock())
    assert "media-source=tray-2" in print_room.device.settings()["IPP_MEDIA_COL"]


def test_a_queue_that_was_stopped_takes_no_numbered_form(print_room: PrintRoom) -> None:
    print_room.cups.run("cupsdisable", "laser")
    with pytest.raises(StationError) as caught:
        at_queue(print_room).submit(pdf_job("B 1 print 1 attempt 1"))
    assert caught.value.code == "printer.not_ready"
    assert at_queue(print_room).health() != ()
