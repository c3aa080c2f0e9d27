"""The proof that an ended paper is marked 作废 on every copy and kept whole (GX-2014 Art. 23, last paragraph).

What lies on the desk when a paper ends is photographed then, or a reason says why not and the picture comes later; what
its holder still has is marked when it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.journal.entries.certificates import CertificateIssued, CertificateVoided, NoticeVoided
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries
from inspector_app.services.on_desk import Sheet, ending_refusals, paper_row
from inspector_app.services.typed import attachment_refusals, picture_refusals


class Marked(msgspec.Struct, frozen=True):
    """How the marked sheets look: ``photos`` (hex SHA-256 each), or the reason of the list ``no_picture`` for none."""

    photos: list[str] = []
    no_picture: str = ""


UNSEEN = Marked()


def of_replaced(draft: IssueDraft) -> Marked:
    """What a draft shows of the paper it replaces; nothing where it replaces none."""
    return Marked(draft.replaces_photos, draft.replaces_no_picture) if draft.replaces else UNSEEN


def as_recorded(marked: Marked, on_desk: int) -> Marked:
    """What goes on record: an excuse stands only where there is something to photograph and nobody did."""
    return Marked(list(marked.photos), marked.no_picture if on_desk and not marked.photos else "")


def shown_by(device: Device, ref: str) -> Marked:
    """What the entry that ended a paper shows of its sheets; nothing where no such entry is known here."""
    entry = KnownEntries(device).find(ref) if ref else None
    fact = entry.fact if entry is not None else None
    if not isinstance(fact, CertificateIssued | CertificateVoided | NoticeVoided):
        return UNSEEN
    return Marked(fact.attachments, fact.no_picture)


@enforces("G35")
def marked_refusals(device: Device, on_desk: int, marked: Marked) -> list[Refusal]:
    """Why sheets on the desk do not count as marked: neither a photograph, nor a reason why there is none."""
    found = attachment_refusals(device, marked.photos)
    return found + (picture_refusals(device, marked.photos, marked.no_picture) if on_desk > 0 else [])


@enforces("G35")
def unmarked_refusals(device: Device, number: str, *, marked: bool) -> list[Refusal]:
    """A sheet of a paper that ended is marked as it comes back; a used one stays as it is."""
    paper = paper_row(device, number)
    if marked or paper is None or paper["state"] == "issued":
        return []
    return [Refusal(code=RefusalCode.SHEET_UNMARKED, field="marked", current=number)]


_OF_THE_FORM = {
    "on_desk": "replaces_on_desk",
    "lost": "replaces_lost",
    "attachments": "replaces_photos",
    "no_picture": "replaces_no_picture",
}


def replacing_refusals(device: Device, draft: IssueDraft, lost: Sequence[Sheet]) -> list[Refusal]:
    """Why the paper that a draft replaces may not end now, by the fields of the new one's form."""
    on_desk = draft.replaces_on_desk
    found = ending_refusals(device, draft.replaces, on_desk, lost)
    found += marked_refusals(device, on_desk, of_replaced(draft))
    return [msgspec.structs.replace(one, field=_OF_THE_FORM.get(one.field, one.field)) for one in found]
