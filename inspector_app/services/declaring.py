"""Declarations: taking them down, accepting them or not, withdrawing them; provisional parties."""

from __future__ import annotations

import msgspec

from inspector_app.clock import MS_PER_DAY, legal_date, moment_text
from inspector_app.domain.authority import Action
from inspector_app.domain.declaration import CHANNELS, DECLARATION_MOVES, DeclarationForm, DeclarationState, lead_days
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.domain.typed_text import check_phone, clean_name, clean_optional, normalise_phone
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationDetails,
    DeclarationNotAccepted,
    DeclarationRecorded,
    DeclarationWithdrawn,
    PartyDetails,
    PartyRecorded,
    note_of,
)
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.typed import (
    amount_refusals,
    code_refusals,
    day_refusals,
    reason_refusals,
    text_refusal,
    text_refusals,
)

TEXTS = ("owner", "owner_address", "origin_place", "pond", "destination_place", "consignee", "permit", "remarks")
ONLINE = "online"
LATEST_DEPARTURE_MS = 366 * MS_PER_DAY
EARLIEST_DECLARED_MS = 31 * MS_PER_DAY
"""What was declared longer ago than a month is another year or another trip."""
REQUIRED = ("owner", "owner_phone", "stage", "origin_place", "destination_place")


def check_form(device: Device, form: DeclarationForm) -> tuple[Refusal, ...]:
    """Everything still wrong with a declaration as typed, field by field."""
    return in_order([*_missing(form), *_invalid(device, form)])


def _missing(form: DeclarationForm) -> list[Refusal]:
    return [Refusal(code=RefusalCode.FIELD_MISSING, field=name) for name in REQUIRED if not getattr(form, name).strip()]


def _invalid(device: Device, form: DeclarationForm) -> list[Refusal]:
    on = device.today()
    checks = {
        "species": device.catalogue.species(form.species, on) is None,
        "purpose": device.catalogue.purpose(form.purpose, on) is None,
        "origin": not _is_county(device, form.origin, on),
        "destination": not device.areas.is_in_force(form.destination, on),
        "channel": form.channel not in CHANNELS,
    }
    found = [Refusal(code=RefusalCode.FIELD_INVALID, field=name) for name, wrong in checks.items() if wrong]
    found += amount_refusals(form.quantity, device.catalogue.units)
    if form.stage.strip() and not checks["species"]:
        stages = (stage.code for stage in device.catalogue.stages_for(form.species, on))
        found += code_refusals("stage", [form.stage], stages)
    if form.owner_phone.strip() and (fault := check_phone(form.owner_phone)) is not None:
        found.append(text_refusal("owner_phone", fault))
    found += text_refusals(form, TEXTS)
    return found + _declared_refusals(device, form) + _departure_refusals(device, form)


def _is_county(device: Device, area: int, on: str) -> bool:
    """Whether an area is as small as the law's districts: a county, or a city that has none below it."""
    return device.areas.is_in_force(area, on) and not device.areas.children(area, on)


def _declared_refusals(device: Device, form: DeclarationForm) -> list[Refusal]:
    """It was declared before it is typed in. What came online has its time from the province."""
    now = device.clock.now().at
    if not form.declared_at or form.online or now - EARLIEST_DECLARED_MS <= form.declared_at <= now:
        return []
    # A number of the wrong unit may be on no calendar at all, and shows best as it was given.
    is_ours = 0 < form.declared_at <= now + LATEST_DEPARTURE_MS
    current = moment_text(form.declared_at) if is_ours else str(form.declared_at)
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="declared_at", current=current)]


def _departure_refusals(device: Device, form: DeclarationForm) -> list[Refusal]:
    now = device.clock.now().at
    if form.departs_at <= now:
        # One from the province's page may lie too long: it is taken up all the same, to be answered; never accepted.
        if form.channel == ONLINE:
            return []
        return [Refusal(code=RefusalCode.DEPARTURE_PASSED, field="departs_at")]
    if form.departs_at > now + LATEST_DEPARTURE_MS:
        return [Refusal(code=RefusalCode.FIELD_INVALID, field="departs_at", current=form.departs_at)]
    return []


def record_declaration(device: Device, form: DeclarationForm) -> str | Refused:
    """Take a declaration down; returns its reference. The declarant becomes a provisional party (临时登记)."""

    def against() -> list[Refusal]:
        return [*device.may(Action.DECLARE), *check_form(device, form), *_online_refusals(device, form)]

    def build(act: Act) -> str:
        owner = known_party(device, form) or act.add(
            PartyRecorded(role="owner", area=form.origin), private=_party_details(form)
        )
        return act.add(_recorded(device, form, owner, act.at), private=_details(form))

    return device.record_unless(against, build)


def form_from_online(row: Row) -> DeclarationForm:
    """A producer's online declaration as the form it would be taken down with."""
    fields = {name: row[name] for name in DeclarationForm.__struct_fields__ if row.get(name) is not None}
    quantity = Quantity(int(row["value"] or 0), int(row["scale"] or 0), int(row["unit"] or 0))
    given = {"owner": row["owner_name"], "channel": "online", "wild": bool(row["wild"])}
    return msgspec.convert(fields | given | {"quantity": msgspec.to_builtins(quantity)}, DeclarationForm)


def _online_refusals(device: Device, form: DeclarationForm) -> list[Refusal]:
    if not form.online:
        return []
    row = device.rows.one("online_declarations", online=form.online)
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="online", current=form.online)]
    taken = row["declaration"]
    return [Refusal(code=RefusalCode.ALREADY_RECORDED, current=str(taken))] if taken else []


def known_party(device: Device, form: DeclarationForm) -> str:
    """The party already recorded under this name and telephone, "" when there is none."""
    rows = device.rows.many("parties", name=clean_name(form.owner), phone=normalise_phone(form.owner_phone))
    return str(rows[0]["ref"]) if rows else ""


def _party_details(form: DeclarationForm) -> PartyDetails:
    return PartyDetails(
        name=clean_name(form.owner),
        phone=normalise_phone(form.owner_phone),
        address=clean_optional(form.owner_address),
        permit=clean_optional(form.permit),
    )


def _recorded(device: Device, form: DeclarationForm, owner: str, at: int) -> DeclarationRecorded:
    online = device.rows.one("online_declarations", online=form.online) if form.online else None
    return DeclarationRecorded(
        owner=owner,
        channel=form.channel,
        online=form.online,
        species=form.species,
        stage=form.stage,
        quantity=form.quantity,
        purpose=form.purpose,
        origin=form.origin,
        destination=form.destination,
        wild=form.wild,
        declared_at=int(online["declared_at"] or 0) if online is not None else form.declared_at or at,
        departs_at=form.departs_at,
    )


def _details(form: DeclarationForm) -> DeclarationDetails:
    return DeclarationDetails(
        owner=clean_name(form.owner),
        owner_phone=normalise_phone(form.owner_phone),
        owner_address=clean_optional(form.owner_address),
        origin_place=clean_optional(form.origin_place),
        pond=clean_optional(form.pond),
        destination_place=clean_optional(form.destination_place),
        consignee=clean_optional(form.consignee),
        permit=clean_optional(form.permit),
        remarks=clean_optional(form.remarks),
    )


def accept_declaration(
    device: Device, declaration: str, *, inspect_on: str, short_notice: str = "", note: str = ""
) -> str | Refused:
    """Accept (受理). A lead time shorter than policy needs ``short_notice``, a reason code of the catalogue.

    ``note`` are the words some reasons demand beside them.
    """

    def against() -> list[Refusal]:
        row = device.rows.one("declarations", ref=declaration)
        found = [*device.may(Action.DECIDE), *move_refusals(row, declaration, DeclarationState.ACCEPTED)]
        if row is None:
            return found
        found += [*_visit_refusals(device, row, inspect_on), *_district_refusals(device, row)]
        return found + _lead_refusals(device, row, short_notice, note)

    def build(act: Act) -> str:
        row = device.rows.one("declarations", ref=declaration) or {}
        # A reason stands on record only where the lead time was not kept.
        given = short_notice if _lead(device, row)[0] < _lead(device, row)[1] else ""
        area = int(row["origin"] or 0)
        fact = DeclarationAccepted(declaration=declaration, inspect_on=inspect_on, area=area, short_notice=given)
        return act.add(fact, private=note_of(note) if given else None)

    return device.record_unless(against, build)


def _visit_refusals(device: Device, row: Row, inspect_on: str) -> list[Refusal]:
    """The vet comes before the truck leaves, and after the declaration: of one typed in late, perhaps before today."""
    departs_at = int(row["departs_at"] or 0)
    if departs_at <= device.clock.now().at:
        return [Refusal(code=RefusalCode.DEPARTURE_PASSED, field="departs_at")]
    last = legal_date(departs_at)
    first = min(device.today(), legal_date(int(row["declared_at"] or 0)))
    if not day_refusals("inspect_on", inspect_on) and first <= inspect_on <= last:
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="inspect_on", current=inspect_on, limit=last)]


def _district_refusals(device: Device, row: Row) -> list[Refusal]:
    """Animals of another district are not this station's to accept (AQM-2022 Art. 11 (2))."""
    station = device.rows.one("stations", station=device.sheet.station) or {}
    ours, origin = int(station.get("area") or 0), int(row["origin"] or 0)
    if not ours or ours in [area.code for area in device.areas.line(origin)]:
        return []
    limit, current = device.areas.full_name(ours), device.areas.full_name(origin)
    return [Refusal(code=RefusalCode.OTHER_DISTRICT, field="origin", limit=limit, current=current)]


def _lead_refusals(device: Device, row: Row, short_notice: str, note: str) -> list[Refusal]:
    given, wanted = _lead(device, row)
    if given >= wanted:
        return []
    if short_notice and device.policy().short_notice_allowed:
        return reason_refusals(device, "short_notice", short_notice, note, field="short_notice")
    return [Refusal(code=RefusalCode.LEAD_TIME_TOO_SHORT, field="short_notice", limit=wanted, current=given)]


def _lead(device: Device, row: Row) -> tuple[int, int]:
    """Days between declaring and departing, and the days policy wants."""
    declared = int(row["declared_at"] or 0)
    return lead_days(declared, int(row["departs_at"] or 0)), device.policy().lead_time_days(legal_date(declared))


def move_refusals(row: Row | None, ref: str, to: DeclarationState) -> list[Refusal]:
    """Why a declaration cannot go to this state."""
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, current=ref)]
    state = DeclarationState(str(row["state"]))
    if to in DECLARATION_MOVES[state]:
        return []
    return [Refusal(code=RefusalCode.WRONG_STATE, current=state.value, limit=to.value)]


def refuse_acceptance(device: Device, declaration: str, *, reason: str, note: str = "") -> str | Refused:
    """Do not accept (不予受理); the law demands a reason, a code of the catalogue's list."""
    fact = DeclarationNotAccepted(declaration=declaration, reason=reason)
    return _close(device, declaration, fact, note, DeclarationState.NOT_ACCEPTED)


def withdraw_declaration(device: Device, declaration: str, *, reason: str, note: str = "") -> str | Refused:
    """The declarant takes it back; refused once a certificate in force stands on it."""
    fact = DeclarationWithdrawn(declaration=declaration, reason=reason)
    return _close(device, declaration, fact, note, DeclarationState.WITHDRAWN)


def _close(
    device: Device, declaration: str, fact: DeclarationNotAccepted | DeclarationWithdrawn, note: str,
    to: DeclarationState,
) -> str | Refused:  # fmt: skip
    def against() -> list[Refusal]:
        row = device.rows.one("declarations", ref=declaration)
        found = [*device.may(Action.DECIDE), *move_refusals(row, declaration, to)]
        found += reason_refusals(device, to.value, fact.reason, note)
        if to is DeclarationState.WITHDRAWN and (standing := _stands_on(device, declaration)):
            found.append(Refusal(code=RefusalCode.WRONG_STATE, current=standing, limit=to.value))
        return found

    return device.record_unless(against, lambda act: act.add(fact, private=note_of(note)))


def _stands_on(device: Device, declaration: str) -> str:
    """What keeps a declaration from being withdrawn: a certificate in force, a batch that failed or its notice."""
    if device.rows.many("certificates", declaration=declaration, state="issued"):
        return "certified"
    failed = device.rows.many("inspections", declaration=declaration, conclusion="failed")
    return "failed" if failed or device.rows.many("notices", declaration=declaration) else ""
