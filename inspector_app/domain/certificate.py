"""The life of a certificate (动物检疫合格证明) and what it states.

``issued → voided | replaced``, in force at once. *Void confirmed*, *disputed* and *arrived* are flags; *expired* is
computed when read. A certificate handed to a citizen is a fact: nothing here ever deletes one.
"""

from __future__ import annotations

import enum
import hashlib

import msgspec

from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import LARGEST, Quantity


class CertificateState(enum.StrEnum):
    """The life of a certificate (签发 → 作废 / 换证)."""

    ISSUED = "issued"
    VOIDED = "voided"
    REPLACED = "replaced"


CERTIFICATE_MOVES: dict[CertificateState, frozenset[CertificateState]] = {
    CertificateState.ISSUED: frozenset({CertificateState.VOIDED, CertificateState.REPLACED}),
    CertificateState.VOIDED: frozenset(),
    CertificateState.REPLACED: frozenset(),
}


OWN_FAULTS = frozenset({"wrong_entry", "wrong_make", "damaged", "missing_sheet", "number_fault"})
"""Reasons of the list ``void`` for which the station answers, never the holder: what was handed over is replaced."""
OWNERS_WISH = frozenset({"trip_cancelled", "not_departed"})
"""Reasons by which the holder gives the paper up."""
LEGAL_BASIS = "legal_basis"
"""The list of what a paper may be taken from its owner by (GX-2014 Art. 29)."""


def move_certificate(state: CertificateState, to: CertificateState) -> CertificateState:
    """The certificate's next state; ValueError for a move its life does not have."""
    if to not in CERTIFICATE_MOVES[state]:
        raise ValueError(f"a {state} certificate cannot become {to}")
    return to


class CertificateRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a certificate states, less everything personal (that is in the entry's private part).

    ``species``, ``purpose``, ``transport``, ``disinfectant`` and the quantity's unit are catalogue codes; ``origin``
    and ``destination`` GB/T 2260 areas; ``departs_at`` UTC ms; ``valid_minutes`` counts from ``issued_at``;
    ``policy``, ``catalogue`` and ``form`` name the versions it was made under (``form_hash`` hex SHA-256).
    """

    number: Number
    block: str
    declaration: str
    inspection: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    destination: int
    transport: int
    disinfectant: int
    departs_at: int
    issued_at: int
    issued_on: str
    valid_days: int
    valid_minutes: int
    vet: int
    station: int
    medium: str
    form: str
    form_hash: str
    policy: str
    catalogue: str
    offline: bool
    time_confidence: int
    plate_reason: str = ""
    replaces: str = ""
    replace_reason: str = ""


class CertificateParties(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The private part: names, phones, places and plate, exactly as they stand on the paper.

    ``replace_note`` alone is not on the paper: the vet's own words beside the reason for replacing.
    """

    owner: str
    owner_phone: str
    origin_place: str
    destination_place: str
    consignee: str = ""
    carrier: str = ""
    carrier_phone: str = ""
    plate: str = ""
    vet_name: str = ""
    station_name: str = ""
    agency_phone: str = ""
    remarks: str = ""
    replace_note: str = ""


def expires_at(record: CertificateRecord) -> int:
    """The UTC millisecond after which the certificate no longer covers the trip; ValueError when no clock shows it."""
    end = record.issued_at + record.valid_minutes * 60_000
    if abs(end) > LARGEST:
        raise ValueError(f"{record.valid_minutes} minutes end on no day")
    return end


RECORDED_LATE_MS = 3_600_000
"""A hand-over written down more than an hour after it is a late record (补录), and says why."""


def is_recorded_late(handed_at: int, recorded_at: int) -> bool:
    """Whether so much time passed between a hand-over and its record that a reason belongs beside it."""
    return recorded_at - handed_at > RECORDED_LATE_MS


RECORD_CONTEXT = b"inspector/record/1"
MINUTES_PER_DAY = 1440


def record_hash(record: CertificateRecord, commitment: str) -> bytes:
    """What the credential binds of the whole record: facts and the salted commitment to the personal part."""
    return hashlib.sha256(RECORD_CONTEXT + msgspec.json.encode(record) + bytes.fromhex(commitment)).digest()


def valid_minutes(kind: str, valid_days: int, issued_at: int, day_end: int) -> int:
    """Minutes from issue to the end of validity: B until the end of the day of issue, A for ``valid_days`` days."""
    if kind == "B":
        return max(1, (day_end - issued_at) // 60_000)
    return valid_days * MINUTES_PER_DAY


class IssueDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a vet fills in to issue: vehicle, destination and consignee belong to the certificate, not the batch.

    ``replaces`` is the number of the certificate this one replaces (作废换证), "" otherwise; ``replaces_on_desk`` are
    its sheets counted on the desk and marked 作废, which before its hand-over must be all but the ``replaces_lost``:
    those nobody can find, each ``[print, sheet]``. ``replaces_photos`` show the marked ones (hex SHA-256), or
    ``replaces_no_picture`` is the reason (list ``no_picture``) why nothing does.
    """

    inspection: str
    kind: str
    quantity: Quantity
    destination: int
    destination_place: str
    departs_at: int
    valid_days: int = 1
    consignee: str = ""
    carrier: str = ""
    carrier_phone: str = ""
    transport: int = 0
    disinfectant: int = 0
    plate: str = ""
    plate_reason: str = ""
    remarks: str = ""
    medium: str = "laser"
    replaces: str = ""
    replaces_on_desk: int = 0
    replaces_lost: list[tuple[int, int]] = []
    replaces_photos: list[str] = []
    replaces_no_picture: str = ""
    replace_reason: str = ""
    replace_note: str = ""
