"""The encrypted database of a home: one SQLCipher file, opened with a raw key, every setting written out.

Entries are committed with ``synchronous=FULL`` in WAL mode. Only this module knows the driver's exceptions: a full or
failing disk, a wrong key or a damaged page become :class:`StationError`, a broken constraint :class:`BugError`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from inspector_app.errors import BugError, StationError

MIGRATIONS = Path(__file__).parent / "migrations"
PAGE_SIZE = 4096

_SETTINGS = (
    "PRAGMA cipher_page_size = 4096",
    "PRAGMA kdf_iter = 256000",
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA512",
    "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512",
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 1000",
    "PRAGMA busy_timeout = 5000",
)

Hook = Callable[[str], None]


class Database:
    """One connection. ``before`` is called with every statement; the simulated world stops the process there.

    Threads may share it: one at a time, for a statement and its rows or for a whole transaction.
    """

    def __init__(self, path: Path, key: bytes, *, before: Hook | None = None) -> None:
        self.path = path
        self._before = before
        self._depth = 0
        self._turn = threading.RLock()
        with _classified():
            self._connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
            self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            for setting in _SETTINGS:
                self._connection.execute(setting)
            self._connection.execute("SELECT COUNT(*) FROM sqlite_schema")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run one statement and return its cursor."""
        if self._before is not None:
            self._before(sql)
        with self._turn, _classified():
            return self._connection.execute(sql, parameters)

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._turn, _classified():
            return list(self.execute(sql, parameters))

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with self._turn, _classified():
            row: tuple[Any, ...] | None = self.execute(sql, parameters).fetchone()
        return row

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
        if self._connection.in_transaction:
            self._connection.rollback()

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
        """An online copy of the whole database, readable with the same key."""
        target = dbapi2.connect(str(path), isolation_level=None)
        try:
            with _classified():
                target.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
                self._connection.backup(target)
        finally:
            target.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file and close; after a power cut this simply did not happen."""
        with _classified():
            if self._connection.in_transaction:
                self._connection.rollback()
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()

    def abandon(self) -> None:
        """Close without tidying up, as a killed process does."""
        self._connection.close()


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


@contextmanager
def _classified() -> Iterator[None]:
    try:
        yield
    except dbapi2.Error as error:
        raise _explained(error) from error


def _explained(error: Exception) -> Exception:
    text = str(error)
    if "disk is full" in text or "full" in text.split():
        return StationError("disk_full")
    if "not a database" in text or "malformed" in text or "hmac" in text.lower():
        return StationError("database_unreadable")
    if "disk I/O error" in text or "readonly" in text or "unable to open" in text:
        return StationError("disk_failing", detail=text)
    if "locked" in text or "busy" in text:
        return StationError("database_busy")
    return BugError(text)
