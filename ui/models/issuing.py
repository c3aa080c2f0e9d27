"""What can be issued, and one case as the issuing form begins with it."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector_app.clock import legal_date
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import kind_for
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.typed_text import search_key
from inspector_app.errors import StationError
from inspector_app.services import drafts
from inspector_app.services.device import Device
from inspector_app.services.handing_over import Sheet, sheets_in_hand
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.lists import Issuable, finds, issuables
from inspector_app.services.number_custody import next_number, numbers_left
from inspector_app.services.paperwork import Papers, draft_content, issued_papers
from ui.explain import label
from ui.models.declarations import masked
from ui.models.naming import Naming, Row, day_words, readable
from ui.texts import text
from ui.tokens import Tone

DRAFT = "issue"
PREVIEW_DPI = 110


class IssueLine(NamedTuple):
    """One batch on which a certificate may be issued, or what it waits for."""

    inspection: str
    kind: str
    owner: str
    batch: str
    left: str
    to: str
    at: int
    departs: str
    state: str
    tone: Tone


def read_issuable(device: Device, *, search: str = "") -> list[IssueLine]:
    """Every passed batch with something left to certify, earliest departure first."""
    naming, now = Naming(device), device.clock.now().at
    return [line for item in issuables(device) if _is_wanted(device, item, line := _line(item, naming, now), search)]


def _is_wanted(device: Device, item: Issuable, line: IssueLine, search: str) -> bool:
    """Found by owner, place, telephone, species, or the plate of a truck that already took a part of the batch."""
    trucks = device.rows.many("certificates", inspection=str(item.inspection["ref"])) if search else []
    return finds(search, item.declaration, item.inspection, *trucks) or search_key(search) in search_key(line.batch)


def _line(item: Issuable, naming: Naming, now: int) -> IssueLine:
    row = item.declaration
    at = int(row["departs_at"] or 0)
    state, tone = _state(item, at, now)
    return IssueLine(
        inspection=str(item.inspection["ref"]),
        kind=item.kind,
        owner=str(row["owner_name"] or text("removed")),
        batch=naming.batch(item.inspection),
        left=naming.amount(item.left),
        to=naming.area_short(int(row["destination"] or 0)),
        at=at,
        departs=day_words(at, now),
        state=state,
        tone=tone,
    )


def _state(item: Issuable, at: int, now: int) -> tuple[str, Tone]:
    if item.positive:
        return label("state", "positive"), Tone.BAD
    if item.missing:
        return text("state.waits_result"), Tone.OFF
    if item.kind == "B" and legal_date(at) > legal_date(now):
        return text("state.after_midnight"), Tone.INFO
    return text("state.ready"), Tone.GOOD


class IssueCase(NamedTuple):
    """Where the form begins: the batch, its declaration, what is left, the next numbers, a draft if there is one."""

    inspection: Row
    declaration: Row
    left: Quantity
    facts: list[tuple[str, str]]
    numbers: dict[str, tuple[str, int]]
    kept: drafts.Kept | None
    replaces: Row | None
    in_hand: list[Sheet]
    """Sheets of the replaced certificate that must lie on the desk or be named as lost."""
    papers: Papers | None = None  # the old certificate as recorded; None when its names were removed


def read_case(device: Device, inspection: str, draft: str = "", replaces: str = "") -> IssueCase | None:
    """One case by its inspection, by a draft, or by the certificate that is to be replaced."""
    kept = drafts.find(device, draft) if draft else None
    old = device.rows.one("certificates", number=replaces) if replaces else None
    ref = str(old["inspection"]) if old else inspection or (kept.subject if kept else "")
    found = device.rows.one("inspections", ref=ref)
    declaration = device.rows.one("declarations", ref=found["declaration"]) if found else None
    if found is None or declaration is None:
        return None
    left = next((item.left for item in issuables(device) if item.inspection["ref"] == ref), None)
    if kept is None and old is None:
        kept = drafts.about(device, DRAFT, ref)
    naming = Naming(device)
    return IssueCase(
        inspection=found,
        declaration=declaration,
        left=quantity_of(dict(old)) if old else left or quantity_of(found),
        facts=[*_facts(found, declaration, naming), *_left(old, left, naming)],
        numbers=_numbers(device),
        kept=kept,
        replaces=old,
        in_hand=sheets_in_hand(device, str(old["number"])) if old and not old["handed_over_at"] else [],
        papers=_papers(device, replaces) if old else None,
    )


def _papers(device: Device, number: str) -> Papers | None:
    try:
        return issued_papers(device, number)
    except StationError:
        return None


def _facts(inspection: Row, declaration: Row, naming: Naming) -> list[tuple[str, str]]:
    origin = naming.place(int(declaration["origin"] or 0), str(declaration["origin_place"] or ""))
    phone = masked(str(declaration["owner_phone"] or ""))
    return [
        (label("field", "owner"), f"{declaration['owner_name'] or text('removed')}  {phone}"),
        (label("field", "species"), naming.batch(inspection)),
        (label("field", "origin_place"), origin),
        (label("field", "purpose"), naming.purpose(int(declaration["purpose"] or 0))),
    ]


def _left(old: Row | None, left: Quantity | None, naming: Naming) -> list[tuple[str, str]]:
    """How much may still be certified: it stays in sight while the vehicle is filled in."""
    if old is not None:
        return [(label("field", "quantity"), naming.quantity(old))]
    return [(text("issue.left"), naming.amount(left))] if left is not None else []


def _numbers(device: Device) -> dict[str, tuple[str, int]]:
    person = device.person()
    found = {}
    for kind in ("A", "B"):
        coming = next_number(device, kind, person)
        found[kind] = (coming.number.digits if coming else "", numbers_left(device, kind, person))
    return found


def values_of(case: IssueCase, naming: Naming) -> dict[str, Any]:
    """The fields' values a case begins with: the old certificate's, else the declaration's."""
    source = case.replaces if case.replaces is not None else case.declaration
    values: dict[str, Any] = {
        "quantity": readable(case.left, naming.catalogue.units),
        "destination": naming.area_option(int(source["destination"] or 0)),
        "destination_place": str(source["destination_place"] or ""),
        "consignee": str(source["consignee"] or ""),
        "departs_at": int(source["departs_at"] or 0),
        "valid_days": 1,
        "carrier": "",
        "carrier_phone": "",
        "transport": 1,
        "plate": "",
        "disinfectant": None,
        "plate_reason": None,
        "medium": "laser",
        "remarks": "",
        "replaces_on_desk": None,
        "replaces_lost": [],
        "replaces_photos": [],
        "replaces_no_picture": None,
        "replace_reason": None,
        "replace_note": "",
    }
    return values | (_as_it_was(case.papers) if case.papers is not None else {})


def _as_it_was(old: Papers) -> dict[str, Any]:
    """A replacement mends one thing: everything else begins as the old certificate has it."""
    record, parties = old.record, old.parties
    return {
        "valid_days": record.valid_days or 1,
        "carrier": parties.carrier,
        "carrier_phone": parties.carrier_phone,
        "transport": record.transport or 1,
        "plate": parties.plate,
        "disinfectant": record.disinfectant or None,
        "plate_reason": record.plate_reason or None,
        "medium": record.medium,
        "remarks": parties.remarks,
    }


def kind_of(case: IssueCase, destination: int) -> str:
    """A leaves the province, B stays inside it."""
    return kind_for(int(case.declaration["origin"] or 0), destination or int(case.declaration["destination"] or 0))


class Hint(NamedTuple):
    """Something worth knowing about what is typed, which stands against nothing."""

    field: str
    shown: str


def read_hints(device: Device, draft: IssueDraft) -> list[Hint]:
    """The same plate today already (U73); runs in the background."""
    if not draft.plate:
        return []
    today = [row for row in device.rows.many("certificates", issued_on=device.today()) if row["plate"] == draft.plate]
    others = [row for row in today if row["number"] != draft.replaces]
    return [Hint("plate", text("issue.same_plate", number=str(row["number"]))) for row in others[:1]]


def preview(device: Device, draft: IssueDraft) -> Any:
    """What the certificate would say, None while it cannot be drawn."""
    return draft_content(device, draft)
