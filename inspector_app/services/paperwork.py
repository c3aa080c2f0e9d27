"""What goes on paper: from recorded facts to filled fields, and the leave to draw without the specimen mark."""

from __future__ import annotations

import msgspec

from inspector_app.domain.certificate import CertificateParties, CertificateRecord, IssueDraft
from inspector_app.domain.filling import NoticeFacts, certificate_facts, certificate_fields, notice_fields
from inspector_app.domain.numbering import Number
from inspector_app.domain.policy import Policy
from inspector_app.domain.reference import UnknownCodeError
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeDetails, NoticeIssued
from inspector_app.journal.entries.printing import OrderContent, PrintOrderReceived
from inspector_app.journal.envelope import Fact
from inspector_app.ports import Leave, PaperContent
from inspector_app.services.case import FORMS, open_case, parties_of, record_of
from inspector_app.services.device import Device, last_day
from inspector_app.services.number_custody import NextNumber, next_number
from inspector_app.suites import sha256

NOTICE_FORM, NOTICE_KIND = "treatment_notice", "N"
UNNUMBERED = "—"


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """An issued certificate as it was recorded: what it states, names, and its place in the issuing journal."""

    record: CertificateRecord
    parties: CertificateParties
    promise: str
    previous: bytes
    seq: int
    fact: Fact


def issued_papers(device: Device, number: str) -> Papers:
    """The recorded certificate behind a number, issued here or ordered to be printed here.

    StationError ``personal_data_removed`` when its names are gone at the end of their retention.
    """
    row = device.rows.one("certificates", number=number)
    if row is None:
        raise BugError(f"no certificate {number}")
    entry = device.store.entry(str(row["ref"])) or _order_entry(device, number)
    if entry is None or entry.fact is None:
        raise BugError(f"the entry of {number} is not here")
    return _papers(entry, number)


def _order_entry(device: Device, number: str) -> Entry | None:
    order = device.rows.one("print_orders", number=number)
    return device.store.entry(str(order["ref"])) if order else None


def _papers(entry: Entry, number: str) -> Papers:
    previous, seq, promise = entry.previous, entry.envelope.seq, entry.envelope.private
    match entry.fact, entry.private:
        case CertificateIssued() as fact, CertificateParties() as parties:
            record = fact.record
        case PrintOrderReceived() as fact, OrderContent() as content:
            record, parties, promise = content.record, content.parties, content.promise
        case _:
            raise StationError("personal_data_removed", number=number)
    return Papers(record=record, parties=parties, promise=promise, previous=previous, seq=seq, fact=fact)


def certificate_content(device: Device, papers: Papers, *, print_no: int, code: str, check: str) -> PaperContent:
    """What one print of an issued certificate says."""
    content = _content(device, papers.record, papers.parties, device.policy())
    return msgspec.structs.replace(content, code=code, check_code=check, print_no=print_no)


def _content(device: Device, record: CertificateRecord, parties: CertificateParties, policy: Policy) -> PaperContent:
    return PaperContent(
        form=record.form,
        number=str(record.number),
        values=certificate_fields(certificate_facts(record, parties), device.catalogue, device.areas, policy),
        made_at=record.issued_at,
        leave=leave(device, record.form, record.vet),
    )


def record_content(
    device: Device, record: CertificateRecord, parties: CertificateParties, policy: Policy
) -> PaperContent | None:
    """The same without a code, of a record about to be signed; None when it has a code no catalogue knows."""
    try:
        return _content(device, record, parties, policy)
    except (UnknownCodeError, ValueError):
        return None


def draft_content(device: Device, draft: IssueDraft) -> PaperContent | None:
    """What the certificate of a draft would say; None while codes are missing that the form cannot do without.

    It bears the number that comes next; looking takes none.
    """
    case = open_case(device, draft, device.clock.now().at)
    if (draft.kind, draft.medium) not in FORMS or case.declaration is None or not case.person:
        return None
    unnumbered = NextNumber(Number("", draft.kind, UNNUMBERED), "", 0)
    taken = next_number(device, draft.kind, case.person) or unnumbered
    try:
        record, parties = record_of(device, case, taken), parties_of(case)
    except ValueError:
        return None
    return record_content(device, record, parties, case.policy)


def notice_content(device: Device, number: str, *, print_no: int = 1) -> PaperContent:
    """What one print of a treatment notice says."""
    row = device.rows.one("notices", number=number) or {}
    entry = device.store.entry(str(row["ref"]))
    if entry is None or not isinstance(entry.fact, NoticeIssued) or not isinstance(entry.private, NoticeDetails):
        raise StationError("personal_data_removed", number=number)
    return notice_paper(device, entry.fact, entry.private, entry.envelope.at, print_no=print_no)


def notice_paper(
    device: Device, fact: NoticeIssued, details: NoticeDetails, made_at: int, *, print_no: int = 1
) -> PaperContent:
    """A treatment notice, issued or about to be, as it stands on paper."""
    facts = NoticeFacts(
        number=fact.number.digits,
        owner=details.owner,
        owner_phone=details.owner_phone,
        species=fact.species,
        stage=fact.stage,
        quantity=fact.quantity,
        basis=tuple(fact.basis),
        failures=tuple(fact.failures),
        diseases=tuple(fact.diseases),
        method=fact.method,
        issued_on=fact.issued_on,
        place=details.place,
        vet_name=details.vet_name,
        station_name=details.station_name,
        agency_phone=details.agency_phone,
        remarks=details.remarks,
    )
    return PaperContent(
        form=fact.form,
        number=fact.number.digits,
        values=notice_fields(facts, device.catalogue),
        made_at=made_at,
        print_no=print_no,
        leave=leave(device, fact.form, fact.vet),
    )


def _is_released(device: Device, form: str) -> bool:
    rows = device.rows.many("forms", form=form, sha256=device.paper.form_hash(form))
    now = device.clock.now().at
    return any(int(row["valid_from"] or 0) <= now for row in rows)


@enforces("G29")
def template_refusals(device: Device, form: str) -> list[Refusal]:
    """Only on a template signed by the province, and exactly that one (GX-2014 Art. 20)."""
    if _is_released(device, form):
        return []
    return [Refusal(code=RefusalCode.TEMPLATE_NOT_SIGNED, details={"form": form})]


def leave_refusals(device: Device, form: str, person: int) -> list[Refusal]:
    """Which of the three documents behind a page without the mark lacks or has ended; nothing under a practice root."""
    if device.practice:
        return []
    now, found = device.clock.now().at, template_refusals(device, form)
    grant = device.grant(person)
    if device.licence() is None:
        found.append(Refusal(code=RefusalCode.NO_TERMINAL_LICENCE))
    if grant is None or not grant.valid_from <= now <= grant.valid_until:
        found.append(Refusal(code=RefusalCode.GRANT_EXPIRED, limit=last_day(grant.valid_until) if grant else ""))
    return found


def leave(device: Device, form: str, person: int) -> Leave | None:
    """The three signed documents that allow a page without the mark; None under a practice root or when one lacks."""
    licence = device.licence()
    grant = device.grant(person)
    if device.practice or licence is None or grant is None or leave_refusals(device, form, person):
        return None
    terminal = sha256(msgspec.json.encode(licence)).hex()
    return Leave(terminal, device.paper.form_hash(form), sha256(msgspec.json.encode(grant)).hex())
