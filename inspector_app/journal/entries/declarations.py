"""Parties (货主, 承运人, 收货人) and declarations (检疫申报)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.quantities import Quantity
from inspector_app.journal.envelope import Fact, fact


class PartyDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party's name and how to reach it."""

    name: str
    phone: str = ""
    address: str = ""
    permit: str = ""


@fact("party.recorded/1", private=PartyDetails)
class PartyRecorded(Fact, frozen=True):
    """A party missing from the register was entered as provisional (临时登记) and the work goes on."""

    role: str
    area: int


class DeclarationDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the declarant said in names and words."""

    owner: str
    owner_phone: str
    owner_address: str = ""
    origin_place: str = ""
    pond: str = ""
    destination_place: str = ""
    consignee: str = ""
    permit: str = ""
    remarks: str = ""


@fact("declaration.recorded/1", private=DeclarationDetails)
class DeclarationRecorded(Fact, frozen=True):
    """A declaration was taken down; ``online`` names the province's online declaration it came from, else "".

    ``channel`` is point, phone, fax or online; ``declared_at`` (UTC ms) when the declarant rang, came or sent it, which
    may be before the entry; ``departs_at`` the planned departure in UTC ms (required, DESIGN 15).
    """

    owner: str
    channel: str
    online: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    destination: int
    wild: bool
    declared_at: int
    departs_at: int


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark in the person's own words."""

    text: str


def note_of(words: str) -> Note | None:
    """The private part for what a person wrote; None when there are no words."""
    return Note(text=words.strip()) if words.strip() else None


@fact("declaration.accepted/1", private=Note)
class DeclarationAccepted(Fact, frozen=True):
    """Accepted (受理); ``short_notice`` is the reason code when the lead time was not kept, else ""."""

    declaration: str
    inspect_on: str
    area: int
    short_notice: str = ""


@fact("declaration.not_accepted/1", private=Note)
class DeclarationNotAccepted(Fact, frozen=True):
    """Not accepted (不予受理), with the reason the law demands."""

    declaration: str
    reason: str


@fact("declaration.withdrawn/1", private=Note)
class DeclarationWithdrawn(Fact, frozen=True):
    """The declarant took it back."""

    declaration: str
    reason: str
