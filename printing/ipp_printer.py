"""A laser printer over IPP: a CUPS queue, or the printer itself.

"Completed" from a queue means that the data was handed on, not that paper came out: measured, CUPS said so for sheets
that were never printed (PRINTING 1.3). Only the *printer's own* job record with its own count of impressions proves a
print; when a queue stands in between, that record is looked up at the device the queue prints to.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence

import msgspec

from inspector_app.clock import Clock
from inspector_app.errors import StationError
from inspector_app.ports import JobReport, Outcome, PrintJob
from printing.ipp import (
    STATUS_BUSY,
    STATUS_LAST_OK,
    STATUS_NOT_FOUND,
    Answer,
    Attribute,
    Attributes,
    IppConnection,
    Operation,
    Tag,
    boolean,
    collection,
    integer,
    keyword,
)
from printing.preview import page_count


class JobState(enum.IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


PRINTER_STOPPED = 5
PDF = "application/pdf"
STATUS_NOT_SENT = 0xFFFF
POLL_S = 0.5
SEEN_CANCELLED_LIMIT_S = 15.0
MICRONS_X10 = 100
"""PWG media sizes are in hundredths of a millimetre."""
BLOCKING = frozenset(
    "media-empty media-jam media-needed cover-open door-open offline paused toner-empty marker-supply-empty "
    "input-tray-missing shutdown stopped interlock-open fuser-over-temp output-area-full connecting-to-device".split()
)
"""Printer reasons (RFC 8011, 5.4.12) with which no sheet will come out until somebody does something."""
NO_SHEET_FED = frozenset({"media-empty", "media-needed", "input-tray-missing"})
_PRINTER_WANTED = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "media-supported",
    "operations-supported",
    "cups-version",
    "device-uri",
)
_JOB_WANTED = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "time-at-processing",
)


class Paper(msgspec.Struct, frozen=True):
    """Which tray and kind of paper a form is printed on at this printer; empty leaves it to the printer."""

    tray: str = ""
    kind: str = ""


class _Ticket(msgspec.Struct, frozen=True, array_like=True):
    """What is needed to find a job again, after a restart too."""

    job: int
    impressions: int
    name: str


class IppPrinter:
    """A printer or CUPS queue at an ``ipp://`` address."""

    media_types = frozenset({PDF})

    def __init__(
        self, name: str, address: str, clock: Clock, *, paper: Paper | None = None, timeout_s: float = 10.0
    ) -> None:
        self.name = name
        self._line = IppConnection(address, timeout_s=timeout_s)
        self._clock, self._paper, self._timeout_s = clock, paper or Paper(), timeout_s

    def health(self) -> tuple[str, ...]:
        """Reasons why printing would fail now; empty when ready."""
        try:
            return self._obstacles(self._printer(self._line))
        except StationError as error:
            return (error.code,)

    def submit(self, job: PrintJob) -> str:
        """Create the job, then send its document, so that the job's id is known before anything can be printed.

        Raises StationError when certainly nothing was handed over: ``printer.unreachable``, ``printer.not_ready``,
        ``printer.cannot_print_this``, ``printer.busy``, ``printer.refused``, ``printing.pdf_unreadable``.
        """
        self._require_page(job)
        pages = impressions(job)
        printer = self._printer(self._line)
        self._require_fit(printer, job)
        name = job_name(job)
        created = self._line.ask(Operation.CREATE_JOB, _about(name), self._options(printer, job))
        number = _first_int(created.first(Tag.JOB), "job-id")
        if created.status == STATUS_BUSY:
            raise StationError("printer.busy", printer=self.name)
        if not created.ok or number is None:
            raise StationError("printer.refused", printer=self.name, status=created.status)
        ticket = _Ticket(number, pages, name)
        self._send(ticket, job)
        return msgspec.json.encode(ticket).decode()

    def report(self, ticket: str) -> JobReport:
        """Where the job stands now; UNKNOWN and not settled while it may still print."""
        known = msgspec.json.decode(ticket, type=_Ticket)
        try:
            printer = self._printer(self._line)
            return self._judge(known, self._job(self._line, known.job), printer)
        except StationError as error:
            return JobReport(Outcome.UNKNOWN, False, (error.code,))

    def cancel(self, ticket: str) -> JobReport:
        """Cancel, then look until the job is seen cancelled (or finished); not settled when it is still there."""
        known = msgspec.json.decode(ticket, type=_Ticket)
        try:
            self._line.ask(Operation.CANCEL_JOB, [integer("job-id", known.job)])
            return self._wait_until_gone(known)
        except StationError as error:
            return JobReport(Outcome.UNKNOWN, False, (error.code,))

    def _require_page(self, job: PrintJob) -> None:
        # Some printers take any bytes as "octet-stream"; a thermal ticket would come out as letters.
        if job.media_type not in self.media_types:
            raise StationError("printer.cannot_print_this", printer=self.name, format=job.media_type)

    def _require_fit(self, printer: Attributes, job: PrintJob) -> None:
        reasons = self._obstacles(printer)
        if reasons:
            raise StationError("printer.not_ready", printer=self.name, reasons=", ".join(reasons))
        formats, media = printer.get("document-format-supported", []), printer.get("media-supported", [])
        if formats and job.media_type not in formats:
            raise StationError("printer.cannot_print_this", printer=self.name, format=job.media_type)
        if media and job.media not in media:
            raise StationError("printer.cannot_print_this", printer=self.name, media=job.media)

    def _obstacles(self, printer: Attributes) -> tuple[str, ...]:
        """Why no sheet would come out now.

        What a queue says of its printer is as old as its last job (measured: *media-empty* stays when the printer dies
        empty), so the printer is asked itself; of the queue only counts whether it stands still.
        """
        if not _is_queue(printer):
            return _blocking(printer)
        address = _first_text(printer, "device-uri")
        return (*_standing_still(printer), *(self._at_address(address) if _is_ipp(address) else ()))

    def _at_address(self, address: str) -> tuple[str, ...]:
        try:
            return _blocking(self._printer(IppConnection(address, timeout_s=self._timeout_s)))
        except StationError:
            return ("offline",)

    def _options(self, printer: Attributes, job: PrintJob) -> list[Attribute]:
        """Nothing between here and the paper may scale, turn over, multiply or choose the sheet."""
        fixed = [keyword("print-scaling", "none"), keyword("sides", "one-sided"), integer("copies", 1)]
        if not (self._paper.tray or self._paper.kind):
            return [*fixed, keyword("media", job.media)]
        if _is_queue(printer):  # CUPS drops media-source as a plain option, but knows the queue's own option names
            own = [keyword("InputSlot", self._paper.tray)] if self._paper.tray else []
            kind = [keyword("MediaType", self._paper.kind)] if self._paper.kind else []
            return [*fixed, keyword("media", job.media), *own, *kind]
        return [*fixed, self._media_collection(job)]

    def _media_collection(self, job: PrintJob) -> Attribute:
        width, height = media_size_mm(job.media)
        size = collection(
            "media-size",
            integer("x-dimension", round(width * MICRONS_X10)),
            integer("y-dimension", round(height * MICRONS_X10)),
        )
        source = [keyword("media-source", self._paper.tray)] if self._paper.tray else []
        kind = [keyword("media-type", self._paper.kind)] if self._paper.kind else []
        return collection("media-col", size, *source, *kind)

    def _send(self, ticket: _Ticket, job: PrintJob) -> None:
        about = [
            integer("job-id", ticket.job),
            Attribute(Tag.MIME, "document-format", (job.media_type,)),
            boolean("last-document", True),
        ]
        try:
            status = self._line.ask(Operation.SEND_DOCUMENT, about, document=job.content).status
        except StationError as error:
            if error.code != "printer.unreachable":
                return  # it may have arrived: the job is looked up later
            status = STATUS_NOT_SENT
        if status > STATUS_LAST_OK and self._withdrawn(ticket):
            raise StationError("printer.refused", printer=self.name, status=status)

    def _withdrawn(self, ticket: _Ticket) -> bool:
        """After a failed send: whether the empty job is certainly gone."""
        report = self.cancel(msgspec.json.encode(ticket).decode())
        return report.settled and report.outcome is Outcome.NOT_PRINTED

    def _printer(self, line: IppConnection) -> Attributes:
        answer = line.ask(Operation.GET_PRINTER_ATTRIBUTES, [keyword("requested-attributes", *_PRINTER_WANTED)])
        if answer.status == STATUS_NOT_FOUND:
            raise StationError("printer.unreachable", address=line.uri, reason="no such queue")
        if not answer.ok:
            raise StationError("printer.bad_answer", address=line.uri, status=answer.status)
        return answer.first(Tag.PRINTER)

    def _job(self, line: IppConnection, number: int) -> Attributes:
        wanted = keyword("requested-attributes", *_JOB_WANTED)
        answer: Answer = line.ask(Operation.GET_JOB_ATTRIBUTES, [integer("job-id", number), wanted])
        return answer.first(Tag.JOB) if answer.ok else {}

    def _judge(self, ticket: _Ticket, job: Attributes, printer: Attributes) -> JobReport:
        if not _is_queue(printer):
            return judge_device(job, printer, ticket.impressions)
        device, device_job = self._at_device(printer, ticket)
        return judge_queue(job, printer, device, device_job, ticket.impressions)

    def _at_device(self, queue: Attributes, ticket: _Ticket) -> tuple[Attributes | None, Attributes]:
        """The printer behind a queue and its own record of the job; None when it cannot be asked."""
        address = _first_text(queue, "device-uri")
        if not _is_ipp(address):
            return None, {}
        try:
            line = IppConnection(address, timeout_s=self._timeout_s)
            return self._printer(line), self._find(line, ticket.name)
        except StationError:
            return None, {}

    def _find(self, line: IppConnection, name: str) -> Attributes:
        """The device's job of this name."""
        wanted = keyword("requested-attributes", *_JOB_WANTED)
        for which in ("not-completed", "completed"):
            answer = line.ask(Operation.GET_JOBS, [keyword("which-jobs", which), wanted])
            for job in answer.all(Tag.JOB):
                if _first_text(job, "job-name") == name:
                    return job
        return {}

    def _wait_until_gone(self, ticket: _Ticket) -> JobReport:
        waited = 0.0
        while True:
            printer = self._printer(self._line)
            job = self._job(self._line, ticket.job)
            report = self._judge(ticket, job, printer)
            if report.settled or waited >= SEEN_CANCELLED_LIMIT_S:
                return report
            self._clock.wait(POLL_S)
            waited += POLL_S


def job_name(job: PrintJob) -> str:
    """The name a job is found again by at the device: number, print, attempt, and what was to be printed.

    The bytes' hash keeps jobs apart that share all three, as those of two practice homes do.
    """
    return f"{job.name} {hashlib.sha256(job.content).hexdigest()[:8]}"


def impressions(job: PrintJob) -> int:
    """Printed sides the job makes: what the printer's counter is held against.

    Counted in the document itself, because two copies may stand on one sheet. StationError ``printing.pdf_unreadable``.
    """
    return page_count(job.content) if job.media_type == PDF else job.sheets


def _about(name: str) -> list[Attribute]:
    return [Attribute(Tag.NAME, "job-name", (name,)), boolean("ipp-attribute-fidelity", False)]


def media_size_mm(media: str) -> tuple[float, float]:
    """Width and height of a PWG media name such as ``iso_a4_210x297mm`` (PWG 5101.1).

    Raises StationError ``printer.cannot_print_this``.
    """
    size = media.rpartition("_")[2]
    try:
        width, height = size.removesuffix("mm").split("x")
        return float(width), float(height)
    except ValueError as error:
        raise StationError("printer.cannot_print_this", media=media) from error


def judge_device(job: Attributes, printer: Attributes, pages: int) -> JobReport:
    """What the printer's own job record proves."""
    state, reasons = _first_int(job, "job-state"), _texts(job, "job-state-reasons")
    made = _first_int(job, "job-impressions-completed")
    if state is None:
        return JobReport(Outcome.UNKNOWN, True, ("job_forgotten",))
    if state == JobState.COMPLETED:
        if made is not None and made >= pages:
            return JobReport(Outcome.PRINTED, True, reasons)
        return JobReport(Outcome.UNKNOWN, True, ("too_few_impressions", *reasons))
    if state in (JobState.CANCELED, JobState.ABORTED):
        return _ended(job, reasons, nothing_fed=made == 0 and _no_sheet_fed(printer))
    return _under_way(state, reasons, printer)


def judge_queue(
    job: Attributes, queue: Attributes, device: Attributes | None, device_job: Attributes, pages: int
) -> JobReport:
    """What a queue's job record and the record of the printer behind it prove together."""
    at_device = judge_device(device_job, device, pages) if device is not None and device_job else None
    if at_device is not None and at_device.outcome is Outcome.PRINTED:
        return at_device
    state, reasons = _first_int(job, "job-state"), _texts(job, "job-state-reasons")
    if state is None:
        return JobReport(Outcome.UNKNOWN, True, ("job_forgotten",))
    if state == JobState.COMPLETED:
        settled = at_device is None or at_device.settled
        return JobReport(Outcome.UNKNOWN, settled, ("queue_says_completed", *reasons))
    if state not in (JobState.CANCELED, JobState.ABORTED):
        return _under_way(state, reasons, queue)
    if at_device is not None:
        return at_device
    return _ended(job, reasons, nothing_fed=False)


def _ended(job: Attributes, reasons: tuple[str, ...], *, nothing_fed: bool) -> JobReport:
    """Cancelled or aborted: proven unprinted only if it never began, or if no sheet can have been fed."""
    never_began = _first_int(job, "time-at-processing") is None
    outcome = Outcome.NOT_PRINTED if never_began or nothing_fed else Outcome.UNKNOWN
    return JobReport(outcome, True, reasons)


def _under_way(state: int, reasons: tuple[str, ...], printer: Attributes) -> JobReport:
    stage = "queued" if state in (JobState.PENDING, JobState.HELD) else "printing"
    return JobReport(Outcome.UNKNOWN, False, (stage, *_blocking(printer), *reasons))


def _blocking(printer: Attributes) -> tuple[str, ...]:
    reasons = [_bare(reason) for reason in _texts(printer, "printer-state-reasons")]
    found = [reason for reason in reasons if reason in BLOCKING]
    return tuple(dict.fromkeys([*found, *_standing_still(printer, unless=found)]))


def _standing_still(printer: Attributes, unless: Sequence[str] = ()) -> tuple[str, ...]:
    """Whether a printer or queue was stopped or takes no jobs."""
    stopped = _first_int(printer, "printer-state") == PRINTER_STOPPED and not unless
    closed = printer.get("printer-is-accepting-jobs", [True])[0] is False
    return (*(("stopped",) if stopped else ()), *(("not-accepting",) if closed else ()))


def _is_ipp(address: str) -> bool:
    return address.startswith("ipp://")


def _no_sheet_fed(printer: Attributes) -> bool:
    return any(_bare(reason) in NO_SHEET_FED for reason in _texts(printer, "printer-state-reasons"))


def _bare(reason: str) -> str:
    for severity in ("-report", "-warning", "-error"):
        reason = reason.removesuffix(severity)
    return reason


def _is_queue(printer: Attributes) -> bool:
    return "cups-version" in printer or "device-uri" in printer


def _first_int(attributes: Attributes, name: str) -> int | None:
    value = attributes.get(name, [None])[0]
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _first_text(attributes: Attributes, name: str) -> str:
    value = attributes.get(name, [""])[0]
    return value if isinstance(value, str) else ""


def _texts(attributes: Attributes, name: str) -> tuple[str, ...]:
    return tuple(value for value in attributes.get(name, []) if isinstance(value, str) and value != "none")
