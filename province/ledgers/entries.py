"""The entries of a station's devices as the province recorded them, for the books."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from inspector_app.journal.chain import Entry, WrittenEntry, read_entry
from province.journal.models import StoredEntry
from province.registry.models import Device

MAX_SEQ = 2**53


class RecordedEntries:
    """`Entries` of one station, public parts only: what books say, they say without names."""

    def __init__(self, using: str, station: int) -> None:
        self._using = using
        self._devices = list(Device.objects.using(using).filter(station_id=station).values_list("device", flat=True))

    def find(self, ref: str) -> Entry | None:
        """One entry by its name; None when it was not recorded."""
        device, _, seq = ref.partition("/")
        if not (seq.isascii() and seq.isdigit() and int(seq) <= MAX_SEQ):
            return None
        row = StoredEntry.objects.using(self._using).filter(device=device, seq=int(seq)).first()
        return _read(row) if row is not None else None

    def naming(self, words: Collection[str]) -> Iterator[Entry]:
        """Entries whose public bytes hold one of these words, each journal in its own order."""
        sought = [word.encode() for word in words]
        rows = StoredEntry.objects.using(self._using).filter(device__in=self._devices).order_by("device", "seq")
        held = (row for row in rows.iterator() if any(word in bytes(row.public) for word in sought))
        yield from filter(None, map(_read, held))


def _read(row: StoredEntry) -> Entry | None:
    # The chain was followed when it came in; nobody asks these for their hash.
    return read_entry(b"", WrittenEntry(bytes(row.public)))
