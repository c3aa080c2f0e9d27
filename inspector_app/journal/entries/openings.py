"""Taking over at the first day of a station (期初建账): what lies there from former systems."""

from __future__ import annotations

import msgspec

from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


class OpeningLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the list: papers on hand, numbers ended under a former system, or a register (簿册).

    ``form`` is the kind of the numbers, or the code of a register; digits are inclusive, "" for a register. ``pages``
    is of each number, or of the register. ``state`` is that of a sheet or of a number, never ``free``. ``since`` is the
    legal day on which papers were filed or came back, "" where only the day they were taken over is known.
    """

    what: str
    form: str
    first: str = ""
    last: str = ""
    pages: int = 0
    state: str = ""
    since: str = ""


@fact("opening.recorded/1", private=Note, accountable=True)
class OpeningRecorded(Fact, frozen=True):
    """A list was taken over; ``source`` is the hex SHA-256 of the file it was read from."""

    source: str
    store: str
    lines: list[OpeningLine]
