"""Following a job until the device will not change its mind, with the clock that was passed in."""

from __future__ import annotations

from inspector_app.clock import Clock
from inspector_app.ports import JobReport, Printer

POLL_S = 0.5


def follow(printer: Printer, ticket: str, clock: Clock, limit_s: float = 60.0) -> JobReport:
    """Ask every half second until the report is settled or `limit_s` has passed; the last report either way."""
    waited = 0.0
    while True:
        report = printer.report(ticket)
        if report.settled or waited >= limit_s:
            return report
        clock.wait(POLL_S)
        waited += POLL_S
