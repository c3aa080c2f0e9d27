"""Taking over at a station's first day (期初建账): a list of papers, ended numbers, open cases and registers.

A dry run names every row that does not fit, all at once. What is taken over becomes counted stock, its term of keeping
running from the day its row gives; no number of a list is ever free, and a paper whose number the province gave this
station is not one of a former system.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.custody import SheetState
from inspector_app.domain.numbering import NumberState, is_range, parse_range
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.stocktake import CountedRange, Covered
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.projections.openings import MAX_SHEETS, NUMBER, REGISTER, SHEET, sheets_in
from inspector_app.services.custody_cases import add_case
from inspector_app.services.device import Device
from inspector_app.services.keeping import keeper_refusals
from inspector_app.services.list_files import Line, read_list, wrong
from inspector_app.services.number_custody import KINDS
from inspector_app.services.stock_freeze import frozen_refusals
from inspector_app.services.supervision import LEDGERS
from inspector_app.services.typed import day_refusals, one_text
from inspector_app.suites import sha256

__all__ = ["REGISTER", "OpeningLine"]

COLUMNS = ("what", "kind", "first", "last", "pages", "state", "opened_on", "note")
HEADINGS = {"类别": "what", "种类": "kind", "起号": "first", "止号": "last", "页数": "pages", "状态": "state"}
HEADINGS |= {"日期": "opened_on", "备注": "note"}
ENDS = {"first": "first_number", "last": "last_number"}
"""What the two ends of a range are called where an error names them."""
CASE = "case"
WHATS = {"纸证": SHEET, "编号": NUMBER, "案件": CASE, "簿册": REGISTER}
STATES = {"空白": "blank", "在存": "kept", "损坏": "spoiled", "回收": "collected"}
STATES |= {"已用": "used", "遗失": "lost", "退回": "returned"}
SHEET_STATES = (SheetState.BLANK, SheetState.KEPT, SheetState.SPOILED, SheetState.COLLECTED)
NUMBER_STATES = (NumberState.USED, NumberState.LOST, NumberState.RETURNED)
TAKEN_OVER = "taken_over"
MAX_ROWS, MAX_PAGES = 300, 100
MAX_NOTES = 15_000
"""Characters of all notes beside lines together, which one entry holds."""


class OpeningCase(msgspec.Struct, frozen=True):
    """An open case that is taken over: since when, and what it is about."""

    opened_on: str
    note: str


class OpeningList(msgspec.Struct, frozen=True):
    """What a file says: its lines and cases, what is said beside them, and every row that does not fit."""

    source: str
    lines: list[OpeningLine]
    cases: list[OpeningCase]
    notes: str
    errors: list[Refusal]


def read_opening(device: Device, content: bytes) -> OpeningList:
    """Read a list, CSV or a workbook, with headings in Chinese or English; nothing is recorded."""
    source = sha256(content).hex()
    read = read_list(content, HEADINGS, COLUMNS, {"what", "kind"}, ENDS)
    if read.errors and not read.lines:
        return OpeningList(source, [], [], "", read.errors)
    found = _Reader(device, source).read(read.lines)
    known = {one.details["row"] for one in read.errors}  # whose cells cannot be read misses them, too
    errors = [*read.errors, *(one for one in found.errors if one.details["row"] not in known)]
    ordered = sorted(errors, key=lambda one: int(one.details["row"]))
    return msgspec.structs.replace(found, errors=ordered)


class _Known(NamedTuple):
    """Of one kind, the numbers the province gave this station, and those that were taken over before."""

    given: Covered
    taken: Covered

    @classmethod
    def of(cls, device: Device, kind: str) -> _Known:
        given = [*device.rows.many("blocks", kind=kind), *device.rows.many("draws", kind=kind)]
        taken = [row for row in device.rows.many("opening_lines", form=kind) if row["first"]]
        return cls(*(Covered(CountedRange(str(row["first"]), str(row["last"])) for row in of) for of in (given, taken)))


class _Reader:
    """Reads row after row and remembers what it has seen, to find what a file says twice."""

    def __init__(self, device: Device, source: str) -> None:
        self._device, self._source = device, source
        self._lines: list[OpeningLine] = []
        self._cases: list[OpeningCase] = []
        self._notes: list[str] = []
        self._errors: list[Refusal] = []
        self._known: dict[str, _Known] = {}
        self._row = 1

    def read(self, lines: Sequence[Line]) -> OpeningList:
        """All rows that have something in them."""
        for line in lines:
            self._row = line.row
            self._read_row(line.cells)
        self._check_size()
        return OpeningList(self._source, self._lines, self._cases, "\n".join(self._notes), self._errors)

    def _check_size(self) -> None:
        sheets = sheets_in(self._lines)
        if sum(map(len, self._notes)) > MAX_NOTES:
            self._errors.append(wrong(self._row, "note", "too_many", f"{sum(map(len, self._notes))}"))
        if len(self._lines) + len(self._cases) > MAX_ROWS or sheets > MAX_SHEETS:
            self._errors.append(wrong(self._row, "", "too_many", f"{max(sheets, self._row)}"))
        if not self._errors and not self._lines and not self._cases:
            self._errors.append(wrong(self._row, "", "empty", ""))

    def _read_row(self, cells: dict[str, str]) -> None:
        what = WHATS.get(cells["what"], cells["what"])
        if what == CASE:
            self._read_case(cells)
        elif what == REGISTER:
            self._read_register(cells)
        elif what in (SHEET, NUMBER):
            self._read_range(what, cells)
        else:
            self._fail("what", "unknown", cells["what"])

    def _fail(self, column: str, fault: str, value: str) -> None:
        self._errors.append(wrong(self._row, column, fault, value))

    def _remember(self, note: str) -> None:
        if self._is_text(note) and note:
            self._notes.append(f"{self._row}: {note}")

    def _is_text(self, note: str) -> bool:
        """Whether a note can be kept as it is; a row whose note cannot does not fit."""
        if one_text("note", note):
            self._fail("note", "unreadable", "")
            return False
        return True

    def _read_case(self, cells: dict[str, str]) -> None:
        day, note = cells.get("opened_on", ""), cells.get("note", "")
        if day_refusals("opened_on", day) or day > self._device.today():
            self._fail("opened_on", "day", day)
        elif not note:
            self._fail("note", "missing", "")
        elif self._is_text(note):
            self._cases.append(OpeningCase(day, note))

    def _read_register(self, cells: dict[str, str]) -> None:
        pages = self._pages(cells)
        if cells.get("kind", "") not in LEDGERS:
            self._fail("kind", "unknown", cells.get("kind", ""))
        elif pages is not None:
            self._lines.append(OpeningLine(what=REGISTER, form=cells["kind"], pages=pages))
            self._remember(cells.get("note", ""))

    def _read_range(self, what: str, cells: dict[str, str]) -> None:
        before, kind = len(self._errors), unicodedata.normalize("NFKC", cells.get("kind", "")).upper()
        if kind not in KINDS:
            self._fail("kind", "unknown", kind)
        span = self._span(kind, cells)
        pages = self._pages(cells) if what == SHEET else 0
        since = self._since(cells) if what == SHEET else ""
        state = STATES.get(cells.get("state", ""), cells.get("state", ""))
        if state not in (SHEET_STATES if what == SHEET else NUMBER_STATES):
            self._fail("state", "free" if state == NumberState.FREE else "unknown", state)
        if len(self._errors) == before and span is not None and pages is not None:
            line = OpeningLine(what=what, form=kind, first=span[0], last=span[1], pages=pages, state=state, since=since)
            self._lines.append(line)
            self._remember(cells.get("note", ""))

    def _since(self, cells: dict[str, str]) -> str:
        """The day on which papers were filed or came back, where the list gives one: their term of keeping runs."""
        day = cells.get("opened_on", "")
        if day and (day_refusals("opened_on", day) or day > self._device.today()):
            self._fail("opened_on", "day", day)
        return day

    def _pages(self, cells: dict[str, str]) -> int | None:
        typed = cells.get("pages", "")
        if typed.isdecimal() and len(typed) <= len(str(MAX_PAGES)) and 1 <= int(typed) <= MAX_PAGES:
            return int(typed)
        self._fail("pages", "pages", typed)
        return None

    def _span(self, kind: str, cells: dict[str, str]) -> tuple[str, str] | None:
        """The range of a row, which lies in no block of this station and stands nowhere else in the file."""
        one, other = cells.get("first", ""), cells.get("last", "")
        span = parse_range(f"{one}-{other}" if other else one)
        if span is None or not is_range(*span):
            self._fail("numbers", "range", f"{one}-{other}")
            return None
        known = self._known[kind] = self._known.get(kind) or _Known.of(self._device, kind)
        if known.given.meets(*span):
            self._fail("numbers", "block", "-".join(span))
        elif any(line.form == kind and line.first and _meets(span, line.first, line.last) for line in self._lines):
            self._fail("numbers", "twice", "-".join(span))
        elif known.taken.meets(*span):
            self._fail("numbers", "taken", "-".join(span))
        return span


def _meets(span: tuple[str, str], first: str, last: str) -> bool:
    return len(span[0]) == len(first) and span[0] <= last and first <= span[1]


def record_opening(device: Device, content: bytes, store: str) -> str | Refused:
    """Take a list over into a store; refused with every row that does not fit. Returns the entry.

    Open cases come with it as cases of their own. A second person confirms.
    """

    def against() -> list[Refusal]:
        found = device.may(Action.RECORD_OPENING) + keeper_refusals(device, store)
        source = sha256(content).hex()
        if any(row["source"] == source for row in device.rows.many("openings")):
            return [*found, Refusal(code=RefusalCode.ALREADY_RECORDED, current=source[:8])]
        read = read_opening(device, content)
        kinds = sorted({line.form for line in read.lines if line.what == SHEET})
        return found + read.errors + [refusal for kind in kinds for refusal in frozen_refusals(device, kind)][:1]

    def add(act: Act) -> str:
        read = read_opening(device, content)
        fact = OpeningRecorded(source=read.source, store=store, lines=read.lines)
        ref = act.add(fact, private=note_of(read.notes), sign=device.sign)
        for case in read.cases:
            add_case(act, device, TAKEN_OVER, ref, opened_on=case.opened_on, note=case.note)
        return ref

    return device.record_unless(against, add)
