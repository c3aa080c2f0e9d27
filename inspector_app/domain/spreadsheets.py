"""Tables as spreadsheets open them: UTF-8 with its mark, and no cell that would be run as a formula (SECURITY T48)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """What a spreadsheet shows as it stands; text that begins like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value


def as_csv(head: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A table as CSV, UTF-8 with BOM; the heading is there without a row too, None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
