"""The schema as a migrated, empty file has it. ``python -m tests.store.schema`` writes the snapshot."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from inspector_app.store.database import MIGRATIONS, Database

SNAPSHOT: Final = MIGRATIONS.parent / "schema.sql"
HEADLINE: Final = "-- What the migrations make of an empty file: a snapshot, written by python -m tests.store.schema.\n"


def schema_of(database: Database) -> str:
    """Everything a database's schema says, as one text; projections are not part of it."""
    sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'p_*' ORDER BY rowid"
    return HEADLINE + "".join(f"\n{text};\n" for (text,) in database.all(sql))


def main() -> None:
    """Write the snapshot anew."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "empty.db", bytes(32))
        database.migrate()
        SNAPSHOT.write_text(schema_of(database), "utf-8")
        database.close()


if __name__ == "__main__":
    main()
