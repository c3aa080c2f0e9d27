"""The entries this device knows: its own, and those of its sisters that the province relayed to it."""

from __future__ import annotations

from collections.abc import Iterator

from inspector_app.journal.chain import Entry
from inspector_app.journal.feed import RELAYED, read_relayed
from inspector_app.services.device import Device


class KnownEntries:
    """`Entries` of a station's device. The sisters' are read once, when the first of them is asked for."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._relayed: dict[str, Entry] | None = None

    def find(self, ref: str) -> Entry | None:
        """One entry by its name; None when it is not here."""
        if ref.partition("/")[0] == self._device.id:
            return self._device.store.entry(ref)
        return self._sisters().get(ref)

    def all(self) -> Iterator[Entry]:
        """Every entry, each journal in its own order."""
        yield from self._device.store.entries()
        yield from self._sisters().values()

    def _sisters(self) -> dict[str, Entry]:
        if self._relayed is None:
            documents = self._device.store.documents_after(0)
            read = (read_relayed(one.content) for one in documents if one.kind == RELAYED)
            self._relayed = {entry.ref: entry for entry in read if entry is not None}
        return self._relayed
