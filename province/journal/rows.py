"""The projections' tables in the province's database: the same projections as at a station, under the prefix ``reg_``.

Raw SQL, because the tables belong to :mod:`inspector_app.journal.projections` and are rebuilt, never migrated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections

from inspector_app.errors import BugError
from inspector_app.journal.projections import TABLES, Row, Table, Value

PREFIX = "reg_"
AT_ONCE = 200
"""Rows written in one statement: with every column they stay far below the values a database takes."""
OWN_INDEXES = (
    ("certificates", ("kind", "digits")),
    ("notices", ("kind", "digits")),
    ("numbers", ("kind", "digits")),
    ("verdicts", ("holds",)),
    ("sheets", ("state",)),
    ("blocks", ("device", "kind")),
    ("notices", ("declaration",)),
    ("declarations", ("owner",)),
    ("declarations", ("decided_ref",)),
    ("certificates", ("void_ref",)),
    ("prints", ("released_ref",)),
    ("print_orders", ("ref",)),
    ("sheet_moves", ("number",)),
)
"""What the province asks that a station does not."""
_TYPES = {"TEXT": "text", "INTEGER": "bigint"}


class DjangoRows:
    """`Rows` over one database alias. The caller holds a transaction and, around each entry, a savepoint."""

    def __init__(self, using: str, prefix: str = PREFIX) -> None:
        self._connection = connections[using]
        self._prefix = prefix

    def create(self) -> None:
        """Make all tables, empty."""
        for table in TABLES.values():
            for statement in self._create_sql(table):
                self._run(statement)
        for name, columns in OWN_INDEXES:
            index = f'"{self._prefix}{name}_by_{"_".join(columns)}"'
            self._run(f'CREATE INDEX {index} ON "{self._prefix}{name}" ({_names(columns)})')

    def _create_sql(self, table: Table) -> list[str]:
        name = self._prefix + table.name
        # SQLite calls its 64-bit integers INTEGER, PostgreSQL bigint; both take "bigint".
        columns = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in table.columns.items())
        statements = [f'CREATE TABLE "{name}" ({columns}, PRIMARY KEY ({_names(table.key)}))']
        for index in table.indexes:
            statements.append(f'CREATE INDEX "{name}_{"_".join(index)}" ON "{name}" ({_names(index)})')
        return statements

    def drop(self) -> None:
        """Remove all tables of this set."""
        for table in TABLES:
            self._run(f'DROP TABLE IF EXISTS "{self._prefix}{table}"')

    def insert(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row; BugError when its key exists."""
        self.insert_all(table, (row,))

    def insert_all(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows that all have the same columns; BugError when the key of one exists."""
        for start in range(0, len(rows), AT_ONCE):
            self._insert_new(table, rows[start : start + AT_ONCE])

    def _insert_new(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        spec = self._check(table, rows[0])
        if self._insert(table, rows, f" ON CONFLICT ({_names(spec.key)}) DO NOTHING") != len(rows):
            raise BugError(f"{table} already has one of {[[row[name] for name in spec.key] for row in rows]}")

    def put(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row or replace the one with its key; columns not given become NULL, as in a new row."""
        spec = self._check(table, row)
        others = [column for column in spec.columns if column not in spec.key]
        changes = ", ".join(f'"{column}" = excluded."{column}"' for column in others)
        self._insert(table, (row,), f" ON CONFLICT ({_names(spec.key)}) DO UPDATE SET {changes}" if others else "")

    def _insert(self, table: str, rows: Sequence[Mapping[str, Value]], ending: str) -> int:
        columns = tuple(rows[0])
        marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
        sql = f'INSERT INTO "{self._prefix}{table}" ({_names(columns)}) VALUES {marks}{ending}'
        return self._run(sql, tuple(row[column] for row in rows for column in columns))

    def update(self, table: str, key: Mapping[str, Value], changes: Mapping[str, Value]) -> int:
        """Change the rows that equal ``key`` in those columns; returns how many."""
        self._check(table, {**key, **changes})
        sets = ", ".join(f'"{column}" = %s' for column in changes)
        where, values = _where(key)
        return self._run(f'UPDATE "{self._prefix}{table}" SET {sets}{where}', (*changes.values(), *values))

    def one(self, table: str, **key: Value) -> Row | None:
        """The row with these values, or None; BugError when there are several."""
        found = self._select(table, key)
        if len(found) > 1:
            raise BugError(f"{table} has {len(found)} rows for {sorted(key)}")
        return found[0] if found else None

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        """All rows with these values, in key order or by the column ``order``."""
        return self._select(table, equal, order)

    def _select(self, table: str, equal: Mapping[str, Value], order: str = "") -> list[Row]:
        spec = self._check(table, equal)
        where, values = _where(equal)
        by = f'"{order}"' if order else _names(spec.key)
        names = tuple(spec.columns)
        sql = f'SELECT {_names(names)} FROM "{self._prefix}{table}"{where} ORDER BY {by}'
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def between(self, table: str, *, column: str, first: str, last: str, **equal: Value) -> list[Row]:
        """The rows whose column lies in ``first … last``, in its order, with these other values."""
        spec = self._check(table, {column: None, **equal})
        where, values = _where(equal)
        joined = f'{where} {"AND" if where else "WHERE"} "{column}" BETWEEN %s AND %s'
        names = tuple(spec.columns)
        sql = f'SELECT {_names(names)} FROM "{self._prefix}{table}"{joined} ORDER BY "{column}"'
        with self._connection.cursor() as cursor:
            cursor.execute(sql, (*values, first, last))
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def count_between(self, table: str, *, column: str, first: str, last: str, **equal: Value) -> int:
        """How many rows have their column in ``first … last`` and these other values."""
        self._check(table, {column: None, **equal})
        where, values = _where(equal)
        joined = f'{where} {"AND" if where else "WHERE"} "{column}" BETWEEN %s AND %s'
        with self._connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{self._prefix}{table}"{joined}', (*values, first, last))
            return int(cursor.fetchone()[0])

    def tally(
        self, table: str, *by: str, column: str = "", first: str = "", last: str = "", **equal: Value
    ) -> dict[tuple[Value, ...], int]:
        """How many rows have each combination of the columns ``by``, of those with these values and in that span."""
        self._check(table, {**dict.fromkeys((*by, *([column] if column else []))), **equal})
        where, values = _where(equal)
        if column:
            where = f'{where} {"AND" if where else "WHERE"} "{column}" BETWEEN %s AND %s'
            values = (*values, first, last)
        sql = f'SELECT {_names(by)}, COUNT(*) FROM "{self._prefix}{table}"{where} GROUP BY {_names(by)}'
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return {tuple(row[:-1]): int(row[-1]) for row in cursor.fetchall()}

    def uncollected(self, limit: int) -> list[Row]:
        """Sheets in a holder's hands whose certificate is no longer in force, the longest void first."""
        names = ("number", "print", "sheet", "at", "station", "vet", "state", "void_at")
        sql = (
            'SELECT s."number", s."print", s."sheet", s."at", c."station", c."vet", c."state", c."void_at" '
            f'FROM "{self._prefix}sheets" s JOIN "{self._prefix}certificates" c ON c."number" = s."number" '
            'WHERE s."state" = %s AND c."state" IN (%s, %s) ORDER BY c."void_at", s."number", s."sheet" LIMIT %s'
        )
        with self._connection.cursor() as cursor:
            cursor.execute(sql, ("handed_over", "voided", "replaced", limit))
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def lowest(self, table: str, column: str, **equal: Value) -> Value:
        """The smallest value of a column among the rows with these values; None when there are none."""
        self._check(table, {column: None, **equal})
        where, values = _where(equal)
        with self._connection.cursor() as cursor:
            cursor.execute(f'SELECT MIN("{column}") FROM "{self._prefix}{table}"{where}', values)
            found: Value = cursor.fetchone()[0]
            return found

    def open_blocks(self, device: str, kind: str) -> list[tuple[Row, str]]:
        """A device's blocks of a kind that have a free number, the oldest first, each with its lowest."""
        names = ", ".join(f'b."{column}"' for column in TABLES["blocks"].columns)
        sql = (
            f'SELECT {names}, MIN(n."digits") FROM "{self._prefix}blocks" b JOIN "{self._prefix}numbers" n '
            'ON n."block" = b."block" AND n."state" = %s WHERE b."device" = %s AND b."kind" = %s '
            f'GROUP BY {names} ORDER BY b."ordinal"'
        )
        with self._connection.cursor() as cursor:
            cursor.execute(sql, ("free", device, kind))
            columns = tuple(TABLES["blocks"].columns)
            return [(dict(zip(columns, row[:-1], strict=True)), str(row[-1])) for row in cursor.fetchall()]

    def count(self, table: str, **equal: Value) -> int:
        """How many rows have these values."""
        self._check(table, equal)
        where, values = _where(equal)
        with self._connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{self._prefix}{table}"{where}', values)
            return int(cursor.fetchone()[0])

    def _run(self, sql: str, values: tuple[Any, ...] = ()) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return int(cursor.rowcount)

    def _check(self, table: str, columns: Mapping[str, Value]) -> Table:
        # Names become part of the statement; they come from our own table list and from nowhere else.
        spec = TABLES.get(table)
        if spec is None or not columns.keys() <= spec.columns.keys():
            raise BugError(f"{table} has no such columns: {sorted(columns)}")
        return spec


class RememberedRows(DjangoRows):
    """Rows while one journal is judged: what was looked up is known until something changes it.

    Only for who holds the province's row (:func:`province.journal.feed.lock_state`) and is alone in changing them.
    """

    def __init__(self, using: str) -> None:
        super().__init__(using)
        self._single: dict[str, dict[tuple[str, ...], dict[tuple[Value, ...], Row | None]]] = {}
        self._several: dict[str, dict[tuple[str, tuple[tuple[str, Value], ...]], list[Row]]] = {}

    def one(self, table: str, **key: Value) -> Row | None:
        """The row with these values, or None; BugError when there are several."""
        columns = tuple(sorted(key))
        seen = self._single.setdefault(table, {}).setdefault(columns, {})
        named = tuple(key[column] for column in columns)
        if named not in seen:
            seen[named] = super().one(table, **key)
        row = seen[named]
        return None if row is None else dict(row)

    def many(self, table: str, *, order: str = "", **equal: Value) -> list[Row]:
        """All rows with these values, in key order or by the column ``order``."""
        seen, named = self._several.setdefault(table, {}), (order, tuple(sorted(equal.items())))
        if named not in seen:
            seen[named] = super().many(table, order=order, **equal)
        return [dict(row) for row in seen[named]]

    def _insert(self, table: str, rows: Sequence[Mapping[str, Value]], ending: str) -> int:
        self._several.pop(table, None)
        for columns, seen in self._single.get(table, {}).items():
            for row in rows:
                seen.pop(tuple(row.get(column) for column in columns), None)
        return super()._insert(table, rows, ending)

    def put(self, table: str, row: Mapping[str, Value]) -> None:
        """Add a row or replace the one with its key; columns not given become NULL, as in a new row."""
        self._single.pop(table, None)  # the row replaced may be known by values it no longer has
        super().put(table, row)

    def update(self, table: str, key: Mapping[str, Value], changes: Mapping[str, Value]) -> int:
        """Change the rows that equal ``key`` in those columns; returns how many."""
        self._several.pop(table, None)
        for columns, seen in self._single.get(table, {}).items():
            if key.keys() >= set(columns) and not changes.keys() & set(columns):
                seen.pop(tuple(key[column] for column in columns), None)
            else:
                seen.clear()
        return super().update(table, key, changes)

    def forget(self) -> None:
        """What was written since was undone: look again."""
        self._single.clear()
        self._several.clear()


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _where(equal: Mapping[str, Value]) -> tuple[str, tuple[Value, ...]]:
    if not equal:
        return "", ()
    parts = [f'"{column}" IS NULL' if value is None else f'"{column}" = %s' for column, value in equal.items()]
    return " WHERE " + " AND ".join(parts), tuple(value for value in equal.values() if value is not None)
