"""Cases of custody (账物不符、盗失、疑点) as the page shows them: what they are about, their term, how they ended."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.services.device import Device
from inspector_app.services.stock_freeze import differences_of
from ui import explain
from ui.models.confirmations import difference_words
from ui.models.naming import Naming, Row
from ui.models.standing import moment_words
from ui.texts import text
from ui.tokens import Tone

OPEN = "open"


class CaseLine(NamedTuple):
    """One case."""

    ref: str
    title: str
    about: str
    due: str
    is_open: bool
    late: bool
    state: str
    tone: Tone
    facts: list[tuple[str, str]]


def read_cases(device: Device) -> list[CaseLine]:
    """Every case of the station, the open ones first, by their term; runs in the background."""
    naming = Naming(device)
    lines = [_line(device, naming, row) for row in device.rows.many("custody_cases", order="due_on, ref")]
    return sorted(lines, key=lambda line: not line.is_open)


def _line(device: Device, naming: Naming, row: Row) -> CaseLine:
    is_open, due = row["state"] == OPEN, str(row["due_on"] or "")
    late = is_open and due < device.today()
    state = "late" if late else OPEN if is_open else "concluded"
    return CaseLine(
        ref=str(row["ref"]),
        title=naming.reason("custody_case", str(row["kind"])),
        about=_about(row),
        due=due,
        is_open=is_open,
        late=late,
        state=text(f"cases.state_{state}"),
        tone={"late": Tone.BAD, OPEN: Tone.WARN}.get(state, Tone.GOOD),
        facts=_facts(device, naming, row, due),
    )


def _about(row: Row) -> str:
    """The numbers a case is about, else what it names."""
    first, last = str(row["first"] or ""), str(row["last"] or "")
    if not first:
        about = str(row["about"] or "")
        return f"{about[:8]}/{about.partition('/')[2]}" if "/" in about else about
    return f"{row['form']} {first}" if first == last else f"{row['form']} {first}–{last}"


def _difference(device: Device, row: Row) -> str:
    """How book and count differed, where a stocktake found it."""
    stocktake = device.rows.one("stocktakes", ended_ref=str(row["about"]))
    found = differences_of(stocktake) if stocktake is not None else []
    return difference_words([one for one in found if (one.kind, one.first) == (row["form"], row["first"])])


def _facts(device: Device, naming: Naming, row: Row, due: str) -> list[tuple[str, str]]:
    now = device.clock.now().at
    cause, conclusion = str(row["cause"] or ""), str(row["conclusion"] or "")
    opened = f"{naming.person(int(row['opened_by'] or 0))} · {row['opened_on']}"
    facts = [
        (text("cases.about"), _about(row)),
        (text("stocktake.differences"), _difference(device, row)),
        (text("cases.opened"), opened),
        (text("column.due_on"), due),
        (explain.label("field", "note"), str(row["note"] or "")),
    ]
    if row["concluded_at"]:
        facts += [
            (explain.label("field", "case_cause"), naming.reason("case_cause", cause)),
            (explain.label("field", "case_conclusion"), naming.reason("case_conclusion", conclusion)),
            (text("cases.conclusion_note"), str(row["conclusion_note"] or "")),
            (
                text("cases.concluded"),
                f"{naming.person(int(row['concluded_by'] or 0))} · {moment_words(int(row['concluded_at'] or 0), now)}",
            ),
        ]
    return facts
