"""Lists for screens and command line: projections filtered, searched and paged, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.declaration import kind_for
from inspector_app.domain.quantities import Quantity, display, remaining
from inspector_app.domain.typed_text import search_key
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import certified, quantity_of
from inspector_app.services.on_desk import paper_row, stubs_waiting
from inspector_app.services.print_jobs import current_print, expiry_refusals, open_attempts
from inspector_app.services.sampling import results_standing
from inspector_app.services.spelling import matches

PAGE = 200
SEARCHED = {
    "certificates": (
        "number",
        "owner_name",
        "owner_phone",
        "consignee",
        "carrier",
        "plate",
        "destination_place",
        "origin_place",
        "issued_on",
    ),
    "declarations": ("owner_name", "owner_phone", "consignee", "origin_place", "destination_place", "state"),
    "notices": ("number", "owner_name", "owner_phone", "issued_on"),
    "online_declarations": ("owner_name", "owner_phone", "origin_place", "destination_place", "online"),
    "inspections": ("batch", "place", "conclusion", "ref"),
    "samples": ("code", "diseases", "ref"),
    "attempts": ("number", "printer", "outcome"),
}
NAMES = ("owner_name", "consignee", "carrier", "origin_place", "destination_place", "place")
PHONES = ("owner_phone",)
SHORTEST_END = 3  # fewer digits end too many telephone numbers
EVERYWHERE = ("number", *NAMES, *PHONES, "plate", "batch", "issued_on", "online")
ORDER = {
    "certificates": "issued_at",
    "declarations": "recorded_at",
    "notices": "issued_at",
    "online_declarations": "declared_at",
    "inspections": "ended_at",
    "samples": "taken_at",
    "attempts": "submitted_at",
}


class Page(msgspec.Struct, frozen=True):
    """One page of a list and how many rows there are in all."""

    rows: list[Row]
    total: int


def listed(device: Device, table: str, *, search: str = "", first: int = 0, count: int = PAGE, **equal: str) -> Page:
    """One page of ``table``, of what ``search`` finds (:func:`finds`). BugError for an unknown table."""
    rows = device.rows.many(table, order=ORDER.get(table, ""), **equal)[::-1]
    if search_key(search):
        rows = [row for row in rows if finds(search, row, columns=SEARCHED.get(table, ()))]
    return Page(rows[first : first + count], len(rows))


def finds(search: str, *rows: Mapping[str, object], columns: Iterable[str] = EVERYWHERE) -> bool:
    """Whether any of the rows of one thing is what was searched; every list of the program searches by this.

    Numbers, plates, places and days by any part of them; names and places also by pinyin or its initials; a telephone
    number by its end. Width, case and spaces do not matter. Nothing searched finds everything.
    """
    wanted = search_key(search)
    return not wanted or any(
        _finds_in(wanted, name, str(row[name])) for row in rows for name in columns if row.get(name)
    )


def _finds_in(wanted: str, name: str, written: str) -> bool:
    if name in PHONES:
        return wanted.isdecimal() and len(wanted) >= SHORTEST_END and search_key(written).endswith(wanted)
    if name in NAMES:
        return matches(wanted, written) is not None
    return wanted in search_key(written)


class Issuable(msgspec.Struct, frozen=True, kw_only=True):
    """A passed batch on which certificates may still be issued, or what it still waits for."""

    inspection: Row
    declaration: Row
    kind: str
    left: Quantity
    missing: tuple[str, ...]
    positive: tuple[str, ...]


def issuables(device: Device) -> list[Issuable]:
    """Every passed batch of this device with something left to certify, oldest departure first."""
    found = [_issuable(device, row) for row in device.rows.many("inspections", conclusion="passed")]
    here = [item for item in found if item is not None and item.declaration["holder"] == device.id]
    return sorted(here, key=lambda item: int(item.declaration["departs_at"] or 0))


def _issuable(device: Device, inspection: Row) -> Issuable | None:
    declaration = device.rows.one("declarations", ref=inspection["declaration"])
    if declaration is None or declaration["state"] != "accepted":
        return None
    left = remaining(quantity_of(inspection), certified(device, str(inspection["ref"])), device.catalogue.units)
    if left.value == 0:
        return None
    kind = kind_for(int(declaration["origin"] or 0), int(declaration["destination"] or 0))
    standing = results_standing(device, inspection, kind)
    return Issuable(
        inspection=inspection,
        declaration=declaration,
        kind=kind,
        left=left,
        missing=standing.missing,
        positive=standing.positive,
    )


class QueueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One paper in the print queue (待打印): what is to be done with it next."""

    number: str
    row: Row
    print_no: int
    state: str
    next_step: str


_STEPS = {"open": "print", "submitted": "answer", "printed": "hand_over", "unknown": "release", "spoiled": "release"}


def print_queue(device: Device) -> list[QueueLine]:
    """Papers with which something is still to be done here: printed, answered for, handed over, filed, or voided."""
    asked = {str(row["number"]) for row in open_attempts(device)}
    waiting = {str(row["number"]): row for row in _not_handed_over(device)}
    # A print nobody answered for blocks its stock, so it stays in sight whatever became of its paper.
    for number in (asked | set(stubs_waiting(device))) - set(waiting):
        waiting[number] = paper_row(device, number) or {}
    lines = [_queue_line(device, row, asked) for row in waiting.values()]
    return sorted(lines, key=lambda line: (int(line.row["issued_at"] or 0), line.number))


def _not_handed_over(device: Device) -> list[Row]:
    rows = device.rows.many("certificates", state="issued", print_device=device.id)
    rows += device.rows.many("notices", state="issued", device=device.id)
    return [row for row in rows if not row["handed_over_at"]]


def _queue_line(device: Device, row: Row, asked: set[str]) -> QueueLine:
    current = current_print(device, str(row["number"])) or {"print": 0, "state": "open"}
    state = str(current["state"])
    return QueueLine(
        number=str(row["number"]),
        row=row,
        print_no=int(current["print"] or 0),
        state=state,
        next_step=_next_step(device, row, state, asked),
    )


def _next_step(device: Device, row: Row, state: str, asked: set[str]) -> str:
    if row["number"] in asked:
        return "answer"
    if row["handed_over_at"]:
        return "stub"
    return "expired" if expiry_refusals(device, row) else _STEPS.get(state, "print")


def quantity_text(device: Device, row: Row, lang: str = "zh") -> str:
    """The quantity of a row as people read it."""
    return display(quantity_of(row), device.catalogue.units, lang)


def certificates_today(device: Device) -> int:
    """How many certificates this device issued today."""
    today = legal_date(device.clock.now().at)
    return len(device.rows.many("certificates", device=device.id, issued_on=today))
