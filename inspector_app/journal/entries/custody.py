"""Number blocks, sheets and the day close (日结)."""

from __future__ import annotations

import msgspec

from inspector_app.domain.numbering import Number
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


@fact("block.requested/1")
class BlockRequested(Fact, frozen=True):
    """More numbers of a kind are wanted; the province cuts a block inside a draw at the next contact."""

    kind: str
    wanted: int
    emergency: bool


@fact("sheet.spoiled/1")
class SheetSpoiled(Fact, frozen=True):
    """A sheet was spoiled (填写错误, 卡纸, 破损) and is kept for write-off.

    ``category`` is of the list ``spoil``; ``no_picture`` is the reason (list ``no_picture``) where there is no
    photograph.
    """

    number: Number
    print: int
    sheet: int
    category: str
    attachments: list[str] = []
    no_picture: str = ""


@fact("sheet.lost/1")
class SheetLost(Fact, frozen=True):
    """A sheet that should be on hand is not to be found (遗失); ``category`` says how it was noticed.

    ``came_back`` names the entry by which it came back from its holder, where whoever tells of it knew of one.
    """

    number: Number
    print: int
    sheet: int
    category: str
    came_back: str = ""


@fact("stub.filed/1")
class StubFiled(Fact, frozen=True):
    """The station's copy was put on file (存根归档).

    ``means`` is paper (the laser copy itself) or, for a thermal copy, which fades, laser (归档补打: an A4 stub drawn
    from the record) or photo; ``attachments`` are then the drawn stub or the photographs. ``box`` is the mark of the
    box or folder it lies in.
    """

    number: Number
    print: int
    sheets: int
    means: str = "paper"
    attachments: list[str] = []
    box: str = ""


@fact("numbers.returned/1", private=Note, accountable=True)
class NumbersReturned(Fact, frozen=True):
    """Unused numbers of a block went back to the keeper (退库), digits inclusive: the block ends before them.

    This is the ``block.closed`` of DESIGN 4: once it is in the chain, none of them is used out of this block.
    """

    block: str
    first: str
    last: str
    reason: str


@fact("numbers.lost/1", private=Note, accountable=True)
class NumbersLost(Fact, frozen=True):
    """Unused numbers were lost, stolen or damaged (遗失、被盗、损毁): dead at once and for ever (GX-2014 Art. 26).

    ``cause`` is a reason of the list ``loss``; ``found_out_on`` the legal day on which the loss was noticed. Numbers of
    a draw that are in no block, as far as whoever tells of it knew, are named by their ``draw``; ``block`` is then "".
    """

    block: str
    first: str
    last: str
    cause: str
    found_out_on: str
    draw: str = ""


class DayCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind's day: numbers used and their first and last, voids, prints, sheets, stubs.

    ``voided`` and ``replaced`` are acts of this device, whosever number it was; ``ended_elsewhere`` counts its own
    numbers that another device voided or replaced, as this device learnt of them.
    """

    kind: str
    issued: int
    first: str
    last: str
    voided: int
    replaced: int
    ended_elsewhere: int
    prints: int
    sheets: int
    spoiled: int
    stubs: int
    free: int


@fact("day.closed/1", accountable=True)
class DayClosed(Fact, frozen=True):
    """The day was closed on this device; ``head`` is the hex hash and ``at_seq`` the seq of the entry before it.

    ``ordinal`` numbers the device's closes from 1, ``previous`` is the hex hash of the close before, "" for the first.
    ``sheet`` is the hex SHA-256 of the day-close sheet's PDF; ``waiting`` counts entries not yet acknowledged,
    ``voids_unconfirmed`` voids of the station without a second person, ``voids_overdue`` those past their working days.
    """

    date: str
    ordinal: int
    previous: str
    counts: list[DayCount]
    waiting: int
    at_seq: int
    head: str
    equations_hold: bool
    opening_sheets: int
    sheets_in: int
    sheets_out: int
    closing_sheets: int
    sheet: str
    voids_unconfirmed: int = 0
    voids_overdue: int = 0
