"""Attempts and prints: a *print* is an original that may exist, an *attempt* a try to make it (DESIGN 5)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.certificate import CertificateParties, CertificateRecord
from inspector_app.domain.numbering import Number
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


@fact("print.submitted/1", typed=("printer",))
class PrintSubmitted(Fact, frozen=True):
    """Exact bytes (``file``: hex SHA-256, kept) are about to go to a printer; written before the first byte leaves.

    ``print`` numbers the original, ``attempt`` the tries of that print. ``medium`` is laser, thermal or file. ``paper``
    are the digits printed on a pre-numbered sheet, "" on plain paper.
    """

    number: Number
    print: int
    attempt: int
    printer: str
    medium: str
    form: str
    file: str
    sheets: int
    paper: str = ""


@fact("print.released/1", private=Note, accountable=True)
class PrintReleased(Fact, frozen=True):
    """Print n ≥ 2 was released with its reason; ``spoiled`` are the sheet numbers of the earlier print on record.

    ``credential`` is the hex SHA-256 of the released credential: of print 2 and 3 one of those fixed at issue, beyond
    them one the vet signed anew. A notice has none.
    """

    number: Number
    print: int
    reason: str
    spoiled: list[int]
    credential: str


@fact("print.ended/1")
class PrintEnded(Fact, frozen=True):
    """How an attempt ended: printed, not_printed, unknown or spoiled; ``source`` is person, device or start."""

    attempt: str
    outcome: str
    source: str


@fact("print.ordered/1", accountable=True)
class PrintOrdered(Fact, frozen=True):
    """An issued certificate is to be printed by a clerk on another device of the station."""

    number: Number
    device: str


class OrderContent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a print order brought: record and personal part of the sister's certificate, and its commitment (hex)."""

    record: CertificateRecord
    parties: CertificateParties
    promise: str


@fact("print_order.received/1", private=OrderContent)
class PrintOrderReceived(Fact, frozen=True):
    """A print order of a sister device arrived; its attempts go into this device's journal."""

    number: Number
    issued: str
    ordered: str
    prints: list[str]
