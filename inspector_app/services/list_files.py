"""Lists that people bring as a file: CSV (UTF-8 or GB 18030) or a workbook (XLSX), read to the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Set
from types import MappingProxyType
from typing import NamedTuple

from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.services.workbook import CellFault, Row, Sheet, is_workbook, letter_of, read_workbook

MAX_BYTES = 1_000_000


class Line(NamedTuple):
    """One row of a list: its number as a spreadsheet counts, and what stands under each heading."""

    row: int
    cells: dict[str, str]


class ReadList(NamedTuple):
    """The rows of a list that have something in them; with an error of the whole file there are none."""

    lines: list[Line]
    errors: list[Refusal]


def wrong(row: int, column: str, fault: str, value: str) -> Refusal:
    """A row that does not fit, or the whole list where no column is named; ``fault`` is of the words ``row_fault``."""
    code = RefusalCode.ROW_INVALID if column else RefusalCode.LIST_INVALID
    return Refusal(code=code, field=column, current=value[:40], details={"row": row, "fault": fault})


def read_list(
    content: bytes,
    headings: Mapping[str, str],
    columns: Collection[str],
    needed: Set[str],
    told_as: Mapping[str, str] = MappingProxyType({}),
) -> ReadList:
    """Read a list whose first row names its columns; nothing is guessed, and every cell at fault is named.

    ``headings`` translates a heading to one of ``columns``, of which ``needed`` have to be there; an error
    names a column as the words ``field`` know it, by ``told_as`` where that is another name.
    """
    sheet = _sheet(content)
    if whole := [one for one in sheet.faults if one.column < 0]:
        return ReadList([], [wrong(one.row, "", one.fault, one.value) for one in whole])
    head = sheet.rows[0] if sheet.rows else Row(1, [])
    names = [headings.get(cell.strip(), cell.strip()) for cell in head.cells]
    while names and not names[-1]:
        names.pop()
    if not needed <= set(names) <= set(columns) or len(names) != len(set(names)):
        return ReadList([], [wrong(head.number, "", "headings", ",".join(names))])
    known_as = [told_as.get(name, name) for name in names]
    errors = [_cell_error(one, known_as) for one in sheet.faults]
    return ReadList([_line(row, names, errors) for row in sheet.rows[1:]], errors)


def _sheet(content: bytes) -> Sheet:
    if len(content) > MAX_BYTES:
        return Sheet([], [CellFault(0, -1, "too_large", "")])
    return read_workbook(content) if is_workbook(content) else _read_csv(content)


def _cell_error(fault: CellFault, names: list[str]) -> Refusal:
    column = names[fault.column] if fault.column < len(names) else letter_of(fault.column)
    return wrong(fault.row, column, fault.fault, fault.value)


def _line(row: Row, names: list[str], errors: list[Refusal]) -> Line:
    """What stands under the headings; anything beside them would be lost without a word, so it is an error."""
    beside = [(at, cell) for at, cell in enumerate(row.cells) if at >= len(names) and cell.strip()]
    errors.extend(wrong(row.number, letter_of(at), "beside", cell) for at, cell in beside[:1])
    given = dict(zip(names, (cell.strip() for cell in row.cells), strict=False))
    return Line(row.number, dict.fromkeys(names, "") | given)


def _read_csv(content: bytes) -> Sheet:
    text = _decoded(content)
    rows = None if text is None else _rows(text)
    if rows is None:
        return Sheet([], [CellFault(0, -1, "unreadable", "")])
    numbered = [Row(at, cells) for at, cells in enumerate(rows, 1)]
    return Sheet([row for row in numbered if any(cell.strip() for cell in row.cells)], [])


def _decoded(content: bytes) -> str | None:
    """The text of the file; Chinese spreadsheet programs save GB 18030 unless told otherwise."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(text: str) -> list[list[str]] | None:
    """The rows; None for what is no table, such as a quotation mark that never ends."""
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return None
