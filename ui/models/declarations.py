"""Declarations as the list and the page beside it show them, and the parties known to this station."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector_app.clock import legal_date
from inspector_app.domain.declaration import lead_days
from inspector_app.services.device import Device
from inspector_app.services.lists import PAGE, listed
from ui.explain import label
from ui.models.case_places import NOWHERE, CasePlace, read_place
from ui.models.naming import DECLARATION_TONES, Naming, Row, day_words
from ui.texts import text
from ui.tokens import Tone

VIEWS = ("undecided", "accepted", "closed", "all")


class DeclarationLine(NamedTuple):
    """One line: a declaration, or an online declaration still in the inbox (``online`` is then its name)."""

    ref: str
    online: str
    owner: str
    batch: str
    quantity: str
    to: str
    departs_at: int
    departs: str
    state: str
    state_words: str
    tone: Tone
    row: Row


class DeclarationList(NamedTuple):
    """One page of the list."""

    lines: list[DeclarationLine]
    total: int


def read_declarations(device: Device, *, view: str, search: str, first: int = 0, count: int = PAGE) -> DeclarationList:
    """The inbox first, then what was taken down; runs in the background."""
    naming, now = Naming(device), device.clock.now().at
    inbox = _inbox(device, naming, now, search) if view in ("undecided", "all") and first == 0 else []
    states = {"undecided": ("recorded",), "accepted": ("accepted",), "closed": ("not_accepted", "withdrawn"), "all": ()}
    lines, total = [], 0
    for state in states[view] or ("",):
        equal = {"state": state} if state else {}
        page = listed(device, "declarations", search=search, first=first, count=count, **equal)
        lines += [_line(row, naming, now) for row in page.rows]
        total += page.total
    return DeclarationList(inbox + lines, len(inbox) + total)


def _inbox(device: Device, naming: Naming, now: int, search: str) -> list[DeclarationLine]:
    page = listed(device, "online_declarations", search=search)
    return [_line(row, naming, now) for row in page.rows if not row["declaration"]]


def _line(row: Row, naming: Naming, now: int) -> DeclarationLine:
    state = str(row.get("state") or "online")
    departs_at = int(row["departs_at"] or 0)
    return DeclarationLine(
        ref=str(row.get("ref") or ""),
        online="" if row.get("ref") else str(row["online"]),
        owner=str(row["owner_name"] or text("removed")),
        batch=naming.batch(row),
        quantity=naming.quantity(row),
        to=naming.area_short(int(row["destination"] or 0)),
        departs_at=departs_at,
        departs=day_words(departs_at, now),
        state=state,
        state_words=text("state.online") if state == "online" else label("state", state),
        tone=DECLARATION_TONES[state],
        row=row,
    )


class DeclarationDetail(NamedTuple):
    """One declaration: facts, and whether its lead time was kept."""

    line: DeclarationLine
    facts: list[tuple[str, str]]
    lead_days: int
    lead_wanted: int
    reason: str
    place: CasePlace


def read_declaration(device: Device, ref: str) -> DeclarationDetail | None:
    """One declaration by its reference, or an online one as ``online:<name>``; None when there is none."""
    if ref.startswith("online:"):
        row: Row | None = device.rows.one("online_declarations", online=ref.removeprefix("online:"))
    else:
        row = device.rows.one("declarations", ref=ref)
    if row is None:
        return None
    naming, now = Naming(device), device.clock.now().at
    line = _line(row, naming, now)
    declared = int(row.get("declared_at") or 0)
    reason = str(row.get("reason") or "")
    of = "not_accepted" if line.state == "not_accepted" else "withdrawn"
    shown = naming.explained(of, reason, str(row.get("decision_note") or ""))
    place = read_place(device, line.ref) if line.ref else NOWHERE
    return DeclarationDetail(
        line,
        _facts(row, naming, now, declared, place),
        lead_days(declared, line.departs_at),
        device.policy().lead_time_days(legal_date(declared)),
        shown,
        place,
    )


def _facts(row: Row, naming: Naming, now: int, declared: int, place: CasePlace) -> list[tuple[str, str]]:
    def fact(name: str, value: str) -> tuple[str, str]:
        return label("field", name), value

    inspect_on = str(row.get("inspect_on") or "")
    return [
        fact("owner", str(row["owner_name"] or "")),
        fact("owner_phone", masked(str(row["owner_phone"] or ""))),
        fact("species", naming.batch(row)),
        fact("quantity", naming.quantity(row)),
        fact("purpose", naming.purpose(int(row["purpose"] or 0))),
        fact("pond", str(row["pond"] or "")),
        fact("origin_place", naming.place(int(row["origin"] or 0), str(row["origin_place"] or ""))),
        fact("destination_place", naming.place(int(row["destination"] or 0), str(row["destination_place"] or ""))),
        fact("consignee", str(row["consignee"] or "")),
        fact("departs_at", day_words(int(row["departs_at"] or 0), now)),
        (text("declarations.declared_at"), day_words(declared, now)),
        (text("declarations.accepted"), _acceptance(row, naming, now)),
        fact("inspect_on", inspect_on),
        (text("cases_moved.place"), place.words),
        fact("short_notice", _short_notice(row, naming)),
        fact("permit", str(row["permit"] or "")),
        fact("remarks", str(row["remarks"] or "")),
    ]


def _acceptance(row: Row, naming: Naming, now: int) -> str:
    """Who accepted it and when, also after it was withdrawn."""
    at = int(row.get("accepted_at") or 0)
    return f"{naming.person(int(row['accepted_by'] or 0))}  {day_words(at, now)}" if at else ""


def _short_notice(row: Row, naming: Naming) -> str:
    code, words = str(row.get("short_notice") or ""), str(row.get("acceptance_note") or "")
    return naming.explained("short_notice", code, words)


def masked(phone: str) -> str:
    """A telephone number as screens show it: 138****5678 (U127)."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****" if phone else ""


def read_owners(device: Device) -> list[dict[str, Any]]:
    """Declarants of this station, most recent first, with what they said the last time."""
    found: dict[str, dict[str, Any]] = {}
    for row in listed(device, "declarations", count=2_000).rows:
        name = str(row["owner_name"] or "")
        if name and name not in found:
            found[name] = _owner(name, row)
    return list(found.values())


def _owner(name: str, row: Row) -> dict[str, Any]:
    last = ("owner_phone", "permit", "origin_place", "pond")
    return {
        "name": name,
        "phone": str(row["owner_phone"] or ""),
        "shown": masked(str(row["owner_phone"] or "")),
        "last": {field: str(row[field] or "") for field in last},
    }


def station_area(device: Device) -> int:
    """Where the station lies: most seed leaves from its own county."""
    station = device.rows.one("stations", station=device.sheet.station) or {}
    return int(station.get("area") or 0)
