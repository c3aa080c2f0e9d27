"""Issuing a certificate (签发): all reasons against it, then prepare → sign → commit.

Nothing is locked while the vet signs. The number is taken last, inside the transaction that records the certificate;
kill the power anywhere and it is wholly used or wholly free. Drafts never burn numbers.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.certificate import CertificateParties, CertificateRecord, IssueDraft, record_hash
from inspector_app.domain.credential import (
    CONTEXT,
    KINDS,
    PREV_BYTES,
    RECORD_BYTES,
    Credential,
    assemble,
    signing_input,
)
from inspector_app.domain.declaration import kind_for
from inspector_app.domain.quantities import remaining
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order, refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.projections import Row
from inspector_app.services import issuing_gates
from inspector_app.services.case import Case, open_case, parties_of, record_of
from inspector_app.services.device import Device
from inspector_app.services.marked_sheets import as_recorded, of_replaced
from inspector_app.services.number_custody import next_number, no_numbers_left
from inspector_app.services.on_desk import report_lost
from inspector_app.services.paperwork import issued_papers
from inspector_app.store.journal_store import HeldCredential
from inspector_app.suites import seal, sha256

FIRST_PRINT = 1
ROAD = 1


class Issued(msgspec.Struct, frozen=True):
    """A certificate that is now in force."""

    number: str
    ref: str


def can_issue(device: Device, draft: IssueDraft) -> tuple[Refusal, ...]:
    """All refusals that stand against issuing this draft now, in order of precedence; empty when it may be issued."""
    return in_order(issuing_gates.refusals(device, draft))


def propose(device: Device, inspection: Row) -> IssueDraft:
    """A draft for what is left of a batch, as the declaration has it; vehicle and carrier are still to be filled in."""
    declaration = device.rows.one("declarations", ref=inspection["declaration"]) or {}
    destination = int(declaration["destination"] or 0)
    used = issuing_gates.certified(device, str(inspection["ref"]))
    return IssueDraft(
        inspection=str(inspection["ref"]),
        kind=kind_for(int(declaration["origin"] or 0), destination),
        quantity=remaining(issuing_gates.quantity_of(inspection), used, device.catalogue.units),
        destination=destination,
        destination_place=str(declaration["destination_place"] or ""),
        consignee=str(declaration["consignee"] or ""),
        departs_at=int(declaration["departs_at"] or 0),
        transport=ROAD,
    )


def batch_to_issue(device: Device, declaration: str) -> Row | Refused:
    """The passed batch of a declaration a certificate is issued on: the first with something left, else the last."""
    if device.rows.one("declarations", ref=declaration) is None:
        return refused(Refusal(code=RefusalCode.NOT_FOUND, current=declaration))
    rows = device.rows.many("inspections", order="ended_at", declaration=declaration)
    passed = [row for row in rows if row["conclusion"] == "passed"]
    if not passed:
        code = RefusalCode.INSPECTION_FAILED if rows else RefusalCode.NOT_INSPECTED
        return refused(Refusal(code=code, current=declaration))
    return next((row for row in passed if propose(device, row).quantity.value), passed[-1])


def issue_certificate(device: Device, draft: IssueDraft) -> Issued | Refused:
    """Issue: the certificate is in force when this returns :class:`Issued`; nothing happened when it is refused."""
    return device.record_with(lambda act: _prepare(device, draft, act))


def _prepare(device: Device, draft: IssueDraft, act: Act) -> tuple[Issued | Refused, list[HeldCredential]]:
    """Ask every gate, take the number, sign: of one moment, on one head; all of it again when that head moved."""
    case = open_case(device, draft, act.at)
    taken = next_number(device, draft.kind, case.person)
    refusals = issuing_gates.against_case(device, case, taken)
    if refusals or taken is None:
        return refused(*refusals or [no_numbers_left(device, draft.kind, case.person)]), []
    record, parties = record_of(device, case, taken), parties_of(case)
    refusals = issuing_gates.against_paper(device, record, parties, case.policy)
    if refusals:
        return refused(*refusals), []
    if lost := issuing_gates.lost_sheets(draft):
        report_lost(act, issued_papers(device, draft.replaces).record.number, lost)
    return _sign(device, record, parties, case, act)


def _sign(
    device: Device, record: CertificateRecord, parties: CertificateParties, case: Case, act: Act
) -> tuple[Issued, list[HeldCredential]]:
    draft, spares = case.draft, case.policy.spare_prints
    private, promise = act.commit_private(parties)
    prev, seq = act.head.hash, act.head.seq + 1
    payloads = [
        sign_credential(device, credential_of(record, parties, promise, prev=prev, seq=seq, print_no=print_no))
        for print_no in range(FIRST_PRINT, FIRST_PRINT + spares + 1)
    ]
    counted = draft.replaces_on_desk if draft.replaces else 0
    seen = as_recorded(of_replaced(draft), counted)
    fact = CertificateIssued(
        record=record,
        key=device.session_key().public.key_id.hex(),
        prints=[sha256(payload).hex() for payload in payloads],
        on_desk=counted,
        attachments=seen.photos,
        no_picture=seen.no_picture,
        grant=case.grant.ordinal if case.grant is not None else 0,
    )
    ref = act.add(fact, private=private, sign=device.sign)
    number = str(record.number)
    return Issued(number, ref), held_credentials(device, number, payloads)


def sign_credential(device: Device, credential: Credential) -> bytes:
    """The payload of a credential with the signed-in vet's signature."""
    key = device.session_key()
    covered = signing_input(key.public, credential)
    return assemble(covered, key.sign(CONTEXT, covered))


def credential_of(
    record: CertificateRecord, parties: CertificateParties, promise: str, *, prev: bytes, seq: int, print_no: int
) -> Credential:
    """The machine-readable claim of one print. ``promise`` is the commitment to the personal part."""
    return Credential(
        digits=record.number.digits,
        kind=KINDS.index(record.number.kind) + 1,
        device_seq=seq,
        prev=prev[:PREV_BYTES],
        issue_minute=record.issued_at // MS_PER_MINUTE,
        valid_minutes=record.valid_minutes,
        species=record.species,
        quantity_value=record.quantity.value,
        quantity_scale=record.quantity.scale,
        unit=record.quantity.unit,
        origin=record.origin,
        destination=record.destination,
        purpose=record.purpose,
        plate=parties.plate,
        vet=record.vet,
        print_no=print_no,
        record=record_hash(record, promise)[:RECORD_BYTES],
        time_confidence=record.time_confidence,
        offline=record.offline,
    )


def held_credentials(device: Device, number: str, payloads: list[bytes]) -> list[HeldCredential]:
    """Print 1 lies open, the spares are sealed to the device's box key."""
    box = device.identity.box.public_raw
    held = [HeldCredential(number, FIRST_PRINT, payloads[0], None)]
    for print_no, payload in enumerate(payloads[1:], start=FIRST_PRINT + 1):
        held.append(HeldCredential(number, print_no, None, seal(box, spare_info(number, print_no), payload)))
    return held


def spare_info(number: str, print_no: int) -> bytes:
    """What a sealed spare print is bound to."""
    return f"inspector/spare/1|{number}|{print_no}".encode()
