"""The file in which a case travels: the word that it was given, in the open, and the case itself, sealed.

The word is the giver's own entry with the person's signature; it names for whom the case is and the hash of what is
sealed, and the giver's device signs it. So the wrong computer can say for whom a file is, and only the right one reads
it. What is sealed are entries as written: they are kept in the giver's journal, so the file can be made out again.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.errors import StationError
from inspector_app.journal.chain import Entry, WrittenEntry, read_entry
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReturned
from inspector_app.journal.feed import read_relay, relay
from inspector_app.services.case_entries import as_written
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries
from inspector_app.suites import SealError, seal, sha256

CASE_INFO = b"inspector/case/1|"
CASE_CONTEXT = "inspector/case/1"
MAX_CASE = 4_194_304
"""What is read of a file: some hundred entries with their private parts."""

Given = CaseHandedOver | CaseReturned


class CaseContent(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed: which case, from whom to whom, the how-manieth move of it, and its entries as they travel."""

    declaration: str
    giver: str
    device: str
    turn: int
    entries: tuple[bytes, ...]

    def encoded(self) -> bytes:
        """The bytes whose SHA-256 the giver's entry names."""
        return encode(msgspec.to_builtins(self, builtin_types=(bytes,)))


class CaseFile(msgspec.Struct, frozen=True, array_like=True):
    """The file: the giver's word as it travels, the giver's signature over its hash, and the sealed case."""

    format: str
    word: bytes
    signature: bytes
    sealed: bytes


class Word(NamedTuple):
    """The giver's word in a file: the entry, its fact and the person's signature over it."""

    entry: Entry
    fact: Given
    actor_sig: bytes

    @property
    def giver(self) -> str:
        """The device whose journal it stands in."""
        return self.entry.envelope.device


def content_of(device: Device, fact: Given) -> CaseContent:
    """What travelled with a word of this device, or is to travel. StationError ``case_gone`` when it is not whole."""
    return CaseContent(fact.declaration, device.id, fact.device, fact.turn, tuple(as_written(device, fact.entries)))


def write_file(device: Device, ref: str) -> bytes:
    """The file of a word given here; made out again, the same case is in it.

    StationError ``case_gone`` when private parts were removed since, at the end of their retention.
    """
    entry, word = device.store.entry(ref), KnownEntries(device).document(ref)
    if entry is None or word is None or not isinstance(entry.fact, CaseHandedOver | CaseReturned):
        raise StationError("case_gone")
    content = content_of(device, entry.fact).encoded()
    if sha256(content).hex() != entry.fact.bundle:
        raise StationError("case_gone")
    taker = device.rows.one("devices", device=entry.fact.device) or {}
    sealed = seal(bytes.fromhex(str(taker["box_key"])), _info(entry.fact.device), content)
    signature = device.identity.signing.sign(CASE_CONTEXT, entry.hash)
    return encode([CASE_CONTEXT, word, signature, sealed])


def _info(device: str) -> bytes:
    return CASE_INFO + device.encode()


def read_file(raw: bytes) -> CaseFile:
    """The parts of a file, believed in nothing yet. StationError ``case_unreadable``."""
    try:
        file = msgspec.convert(decode(raw, MAX_CASE), CaseFile, builtin_types=(bytes,))
    except (CborError, msgspec.ValidationError) as error:
        raise StationError("case_unreadable") from error
    if file.format != CASE_CONTEXT:
        raise StationError("case_unreadable")
    return file


def word_of(file: CaseFile) -> Word:
    """What the giver said, which anybody may read. StationError ``case_unreadable``."""
    held = read_relay(file.word)
    entry = read_entry(held.previous, WrittenEntry(held.public, None, held.actor_sig)) if held is not None else None
    if held is None or entry is None or not isinstance(entry.fact, CaseHandedOver | CaseReturned):
        raise StationError("case_unreadable")
    return Word(entry, entry.fact, held.actor_sig)


def open_file(device: Device, file: CaseFile, word: Word) -> CaseContent:
    """What is sealed to this device and named by the word. StationError ``case_unreadable``."""
    try:
        plain = device.identity.box.open(_info(device.id), file.sealed)
        content = msgspec.convert(decode(plain, MAX_CASE), CaseContent, builtin_types=(bytes,))
    except (SealError, CborError, msgspec.ValidationError) as error:
        raise StationError("case_unreadable") from error
    said = (word.fact.declaration, word.giver, word.fact.device, word.fact.turn)
    if sha256(plain).hex() != word.fact.bundle or said != content_names(content) or not _listed(word, content):
        raise StationError("case_unreadable")
    return content


def content_names(content: CaseContent) -> tuple[str, str, str, int]:
    """Which move of which case a content is of."""
    return content.declaration, content.giver, content.device, content.turn


def _listed(word: Word, content: CaseContent) -> bool:
    """Whether each entry is whole and is the one the word lists there."""
    entries = [entry_in(document) for document in content.entries]
    return [entry.ref if entry is not None else "" for entry in entries] == word.fact.entries


def entry_in(document: bytes) -> Entry | None:
    """The entry in a travelling document, only if it travels exactly as it is kept."""
    held = read_relay(document)
    if held is None:
        return None
    written = held.written()
    return read_entry(held.previous, written) if relay(held.previous, written) == document else None
