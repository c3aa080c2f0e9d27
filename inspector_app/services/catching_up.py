"""The device's side of catching up with the province: what is pulled is checked before it is stored.

A document that does not verify, or a block that may not be taken in, stops the pull and names itself; nothing of that
pull is applied. What was stored takes effect at the own ``province.pulled`` entry, in the order of the feed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import structs

from inspector_app.domain.authority import DeviceSheet
from inspector_app.domain.documents import (
    DocumentFault,
    Keyring,
    KeyStatement,
    SignedDocument,
    check,
    decode_document,
    from_payload,
)
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.numbering import Block, Draw, NumberState, check_block, overlap
from inspector_app.domain.rules import enforces
from inspector_app.domain.trust import Trust, TrustFile, is_newer, open_pack
from inspector_app.errors import StationError
from inspector_app.journal.chain import Head, WrittenEntry
from inspector_app.journal.feed import RELAYED, Acknowledged, Pulled, read_relayed
from inspector_app.journal.projections import Row
from inspector_app.ports import Disk
from inspector_app.services.device import Device
from inspector_app.store.journal_store import pulled_entry
from inspector_app.suites import verify

DEVICE_ITSELF = 0


def check_pulled(device: Device, documents: Sequence[Pulled]) -> None:
    """Check signatures, shapes and blocks of a pull. StationError ``document.*`` or ``block.*`` naming the cursor."""
    arrived: list[Block] = []
    draws: dict[str, Draw] = {}
    sisters: set[str] = set()
    for document in documents:
        if document.kind == RELAYED:
            _check_relayed(device, document)
            continue
        match _check_document(device, document):
            case Draw() as draw:
                draws[draw.draw] = draw
            case DeviceSheet() as sheet if sheet.station == device.sheet.station:
                sisters.add(sheet.device)
            case Block() as block:
                _check_block(device, document, block, draws, arrived, sisters)
                arrived.append(block)
            case KeyStatement():
                _believe(device, document.content)
            case _:
                pass


def _check_relayed(device: Device, document: Pulled) -> None:
    entry = read_relayed(document.content)
    if entry is None or entry.envelope.device == device.id:
        raise StationError("document.document_malformed", cursor=document.cursor)


def _check_document(device: Device, document: Pulled) -> object:
    signed = decode_document(document.content)
    if not isinstance(signed, SignedDocument):
        raise StationError(f"document.{signed}", cursor=document.cursor)
    if signed.type != document.kind:
        raise StationError(f"document.{DocumentFault.WRONG_TYPE}", cursor=document.cursor)
    fault = check(signed, device.keyring, verify, at_ms=device.clock.now().at)
    # A type this program does not know yet is stored and takes effect after an update.
    if fault is DocumentFault.UNKNOWN_TYPE:
        return None
    if fault is not None:
        raise StationError(f"document.{fault}", cursor=document.cursor)
    struct = from_payload(signed.type, signed.payload)
    if isinstance(struct, DocumentFault):
        raise StationError(f"document.{struct}", cursor=document.cursor)
    return struct


def _check_block(
    device: Device, document: Pulled, block: Block, draws: dict[str, Draw], arrived: list[Block], sisters: set[str]
) -> None:
    known = [block_of(row) for row in device.rows.many("blocks")] + arrived
    draw = draws.get(block.draw) or _known_draw(device, block.draw)
    # A sister's block is told to everybody in the station; it is checked as the sister checks it.
    holder = block.device if block.device in sisters or _is_of_station(device, block.device) else device.id
    given_back = _given_back(device, block, draw, draws, known) if draw is not None and draw.turn > 1 else set[str]()
    fault = check_block(block, draw, holder, known, station=device.sheet.station, given_back=given_back)
    if fault is not None:
        raise StationError(f"block.{fault}", cursor=document.cursor, first=block.first, last=block.last)


@enforces("G31")
def _given_back(device: Device, block: Block, draw: Draw, draws: dict[str, Draw], known: list[Block]) -> set[str]:
    """The known blocks that a block of a later draw may cover: each of an earlier turn by the authority's own word.

    Of its own block this computer knows better than anybody: none of these numbers may be free or used in it.
    """
    covered = (one for one in known if overlap(block, one))
    return {one.block for one in covered if _turn_of(device, one, draws) < draw.turn and _let_go(device, block, one)}


def _turn_of(device: Device, block: Block, draws: dict[str, Draw]) -> int:
    draw = draws.get(block.draw) or _known_draw(device, block.draw)
    return draw.turn if draw is not None else 1


def _let_go(device: Device, block: Block, earlier: Block) -> bool:
    """Whether a sister's block, or an own one of which nothing in this range can be or was put on a paper here."""
    if earlier.device != device.id:
        return True
    numbers = device.rows.many("numbers", block=earlier.block)
    own = [row["state"] for row in numbers if block.first <= str(row["digits"]) <= block.last]
    return bool(own) and not {NumberState.FREE, NumberState.USED} & {NumberState(str(state)) for state in own}


def _is_of_station(device: Device, name: str) -> bool:
    row = device.rows.one("devices", device=name)
    return name == device.id or (row is not None and row["station"] == device.sheet.station)


def doubtful_document(device: Device) -> Pulled | None:
    """The first stored document whose signatures do not hold by what this program knows of its type.

    A type unknown when it was pulled was stored unread; asked after an update, before anything is believed of it.
    Validity windows are left out: a key that has ended since still vouches for what came before.
    """
    statements = tuple(structs.replace(one, valid_from=0, valid_until=2**53) for one in device.keyring.statements)
    timeless = structs.replace(device.keyring, statements=statements)
    for document in device.store.documents_after(0):
        signed = decode_document(document.content) if document.kind != RELAYED and document.content else None
        if isinstance(signed, SignedDocument):
            fault = check(signed, timeless, verify, at_ms=0)
            if fault not in (None, DocumentFault.UNKNOWN_TYPE):
                return document
    return None


def _believe(device: Device, statement: bytes) -> None:
    keyring = device.keyring.including(statement, verify)
    if isinstance(keyring, Keyring):
        device.keyring = keyring


def _known_draw(device: Device, name: str) -> Draw | None:
    row = device.rows.one("draws", draw=name)
    return draw_of(row) if row else None


def draw_of(row: Row) -> Draw:
    """A draw from its row."""
    return Draw(
        draw=str(row["draw"]),
        scheme=str(row["scheme"]),
        kind=str(row["kind"]),
        first=str(row["first"]),
        last=str(row["last"]),
        station=int(row["station"] or 0),
        holder=int(row["holder"] or 0),
        issued_at=int(row["issued_at"] or 0),
        previous=str(row["previous"] or ""),
        turn=int(row["turn"] or 1),
    )


def block_of(row: Row) -> Block:
    """A block from its row."""
    return Block(
        block=str(row["block"]),
        draw=str(row["draw"]),
        scheme=str(row["scheme"]),
        kind=str(row["kind"]),
        first=str(row["first"]),
        last=str(row["last"]),
        device=str(row["device"]),
        holder=int(row["holder"] or 0),
        ordinal=int(row["ordinal"] or 0),
        issued_at=int(row["issued_at"] or 0),
        expires=int(row["expires"] or 0),
    )


class DeviceJournal:
    """The device's journal as catching up sees it (``sync.journal_port.JournalPort``)."""

    def __init__(self, device: Device, trust: Path, disk: Disk) -> None:
        self._device = device
        self._store = device.store
        self._trust = trust
        self._disk = disk

    @property
    def device(self) -> str:
        """The device's id, 32 hex digits."""
        return self._device.id

    def keyring(self) -> Keyring:
        """Whom this home believes."""
        return self._device.keyring

    def head(self) -> Head:
        """Where the journal stands."""
        return self._store.head()

    def hash_at(self, seq: int) -> bytes:
        """The hash of entry ``seq``."""
        return self._store.hash_at(seq)

    def written(self, first: int, limit: int) -> Iterable[WrittenEntry]:
        """Entries from ``first`` on, exactly as stored."""
        return self._store.written(first, limit)

    def acknowledged(self) -> Acknowledged:
        """How far the province has confirmed."""
        return self._store.acknowledged()

    def note_acknowledged(self, note: Acknowledged) -> None:
        """Remember it."""
        self._store.note_acknowledged(note)

    def pulled_through(self) -> tuple[str, int]:
        """Epoch and cursor of the last document stored."""
        row = self._device.rows.one("pulls", device=self._device.id)
        return (str(row["epoch"]), int(row["last"] or 0)) if row else ("", 0)

    def documents(self, epoch: str, first: int, last: int) -> Sequence[Pulled]:
        """Stored documents of an epoch, in order."""
        return self._store.documents(epoch, first, last)

    def documents_after(self, cursor: int) -> Sequence[Pulled]:
        """Stored documents of every epoch beyond a cursor."""
        return self._store.documents_after(cursor)

    def take_in(self, epoch: str, documents: Sequence[Pulled]) -> None:
        """Check, store and let take effect."""
        take_in(self._device, epoch, documents)

    def trust_known(self) -> tuple[int, int]:
        """Epoch and seq of the trust file held."""
        known = self._known_trust()
        return (known.epoch, known.seq) if known else (0, 0)

    def _known_trust(self) -> TrustFile | None:
        raw = self._disk.read(self._trust)
        return _trust_in(raw, self._device.keyring.root.key) if raw is not None else None

    def take_trust(self, pack: bytes) -> None:
        """Check a packed trust file and keep it if it is newer. StationError ``trust.*``; the old one then stays."""
        now = self._device.clock.now().at
        opened = open_pack(pack, verify, root=self._device.keyring.root.key, at_ms=now)
        if not isinstance(opened, Trust):
            raise StationError(f"trust.{opened}")
        fault = is_newer(opened.file, self._known_trust())
        if fault is not None:
            raise StationError(f"trust.{fault}")
        self._disk.replace(self._trust, pack)

    def freeze(self, reason: str) -> None:
        """Stop issuing, durably, and nothing else."""
        self._device.frozen = reason  # first: should the disk be full, issuing stops all the same
        self._store.freeze(reason, self._device.clock.now().at)


@functools.lru_cache(maxsize=2)
def _trust_in(raw: bytes, root: PublicKey) -> TrustFile | None:
    """The trust file in a pack, if it holds; each request names it, and it changes once a day."""
    opened = open_pack(raw, verify, root=root)
    return opened.file if isinstance(opened, Trust) else None


def take_in(device: Device, epoch: str, documents: Sequence[Pulled]) -> None:
    """Check a pull, store it and let it take effect, in one transaction with the entry that says so."""
    if not documents:
        return
    check_pulled(device, documents)
    device.record(lambda act: act.add(pulled_entry(epoch, documents)), actor=DEVICE_ITSELF, pulled=documents)
