"""Declarations (检疫申报): their states, the lead time, and what a producer declares online."""

from __future__ import annotations

import enum

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.quantities import Quantity

MS_PER_DAY = 86_400_000


class DeclarationState(enum.StrEnum):
    """``recorded → accepted | not_accepted | withdrawn``; an accepted one may still be withdrawn."""

    RECORDED = "recorded"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"


_D = DeclarationState
DECLARATION_MOVES: dict[DeclarationState, frozenset[DeclarationState]] = {
    _D.RECORDED: frozenset({_D.ACCEPTED, _D.NOT_ACCEPTED, _D.WITHDRAWN}),
    _D.ACCEPTED: frozenset({_D.WITHDRAWN}),
    _D.NOT_ACCEPTED: frozenset(),
    _D.WITHDRAWN: frozenset(),
}


def move_declaration(state: DeclarationState, to: DeclarationState) -> DeclarationState:
    """The declaration's next state; ValueError for a move its life does not have."""
    if to not in DECLARATION_MOVES[state]:
        raise ValueError(f"a {state} declaration cannot become {to}")
    return to


@document("online_declaration", 1, signed_by=Role.SERVER)
class OnlineDeclaration(msgspec.Struct, frozen=True, array_like=True):
    """A producer's declaration from the province's page, on its way to the station it chose; not yet decided."""

    online: str
    station: int
    declared_at: int
    owner: str
    owner_phone: str
    owner_address: str
    permit: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    origin_place: str
    pond: str
    destination: int
    destination_place: str
    consignee: str
    wild: bool
    departs_at: int
    remarks: str


def province_of(area: int) -> int:
    """The two-digit province code of a GB/T 2260 area."""
    return area // 10_000


def kind_for(origin: int, destination: int) -> str:
    """Certificate kind by the trip: A leaves the province, B stays inside it (DOMAIN 1.8)."""
    return "B" if province_of(origin) == province_of(destination) else "A"


def lead_days(declared_at: int, departs_at: int) -> int:
    """Whole days between declaration and planned departure; negative when it already left."""
    return (departs_at - declared_at) // MS_PER_DAY


class DeclarationForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declaration as typed or imported (``inspector declare FILE.json``).

    ``quantity`` in catalogue units; ``origin`` and ``destination`` GB/T 2260 areas; ``departs_at`` UTC ms, required;
    ``declared_at`` UTC ms, when the declarant rang or came (0: now), which may be before it is typed in.
    """

    owner: str
    owner_phone: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    destination: int
    departs_at: int
    declared_at: int = 0
    channel: str = "point"
    online: str = ""
    owner_address: str = ""
    origin_place: str = ""
    pond: str = ""
    destination_place: str = ""
    consignee: str = ""
    permit: str = ""
    wild: bool = False
    remarks: str = ""


CHANNELS = ("point", "phone", "fax", "online")
