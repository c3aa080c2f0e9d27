"""Changes to registers that were asked for, and what became of them, as rows."""

from __future__ import annotations

import msgspec

from inspector_app.domain.register_changes import (
    OrganisationAsked,
    RegisterAgreed,
    RegisterCarriedOut,
    RegisterDropped,
    RegisterState,
    SealAsked,
    StoreAsked,
    Wish,
    register_of,
    subject_of,
)
from inspector_app.errors import BugError
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows

_SHAPES: dict[str, type[OrganisationAsked | StoreAsked | SealAsked]] = {
    "organisations": OrganisationAsked,
    "stores": StoreAsked,
    "seals": SealAsked,
}


@projects_document(OrganisationAsked)
def organisation_asked(value: OrganisationAsked, rows: Rows) -> None:
    """It waits for the second person."""
    _note(value, rows)


@projects_document(StoreAsked)
def store_asked(value: StoreAsked, rows: Rows) -> None:
    """It waits for the second person."""
    _note(value, rows)


@projects_document(SealAsked)
def seal_asked(value: SealAsked, rows: Rows) -> None:
    """It waits for the second person."""
    _note(value, rows)


def _note(value: Wish, rows: Rows) -> None:
    row: Row = {"ask": value.ask, "register": register_of(value), "subject": subject_of(value)}
    row |= {"organisation": value.sheet.organisation, "by": value.sheet.by, "at": value.sheet.at}
    row |= {"wish": msgspec.json.encode(value).decode(), "state": RegisterState.ASKED.value, "ordinal": None}
    rows.put("register_asks", row | dict.fromkeys(("agreed_by", "agreed_at", "answered_by", "answered_at")))


def wish_of(row: Row) -> Wish:
    """The change a row was made from."""
    shape = _SHAPES.get(str(row["register"]))
    if shape is None:
        raise BugError(f"no register {row['register']}")
    return msgspec.json.decode(str(row["wish"]), type=shape)


@projects_document(RegisterAgreed)
def register_agreed(value: RegisterAgreed, rows: Rows) -> None:
    """Two persons want it; it waits for the authority key."""
    changes: Row = {"state": RegisterState.AGREED.value, "agreed_by": value.by, "agreed_at": value.at}
    rows.update("register_asks", {"ask": value.ask}, changes)


@projects_document(RegisterDropped)
def register_dropped(value: RegisterDropped, rows: Rows) -> None:
    """The register stays as it is."""
    changes: Row = {"state": RegisterState.DROPPED.value, "answered_by": value.by, "answered_at": value.at}
    rows.update("register_asks", {"ask": value.ask}, changes)


@projects_document(RegisterCarriedOut)
def register_carried_out(value: RegisterCarriedOut, rows: Rows) -> None:
    """It stands on the register."""
    changes: Row = {"state": RegisterState.CARRIED_OUT.value, "ordinal": value.ordinal, "answered_at": value.at}
    rows.update("register_asks", {"ask": value.ask}, changes)
