"""Where a book finds entries: a station has its own and its sisters', the province those of every device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from inspector_app.journal.chain import Entry


class Entries(Protocol):
    """The entries of one station's journals, as far as they are known here."""

    def find(self, ref: str) -> Entry | None:
        """One entry by its name (``<device>/<seq>``); None when it is not here."""

    def all(self) -> Iterator[Entry]:
        """Every entry, each journal in its own order."""
