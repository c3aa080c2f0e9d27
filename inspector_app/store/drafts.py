"""What people are typing: saved within a second, never sent, recoverable after a crash or a change of mind."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.store.database import Database

KEPT_MS = 30 * 86_400_000


class Draft(NamedTuple):
    """One unfinished form: ``form`` names the form, ``subject`` what it is about, ``content`` JSON bytes."""

    draft: str
    form: str
    person: int
    subject: str
    content: bytes
    saved_at: int
    discarded_at: int | None = None


_COLUMNS = "draft, form, person, subject, content, saved_at, discarded_at"


class DraftStore:
    """Drafts of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: Draft) -> None:
        """Keep the latest text of a draft."""
        marks = ", ".join("?" * len(draft))
        with self._database.transaction():
            self._database.execute(f"INSERT OR REPLACE INTO drafts ({_COLUMNS}) VALUES ({marks})", draft)

    def get(self, draft: str) -> Draft | None:
        """One draft, also a discarded one."""
        row = self._database.one(f"SELECT {_COLUMNS} FROM drafts WHERE draft = ?", (draft,))
        return Draft(*row) if row else None

    def open_drafts(self, form: str = "") -> list[Draft]:
        """Drafts not discarded, latest first."""
        sql = f"SELECT {_COLUMNS} FROM drafts WHERE discarded_at IS NULL AND (? = '' OR form = ?)"
        return [Draft(*row) for row in self._database.all(sql + " ORDER BY saved_at DESC", (form, form))]

    def discard(self, draft: str, at: int) -> None:
        """Put a draft aside; it can be restored for 30 days."""
        self._set(draft, at)

    def restore(self, draft: str) -> None:
        """Take a discarded draft back."""
        self._set(draft, None)

    def _set(self, draft: str, discarded_at: int | None) -> None:
        with self._database.transaction():
            self._database.execute("UPDATE drafts SET discarded_at = ? WHERE draft = ?", (discarded_at, draft))

    def finish(self, draft: str) -> None:
        """The draft became a record; it is no longer needed."""
        with self._database.transaction():
            self._database.execute("DELETE FROM drafts WHERE draft = ?", (draft,))

    def expire(self, now: int) -> None:
        """Forget drafts discarded more than 30 days ago."""
        with self._database.transaction():
            self._database.execute("DELETE FROM drafts WHERE discarded_at < ?", (now - KEPT_MS,))
