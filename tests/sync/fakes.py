"""A device in memory: a real journal of real entries behind the port of catching up, without SQLCipher or vault.

It passes the same contract as the real device (``journal_contract.py``) and lets a test write any entry it likes.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from inspector_app.clock import Clock, Stamp
from inspector_app.domain.documents import (
    DocumentFault,
    Keyring,
    KeyStatement,
    SignedDocument,
    check,
    decode_document,
    from_payload,
)
from inspector_app.domain.numbering import Block, Draw, check_block
from inspector_app.domain.trust import Trust, is_newer, open_pack
from inspector_app.errors import StationError
from inspector_app.journal.attachments import Unsent, attachments_of
from inspector_app.journal.chain import ACTOR_CONTEXT, Act, Head, PrivatePart, WrittenEntry, entry_hash, genesis
from inspector_app.journal.entries.devices import DeviceEnrolled, PersonKeyAdded, ProvincePulled
from inspector_app.journal.envelope import Fact, read_envelope, read_fact
from inspector_app.journal.feed import RELAYED, Acknowledged, Pulled, feed_hash, read_relayed
from inspector_app.ports import Exchange, Random, Reply
from inspector_app.suites import BoxKey, SigningKey, Suite, sha256, verify
from sync.attachments import AttachmentProgress, AttachmentReport, send_attachments
from sync.client import Device, RoundReport, sync_round
from sync.enrolment import Enrolled, enrol
from sync.pacing import Pace
from sync.protocol import device_id

S = TypeVar("S", bound=msgspec.Struct)


class FakeDevice:
    """One device with its people's keys; ``journal`` methods are those of `sync.journal_port.JournalPort`."""

    def __init__(self, clock: Clock, random: Random, name: str = "一号机") -> None:
        self.clock, self.random, self.name = clock, random, name
        self.signer = SigningKey.generate(Suite.ED25519, random)
        self.box = BoxKey.generate(random)
        self.device = device_id(self.signer.public)
        self.people: dict[int, SigningKey] = {}
        self.entries: list[WrittenEntry] = []
        self.hashes: list[bytes] = [genesis(self.device).hash]
        self.stored: list[Pulled] = []
        self.note = Acknowledged()
        self.frozen = ""
        self.trust: Trust | None = None
        self.station = 0
        self.files: dict[str, bytes] = {}
        self.uploaded: dict[str, int] = {}
        self._keyring: Keyring | None = None

    # --- what people do on it ---------------------------------------------------------------------------------------

    def join(self, exchange: Exchange, code: str) -> Enrolled:
        """Enrol with a one-time code; the first entries say so."""
        welcome = enrol(exchange, code, self.signer, self.box.public_raw, name=self.name, clock=self.clock)
        self._keyring, self.station = welcome.keyring, welcome.station
        root = welcome.keyring.root.key.key_id.hex()
        self.record(
            0,
            DeviceEnrolled(station=welcome.station, province=welcome.province, root=root, name=self.name, program="t"),
        )
        self.take_in(welcome.epoch, welcome.documents)
        return welcome

    def add_person(self, person: int) -> SigningKey:
        """A person makes a signing key here."""
        key = self.people[person] = SigningKey.generate(Suite.ED25519, self.random)
        self.record(person, PersonKeyAdded(person=person, suite=key.public.suite, key=key.public.raw.hex()))
        return key

    def record(
        self,
        actor: int,
        fact: Fact,
        *,
        private: msgspec.Struct | PrivatePart | None = None,
        key: SigningKey | None = None,
        stamp: Stamp | None = None,
    ) -> str:
        """Append one entry; ``key`` signs in place of the actor's own, ``stamp`` is the moment the fact names."""
        act = Act(self.head(), stamp or self.clock.now(), actor, salt=self.random.bytes)
        signing = key or self.people.get(actor)
        sign = (lambda covered: signing.sign(ACTOR_CONTEXT, covered)) if signing else None
        ref = act.add(fact, private=private, sign=sign)
        self._commit(act.entries[0])
        return ref

    def write(self, public: bytes, actor_sig: bytes = b"", private: PrivatePart | None = None) -> None:
        """Append bytes as they are, whatever they are."""
        self._commit(WrittenEntry(public, private, actor_sig))

    def _commit(self, written: WrittenEntry) -> None:
        self.entries.append(written)
        self.hashes.append(entry_hash(self.hashes[-1], written.public))

    def sync(self, exchange: Exchange, *, batch_bytes: int = Pace.START) -> RoundReport:
        """One round."""
        return sync_round(Device(self, self.signer, self.clock), exchange, batch_bytes=batch_bytes)

    def attach(self, content: bytes) -> str:
        """Keep a photograph; returns its name."""
        name = sha256(content).hex()
        self.files[name] = content
        return name

    def send(
        self,
        exchange: Exchange,
        *,
        batch_bytes: int = Pace.START,
        watch: Callable[[AttachmentProgress], None] | None = None,
    ) -> AttachmentReport:
        """Send the photographs that wait."""
        side = Device(self, self.signer, self.clock)
        return send_attachments(side, self, exchange, batch_bytes=batch_bytes, watch=watch)

    def clone(self) -> FakeDevice:
        """The same disk in a second laptop."""
        twin = copy.copy(self)
        twin.entries, twin.hashes, twin.stored = list(self.entries), list(self.hashes), list(self.stored)
        twin.people = dict(self.people)
        return twin

    def held(self, shape: type[S]) -> list[S]:
        """The documents of one type that were pulled, in order."""
        return [value for value in map(_opened, self.stored) if isinstance(value, shape)]

    # --- the port ---------------------------------------------------------------------------------------------------

    def keyring(self) -> Keyring:
        assert self._keyring is not None
        return self._keyring

    def head(self) -> Head:
        return Head(self.device, len(self.entries), self.hashes[-1])

    def hash_at(self, seq: int) -> bytes:
        return self.hashes[seq]

    def written(self, first: int, limit: int) -> Iterable[WrittenEntry]:
        return self.entries[first - 1 : first - 1 + limit]

    def acknowledged(self) -> Acknowledged:
        return self.note

    def note_acknowledged(self, note: Acknowledged) -> None:
        self.note = note

    def pulled_through(self) -> tuple[str, int]:
        return (self.stored[-1].epoch, self.stored[-1].cursor) if self.stored else ("", 0)

    def documents(self, epoch: str, first: int, last: int) -> Sequence[Pulled]:
        return [one for one in self.stored if one.epoch == epoch and first <= one.cursor <= last]

    def documents_after(self, cursor: int) -> Sequence[Pulled]:
        return [one for one in self.stored if one.cursor > cursor]

    def take_in(self, epoch: str, documents: Sequence[Pulled]) -> None:
        draws = {draw.draw: draw for draw in self.held(Draw)}
        blocks = list(self.held(Block))
        for document in documents:
            self._check(document, draws, blocks)
        listed = list(documents)
        self.stored += listed
        fact = ProvincePulled(epoch=epoch, first=listed[0].cursor, last=listed[-1].cursor, hash=feed_hash(listed).hex())
        self.record(0, fact)

    def _check(self, document: Pulled, draws: dict[str, Draw], blocks: list[Block]) -> None:
        if document.kind == RELAYED:
            entry = read_relayed(document.content)
            if entry is None or entry.envelope.device == self.device:
                raise StationError("document.document_malformed", cursor=document.cursor)
            return
        signed = decode_document(document.content)
        fault = (
            signed
            if not isinstance(signed, SignedDocument)
            else check(signed, self.keyring(), verify, at_ms=self.clock.now().at)
        )
        if fault not in (None, DocumentFault.UNKNOWN_TYPE):
            raise StationError(f"document.{fault}", cursor=document.cursor)
        match _opened(document):
            case Draw() as draw:
                draws[draw.draw] = draw
            case Block() as block:
                own = draws.get(block.draw)
                earlier = {one.block for one in blocks if own and draws[one.draw].turn < own.turn}
                wrong = check_block(block, own, block.device, blocks, station=self.station, given_back=earlier)
                if wrong is not None:
                    raise StationError(f"block.{wrong}", cursor=document.cursor)
                blocks.append(block)
            case KeyStatement():
                believed = self.keyring().including(document.content, verify)
                assert isinstance(believed, Keyring)
                self._keyring = believed
            case _:
                pass

    def trust_known(self) -> tuple[int, int]:
        return (self.trust.file.epoch, self.trust.file.seq) if self.trust else (0, 0)

    def take_trust(self, pack: bytes) -> None:
        opened = open_pack(pack, verify, root=self.keyring().root.key, at_ms=self.clock.now().at)
        if not isinstance(opened, Trust):
            raise StationError(f"trust.{opened}")
        fault = is_newer(opened.file, self.trust.file if self.trust else None)
        if fault is not None:
            raise StationError(f"trust.{fault}")
        self.trust = opened

    def freeze(self, reason: str) -> None:
        self.frozen = reason

    # --- the port of attachments ------------------------------------------------------------------------------------

    def unsent(self, through: int, epoch: int) -> Sequence[Unsent]:
        named: dict[str, None] = {}
        for written in self.entries[:through]:
            envelope, _verdict = read_envelope(written.public)
            fact = read_fact(envelope)[0] if envelope is not None else None
            named |= dict.fromkeys(attachments_of(fact) if fact is not None else ())
        waiting = [name for name in named if name in self.files and self.uploaded.get(name, 0) < epoch]
        return [Unsent(name, len(self.files[name])) for name in waiting]

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise StationError("file_missing", name=name[:12])
        return self.files[name]

    def note_held(self, names: Sequence[str], epoch: int) -> None:
        for name in names:
            self.uploaded[name] = max(epoch, self.uploaded.get(name, 0))


def _opened(document: Pulled) -> msgspec.Struct | None:
    signed = decode_document(document.content)
    value = from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None
    return value if isinstance(value, msgspec.Struct) else None


class Line:
    """An exchange with faults: each ``post`` takes the next fault of the list, then the line is good.

    ``lost_request``: nothing arrives. ``lost_answer``: it arrives, the answer does not. ``doubled``: it arrives twice.
    ``late``: the answer of an earlier request comes instead. ``cut``: the request arrives truncated.
    """

    def __init__(self, inner: Exchange, *faults: str) -> None:
        self.inner, self.faults = inner, list(faults)
        self.frames: list[bytes] = []
        self.answers: list[Reply] = []

    def post(self, path: str, frame: bytes) -> Reply:
        fault = self.faults.pop(0) if self.faults else ""
        self.frames.append(frame)
        if fault == "lost_request":
            raise StationError("network.timeout")
        if fault == "cut":
            return self.inner.post(path, frame[: len(frame) // 2])
        if fault == "doubled":
            self.inner.post(path, frame)
        reply = self.inner.post(path, frame)
        self.answers.append(reply)
        if fault == "lost_answer":
            raise StationError("network.timeout")
        return self.answers[0] if fault == "late" else reply
