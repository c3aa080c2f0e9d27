"""Reading a workbook (XLSX) that people filled in: the one sheet it has, as text, and nothing it would have to guess.

The file comes from outside. It is unpacked only when its parts are small, no formula is worked out, no picture, link or
macro is looked at, and a cell whose text depends on how a spreadsheet shows it is an error with its row and column.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.workbook.workbook import Workbook

MAX_UNPACKED = 8_000_000
"""Bytes of all parts together: a small archive may hold gigabytes."""
MAX_ROWS, MAX_CELLS, LAST_ROW = 5_000, 500_000, 1_048_576
MAX_MERGED = 50
EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number and writes noughts for the rest."""
PLAIN = ("General", "0", "@")
"""The formats under which a number is shown as it is kept."""
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=[\"']([A-Z]{1,3})([0-9]{1,7})")


class Row(NamedTuple):
    """A row that has something in it, with its number as the spreadsheet counts."""

    number: int
    cells: list[str]


class CellFault(NamedTuple):
    """What cannot be read: the row (0: the file), the column from 0 (-1: none), the fault and what stands there."""

    row: int
    column: int
    fault: str
    value: str


class Sheet(NamedTuple):
    """The rows of the one sheet that has any, and every cell that cannot be read."""

    rows: list[Row]
    faults: list[CellFault]


def is_workbook(content: bytes) -> bool:
    """Whether a file begins as a workbook does, a new one or an old one (XLS, or one locked with a passphrase)."""
    return content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def read_workbook(content: bytes) -> Sheet:
    """Read the one sheet of a workbook; what is none, or too large to be one, is a fault of the file."""
    if not content.startswith(b"PK"):
        return _failed("old_workbook")
    try:
        parts = _parts(content)
        if parts is None:
            return _failed("too_large")
        with warnings.catch_warnings(action="ignore"):
            return _read(content, parts)
    except Exception:  # noqa: BLE001 - of a hostile file its readers raise whatever comes, and all of it means the same
        return _failed("unreadable")


def _failed(fault: str, row: int = 0) -> Sheet:
    return Sheet([], [CellFault(row, -1, fault, "")])


def _parts(content: bytes) -> dict[str, bytes] | None:
    """The parts of the archive by name, None when together they are too large. ValueError for one with a DTD."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = archive.infolist()
        if sum(one.file_size for one in inside) > MAX_UNPACKED:
            return None
        parts = {one.filename: archive.read(one) for one in inside if one.filename.endswith((".xml", ".rels"))}
    if any(b"<!DOCTYPE" in part for part in parts.values()):
        raise ValueError("a workbook declares no types of its own")
    return parts


def _read(content: bytes, parts: dict[str, bytes]) -> Sheet:
    from openpyxl import load_workbook

    with closing(load_workbook(io.BytesIO(content), read_only=True, keep_links=False)) as workbook:
        filled = [sheet for sheet in _sheets(workbook) if sheet.rows or sheet.faults]
    if len(filled) > 1:
        return _failed("several_sheets")
    found = filled[0] if filled else Sheet([], [])
    return Sheet(found.rows, sorted([*found.faults, *_merged(parts)]))


def _sheets(workbook: Workbook) -> Iterator[Sheet]:
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # what a file says of its own size may leave rows out
        yield _rows(sheet.iter_rows())


def _rows(given: Iterator[tuple[Cell | MergedCell | ReadOnlyCell | EmptyCell, ...]]) -> Sheet:
    rows, faults, seen = list[Row](), list[CellFault](), 0
    for number, cells in enumerate(given, 1):
        seen += len(cells)
        if len(rows) >= MAX_ROWS or seen > MAX_CELLS or number > LAST_ROW:
            return _failed("too_large", number)
        read = [_text(cell) for cell in cells]
        faults += [CellFault(number, at, one[0], one[1]) for at, one in enumerate(read) if isinstance(one, tuple)]
        texts = ["" if isinstance(one, tuple) else one for one in read]
        if any(text.strip() for text in texts):
            rows.append(Row(number, texts))
    return Sheet(rows, faults)


def _text(cell: Cell | MergedCell | ReadOnlyCell | EmptyCell) -> str | tuple[str, str]:
    """What a cell says; where that is not sure, the fault and what stands there."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return ("formula", str(value))
    if isinstance(value, str):
        return ("cell_error", value) if cell.data_type == "e" else value
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _digits(value, str(cell.number_format))
    return ("not_text", str(value))


def _day(value: date) -> str | tuple[str, str]:
    """A day of the calendar; a time with it is more than any list asks for."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else ("not_text", value.isoformat(" "))
    return value.isoformat()


def _digits(value: float, shown_as: str) -> str | tuple[str, str]:
    """The digits of a whole number; a format may show noughts the number does not have, or hide some it has."""
    whole = int(value)
    if whole != value or abs(whole) >= EXACT or shown_as not in PLAIN:
        return ("as_number", str(whole if whole == value else value))
    return str(whole)


def _merged(parts: dict[str, bytes]) -> list[CellFault]:
    """Merged cells: of all but the first nobody can say whether the same holds or nothing was entered."""
    from openpyxl.utils import column_index_from_string

    sheets = (part for name, part in parts.items() if name.startswith("xl/worksheets/"))
    places = sorted((int(row), letters.decode()) for part in sheets for letters, row in _MERGED.findall(part))
    return [
        CellFault(row, column_index_from_string(letters) - 1, "merged", f"{letters}{row}")
        for row, letters in places[:MAX_MERGED]
    ]


def letter_of(column: int) -> str:
    """How a spreadsheet names a column, counted from 0."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column + 1))
