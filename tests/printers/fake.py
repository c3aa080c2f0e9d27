"""A printer that does what a test or the simulated world tells it, under the same contract as the real ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector_app.errors import StationError
from inspector_app.ports import JobReport, Outcome, PrintJob

QUEUED = JobReport(Outcome.UNKNOWN, False, ("queued",))
PRINTED = JobReport(Outcome.PRINTED, True)
CANCELLED = JobReport(Outcome.NOT_PRINTED, True, ("job-canceled-by-user",))
JAMMED = JobReport(Outcome.UNKNOWN, True, ("media-jam",))


@dataclass
class FakePrinter:
    """Prints at once unless told otherwise; `sheets` are the jobs that came out of it."""

    name: str = "fake"
    media_types: frozenset[str] = frozenset({"application/pdf", "application/vnd.escpos"})
    off: bool = False
    paper_out: bool = False
    """Jobs wait in its queue until :meth:`refill`, or until they are cancelled."""
    jams: bool = False
    deaf: bool = False
    """Does as it is told but cannot say so, like a device file."""
    sheets: list[PrintJob] = field(default_factory=list)
    _jobs: dict[str, PrintJob] = field(default_factory=dict)
    _reports: dict[str, JobReport] = field(default_factory=dict)

    def health(self) -> tuple[str, ...]:
        if self.off:
            return ("printer.unreachable",)
        return ("media-empty",) if self.paper_out else ()

    def submit(self, job: PrintJob) -> str:
        if self.off:
            raise StationError("printer.unreachable", printer=self.name)
        ticket = f"fake-{len(self._jobs) + 1}"
        self._jobs[ticket], self._reports[ticket] = job, QUEUED
        if not self.paper_out:
            self._make(ticket)
        return ticket

    def report(self, ticket: str) -> JobReport:
        known = self._reports.get(ticket, JobReport(Outcome.UNKNOWN, True, ("job_forgotten",)))
        deaf = self.deaf and known.outcome is Outcome.PRINTED
        return JobReport(Outcome.UNKNOWN, True, ("device_cannot_confirm",)) if deaf else known

    def cancel(self, ticket: str) -> JobReport:
        if self._reports.get(ticket) == QUEUED:
            self._reports[ticket] = CANCELLED
        return self.report(ticket)

    def refill(self) -> None:
        """Paper is put in: everything still queued comes out by itself, as at a real printer."""
        self.paper_out = False
        for ticket, report in self._reports.items():
            if report == QUEUED:
                self._make(ticket)

    def restart(self) -> None:
        """Switched off and on: it keeps no history."""
        self._reports.clear()

    def _make(self, ticket: str) -> None:
        if not self.jams:
            self.sheets.append(self._jobs[ticket])
        self._reports[ticket] = JAMMED if self.jams else PRINTED
