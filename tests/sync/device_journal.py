"""The real device behind the port of catching up: store, services, vault, all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inspector_app.domain.documents import Keyring
from inspector_app.domain.trust import Trust, is_newer, open_pack
from inspector_app.errors import StationError
from inspector_app.journal.chain import Head, WrittenEntry
from inspector_app.journal.entries.devices import ProvincePulled
from inspector_app.journal.feed import Acknowledged, Pulled
from inspector_app.services.catching_up import take_in
from inspector_app.services.device import Device
from inspector_app.suites import verify


class DeviceJournal:
    """`sync.journal_port.JournalPort` over an opened home."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.trust: Trust | None = None

    @property
    def device(self) -> str:
        return self._device.id

    def keyring(self) -> Keyring:
        return self._device.keyring

    def head(self) -> Head:
        return self._device.store.head()

    def hash_at(self, seq: int) -> bytes:
        return self._device.store.hash_at(seq)

    def written(self, first: int, limit: int) -> Iterable[WrittenEntry]:
        return self._device.store.written(first, limit)

    def acknowledged(self) -> Acknowledged:
        return self._device.store.acknowledged()

    def note_acknowledged(self, note: Acknowledged) -> None:
        self._device.store.note_acknowledged(note)

    def pulled_through(self) -> tuple[str, int]:
        found = ("", 0)
        for entry in self._device.store.entries():
            if isinstance(entry.fact, ProvincePulled):
                found = (entry.fact.epoch, entry.fact.last)
        return found

    def documents(self, epoch: str, first: int, last: int) -> Sequence[Pulled]:
        return self._device.store.documents(epoch, first, last)

    def take_in(self, epoch: str, documents: Sequence[Pulled]) -> None:
        take_in(self._device, epoch, documents)

    def trust_known(self) -> tuple[int, int]:
        return (self.trust.file.epoch, self.trust.file.seq) if self.trust else (0, 0)

    def take_trust(self, pack: bytes) -> None:
        opened = open_pack(pack, verify, root=self._device.keyring.root.key, at_ms=self._device.clock.now().at)
        if not isinstance(opened, Trust):
            raise StationError(f"trust.{opened}")
        if is_newer(opened.file, self.trust.file if self.trust else None) is None:
            self.trust = opened

    def freeze(self, reason: str) -> None:
        self._device.frozen = reason
