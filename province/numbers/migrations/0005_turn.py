"""How often the numbers of a draw were drawn: ranges of one turn still never share a number, those of two turns may.

Written as SQL, as 0004: on SQLite Django adds a column by making the table anew, and the triggers would be gone. On
PostgreSQL each turn has a stretch of the line of integers to itself, far beyond any place a number has there.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

TABLES = ("number_draw", "number_block")
TURN = 10**15

COLUMN = "ALTER TABLE {table} ADD COLUMN turn integer NOT NULL DEFAULT 1"
STRETCH = f"int8range(low + turn::bigint * {TURN}, high + turn::bigint * {TURN}, '[]')"
POSTGRESQL = (
    COLUMN,
    "ALTER TABLE {table} DROP CONSTRAINT {table}_apart",
    "ALTER TABLE {table} ADD CONSTRAINT {table}_apart EXCLUDE USING gist (" + STRETCH + " WITH &&)",
)
SHARED = "SELECT 1 FROM {table} WHERE turn = NEW.turn AND low <= NEW.high AND high >= NEW.low"
CHANGED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("low", "high", "first", "last", "turn"))
SQLITE = (
    COLUMN,
    "DROP TRIGGER {table}_apart",
    "CREATE TRIGGER {table}_apart BEFORE INSERT ON {table} WHEN EXISTS (" + SHARED + ") "
    "BEGIN SELECT RAISE(ABORT, '{table}: ranges overlap'); END",
    "DROP TRIGGER {table}_stays",
    "CREATE TRIGGER {table}_stays BEFORE UPDATE OF low, high, first, last, turn ON {table} WHEN " + CHANGED + " "
    "BEGIN SELECT RAISE(ABORT, '{table}: a range is never changed'); END",
)


def forwards(_apps: Any, schema_editor: Any) -> None:
    """Add the column, and let the constraints ask for it."""
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for table in TABLES:
        for statement in statements:
            schema_editor.execute(statement.format(table=table), params=None)


def _field(model: str) -> migrations.AddField:
    column = models.IntegerField(default=1, editable=False, verbose_name="第几次领用")
    return migrations.AddField(model_name=model, name="turn", field=column)


class Migration(migrations.Migration):
    """The column and the constraints."""

    dependencies = [("numbers", "0004_contested_draw")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, elidable=False)],
            state_operations=[_field("drawnrange"), _field("cutblock")],
        )
    ]
