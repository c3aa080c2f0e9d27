"""The database itself refuses to change or delete what was recorded, whoever asks.

Entries, the entries aside, and the feed: never. A private part: only after a retention entry gave leave for it.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

FOR_EVER = ("entry", "entry_aside", "feed", "incident", "retention")

POSTGRESQL = [
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
    """,
    """
    CREATE FUNCTION refuse_unless_retention() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM retention WHERE device = OLD.device AND seq = OLD.seq) THEN
            RAISE EXCEPTION 'only retention removes a private part';
        END IF;
        RETURN OLD;
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_for_ever BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in FOR_EVER
    ),
    *(
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in (*FOR_EVER, "entry_private")
    ),
    "CREATE TRIGGER feed_private_kept BEFORE UPDATE ON feed_private FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER entry_private_kept BEFORE UPDATE ON entry_private FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    (
        "CREATE TRIGGER entry_private_by_retention BEFORE DELETE ON entry_private "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unless_retention()"
    ),
]

SQLITE = [
    (
        "CREATE TRIGGER feed_private_kept BEFORE UPDATE ON feed_private "
        "BEGIN SELECT RAISE(ABORT, 'feed_private is append-only'); END"
    ),
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in FOR_EVER
        for verb in ("UPDATE", "DELETE")
    ),
    (
        "CREATE TRIGGER entry_private_kept BEFORE UPDATE ON entry_private "
        "BEGIN SELECT RAISE(ABORT, 'entry_private is append-only'); END"
    ),
    (
        "CREATE TRIGGER entry_private_by_retention BEFORE DELETE ON entry_private "
        "WHEN NOT EXISTS (SELECT 1 FROM retention WHERE device = OLD.device AND seq = OLD.seq) "
        "BEGIN SELECT RAISE(ABORT, 'only retention removes a private part'); END"
    ),
]


def forwards(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(forwards, elidable=False)]
