"""The doctor finds every change behind the program's back, names it, and is silent on a sound home."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.store.database import PAGE_SIZE
from inspector_app.store.doctor import Finding, check_chain, check_projections, count_blocks, examine
from tests.journal.samples import DEVICE, SAMPLES, SISTER
from tests.store.homes import Home, Life


@pytest.fixture(scope="module")
def lived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed home of a station with a life behind it: every kind of thing is there to be changed."""
    folder = tmp_path_factory.mktemp("lived")
    home = Home(folder)
    Life(home, seed=16).run(200)
    assert examine(home.store, home.files) == []
    home.close()
    return folder


@pytest.fixture
def lived(lived_folder: Path, tmp_path: Path) -> Iterator[Home]:
    """A copy of it, opened."""
    home = Home(Path(shutil.copytree(lived_folder, tmp_path / "home")))
    yield home
    home.close()


def found(home: Home) -> set[str]:
    return {finding.code for finding in examine(home.store, home.files)}


def past_the_triggers(home: Home, table: str, sql: str) -> None:
    """What somebody with the key and SQLite's own shell could do."""
    names = home.database.all("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,))
    for (name,) in names:
        home.database.execute(f"DROP TRIGGER {name}")
    home.database.execute("PRAGMA foreign_keys = OFF")
    before = home.database.one("SELECT total_changes()")
    home.database.execute(sql)
    assert home.database.one("SELECT total_changes()") != before, "the change happened"


@pytest.mark.parametrize("seed", range(3))
def test_a_sound_home_has_no_findings(home: Home, seed: int) -> None:
    Life(home, seed).run(60)
    assert examine(home.store, home.files) == []


def test_an_empty_home_is_sound(home: Home) -> None:
    assert examine(home.store, home.files) == []


def _replaced(table: str, column: str, old: str, new: str) -> str:
    return f"UPDATE {table} SET {column} = CAST(replace(CAST({column} AS TEXT), '{old}', '{new}') AS BLOB)"


TAMPERED: dict[str, tuple[str, str, set[str]]] = {
    "one byte of an entry": (
        "entries",
        _replaced("entries", "public", '"actor":7', '"actor":8') + " WHERE seq = 12",
        {"chain_hash_differs"},
    ),
    "the hash of an entry": (
        "entries",
        "UPDATE entries SET hash = zeroblob(32) WHERE seq = 12",
        {"chain_hash_differs"},
    ),
    "an entry taken out": ("entries", "DELETE FROM entries WHERE seq = 12", {"chain_out_of_sequence"}),
    "an entry that is garbage": (
        "entries",
        "UPDATE entries SET public = x'ff' WHERE seq = 12",
        {"chain_unreadable", "journal_damaged"},
    ),
    "another device's entry": (
        "entries",
        _replaced("entries", "public", DEVICE, SISTER) + " WHERE seq = 12",
        {"chain_foreign_device"},
    ),
    "the signature of an accountable entry": (
        "entries",
        "UPDATE entries SET actor_sig = zeroblob(64) WHERE length(actor_sig) = 64 AND seq > 5",
        {"signature_bad"},
    ),
    "a signature left out": (
        "entries",
        "UPDATE entries SET actor_sig = x'' WHERE seq = (SELECT MAX(seq) FROM entries WHERE length(actor_sig) = 64)",
        {"signature_bad"},
    ),
    "words of a private part": (
        "entry_private",
        _replaced("entry_private", "content", "王", "张"),
        {"private_differs"},
    ),
    "the salt of a private part": (
        "entry_private",
        "UPDATE entry_private SET salt = zeroblob(16)",
        {"private_differs"},
    ),
    "a private part taken away": (
        "entry_private",
        "DELETE FROM entry_private WHERE seq = (SELECT MIN(seq) FROM entry_private)",
        {"private_missing"},
    ),
    "a document": (
        "province_documents",
        "UPDATE province_documents SET content = CAST(content || x'00' AS BLOB) WHERE kind = 'grant/1'",
        {"documents_differ"},
    ),
    "a document taken away": (
        "province_documents",
        "DELETE FROM province_documents WHERE kind LIKE 'block/%' AND cursor = 4",
        {"documents_differ"},
    ),
    "a document's name": ("province_documents", "UPDATE province_documents SET kind = 'draw/1'", {"documents_differ"}),
    "a sister's private part": (
        "document_private",
        "UPDATE document_private SET content = x'00' WHERE ref LIKE 'ff%'",
        {"documents_differ"},
    ),
    "an online declaration": (
        "document_private",
        "UPDATE document_private SET content = x'00' WHERE ref LIKE 'online/%'",
        {"documents_differ"},
    ),
    "a row of a projection": ("p_certificates", "UPDATE p_certificates SET species = 999", {"projection_differs"}),
    "a row taken from a projection": (
        "p_parties",
        "DELETE FROM p_parties WHERE ref = (SELECT MIN(ref) FROM p_parties)",
        {"projection_differs"},
    ),
    "a row added to a projection": (
        "p_days",
        "INSERT INTO p_days (device, date) VALUES ('x', '2026-01-01')",
        {"projection_differs"},
    ),
    "a used number made free": (
        "p_numbers",
        "UPDATE p_numbers SET state = 'free', ended_by = NULL WHERE state = 'used'",
        {"projection_differs"},
    ),
    "a number taken out of its block": (
        "p_numbers",
        "DELETE FROM p_numbers WHERE number = (SELECT MIN(number) FROM p_numbers)",
        {"projection_differs", "equation_broken"},
    ),
    "a block made longer": (
        "p_blocks",
        "UPDATE p_blocks SET size = size + 1",
        {"projection_differs", "equation_broken"},
    ),
    "a sheet nobody moved": (
        "p_sheets",
        "INSERT INTO p_sheets (number, print, sheet, state, device) VALUES ('B 9', 1, 1, 'printed', 'x')",
        {"projection_differs", "equation_broken"},
    ),
    "a move taken from the book": (
        "p_sheet_moves",
        "DELETE FROM p_sheet_moves WHERE flow = 'in'",
        {"projection_differs", "equation_broken"},
    ),
    "a credential": (
        "credentials",
        "UPDATE credentials SET credential = x'00' WHERE print = 1",
        {"credential_differs"},
    ),
    "the key of a file": ("files", "UPDATE files SET key = zeroblob(32)", {"file_damaged"}),
    "a file forgotten": ("files", "DELETE FROM files", {"file_missing"}),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_change_behind_the_programs_back_is_found(lived: Home, what: str) -> None:
    home = lived
    table, sql, codes = TAMPERED[what]
    past_the_triggers(home, table, sql)
    assert codes <= found(home), examine(home.store, home.files)


def test_g03_an_entry_that_was_changed_or_taken_away_is_found(lived: Home) -> None:
    past_the_triggers(lived, "entries", "DELETE FROM entries WHERE seq = 12")
    assert [finding.code for finding in check_chain(lived.store)] == ["chain_out_of_sequence"]


def test_a_finding_names_the_first_record_that_differs(lived: Home) -> None:
    home = lived
    past_the_triggers(home, "entries", "UPDATE entries SET hash = zeroblob(32) WHERE seq IN (12, 13)")
    assert Finding("chain_hash_differs", "entry 12") in examine(home.store, home.files)


def test_one_damaged_thing_does_not_hide_another(lived: Home) -> None:
    home = lived
    past_the_triggers(home, "entries", "UPDATE entries SET public = x'ff' WHERE seq = 12")
    past_the_triggers(home, "credentials", "UPDATE credentials SET credential = x'00' WHERE print = 1")
    past_the_triggers(home, "p_blocks", "UPDATE p_blocks SET size = size + 1")
    assert {"chain_unreadable", "journal_damaged", "credential_differs", "equation_broken"} <= found(home)


@pytest.mark.parametrize("harm", ["missing", "changed", "truncated", "swapped"])
def test_a_harmed_file_is_found_and_the_entry_that_names_it_told(lived: Home, harm: str) -> None:
    home = lived
    first, second, *_others = sorted(home.paths.files.glob("*/*"))
    deeds: dict[str, Callable[[], object]] = {
        "missing": first.unlink,
        "changed": lambda: first.write_bytes(first.read_bytes()[:-1] + b"\x00"),
        "truncated": lambda: first.write_bytes(first.read_bytes()[:-1]),
        "swapped": lambda: first.write_bytes(second.read_bytes()),
    }
    deeds[harm]()
    findings = examine(home.store, home.files)
    assert {finding.code for finding in findings} == {"file_missing" if harm == "missing" else "file_damaged"}
    assert all(finding.where.startswith("named by entry ") for finding in findings)


def test_a_damaged_page_keeps_the_home_from_opening_or_is_found(lived_folder: Path, tmp_path: Path) -> None:
    whole = (lived_folder / "journal.db").read_bytes()
    pages = len(whole) // PAGE_SIZE
    told = []
    for page in range(1, pages, pages // 12):
        changed = bytearray(whole)
        changed[page * PAGE_SIZE + 1_000] ^= 1
        (tmp_path / "journal.db").write_bytes(changed)
        told.append(_told_of_damage(tmp_path))
    assert set(told) == {"when opened", "by the doctor"}


def _told_of_damage(folder: Path) -> str:
    try:
        home = Home(folder)
    except StationError as fault:
        return "when opened" if fault.code == "database_unreadable" else fault.code
    codes = {finding.code for finding in examine(home.store)}
    home.database.abandon()
    return "by the doctor" if "database_unreadable" in codes else "by nobody"


def test_looking_changes_nothing_and_leaves_nothing_behind(lived: Home) -> None:
    home = lived
    tables = home.database.all("SELECT name FROM sqlite_schema ORDER BY name")
    head = home.store.head()
    assert check_projections(home.store) == []
    assert home.database.all("SELECT name FROM sqlite_schema ORDER BY name") == tables
    assert home.store.head() == head
    home.record(SAMPLES["party.recorded/1"][0])


def test_a_rebuild_cures_changed_projections_and_nothing_else(lived: Home) -> None:
    home = lived
    past_the_triggers(home, "p_certificates", "UPDATE p_certificates SET species = 999")
    past_the_triggers(home, "entries", "UPDATE entries SET actor_sig = x'' WHERE length(actor_sig) = 64")
    home.store.rebuild()
    assert found(home) == {"signature_bad"}


def test_the_equation_of_every_block_is_counted_from_its_numbers(lived: Home) -> None:
    home = lived
    counts = count_blocks(home.store)
    assert set(counts) == {row["block"] for row in home.store.rows.many("blocks")}
    assert sum(count.used for count in counts.values()) == len(home.store.rows.many("numbers", state="used")) > 0
    assert all(count.holds and count.size == 5 for count in counts.values())
