"""What a restored province has forgotten and this device still holds: documents it signed after its backup was made."""

from __future__ import annotations

from typing import Final

from sync.journal_port import JournalPort

FORGETTABLE: Final = ("draw/1", "block/1", "grant/1")
_FAR: Final = 2**53


def forgotten_by(journal: JournalPort, epoch: str, base: int) -> tuple[bytes, ...]:
    """Draws, blocks and grants of the former epoch beyond the cursor at which the new one begins, in their order."""
    if not epoch:
        return ()
    stored = journal.documents(epoch, base + 1, _FAR)
    return tuple(document.content for document in stored if document.kind in FORGETTABLE)
