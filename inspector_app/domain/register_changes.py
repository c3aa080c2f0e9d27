"""Changes to the province's registers as they are asked for at the desk: organisations, stores, seals.

Such a sheet is signed with the authority key, which does not lie where the desk runs. So a person asks for the change
with the whole sheet, a second one agrees, and it stands on the register once the command with the key has carried it
out. A sheet that is asked for has the ordinal of the one it is to replace, 0 for none; its ``by`` is who asks.
"""

from __future__ import annotations

import enum
from typing import TypeAlias

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.organisations import LocationSheet, OrganisationSheet
from inspector_app.domain.seals import SealSheet


class RegisterState(enum.StrEnum):
    """The life of a change that was asked for."""

    ASKED = "asked"
    AGREED = "agreed"
    CARRIED_OUT = "carried_out"
    DROPPED = "dropped"


@document("organisation_asked", 1, signed_by=Role.SERVER)
class OrganisationAsked(msgspec.Struct, frozen=True, array_like=True):
    """Somebody asks that an organisation be registered or changed."""

    ask: str
    sheet: OrganisationSheet


@document("store_asked", 1, signed_by=Role.SERVER)
class StoreAsked(msgspec.Struct, frozen=True, array_like=True):
    """A head asks that a store be named or pass to another keeper, with what both keepers ``counted``."""

    ask: str
    sheet: LocationSheet
    counted: tuple[tuple[str, int], ...]


@document("seal_asked", 1, signed_by=Role.SERVER)
class SealAsked(msgspec.Struct, frozen=True, array_like=True):
    """The keeper of a store (``location``) asks that a seal be registered, given to its next holder, or ended."""

    ask: str
    sheet: SealSheet
    location: int


Wish: TypeAlias = OrganisationAsked | StoreAsked | SealAsked


@document("register_agreed", 1, signed_by=Role.SERVER)
class RegisterAgreed(msgspec.Struct, frozen=True, array_like=True):
    """The second person agreed; it waits for the authority key."""

    ask: str
    by: int
    at: int


@document("register_dropped", 1, signed_by=Role.SERVER)
class RegisterDropped(msgspec.Struct, frozen=True, array_like=True):
    """Who asked took it back, or the second person did not agree; nothing was changed."""

    ask: str
    by: int
    at: int


@document("register_carried_out", 1, signed_by=Role.AUTHORITY)
class RegisterCarriedOut(msgspec.Struct, frozen=True, array_like=True):
    """The change stands on the register, as the sheet with this ``ordinal``."""

    ask: str
    ordinal: int
    at: int


def register_of(wish: Wish) -> str:
    """Which register a change is of: ``organisations``, ``stores`` or ``seals``."""
    match wish:
        case OrganisationAsked():
            return "organisations"
        case StoreAsked():
            return "stores"
        case SealAsked():
            return "seals"


def subject_of(wish: Wish) -> str:
    """What on the register is changed: the organisation's number, a store as ``100:1``, the seal's name."""
    match wish:
        case OrganisationAsked(sheet=sheet):
            return str(sheet.organisation)
        case StoreAsked(sheet=place):
            return f"{place.organisation}:{place.location}"
        case SealAsked(sheet=seal):
            return seal.seal
