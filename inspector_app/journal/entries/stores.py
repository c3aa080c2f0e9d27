"""The stores of a station (库房、柜): whose they are, how they are protected, what came in (GX-2014 Art. 5, 15)."""

from __future__ import annotations

from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


@fact("store.assigned/1", accountable=True)
class StoreAssigned(Fact, frozen=True):
    """A store has this keeper from now on, and no other.

    ``previous`` is the assignment it follows and ``stocktake`` the stocktake by which the store was handed over; both
    "" for a store's first keeper.
    """

    store: str
    keeper: int
    previous: str = ""
    stocktake: str = ""


@fact("storage.described/1", private=Note, accountable=True)
class StorageDescribed(Fact, frozen=True):
    """A store's profile: room or cabinet, and its measures against fire, damp and theft as codes; where is private."""

    store: str
    sort: str
    measures: list[str]


@fact("storage.checked/1", private=Note, accountable=True)
class StorageChecked(Fact, frozen=True):
    """A periodic check of a store with its photographs; no findings (list ``storage_finding``): in order."""

    store: str
    findings: list[str]
    attachments: list[str]
    no_picture: str = ""


@fact("draw.received/1", accountable=True)
class DrawReceived(Fact, frozen=True):
    """The keeper took a draw into the store (领用入库)."""

    draw: str
    store: str
