"""Supervision visits (监督检查) that the institution's own person records, and what it found put right at the next.

A station that hears of one has it beside the visits it recorded itself (GX-2014 Art. 27).
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.documents import Role, document


class LedgerSeen(msgspec.Struct, frozen=True, array_like=True):
    """One of the seven ledgers at that moment: how many records it has, and how many it lacks."""

    ledger: str
    records: int
    lacking: int


@document("station_visited", 1, signed_by=Role.SERVER)
class StationVisited(msgspec.Struct, frozen=True, array_like=True):
    """A visit to a station on a legal day and its findings (list ``supervision_finding``), due by ``rectify_by``.

    ``ledgers`` and what follows them are as the province's own rows had them when it was recorded. ``unit`` is the
    registered name of the organisation, for stations do not hold its register. ``picture`` is the SHA-256 (hex) of the
    photograph, which stays with the institution; "" where ``no_picture`` gives the reason (list ``no_picture``).
    """

    visit: str
    station: int
    organisation: int
    unit: str
    visited_on: str
    findings: tuple[str, ...]
    rectify_by: str
    ledgers: tuple[LedgerSeen, ...]
    blocks_hold: bool
    sheets_hold: bool
    open_cases: int
    picture: str
    no_picture: str
    by: int
    at: int


@document("findings_rectified", 1, signed_by=Role.SERVER)
class FindingsRectified(msgspec.Struct, frozen=True, array_like=True):
    """The institution saw that these findings of a visit were put right (整改), whoever recorded the visit."""

    rectification: str
    visit: str
    station: int
    findings: tuple[str, ...]
    by: int
    at: int
