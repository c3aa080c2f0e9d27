"""What people of the story do again and again, each through the service the screens use."""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.demo.cast import Trip
from inspector_app.demo.stage import Seat, done
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refused
from inspector_app.errors import BugError
from inspector_app.journal.entries.inspections import DiseaseOutcome, Measurement
from inspector_app.ports import Printer
from inspector_app.practice import world
from inspector_app.services import declaring, handing_over, inspecting, issuing, print_jobs, sampling
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.services.inspecting import InspectionForm
from inspector_app.services.issuing import Issued
from inspector_app.services.sampling import ResultForm, SampleForm

INSPECTION_MINUTES = 15
PHOTO_DPI = 60
TEMPERATURE, OXYGEN = 214, 68
"""In tenths of a degree Celsius and of a milligram per litre."""
CHLORINE_DIOXIDE = 4


def form_of(trip: Trip, departs_at: int) -> DeclarationForm:
    """The declaration as it is taken down."""
    return DeclarationForm(
        owner=trip.farm.name,
        owner_phone=trip.farm.phone,
        species=trip.species,
        stage=trip.stage,
        quantity=trip.quantity,
        purpose=trip.purpose,
        origin=trip.farm.area,
        destination=trip.buyer.area,
        departs_at=departs_at,
        channel=trip.channel,
        origin_place=trip.farm.place,
        pond=trip.pond,
        destination_place=trip.buyer.place,
        consignee=trip.buyer.name,
        permit=trip.farm.permit,
    )


def declare(seat: Seat, trip: Trip, departs_at: int) -> str:
    """Take a declaration down; returns its reference."""
    return done(declaring.record_declaration(seat.device, form_of(trip, departs_at)))


def accept(seat: Seat, declaration: str, inspect_on: str, short_notice: str = "") -> str | Refused:
    """Accept a declaration, or the reasons why not."""
    return declaring.accept_declaration(seat.device, declaration, inspect_on=inspect_on, short_notice=short_notice)


def inspect(
    seat: Seat, declaration: str, trip: Trip, *, findings: tuple[str, ...] = (), suspected: tuple[str, ...] = ()
) -> str:
    """Inspect a batch: all demanded papers seen, water measured; signs found make it fail."""
    device = seat.device
    now = device.clock.now().at
    form = InspectionForm(
        declaration=declaration,
        quantity=trip.quantity,
        started_at=now - INSPECTION_MINUTES * MS_PER_MINUTE,
        ended_at=now,
        history_clean=True,
        conclusion=inspecting.FAILED if findings else inspecting.PASSED,
        checks=inspecting.required_checks(device, wild=False),
        findings=list(findings),
        suspected=list(suspected),
        measurements=[reading(device, "temperature", TEMPERATURE), reading(device, "dissolved_oxygen", OXYGEN)],
        batch=trip.pond,
        place=trip.farm.place,
    )
    return done(inspecting.complete_inspection(device, form))


def reading(device: Device, what: str, value: int) -> Measurement:
    """A measurement in the catalogue's own unit and scale."""
    known = device.catalogue.measurement(what)
    if known is None:
        raise BugError(f"no measurement {what}")
    return Measurement(what=what, value=value, unit=known.unit, scale=known.scale)


def sample(seat: Seat, inspection: str, trip: Trip) -> str:
    """Take the sample an A needs and send it to the designated laboratory; returns its reference."""
    device = seat.device
    row = device.rows.one("inspections", ref=inspection) or {}
    wanted = sampling.results_standing(device, row, "A").missing
    ref = done(
        sampling.take_sample(
            device, SampleForm(inspection=inspection, individuals=150, preservation="live", diseases=list(wanted))
        )
    )
    done(sampling.send_sample(device, ref, laboratory=world.LABORATORY.number, sent_on=device.today()))
    return ref


def receive_result(seat: Seat, sample_ref: str, report_no: str, reported_on: str) -> list[str]:
    """Enter the laboratory's paper report: nothing found; returns the diseases it was tested for."""
    device = seat.device
    row = device.rows.one("samples", ref=sample_ref) or {}
    tested = msgspec.json.decode(str(row["diseases"]), type=list[str])
    form = ResultForm(
        sample=sample_ref,
        laboratory=world.LABORATORY.number,
        report_no=report_no,
        reported_on=reported_on,
        outcomes=[DiseaseOutcome(disease=disease, outcome="negative") for disease in tested],
    )
    done(sampling.receive_result(device, form))
    return tested


def diseases_named(device: Device, codes: list[str], lang: str) -> str:
    """Diseases by their names, where a code says nothing to the reader."""
    rows = [row for code in codes if (row := device.catalogue.disease(code))]
    return ("、" if lang == "zh" else ", ").join(row.zh if lang == "zh" else row.en for row in rows)


def draft_of(seat: Seat, inspection: str, plate: str, departs_at: int, **changes: object) -> IssueDraft:
    """What the vet fills in beside what declaration and inspection already say."""
    row = seat.device.rows.one("inspections", ref=inspection) or {}
    proposed = issuing.propose(seat.device, row)
    filled = {"plate": plate, "departs_at": departs_at}
    if proposed.kind == "A":
        carrier, phone = world.CARRIERS[0]
        filled |= {"carrier": carrier, "carrier_phone": phone, "disinfectant": CHLORINE_DIOXIDE, "valid_days": 2}
    return msgspec.structs.replace(proposed, **(filled | changes))


def issue(seat: Seat, draft: IssueDraft) -> Issued:
    """Issue; the certificate is in force when this returns."""
    issued = issuing.issue_certificate(seat.device, draft)
    done(issued)
    assert isinstance(issued, Issued)  # `done` raised otherwise
    return issued


def print_out(seat: Seat, number: str, printer: Printer, outcome: str = "printed") -> int:
    """One attempt and the person's answer; returns the attempt's number within its print."""
    attempt = print_jobs.submit(seat.device, number, printer)
    done(attempt)
    assert isinstance(attempt, print_jobs.Attempt)  # `done` raised otherwise
    row = seat.device.rows.one("attempts", ref=attempt.ref) or {}
    if row["outcome"] == "open":
        done(print_jobs.answer(seat.device, attempt.ref, outcome))
    return int(row["attempt"] or 0)


def hand_over(seat: Seat, number: str, *, file_stub: bool = True) -> None:
    """The paper is signed and sealed by hand, and its second copy given to the driver."""
    done(
        handing_over.hand_over(
            seat.device, number, wet_signature=True, wet_seal=True, receipt_signed=True, file_stub=file_stub
        )
    )


def photograph(seat: Seat, number: str) -> str:
    """A photograph of a paper, kept with what it proves: in the story a picture of its newest print."""
    row = print_jobs.current_print(seat.device, number) or {}
    content = print_jobs.content_of(seat.device, number, int(row["print"] or 0))
    return attach(seat.device, seat.device.paper.picture(content, PHOTO_DPI)[0])


def fish(count: int) -> Quantity:
    """So many fish."""
    return Quantity(count, 0, 1)
