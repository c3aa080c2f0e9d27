"""Supervision visits in words: who came, what was found and put right, how the seven ledgers stood."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.journal.entries.supervision import LedgerState
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.supervision import FINDINGS, VisitDue, ledger_states, left_to_rectify, visits
from ui.models.naming import Naming
from ui.models.records import Deed, Line, Record, why_not
from ui.texts import text
from ui.tokens import Tone


def read_visits(device: Device) -> list[Line]:
    """All visits, the latest first."""
    naming = Naming(device)
    return [_line(device, naming, one) for one in visits(device)]


def _line(device: Device, naming: Naming, one: VisitDue) -> Line:
    row = device.rows.one("visits", ref=one.visit) or {}
    found = len(_codes(row["findings"]))
    if one.overdue:
        state, tone = text("supervision.overdue", n=len(one.left)), Tone.BAD
    elif one.left:
        state, tone = text("supervision.left", n=len(one.left)), Tone.WARN
    else:
        state, tone = text("supervision.put_right") if found else text("supervision.nothing_found"), Tone.GOOD
    who = str(row["official"] or "") or naming.person(int(row["by"] or 0))
    shown = text("supervision.findings_of", n=found) if found else ""
    return Line(one.visit, one.visited_on, who, shown, one.rectify_by, state, tone, one.visit)


def _codes(value: object) -> list[str]:
    return msgspec.json.decode(str(value), type=list[str])


def read_visit(device: Device, line: Line) -> Record:
    """One visit."""
    row, naming = device.rows.one("visits", ref=line.item) or {}, Naming(device)
    left = left_to_rectify(device, row)
    facts = [
        (text("supervision.who"), line.detail),
        (text("supervision.unit"), str(row["unit"] or "")),
        (text("supervision.findings"), "\n".join(_finding(naming, code, left) for code in _codes(row["findings"]))),
        (text("supervision.term"), line.day),
        (text("supervision.remarks"), str(row["note"] or "")),
        *[_rectified(naming, one) for one in device.rows.many("rectifications", order="at", visit=line.item)],
        (text("supervision.recorded_by"), naming.person(int(row["by"] or 0))),
        *ledger_facts(msgspec.json.decode(str(row["ledgers"]), type=list[LedgerState])),
        (text("supervision.equations"), held_words(blocks=bool(row["blocks_hold"]), sheets=bool(row["sheets_hold"]))),
        (text("supervision.cases"), f"{int(row['open_cases'] or 0):,}"),
    ]
    deeds = [Deed("rectify", "check", why_not(device, Action.RECTIFY))] if left else []
    return Record(line.ref, text("supervision.visit_of", day=line.title), "", line.state, line.tone, facts, deeds)


def _finding(naming: Naming, code: str, left: Sequence[str]) -> str:
    shown = text("supervision.still_open") if code in left else text("supervision.put_right")
    return f"{naming.reason(FINDINGS, code)} · {shown}"


def _rectified(naming: Naming, row: Row) -> tuple[str, str]:
    done = text("list.comma").join(naming.reason(FINDINGS, code) for code in _codes(row["findings"]))
    return text(
        "supervision.rectified_on", day=legal_date(int(row["at"] or 0))
    ), f"{done} · {naming.person(int(row['by'] or 0))}"


def ledger_facts(ledgers: Sequence[LedgerState]) -> list[tuple[str, str]]:
    """How each of the seven ledgers stands: its records, and how many it lacks."""
    return [(text(f"supervision.ledger_{one.ledger}"), _standing(one)) for one in ledgers]


def _standing(one: LedgerState) -> str:
    if one.lacking:
        return text("supervision.lacking", records=one.records, lacking=one.lacking)
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


def read_left(device: Device, visit: str) -> list[str]:
    """What of a visit is still to be put right."""
    return left_to_rectify(device, device.rows.one("visits", ref=visit) or {})
