"""Thermal printers that speak ESC/POS: over TCP with proof of print, and through a device file without.

All bytes accepted by the network proves nothing; measured, a printer that died after 2 KB had "received" 73 KB
(PRINTING 2.4). So: real-time status *before* the first byte (out of paper is then safely "nothing sent"), small steps
with a time limit each, and after the cut ``GS r 1``, which is answered in order, when everything before it is done.
"""

from __future__ import annotations

import os
import select
import socket
from pathlib import Path

from inspector_app.errors import StationError
from inspector_app.ports import JobReport, Outcome, PrintJob
from printing.thermal import PrinterProfile

STEP_BYTES = 2048
ESCPOS = "application/vnd.escpos"
ESCPOS_PORT = 9100
ASK_STATUS = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04")
"""DLE EOT 1 (printer), 2 (why off-line), 4 (paper)."""
ASK_IN_ORDER = b"\x1dr\x01"
"""GS r 1"""
_REAL_TIME_BITS, _REAL_TIME = 0x93, 0x12
"""Answers to DLE EOT are 0xx1xx10."""
_IN_ORDER_BITS = 0x90
"""Answers to GS r are 0xx0xxxx."""
_OFFLINE, _COVER_OPEN, _PAPER_STOP, _FAULT, _PAPER_END = 0x08, 0x04, 0x20, 0x40, 0x60
NOT_CONFIRMED = JobReport(Outcome.UNKNOWN, True, ("device_cannot_confirm",))


def require_escpos(name: str, job: PrintJob) -> None:
    """StationError ``printer.cannot_print_this`` for anything else: a PDF would come out as metres of letters."""
    if job.media_type != ESCPOS:
        raise StationError("printer.cannot_print_this", printer=name, format=job.media_type)


class _Kept:
    """Reports of jobs sent since the start; a ticket of an earlier run can only be unknown."""

    def __init__(self) -> None:
        self._reports: dict[str, JobReport] = {}

    def keep(self, job: PrintJob, report: JobReport) -> str:
        self._reports[job.name] = report
        return job.name

    def report(self, ticket: str) -> JobReport:
        return self._reports.get(ticket, JobReport(Outcome.UNKNOWN, True, ("sent_before_restart",)))


class EscposTcpPrinter:
    """A thermal printer on the network."""

    media_types = frozenset({ESCPOS})

    def __init__(
        self,
        name: str,
        host: str,
        profile: PrinterProfile,
        *,
        port: int = ESCPOS_PORT,
        timeout_s: float = 5.0,
        print_limit_s: float = 60.0,
    ) -> None:
        self.name, self.profile = name, profile
        self._address, self._timeout_s, self._print_limit_s = (host, port), timeout_s, print_limit_s
        self._kept = _Kept()

    def health(self) -> tuple[str, ...]:
        """Reasons why printing would fail now; empty when ready."""
        try:
            with self._connected() as line:
                return self._status(line)
        except StationError as error:
            return (error.code,)

    def submit(self, job: PrintJob) -> str:
        """Send the ticket and wait for the printer's own word; blocks for seconds, call it from a worker.

        Raises StationError when certainly nothing was sent: ``printer.cannot_print_this``, ``printer.unreachable``,
        ``printer.not_ready``, ``printer.no_answer``.
        """
        require_escpos(self.name, job)
        with self._connected() as line:
            reasons = self._status(line)
            if reasons:
                raise StationError("printer.not_ready", printer=self.name, reasons=", ".join(reasons))
            return self._kept.keep(job, self._send(line, job.content))

    def report(self, ticket: str) -> JobReport:
        """What the printer said when the ticket was sent."""
        return self._kept.report(ticket)

    def cancel(self, ticket: str) -> JobReport:
        """A sent ticket cannot be taken back; the report stands."""
        return self._kept.report(ticket)

    def _connected(self) -> socket.socket:
        try:
            line = socket.create_connection(self._address, timeout=self._timeout_s)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise StationError("printer.unreachable", printer=self.name, reason=str(error)) from error
        return line

    def _status(self, line: socket.socket) -> tuple[str, ...]:
        """Real-time status, asked before anything is sent; a profile without answers cannot be asked."""
        if not self.profile.answers:
            return ()
        try:
            printer, cause, paper = (self._ask(line, question) for question in ASK_STATUS)
        except OSError as error:
            raise StationError("printer.no_answer", printer=self.name, reason=str(error)) from error
        return _reasons(printer, cause, paper)

    def _ask(self, line: socket.socket, question: bytes) -> int:
        line.sendall(question)
        while True:
            answer = line.recv(1)
            if not answer:
                raise ConnectionError("the printer closed the line")
            if answer[0] & _REAL_TIME_BITS == _REAL_TIME:
                return answer[0]

    def _send(self, line: socket.socket, content: bytes) -> JobReport:
        sent = 0
        try:
            for start in range(0, len(content), STEP_BYTES):
                line.sendall(content[start : start + STEP_BYTES])
                sent = start + STEP_BYTES
            if not self.profile.answers:
                return NOT_CONFIRMED
            return self._proof(line)
        except OSError as error:
            stage = "while_sending" if sent < len(content) else "waiting_for_proof"
            return JobReport(Outcome.UNKNOWN, True, (stage, type(error).__name__))

    def _proof(self, line: socket.socket) -> JobReport:
        """The in-order answer; real-time answers asked for by bytes inside a picture are passed over."""
        line.settimeout(self._print_limit_s)
        line.sendall(ASK_IN_ORDER)
        while True:
            answer = line.recv(1)
            if not answer:
                raise ConnectionError("the printer closed the line")
            if not answer[0] & _IN_ORDER_BITS:
                return JobReport(Outcome.PRINTED, True)


def _reasons(printer: int, cause: int, paper: int) -> tuple[str, ...]:
    found = []
    if paper & _PAPER_END == _PAPER_END or cause & _PAPER_STOP:
        found.append("media-empty")
    if cause & _COVER_OPEN:
        found.append("cover-open")
    if cause & _FAULT:
        found.append("stopped")
    if printer & _OFFLINE and not found:
        found.append("offline")
    return tuple(found)


class EscposFilePrinter:
    """A thermal printer behind a device file (``/dev/usb/lp0``): written with checks, but it cannot answer.

    Each ticket therefore ends UNKNOWN and a person is asked.
    """

    media_types = frozenset({ESCPOS})

    def __init__(self, name: str, device: Path, *, step_timeout_s: float = 10.0) -> None:
        self.name = name
        self._device, self._timeout_s = device, step_timeout_s
        self._kept = _Kept()

    def health(self) -> tuple[str, ...]:
        """Whether the device file can be opened; paper cannot be asked for."""
        try:
            os.close(self._open())
        except StationError as error:
            return (error.code,)
        return ()

    def submit(self, job: PrintJob) -> str:
        """Write the ticket. Raises StationError when certainly nothing was written."""
        require_escpos(self.name, job)
        device = self._open()
        try:
            written = self._write(device, job.content)
        finally:
            os.close(device)
        if not written and job.content:
            raise StationError("printer.not_ready", printer=self.name, reasons="no_data_accepted")
        whole = written == len(job.content)
        stopped = JobReport(Outcome.UNKNOWN, True, ("while_sending", f"{written}/{len(job.content)}"))
        return self._kept.keep(job, NOT_CONFIRMED if whole else stopped)

    def report(self, ticket: str) -> JobReport:
        """How far the writing came."""
        return self._kept.report(ticket)

    def cancel(self, ticket: str) -> JobReport:
        """A written ticket cannot be taken back; the report stands."""
        return self._kept.report(ticket)

    def _open(self) -> int:
        try:
            return os.open(self._device, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            raise StationError("printer.unreachable", printer=self.name, reason=str(error)) from error

    def _write(self, device: int, content: bytes) -> int:
        """Number of bytes the device took before it was done, failed or kept us waiting too long."""
        written = 0
        while written < len(content):
            if not select.select([], [device], [], self._timeout_s)[1]:
                break
            try:
                written += os.write(device, content[written : written + STEP_BYTES])
            except BlockingIOError:
                continue
            except OSError:
                break
        return written
