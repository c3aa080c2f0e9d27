"""What a restored province has forgotten and this device still holds: documents it signed after its backup was made."""

from __future__ import annotations

from typing import Final

from sync.journal_port import JournalPort

FORGETTABLE: Final = ("draw/1", "block/1", "grant/1", "device/1")


def forgotten_by(journal: JournalPort, base: int) -> tuple[bytes, ...]:
    """What is beyond the cursor through which both followed the same feed: numbers, grants, and who was fenced.

    In its order, and of every epoch: the backup may be older than the restore before this one.
    """
    stored = journal.documents_after(base)
    return tuple(document.content for document in stored if document.kind in FORGETTABLE)
