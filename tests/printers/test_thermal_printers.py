"""Thermal printers that are empty, die, stall, are slow or answer nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.ports import Outcome, PrintJob
from printing.escpos_printers import EscposFilePrinter, EscposTcpPrinter
from printing.thermal import PrinterProfile
from tests.printers.escpos_paper import decode
from tests.printers.thermal_server import Faults, ThermalServer
from tests.printing.samples import CODE, portable_bytes

JOB = PrintJob("B 9900000003 print 1 attempt 1", portable_bytes(), "application/vnd.escpos", 2)


def thermal(
    server: ThermalServer, *, answers: bool = True, timeout_s: float = 30, limit_s: float = 60
) -> EscposTcpPrinter:
    """A printer that is waited for as long as any machine needs; tests of one that never answers wait less."""
    profile = PrinterProfile(name="lab", answers=answers)
    return EscposTcpPrinter(
        "thermal", "127.0.0.1", profile, port=server.port, timeout_s=timeout_s, print_limit_s=limit_s
    )


def test_a_ticket_is_printed_when_the_printer_says_so_after_the_cut() -> None:
    with ThermalServer() as server:
        printer = thermal(server)
        report = printer.report(printer.submit(JOB))
    assert (report.outcome, report.settled) == (Outcome.PRINTED, True)
    assert server.errors == []
    assert server.papers[-1].codes() == [CODE, CODE]
    assert len(server.papers[-1].cuts) == 2


def test_a_page_is_refused_before_the_thermal_printer_is_even_called() -> None:
    page = PrintJob("A 9900000001 print 1 attempt 1", b"%PDF-1.7 a page", "application/pdf", 2)
    with ThermalServer() as server:
        with pytest.raises(StationError) as caught:
            thermal(server).submit(page)
        assert caught.value.code == "printer.cannot_print_this"
        assert server.papers == []


def test_a_page_is_not_written_to_a_thermal_device(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.write_bytes(b"")
    page = PrintJob("A 9900000001 print 1 attempt 1", b"%PDF-1.7 a page", "application/pdf", 2)
    with pytest.raises(StationError) as caught:
        EscposFilePrinter("thermal", device).submit(page)
    assert (caught.value.code, device.read_bytes()) == ("printer.cannot_print_this", b"")


def test_a_slow_printer_is_waited_for() -> None:
    with ThermalServer(Faults(bytes_per_s=400_000)) as server:
        printer = thermal(server)
        assert printer.report(printer.submit(JOB)).outcome is Outcome.PRINTED


@pytest.mark.parametrize(
    ("faults", "reason"), [(Faults(paper_out=True), "media-empty"), (Faults(cover_open=True), "cover-open")]
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(faults: Faults, reason: str) -> None:
    with ThermalServer(faults) as server:
        printer = thermal(server)
        with pytest.raises(StationError) as caught:
            printer.submit(JOB)
        assert printer.health() == (reason,)
        assert server.received < 32
    assert caught.value.code == "printer.not_ready"
    assert caught.value.details["reasons"] == reason


@pytest.mark.parametrize("faults", [Faults(die_after=3_000), Faults(stall_after=3_000)])
def test_a_printer_that_breaks_off_leaves_the_outcome_to_a_person(faults: Faults) -> None:
    with ThermalServer(faults) as server:
        printer = thermal(server, limit_s=2)
        report = printer.report(printer.submit(JOB))
    assert (report.outcome, report.settled) == (Outcome.UNKNOWN, True)
    assert report.reasons[0] in ("while_sending", "waiting_for_proof")


def test_a_stalled_printer_does_not_hold_the_program_longer_than_its_limits() -> None:
    with ThermalServer(Faults(stall_after=3_000)) as server:
        # It stalls for as long as it runs: that this comes back at all is the proof.
        thermal(server, limit_s=0.5).submit(JOB)


def test_a_mute_printer_is_not_sent_to_until_its_profile_says_that_it_is_mute() -> None:
    with ThermalServer(Faults(mute=True)) as server:
        with pytest.raises(StationError) as caught:
            thermal(server, timeout_s=1).submit(JOB)
        assert caught.value.code == "printer.no_answer"
        known = thermal(server, answers=False)
        report = known.report(known.submit(JOB))
    assert (report.outcome, report.reasons) == (Outcome.UNKNOWN, ("device_cannot_confirm",))


def test_real_time_answers_to_bytes_inside_the_picture_are_no_proof() -> None:
    """DLE EOT occurs by chance in pictures and is answered at once; only GS r counts."""
    stray = b"\x1b@\x1c&" + b"\x1dv0\x00\x03\x00\x04\x00" + b"\x10\x04\x01" * 4 + b"\x1dVB\x00"
    with ThermalServer(Faults(no_proof=True)) as server:
        printer = thermal(server, limit_s=0.5)
        report = printer.report(printer.submit(PrintJob("stray", stray * 4, "application/vnd.escpos", 1)))
    assert server.errors == []
    assert report.outcome is Outcome.UNKNOWN


def test_a_ticket_of_an_earlier_run_can_only_be_unknown() -> None:
    with ThermalServer() as server:
        ticket = thermal(server).submit(JOB)
        report = thermal(server).report(ticket)
    assert (report.outcome, report.settled, report.reasons) == (Outcome.UNKNOWN, True, ("sent_before_restart",))


def test_a_device_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    printer = EscposFilePrinter("usb", tmp_path / "lp0")
    assert printer.health() == ("printer.unreachable",)
    with pytest.raises(StationError):
        printer.submit(JOB)


def test_a_device_that_takes_only_part_of_the_ticket_says_how_much(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        printer = EscposFilePrinter("usb", path, step_timeout_s=0.2)
        report = printer.report(printer.submit(JOB))
    finally:
        os.close(reader)
    assert (report.outcome, report.settled, report.reasons[0]) == (Outcome.UNKNOWN, True, "while_sending")
    assert report.reasons[1].endswith(f"/{len(JOB.content)}")


def test_a_device_full_from_the_start_got_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    stuffed = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    try:
        while True:
            try:
                os.write(stuffed, bytes(4096))
            except BlockingIOError:
                break
        with pytest.raises(StationError) as caught:
            EscposFilePrinter("usb", path, step_timeout_s=0.2).submit(JOB)
    finally:
        os.close(stuffed)
        os.close(reader)
    assert caught.value.code == "printer.not_ready"


def test_the_kept_bytes_are_what_the_strict_head_prints() -> None:
    paper = decode(JOB.content)
    assert paper.codes() == [CODE, CODE]
    assert paper.height_mm < 450
