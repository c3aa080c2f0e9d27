"""A ledger book as the page shows it: its parts in words, and what stands behind one line."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.clock import moment_text
from inspector_app.domain.refusals import Refused
from inspector_app.services import ledgers, tracing
from inspector_app.services.device import Device
from inspector_app.services.ledger_paper import Spelling
from inspector_app.services.ledgers import Ledger, Line
from inspector_app.services.tracing import EntryBehind
from ui import explain
from ui.models.naming import Naming
from ui.texts import Language, language, text

ID_SHOWN = 8


class BookLine(NamedTuple):
    """One line: the cells in words, and what it was made from."""

    line: Line
    cells: tuple[str, ...]
    number: str


class BookPart(NamedTuple):
    """One part of a book: what it counts, its lines."""

    title: str
    lines: list[BookLine]


class Book(NamedTuple):
    """A book and its parts in the language in force."""

    ledger: Ledger
    parts: list[BookPart]


class About(NamedTuple):
    """What stands behind a line: the entry in facts, and the life of its number step by step."""

    facts: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    number: str
    said: str = ""


def read_book(device: Device, book: str, first: str, last: str) -> Book | Refused:
    """Read a book; runs in the background."""
    ledger = ledgers.read_book(device, book, first=first, last=last)
    if isinstance(ledger, Refused):
        return ledger
    spelling = Spelling(device, explain.word, english=language() is Language.EN)
    parts = [
        BookPart(
            _standing_alone(spelling.section(part)),
            [
                BookLine(line, _shown(ledger, spelling.row(ledger, line)), _number(ledger, part.kind, line))
                for line in part.lines
            ],
        )
        for part in ledger.sections
    ]
    return Book(ledger, parts)


WORDED = frozenset({"ledger", "state", "standing"})
"""Columns whose words stand alone in a cell."""


def _shown(ledger: Ledger, cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        _standing_alone(cell) if column.words in WORDED else cell
        for column, cell in zip(ledger.columns, cells, strict=True)
    )


def _standing_alone(title: str) -> str:
    return title[:1].upper() + title[1:]


def _number(ledger: Ledger, kind: str, line: Line) -> str:
    """The one number a line is about, "" for a range or a sum."""
    for column, cell in zip(ledger.columns, line.cells, strict=True):
        if column.name in ("number", "span"):
            digits = str(cell).removeprefix(f"{kind} ").partition("/")[0]
            return f"{kind} {digits}" if digits.isascii() and digits.isdigit() else ""
    return ""


def holds(line: BookLine, digits: str) -> bool:
    """Whether a line of the continuity book is about a stretch this number lies in."""
    first, _, last = str(line.line.cells[0]).partition("–")
    return len(first) == len(digits) and first <= digits <= (last or first)


def read_life(device: Device, number: str) -> About:
    """The life of one number (``B 9900000003``), step by step; runs in the background."""
    life = tracing.trace(device, number)
    if isinstance(life, Refused):
        return About([], [], number, text("ledgers.no_life"))
    naming, place = Naming(device), life.place
    facts = [
        (text("column.ledger_standing"), explain.label("standing", life.standing.value)),
        (text("column.ledger_holder"), naming.person(place.holder) if place.holder else ""),
        (text("column.ledger_device"), naming.computer(place.device)),
    ]
    return About(facts, [_step(naming, step.at, step.what, step.by, step.device) for step in life.steps], life.number)


def read_about(device: Device, line: BookLine) -> About:
    """Look up what stands behind a line; runs in the background."""
    naming = Naming(device)
    life = tracing.trace(device, line.number) if line.number else None
    steps = [] if life is None or isinstance(life, Refused) else life.steps
    told = [_step(naming, step.at, step.what, step.by, step.device) for step in steps]
    return About(_facts(naming, tracing.entry_behind(device, line.line.ref), line.line.ref), told, line.number)


def _facts(naming: Naming, entry: EntryBehind | None, ref: str) -> list[tuple[str, str]]:
    if entry is None:
        return [(text("ledgers.document"), ref)]
    device, _, seq = entry.ref.partition("/")
    return [
        (text("ledgers.deed"), explain.label("deed", entry.kind)),
        (text("ledgers.time"), moment_text(entry.at)),
        (text("ledgers.by"), naming.person(entry.by) if entry.by else ""),
        (text("ledgers.entry"), f"{device[:ID_SHOWN]}/{seq}"),
        (text("ledgers.hash"), entry.hash[:16]),
    ]


def _step(naming: Naming, at: int, what: str, by: int, device: str) -> tuple[str, str]:
    """When, and what by whom."""
    who = naming.person(by) if by else naming.computer(device)
    return moment_text(at), " · ".join(part for part in (explain.label("deed", what), who) if part)
