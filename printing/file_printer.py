"""A folder instead of a printer: the PDF of each attempt as a file, for practice and for stations that print elsewhere.

A file is not paper: the report stays UNKNOWN until a person says what became of it.
"""

from __future__ import annotations

import re
from pathlib import Path

from inspector_app.errors import StationError
from inspector_app.ports import Disk, JobReport, Outcome, PrintJob

_UNSAFE = re.compile(r"[^0-9A-Za-z.-]+")
SUFFIXES = {"application/pdf": ".pdf", "application/vnd.escpos": ".bin"}


class PdfFilePrinter:
    """Writes each job into a folder, durably, and reads it back."""

    media_types = frozenset(SUFFIXES)

    def __init__(self, name: str, folder: Path, disk: Disk) -> None:
        self.name = name
        self._folder, self._disk = folder, disk

    def path_of(self, job: PrintJob) -> Path:
        """The file a job is written to; attempts have different names and never overwrite each other."""
        return self._folder / (_UNSAFE.sub("-", job.name).strip("-") + SUFFIXES.get(job.media_type, ""))

    def health(self) -> tuple[str, ...]:
        """Whether the folder is there."""
        return () if self._folder.is_dir() else ("printer.unreachable",)

    def submit(self, job: PrintJob) -> str:
        """Write the file. Raises StationError ``printer.unreachable``, ``printer.not_ready``."""
        if not self._folder.is_dir():
            raise StationError("printer.unreachable", printer=self.name, reason=str(self._folder))
        path = self.path_of(job)
        self._disk.replace(path, job.content)
        if self._disk.read(path) != job.content:
            raise StationError("printer.not_ready", printer=self.name, reasons="reads_back_differently")
        return path.name

    def report(self, ticket: str) -> JobReport:
        """The file is written; whether it became paper is for a person to say."""
        there = self._disk.exists(self._folder / ticket)
        return JobReport(Outcome.UNKNOWN, True, ("file_written",) if there else ("file_gone",))

    def cancel(self, ticket: str) -> JobReport:
        """Remove the file; if it was still there, nobody can print it any more, though somebody may have."""
        self._disk.remove(self._folder / ticket)
        return JobReport(Outcome.UNKNOWN, True, ("file_removed",))
