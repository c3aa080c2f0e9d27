"""Attachments and exact print bytes: separate AES-GCM files beside the database, each under its own key.

A file is written, fsynced and renamed *before* the entry that names its SHA-256; its key is in the database. A file
whose key never came (the act was not committed) is unreadable and is swept away at start. ``uploaded`` is the number
of the province's epoch in which it said that it holds the file, 0 before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector_app.errors import StationError
from inspector_app.journal.attachments import Unsent
from inspector_app.ports import Disk, Random
from inspector_app.store.database import Database
from inspector_app.store.sql_rows import LIVE
from inspector_app.suites import SealError, decrypt, encrypt, sha256

KEY_SIZE = 32
NONCE = bytes(12)
AAD = b"inspector/file/1"


class FileStore:
    """Content-addressed encrypted files of one home."""

    def __init__(self, folder: Path, database: Database, disk: Disk, random: Random) -> None:
        self._folder = folder
        self._database = database
        self._disk = disk
        self._random = random

    def add(self, content: bytes, media_type: str) -> str:
        """Store content durably; returns its hex SHA-256. Adding the same content again only restores a lost file."""
        name = sha256(content).hex()
        known = self._database.one("SELECT key FROM files WHERE sha256 = ?", (name,))
        if known is not None:
            if not self._disk.exists(self._path(name)):
                self._disk.replace(self._path(name), encrypt(bytes(known[0]), NONCE, content, AAD))
            return name
        key = self._random.bytes(KEY_SIZE)
        # Each key encrypts one content, so the nonce may be constant.
        self._disk.replace(self._path(name), encrypt(key, NONCE, content, AAD))
        sql = "INSERT INTO files (sha256, key, size, media_type) VALUES (?, ?, ?, ?)"
        with self._database.transaction():
            self._database.execute(sql, (name, key, len(content), media_type))
        return name

    def read(self, name: str) -> bytes:
        """The content of a file. StationError ``file_missing`` or ``file_damaged``."""
        row = self._database.one("SELECT key FROM files WHERE sha256 = ?", (name,))
        raw = self._disk.read(self._path(name))
        if row is None or raw is None:
            raise StationError("file_missing", name=name[:12])
        try:
            content = decrypt(bytes(row[0]), NONCE, raw, AAD)
        except SealError as error:
            raise StationError("file_damaged", name=name[:12]) from error
        return content

    def names(self) -> list[tuple[str, str]]:
        """Name and media type of every file whose key is here."""
        rows = self._database.all("SELECT sha256, media_type FROM files ORDER BY sha256")
        return [(str(name), str(media_type)) for name, media_type in rows]

    def has(self, name: str) -> bool:
        """Whether the file and its key are here."""
        known = self._database.one("SELECT 1 FROM files WHERE sha256 = ?", (name,)) is not None
        return known and self._disk.exists(self._path(name))

    def unsent(self, device: str, through: int, epoch: int) -> list[Unsent]:
        """Name and size of what entries of ``device`` up to seq ``through`` name as attachments, in their order.

        Without those :meth:`note_uploaded` told of in this ``epoch`` or a later one.
        """
        sql = (
            f"SELECT named.name, files.size FROM {LIVE}attachments AS named JOIN files ON files.sha256 = named.name "
            "WHERE named.device = ? AND named.seq <= ? AND files.uploaded < ? "
            "GROUP BY named.name ORDER BY MIN(named.seq), named.name"
        )
        return [Unsent(str(name), int(size)) for name, size in self._database.all(sql, (device, through, epoch))]

    def note_uploaded(self, names: Sequence[str], epoch: int) -> None:
        """Remember that the province held these files whole in its epoch of that number."""
        with self._database.transaction():
            for name in names:
                sql = "UPDATE files SET uploaded = MAX(uploaded, ?) WHERE sha256 = ?"
                self._database.execute(sql, (epoch, name))

    def sweep(self) -> int:
        """Remove files without a key, left by an act that was never committed; returns how many."""
        known = {row[0] for row in self._database.all("SELECT sha256 FROM files")}
        strays = [path for path in self._folder.glob("*/*") if path.name not in known]
        for path in strays:
            self._disk.remove(path)
        return len(strays)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name
