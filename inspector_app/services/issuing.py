"""Issuing a certificate (签发): all reasons against it, then prepare → sign → commit.

Nothing is locked while the vet signs. The number is taken last, inside the transaction that records the certificate;
kill the power anywhere and it is wholly used or wholly free. Drafts never burn numbers.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, day_start, legal_date
from inspector_app.domain.certificate import (
    CertificateParties,
    CertificateRecord,
    IssueDraft,
    record_hash,
    valid_minutes,
)
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
from inspector_app.domain.refusals import Refusal, Refused, in_order, refused
from inspector_app.domain.typed_text import clean_optional, normalise_phone, normalise_plate
from inspector_app.errors import BugError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.projections import Row
from inspector_app.services import issuing_gates
from inspector_app.services.device import Device
from inspector_app.services.number_custody import NextNumber, next_number, no_numbers_left
from inspector_app.store.journal_store import HeldCredential
from inspector_app.suites import seal, sha256

LASER = "laser"
FORMS = {("A", LASER): "certificate_a", ("B", LASER): "certificate_b"}
FORMS |= {("B", "thermal_80"): "portable_b_80", ("B", "thermal_58"): "portable_b_58"}
FIRST_PRINT = 1
ROAD = 1


class Issued(msgspec.Struct, frozen=True):
    """A certificate that is now in force."""

    number: str
    ref: str


class Case(msgspec.Struct, frozen=True):
    """The rows an issue stands on."""

    inspection: Row
    declaration: Row
    draft: IssueDraft
    person: int


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


def open_case(device: Device, draft: IssueDraft) -> Case:
    """The inspected batch and declaration of a draft; BugError when the gates were not asked first."""
    inspection = device.rows.one("inspections", ref=draft.inspection)
    declaration = inspection and device.rows.one("declarations", ref=inspection["declaration"])
    if not inspection or not declaration:
        raise BugError("issuing without an inspected declaration")
    return Case(inspection, declaration, draft, device.person())


def issue_certificate(device: Device, draft: IssueDraft) -> Issued | Refused:
    """Issue: the certificate is in force when this returns :class:`Issued`; nothing happened when it is refused."""
    return device.record_with(lambda act: _prepare(device, draft, act))


def _prepare(device: Device, draft: IssueDraft, act: Act) -> tuple[Issued | Refused, list[HeldCredential]]:
    """Ask every gate, take the number, sign: on one head, and all of it again when that head moved meanwhile."""
    refusals = issuing_gates.refusals(device, draft)
    if refusals:
        return Refused(in_order(refusals)), []
    case = open_case(device, draft)
    taken = next_number(device, draft.kind, case.person)
    if taken is None:
        return refused(no_numbers_left(draft.kind)), []
    return _sign(device, case, taken, act)


def _sign(device: Device, case: Case, taken: NextNumber, act: Act) -> tuple[Issued, list[HeldCredential]]:
    parties = parties_of(device, case)
    private, promise = act.commit_private(parties)
    record = record_of(device, case, taken, act.at)
    prints = range(FIRST_PRINT, FIRST_PRINT + device.policy().spare_prints + 1)
    prev, seq = act.head.hash, act.head.seq + 1
    payloads = [
        sign_credential(device, credential_of(record, parties, promise, prev=prev, seq=seq, print_no=print_no))
        for print_no in prints
    ]
    fact = CertificateIssued(
        record=record,
        key=device.session_key().public.key_id.hex(),
        prints=[sha256(payload).hex() for payload in payloads],
    )
    ref = act.add(fact, private=private, sign=device.sign)
    number = str(record.number)
    return Issued(number, ref), held_credentials(device, number, payloads)


def record_of(device: Device, case: Case, taken: NextNumber, at: int) -> CertificateRecord:
    """What the certificate will state, at this moment and with this number."""
    draft, policy = case.draft, device.policy()
    issued_on = legal_date(at)
    form = FORMS[draft.kind, draft.medium]
    return CertificateRecord(
        number=taken.number,
        block=taken.block,
        declaration=str(case.declaration["ref"]),
        inspection=str(case.inspection["ref"]),
        species=int(case.inspection["species"] or 0),
        stage=str(case.inspection["stage"]),
        quantity=draft.quantity,
        purpose=int(case.declaration["purpose"] or 0),
        origin=int(case.declaration["origin"] or 0),
        destination=draft.destination,
        transport=draft.transport,
        disinfectant=draft.disinfectant,
        departs_at=draft.departs_at,
        issued_at=at,
        issued_on=issued_on,
        valid_days=1 if draft.kind == "B" else draft.valid_days,
        valid_minutes=valid_minutes(draft.kind, draft.valid_days, at, day_start(issued_on) + MS_PER_DAY),
        vet=case.person,
        station=device.sheet.station,
        medium=draft.medium,
        form=form,
        form_hash=device.paper.form_hash(form),
        policy=policy.version,
        catalogue=device.catalogue.version,
        offline=not device.online,
        time_confidence=time_confidence(device, at),
        replaces=draft.replaces,
        replace_reason=draft.replace_reason,
    )


def parties_of(device: Device, case: Case) -> CertificateParties:
    """Names, places and plate as they will stand on the paper."""
    draft, declaration = case.draft, case.declaration
    station = device.rows.one("stations", station=device.sheet.station) or {}
    grant = device.grant(case.person)
    return CertificateParties(
        owner=str(declaration["owner_name"] or ""),
        owner_phone=str(declaration["owner_phone"] or ""),
        origin_place=str(declaration["origin_place"] or ""),
        destination_place=clean_optional(draft.destination_place),
        consignee=clean_optional(draft.consignee),
        carrier=clean_optional(draft.carrier),
        carrier_phone=normalise_phone(draft.carrier_phone),
        plate=normalise_plate(draft.plate),
        vet_name=grant.name if grant else "",
        station_name=str(station.get("agency") or station.get("name") or ""),
        agency_phone=str(station.get("phone") or ""),
        remarks=clean_optional(draft.remarks),
    )


def time_confidence(device: Device, at: int) -> int:
    """0 when the province's time was seen within a day, 1 within a week, 2 otherwise (SECURITY 2.7)."""
    seen = device.store.acknowledged().contacted_at
    age = at - seen
    if not seen or age < 0:
        return 2
    return 0 if age < MS_PER_DAY else 1 if age < 7 * MS_PER_DAY else 2


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
