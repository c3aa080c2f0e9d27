"""A ledger book in words: for terminal and spreadsheet in either language, as the official form (PDF) in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from inspector_app.clock import day_start, moment_text
from inspector_app.domain import spreadsheets
from inspector_app.ports import ReportTable
from inspector_app.services.device import Device
from inspector_app.services.ledgers import Carry, Cell, Ledger, LedgerColumn, Line, Section
from inspector_app.services.paperwork import leave

Word = Callable[[str, str], str]
"""The word of a table for a code, in one language: ``word("standing", "lost")``."""
ID_SHOWN = 8


class Spelling:
    """Turns the codes of a book into words of one language."""

    def __init__(self, device: Device, word: Word, *, english: bool = False) -> None:
        self._device = device
        self._word = word
        self._english = english
        self._people: dict[int, str] = {}

    def head(self, ledger: Ledger) -> tuple[str, ...]:
        """The headings of its columns."""
        return tuple(self._word("column", column.name) for column in ledger.columns)

    def section(self, section: Section) -> str:
        """``动物B 编号``: what a section is about."""
        item = self._word("item", section.item) if section.item else ""
        return f"{self._word('kind', section.kind)} {item}".strip()

    def row(self, ledger: Ledger, line: Line) -> tuple[str, ...]:
        """The cells of a line; one that sums up says so, where the book has no column for that in its first."""
        cells = [self._cell(column, cell) for column, cell in zip(ledger.columns, line.cells, strict=True)]
        if line.label and not any(column.name == "what" for column in ledger.columns):
            cells[0] = self._word("ledger", line.label)
        return tuple(cells)

    def _cell(self, column: LedgerColumn, cell: Cell) -> str:
        if cell == "" or (column.words == "person" and cell == 0):
            return ""
        match column.words:
            case "person":
                return self._person(int(cell))
            case "device":
                return str(cell)[:ID_SHOWN]
            case "" | "entry":
                return str(cell)
            case table:
                return self._word(table, str(cell))

    def _person(self, number: int) -> str:
        if number not in self._people:
            grant = self._device.grant(number)
            known = (grant.name_en if self._english else grant.name) if grant else ""
            self._people[number] = known or str(number)
        return self._people[number]


def as_csv(ledger: Ledger, spelling: Spelling, columns: Mapping[str, str]) -> bytes:
    """Every line as a spreadsheet opens it: format, kind and item before the book's own columns, UTF-8 with BOM."""
    head = [*(columns[name] for name in ("format", "kind", "item")), *spelling.head(ledger)]
    rows = (
        (ledger.format, section.kind, section.item, *spelling.row(ledger, line))
        for section in ledger.sections
        for line in section.lines
    )
    return spreadsheets.as_csv(head, rows)


def draw_book(device: Device, ledger: Ledger, word: Word) -> bytes:
    """The book on its form, as PDF; ``word`` speaks Chinese. Long books carry their sums from page to page."""
    title, spelling = word("book", ledger.book), Spelling(device, word)
    station = device.rows.one("stations", station=device.sheet.station) or {}
    grant, head = device.grant(device.person()), device.store.head()
    facts = {
        "站点": str(station.get("name") or ""),
        "期间": f"{ledger.first} 至 {ledger.last}",
        "台账格式": ledger.format,
        "制表人": grant.name if grant else "",
        "制表时间": moment_text(device.clock.now().at),
        "账本摘要": head.hash.hex()[:16],
        "记录截至": f"{device.id[:ID_SHOWN]} 第 {head.seq} 条",
        "账实核对": "相符" if ledger.holds else "不符，须立案查明",
    }
    tables = tuple(_table(ledger, section, spelling) for section in ledger.sections)
    allowed = leave(device, device.paper.report_form(title), device.person())
    return device.paper.report(title, facts, tables, day_start(ledger.last), leave=allowed)


def _table(ledger: Ledger, section: Section, spelling: Spelling) -> ReportTable:
    rows = _shortened(ledger, [spelling.row(ledger, line) for line in section.lines])
    whole = [spelling.head(ledger), *rows, *_carried(ledger, section)]
    shown = used_columns(ledger.columns, rows)
    head, *lines = (tuple(cells[at] for at in shown) for cells in whole)
    return ReportTable(spelling.section(section), head, tuple(lines[: len(rows)]), tuple(lines[len(rows) :]))


def used_columns(columns: Sequence[LedgerColumn], rows: Sequence[Sequence[str]]) -> list[int]:
    """The places of the columns to show of a section with these rows: rare ones only where a row has something."""
    return [at for at, column in enumerate(columns) if not column.rare or any(row[at] for row in rows)]


def _shortened(ledger: Ledger, rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Names of entries as they fit on paper: the computer's first letters and the place in its journal."""
    entries = [column.words == "entry" for column in ledger.columns]
    return tuple(
        tuple(_short(cell) if is_entry else cell for is_entry, cell in zip(entries, row, strict=True)) for row in rows
    )


def _short(ref: str) -> str:
    device, slash, seq = ref.partition("/")
    return f"{device[:ID_SHOWN]}/{seq}" if slash else ref


def _carried(ledger: Ledger, section: Section) -> Iterator[tuple[str, ...]]:
    """After each line what goes over to the next page: sums so far, or the last figure."""
    if not any(column.carry is not Carry.NOTHING for column in ledger.columns):
        return
    sums = [0] * len(ledger.columns)
    for line in section.lines:
        for at, (column, cell) in enumerate(zip(ledger.columns, line.cells, strict=True)):
            if column.carry is Carry.SUM and isinstance(cell, int) and not line.label:
                sums[at] += cell
            elif column.carry is Carry.LAST and isinstance(cell, int):
                sums[at] = cell
        figures = zip(ledger.columns, sums, strict=True)
        yield tuple("" if column.carry is Carry.NOTHING else str(figure) for column, figure in figures)
