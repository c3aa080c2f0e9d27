"""Parties and declarations as rows."""

from __future__ import annotations

from inspector_app.domain.declaration import DeclarationState, OnlineDeclaration, move_declaration
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationDetails,
    DeclarationNotAccepted,
    DeclarationRecorded,
    DeclarationWithdrawn,
    Note,
    PartyDetails,
    PartyRecorded,
)
from inspector_app.journal.projections.cases import holder_of
from inspector_app.journal.projections.registry import projects, projects_document
from inspector_app.journal.projections.rows import Row, Rows


def batch_columns(species: int, quantity: Quantity) -> Row:
    """The four columns in which a batch's species and quantity stand."""
    return {"species": species, "value": quantity.value, "scale": quantity.scale, "unit": quantity.unit}


@projects(PartyRecorded)
def party_recorded(fact: PartyRecorded, entry: Entry, rows: Rows) -> None:
    """A provisional party."""
    details = entry.private
    row: Row = {"ref": entry.ref, "device": entry.envelope.device, "role": fact.role}
    row |= {"area": fact.area, "at": entry.envelope.at}
    if isinstance(details, PartyDetails):
        row |= {"name": details.name, "phone": details.phone, "address": details.address, "permit": details.permit}
    rows.insert("parties", row)


@projects(DeclarationRecorded)
def declaration_recorded(fact: DeclarationRecorded, entry: Entry, rows: Rows) -> None:
    """A new declaration; one that came online is no longer waiting."""
    row: Row = {
        "ref": entry.ref,
        "device": entry.envelope.device,
        "holder": holder_of(rows, entry.ref) or entry.envelope.device,
        "state": "recorded",
        "owner": fact.owner,
        "channel": fact.channel,
        "online": fact.online,
        "stage": fact.stage,
        "purpose": fact.purpose,
        "origin": fact.origin,
        "destination": fact.destination,
        "wild": int(fact.wild),
        "declared_at": fact.declared_at,
        "departs_at": fact.departs_at,
        "recorded_at": entry.envelope.at,
        "recorded_by": entry.envelope.actor,
    }
    row |= batch_columns(fact.species, fact.quantity)
    if isinstance(entry.private, DeclarationDetails):
        row |= _details(entry.private)
    rows.insert("declarations", row)
    if fact.online:
        rows.update("online_declarations", {"online": fact.online}, {"declaration": entry.ref})


def _details(details: DeclarationDetails) -> Row:
    return {
        "owner_name": details.owner,
        "owner_phone": details.owner_phone,
        "owner_address": details.owner_address,
        "origin_place": details.origin_place,
        "pond": details.pond,
        "destination_place": details.destination_place,
        "consignee": details.consignee,
        "permit": details.permit,
        "remarks": details.remarks,
    }


@projects(DeclarationAccepted)
def declaration_accepted(fact: DeclarationAccepted, entry: Entry, rows: Rows) -> None:
    """Accepted, with the day of inspection."""
    changes: Row = {"inspect_on": fact.inspect_on, "short_notice": fact.short_notice}
    # In columns of their own: a later withdrawal is another decision and leaves these as they were.
    changes |= {"accepted_ref": entry.ref, "acceptance_note": note_text(entry)}
    changes |= {"accepted_at": entry.envelope.at, "accepted_by": entry.envelope.actor}
    _decide(fact.declaration, DeclarationState.ACCEPTED, entry, changes, rows)


@projects(DeclarationNotAccepted)
def declaration_not_accepted(fact: DeclarationNotAccepted, entry: Entry, rows: Rows) -> None:
    """Not accepted, with the reason."""
    _decide(fact.declaration, DeclarationState.NOT_ACCEPTED, entry, {"reason": fact.reason}, rows)


@projects(DeclarationWithdrawn)
def declaration_withdrawn(fact: DeclarationWithdrawn, entry: Entry, rows: Rows) -> None:
    """Taken back by the declarant."""
    _decide(fact.declaration, DeclarationState.WITHDRAWN, entry, {"reason": fact.reason}, rows)


def _decide(ref: str, to: DeclarationState, entry: Entry, changes: Row, rows: Rows) -> None:
    row = rows.one("declarations", ref=ref)
    if row is not None and not _decided_elsewhere(row, to, entry):
        move_declaration(DeclarationState(str(row["state"])), to)
        changes |= {"state": to.value, "decided_at": entry.envelope.at, "decided_by": entry.envelope.actor}
        changes |= {"decided_ref": entry.ref, "decision_note": note_text(entry)}
        rows.update("declarations", {"ref": ref}, changes)


def _decided_elsewhere(row: Row, to: DeclarationState, entry: Entry) -> bool:
    """Whether another computer decided the same already: that stands, and saying it once more changes nothing."""
    return row["state"] == to and str(row["decided_ref"]).partition("/")[0] != entry.envelope.device


def note_text(entry: Entry) -> str | None:
    """The words in an entry's private part; None when there were none, or when they were removed."""
    return entry.private.text if isinstance(entry.private, Note) else None


@projects_document(OnlineDeclaration)
def online_declaration(value: OnlineDeclaration, rows: Rows) -> None:
    """A producer's online declaration waits to be taken up."""
    row: Row = {"online": value.online, "declared_at": value.declared_at}
    taken = rows.one("online_declarations", online=value.online)
    row["declaration"] = taken["declaration"] if taken else None
    rows.put("online_declarations", row | online_content(value))


def online_content(value: OnlineDeclaration) -> Row:
    """What a producer declares, as columns: the same for two declarations of the same."""
    row: Row = {
        "station": value.station,
        "stage": value.stage,
        "purpose": value.purpose,
        "origin": value.origin,
        "destination": value.destination,
        "wild": int(value.wild),
        "departs_at": value.departs_at,
        "owner_name": value.owner,
        "owner_phone": value.owner_phone,
        "owner_address": value.owner_address,
        "origin_place": value.origin_place,
        "pond": value.pond,
        "destination_place": value.destination_place,
        "consignee": value.consignee,
        "permit": value.permit,
        "remarks": value.remarks,
    }
    return row | batch_columns(value.species, value.quantity)
