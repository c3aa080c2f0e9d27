"""The case a certificate is issued on: everything it stands on, read once and of one moment.

The gates ask it, and what they let pass is what is signed: nothing is read a second time in between.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.authority import Grant
from inspector_app.domain.certificate import CertificateParties, CertificateRecord, IssueDraft, valid_minutes
from inspector_app.domain.policy import Policy
from inspector_app.domain.typed_text import check_plate, clean_optional, normalise_phone, normalise_plate
from inspector_app.errors import BugError
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.number_custody import NextNumber

LASER = "laser"
FORMS = {("A", LASER): "certificate_a", ("B", LASER): "certificate_b"}
FORMS |= {("B", "thermal_80"): "portable_b_80", ("B", "thermal_58"): "portable_b_58"}
NOBODY = 0
NO_PLATE = ("no_plate", "vessel_or_flight")
"""Reasons for which there is no plate at all; the paper then strikes the item."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A draft and what it stands on at ``now`` (UTC ms); None for what is not there. ``person`` is 0 for nobody."""

    draft: IssueDraft
    now: int
    today: str
    person: int
    grant: Grant | None
    policy: Policy
    inspection: Row | None
    declaration: Row | None
    station: Row


def open_case(device: Device, draft: IssueDraft, now: int) -> Case:
    """Read everything a draft stands on."""
    inspection = device.rows.one("inspections", ref=draft.inspection)
    declaration = device.rows.one("declarations", ref=inspection["declaration"]) if inspection else None
    person = device.session.person if device.session is not None else NOBODY
    return Case(
        draft=draft,
        now=now,
        today=legal_date(now),
        person=person,
        grant=device.grant(person) if person else None,
        policy=device.policy(),
        inspection=inspection,
        declaration=declaration,
        station=device.rows.one("stations", station=device.sheet.station) or {},
    )


def record_of(device: Device, case: Case, taken: NextNumber) -> CertificateRecord:
    """What the certificate will state with this number; BugError when the gates were not asked first."""
    draft, inspection, declaration = case.draft, case.inspection, case.declaration
    if inspection is None or declaration is None:
        raise BugError("issuing without an inspected declaration")
    form = FORMS[draft.kind, draft.medium]
    day_end = day_start(case.today) + MS_PER_DAY
    return CertificateRecord(
        number=taken.number,
        block=taken.block,
        declaration=str(declaration["ref"]),
        inspection=str(inspection["ref"]),
        species=int(inspection["species"] or 0),
        stage=str(inspection["stage"]),
        quantity=draft.quantity,
        purpose=int(declaration["purpose"] or 0),
        origin=int(declaration["origin"] or 0),
        destination=draft.destination,
        transport=draft.transport,
        disinfectant=draft.disinfectant,
        departs_at=draft.departs_at,
        issued_at=case.now,
        issued_on=case.today,
        valid_days=1 if draft.kind == "B" else draft.valid_days,
        valid_minutes=valid_minutes(draft.kind, draft.valid_days, case.now, day_end),
        vet=case.person,
        station=device.sheet.station,
        medium=draft.medium,
        form=form,
        form_hash=device.paper.form_hash(form),
        policy=case.policy.version,
        catalogue=device.catalogue.version,
        offline=not device.online,
        time_confidence=time_confidence(device, case.now),
        plate_reason=unusual_plate(draft),
        replaces=draft.replaces,
        replace_reason=draft.replace_reason if draft.replaces else "",
    )


def parties_of(case: Case) -> CertificateParties:
    """Names, places and plate as they will stand on the paper."""
    draft, declaration, station = case.draft, case.declaration or {}, case.station
    return CertificateParties(
        owner=str(declaration.get("owner_name") or ""),
        owner_phone=str(declaration.get("owner_phone") or ""),
        origin_place=str(declaration.get("origin_place") or ""),
        destination_place=clean_optional(draft.destination_place),
        consignee=clean_optional(draft.consignee),
        carrier=clean_optional(draft.carrier),
        carrier_phone=normalise_phone(draft.carrier_phone),
        plate=normalise_plate(draft.plate),
        vet_name=case.grant.name if case.grant else "",
        station_name=str(station.get("agency") or station.get("name") or ""),
        agency_phone=str(station.get("phone") or ""),
        remarks=clean_optional(draft.remarks),
        replace_note=clean_optional(draft.replace_note) if draft.replaces else "",
    )


def unusual_plate(draft: IssueDraft) -> str:
    """Why the plate is of no usual form; "" for a usual one, whatever the draft says."""
    return draft.plate_reason if check_plate(normalise_plate(draft.plate)) is not None else ""


def time_confidence(device: Device, at: int) -> int:
    """0 when the province's time was seen within a day, 1 within a week, 2 otherwise (SECURITY 2.7)."""
    seen = device.store.acknowledged().contacted_at
    age = at - seen
    if not seen or age < 0:
        return 2
    return 0 if age < MS_PER_DAY else 1 if age < 7 * MS_PER_DAY else 2
