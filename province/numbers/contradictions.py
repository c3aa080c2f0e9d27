"""Two documents of the province that cannot both be true: it was restored, has forgotten one, and signed the other.

Both were told to somebody, and neither can be taken back. A person has to look, and until then nothing more is cut out
of any draw that touches the range: each further block might be given twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from inspector_app.domain.numbering import Block, Draw
from province import provinces
from province.journal.models import Incident
from province.numbers.models import DrawnRange
from province.numbers.ranges import NumbersError, place_of

BLOCK, DRAW, GRANT = "block_contradicts", "draw_contradicts", "grant_contradicts"


def stop_cutting(using: str, document: Draw | Block, raw: bytes, *, told_by: str) -> None:
    """Note that a verified document contradicts what is held, and stop cutting there."""
    try:
        place = place_of(using, document.scheme, document.kind, document.first, document.last)
    except NumbersError:
        pass  # a range of no scheme known here: nothing can be cut out of it
    else:
        DrawnRange.objects.using(using).filter(low__lte=place.high, high__gte=place.low).update(contested=True)
    if isinstance(document, Block):
        DrawnRange.objects.using(using).filter(draw=document.draw).update(contested=True)
    kind = f"{BLOCK} {document.kind}" if isinstance(document, Block) else f"{DRAW} {document.kind}"
    note(using, kind, int(document.first), raw, told_by=told_by)


def blocks_forgotten(using: str, device: str, kind: str) -> Iterator[Block]:
    """The blocks of a device that were signed by the province and cannot be taken back."""
    for row in Incident.objects.using(using).filter(device=device, kind=f"{BLOCK} {kind}"):
        signed = decode_document(bytes(row.frame))
        value = from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None
        if isinstance(value, Block):
            yield value


def note(using: str, kind: str, number: int, raw: bytes, *, told_by: str) -> None:
    """An incident with the document that proves it; the same one again changes nothing."""
    at = provinces.of(using).clock.now().at
    incident = Incident(device=told_by, kind=kind, seq=number, at=at, frame=raw)
    Incident.objects.using(using).bulk_create([incident], ignore_conflicts=True)
