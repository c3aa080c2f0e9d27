"""Every reason why a certificate may not be issued now, each with limit, current value and way out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.authority import Action, Grant
from inspector_app.domain.certificate import CertificateParties, CertificateRecord, IssueDraft
from inspector_app.domain.declaration import kind_for
from inspector_app.domain.filings import misfiled
from inspector_app.domain.numbering import Number
from inspector_app.domain.policy import Policy
from inspector_app.domain.quantities import Quantity, UnitsDifferError, compare, digits, plain, remaining, total
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.domain.typed_text import TextFault, TextProblem, check_phone, check_plate, normalise_plate
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.cases import uses_elsewhere
from inspector_app.ports import PaperContent
from inspector_app.services import paperwork
from inspector_app.services.case import FORMS, LASER, NO_PLATE, Case, open_case, parties_of, record_of
from inspector_app.services.day_close import overdue_refusals
from inspector_app.services.device import Device, last_day
from inspector_app.services.marked_sheets import replacing_refusals
from inspector_app.services.number_custody import NextNumber, next_number, number_refusals
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sampling import diseases_concerned, results_standing
from inspector_app.services.typed import amount_refusals, one_text, reason_refusals, text_refusal, text_refusals
from inspector_app.suites import SigningKey

MB = 1024 * 1024
DISK_NEEDED = 64 * MB
LATEST_DEPARTURE_DAYS = 366
KINDS = ("A", "B")
PLATE = re.compile(r"\w{1,16}")
"""What the credential can hold of a plate (domain.credential)."""

TEXTS = ("destination_place", "consignee", "carrier", "remarks")


def refusals(device: Device, draft: IssueDraft) -> list[Refusal]:
    """All refusals, unordered; the paper itself is asked last and only when the rest could be printed."""
    case = open_case(device, draft, device.clock.now().at)
    found = against_case(device, case, next_number(device, draft.kind, case.person))
    if found:
        return found
    taken = NextNumber(Number("", draft.kind, paperwork.UNNUMBERED), "", 0)
    return against_paper(device, record_of(device, case, taken), parties_of(case), case.policy)


@enforces("G27")
def against_case(device: Device, case: Case, taken: NextNumber | None) -> list[Refusal]:
    """Everything but the paper: the device, the person, the fields, the chain of work, the number to be taken."""
    draft = case.draft
    found = [*device_refusals(device), *person_refusals(device, draft.kind, case.grant)]
    found += [*_field_refusals(device, case), *_case_refusals(device, case)]
    found += overdue_refusals(device)
    if taken is None and case.person and draft.kind in KINDS:
        found += number_refusals(device, draft.kind, case.person)
    return found


@enforces("G27")
def against_paper(
    device: Device, record: CertificateRecord, parties: CertificateParties, policy: Policy
) -> list[Refusal]:
    """Why what would be signed cannot be drawn whole."""
    content = paperwork.record_content(device, record, parties, policy)
    if content is None:
        return [Refusal(code=RefusalCode.FIELD_INVALID, field="medium", current=record.medium)]
    return paper_refusals(device, content)


def device_refusals(device: Device) -> Iterator[Refusal]:
    """What stands against any accountable act on this device: frozen, clock behind, lease, licence."""
    now = device.clock.now().at
    if device.frozen:
        yield Refusal(code=RefusalCode.DEVICE_FROZEN, details={"reason": device.frozen})
    last = device.store.last_at()
    if now < last - device.policy().clock_tolerance_ms:
        yield Refusal(code=RefusalCode.CLOCK_BEHIND_JOURNAL, limit=last, current=now)
    lease = device.rows.one("leases", device=device.id)
    if lease is None or now > int(lease["issue_until"] or 0):
        until = legal_date(int(lease["issue_until"] or 0)) if lease else ""
        yield Refusal(code=RefusalCode.LEASE_EXPIRED, limit=until)
    if (free := device.free_bytes()) < DISK_NEEDED:
        yield Refusal(code=RefusalCode.DISK_LOW, limit=DISK_NEEDED // MB, current=free // MB)
    if not device.practice and device.licence() is None:
        yield Refusal(code=RefusalCode.NO_TERMINAL_LICENCE)


@enforces("G23")
def person_refusals(device: Device, kind: str, grant: Grant | None = None) -> list[Refusal]:
    """What stands against this person signing a certificate of this kind; ``grant``: theirs, if it was read."""
    if device.session is None:
        return device.may(Action.ISSUE)
    held = grant or device.grant(device.session.person)
    found = device.may(Action.ISSUE, held)
    key = _key_refusals(device, device.session.key, in_post=not found)
    return found + (kind_refusals(kind, held) if held is not None else []) + key


@enforces("G24", "G25")
def kind_refusals(kind: str, grant: Grant) -> list[Refusal]:
    """A certificates only by vets filed at the province, B by those filed at city or county (GX-2014 Art. 19)."""
    if kind in KINDS and kind not in grant.kinds:
        return [Refusal(code=RefusalCode.AUTHORITY_MISSING, limit=kind, current=" ".join(grant.kinds))]
    filing = misfiled(kind, grant.filings)
    if filing is None:
        return []
    details: dict[str, str | int] = {"filing": filing.number, "level": filing.level}
    return [Refusal(code=RefusalCode.FILED_ELSEWHERE, limit=kind, current=filing.organisation, details=details)]


def _key_refusals(device: Device, signer: SigningKey, *, in_post: bool) -> list[Refusal]:
    """Whether a certificate signed now would be believed. Where the post itself has ended, the key ended with it."""
    key = device.rows.one("person_keys", key_id=signer.public.key_id.hex())
    if key is None or not key["published"]:
        return [Refusal(code=RefusalCode.KEY_NOT_PUBLISHED)]
    until = int(key["valid_until"] or 0)
    ended = in_post and device.clock.now().at > until
    return [Refusal(code=RefusalCode.KEY_ENDED, limit=last_day(until))] if ended else []


def _field_refusals(device: Device, case: Case) -> Iterator[Refusal]:
    draft = case.draft
    if draft.kind not in KINDS:
        yield Refusal(code=RefusalCode.FIELD_INVALID, field="kind", current=draft.kind)
    for name in _required(draft):
        if not str(getattr(draft, name) or "").strip():
            yield Refusal(code=RefusalCode.FIELD_MISSING, field=name)
    yield from amount_refusals(draft.quantity, device.catalogue.units)
    yield from _code_refusals(device, case)
    yield from _plate_refusals(device, draft)
    if draft.carrier_phone and (fault := check_phone(draft.carrier_phone)) is not None:
        yield text_refusal("carrier_phone", fault)
    yield from text_refusals(draft, TEXTS)
    yield from _time_refusals(device, case)


def _required(draft: IssueDraft) -> tuple[str, ...]:
    if draft.kind == "A":
        return ("destination_place", "carrier", "carrier_phone", "transport", "disinfectant")
    return ("destination_place",)


def _code_refusals(device: Device, case: Case) -> Iterator[Refusal]:
    draft, on = case.draft, case.today
    wrong = {
        "destination": not device.areas.is_in_force(draft.destination, on),
        "transport": bool(draft.transport) and device.catalogue.transport(draft.transport, on) is None,
        "disinfectant": bool(draft.disinfectant) and device.catalogue.disinfectant(draft.disinfectant, on) is None,
        "medium": not _medium_allowed(case),
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            yield Refusal(code=RefusalCode.FIELD_INVALID, field=name, current=getattr(draft, name))


def _medium_allowed(case: Case) -> bool:
    draft = case.draft
    if draft.kind not in KINDS:
        return True  # the kind is refused already
    thermal = draft.medium != LASER
    return (draft.kind, draft.medium) in FORMS and not (thermal and not case.policy.thermal_allowed(draft.kind))


def _plate_refusals(device: Device, draft: IssueDraft) -> list[Refusal]:
    plate = normalise_plate(draft.plate)
    if not plate:
        return _no_plate_refusals(device, draft)
    fault = check_plate(plate)
    if not PLATE.fullmatch(plate):
        # Whatever the reason: what the QR cannot hold, or what no reader can see, is no plate.
        return [text_refusal("plate", fault or TextFault(TextProblem.PLATE_UNUSUAL))]
    if fault is None:
        return []
    if not draft.plate_reason:
        return [text_refusal("plate", fault)]
    return reason_refusals(device, "plate", draft.plate_reason, field="plate_reason")


def _no_plate_refusals(device: Device, draft: IssueDraft) -> list[Refusal]:
    # The form of a B has no item for the plate, but its credential and the public page tell the truck by it.
    if not draft.plate_reason:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="plate")]
    found = reason_refusals(device, "plate", draft.plate_reason, field="plate_reason")
    if not found and draft.plate_reason not in NO_PLATE:
        found = [Refusal(code=RefusalCode.FIELD_MISSING, field="plate")]
    return found


def _time_refusals(device: Device, case: Case) -> Iterator[Refusal]:
    draft, most = case.draft, case.policy.validity_days_max
    yield from _departure_refusals(case)
    if not device.online and draft.kind in KINDS and not case.policy.offline_allowed(draft.kind):
        yield Refusal(code=RefusalCode.OFFLINE_NOT_ALLOWED, details={"kind": draft.kind})
    if draft.kind == "A" and not 1 <= draft.valid_days <= most:
        yield Refusal(code=RefusalCode.VALIDITY_TOO_LONG, field="valid_days", limit=most, current=draft.valid_days)


def _departure_refusals(case: Case) -> Iterator[Refusal]:
    draft, departs = case.draft, case.draft.departs_at
    days = draft.valid_days if draft.kind == "A" else LATEST_DEPARTURE_DAYS
    bound_to_date = draft.kind == "B" and case.policy.b_departs_on_issue_date
    if departs < case.now - case.policy.clock_tolerance_ms:
        yield Refusal(code=RefusalCode.DEPARTURE_PASSED, field="departs_at")
    elif departs > case.now + min(max(days, 1), LATEST_DEPARTURE_DAYS) * MS_PER_DAY:
        # Another year, or a truck that would leave when its certificate has run out.
        yield Refusal(code=RefusalCode.FIELD_INVALID, field="departs_at", current=departs)
    elif bound_to_date and departs >= day_start(case.today) + MS_PER_DAY:
        yield Refusal(code=RefusalCode.DEPARTS_NEXT_DATE, field="departs_at", limit=legal_date(departs))


def _case_refusals(device: Device, case: Case) -> list[Refusal]:
    inspection, draft = case.inspection, case.draft
    if inspection is None:
        return [Refusal(code=RefusalCode.NOT_INSPECTED, current=draft.inspection)]
    found = list(_declaration_refusals(device, case.declaration, draft))
    if inspection["conclusion"] != "passed":
        found.append(Refusal(code=RefusalCode.INSPECTION_FAILED))
    elif sick := sick_batches(device, inspection):
        found.append(Refusal(code=RefusalCode.INSPECTION_FAILED, field="batch", current=str(sick[0]["batch"] or "")))
    found += _result_refusals(device, inspection, case)
    return found + quantity_refusals(device, inspection, draft) + list(_replace_refusals(device, inspection, draft))


def sick_batches(device: Device, inspection: Row) -> list[Row]:
    """Batches of the same declaration that failed with signs, a suspicion or an outbreak in twelve months.

    What was found binds the farm and not the pond alone (PROC-2011 3 (1)); a paper that was missing does not.
    """
    rows = device.rows.many("inspections", declaration=inspection["declaration"], conclusion="failed")
    return [row for row in rows if not row["history_clean"] or _is_sick(device, row)]


def _is_sick(device: Device, inspection: Row) -> bool:
    # Signs that led to a suspicion are explained with it: once the laboratory cleared every disease, they bind nobody
    # beyond their own batch. Signs nobody put a name to have nothing that could clear them.
    unnamed = inspection["findings"] != "[]" and inspection["suspected"] == "[]"
    return unnamed or bool(diseases_concerned(device, inspection))


def _declaration_refusals(device: Device, row: Row | None, draft: IssueDraft) -> Iterator[Refusal]:
    if row is None or row["state"] != "accepted":
        yield Refusal(code=RefusalCode.DECLARATION_NOT_ACCEPTED, current=str(row["state"]) if row else "")
        return
    if row["holder"] != device.id:
        yield Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(row["holder"])})
    wanted = kind_for(int(row["origin"] or 0), draft.destination)
    if draft.kind in KINDS and wanted != draft.kind:
        yield Refusal(code=RefusalCode.KIND_WRONG, field="kind", limit=wanted, current=draft.kind)


def _result_refusals(device: Device, inspection: Row, case: Case) -> Iterator[Refusal]:
    standing = results_standing(device, inspection, case.draft.kind, case.policy)
    for disease in standing.missing:
        yield Refusal(code=RefusalCode.RESULT_MISSING, details={"disease": disease})
    for disease in standing.positive:
        yield Refusal(code=RefusalCode.RESULT_POSITIVE, details={"disease": disease})


def certified(device: Device, inspection: str, *, except_for: str = "") -> list[Quantity]:
    """Quantities of the certificates in force on an inspected batch, also of those a case brought by number alone."""
    held = device.store.quantities(inspection)
    row = device.rows.one("inspections", ref=inspection) or {}
    for use in uses_elsewhere(device.rows, str(row.get("declaration") or "")):
        if use.inspection == inspection:
            held[str(use.number)] = use.quantity
    return [quantity for number, quantity in held.items() if number != except_for]


def quantity_of(row: Row) -> Quantity:
    """The quantity in a row's batch columns."""
    return Quantity(value=int(row["value"] or 0), scale=int(row["scale"] or 0), unit=int(row["unit"] or 0))


def quantity_refusals(device: Device, inspection: Row, draft: IssueDraft) -> list[Refusal]:
    """The sum of a batch's certificates never exceeds what was inspected; what remains is said."""
    units, inspected = device.catalogue.units, quantity_of(inspection)
    if amount_refusals(draft.quantity, units):
        return []
    used = certified(device, str(inspection["ref"]), except_for=draft.replaces)
    try:
        if compare(total([*used, draft.quantity], units, inspected.unit), inspected, units) <= 0:
            return []
        left = remaining(inspected, used, units)
    except UnitsDifferError:
        return [Refusal(code=RefusalCode.UNITS_DIFFER, field="quantity")]
    left, wanted = plain(left, units), plain(draft.quantity, units)
    found = Refusal(
        code=RefusalCode.QUANTITY_EXCEEDS_INSPECTED,
        field="quantity",
        limit=digits(left),
        current=digits(wanted),
        details={"unit": str(left.unit), "wanted_unit": str(wanted.unit)},
    )
    return [found]


def lost_sheets(draft: IssueDraft) -> list[Sheet]:
    """The sheets of the replaced certificate that nobody can find; none where nothing is replaced."""
    return [Sheet(*place) for place in draft.replaces_lost] if draft.replaces else []


def _replace_refusals(device: Device, inspection: Row, draft: IssueDraft) -> Iterator[Refusal]:
    words, reason = draft.replace_note, draft.replace_reason
    if not draft.replaces:
        # Neither would be recorded; a reason beside nothing is still a slip, and words must be fit to be kept.
        if reason or draft.replaces_lost:
            yield Refusal(code=RefusalCode.FIELD_MISSING, field="replaces")
        yield from one_text("replace_note", words)
        return
    yield from correction_refusals(device, inspection, draft)
    old = device.rows.one("certificates", number=draft.replaces)
    if old is not None and old["device"] == device.id and old["state"] == "issued":
        yield from replacing_refusals(device, draft, lost_sheets(draft))


@enforces("G32")
def correction_refusals(device: Device, inspection: Row, draft: IssueDraft) -> list[Refusal]:
    """What was issued is not changed: it ends for a reason, once, by the new one of its batch (GX-2014 Art. 22)."""
    found = []
    old = device.rows.one("certificates", number=draft.replaces)
    if old is None or old["device"] != device.id:
        found.append(Refusal(code=RefusalCode.NOT_FOUND, field="replaces", current=draft.replaces))
    elif old["state"] != "issued":
        state = str(old["state"])
        found.append(Refusal(code=RefusalCode.WRONG_STATE, field="replaces", current=state, limit="issued"))
    elif old["inspection"] != inspection["ref"]:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="replaces", current=draft.replaces))
    reason, words = draft.replace_reason, draft.replace_note
    names = {"field": "replace_reason", "words": "replace_note"}
    return found + reason_refusals(device, "replacement", reason, words, **names)


def paper_refusals(device: Device, content: PaperContent) -> list[Refusal]:
    """Why a document cannot be drawn whole, on the very template the province released."""
    found = paperwork.template_refusals(device, content.form)
    for problem in device.paper.check(content):
        code = _PAPER_CODES.get(problem.code, RefusalCode.FIELD_INVALID)
        found.append(Refusal(code=code, field=problem.field, current=problem.characters))
    return found


_PAPER_CODES = {
    "no_glyph": RefusalCode.CHARACTER_NOT_PRINTABLE,
    "too_long": RefusalCode.TEXT_TOO_LONG,
    "missing": RefusalCode.FIELD_MISSING,
}
