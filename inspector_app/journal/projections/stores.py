"""Stores as rows: their keeper, their profile, checks, and the draws that came in."""

from __future__ import annotations

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.stores import DrawReceived, StorageChecked, StorageDescribed, StoreAssigned
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.inspections import as_list
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


@projects(StoreAssigned)
def store_assigned(fact: StoreAssigned, entry: Entry, rows: Rows) -> None:
    """Each assignment follows another; where two follow the same one, the earlier stands."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "device": said.device, "store": fact.store, "previous": fact.previous}
    row |= {"stocktake": fact.stocktake, "keeper": fact.keeper, "by": said.actor, "at": said.at}
    key = _key(fact.store, entry, rows)
    rows.insert("store_keepers", row | key)
    last = _last_assignment(rows, key)
    if last is not None:
        _tell(rows, key, {"keeper": last["keeper"], "ref": last["ref"], "since": last["at"]})


def _key(store: str, entry: Entry, rows: Rows) -> Row:
    """A store is named within its station."""
    home = rows.one("journals", device=entry.envelope.device) or {}
    return {"station": home.get("station", 0), "store": store}


def _last_assignment(rows: Rows, key: Row) -> Row | None:
    """The end of the chain that begins with the store's first keeper."""
    following: dict[str, Row] = {}
    told = rows.many("store_keepers", station=key["station"], store=key["store"])
    for row in sorted(told, key=lambda one: (int(one["at"] or 0), str(one["ref"]))):
        following.setdefault(str(row["previous"]), row)
    found, ref = None, ""
    while (after := following.pop(ref, None)) is not None:
        found, ref = after, str(after["ref"])
    return found


@projects(StorageDescribed)
def storage_described(fact: StorageDescribed, entry: Entry, rows: Rows) -> None:
    """The latest profile counts."""
    key = _key(fact.store, entry, rows)
    held = rows.one("stores", **key) or {}
    at = entry.envelope.at
    if (at, entry.ref) > (int(held.get("described_at") or 0), str(held.get("described_ref") or "")):
        told: Row = {"sort": fact.sort, "measures": as_list(fact.measures), "described_ref": entry.ref}
        _tell(rows, key, told | {"described_at": at, "note": note_text(entry)})


def _tell(rows: Rows, key: Row, changes: Row) -> None:
    if not rows.update("stores", key, changes):
        rows.insert("stores", key | changes)


@projects(StorageChecked)
def storage_checked(fact: StorageChecked, entry: Entry, rows: Rows) -> None:
    """A check of a store."""
    said = entry.envelope
    row = _key(fact.store, entry, rows) | {"ref": entry.ref, "device": said.device}
    row |= {"findings": as_list(fact.findings)}
    row |= {"attachments": as_list(fact.attachments), "no_picture": fact.no_picture, "note": note_text(entry)}
    rows.insert("store_checks", row | {"by": said.actor, "at": said.at})


@projects(DrawReceived)
def draw_received(fact: DrawReceived, entry: Entry, rows: Rows) -> None:
    """A draw is in the store; which of several receipts stands is for the books (``draw_sides``)."""
    said = entry.envelope
    row: Row = {"ref": entry.ref, "draw": fact.draw, "device": said.device, "store": fact.store}
    rows.insert("draw_receipts", row | {"by": said.actor, "at": said.at})
