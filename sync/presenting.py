"""What a restored province has forgotten and this device still holds: documents it signed after its backup was made."""

from __future__ import annotations

from sync.journal_port import JournalPort
from sync.protocol import FORGETTABLE, MAX_PRESENTED


def forgotten_by(journal: JournalPort, epoch: str, base: int) -> tuple[bytes, ...]:
    """What is beyond the cursor through which both followed the feed of ``epoch``: numbers, grants, who was fenced.

    And all of it that came in earlier epochs, in its order: what this device brought back after the restore before
    this one may be lost once more, and told again under a cursor it never heard of.
    """
    stored = (document for document in journal.documents_after(0) if document.kind in FORGETTABLE)
    lost = {document.content: None for document in stored if document.epoch != epoch or document.cursor > base}
    return tuple(lost)[-MAX_PRESENTED:]
