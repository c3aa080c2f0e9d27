"""Attempts and prints: a try to put an original on paper, the person's answer, and spare prints (补打).

An attempt is on record before its first byte leaves. *Printed* is never the driver's word alone: a person answers, or
the printer's own counter does. Proven ``not_printed`` repeats the same bytes and print number. Anything else needs the
next print: a credential of its own, a reason, the earlier print superseded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import msgspec

from inspector_app.clock import moment_text
from inspector_app.domain.authority import Action
from inspector_app.domain.credential import check_code, qr_text
from inspector_app.domain.custody import LOST_BEFORE_HAND_OVER
from inspector_app.domain.numbering import Number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order, refused
from inspector_app.domain.rules import enforces
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.printing import PrintEnded, PrintReleased, PrintSubmitted
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.numbers import latest_row
from inspector_app.journal.projections.openings import is_former
from inspector_app.journal.projections.sheets import ON_DESK
from inspector_app.ports import JobReport, Outcome, PaperContent, Printer, PrintJob
from inspector_app.services.case import LASER
from inspector_app.services.device import Device
from inspector_app.services.issuing import FIRST_PRINT, credential_of, sign_credential, spare_info
from inspector_app.services.issuing_gates import device_refusals, person_refusals
from inspector_app.services.on_desk import Sheet, paper_row, report_lost
from inspector_app.services.paperwork import (
    certificate_content,
    issued_papers,
    leave_refusals,
    notice_content,
    template_refusals,
)
from inspector_app.services.typed import reason_refusals
from inspector_app.store.journal_store import HeldCredential
from inspector_app.suites import SealError, sha256

OUTCOMES = ("printed", "not_printed", "unknown", "spoiled")
THERMAL = "thermal"
THERMAL_FORMS = ("portable_b_80", "portable_b_58")
PERSON, DEVICE, START = "person", "device", "start"
LAST_PRINT = 99
PRE_NUMBERED = "pre_numbered"
"""The paper mode in which every sheet bears its number before it is printed on."""


class Attempt(msgspec.Struct, frozen=True):
    """An attempt on its way: its reference, what was sent, and the printer's word so far."""

    ref: str
    number: str
    print_no: int
    report: JobReport


def number_of(device: Device, number: str) -> Number:
    """The number of a certificate or notice by its key ``B 9900000003``; without a scheme that of a former system."""
    if paper_row(device, number) is None and is_former(device.rows, number):
        kind, _, digits = number.partition(" ")
        return Number("", kind, digits)
    if paper_row(device, number) is None:
        raise BugError(f"no paper {number}")
    held = latest_row(device.rows, number)
    if held is not None:
        return Number(str(held["scheme"]), str(held["kind"]), str(held["digits"]))
    return issued_papers(device, number).record.number


def current_print(device: Device, number: str) -> Row | None:
    """The print that counts now: the one with the highest number that is not sealed."""
    rows = [row for row in device.rows.many("prints", number=number) if row["state"] != "sealed"]
    return rows[-1] if rows else None


def print_refusals(device: Device, number: str) -> list[Refusal]:
    """Why the current print of a paper may not go to a printer now."""
    found = device.may(Action.PRINT)
    row = paper_row(device, number)
    if row is None:
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=number)]
    if row["state"] != "issued":
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=str(row["state"]), limit="issued"))
    found += [*_print_place_refusals(device, row), *expiry_refusals(device, row)]
    for attempt in open_attempts(device):
        if attempt["medium"] == stock_of(row):
            found.append(Refusal(code=RefusalCode.PRINT_OPEN, details={"number": str(attempt["number"])}))
    held = current_print(device, number)
    if held is None or held["state"] != "open":
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=str(held["state"]) if held else "", limit="open"))
    return found


def _print_place_refusals(device: Device, row: Row) -> list[Refusal]:
    # A notice is printed where it was issued; only a certificate's printing can be given to a sister.
    where = str(row.get("print_device") or row["device"])
    if where != device.id:
        return [Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": where})]
    if row["device"] != device.id and not _order_received(device, str(row["number"])):
        return [Refusal(code=RefusalCode.NOT_FOUND, field="print_order", current=str(row["number"]))]
    return []


def expiry_refusals(device: Device, row: Row) -> list[Refusal]:
    """A certificate that covers no trip any more leaves this desk in nobody's hands; a notice never expires."""
    return expired_by(row, device.clock.now().at)


def expired_by(row: Row, at: int, *, field: str = "") -> list[Refusal]:
    """The same asked of another moment."""
    until = int(row.get("expires_at") or 0)
    if row.get("handed_over_at") or not until or at <= until:
        return []
    return [Refusal(code=RefusalCode.EXPIRED, field=field, current=str(row["number"]), limit=moment_text(until))]


def stock_of(row: Row) -> str:
    """On which paper a certificate is printed; notices on plain A4."""
    return THERMAL if str(row.get("medium") or "").startswith(THERMAL) else LASER


def _order_received(device: Device, number: str) -> bool:
    # That it was ordered may be known by relay long before the order's file, with the credential, is carried here.
    return device.rows.one("print_orders", number=number, state="received") is not None


def open_attempts(device: Device) -> list[Row]:
    """Attempts of this device nobody has answered for yet, oldest first."""
    return device.rows.many("attempts", order="submitted_at", outcome="open", device=device.id)


def submit(device: Device, number: str, printer: Printer, *, paper: str = "") -> Attempt | Refused:
    """Send the current print to a printer; the attempt and its exact bytes are on record before a byte leaves.

    ``paper`` is the number typed or scanned off the sheet that lies in the printer, where paper is pre-numbered.
    """
    lies = "".join(unicodedata.normalize("NFKC", paper).split())
    refusals = [*print_refusals(device, number), *paper_number_refusals(device, number, lies)]
    if refusals:
        return Refused(in_order(refusals))
    print_no = int((current_print(device, number) or {})["print"] or 0)
    content = content_of(device, number, print_no)
    refusals = _leave_refusals(device, number, content)
    if refusals:
        return Refused(in_order(refusals))
    exact = kept_bytes(device, number, print_no) or device.paper.render(content)
    attempt = _record_attempt(device, number, print_no, content.form, exact, printer, paper=lies)
    if isinstance(attempt, Refused):
        return attempt
    return Attempt(attempt, number, print_no, _hand_over_job(device, attempt, exact, printer))


@enforces("G33")
def paper_number_refusals(device: Device, number: str, paper: str) -> list[Refusal]:
    """On pre-numbered stock the sheet's own number is the certificate's; plain and thermal paper has none (Art. 22)."""
    row, wanted = paper_row(device, number), number.partition(" ")[2]
    if row is None or not _is_pre_numbered(device, row) or paper == wanted:
        return []
    return [Refusal(code=RefusalCode.PAPER_NUMBER_DIFFERS, field="paper", limit=wanted, current=paper)]


def _is_pre_numbered(device: Device, row: Row) -> bool:
    """Whether a paper comes on stock that bears its number: certificates on A4, never a notice or a thermal strip."""
    return device.policy().paper_mode == PRE_NUMBERED and stock_of(row) == LASER and _bears_code(row)


@enforces("G33")
def second_sheet_refusals(device: Device, row: Row) -> list[Refusal]:
    """There is one pre-numbered sheet of a number: what became of it is answered by another number (DESIGN 5)."""
    if not _is_pre_numbered(device, row):
        return []
    return [Refusal(code=RefusalCode.SHEET_IS_SINGLE, current=str(row["number"]))]


def _leave_refusals(device: Device, number: str, content: PaperContent) -> list[Refusal]:
    """Why the page may not be drawn as what it is; outside practice it is refused, never drawn as a specimen."""
    if unreleased := template_refusals(device, content.form):
        return unreleased
    vet = int((paper_row(device, number) or {}).get("vet") or 0)
    return leave_refusals(device, content.form, vet)


@enforces("G28")
def _record_attempt(
    device: Device, number: str, print_no: int, form: str, exact: bytes, printer: Printer, *, paper: str
) -> str | Refused:
    name = device.files.add(exact, media_type(form))

    def against() -> list[Refusal]:
        held = current_print(device, number) or {}
        if held.get("print") != print_no:
            return [Refusal(code=RefusalCode.WRONG_STATE, current="superseded", limit="open")]
        return print_refusals(device, number)

    def build(act: Act) -> str:
        fact = PrintSubmitted(
            number=number_of(device, number),
            print=print_no,
            attempt=len(device.rows.many("attempts", number=number, print=print_no)) + 1,
            printer=printer.name,
            medium=THERMAL if form in THERMAL_FORMS else LASER,
            form=form,
            file=name,
            sheets=device.paper.copies(form),
            paper=paper if device.policy().paper_mode == PRE_NUMBERED else "",
        )
        return act.add(fact)

    return device.record_unless(against, build)


def media_type(form: str) -> str:
    """What a form's bytes are."""
    return "application/vnd.escpos" if form in THERMAL_FORMS else "application/pdf"


def _hand_over_job(device: Device, attempt: str, exact: bytes, printer: Printer) -> JobReport:
    row = device.rows.one("attempts", ref=attempt) or {}
    name = f"{row['number']} print {row['print']} attempt {row['attempt']}"
    job = PrintJob(name, exact, media_type(str(row["form"])), int(row["sheets"] or 1))
    try:
        ticket = printer.submit(job)
    except StationError as error:
        _settle(device, attempt, Outcome.NOT_PRINTED)
        return JobReport(Outcome.NOT_PRINTED, settled=True, reasons=(error.code,))
    try:
        device.store.keep_ticket(attempt, ticket)
    except StationError as error:
        # The job is with the printer and the attempt on record: a person will answer, the printer is not asked again.
        device.trouble = error
    return _heed(device, attempt, printer.report(ticket))


def follow(device: Device, attempt: str, printer: Printer) -> JobReport:
    """Ask the printer again; its own counter may settle the attempt, everything else waits for a person."""
    ticket = device.store.ticket(attempt)
    if not ticket:
        return JobReport(Outcome.UNKNOWN, settled=True)
    return _heed(device, attempt, printer.report(ticket))


def printer_of(attempt: Row, printers: Iterable[Printer]) -> Printer | None:
    """The printer an attempt was sent to, when it is among these."""
    return next((printer for printer in printers if printer.name == attempt["printer"]), None)


def follow_open(device: Device, printers: Iterable[Printer]) -> int:
    """Look every open attempt up again at its printer, as after a restart; returns how many were settled by that."""
    known, settled = list(printers), 0
    for attempt in open_attempts(device):
        printer = printer_of(attempt, known)
        if printer is not None:
            follow(device, str(attempt["ref"]), printer)
            settled += not _is_open(device, str(attempt["ref"]))
    return settled


def cancel(device: Device, attempt: str, printer: Printer) -> JobReport:
    """Cancel a queued job and look again; only *seen* cancelled ends the attempt as not printed."""
    ticket = device.store.ticket(attempt)
    report = printer.cancel(ticket) if ticket else JobReport(Outcome.UNKNOWN, settled=True)
    return _heed(device, attempt, report)


def _heed(device: Device, attempt: str, report: JobReport) -> JobReport:
    """Put on record what the device will not change its mind about; UNKNOWN waits for a person."""
    if report.settled and report.outcome is not Outcome.UNKNOWN:
        _settle(device, attempt, report.outcome)
    return report


def _settle(device: Device, attempt: str, outcome: Outcome) -> None:
    # The device's word ends an open attempt; what a person has answered meanwhile stands.
    fact = PrintEnded(attempt=attempt, outcome=outcome.value, source=DEVICE)
    device.record_unless(lambda: _open_refusals(device, attempt), lambda act: act.add(fact))


def answer(device: Device, attempt: str, outcome: str, printer: Printer | None = None) -> str | Refused:
    """The person's answer to 打印正常吗?: printed, not_printed, unknown or spoiled; returns the attempt's reference.

    That nothing came out is not enough for the same print to be sent again: the job may wait for paper. It is first
    cancelled at its ``printer``; unless that is *seen*, the answer is ``unknown`` or ``spoiled``.
    """
    refusals = [*device.may(Action.PRINT), *_open_refusals(device, attempt)]
    if outcome == Outcome.NOT_PRINTED and not refusals:
        return _make_sure(device, attempt, printer)

    def against() -> list[Refusal]:
        found = [*device.may(Action.PRINT), *_open_refusals(device, attempt)]
        if outcome not in OUTCOMES:
            found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="outcome", current=outcome))
        return found

    fact = PrintEnded(attempt=attempt, outcome=outcome, source=PERSON)
    return device.record_unless(against, lambda act: act.add(fact))


def _make_sure(device: Device, attempt: str, printer: Printer | None) -> str | Refused:
    if printer is not None:
        cancel(device, attempt, printer)
    row = device.rows.one("attempts", ref=attempt) or {}
    if row["outcome"] == Outcome.NOT_PRINTED:
        return attempt
    if row["outcome"] == "open":
        number, name = str(row["number"]), str(row["printer"])
        return refused(Refusal(code=RefusalCode.PRINT_STILL_QUEUED, details={"number": number, "printer": name}))
    return Refused(in_order(_open_refusals(device, attempt)))


def _is_open(device: Device, attempt: str) -> bool:
    return not _open_refusals(device, attempt)


def _open_refusals(device: Device, attempt: str) -> list[Refusal]:
    row = device.rows.one("attempts", ref=attempt)
    if row is None or row["device"] != device.id:
        return [Refusal(code=RefusalCode.NOT_FOUND, current=attempt)]
    if row["outcome"] != "open":
        return [Refusal(code=RefusalCode.WRONG_STATE, current=str(row["outcome"]), limit="open")]
    return []


def kept_bytes(device: Device, number: str, print_no: int) -> bytes | None:
    """The exact bytes an earlier attempt of this print sent from here; the same print is always the same bytes."""
    rows = device.rows.many("attempts", number=number, print=print_no, device=device.id)
    return device.files.read(str(rows[0]["file"])) if rows else None


def content_of(device: Device, number: str, print_no: int) -> PaperContent:
    """What this print of a paper says, with its QR."""
    if device.rows.one("notices", number=number) is not None:
        return notice_content(device, number, print_no=print_no)
    papers = issued_papers(device, number)
    payload = open_credential(device, number, print_no)
    code = qr_text(device.sheet.host, payload)
    return certificate_content(device, papers, print_no=print_no, code=code, check=check_code(payload))


def open_credential(device: Device, number: str, print_no: int) -> bytes:
    """The credential of a print that was released. StationError ``credential_missing`` when this device lacks it."""
    held = device.store.credential(number, print_no)
    if held is None or held.credential is None:
        raise StationError("credential_missing", number=number, print=print_no)
    return held.credential


def spare_refusals(device: Device, number: str, reason: str, spoiled: list[int], note: str = "") -> list[Refusal]:
    """Why the next print of a certificate or notice may not be released."""
    found = device.may(Action.RELEASE_SPARE)
    row = paper_row(device, number)
    if row is None:
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=number)]
    held = current_print(device, number)
    found += [*_paper_refusals(device, row), *expiry_refusals(device, row), *second_sheet_refusals(device, row)]
    if not reason:
        found.append(Refusal(code=RefusalCode.PRINT_NEEDS_REASON, field="reason"))
    else:
        found += reason_refusals(device, "spare_print", reason, note)
    if held is None or held["state"] in ("open", "submitted"):
        state = str(held["state"]) if held else ""
        return [*found, Refusal(code=RefusalCode.WRONG_STATE, current=state, limit="printed")]
    if held["state"] in ("printed", "spoiled"):
        found += _sheet_refusals(device, number, int(held["print"] or 0), reason, spoiled)
    if _bears_code(row) and next_spare(device, number) is None:
        found += _signing_refusals(device, row, int(held["print"] or 0))
    return found


def _bears_code(row: Row) -> bool:
    return "print_device" in row  # a certificate: a treatment notice has no credential to sign


def _paper_refusals(device: Device, row: Row) -> list[Refusal]:
    # The holder's sheets are out of reach: what happens to them is answered with a replacement, not with a spare.
    state = "handed_over" if row["state"] == "issued" and row["handed_over_at"] else str(row["state"])
    found = []
    if state != "issued":
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=state, limit="issued"))
    where = str(row.get("print_device") or row["device"])
    if where != device.id:
        found.append(Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": where}))
    return found


def _sheet_refusals(device: Device, number: str, print_no: int, reason: str, spoiled: list[int]) -> list[Refusal]:
    # Every sheet of the print that will not count any more must lie on the desk as spoiled, or be reported lost.
    rows = device.rows.many("sheets", number=number, print=print_no)
    on_desk = {int(row["sheet"] or 0) for row in rows if row["state"] in ON_DESK}
    retired = {int(row["sheet"] or 0) for row in rows if row["state"] not in ON_DESK}
    missing = on_desk - set(spoiled)
    if set(spoiled) - on_desk - retired or (missing and reason != LOST_BEFORE_HAND_OVER):
        return [Refusal(code=RefusalCode.PRINT_NEEDS_SHEET, field="spoiled", details={"print": print_no})]
    return []


def _signing_refusals(device: Device, row: Row, print_no: int) -> list[Refusal]:
    """Why this person cannot sign one more print: only the vet who issued it can, here, and with the right to issue."""
    own = device.session is not None and row["vet"] == device.session.person and row["device"] == device.id
    if not own or device.may(Action.ISSUE) or print_no >= LAST_PRINT:
        return [Refusal(code=RefusalCode.PRINTS_USED_UP, limit=device.policy().spare_prints)]
    return [*device_refusals(device), *person_refusals(device, str(row["kind"]))]


def next_spare(device: Device, number: str) -> Row | None:
    """The lowest sealed print, None when the spares are used up and a vet has to sign a new one."""
    rows = [row for row in device.rows.many("prints", number=number) if row["state"] == "sealed"]
    return rows[0] if rows else None


def release_spare(device: Device, number: str, *, reason: str, spoiled: list[int], note: str = "") -> int | Refused:
    """Release print n+1 and supersede the one before; returns its number. A clerk may do this, but never signs.

    Prints 2 and 3 were signed at issue and lie sealed; from print 4 on the vet signs anew. A notice bears no code.
    """

    def build(act: Act) -> tuple[int | Refused, list[HeldCredential]]:
        refusals = spare_refusals(device, number, reason, spoiled, note)
        if refusals:
            return Refused(in_order(refusals)), []
        report_lost(act, number_of(device, number), _lost_sheets(device, number, reason, spoiled))
        print_no, payload = _next_print(device, number)
        fact = PrintReleased(
            number=number_of(device, number),
            print=print_no,
            reason=reason,
            spoiled=spoiled,
            credential=sha256(payload).hex() if payload else "",
        )
        act.add(fact, private=note_of(note), sign=device.sign)
        return print_no, [HeldCredential(number, print_no, payload, None)] if payload else []

    return device.record_with(build)


def _lost_sheets(device: Device, number: str, reason: str, spoiled: Sequence[int]) -> list[Sheet]:
    """The sheets that nobody finds: each is a loss to be followed, as before any other end of a paper."""
    if reason != LOST_BEFORE_HAND_OVER:
        return []
    print_no = int((current_print(device, number) or {})["print"] or 0)
    rows = device.rows.many("sheets", number=number, print=print_no)
    missing = [int(row["sheet"] or 0) for row in rows if row["state"] in ON_DESK and row["sheet"] not in spoiled]
    return [Sheet(print_no, sheet) for sheet in missing]


def _next_print(device: Device, number: str) -> tuple[int, bytes]:
    """The next print's number and credential; without a credential for a notice."""
    after = int((current_print(device, number) or {})["print"] or 0) + 1
    if device.rows.one("certificates", number=number) is None:
        return after, b""
    spare = next_spare(device, number)
    if spare is None:
        return after, _signed_anew(device, number, after)
    print_no = int(spare["print"] or 0)
    return print_no, _unsealed(device, number, print_no)


def _unsealed(device: Device, number: str, print_no: int) -> bytes:
    held = device.store.credential(number, print_no)
    if held is None or held.sealed is None:
        raise StationError("credential_missing", number=number, print=print_no)
    try:
        return device.identity.box.open(spare_info(number, print_no), held.sealed)
    except SealError as error:
        raise StationError("credential_missing", number=number, print=print_no) from error


def _signed_anew(device: Device, number: str, print_no: int) -> bytes:
    papers = issued_papers(device, number)
    if print_no <= FIRST_PRINT or not isinstance(papers.fact, CertificateIssued):
        raise BugError("only a further print is signed anew")
    credential = credential_of(
        papers.record, papers.parties, papers.promise, prev=papers.previous, seq=papers.seq, print_no=print_no
    )
    return sign_credential(device, credential)
