"""Stores in words: keeper, profile, checks, what was taken in; draws that wait; lists taken over at the first day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal
from inspector_app.services.device import Device
from inspector_app.services.keeping import (
    FINDINGS,
    MEASURES,
    StoreCheck,
    StoreDue,
    decided_refusals,
    draw_receipt,
    keeper_refusals,
    profile,
    stores,
    taker_refusals,
)
from inspector_app.services.opening import REGISTER, OpeningCase, OpeningLine, OpeningList
from ui import explain
from ui.models.naming import Naming, Row
from ui.models.records import Deed, Line, Record, why_not
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.popup_list import Option

CHECKS_SHOWN, DRAWS_SHOWN = 3, 5

# --- stores ----------------------------------------------------------------------------------------------------------


def read_stores(device: Device) -> list[Line]:
    """Every store with its next check."""
    naming = Naming(device)
    return [_store(device, naming, one) for one in stores(device)]


def _store(device: Device, naming: Naming, one: StoreDue) -> Line:
    row = device.rows.one("stores", store=one.store) or {}
    if not one.keeper:
        state, tone = text("stores.no_keeper"), Tone.BAD
    elif not one.described:
        state, tone = text("stores.no_profile"), Tone.WARN
    elif one.overdue:
        state, tone = text("stores.check_overdue"), Tone.BAD
    else:
        state, tone = text("stores.in_order"), Tone.GOOD
    keeper = naming.person(one.keeper) if one.keeper else ""
    return Line(
        one.store, one.store, keeper, sort_words(str(row.get("sort") or "")), one.due_on, state, tone, one.store
    )


def sort_words(sort: str) -> str:
    """Room or cabinet."""
    return text(f"stores.sort_{sort}") if sort else ""


def measure_words(naming: Naming, code: str) -> str:
    """A measure, whichever of the three lists it is from."""
    return next((naming.reason(of, code) for of in MEASURES if naming.catalogue.reason(of, code)), code)


def measures(device: Device) -> dict[str, list[Option]]:
    """The measures that may be chosen, list by list."""
    naming, today = Naming(device), device.today()
    return {of: naming.reasons(of, today) for of in MEASURES}


def read_store(device: Device, line: Line) -> Record:
    """One store."""
    known, naming, comma = profile(device, line.item), Naming(device), text("list.comma")
    facts = [
        (text("stores.keeper"), line.detail or text("stores.no_keeper")),
        (text("stores.since"), known.since),
        (text("stores.sort"), line.what),
        (text("stores.measures"), comma.join(measure_words(naming, code) for code in known.measures)),
        (text("stores.where"), known.note),
        (text("stores.next_check"), line.day),
        *[_check(naming, check) for check in known.checks[:CHECKS_SHOWN]],
        (text("stores.taken_in"), comma.join(known.draws[::-1][:DRAWS_SHOWN])),
    ]
    deeds = _store_deeds(device, described=known.described)
    return Record(line.ref, line.title, line.detail, line.state, line.tone, facts, deeds)


def _check(naming: Naming, check: StoreCheck) -> tuple[str, str]:
    found = text("list.comma").join(naming.reason(FINDINGS, code) for code in check.findings)
    return text(
        "stores.check_of", day=check.day
    ), f"{found or text('stores.nothing_found')} · {naming.person(check.by)}"


def _store_deeds(device: Device, *, described: bool) -> list[Deed]:
    checking = why_not(device, Action.CHECK_STORE) or ("" if described else text("stores.describe_first"))
    check = Deed("check", "check", checking)
    describe = Deed("describe", "pencil", why_not(device, Action.DESCRIBE_STORE))
    first, second = (check, describe) if described else (describe, check)
    return [first, second, Deed("assign", "user", why_not(device, Action.ASSIGN_STORE))]


# --- draws -----------------------------------------------------------------------------------------------------------


def read_draws(device: Device) -> list[Line]:
    """The station's draws: what waits to be taken in first, then the latest."""
    rows = device.rows.many("draws", order="issued_at", station=device.sheet.station)[::-1]
    lines = [_draw(device, row) for row in rows]
    return sorted(lines, key=lambda line: line.tone is not Tone.WARN)


def _draw(device: Device, row: Row) -> Line:
    receipt = draw_receipt(device, str(row["draw"]))
    shown = text("stores.in_store", store=str(receipt["store"])) if receipt else text("stores.waits")
    title, span = f"{row['kind']} {row['first']}–{row['last']}", int(str(row["last"])) - int(str(row["first"])) + 1
    day = legal_date(int(row["issued_at"] or 0))
    tone = Tone.GOOD if receipt else Tone.WARN
    return Line(str(row["draw"]), title, str(row["draw"]), f"{span:,}", day, shown, tone, str(row["draw"]))


def read_draw(device: Device, line: Line) -> Record:
    """One draw."""
    receipt, naming = draw_receipt(device, line.item), Naming(device)
    facts = [
        (text("stores.draw"), line.item),
        (text("stores.numbers"), line.title),
        (text("stores.count"), line.what),
        (text("stores.drawn_on"), line.day),
    ]
    if receipt is not None:
        day, by = legal_date(int(receipt["at"] or 0)), naming.person(int(receipt["by"] or 0))
        facts += [(text("stores.store"), str(receipt["store"])), (text("stores.received"), f"{day} · {by}")]
    deeds = [] if receipt is not None else [Deed("receive", "package-check", _why_not_taken_in(device, line.item))]
    return Record(line.ref, line.title, "", line.state, line.tone, facts, deeds)


def _why_not_taken_in(device: Device, draw: str) -> str:
    """Why the person signed in does not take a draw in, "" when there is a store they may take it into."""
    if any(one.keeper and not taker_refusals(device, draw, one.store) for one in stores(device)):
        return ""
    return why_not(device, Action.RECEIVE_DRAW, *decided_refusals(device, draw))


def store_options(device: Device) -> list[Option]:
    """The stores somebody keeps; those of the signed-in person first."""
    naming, kept = Naming(device), [one for one in stores(device) if one.keeper]
    own = sorted(kept, key=lambda one: bool(keeper_refusals(device, one.store)))
    return [Option(one.store, f"{one.store} · {naming.person(one.keeper)}") for one in own]


# --- what was taken over ----------------------------------------------------------------------------------------------


def read_openings(device: Device) -> list[Line]:
    """The lists taken over, the latest first."""
    naming = Naming(device)
    return [_opening(device, naming, row) for row in device.rows.many("openings", order="at")[::-1]]


def _opening(device: Device, naming: Naming, row: Row) -> Line:
    act = device.rows.one("acts", ref=row["ref"]) or {}
    confirmed = bool(act.get("confirmed_by"))
    state = text("stores.confirmed") if confirmed else text("stores.unconfirmed")
    tone = Tone.GOOD if confirmed else Tone.WARN
    day, by = legal_date(int(row["at"] or 0)), naming.person(int(row["by"] or 0))
    title = text("stores.opening_of", n=int(row["lines"] or 0))
    return Line(str(row["ref"]), title, by, str(row["store"]), day, state, tone, str(row["ref"]))


def read_opening_record(device: Device, line: Line) -> Record:
    """One list that was taken over."""
    row, naming = device.rows.one("openings", ref=line.item) or {}, Naming(device)
    act = device.rows.one("acts", ref=line.item) or {}
    confirmed = int(act.get("confirmed_by") or 0)
    facts = [
        (text("stores.store"), line.what),
        (text("stores.day"), line.day),
        (text("stores.by"), line.detail),
        (text("stores.second"), naming.person(confirmed) if confirmed else text("stores.unconfirmed")),
        (text("stores.source"), str(row["source"])[:16]),
        (text("stores.remarks"), str(row["note"] or "")),
    ]
    deeds = [] if confirmed else [Deed("confirm_opening", "check", why_not(device, Action.CONFIRM_OPENING))]
    return Record(line.ref, line.title, line.detail, line.state, line.tone, facts, deeds)


class OpeningRow(NamedTuple):
    """One row of the dry run: what it says, or what is wrong with it."""

    row: str
    what: str
    numbers: str
    pages: str
    state: str
    tone: Tone


def opening_rows(read: OpeningList) -> list[OpeningRow]:
    """The rows of a list: what does not fit first."""
    wrong = [_wrong(error) for error in read.errors]
    return [*wrong, *map(_fitting, read.lines), *map(_case, read.cases)]


def _wrong(error: Refusal) -> OpeningRow:
    """In few words: the row and what stands there have columns of their own."""
    fault = explain.word("row_fault", str(error.details["fault"]))
    field = explain.label("field", error.field) if error.field else ""
    said = text("stores.row_fault", field=field, fault=fault) if field else fault
    return OpeningRow(
        str(error.details["row"] or ""), said, str(error.current or ""), "", text("stores.wrong"), Tone.BAD
    )


def _fitting(line: OpeningLine) -> OpeningRow:
    if line.what == REGISTER:
        return OpeningRow(
            "",
            text("stores.what_register"),
            text(f"supervision.ledger_{line.form}"),
            str(line.pages),
            text("stores.fits"),
            Tone.GOOD,
        )
    what = f"{text(f'stores.what_{line.what}')} · {explain.word('state', line.state)}"
    span = line.first if line.first == line.last else f"{line.first}–{line.last}"
    return OpeningRow("", what, f"{line.form} {span}", str(line.pages or ""), text("stores.fits"), Tone.GOOD)


def _case(case: OpeningCase) -> OpeningRow:
    return OpeningRow("", text("stores.what_case"), f"{case.opened_on} {case.note}", "", text("stores.fits"), Tone.GOOD)


def counted(rows: Iterable[OpeningRow]) -> tuple[int, int]:
    """How many rows fit, and how many do not."""
    tones: Sequence[Tone] = [row.tone for row in rows]
    return tones.count(Tone.GOOD), tones.count(Tone.BAD)
