"""Making the table of entries: one table on SQLite, partitioned by hash of the device on PostgreSQL (DESIGN 8)."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

PARTITIONS = 16

_POSTGRESQL = [
    """
    CREATE TABLE entry (
        id bigserial NOT NULL,
        device varchar(32) NOT NULL,
        seq bigint NOT NULL,
        hash bytea NOT NULL,
        public bytea NOT NULL,
        actor_sig bytea NOT NULL,
        kind varchar(60) NOT NULL,
        at bigint NOT NULL,
        actor bigint NOT NULL,
        received_at bigint NOT NULL,
        CONSTRAINT entry_once PRIMARY KEY (device, seq)
    ) PARTITION BY HASH (device)
    """,
    "CREATE INDEX entry_by_id ON entry (id)",
    *(
        f"CREATE TABLE entry_{part} PARTITION OF entry FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
        for part in range(PARTITIONS)
    ),
]


class CreateEntryTable(migrations.CreateModel):
    """`CreateModel` for the entries; Django's own on every database but PostgreSQL."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the table."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        for statement in _POSTGRESQL:
            schema_editor.execute(statement, params=None)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As Django needs it to write the migration out."""
        _name, arguments, options = super().deconstruct()
        return self.__class__.__qualname__, list(arguments), dict(options)
