"""What sending photographs needs of a device; every implementation passes ``tests/sync/test_attachment_port``.

The journal itself says which attachments there are to send: those its acknowledged entries name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from inspector_app.journal.attachments import Unsent


class AttachmentPort(Protocol):
    """One device's attachments, seen from the side of sending them."""

    def unsent(self, through: int, epoch: int) -> Sequence[Unsent]:
        """What own entries up to seq ``through`` name and the province has not confirmed in this epoch, oldest first.

        A restored province may have lost what it confirmed in an earlier epoch. What is not kept here is left out.
        """

    def read(self, name: str) -> bytes:
        """The bytes of an attachment. StationError ``file_missing`` or ``file_damaged``."""

    def note_held(self, names: Sequence[str], epoch: int) -> None:
        """Remember that the province holds them whole. Losing this note costs only a question."""
