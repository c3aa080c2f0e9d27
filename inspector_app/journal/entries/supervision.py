"""Supervision visits (监督检查) of custody and what was put right afterwards (整改) (GX-2014 Art. 27)."""

from __future__ import annotations

import msgspec

from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


class LedgerState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the seven ledgers at that moment: how many records it has, and how many it lacks."""

    ledger: str
    records: int
    lacking: int


class VisitDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who came, from where, and what they said."""

    official: str = ""
    unit: str = ""
    text: str = ""


@fact("supervision.recorded/1", private=VisitDetails, accountable=True)
class SupervisionRecorded(Fact, frozen=True):
    """A visit on a legal day and its findings (list ``supervision_finding``), to be put right by ``rectify_by``.

    The program states how the ledgers stood: whether each is complete, and whether ledger and stock agree.
    ``by_supervisor``: who came signs it. What the station wrote down of a visit waits for a second person.
    """

    visited_on: str
    findings: list[str]
    rectify_by: str
    ledgers: list[LedgerState]
    blocks_hold: bool
    sheets_hold: bool
    open_cases: int
    attachments: list[str]
    by_supervisor: bool = False


@fact("rectification.recorded/1", private=Note, accountable=True)
class RectificationRecorded(Fact, frozen=True):
    """These findings of a visit were put right."""

    visit: str
    findings: list[str]
    attachments: list[str]
