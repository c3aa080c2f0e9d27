"""The database itself refuses two ranges that share a number: in stock, among draws, among blocks (I1).

PostgreSQL compares ranges in an exclusion constraint, which holds between concurrent transactions; SQLite has one
writer at a time, so a trigger does.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("number_stock", "number_draw", "number_block")

POSTGRESQL = [
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_apart EXCLUDE USING gist (int8range(low, high, '[]') WITH &&)"
    for table in TABLES
]
SQLITE = [
    *(
        f"CREATE TRIGGER {table}_apart BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE low <= NEW.high AND high >= NEW.low) "
        f"BEGIN SELECT RAISE(ABORT, '{table}: ranges overlap'); END"
        for table in TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF low, high, first, last ON {table} "
        "WHEN NEW.low <> OLD.low OR NEW.high <> OLD.high OR NEW.first <> OLD.first OR NEW.last <> OLD.last "
        f"BEGIN SELECT RAISE(ABORT, '{table}: a range is never changed'); END"
        for table in TABLES
    ),
]


def forwards(_apps: Any, schema_editor: Any) -> None:
    """Create the constraints."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Constraints against overlap."""

    dependencies = [("numbers", "0001_initial")]
    operations = [migrations.RunPython(forwards, elidable=False)]
