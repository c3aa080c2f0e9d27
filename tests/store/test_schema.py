"""The schema exists twice, as migrations and as a snapshot, and its triggers keep what may never change."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import BugError, StationError
from inspector_app.store import database as database_module
from inspector_app.store.database import MIGRATIONS, Database, migrations, statements_of
from tests.journal.samples import DEVICE, SAMPLES, SISTER
from tests.store.homes import EPOCH, KEY, Home, Sister, block_document, draw_document
from tests.store.schema import SNAPSHOT, schema_of


def test_the_migrations_make_the_schema_of_the_snapshot(folder: Path) -> None:
    """After a new migration: ``python -m tests.store.schema``, and look at the difference."""
    database = Database(folder / "empty.db", KEY)
    database.migrate()
    assert schema_of(database) == SNAPSHOT.read_text("utf-8")
    database.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [path.name for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert [int(name.partition("_")[0]) for name in names] == list(range(1, len(names) + 1))


def test_migrating_twice_changes_nothing(home: Home) -> None:
    before = schema_of(home.database)
    home.database.migrate()
    assert schema_of(home.database) == before


def test_a_file_of_a_newer_program_is_refused_and_both_versions_are_named(home: Home, folder: Path) -> None:
    home.database.execute("PRAGMA user_version = 99")
    again = Database(folder / "journal.db", KEY)
    with pytest.raises(StationError, match=f"database_newer .held=99, known={len(migrations())}.") as refused:
        again.migrate()
    assert refused.value.details == {"held": 99, "known": len(migrations())}
    again.abandon()


def test_a_migration_that_fails_half_way_leaves_the_version_before(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    known = migrations()
    broken = "CREATE TABLE half (a INTEGER);\nCREATE TABLE half (a INTEGER);\n"
    monkeypatch.setattr(database_module, "migrations", lambda: [*known, broken])
    before = schema_of(home.database)
    with pytest.raises(BugError, match="already exists"):
        home.database.migrate()
    assert schema_of(home.database) == before
    assert home.database.one("PRAGMA user_version") == (len(known),)


def test_a_trigger_is_one_statement_whatever_semicolons_are_in_it() -> None:
    script = "-- a note;\nCREATE TABLE a (b);\nCREATE TRIGGER t BEFORE UPDATE ON a\nBEGIN SELECT 1; SELECT 2; END;\n"
    assert len(list(statements_of(script))) == 2


# --- what may never change ------------------------------------------------------------------------------------------


@pytest.fixture
def lived(home: Home) -> Home:
    """Two entries with private parts, three documents, one of them a sister's entry with hers."""
    home.record(*(SAMPLES[kind][0] for kind in ("party.recorded/1", "declaration.recorded/1")))
    home.pull(draw_document(), block_document(1, 5), Sister().relayed(*SAMPLES["party.recorded/1"]))
    return home


FORBIDDEN = {
    "changing an entry": "UPDATE entries SET public = x'00' WHERE seq = 1",
    "changing a hash": "UPDATE entries SET hash = x'00'",
    "changing a signature": "UPDATE entries SET actor_sig = x'00'",
    "moving an entry": "UPDATE entries SET seq = 9 WHERE seq = 3",
    "replacing an entry": "INSERT OR REPLACE INTO entries SELECT seq, hash, x'00', actor_sig FROM entries",
    "deleting the last entry": "DELETE FROM entries WHERE seq = 3",
    "deleting all entries": "DELETE FROM entries",
    "leaving a gap": "INSERT INTO entries VALUES (5, x'00', x'00', x'')",
    "an entry before the first": "INSERT INTO entries VALUES (0, x'00', x'00', x'')",
    "rewriting a private part": "UPDATE entry_private SET content = x'00'",
    "replacing a private part": "INSERT OR REPLACE INTO entry_private VALUES (1, x'00', x'00')",
    "replacing a sister's": f"INSERT OR REPLACE INTO document_private VALUES ('{EPOCH}', 3, '', x'00', x'')",
    "deleting a private part": "DELETE FROM entry_private WHERE seq = 1",
    "a private part of no entry": "INSERT INTO entry_private VALUES (77, x'00', x'00')",
    "changing a document": "UPDATE province_documents SET content = x'00'",
    "replacing a document": f"INSERT OR REPLACE INTO province_documents VALUES (1, '{EPOCH}', 'draw/1', x'00')",
    "deleting a document": "DELETE FROM province_documents WHERE cursor = 1",
    "rewriting a sister's private part": "UPDATE document_private SET content = x'00'",
    "deleting a sister's private part": "DELETE FROM document_private",
}


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_the_database_itself_refuses(lived: Home, deed: str) -> None:
    before = lived.database.all("SELECT * FROM entries"), lived.database.all("SELECT * FROM province_documents")
    with pytest.raises(BugError, match=r"append-only|follow each other|never rewritten|only retention|FOREIGN KEY"):
        lived.database.execute(FORBIDDEN[deed])
    assert before == (
        lived.database.all("SELECT * FROM entries"),
        lived.database.all("SELECT * FROM province_documents"),
    )


def test_only_a_private_part_whose_retention_is_recorded_can_go_and_it_does_not_come_back(lived: Home) -> None:
    lived.database.execute("INSERT INTO retention (seq, applied_by) VALUES (1, 3)")
    lived.database.execute("DELETE FROM entry_private WHERE seq = 1")
    assert lived.database.one("SELECT COUNT(*) FROM entry_private") == (1,)
    with pytest.raises(BugError, match="its retention has ended"):
        lived.database.execute("INSERT INTO entry_private VALUES (1, x'00', x'00')")
    with pytest.raises(BugError, match="only retention removes a private part"):
        lived.database.execute("DELETE FROM entry_private WHERE seq = 2")


def test_the_same_holds_for_what_was_relayed(lived: Home) -> None:
    lived.database.execute(f"INSERT INTO document_retention (ref, applied_by) VALUES ('{SISTER}/1', 3)")
    lived.database.execute("DELETE FROM document_private")
    with pytest.raises(BugError, match="its retention has ended"):
        lived.database.execute(f"INSERT INTO document_private VALUES ('{EPOCH}', 3, '{SISTER}/1', x'00', x'00')")


def test_retention_names_an_entry_that_exists(lived: Home) -> None:
    with pytest.raises(BugError, match="FOREIGN KEY"):
        lived.database.execute("INSERT INTO retention (seq, applied_by) VALUES (1, 99)")
    assert lived.store.device == DEVICE
