"""The entries this device knows: its own, and those of its sisters that the province relayed to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from inspector_app.journal.chain import Entry
from inspector_app.journal.feed import RELAYED, read_relayed, relay, relayed_signature
from inspector_app.services.device import Device

Watch = Callable[[int, int], None]
"""Told how many entries were read, of how many; it may raise to stop the reading."""
TOLD_EVERY = 500


class _Relayed(NamedTuple):
    entry: Entry
    signature: bytes
    content: bytes


class KnownEntries:
    """`Entries` of a station's device. The sisters' are read once, when the first of them is asked for."""

    def __init__(self, device: Device, watch: Watch | None = None) -> None:
        self._device = device
        self._watch, self._told = watch, 0
        self._contents: list[bytes] | None = None
        self._relayed: dict[str, _Relayed] | None = None

    def find(self, ref: str) -> Entry | None:
        """One entry by its name; None when it is not here."""
        if self._is_own(ref):
            return self._device.store.entry(ref)
        held = self._sisters().get(ref)
        return held.entry if held is not None else None

    def naming(self, words: Collection[str]) -> Iterator[Entry]:
        """Entries whose public bytes hold one of these words, each journal in its own order."""
        for entry in self._device.store.entries_naming(words):
            self._tell(entry.envelope.seq)
            yield entry
        sought, own = [word.encode() for word in words], self._device.store.head().seq
        seen: set[str] = set()
        # A relayed entry stands in its document as it was written.
        for done, content in enumerate(self._documents(), start=own + 1):
            self._tell(done)
            relayed = read_relayed(content) if any(word in content for word in sought) else None
            if relayed is not None and relayed.ref not in seen:
                seen.add(relayed.ref)  # one that came with a case is told again by the province
                yield relayed

    def _tell(self, done: int) -> None:
        if self._watch is not None and (done >= self._told + TOLD_EVERY or done < self._told):
            self._told = done
            self._watch(done, self._device.store.head().seq + len(self._documents()))

    def _documents(self) -> list[bytes]:
        if self._contents is None:
            documents = self._device.store.documents_after(0)
            self._contents = [one.content for one in documents if one.kind == RELAYED]
        return self._contents

    def signature(self, ref: str) -> bytes:
        """The person's signature beside an entry; empty where there is none."""
        if not self._is_own(ref):
            held = self._sisters().get(ref)
            return held.signature if held is not None else b""
        return next((written.actor_sig for written in self._device.store.written(int(ref.partition("/")[2]), 1)), b"")

    def document(self, ref: str) -> bytes | None:
        """An entry as it travels between devices, exactly as written; None when it is not here."""
        if not self._is_own(ref):
            held = self._sisters().get(ref)
            return held.content if held is not None else None
        seq = int(ref.partition("/")[2])
        own = next(iter(self._device.store.written(seq, 1)), None)
        return relay(self._device.store.hash_at(seq - 1), own) if own is not None else None

    def stated_hash(self, ref: str) -> bytes:
        """The hash that stands in the books for an entry: beside it when it is its own, else as it was relayed."""
        if self._is_own(ref):
            return self._device.store.hash_at(int(ref.partition("/")[2]))
        row = self._device.rows.one("relayed", ref=ref)
        return bytes.fromhex(str(row["hash"])) if row is not None else b""

    def _is_own(self, ref: str) -> bool:
        return ref.partition("/")[0] == self._device.id

    def _sisters(self) -> dict[str, _Relayed]:
        if self._relayed is None:
            self._relayed = {held.entry.ref: held for held in self._read_sisters()}
        return self._relayed

    def _read_sisters(self) -> Iterator[_Relayed]:
        for content in self._documents():
            entry = read_relayed(content)
            if entry is not None:
                yield _Relayed(entry, relayed_signature(content), content)
