"""Where projections are written: named tables of plain rows, behind one small Protocol.

The station keeps them in SQLCipher, the province in its own database, tests in memory; the projections are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

Value = str | int | None
Row = dict[str, Value]


class Rows(Protocol):
    """A projection's view of its tables; all changes belong to the transaction that holds the entry."""

    def insert(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row; BugError when its key exists."""

    def insert_all(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows that all have the same columns, many in one statement; BugError when the key of one exists."""

    def put(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row or replace the one with its key."""

    def update(self, table: str, key: Mapping[str, Value], changes: Mapping[str, Value]) -> int:
        """Change the rows that equal ``key`` in those columns; returns how many."""

    def one(self, table: str, **key: Value) -> Row | None:
        """The row with these values, or None; BugError when there are several."""

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        """All rows with these values, in key order or by the column ``order``."""
