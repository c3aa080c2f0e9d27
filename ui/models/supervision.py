"""Supervision visits in words: who came, what was found and put right, how the seven ledgers stood."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.domain.authority import Action
from inspector_app.services.device import Device
from inspector_app.services.supervision import (
    FINDINGS,
    LedgerState,
    Rectified,
    VisitDue,
    find_visit,
    ledger_states,
    visits,
)
from ui.models.naming import Naming
from ui.models.records import Deed, Line, Record, why_not
from ui.texts import text
from ui.tokens import Tone


def read_visits(device: Device) -> list[Line]:
    """All visits, the latest first."""
    naming = Naming(device)
    return [_line(device, naming, one) for one in visits(device)]


def _line(device: Device, naming: Naming, one: VisitDue) -> Line:
    visit = find_visit(device, one.visit)
    found, who = (len(visit.findings), visit.official or naming.person(visit.by)) if visit else (0, "")
    if one.overdue:
        state, tone = text("supervision.overdue", n=len(one.left)), Tone.BAD
    elif one.left:
        state, tone = text("supervision.left", n=len(one.left)), Tone.WARN
    else:
        state, tone = text("supervision.put_right") if found else text("supervision.nothing_found"), Tone.GOOD
    shown = text("supervision.findings_of", n=found) if found else ""
    return Line(one.visit, one.visited_on, who, shown, one.rectify_by, state, tone, one.visit)


def read_visit(device: Device, line: Line) -> Record | None:
    """One visit."""
    visit, naming = find_visit(device, line.item), Naming(device)
    if visit is None:
        return None
    facts = [
        (text("supervision.who"), line.detail),
        (text("supervision.unit"), visit.unit),
        (text("supervision.findings"), "\n".join(_finding(naming, code, visit.left) for code in visit.findings)),
        (text("supervision.term"), line.day),
        (text("supervision.remarks"), visit.note),
        *[_rectified(naming, one) for one in visit.rectified],
        (text("supervision.recorded_by"), naming.person(visit.by)),
        *ledger_facts(visit.ledgers),
        (text("supervision.equations"), held_words(blocks=visit.blocks_hold, sheets=visit.sheets_hold)),
        (text("supervision.cases"), f"{visit.open_cases:,}"),
    ]
    deeds = [Deed("rectify", "check", why_not(device, Action.RECTIFY))] if visit.left else []
    return Record(line.ref, text("supervision.visit_of", day=line.title), "", line.state, line.tone, facts, deeds)


def _finding(naming: Naming, code: str, left: Sequence[str]) -> str:
    shown = text("supervision.still_open") if code in left else text("supervision.put_right")
    return f"{naming.reason(FINDINGS, code)} · {shown}"


def _rectified(naming: Naming, one: Rectified) -> tuple[str, str]:
    done = text("list.comma").join(naming.reason(FINDINGS, code) for code in one.findings)
    return text("supervision.rectified_on", day=one.day), f"{done} · {naming.person(one.by)}"


def ledger_facts(ledgers: Sequence[LedgerState]) -> list[tuple[str, str]]:
    """How each of the seven ledgers stands: its records, and how many it lacks."""
    return [(text(f"supervision.ledger_{one.ledger}"), _standing(one)) for one in ledgers]


def _standing(one: LedgerState) -> str:
    if one.lacking:
        return text("supervision.lacking", n=one.records, lacking=one.lacking)
    return text("supervision.complete", n=one.records)


def held_words(*, blocks: bool, sheets: bool) -> str:
    """Whether the two equations held."""
    shown = (("supervision.blocks", blocks), ("supervision.sheets", sheets))
    return text("list.comma").join(
        f"{text(name)}{text('supervision.holds' if held else 'supervision.broken')}" for name, held in shown
    )


def read_ledgers(device: Device) -> list[tuple[str, str]]:
    """The seven ledgers as they stand now, before a visit is recorded; runs in the background."""
    return ledger_facts(ledger_states(device))


def read_left(device: Device, ref: str) -> list[str]:
    """What of a visit is still to be put right."""
    visit = find_visit(device, ref)
    return visit.left if visit is not None else []
