"""What catching up needs of a device's journal; the device side implements it, the simulated world too.

Every implementation passes ``tests/sync/journal_contract.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from inspector_app.domain.documents import Keyring
from inspector_app.journal.chain import Head, WrittenEntry
from inspector_app.journal.feed import Acknowledged, Pulled


class JournalPort(Protocol):
    """One device's journal, seen from the side of catching up.

    No method holds a transaction open when it returns: the issuing screen never waits for a slow line.
    """

    @property
    def device(self) -> str:
        """The device's id, 32 hex digits."""

    def keyring(self) -> Keyring:
        """Whom this home believes: its one root and what that root has stated so far."""

    def head(self) -> Head:
        """Where the journal stands."""

    def hash_at(self, seq: int) -> bytes:
        """The hash of entry ``seq`` (0: the empty journal); asked only for entries that exist."""

    def written(self, first: int, limit: int) -> Iterable[WrittenEntry]:
        """At most ``limit`` entries from ``first`` on, exactly as stored."""

    def acknowledged(self) -> Acknowledged:
        """How far the province has confirmed; all empty before the first contact."""

    def note_acknowledged(self, note: Acknowledged) -> None:
        """Remember it. Losing this note costs only a longer request."""

    def pulled_through(self) -> tuple[str, int]:
        """Epoch and cursor of the last document stored; ("", 0) when there is none."""

    def documents(self, epoch: str, first: int, last: int) -> Sequence[Pulled]:
        """Stored documents ``first … last`` of an epoch, in order."""

    def documents_after(self, cursor: int) -> Sequence[Pulled]:
        """Stored documents of every epoch beyond a cursor, those of earlier epochs first."""

    def take_in(self, epoch: str, documents: Sequence[Pulled]) -> None:
        """Check documents, store them, and let them take effect by an own ``province.pulled``, in one transaction.

        Raises StationError (``document.*``, ``block.*``) naming the cursor of the first that does not verify; then
        nothing of them is there.
        """

    def trust_known(self) -> tuple[int, int]:
        """Epoch and seq of the trust file held; (0, 0) when there is none."""

    def take_trust(self, pack: bytes) -> None:
        """Check a packed trust file against the home's root and keep it. Raises StationError ``trust.*``.

        ``trust.trust_older_than_known`` when a newer one is held, which stays.
        """

    def freeze(self, reason: str) -> None:
        """Stop issuing, and nothing else, until a person has looked; durable before it returns."""
