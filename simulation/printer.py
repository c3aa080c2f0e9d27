"""Printers: they print, jam, run out of paper, print late, lose jobs and keep silent, under the printers' contract.

What came out is the ground truth of the world: sheets never lie, people and programs may.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

import msgspec

from inspector_app.errors import StationError
from inspector_app.ports import JobReport, Outcome, PrintJob

QUEUED = JobReport(Outcome.UNKNOWN, False, ("queued",))
PRINTED = JobReport(Outcome.PRINTED, True)
CANCELLED = JobReport(Outcome.NOT_PRINTED, True, ("job-canceled-by-user",))
JAMMED = JobReport(Outcome.UNKNOWN, True, ("media-jam",))
FORGOTTEN = JobReport(Outcome.UNKNOWN, True, ("job_forgotten",))
SILENT = JobReport(Outcome.UNKNOWN, True, ("device_cannot_confirm",))


class Mood(enum.StrEnum):
    """How a printer behaves for the time being."""

    READY = "ready"
    OFF = "off"
    PAPER_OUT = "paper out"
    JAMS = "jams"
    LOSES = "loses jobs"
    SILENT = "silent"


class Sheet(msgspec.Struct, frozen=True):
    """One print that came out: the name its job bore and its exact bytes; not ``whole`` when it jammed half way."""

    printer: str
    job: str
    content: bytes
    whole: bool = True


Watcher = Callable[[str, PrintJob], None]


class SimulatedPrinter:
    """One printer. ``on_bytes`` is told of every job at the moment its first byte arrives."""

    media_types = frozenset({"application/pdf", "application/vnd.escpos"})

    def __init__(self, name: str, sheets: list[Sheet], on_bytes: Watcher | None = None) -> None:
        self.name = name
        self.mood = Mood.READY
        self.sheets = sheets
        self._on_bytes = on_bytes
        self._jobs: dict[str, PrintJob] = {}
        self._reports: dict[str, JobReport] = {}

    def submit(self, job: PrintJob) -> str:
        """Take the job. StationError ``printer.unreachable`` when the printer is off."""
        if self.mood is Mood.OFF:
            raise StationError("printer.unreachable", printer=self.name)
        if self._on_bytes is not None:
            self._on_bytes(self.name, job)
        ticket = f"{self.name}-{len(self._jobs) + 1}"
        self._jobs[ticket], self._reports[ticket] = job, QUEUED
        if self.mood is not Mood.PAPER_OUT:
            self._make(ticket)
        return ticket

    def _make(self, ticket: str) -> None:
        job = self._jobs[ticket]
        if self.mood is Mood.LOSES:
            self._reports[ticket] = FORGOTTEN
            return
        whole = self.mood is not Mood.JAMS
        self.sheets.append(Sheet(self.name, job.name, job.content, whole))
        self._reports[ticket] = PRINTED if whole else JAMMED

    def report(self, ticket: str) -> JobReport:
        """Where a job stands, as far as this printer says."""
        known = self._reports.get(ticket, FORGOTTEN)
        return SILENT if self.mood in (Mood.SILENT, Mood.OFF) and known.settled else known

    def cancel(self, ticket: str) -> JobReport:
        """Cancel what still waits, and look again."""
        if self._reports.get(ticket) == QUEUED and self.mood is not Mood.OFF:
            self._reports[ticket] = CANCELLED
        return self.report(ticket)

    def health(self) -> tuple[str, ...]:
        """Why printing would fail now."""
        reasons = {Mood.OFF: ("printer.unreachable",), Mood.PAPER_OUT: ("media-empty",)}
        return reasons.get(self.mood, ())

    def become(self, mood: Mood) -> None:
        """Change its mood; put paper in, and what waits comes out late."""
        self.mood = mood
        if mood in (Mood.READY, Mood.SILENT):
            for ticket, report in list(self._reports.items()):
                if report == QUEUED:
                    self._make(ticket)

    def restart(self) -> None:
        """Switched off and on: queue and history are gone."""
        self._reports.clear()
