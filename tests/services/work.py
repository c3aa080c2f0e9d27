"""One day's work in few words: forms with sensible contents and the steps from declaration to hand-over.

Every step goes through the services, as a screen would; a refusal on the way fails the test that did not expect it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm, OnlineDeclaration
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.entries.inspections import DiseaseOutcome
from inspector_app.services import declaring, handing_over, inspecting, issuing, print_jobs, sampling, sheet_custody
from inspector_app.services.device import Device, Session
from inspector_app.services.inspecting import InspectionForm
from inspector_app.services.marked_sheets import Marked
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sampling import ResultForm, SampleForm
from inspector_app.store.doctor import examine
from tests.office import STATION
from tests.printers.fake import FakePrinter

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
GAOYOU, XINGHUA, HANGZHOU = 321084, 321281, 330106
GRASS_CARP, LOACH = 101, 118
"""Loach has no disease a laboratory must confirm; grass carp has one (GCHD)."""
FISH, TEN_THOUSAND_FISH, KG = 1, 11, 32
LABORATORY = 3
TOO_DARK = Marked(no_picture="too_dark")
"""Why sheets that are marked 作废 were not photographed."""

T = TypeVar("T")


def done(outcome: T | Refused) -> T:
    """What a service gave; a refusal fails the test with its reasons."""
    assert not isinstance(outcome, Refused), outcome.refusals
    return outcome


def reasons(outcome: object) -> tuple[Refusal, ...]:
    """Why something was refused; fails when it was done."""
    assert isinstance(outcome, Refused), outcome
    return outcome.refusals


def only(outcome: object, code: RefusalCode, field: str = "") -> Refusal:
    """The single reason of a refusal, of this code and for this field."""
    found = reasons(outcome)
    assert [(one.code, one.field) for one in found] == [(code, field)], found
    return found[0]


def codes(outcome: object) -> list[RefusalCode]:
    """The codes of a refusal in their order."""
    return [one.code for one in reasons(outcome)]


# --- forms -----------------------------------------------------------------------------------------------------------


def declaration_form(device: Device, **changes: Any) -> DeclarationForm:
    """A producer at Gaoyou sends 120 万尾 grass carp fry to Xinghua in four days."""
    fields: dict[str, Any] = {
        "owner": "王大河",
        "owner_phone": "13800000001",
        "species": GRASS_CARP,
        "stage": "fry",
        "quantity": Quantity(120, 0, TEN_THOUSAND_FISH),
        "purpose": 1,
        "origin": GAOYOU,
        "origin_place": "菱塘回族乡练习水产苗种场",
        "destination": XINGHUA,
        "destination_place": "沙沟镇练习村",
        "departs_at": device.clock.now().at + 4 * DAY,
    }
    return DeclarationForm(**{**fields, **changes})


def online_declaration(device: Device, online: str, **changes: Any) -> OnlineDeclaration:
    """What the producer of :func:`declaration_form` declared on the province's page."""
    fields: dict[str, Any] = {
        "online": online,
        "station": STATION,
        "declared_at": device.clock.now().at,
        "owner": "王大河",
        "owner_phone": "13800000001",
        "owner_address": "高邮市菱塘回族乡",
        "permit": "(苏)苗第0101号",
        "species": GRASS_CARP,
        "stage": "fry",
        "quantity": Quantity(120, 0, TEN_THOUSAND_FISH),
        "purpose": 1,
        "origin": GAOYOU,
        "origin_place": "菱塘回族乡练习水产苗种场",
        "pond": "3 号池",
        "destination": XINGHUA,
        "destination_place": "沙沟镇练习村",
        "consignee": "",
        "wild": False,
        "departs_at": device.clock.now().at + 4 * DAY,
        "remarks": "",
    }
    return OnlineDeclaration(**{**fields, **changes})


def document_checks(device: Device) -> list[str]:
    """Every document and site check, satisfied."""
    return [check.code for check in device.catalogue.checks("documents", device.today())]


def inspection_form(device: Device, declaration: str, **changes: Any) -> InspectionForm:
    """The whole declared batch, inspected within the last minute and passed."""
    row = device.rows.one("declarations", ref=declaration) or {}
    now = device.clock.now().at
    fields: dict[str, Any] = {
        "declaration": declaration,
        "quantity": Quantity(int(row.get("value") or 1), int(row.get("scale") or 0), int(row.get("unit") or FISH)),
        "started_at": now - MINUTE,
        "ended_at": now,
        "history_clean": True,
        "conclusion": inspecting.PASSED,
        "checks": document_checks(device),
        "batch": "3 号池第一批",
        "place": "菱塘",
    }
    return InspectionForm(**{**fields, **changes})


def draft(device: Device, inspection: str, **changes: Any) -> IssueDraft:
    """A B for 10 万尾 on one truck that leaves in an hour."""
    fields: dict[str, Any] = {
        "inspection": inspection,
        "kind": "B",
        "quantity": Quantity(10, 0, TEN_THOUSAND_FISH),
        "destination": XINGHUA,
        "destination_place": "沙沟镇练习村",
        "departs_at": device.clock.now().at + HOUR,
        "plate": "苏K12345",
        "replaces_no_picture": "too_dark" if changes.get("replaces_on_desk") else "",
    }
    return IssueDraft(**{**fields, **changes})


def draft_a(device: Device, inspection: str, **changes: Any) -> IssueDraft:
    """An A for the same truck, to Hangzhou, on the road for two days."""
    fields: dict[str, Any] = {
        "kind": "A",
        "destination": HANGZHOU,
        "destination_place": "三墩镇练习村",
        "carrier": "李长路",
        "carrier_phone": "13900000002",
        "transport": 1,
        "disinfectant": 4,
        "valid_days": 2,
    }
    return draft(device, inspection, **{**fields, **changes})


# --- steps -----------------------------------------------------------------------------------------------------------


def declared(device: Device, **changes: Any) -> str:
    """A declaration taken down."""
    return done(declaring.record_declaration(device, declaration_form(device, **changes)))


def accepted(device: Device, **changes: Any) -> str:
    """A declaration taken down and accepted."""
    declaration = declared(device, **changes)
    done(declaring.accept_declaration(device, declaration, inspect_on=device.today(), short_notice="stage_window"))
    return declaration


def inspected(device: Device, *, form: dict[str, Any] | None = None, **changes: Any) -> str:
    """A declared, accepted and inspected batch; ``form`` changes the inspection, the rest the declaration."""
    declaration = accepted(device, **changes)
    return done(inspecting.complete_inspection(device, inspection_form(device, declaration, **(form or {}))))


def reported(device: Device, inspection: str, **outcomes: str) -> str:
    """A sample taken and its report received: ``reported(device, inspection, GCHD="negative")``."""
    wanted = list(outcomes)
    sample = done(
        sampling.take_sample(
            device, SampleForm(inspection=inspection, individuals=150, preservation="ethanol", diseases=wanted)
        )
    )
    done(sampling.send_sample(device, sample, laboratory=LABORATORY, sent_on=device.today()))
    rows = [DiseaseOutcome(disease, outcome) for disease, outcome in outcomes.items()]
    form = ResultForm(
        sample=sample, laboratory=LABORATORY, report_no="JC-2026-118", reported_on=device.today(), outcomes=rows
    )
    return done(sampling.receive_result(device, form))


def issued(device: Device, inspection: str = "", **changes: Any) -> str:
    """The number of a certificate in force."""
    batch = inspection or inspected(device)
    return done(issuing.issue_certificate(device, draft(device, batch, **changes))).number


def printed(device: Device, number: str = "", printer: FakePrinter | None = None) -> str:
    """A certificate whose current print lies on the desk."""
    paper = number or issued(device)
    attempt = done(print_jobs.submit(device, paper, printer or FakePrinter()))
    if (device.rows.one("attempts", ref=attempt.ref) or {})["outcome"] == "open":
        done(print_jobs.answer(device, attempt.ref, "printed"))
    return paper


def hand_over(device: Device, number: str, **said: Any) -> str | Refused:
    """Hand a paper over that is signed, sealed and signed for, unless something else is said."""
    marks: dict[str, Any] = {"wet_signature": True, "wet_seal": True, "receipt_signed": True}
    return handing_over.hand_over(device, number, **{**marks, **said})


def handed_over(device: Device, number: str = "") -> str:
    """A certificate the holder drove off with."""
    paper = number or printed(device)
    done(hand_over(device, paper))
    return paper


def void_paper(device: Device, number: str, **said: Any) -> str | Refused:
    """Void a paper whose sheets on the desk are marked 作废; it was too dark to photograph them."""
    return handing_over.void_certificate(device, number, **{"marked": TOO_DARK, **said})


def collect_marked(device: Device, number: str, at: Sheet, **said: Any) -> str | Refused:
    """Take a sheet back from its holder and see 作废 on it."""
    return sheet_custody.collect_sheet(device, number, at, **{"marked": True, **said})


@contextmanager
def acting(device: Device, session: Session | None) -> Iterator[Device]:
    """The device in another person's hands, or in nobody's."""
    before, device.session = device.session, session
    try:
        yield device
    finally:
        device.session = before


# --- what must hold --------------------------------------------------------------------------------------------------


def state(device: Device, number: str) -> str:
    """How a certificate stands."""
    return str((device.rows.one("certificates", number=number) or {})["state"])


def number_states(device: Device, kind: str) -> list[str]:
    """The states of the device's numbers of a kind, lowest first."""
    blocks = {row["block"] for row in device.rows.many("blocks", device=device.id, kind=kind)}
    return [str(row["state"]) for row in device.rows.many("numbers", order="digits") if row["block"] in blocks]


def assert_sound(device: Device) -> None:
    """Chain, private parts, projections, equations and files all hold."""
    findings = examine(device.store, device.files)
    assert not findings, findings
