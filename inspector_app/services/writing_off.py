"""Writing off (核销): each print that ends is checked by data, by eye and copy against copy (GX-2014 Art. 25).

What is found is stored, never corrected: a paper with anything against it is suspect and kept as evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.custody import ON_HAND
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.domain.writing_off import CHECKS, CopyRead, Trait, find_mismatches
from inspector_app.journal.books import standing
from inspector_app.journal.books.standing import came_after
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.sheets import PaperWrittenOff
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.blanks import BLANK
from inspector_app.journal.projections.openings import is_former
from inspector_app.services.custody_cases import add_case
from inspector_app.services.device import Device, grant_of
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.on_desk import paper_row
from inspector_app.services.print_jobs import number_of
from inspector_app.services.typed import attachment_refusals, code_refusals, day_refusals, one_text

NOTICE_KIND = "N"
DOUBTFUL = "doubtful_paper"
"""The case (list ``custody_case``) of a paper something stands against."""


class WriteOffForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the keeper found on one print of a paper.

    ``checks`` are those of the list ``write_off`` that are satisfied, ``findings`` those that are not; ``copies`` what
    stands on each sheet there; ``same_hand`` whether they are in one handwriting.
    """

    number: str
    print: int
    checks: list[str]
    findings: list[str] = []
    copies: list[CopyRead]
    same_hand: bool
    attachments: list[str] = []
    note: str = ""


class WrittenOff(msgspec.Struct, frozen=True):
    """A paper written off: its entry, everything that stands against it, and the case opened for that ("" for none)."""

    ref: str
    against: tuple[str, ...]
    case: str = ""

    @property
    def suspect(self) -> bool:
        """Whether anything stands against it."""
        return bool(self.against)


def write_off(device: Device, form: WriteOffForm) -> WrittenOff | Refused:
    """Record the checks of one print; what stands against it makes it suspect and opens a case (GX-2014 Art. 25)."""

    def build(act: Act) -> WrittenOff:
        fact = _fact(device, form)
        ref = act.add(fact, private=note_of(form.note), sign=device.sign)
        case = _case_of(act, device, fact, ref) if fact.suspect else ""
        return WrittenOff(ref, (*fact.unlawful, *fact.findings, *fact.mismatches), case)

    return device.record_unless(lambda: write_off_refusals(device, form), build)


def open_doubt(device: Device, number: str) -> Row | None:
    """The case of a suspect paper that nobody has concluded yet."""
    kind, _, digits = number.partition(" ")
    rows = device.rows.many("custody_cases", order="opened_at", kind=DOUBTFUL, form=kind, first=digits, state="open")
    return rows[0] if rows else None


def _case_of(act: Act, device: Device, fact: PaperWrittenOff, ref: str) -> str:
    """One case for a paper, however many look at it and doubt."""
    if open_doubt(device, str(fact.number)) is not None:
        return ""
    number = fact.number
    return add_case(act, device, DOUBTFUL, ref, numbers=(number.kind, number.digits, number.digits))


def _fact(device: Device, form: WriteOffForm) -> PaperWrittenOff:
    row = paper_row(device, form.number)
    unlawful = unlawful_traits(device, row) if row is not None else []
    mismatches = _mismatches(device, row, form)
    return PaperWrittenOff(
        number=number_of(device, form.number),
        print=form.print,
        unlawful=unlawful,
        checks=form.checks,
        findings=form.findings,
        copies=form.copies,
        same_hand=form.same_hand,
        mismatches=mismatches,
        suspect=bool(unlawful or form.findings or mismatches),
        attachments=form.attachments,
    )


def _mismatches(device: Device, row: Row | None, form: WriteOffForm) -> list[str]:
    """In what the copies differ from the record; a blank has neither."""
    if row is None and not form.copies:
        return []
    issued_on, stated = _witness(row, form)
    return find_mismatches(issued_on, stated, form.copies, device.catalogue.units, same_hand=form.same_hand)


def _witness(row: Row | None, form: WriteOffForm) -> tuple[str, Quantity]:
    """What the copies are held against: the record, or each other where a former system made the paper."""
    if row is not None:
        return str(row["issued_on"]), quantity_of(row)
    return form.copies[0].issued_on, form.copies[0].quantity


@enforces("G42")
def unlawful_traits(device: Device, paper: Row) -> list[str]:
    """What the data known here speak against: a form not released, another institution, a vet without the authority."""
    at = int(paper["issued_at"] or 0)
    released = [row for row in device.rows.many("forms", form=_form(paper)) if int(row["valid_from"] or 0) <= at]
    found = [] if released else [Trait.FORM]
    found += [] if paper["station"] == device.sheet.station else [Trait.INSTITUTION]
    found += [] if _was_authorised(device, paper, at) else [Trait.VET]
    return [trait.value for trait in found]


def _form(paper: Row) -> str:
    return str(paper.get("form") or "treatment_notice")


def _was_authorised(device: Device, paper: Row, at: int) -> bool:
    rows = device.rows.many("grants", person=paper["vet"], order="ordinal")
    begun = [grant_of(row) for row in rows if int(row["valid_from"] or 0) <= at]
    if not begun or not begun[-1].may(Action.ISSUE) or at > begun[-1].valid_until:
        return False
    return paper["kind"] == NOTICE_KIND or paper["kind"] in begun[-1].kinds


def write_off_refusals(device: Device, form: WriteOffForm) -> list[Refusal]:
    """Why a paper cannot be written off now."""
    row = paper_row(device, form.number)
    found = device.may(Action.WRITE_OFF) + one_text("note", form.note) + attachment_refusals(device, form.attachments)
    found += check_refusals(device, form.checks, form.findings)
    if row is None and not is_former(device.rows, form.number):
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=form.number)]
    found += copy_refusals(sheets_there(device, form.number, form.print), form.copies)
    return found + earlier_refusals(device, form.number, form.print)


@enforces("G43")
def check_refusals(device: Device, checks: Sequence[str], findings: Sequence[str]) -> list[Refusal]:
    """Every check of the list is answered, one way or the other: filling, handwriting, blank, forged, altered."""
    asked = [check.code for check in device.catalogue.checks(CHECKS, device.today())]
    answered = [*checks, *findings]
    found = code_refusals("checks", answered, asked)
    twice = [code for at, code in enumerate(answered) if code in answered[:at]]
    found += [Refusal(code=RefusalCode.FIELD_INVALID, field="checks", current=code) for code in twice]
    left = [code for code in asked if code not in answered]
    return found + [Refusal(code=RefusalCode.FIELD_MISSING, field="checks", current=code) for code in left[:1]]


def sheets_there(device: Device, number: str, print_no: int) -> list[int]:
    """The sheets of a print that are at the station, by their places in the form; 0 is a blank, which has no copies."""
    rows = device.rows.many("sheets", number=number, print=print_no)
    return [int(row["sheet"] or 0) for row in rows if row["state"] in set(ON_HAND)]


def copy_refusals(there: Sequence[int], copies: Sequence[CopyRead]) -> list[Refusal]:
    """Each sheet that is there is read and held against the record; what is not there cannot be read."""
    if not there:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="sheet")]
    there = [sheet for sheet in there if sheet != BLANK]  # there is nothing on it to read
    read = [copy.sheet for copy in copies]
    found = [refusal for copy in copies for refusal in day_refusals("copies", copy.issued_on)]
    strange = [sheet for at, sheet in enumerate(read) if sheet not in there or sheet in read[:at]]
    found += [Refusal(code=RefusalCode.FIELD_INVALID, field="copies", current=sheet) for sheet in strange[:1]]
    left = [sheet for sheet in there if sheet not in read]
    return found + [Refusal(code=RefusalCode.COPY_NOT_COMPARED, details={"sheet": sheet}) for sheet in left]


def latest_check(device: Device, number: str, print_no: int) -> Row | None:
    """The check of a print that counts: of several the latest."""
    return standing.latest_check(device.rows, number, print_no)


def earlier_refusals(device: Device, number: str, print_no: int) -> list[Refusal]:
    """Nobody clears alone what they suspected: the next check of a suspect paper is another person's."""
    held = latest_check(device, number, print_no)
    if held is None or device.session is None or held["by"] != device.session.person:
        return []
    if held["suspect"]:
        return [Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="checks")]
    if any(came_after(sheet, held) for sheet in device.rows.many("sheets", number=number, print=print_no)):
        return []
    return [Refusal(code=RefusalCode.ALREADY_RECORDED, current=number)]
