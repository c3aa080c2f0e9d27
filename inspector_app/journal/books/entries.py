"""Where a book finds entries: a station has its own and its sisters', the province those of every device."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from inspector_app.journal.chain import Entry


class Entries(Protocol):
    """The entries of one station's journals, as far as they are known here."""

    def find(self, ref: str) -> Entry | None:
        """One entry by its name (``<device>/<seq>``); None when it is not here."""

    def naming(self, words: Collection[str]) -> Iterator[Entry]:
        """Entries whose public bytes hold one of these ASCII words, each journal in its own order.

        A sieve, so that a long journal is not decoded for a few of its entries: what comes through is looked at again.
        """
