"""The encrypted database of a home: one SQLCipher file, opened with a raw key, every setting written out.

Entries are committed with ``synchronous=FULL`` in WAL mode. Only this module knows the driver's exceptions: a full or
failing disk, a wrong key or a damaged page become :class:`StationError`, a broken constraint :class:`BugError`.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from inspector_app.errors import BugError, StationError
from inspector_app.store.disk import begin_private

MIGRATIONS = Path(__file__).parent / "migrations"
PAGE_SIZE = 4096
LEAST_ROOM = 16 * PAGE_SIZE
READY_STATEMENTS = 1_024
"""Statements kept prepared: a day's work uses some hundreds, and preparing one takes longer than most take to run."""

_SETTINGS = (
    "PRAGMA cipher_page_size = 4096",
    "PRAGMA kdf_iter = 256000",
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA512",
    "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512",
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 1000",
    "PRAGMA busy_timeout = 5000",
)

Hook = Callable[[str], None]

# The primary result codes (sqlite.org/rescode.html) that are the environment's fault; all others are ours.
_STATION_CODES = {
    dbapi2.SQLITE_PERM: "disk_read_only",
    dbapi2.SQLITE_READONLY: "disk_read_only",
    dbapi2.SQLITE_BUSY: "database_busy",
    dbapi2.SQLITE_LOCKED: "database_busy",
    dbapi2.SQLITE_IOERR: "disk_failing",
    dbapi2.SQLITE_CANTOPEN: "disk_failing",
    dbapi2.SQLITE_FULL: "disk_full",
    dbapi2.SQLITE_CORRUPT: "database_unreadable",
    dbapi2.SQLITE_NOTADB: "database_unreadable",  # another key, or not a file of ours
}


class Database:
    """One connection. ``before`` is called with every statement; the simulated world stops the process there.

    Threads may share it: one at a time, for a statement and its rows or for a whole transaction.
    ``must_exist`` refuses (StationError ``database_missing``) to begin an empty file where there should be a journal.
    """

    def __init__(self, path: Path, key: bytes, *, before: Hook | None = None, must_exist: bool = False) -> None:
        if must_exist and not (path.exists() and path.stat().st_size):
            raise StationError("database_missing")
        self.path = path
        self._before = before
        self._depth = 0
        self._turn = threading.RLock()
        # The log and its index take the mode of the file they belong to.
        begin_private(path)
        with self._classified():
            self._connection = dbapi2.connect(
                str(path), isolation_level=None, check_same_thread=False, cached_statements=READY_STATEMENTS
            )
            try:
                self._prepare(key)
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self, key: bytes) -> None:
        # What SQLCipher would write to stderr is said by the exception, and in the operator's words.
        self._connection.execute("PRAGMA cipher_log_level = NONE")
        self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if not self._connection.execute("PRAGMA cipher_version").fetchone():
            raise BugError("this SQLite does not encrypt")
        for setting in _SETTINGS:
            self._connection.execute(setting)
        self._connection.execute("SELECT COUNT(*) FROM sqlite_schema")
        (mode,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal":
            raise StationError("disk_failing", detail=f"no write-ahead log ({mode})")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run one statement and return its cursor."""
        if self._before is not None:
            self._before(sql)
        with self._turn:
            try:
                return self._connection.execute(sql, parameters)
            except dbapi2.Error as error:
                raise self._explained(error) from error

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        if self._before is not None:
            self._before(sql)
        # The rows are fetched in the same turn: no other thread's statement comes between.
        with self._turn:
            try:
                rows: list[tuple[Any, ...]] = self._connection.execute(sql, parameters).fetchall()
            except dbapi2.Error as error:
                raise self._explained(error) from error
        return rows

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        if self._before is not None:
            self._before(sql)
        with self._turn:
            try:
                row: tuple[Any, ...] | None = self._connection.execute(sql, parameters).fetchone()
            except dbapi2.Error as error:
                raise self._explained(error) from error
        return row

    @property
    def in_transaction(self) -> bool:
        """Whether something is pending that a power cut would undo."""
        return bool(self._connection.in_transaction)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Take the write lock; commit on leaving, roll back when anything was raised."""
        with self._turn:
            if self._depth:
                raise BugError("transactions do not nest")
            self.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    def _roll_back(self) -> None:
        # What was raised says more than a rollback that fails as well; reopening rolls back in any case.
        try:
            if self.in_transaction:
                self._connection.rollback()
        except dbapi2.Error:
            pass

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what was done inside when something is raised there; the transaction around it goes on."""
        self.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            # After a failing disk SQLite has rolled the whole transaction back by itself.
            if self.in_transaction:
                self.execute("ROLLBACK TO part")
                self.execute("RELEASE part")
            raise
        self.execute("RELEASE part")

    def migrate(self) -> None:
        """Apply the numbered migrations this file has not had; refuse a file newer than the program."""
        row = self.one("PRAGMA user_version")
        held = int(row[0]) if row else 0
        steps = migrations()
        if held > len(steps):
            raise StationError("database_newer", held=held, known=len(steps))
        for number, text in enumerate(steps[held:], start=held + 1):
            with self.transaction():
                for statement in statements_of(text):
                    self.execute(statement)
                self.execute(f"PRAGMA user_version = {number}")

    def backup_to(self, path: Path, key: bytes) -> None:
        """An online copy of the whole database, readable with the same key.

        StationError ``disk_full`` or ``disk_failing`` when it could not be made; then there is none, not half of one.
        """
        begin_private(path)
        try:
            self._copy_into(path, key)
        except dbapi2.Error as error:
            path.unlink(missing_ok=True)
            # Copying carries no code of its own: what went wrong is only in its words.
            full = "full" in str(error) or _has_no_room(path)
            raise StationError("disk_full") if full else StationError("disk_failing", detail=str(error)) from error

    def _copy_into(self, path: Path, key: bytes) -> None:
        target = dbapi2.connect(str(path), isolation_level=None)
        try:
            target.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            self._connection.backup(target)
        finally:
            target.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file and close; after a power cut this simply did not happen."""
        with self._turn, self._classified():
            self._roll_back()
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except dbapi2.Error:
                pass  # on a full disk the log stays beside the file, and the next start reads it
            finally:
                self._connection.close()

    def abandon(self) -> None:
        """Close without tidying up, as a killed process does."""
        self._connection.close()

    @contextmanager
    def _classified(self) -> Iterator[None]:
        try:
            yield
        except dbapi2.Error as error:
            raise self._explained(error) from error

    def _explained(self, error: Exception) -> Exception:
        code = _STATION_CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if code is None:
            return BugError(str(error))
        if code != "disk_failing":
            return StationError(code)
        # Where the log's index cannot grow, SQLite only speaks of an input/output error.
        return StationError("disk_full") if _has_no_room(self.path) else StationError(code, detail=str(error))


def _has_no_room(path: Path) -> bool:
    return path.parent.exists() and shutil.disk_usage(path.parent).free < LEAST_ROOM


def migrations() -> list[str]:
    """The numbered migrations, in order."""
    return [path.read_text("utf-8") for path in sorted(MIGRATIONS.glob("*.sql"))]


def statements_of(script: str) -> Iterator[str]:
    """The statements of a migration; a trigger's body holds semicolons of its own."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if dbapi2.complete_statement(pending):
            yield pending.strip()
            pending = ""
