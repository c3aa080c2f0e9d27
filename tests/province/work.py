"""The day's work of one fake device, as entries: declaration, inspection, certificate, print, void.

Everything a test may want to get wrong is an argument.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, day_start, legal_date
from inspector_app.config import read_resource
from inspector_app.domain.certificate import CertificateParties, CertificateRecord, record_hash, valid_minutes
from inspector_app.domain.credential import CONTEXT, Credential, assemble, qr_text, signing_input
from inspector_app.domain.numbering import Block, Number
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.chain import PrivatePart, commitment
from inspector_app.journal.entries.certificates import CertificateHandedOver, CertificateIssued, CertificateVoided
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationDetails,
    DeclarationRecorded,
    Note,
)
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReceived, CaseReturned
from inspector_app.journal.entries.inspections import InspectionCompleted, InspectionDetails
from inspector_app.suites import SigningKey, sha256
from tests.province.fixtures import VET
from tests.sync.fakes import FakeDevice

HOST = "q.practice.example"
GRASS_CARP, FARMING, FISH = 101, 1, 1
GAOYOU, XINGHUA, WUHU = 321084, 321281, 340202
HOUR = 60 * MS_PER_MINUTE
QUANTITY = Quantity(500_000, 0, FISH)


class Issued(msgspec.Struct, frozen=True):
    """A certificate as its paper shows it."""

    number: Number
    ref: str
    payloads: tuple[bytes, ...]

    def code(self, print_no: int = 1) -> str:
        """What the QR of a print says."""
        return qr_text(HOST, self.payloads[print_no - 1])


def declare(device: FakeDevice, *, actor: int = VET, destination: int = XINGHUA, **changes: Any) -> str:
    """A declaration, taken down and accepted; returns its reference."""
    ref = take_down(device, actor=actor, destination=destination, **changes)
    accept(device, ref, actor=actor)
    return ref


def accept(device: FakeDevice, declaration: str, *, actor: int = VET) -> str:
    """A declaration accepted, to be inspected today."""
    today = legal_date(device.clock.now().at)
    return device.record(actor, DeclarationAccepted(declaration=declaration, inspect_on=today, area=GAOYOU))


def take_down(device: FakeDevice, *, actor: int = VET, destination: int = XINGHUA, **changes: Any) -> str:
    """A declaration, not decided on yet; returns its reference."""
    at = device.clock.now().at
    fact = DeclarationRecorded(
        owner="",
        channel="point",
        online="",
        species=GRASS_CARP,
        stage="summerling",
        quantity=QUANTITY,
        purpose=FARMING,
        origin=GAOYOU,
        destination=destination,
        wild=False,
        declared_at=at - HOUR,
        departs_at=at + 2 * HOUR,
    )
    details = DeclarationDetails(owner="湖西特种水产苗种场", owner_phone="13900000001")
    return device.record(actor, msgspec.structs.replace(fact, **changes), private=details)


def inspect(device: FakeDevice, declaration: str, *, actor: int = VET, **changes: Any) -> str:
    """A batch inspected and passed; returns its reference."""
    at = device.clock.now().at
    fact = InspectionCompleted(
        declaration=declaration,
        species=GRASS_CARP,
        stage="summerling",
        quantity=QUANTITY,
        started_at=at - HOUR,
        ended_at=at,
        catalogue="test",
        checks=["permit"],
        failings=[],
        history_clean=True,
        findings=[],
        suspected=[],
        measurements=[],
        conclusion="passed",
    )
    return device.record(actor, msgspec.structs.replace(fact, **changes), private=InspectionDetails(batch="1 号塘"))


BUNDLE = "5f" * 32


def move_case(first: FakeDevice, second: FakeDevice, declaration: str, *, actor: int = VET, turn: int = 1) -> None:
    """The right to issue on a case goes from one laptop to a sister, on a stick."""
    given = CaseHandedOver(declaration=declaration, device=second.device, bundle=BUNDLE, turn=turn)
    first.record(actor, given)
    take_case(first, second, declaration, turn=turn)


def take_case(first: FakeDevice, second: FakeDevice, declaration: str, *, turn: int = 1) -> None:
    """A sister reads the stick a case came on."""
    fact = CaseReceived(
        declaration=declaration, device=first.device, turn=turn, bundle=BUNDLE, documents=1, hash=BUNDLE
    )
    second.record(0, fact)


def give_back(second: FakeDevice, first: FakeDevice, declaration: str, *, actor: int, turn: int = 2) -> None:
    """Who was handed the case gives it back."""
    second.record(actor, CaseReturned(declaration=declaration, device=first.device, bundle=BUNDLE, turn=turn))


def next_number(device: FakeDevice, kind: str, *, holder: int = VET, skip: int = 0) -> tuple[Number, str]:
    """The lowest free number of the oldest block this device holds for a vet, and the block's name."""
    used = {str(issued.number) for issued in ISSUED.get(device, [])}
    blocks = [one for one in device.held(Block) if (one.device, one.holder, one.kind) == (device.device, holder, kind)]
    free = [
        (number, block.block)
        for block in sorted(blocks, key=lambda one: one.ordinal)
        for number in block.numbers()
        if str(number) not in used
    ]
    return free[skip]


ISSUED: WeakKeyDictionary[FakeDevice, list[Issued]] = WeakKeyDictionary()


def issue(
    device: FakeDevice,
    inspection: str,
    declaration: str,
    *,
    kind: str = "B",
    actor: int = VET,
    key: SigningKey | None = None,
    taken: tuple[Number, str] | None = None,
    credential: dict[str, Any] | None = None,
    prints: list[str] | None = None,
    grant: int = 0,
    **changes: Any,
) -> Issued:
    """A certificate with three signed prints; ``changes`` alter the record, ``credential`` what the paper claims."""
    signer = key or device.people[actor]
    number, block = taken or next_number(device, kind, holder=actor)
    stamp = device.clock.now()
    stated = _record(device, number, block, inspection, declaration, actor, at=stamp.at)
    record = msgspec.structs.replace(stated, **changes)
    parties = CertificateParties(
        owner="湖西特种水产苗种场",
        owner_phone="13900000001",
        origin_place="湖西新区",
        destination_place="昌荣镇",
        plate="苏K9J21A",
    )
    private = PrivatePart(device.random.bytes(16), msgspec.json.encode(parties))
    promise = commitment(private.salt, private.content)
    head = device.head()
    payloads = [
        _payload(record, parties, promise, signer, head.hash, head.seq + 1, print_no, credential or {})
        for print_no in (1, 2, 3)
    ]
    digests = [sha256(payload).hex() for payload in payloads]
    fact = CertificateIssued(record=record, key=signer.public.key_id.hex(), prints=prints or digests, grant=grant)
    ref = device.record(actor, fact, private=private, key=key, stamp=stamp)
    issued = Issued(number, ref, tuple(payloads))
    ISSUED.setdefault(device, []).append(issued)
    return issued


def _record(
    device: FakeDevice, number: Number, block: str, inspection: str, declaration: str, actor: int, *, at: int
) -> CertificateRecord:
    today, days = legal_date(at), 1 if number.kind == "B" else 2
    form = f"certificate_{number.kind.lower()}"
    return CertificateRecord(
        number=number,
        block=block,
        declaration=declaration,
        inspection=inspection,
        species=GRASS_CARP,
        stage="summerling",
        quantity=Quantity(100_000, 0, FISH),
        purpose=FARMING,
        origin=GAOYOU,
        destination=XINGHUA if number.kind == "B" else WUHU,
        transport=1,
        disinfectant=1,
        departs_at=at + HOUR,
        issued_at=at,
        issued_on=today,
        valid_days=days,
        valid_minutes=valid_minutes(number.kind, days, at, day_start(today) + MS_PER_DAY),
        vet=actor,
        station=device.station,
        medium="laser",
        form=form,
        form_hash=form_hash(form),
        policy="test",
        catalogue="test",
        offline=True,
        time_confidence=0,
    )


def form_hash(form: str) -> str:
    """The template as the province under test released it at its founding."""
    return sha256(read_resource(f"forms/{form}.toml")).hex()


def _payload(
    record: CertificateRecord,
    parties: CertificateParties,
    promise: str,
    signer: SigningKey,
    prev: bytes,
    seq: int,
    print_no: int,
    changes: dict[str, Any],
) -> bytes:
    claim = Credential(
        digits=record.number.digits,
        kind="AB".index(record.number.kind) + 1,
        device_seq=seq,
        prev=prev[:8],
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
        record=record_hash(record, promise)[:16],
        time_confidence=0,
        offline=record.offline,
    )
    signed = signing_input(signer.public, msgspec.structs.replace(claim, **changes))
    return assemble(signed, signer.sign(CONTEXT, signed))


def certify(device: FakeDevice, *, kind: str = "B", actor: int = VET, **changes: Any) -> Issued:
    """The whole chain of work for one certificate."""
    declaration = declare(device, actor=actor, destination=XINGHUA if kind == "B" else WUHU)
    inspection = inspect(device, declaration, actor=actor)
    return issue(device, inspection, declaration, kind=kind, actor=actor, **changes)


def void(device: FakeDevice, issued: Issued, *, actor: int = VET) -> str:
    """Void a certificate."""
    fact = CertificateVoided(number=issued.number, reason="wrong_content", on_desk=2, no_picture="too_dark")
    return device.record(actor, fact, private=Note(text="数量填错"))


def hand_over(device: FakeDevice, issued: Issued, *, actor: int = VET, handed_at: int = 0) -> str:
    """Hand a certificate over."""
    at = handed_at or device.clock.now().at
    fact = CertificateHandedOver(issued.number, 1, 1, wet_signature=True, wet_seal=True, handed_at=at)
    return device.record(actor, fact)
