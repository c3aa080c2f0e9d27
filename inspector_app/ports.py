"""What comes from outside, as Protocols: randomness, disk, printer, code reader, exchange with the province.

Each has a real implementation and a simulated one, and both pass the same contract tests.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec


class Random(Protocol):
    """Source of unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """``count`` unpredictable bytes."""


class Disk(Protocol):
    """Small whole files of the home, written durably."""

    def read(self, path: Path, most: int = -1) -> bytes | None:
        """The file's bytes, no more than ``most`` of them (-1: all), or None when it does not exist."""

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        """Write, fsync and rename into place; after return the content survives a power cut.

        What need not (``durable`` false) is written over the file without waiting: after a power cut it may be the
        older one, torn or empty.
        """

    def exists(self, path: Path) -> bool:
        """Whether the file exists."""

    def remove(self, path: Path) -> None:
        """Remove the file if it exists."""


class CodeReader(Protocol):
    """Reads the QR codes out of a photograph or a PDF."""

    def read(self, content: bytes) -> list[str]:
        """Texts of all codes found; empty when there is none. Raises StationError when it is no picture or PDF."""


class Reply(msgspec.Struct, frozen=True):
    """What a server answered: HTTP status, content type, body."""

    status: int
    content_type: str
    body: bytes


class Exchange(Protocol):
    """Carries one frame to the province and its answer back."""

    def post(self, path: str, frame: bytes) -> Reply:
        """Send; raises StationError (``network.*``) when no answer came, which says nothing about arrival."""


class Outcome(enum.StrEnum):
    """What a printer could tell about one attempt; only a person or the printer's own counter says *printed*."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    UNKNOWN = "unknown"


class PrintJob(msgspec.Struct, frozen=True):
    """One attempt: exact bytes and how they are to be treated."""

    name: str
    content: bytes
    media_type: str
    sheets: int
    media: str = "iso_a4_210x297mm"


class JobReport(msgspec.Struct, frozen=True):
    """Where an attempt stands: ``settled`` means the device will not change its mind any more."""

    outcome: Outcome
    settled: bool
    reasons: tuple[str, ...] = ()


class Printer(Protocol):
    """A device that puts bytes on paper; ``media_types`` are those it can print."""

    name: str
    media_types: frozenset[str]

    def submit(self, job: PrintJob) -> str:
        """Hand the job over; returns the job's ticket. Raises StationError when certainly nothing was handed over."""

    def report(self, ticket: str) -> JobReport:
        """Where the job stands now, as far as the device can tell."""

    def cancel(self, ticket: str) -> JobReport:
        """Cancel and look again: a queued job must be *seen* cancelled before another print may be made."""

    def health(self) -> tuple[str, ...]:
        """Reasons why printing would fail now (``paper_out``, ``offline``, …); empty when ready."""


class PaperProblem(msgspec.Struct, frozen=True):
    """Why something cannot be drawn: ``no_glyph`` names characters, ``too_long`` the text, ``missing`` the field."""

    code: str
    field: str
    characters: str = ""


class Leave(msgspec.Struct, frozen=True):
    """Hashes (hex) of the signed documents that allow a page without the specimen mark (DESIGN 10)."""

    terminal: str
    template: str
    grant: str


class PaperContent(msgspec.Struct, frozen=True, kw_only=True):
    """What one print of one document says; every value is already text (``domain.filling``)."""

    form: str
    number: str
    values: dict[str, str]
    made_at: int
    code: str = ""
    check_code: str = ""
    print_no: int = 1
    leave: Leave | None = None


class ReportTable(msgspec.Struct, frozen=True):
    """A table of a report: head cells and rows of text.

    ``carried``, where given, is what stands below a row should the page be turned there, and again at the top of the
    next page: sums so far in their columns (过次页, 承前页); one tuple a row.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    carried: tuple[tuple[str, ...], ...] = ()


class ReportLetter(msgspec.Struct, frozen=True, kw_only=True):
    """The running text of a letter or public notice (公文): to whom, what, and who signs (institution, then date).

    Tables stand between the paragraphs and the closing lines.
    """

    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


class Paper(Protocol):
    """Turns content into exact bytes; without a leave every page is marked as a specimen."""

    def form_hash(self, form: str) -> str:
        """Hex SHA-256 of a form template's bytes."""

    def copies(self, form: str) -> int:
        """How many copies (联) one print of the form holds."""

    def check(self, content: PaperContent) -> tuple[PaperProblem, ...]:
        """Everything that would keep this content from being drawn whole."""

    def render(self, content: PaperContent) -> bytes:
        """The PDF of one print with all its copies, or ESC/POS bytes for a thermal form."""

    def draws_seal(self) -> bool:
        """Whether the station's registered seal image is drawn in its place."""

    def picture(self, content: PaperContent, dpi: int) -> tuple[bytes, ...]:
        """PNG pages of what :meth:`render` would put on paper, from the real renderer."""

    def report_form(self, title: str) -> str:
        """The id of the form a report of this title is drawn on."""

    def report(
        self,
        title: str,
        facts: dict[str, str],
        tables: tuple[ReportTable, ...],
        made_at: int,
        *,
        leave: Leave | None = None,
        signatures: tuple[str, ...] = (),
        letter: ReportLetter | None = None,
    ) -> bytes:
        """A PDF of facts and tables, such as the day-close sheet; a specimen without a leave.

        ``signatures`` are the lines to sign on, empty for those of the form; ``letter`` is running text around them.
        """


class Told(Protocol):
    """Whoever is told how far a contact is."""

    def __call__(self, done: int, total: int, size: int = 0) -> None:
        """``done`` of ``total`` entries, then attachments, are with the province; ``size`` bytes went so far."""


class SyncReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a contact with the province ended: entries pushed, documents pulled, bytes and requests used.

    Attachments come after the entries and never fail a contact: ``attachments_left`` wait, and ``attachments_ended`` is
    the code of what ended their sending early, "" when all was tried. ``clock_offset_ms`` is the province's time minus
    this computer's; ``min_version`` the oldest program that may issue.
    """

    pushed: int
    pulled: int
    requests: int
    bytes_up: int
    bytes_down: int
    waiting: int
    frozen: str = ""
    attachments_sent: int = 0
    attachments_left: int = 0
    attachment_bytes_left: int = 0
    attachments_ended: str = ""
    clock_offset_ms: int = 0
    min_version: str = ""


class Province(Protocol):
    """Contact with the province, whenever a network is there."""

    def sync(
        self, progress: Told, cancelled: Callable[[], bool], *, by_hand: bool = True, attachments: bool = True
    ) -> SyncReport:
        """One round of catching up, then the attachments if wanted; StationError when there is no contact.

        ``by_hand`` says that a person asked for it: then the waits between automatic contacts begin anew.
        """
