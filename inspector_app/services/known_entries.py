"""The entries this device knows: its own, and those of its sisters that the province relayed to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from inspector_app.journal.chain import Entry
from inspector_app.journal.feed import RELAYED, read_relayed
from inspector_app.services.device import Device


class KnownEntries:
    """`Entries` of a station's device. The sisters' are read once, when the first of them is asked for."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._contents: list[bytes] | None = None
        self._relayed: dict[str, Entry] | None = None

    def find(self, ref: str) -> Entry | None:
        """One entry by its name; None when it is not here."""
        if ref.partition("/")[0] == self._device.id:
            return self._device.store.entry(ref)
        return self._sisters().get(ref)

    def naming(self, words: Collection[str]) -> Iterator[Entry]:
        """Entries whose public bytes hold one of these words, each journal in its own order."""
        yield from self._device.store.entries_naming(words)
        sought = [word.encode() for word in words]
        # A relayed entry stands in its document as it was written.
        held = (content for content in self._documents() if any(word in content for word in sought))
        yield from filter(None, map(read_relayed, held))

    def _documents(self) -> list[bytes]:
        if self._contents is None:
            documents = self._device.store.documents_after(0)
            self._contents = [one.content for one in documents if one.kind == RELAYED]
        return self._contents

    def _sisters(self) -> dict[str, Entry]:
        if self._relayed is None:
            read = filter(None, map(read_relayed, self._documents()))
            self._relayed = {entry.ref: entry for entry in read}
        return self._relayed
