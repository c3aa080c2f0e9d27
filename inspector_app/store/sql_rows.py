"""Projection rows in the encrypted database; ``prefix`` lets ``doctor`` build a second set beside the first."""

from __future__ import annotations

from collections.abc import Mapping

from inspector_app.errors import BugError
from inspector_app.journal.projections import TABLES, Row, Table, Value, create_sql
from inspector_app.store.database import Database

LIVE = "p_"


class SqlRows:
    """`Rows` over one database connection."""

    def __init__(self, database: Database, prefix: str = LIVE) -> None:
        self._database = database
        self._prefix = prefix

    def create(self) -> None:
        """Make all tables, empty."""
        for table in TABLES.values():
            for statement in create_sql(table, self._prefix + table.name):
                self._database.execute(statement)

    def drop(self) -> None:
        """Remove all tables of this set."""
        for (name,) in self._database.all(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?", (self._prefix + "*",)
        ):
            self._database.execute(f"DROP TABLE {name}")

    def insert(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row; BugError when its key exists."""
        self._write("INSERT", table, row)

    def put(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row or replace the one with its key."""
        self._write("INSERT OR REPLACE", table, row)

    def _write(self, verb: str, table: str, row: Mapping[str, Value]) -> None:
        self._check(table, row)
        marks = ", ".join("?" * len(row))
        sql = f"{verb} INTO {self._prefix}{table} ({', '.join(row)}) VALUES ({marks})"
        self._database.execute(sql, tuple(row.values()))

    def update(self, table: str, key: Mapping[str, Value], changes: Mapping[str, Value]) -> int:
        """Change the rows that equal ``key`` in those columns; returns how many."""
        self._check(table, {**key, **changes})
        sets = ", ".join(f"{column} = ?" for column in changes)
        where, values = _where(key)
        cursor = self._database.execute(f"UPDATE {self._prefix}{table} SET {sets}{where}", (*changes.values(), *values))
        return int(cursor.rowcount)

    def one(self, table: str, **key: Value) -> Row | None:
        """The row with these values, or None; BugError when there are several."""
        found = self.many(table, order="", **key)
        if len(found) > 1:
            raise BugError(f"{table} has {len(found)} rows for {sorted(key)}")
        return found[0] if found else None

    def remove(self, table: str, **key: Value) -> None:
        """Remove the rows with these values; only retention does that, a projection never."""
        self._check(table, key)
        where, values = _where(key)
        self._database.execute(f"DELETE FROM {self._prefix}{table}{where}", values)

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        """All rows with these values, in key order or by the columns ``order`` (``"issued_at, ordinal"``)."""
        spec = self._check(table, equal)
        where, values = _where(equal)
        wanted = order.split(", ") if order else []
        if not set(wanted) <= spec.columns.keys():
            raise BugError(f"{table} cannot be ordered by {order}")
        # The key decides between equals, so that the same rows always come in the same order.
        by = ", ".join([*wanted, *spec.key])
        names = list(spec.columns)
        sql = f"SELECT {', '.join(names)} FROM {self._prefix}{table}{where} ORDER BY {by}"
        return [dict(zip(names, row, strict=True)) for row in self._database.all(sql, values)]

    def _check(self, table: str, columns: Mapping[str, Value]) -> Table:
        # Names become part of the statement; they come from our own table list and from nowhere else.
        spec = TABLES.get(table)
        if spec is None or not columns.keys() <= spec.columns.keys():
            raise BugError(f"{table} has no such columns: {sorted(columns)}")
        return spec


def _where(equal: Mapping[str, Value]) -> tuple[str, tuple[Value, ...]]:
    if not equal:
        return "", ()
    parts = [f"{column} IS NULL" if value is None else f"{column} = ?" for column, value in equal.items()]
    return " WHERE " + " AND ".join(parts), tuple(value for value in equal.values() if value is not None)
