"""The encrypted database: keys, damage, full and failing disks, and that a transaction is all or nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.errors import BugError, StationError
from inspector_app.store.database import PAGE_SIZE, Database
from tests.journal.samples import SAMPLES
from tests.store.homes import KEY, Home
from tests.store.places import no_larger_files, readable_only, tiny_disk

PARTY = SAMPLES["party.recorded/1"][0]


def opened(folder: Path, key: bytes = KEY, *, must_exist: bool = False) -> Database:
    return Database(folder / "journal.db", key, must_exist=must_exist)


def filled(folder: Path, entries: int = 40) -> Path:
    """A closed home with some entries."""
    home = Home(folder)
    home.record(*[PARTY] * entries)
    home.close()
    return folder / "journal.db"


# --- settings, secrecy, keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
        ("temp_store", 2),
        ("cipher_page_size", str(PAGE_SIZE)),
        ("cipher_hmac_algorithm", "HMAC_SHA512"),
        ("cipher_use_hmac", "1"),
    ],
)
def test_every_setting_stands_in_the_open_database(home: Home, pragma: str, value: object) -> None:
    row = home.database.one(f"PRAGMA {pragma}")
    assert row is not None
    assert row[0] == value


def test_nothing_that_was_recorded_can_be_read_on_the_disk(home: Home, folder: Path) -> None:
    home.record(PARTY)
    on_disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(on_disk) > PAGE_SIZE
    for secret in ("王𬀩", "13900000000", "party.recorded", "SQLite format 3", "CREATE TABLE"):
        assert secret.encode() not in on_disk


@pytest.mark.parametrize("key", [bytes(32), KEY[:-1] + b"\x00", b"\xff" * 32])
def test_another_key_opens_nothing(folder: Path, key: bytes) -> None:
    filled(folder)
    with pytest.raises(StationError, match="database_unreadable"):
        opened(folder, key)
    assert opened(folder).one("SELECT COUNT(*) FROM entries") == (40,)


def test_a_file_that_is_no_database_is_unreadable(folder: Path) -> None:
    (folder / "journal.db").write_bytes(b"not a database, but long enough to look at " * 200)
    with pytest.raises(StationError, match="database_unreadable"):
        opened(folder)


@pytest.mark.parametrize("left", [None, b""])
def test_a_journal_that_should_be_there_is_never_begun_anew(folder: Path, left: bytes | None) -> None:
    """An empty file would open as an empty journal, and the device would count from 1 again."""
    path = filled(folder)
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with pytest.raises(StationError, match="database_missing"):
        opened(folder, must_exist=True)
    assert not path.exists() or path.read_bytes() == b""


# --- damage ---------------------------------------------------------------------------------------------------------


def test_a_damaged_first_page_is_unreadable(folder: Path) -> None:
    path = filled(folder)
    raw = bytearray(path.read_bytes())
    raw[100] ^= 1
    path.write_bytes(raw)
    with pytest.raises(StationError, match="database_unreadable"):
        opened(folder)


def test_a_damaged_page_anywhere_is_told_when_it_is_read(folder: Path) -> None:
    path = filled(folder)
    whole = path.read_bytes()
    told = []
    for page in range(1, len(whole) // PAGE_SIZE):
        changed = bytearray(whole)
        changed[page * PAGE_SIZE + 2_000] ^= 1
        path.write_bytes(changed)
        try:
            _read_everything(folder)
        except StationError as fault:
            told.append(fault.code)
    assert set(told) == {"database_unreadable"}
    assert len(told) > 20, "pages in use were hit"


def _read_everything(folder: Path) -> None:
    database = opened(folder)
    for (name,) in database.all("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        database.all(f"SELECT * FROM {name}")
    for name, table in database.all("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'"):
        database.all(f"SELECT COUNT(*) FROM {table} INDEXED BY {name}")
    database.abandon()


@pytest.mark.parametrize("pages", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_told_and_not_taken_for_a_shorter_journal(folder: Path, pages: float) -> None:
    path = filled(folder, entries=200)
    keep = int(path.stat().st_size * pages) // PAGE_SIZE * PAGE_SIZE
    with path.open("r+b") as file:
        file.truncate(keep)
    with pytest.raises(StationError, match="database_unreadable"):
        Home(folder)


# --- full and failing disks -----------------------------------------------------------------------------------------


def test_when_the_file_may_not_grow_nothing_of_the_act_is_there(home: Home) -> None:
    """PRAGMA max_page_count makes SQLite itself answer as a full disk does, at any statement it likes."""
    home.record(PARTY)
    (pages,) = home.database.one("PRAGMA page_count") or (0,)
    home.database.execute(f"PRAGMA max_page_count = {pages}")
    before = home.store.head()
    with pytest.raises(StationError, match="disk_full"):
        home.record(*[PARTY] * 60)
    assert home.store.head() == before
    home.database.execute("PRAGMA max_page_count = 100000")
    home.record(PARTY)
    assert home.store.head().seq == before.seq + 1


def test_on_a_full_disk_issuing_fails_reading_goes_on_and_nothing_is_lost() -> None:
    with tiny_disk(3_000) as (place, code):
        home = Home(place)
        assert _until_it_fails(home) == code
        _still_readable_and_whole(home, place)


def test_a_home_on_a_full_disk_that_cannot_even_be_opened_says_that_it_is_full(tmp_path: Path) -> None:
    filled(tmp_path)
    with tiny_disk(1_000) as (place, code):
        shutil.copy(tmp_path / "journal.db", place)
        with pytest.raises(OSError, match=r"No space|too large"), (place / "filler").open("wb") as filler:
            filler.write(bytes(4_000_000))
        if code == "disk_full":  # a limit on the size of files lets a small one be made
            with pytest.raises(StationError, match=code):
                Home(place)
        (place / "filler").unlink()
        home = Home(place)
        assert home.store.head().seq == 40
        home.database.abandon()


def test_when_a_file_may_not_grow_on_disk_nothing_is_lost_either(folder: Path) -> None:
    home = Home(folder)
    with no_larger_files(1_500_000):
        assert _until_it_fails(home) in ("disk_full", "disk_failing")
    _still_readable_and_whole(home, folder)


def _until_it_fails(home: Home) -> str:
    for _ in range(3_000):
        try:
            home.record(*[PARTY] * 5)
        except StationError as fault:
            return fault.code
    return "never"


def _still_readable_and_whole(home: Home, folder: Path) -> None:
    seq = home.store.head().seq
    assert seq > 0
    assert seq % 5 == 0
    assert len(list(home.store.entries())) == seq
    home.close()
    again = Home(folder)
    assert again.store.head().seq == seq
    assert len(again.store.rows.many("parties")) == seq
    again.close()


def test_a_home_one_may_only_read_says_so_and_is_not_changed(folder: Path) -> None:
    filled(folder)
    with readable_only(folder) as place:
        with pytest.raises(StationError) as fault:
            Home(place)
        assert fault.value.code in ("disk_read_only", "disk_failing")
    assert opened(folder).one("SELECT COUNT(*) FROM entries") == (40,)


def test_no_folder_means_no_database(tmp_path: Path) -> None:
    with pytest.raises(StationError, match="disk_failing"):
        opened(tmp_path / "nowhere")


# --- transactions ---------------------------------------------------------------------------------------------------


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("raised", [ValueError, KeyboardInterrupt, KilledError, StationError])
def test_whatever_is_raised_inside_a_transaction_undoes_it(home: Home, raised: type[BaseException]) -> None:
    home.record(PARTY)

    def deed() -> None:
        with home.database.transaction():
            home.database.execute("DELETE FROM p_parties")
            raise raised("x")

    with pytest.raises(raised):
        deed()
    assert len(home.store.rows.many("parties")) == 1
    home.record(PARTY)


def test_transactions_do_not_nest(home: Home) -> None:
    with pytest.raises(BugError, match="do not nest"), home.database.transaction(), home.database.transaction():
        pass
    home.record(PARTY)


def test_a_savepoint_undoes_its_part_and_leaves_the_rest(home: Home) -> None:
    def part() -> None:
        with home.database.savepoint():
            home.database.execute("INSERT INTO tickets VALUES ('undone', 'x')")
            raise ValueError("part")

    with home.database.transaction():
        home.database.execute("INSERT INTO tickets VALUES ('kept', 'x')")
        with pytest.raises(ValueError, match="part"):
            part()
        with home.database.savepoint():
            home.database.execute("INSERT INTO tickets VALUES ('also kept', 'x')")
    assert home.database.all("SELECT attempt FROM tickets ORDER BY attempt") == [("also kept",), ("kept",)]


def test_a_savepoint_whose_transaction_sqlite_gave_up_tells_the_first_fault(home: Home) -> None:
    def deed() -> None:
        with home.database.transaction(), home.database.savepoint():
            home.database.execute("ROLLBACK")
            raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        deed()
    home.record(PARTY)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT nothing FROM nowhere",
        "this is no SQL",
        "INSERT INTO tickets (attempt) VALUES ('a')",
        "INSERT INTO acknowledged (only) VALUES (2)",
    ],
)
def test_our_own_mistakes_are_bugs_not_the_stations_fault(home: Home, statement: str) -> None:
    with pytest.raises(BugError):
        home.database.execute(statement)


def test_a_second_connection_that_waits_too_long_is_told_that_the_database_is_busy(home: Home, folder: Path) -> None:
    """The home's lock keeps other processes out; this is what remains if somebody gets round it."""
    other = opened(folder)
    other.execute("PRAGMA busy_timeout = 20")
    with home.database.transaction(), pytest.raises(StationError, match="database_busy"), other.transaction():
        pass
    other.abandon()


def test_threads_take_turns_and_each_sees_whole_transactions(home: Home) -> None:
    seen: list[int] = []
    failed: list[BaseException] = []

    def write() -> None:
        for _ in range(15):
            with home.database.transaction():
                for _ in range(2):
                    home.database.execute("INSERT INTO tickets SELECT COUNT(*), 'x' FROM tickets")

    def read() -> None:
        for _ in range(60):
            (count,) = home.database.one("SELECT COUNT(*) FROM tickets") or (1,)
            seen.append(count)

    def guarded(task: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                task()
            except BaseException as error:
                failed.append(error)

        return run

    threads = [threading.Thread(target=guarded(task)) for task in (write, read, write, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failed
    assert home.database.one("SELECT COUNT(*) FROM tickets") == (60,)
    assert all(count % 2 == 0 for count in seen)


# --- closing and copying --------------------------------------------------------------------------------------------


def test_closing_folds_the_log_into_the_file(folder: Path) -> None:
    path = filled(folder)
    assert sorted(one.name for one in folder.iterdir()) == ["journal.db"]
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy(path, alone / "journal.db")
    assert opened(alone).one("SELECT COUNT(*) FROM entries") == (40,)


def test_a_killed_process_loses_nothing_that_was_committed(home: Home, folder: Path, tmp_path: Path) -> None:
    """Nothing is closed: what the operating system has at this moment is all the next start finds."""
    home.record(*[PARTY] * 3)
    found = Path(shutil.copytree(folder, tmp_path / "found"))
    assert (found / "journal.db-wal").stat().st_size > 0
    assert opened(found).one("SELECT COUNT(*) FROM entries") == (3,)


def test_closing_on_a_full_disk_leaves_the_log_for_the_next_start(folder: Path) -> None:
    home = Home(folder)
    home.record(*[PARTY] * 60)
    with no_larger_files(20_000):
        home.close()
    again = Home(folder)
    assert again.store.head().seq == 60
    again.close()


def test_a_backup_opens_with_the_same_key_and_with_no_other(home: Home, tmp_path: Path) -> None:
    home.record(PARTY)
    home.database.backup_to(tmp_path / "journal.db", KEY)
    assert b"SQLite format 3" not in (tmp_path / "journal.db").read_bytes()
    assert opened(tmp_path).one("SELECT COUNT(*) FROM entries") == (1,)
    with pytest.raises(StationError, match="database_unreadable"):
        opened(tmp_path, bytes(32))
