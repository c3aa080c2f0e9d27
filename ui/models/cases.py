"""Cases of custody (账物不符、盗失、疑点) as the page shows them: what they are about, their term, how they ended."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.clock import moment_text
from inspector_app.services.device import Device
from inspector_app.services.stock_freeze import differences_of
from inspector_app.services.tracing import entry_behind
from ui import explain
from ui.models.confirmations import difference_words
from ui.models.naming import Naming, Row
from ui.models.standing import moment_words
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.popup_list import Option

OPEN = "open"
NUMBERS, STORE, DRAW = "numbers", "store", "draw"
"""What a case opened by hand may be about."""
Abouts = dict[str, list[Option]]


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
    number: str = ""
    """The one number it is about, or the first of several; "" where it is about something else."""


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
        about=_about(device, row),
        due=due,
        is_open=is_open,
        late=late,
        state=text(f"cases.state_{state}"),
        tone={"late": Tone.BAD, OPEN: Tone.WARN}.get(state, Tone.GOOD),
        facts=_facts(device, naming, row, due),
        number=_number(row),
    )


def read_abouts(device: Device) -> Abouts:
    """The stores and draws of the station a case may be about; none of what there is none of."""
    stores = [Option(str(row["store"]), str(row["store"])) for row in device.rows.many("stores", order="store")]
    draws = [
        Option(str(row["draw"]), f"{row['kind']} {row['first']}–{row['last']}", str(row["draw"]))
        for row in device.rows.many("draws", order="first", station=device.sheet.station)
    ]
    return {what: options for what, options in ((STORE, stores), (DRAW, draws)) if options}


def _number(row: Row) -> str:
    if row["first"]:
        return f"{row['form']} {row['first']}"
    kind, _, digits = str(row["about"] or "").partition(" ")
    return f"{kind} {digits}" if len(kind) == 1 and digits.isascii() and digits.isdigit() else ""


def _about(device: Device, row: Row) -> str:
    """The numbers a case is about, else what it names: what was done and when, a store, a draw."""
    first, last = str(row["first"] or ""), str(row["last"] or "")
    if first:
        return f"{row['form']} {first}" if first == last else f"{row['form']} {first}–{last}"
    about = str(row["about"] or "")
    entry = entry_behind(device, about)
    return f"{explain.label('deed', entry.kind)} {moment_text(entry.at)}" if entry is not None else about


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
        (text("cases.about"), _about(device, row)),
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
