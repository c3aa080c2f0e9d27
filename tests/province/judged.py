"""What tests of judging read off the province's verdicts."""

from __future__ import annotations

from typing import Any

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.numbering import Number
from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.journal.entries.certificates import NoticeDetails, NoticeIssued
from inspector_app.journal.entries.declarations import (
    Note,
)
from inspector_app.journal.entries.inspections import DiseaseOutcome, ResultReceived, SampleTaken
from province import reference
from province.journal.rows import DjangoRows
from tests.province import work
from tests.province.fixtures import CLERK, SECOND_VET, STATION, VET, Province
from tests.sync.fakes import FakeDevice

J = Judgement


def verdicts_on(province: Province, device: FakeDevice) -> list[VerdictSheet]:
    """Sync, and what the province said of this device's entries."""
    device.sync(province.exchange)
    return [sheet for sheet in device.held(VerdictSheet) if sheet.device == device.device]


def only(province: Province, device: FakeDevice) -> tuple[Judgement, bool, bool]:
    """The single verdict given: code, followed, holds."""
    (sheet,) = verdicts_on(province, device)
    return Judgement(sheet.code), sheet.followed, sheet.holds


def verdict_on(province: Province, device: FakeDevice, ref: str) -> list[tuple[str, bool, bool]]:
    """What was said of one entry of a device."""
    said = [sheet for sheet in verdicts_on(province, device) if f"{sheet.device}/{sheet.seq}" == ref]
    return [(sheet.code, sheet.followed, sheet.holds) for sheet in said]


def notice(device: FakeDevice, declaration: str, inspection: str, number: Number, block: str, **changes: Any) -> str:
    fact = NoticeIssued(
        number=number,
        block=block,
        declaration=declaration,
        inspection=inspection,
        species=work.GRASS_CARP,
        stage="summerling",
        quantity=work.QUANTITY,
        basis=["AQM-2022-20"],
        failures=[],
        diseases=[],
        method="destroy",
        issued_on=legal_date(device.clock.now().at),
        vet=VET,
        station=STATION,
        form="treatment_notice",
        form_hash=work.form_hash("treatment_notice"),
    )
    fact = msgspec.structs.replace(fact, **changes)
    return device.record(VET, fact, private=NoticeDetails(owner="湖西", owner_phone="13900000001"))


def required(province: Province) -> list[str]:
    policy, today = reference.policy(province.using), legal_date(province.clock.at)
    found = sorted(reference.required_results(policy, work.GRASS_CARP, "A", today))
    assert found
    return found


def sampled(device: FakeDevice, inspection: str, diseases: list[str], outcome: str, *, actor: int = VET) -> None:
    """A sample taken and the laboratory's word on each disease."""
    taken = SampleTaken(inspection=inspection, code="S1", individuals=10, preservation="ice", diseases=diseases)
    sample = device.record(actor, taken, private=Note(text=""))
    outcomes = [DiseaseOutcome(disease, outcome) for disease in diseases]
    fact = ResultReceived(sample=sample, laboratory=1, report_no="R1", reported_on="2026-11-20", outcomes=outcomes)
    device.record(actor, fact)


def certificate(province: Province, issued: work.Issued) -> dict[str, Any]:
    """The row of a certificate in the province's projections."""
    return DjangoRows(province.using).one("certificates", number=str(issued.number)) or {}


def certified_at_two(province: Province) -> tuple[FakeDevice, FakeDevice, work.Issued]:
    """A certificate that both computers of the station hold."""
    device, desk = province.enrol(people=(VET, CLERK)), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(device)
    device.sync(province.exchange)
    desk.sync(province.exchange)
    return device, desk, issued


def found_on(province: Province, device: FakeDevice) -> list[tuple[Judgement, bool, bool]]:
    """Every verdict given on a device's entries."""
    return [(Judgement(one.code), one.followed, one.holds) for one in verdicts_on(province, device)]


def second_persons(province: Province, issued: work.Issued) -> set[int]:
    """Who confirmed a void of this certificate, be it one that only repeated another."""
    acts = DjangoRows(province.using).many("acts", subject=str(issued.number))
    return {int(row["confirmed_by"]) for row in acts if row["confirmed_by"]}


def held(province: Province, device: FakeDevice) -> dict[str, Any]:
    """The first block of B numbers cut for a device."""
    device.sync(province.exchange)
    return dict(DjangoRows(province.using).many("blocks", order="ordinal", device=device.device, kind="B")[0])


def number_states(province: Province, block: dict[str, Any]) -> list[str]:
    rows = DjangoRows(province.using).many("numbers", order="digits", block=block["block"])
    return [str(row["state"]) for row in rows]
