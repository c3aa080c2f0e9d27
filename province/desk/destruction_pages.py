"""M12 回收与销毁: the requests of all stations, who agreed, what was destroyed, and what the judge said."""

from __future__ import annotations

from django.http import HttpResponse

from inspector_app.clock import moment_text
from inspector_app.domain.destruction import Approvals, DestructionState, Step
from inspector_app.journal.entries.sheets import (
    DestructionApproved,
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    SheetsDestroyed,
)
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import approvals
from province.databases import DEFAULT
from province.desk.showing import Cell, Link, Section, Table, chip, show, text
from province.desk.visitor import Visitor, desk_page
from province.journal.models import StoredEntry
from province.journal.read_once import ReadOnceRows
from province.numbers.contested import fact_in

KINDS = tuple(
    shape.KIND
    for shape in (DestructionRequested, DestructionReviewed, DestructionApproved, DestructionSigned, SheetsDestroyed)
)
TONES = {
    DestructionState.REQUESTED: "notice",
    DestructionState.SENT_BACK: "unknown",
    DestructionState.DESTROYED: "good",
}


@desk_page()
def destruction(visitor: Visitor) -> HttpResponse:
    """Every request, or those in one state."""
    rows = ReadOnceRows(DEFAULT, "destructions", "destruction_steps", "acts", "journals")
    asked = visitor.request.GET.get("state", "")
    found = [row for row in rows.many("destructions", order="at")[::-1] if asked in ("", row["state"])]
    tabs = [Link("?", visitor.say("all"), not asked)]
    tabs += [Link(f"?state={one}", visitor.term("state", one.value), asked == one) for one in DestructionState]
    return show(visitor, "destruction", visitor.say("menu_destruction"), [_requests(visitor, rows, found)], tabs=tabs)


def _requests(visitor: Visitor, rows: ReadOnceRows, found: list[Row]) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("station", "goods", "method", "state")]
    head += [visitor.say(f"step_{step}") for step in Step] + [visitor.say("col_destroyed"), visitor.say("col_verdicts")]
    against = held_against(DEFAULT)
    lines = [_request(visitor, rows, row, against) for row in found]
    return Section(
        note=visitor.say("destruction_note"),
        table=Table(head=head, rows=lines, empty=visitor.say("no_destructions")),
    )


def _request(visitor: Visitor, rows: ReadOnceRows, row: Row, against: dict[str, list[str]]) -> list[Cell]:
    home = rows.one("journals", device=row["device"])
    state = DestructionState(str(row["state"]))
    told = visitor.reason("destruction_back", row["reason"]) if state is DestructionState.SENT_BACK else ""
    agreed = approvals(rows, row)
    return [
        text(visitor.station(home["station"] if home else 0), note=moment_text(int(row["at"] or 0))),
        text(visitor.say("pieces", count=int(row["counted"] or 0)), note=str(row["planned_on"])),
        text(visitor.reason("destruction", row["method"])),
        Cell(text=visitor.term("state", state.value), tone=TONES[state], note=told),
        *(_step(visitor, agreed, step) for step in Step),
        _destroyed(visitor, row),
        _verdicts(visitor, against.get(str(row["ref"]), [])),
    ]


def _step(visitor: Visitor, agreed: Approvals, step: Step) -> Cell:
    person = getattr(agreed, step.value)
    if not person:
        return chip(visitor.say("missing"), "unknown")
    twice = [getattr(agreed, other.value) for other in Step].count(person) > 1
    return Cell(text=visitor.who(person), tone="stop" if twice else "", note=visitor.say("twice") if twice else "")


def _destroyed(visitor: Visitor, row: Row) -> Cell:
    if not row["destroyed_ref"]:
        return text("")
    counted, asked = int(row["destroyed_count"] or 0), int(row["counted"] or 0)
    differs = visitor.say("count_differs", count=counted) if counted != asked else ""
    supervisor = visitor.say("under", who=visitor.who(row["supervisor"]))
    return Cell(text=str(row["destroyed_on"]), note=differs or supervisor, tone="stop" if differs else "")


def _verdicts(visitor: Visitor, codes: list[str]) -> Cell:
    if not codes:
        return chip(visitor.say("nothing_against"), "good")
    said = [visitor.sentence("judgements", code, {}) for code in dict.fromkeys(codes)]
    return Cell(text=str(len(codes)), tone="stop", note=" ".join(one.title or one.happened for one in said))


def held_against(using: str) -> dict[str, list[str]]:
    """The judge's codes by request: on the request itself and on every step after it, in force or not."""
    verdicts = ReadOnceRows(using, "verdicts")
    found: dict[str, list[str]] = {}
    for entry in StoredEntry.objects.using(using).filter(kind__in=KINDS).order_by("device", "seq"):
        codes = [str(row["code"]) for row in verdicts.many("verdicts", device=entry.device, seq=entry.seq)]
        if codes:
            told = str(getattr(fact_in(bytes(entry.public)), "request", f"{entry.device}/{entry.seq}"))
            found.setdefault(told, []).extend(codes)
    return found
