"""Projection rows in the encrypted database; ``prefix`` lets ``doctor`` build a second set beside the first."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence

from inspector_app.errors import BugError
from inspector_app.journal.projections import TABLES, Row, Table, Value, create_sql
from inspector_app.store.database import Database

LIVE = "p_"
IN_MEMORY = "temp."
"""Where a set is built that is only looked at: it takes no room on the disk and is gone with the connection."""
STATEMENTS = 1_024
AT_ONCE = 200
"""Rows written in one statement: with every column they stay far below the values SQLite takes."""
MOST = 2**63 - 1
"""The largest integer a column holds."""


class SqlRows:
    """`Rows` over one database connection."""

    def __init__(self, database: Database, prefix: str = LIVE, schema: str = "") -> None:
        self._database = database
        self._prefix = prefix
        self._schema = schema

    def create(self) -> None:
        """Make all tables, empty."""
        for table in TABLES.values():
            for statement in create_sql(table, self._prefix + table.name, self._schema):
                self._database.execute(statement)

    def drop(self) -> None:
        """Remove all tables of this set."""
        for name in self._made():
            self._database.execute(f"DROP TABLE {name}")

    def empty(self) -> None:
        """Make all tables if there are none; then there is nothing in them."""
        if len(made := self._made()) != len(TABLES):
            self.create()
        for name in made:
            self._database.execute(f"DELETE FROM {name}")

    def _made(self) -> list[str]:
        sql = f"SELECT name FROM {self._schema}sqlite_schema WHERE type = 'table' AND name GLOB ?"
        return [str(name) for (name,) in self._database.all(sql, (self._prefix + "*",))]

    def insert(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row; BugError when its key exists."""
        self.insert_all(table, (row,))

    def insert_all(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows that all have the same columns; BugError when the key of one exists."""
        for start in range(0, len(rows), AT_ONCE):
            self._write("INSERT", table, rows[start : start + AT_ONCE])

    def put(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row or replace the one with its key."""
        self._write("INSERT OR REPLACE", table, (row,))

    def _write(self, verb: str, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        columns = tuple(rows[0])
        values = [row[column] for row in rows for column in columns]
        self._database.execute(_insert(verb, self._prefix, table, columns, len(rows)), values)

    def update(self, table: str, key: Mapping[str, Value], changes: Mapping[str, Value]) -> int:
        """Change the rows that equal ``key`` in those columns; returns how many."""
        condition, values = _condition(key)
        sql = _update(self._prefix, table, tuple(changes), condition)
        return int(self._database.execute(sql, (*changes.values(), *values)).rowcount)

    def one(self, table: str, **key: Value) -> Row | None:
        """The row with these values, or None; BugError when there are several."""
        found = self.many(table, order="", **key)
        if len(found) > 1:
            raise BugError(f"{table} has {len(found)} rows for {sorted(key)}")
        return found[0] if found else None

    def remove(self, table: str, **key: Value) -> None:
        """Remove the rows with these values; only retention does that, a projection never."""
        condition, values = _condition(key)
        _known(table, [column for column, _is_null in condition])
        self._database.execute(f"DELETE FROM {self._prefix}{table}{_where(condition)}", values)

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        """All rows with these values, in key order or by the columns ``order`` (``"issued_at, ordinal"``)."""
        condition, values = _condition(equal)
        sql, names = _select(self._prefix, table, order, condition)
        if any(isinstance(value, int) and not -MOST - 1 <= value <= MOST for value in values):
            return []  # somebody typed more than any column holds
        return [dict(zip(names, row, strict=True)) for row in self._database.all(sql, values)]


Condition = tuple[tuple[str, bool], ...]
"""Columns that must have a value, each with whether that value is NULL."""


def _condition(equal: Mapping[str, Value]) -> tuple[Condition, tuple[Value, ...]]:
    condition = tuple((column, value is None) for column, value in equal.items())
    return condition, tuple(value for value in equal.values() if value is not None)


def _known(table: str, columns: Collection[str]) -> Table:
    # Names become part of the statement; they come from our own table list and from nowhere else.
    spec = TABLES.get(table)
    if spec is None or not set(columns) <= spec.columns.keys():
        raise BugError(f"{table} has no such columns: {sorted(columns)}")
    return spec


# The same few statements are asked for again and again; each is written once.


@functools.lru_cache(maxsize=STATEMENTS)
def _select(prefix: str, table: str, order: str, condition: Condition) -> tuple[str, list[str]]:
    spec = _known(table, [column for column, _is_null in condition])
    wanted = order.split(", ") if order else []
    if not set(wanted) <= spec.columns.keys():
        raise BugError(f"{table} cannot be ordered by {order}")
    # The key decides between equals, so that the same rows always come in the same order.
    by = ", ".join([*wanted, *spec.key])
    names = list(spec.columns)
    return f"SELECT {', '.join(names)} FROM {prefix}{table}{_where(condition)} ORDER BY {by}", names


@functools.lru_cache(maxsize=STATEMENTS)
def _insert(verb: str, prefix: str, table: str, columns: tuple[str, ...], count: int) -> str:
    _known(table, columns)
    marks = f"({', '.join('?' * len(columns))})"
    return f"{verb} INTO {prefix}{table} ({', '.join(columns)}) VALUES {', '.join([marks] * count)}"


@functools.lru_cache(maxsize=STATEMENTS)
def _update(prefix: str, table: str, columns: tuple[str, ...], condition: Condition) -> str:
    _known(table, [*columns, *(column for column, _is_null in condition)])
    sets = ", ".join(f"{column} = ?" for column in columns)
    return f"UPDATE {prefix}{table} SET {sets}{_where(condition)}"


def _where(condition: Condition) -> str:
    parts = [f"{column} IS NULL" if is_null else f"{column} = ?" for column, is_null in condition]
    return " WHERE " + " AND ".join(parts) if parts else ""
