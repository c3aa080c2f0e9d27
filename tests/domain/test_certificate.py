"""Certificates: their life, what their credential binds, and until when they cover a trip."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.certificate import (
    MINUTES_PER_DAY,
    CertificateParties,
    CertificateRecord,
    CertificateState,
    IssueDraft,
    expires_at,
    move_certificate,
    record_hash,
    valid_minutes,
)
from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import Quantity

NOON = day_start("2026-11-20") + MS_PER_DAY // 2


def record(**changes: Any) -> CertificateRecord:
    made = CertificateRecord(
        number=Number("s10", "B", "3200000003"),
        block="B1",
        declaration="0a/3",
        inspection="0a/5",
        species=101,
        stage="fry",
        quantity=Quantity(500_000, 0, 1),
        purpose=1,
        origin=321084,
        destination=321281,
        transport=1,
        disinfectant=2,
        departs_at=NOON,
        issued_at=NOON,
        issued_on="2026-11-20",
        valid_days=1,
        valid_minutes=720,
        vet=7,
        station=1,
        medium="laser",
        form="certificate_b",
        form_hash="ab" * 32,
        policy="2026-11",
        catalogue="2026-11",
        offline=True,
        time_confidence=0,
    )
    return msgspec.structs.replace(made, **changes)


@pytest.mark.parametrize("end", [CertificateState.VOIDED, CertificateState.REPLACED])
def test_a_certificate_in_force_can_be_voided_or_replaced(end: CertificateState) -> None:
    assert move_certificate(CertificateState.ISSUED, end) is end


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (state, to)
        for state in CertificateState
        for to in CertificateState
        if state is not CertificateState.ISSUED or to is CertificateState.ISSUED
    ],
)
def test_a_certificate_never_comes_back_into_force_nor_ends_twice(
    state: CertificateState, to: CertificateState
) -> None:
    with pytest.raises(ValueError, match=f"a {state} certificate cannot become {to}"):
        move_certificate(state, to)


def test_the_record_hash_binds_every_field_of_the_record() -> None:
    commitment = "cd" * 32
    hashes = {record_hash(record(), commitment)}
    for name in CertificateRecord.__struct_fields__:
        held = getattr(record(), name)
        other: object
        match held:
            case bool():
                other = not held
            case int():
                other = held + 1
            case str():
                other = held + "x"
            case Number():
                other = Number("s10", "B", "3200000004")
            case _:
                other = Quantity(500_001, 0, 1)
        hashes.add(record_hash(record(**{name: other}), commitment))
    assert len(hashes) == len(CertificateRecord.__struct_fields__) + 1


def test_the_record_hash_binds_the_personal_part_through_its_commitment() -> None:
    assert record_hash(record(), "cd" * 32) != record_hash(record(), "ce" + "cd" * 31)


@pytest.mark.parametrize("commitment", ["no hex", "cd c"])
def test_a_commitment_that_is_no_hash_binds_nothing(commitment: str) -> None:
    with pytest.raises(ValueError, match="fromhex"):
        record_hash(record(), commitment)


@given(st.integers(0, MS_PER_DAY - 1))
def test_certificate_b_covers_the_day_of_issue_and_no_minute_of_the_next(into_the_day: int) -> None:
    start = day_start("2026-11-20")
    issued_at = start + into_the_day
    minutes = valid_minutes("B", 1, issued_at, start + MS_PER_DAY)
    made = record(issued_at=issued_at, valid_minutes=minutes)
    assert minutes >= 1
    last_moment = expires_at(made) - 1
    assert legal_date(last_moment) == "2026-11-20" or into_the_day > MS_PER_DAY - 60_000


@pytest.mark.parametrize("days", [1, 2, 5])
def test_certificate_a_covers_whole_days_from_the_moment_of_issue(days: int) -> None:
    assert valid_minutes("A", days, NOON, NOON + 1) == days * MINUTES_PER_DAY
    assert expires_at(record(valid_minutes=days * MINUTES_PER_DAY)) == NOON + days * MS_PER_DAY


@pytest.mark.parametrize("shape", [CertificateRecord, CertificateParties, IssueDraft])
def test_a_field_nobody_knows_is_refused(shape: type[msgspec.Struct]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"unknown field|missing required"):
        msgspec.json.decode(b'{"surprise": 1}', type=shape)
    sample: msgspec.Struct = record() if shape is CertificateRecord else _least(shape)
    known = msgspec.to_builtins(sample)
    assert msgspec.convert(known, shape) == sample
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert(known | {"surprise": 1}, shape)


def _least(shape: type[msgspec.Struct]) -> msgspec.Struct:
    if shape is CertificateParties:
        return CertificateParties(owner="王𬀩", owner_phone="0514-1", origin_place="高邮", destination_place="兴化")
    return IssueDraft(
        inspection="0a/5",
        kind="B",
        quantity=Quantity(1, 0, 1),
        destination=321281,
        destination_place="兴化",
        departs_at=NOON,
    )
