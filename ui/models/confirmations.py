"""Acts that wait for a second person (待复核) as the page shows them: what was done, by whom, and what to look at."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.domain.stocktake import Difference
from inspector_app.services import ceremony, supervision
from inspector_app.services.device import Device
from inspector_app.services.stock_freeze import differences_of, kinds_of
from ui import explain
from ui.models.naming import Naming, Row
from ui.models.standing import moment_words
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.popup_list import Option

DAY, STOCKTAKE, OPENING, DESTRUCTION = "day.closed", "stocktake.closed", "opening.recorded", "destruction.signed"
VISIT = "supervision.recorded"
MOST_CASES = 12


class WaitingAct(NamedTuple):
    """One act: ``why`` says why the person signed in cannot be its second, "" where they can."""

    ref: str
    title: str
    by: int
    name: str
    when: str
    at: int
    due: str
    late: bool
    own: bool
    why: str
    facts: list[tuple[str, str]]
    place: Place | None
    subject: str

    @property
    def state(self) -> tuple[str, Tone]:
        """What the list says of it."""
        if not self.why:
            return text("confirmations.yours"), Tone.WARN
        return (text("confirmations.own"), Tone.INFO) if self.own else (text("confirmations.others"), Tone.OFF)


def read_waiting(device: Device) -> list[WaitingAct]:
    """Every act of the station that waits, those this person may confirm first; runs in the background."""
    naming = Naming(device)
    found = [_waiting(device, naming, row) for row in ceremony.unconfirmed(device)]
    return sorted(found, key=lambda act: (bool(act.why), act.at))


def read_seconds(device: Device, people: tuple[int, ...], act: str) -> list[Option]:
    """Who of the people with a passphrase here could confirm an act; runs in the background."""
    naming = Naming(device)
    return [Option(person, naming.person(person)) for person in people if ceremony.may_be_second(device, act, person)]


def _waiting(device: Device, naming: Naming, row: Row) -> WaitingAct:
    ref, kind, at = str(row["ref"]), str(row["kind"]).partition("/")[0], int(row["at"] or 0)
    by, subject = int(row["by"] or 0), str(row["subject"] or "")
    against = ceremony.confirm_refusals(device, ref, ceremony.TOGETHER)
    due = ceremony.due_on(device, dict(row)) if kind.endswith(".voided") else ""
    what, facts, place, wanted = _about(device, naming, kind, ref, subject)
    return WaitingAct(
        ref=ref,
        title=(" " if kind.endswith(".voided") else " · ").join(filter(None, (explain.label("deed", kind), what))),
        by=by,
        name=naming.person(by),
        when=moment_words(at, device.clock.now().at),
        at=at,
        due=due,
        late=bool(due) and due < device.today(),
        own=by == device.person(),
        why=explain.refusal(against[0]).headline if against else "",
        facts=facts,
        place=place,
        subject=wanted,
    )


_About = tuple[str, list[tuple[str, str]], Place | None, str]
"""What it is about in short, the facts to look at, and where there is more to see."""


def _about(device: Device, naming: Naming, kind: str, ref: str, subject: str) -> _About:
    if kind == DAY:
        return _day(device, naming, ref)
    if kind == STOCKTAKE:
        return _stocktake(device, naming, ref)
    if kind == OPENING:
        return _opening(device, naming, ref)
    if kind == DESTRUCTION:
        return _destruction(device, naming, ref)
    if kind == VISIT:
        return _visit(device, ref)
    return _void(device, naming, subject)


def _day(device: Device, naming: Naming, ref: str) -> _About:
    row = device.rows.one("days", ref=ref) or {}
    date, here = str(row.get("date") or ""), row.get("device") == device.id
    facts = [
        (text("confirmations.day"), date),
        (text("day_close.ordinal"), f"{int(row.get('ordinal') or 0):,}"),
        (text("day_close.equations"), text("numbers.holds" if row.get("equations_hold") else "numbers.broken")),
        (text("confirmations.closing"), f"{int(row.get('closing_sheets') or 0):,}"),
        (text("confirmations.computer"), naming.computer(str(row.get("device") or ""))),
    ]
    return date, facts, Place.DAY_CLOSE if here else None, date


def _stocktake(device: Device, naming: Naming, ref: str) -> _About:
    row = device.rows.one("stocktakes", ended_ref=ref)
    if row is None:
        return "", [], None, ""
    differences = differences_of(row)
    shown = text("list.comma").join(explain.word("kind", kind) for kind in kinds_of(row))
    facts = [
        (text("stocktake.purpose"), text(f"stocktake.purpose_{row['purpose']}")),
        (text("stocktake.kinds"), shown),
        (text("stocktake.opened_by"), naming.person(int(row["opened_by"] or 0))),
        (text("confirmations.computer"), naming.computer(str(row["device"]))),
        (text("stocktake.differences"), difference_words(differences) or text("stocktake.no_difference")),
        (text("stocktake.explained"), f"{int(row['explained']):,}" if row["explained"] else ""),
    ]
    return text("list.comma").join(kinds_of(row)), facts, None, ""


def difference_words(differences: list[Difference]) -> str:
    """The differences of a stocktake, one below the other."""
    lines = [
        text(
            "stocktake.difference",
            differs=explain.label("differs", one.differs).rstrip(":"),
            what=explain.word("shelf", one.shelf),
            numbers=f"{one.kind} {one.first}" if one.first == one.last else f"{one.kind} {one.first}–{one.last}",
            expected=one.expected,
            counted=one.counted,
        )
        for one in differences[:MOST_CASES]
    ]
    more = len(differences) - MOST_CASES
    return "\n".join([*lines, *([text("stocktake.more_differences", n=more)] if more > 0 else [])])


def _opening(device: Device, naming: Naming, ref: str) -> _About:
    row = device.rows.one("openings", ref=ref) or {}
    store, lines = str(row.get("store") or ""), device.rows.many("opening_lines", ref=ref)
    facts = [
        (explain.label("field", "store"), store),
        (text("confirmations.lines"), f"{int(row.get('lines') or 0):,}"),
        (text("confirmations.pages"), f"{sum(int(line['pages'] or 0) for line in lines):,}"),
        (text("confirmations.computer"), naming.computer(str(row.get("device") or ""))),
    ]
    return store, facts, None, ""


def _destruction(device: Device, naming: Naming, ref: str) -> _About:
    step = device.rows.one("destruction_steps", ref=ref) or {}
    row = device.rows.one("destructions", ref=str(step.get("request") or "")) or {}
    sheets = device.rows.many("destruction_sheets", request=str(row.get("ref") or ""))
    facts = [
        (explain.label("field", "request"), str(row.get("ref") or "")),
        (explain.label("field", "destruction_method"), explain.label("reason", str(row.get("method") or ""))),
        (explain.label("field", "planned_on"), str(row.get("planned_on") or "")),
        (text("confirmations.sheets"), f"{len(sheets):,}"),
        (text("confirmations.asked_by"), naming.person(int(row.get("by") or 0))),
    ]
    return str(row.get("planned_on") or ""), facts, None, ""


def _visit(device: Device, ref: str) -> _About:
    visit = supervision.find_visit(device, ref)
    if visit is None:
        return "", [], Place.SUPERVISION, ""
    facts = [
        (explain.label("field", "official"), visit.official),
        (explain.label("field", "unit"), visit.unit),
        (text("supervision.findings"), "\n".join(explain.label("reason", code) for code in visit.findings)),
        (explain.label("field", "rectify_by"), visit.rectify_by),
    ]
    return visit.visited_on, facts, Place.SUPERVISION, ""


def _void(device: Device, naming: Naming, number: str) -> _About:
    is_notice = number.startswith("N ")
    row = device.rows.one("notices" if is_notice else "certificates", number=number) or {}
    reason = naming.explained("void", str(row.get("void_reason") or ""), str(row.get("void_note") or ""))
    facts = [
        (explain.label("field", "number"), number),
        (explain.label("field", "owner"), str(row.get("owner_name") or "")),
        (explain.label("field", "batch"), naming.batch(row) if row else ""),
        (explain.label("field", "reason"), reason),
        (text("confirmations.handed_over"), text("confirmations.yes") if row.get("handed_over_at") else ""),
    ]
    return number, facts, None if is_notice else Place.CERTIFICATES, number
