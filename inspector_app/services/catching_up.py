"""The device's side of catching up with the province: what is pulled is checked before it is stored.

A document that does not verify, or a block that may not be taken in, stops the pull and names itself; nothing of that
pull is applied. What was stored takes effect at the own ``province.pulled`` entry, in the order of the feed.
"""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.domain.documents import DocumentFault, SignedDocument, check, decode_document, from_payload
from inspector_app.domain.numbering import Block, BlockFault, Draw, check_block
from inspector_app.errors import StationError
from inspector_app.journal.chain import Act
from inspector_app.journal.feed import RELAYED, Pulled, read_relayed
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.store.journal_store import pulled_entry
from inspector_app.suites import verify

DEVICE_ITSELF = 0


def check_pulled(device: Device, documents: Sequence[Pulled]) -> None:
    """Check signatures, shapes and blocks of a pull. StationError ``document.*`` or ``block.*`` naming the cursor."""
    arrived: list[Block] = []
    draws: dict[str, Draw] = {}
    for document in documents:
        if document.kind == RELAYED:
            _check_relayed(device, document)
            continue
        match _check_document(device, document):
            case Draw() as draw:
                draws[draw.draw] = draw
            case Block() as block:
                _check_block(device, document, block, draws, arrived)
                arrived.append(block)
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
    return from_payload(signed.type, signed.payload)


def _check_block(device: Device, document: Pulled, block: Block, draws: dict[str, Draw], arrived: list[Block]) -> None:
    known = [block_of(row) for row in device.rows.many("blocks")] + arrived
    draw = draws.get(block.draw) or _known_draw(device, block.draw)
    # A sister's block is told to everybody in the station; it is checked as the sister checks it.
    fault: BlockFault | None = check_block(block, draw, block.device, known)
    if fault is not None:
        raise StationError(f"block.{fault}", cursor=document.cursor, first=block.first, last=block.last)


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


def take_in(device: Device, epoch: str, documents: Sequence[Pulled]) -> None:
    """Check a pull, store it and let it take effect, in one transaction with the entry that says so."""
    if not documents:
        return
    check_pulled(device, documents)
    act = Act(device.store.head(), device.clock.now(), DEVICE_ITSELF, salt=device.random.bytes)
    act.add(pulled_entry(epoch, documents))
    device.store.append(act, pulled=documents)
    for listener in device.after_commit:
        listener(act.head)
