"""Rows for a page that looks at many records: the tables it asks again and again are read whole, each once."""

from __future__ import annotations

from inspector_app.errors import BugError
from inspector_app.journal.projections import Row, Value
from province.journal.rows import DjangoRows

Named = tuple[tuple[str, Value], ...]


class ReadOnceRows(DjangoRows):
    """Rows whose ``tables`` are read with one query each and answered from memory; for reading only."""

    def __init__(self, using: str, *tables: str) -> None:
        super().__init__(using)
        self._held: dict[str, list[Row] | None] = dict.fromkeys(tables)
        self._found: dict[tuple[str, tuple[str, ...]], dict[tuple[Value, ...], list[Row]]] = {}

    def one(self, table: str, **key: Value) -> Row | None:
        """The row with these values, or None; BugError when there are several."""
        found = self.many(table, order="", **key)
        if len(found) > 1:
            raise BugError(f"{table} has {len(found)} rows for {sorted(key)}")
        return found[0] if found else None

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        """All rows with these values, in key order or by the column ``order``."""
        if table not in self._held:
            return super().many(table, order=order, **equal)
        found = self._by(table, tuple(equal)).get(tuple(equal.values()), [])
        return sorted(found, key=lambda row: row[order] or 0) if order else list(found)

    def _by(self, table: str, columns: tuple[str, ...]) -> dict[tuple[Value, ...], list[Row]]:
        if (table, columns) not in self._found:
            made: dict[tuple[Value, ...], list[Row]] = {}
            for row in self._all(table):
                made.setdefault(tuple(row[column] for column in columns), []).append(row)
            self._found[(table, columns)] = made
        return self._found[(table, columns)]

    def _all(self, table: str) -> list[Row]:
        held = self._held[table]
        if held is None:
            held = self._held[table] = super().many(table)
        return held
