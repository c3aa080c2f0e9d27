"""What a station took over on its first day: papers of former systems come on hand, numbers are only told of.

No number of a list is ever free: the papers stand beside the numbers the province gave, under print 0, which no
certificate of ours has. Where the province gives a station a number that stands in its list all the same, the number is
dead from the start, whichever of the two is heard first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inspector_app.clock import legal_date
from inspector_app.domain.custody import SheetState
from inspector_app.domain.numbering import NumberState, is_range, move_number, range_size
from inspector_app.domain.rules import enforces
from inspector_app.domain.stocktake import expand
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.projections.ceremony import note_act
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.numbers import end_number
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows, Value
from inspector_app.journal.projections.sheets import make_sheets
from inspector_app.journal.projections.taken_twice import take_again

FORMER = 0
"""The print of a paper that a former system made."""
SHEET, NUMBER, REGISTER = "sheet", "number", "register"
CATEGORY = "opening"
MAX_SHEETS = 20_000
"""Of one list; who takes over more splits it."""


@projects(OpeningRecorded)
def opening_recorded(fact: OpeningRecorded, entry: Entry, rows: Rows) -> None:
    """The list, line by line; its papers are counted stock from now on."""
    said = entry.envelope
    if sheets_in(fact.lines) > MAX_SHEETS:
        raise ValueError(f"an opening of {sheets_in(fact.lines)} sheets")
    row: Row = {"ref": entry.ref, "device": said.device, "source": fact.source, "store": fact.store}
    row |= {"lines": len(fact.lines), "note": note_text(entry), "by": said.actor, "at": said.at}
    rows.insert("openings", row)
    rows.insert_all("opening_lines", [_line(entry, at, line) for at, line in enumerate(fact.lines, 1)])
    for line in fact.lines:
        if line.what == SHEET:
            _take_in(line, entry, rows)
    for kind in sorted({line.form for line in fact.lines if line.first}):
        for block in rows.many("blocks", kind=kind):
            end_taken_over(block, rows)
    note_act(rows, entry)


def _line(entry: Entry, at: int, line: OpeningLine) -> Row:
    kept: Row = {name: getattr(line, name) for name in OpeningLine.__struct_fields__}
    return kept | {"ref": entry.ref, "line": at}


def sheets_in(lines: Iterable[OpeningLine]) -> int:
    """How many sheets the papers of these lines have; ValueError for what is no range."""
    papers = [line for line in lines if line.what == SHEET]
    if not all(is_range(line.first, line.last) for line in papers):
        raise ValueError("an opening of no range of numbers")
    return sum(line.pages * range_size(line.first, line.last) for line in papers)


def _take_in(line: OpeningLine, entry: Entry, rows: Rows) -> None:
    state = SheetState(line.state)
    for digits in expand(line.first, line.last):
        number = f"{line.form} {digits}"
        known = rows.many("sheets", number=number, print=FORMER)
        make_sheets(rows, entry, number, FORMER, line.pages, state, category=CATEGORY)
        for row in known:
            if int(row["sheet"] or 0) <= line.pages:
                take_again(rows, entry, row, state, CATEGORY)


@enforces("G33", "G47")
def end_taken_over(block: Row, rows: Rows) -> None:
    """What a station took over as ended is no free number in a block it is given: of several lists the first ended it.

    Lost stays lost; what a former system used, took back or printed a paper for is withdrawn here. So is what was given
    back by who had not heard of the list, whichever is heard first: it never was theirs to give.
    """
    ends = str(block["first"]), str(block["last"])
    lines = [line for line in lines_meeting(rows, str(block["kind"]), *ends) if _is_own(line, block, rows)]
    lists = {line["ref"] for line in lines}
    for number in rows.many("numbers", block=block["block"]) if lines else []:
        line = next((one for one in lines if _holds(one, str(number["digits"]))), None)
        if line is not None and (number["state"] in _OPEN or number["ended_by"] in lists):
            state = move_number(NumberState.FREE, _dead_as(line))
            end_number(rows, number, state.value, line["ref"])


_OPEN = frozenset({NumberState.FREE, NumberState.RETURNED, NumberState.WITHDRAWN})
"""A list ends numbers in these states; one that was used or reported lost in its block is ended by that.

A number whose blank was spoiled by who had not heard of the list was ended by the list all the same.
"""


def _dead_as(line: Row) -> NumberState:
    return NumberState.LOST if line["state"] == NumberState.LOST else NumberState.WITHDRAWN


def lines_meeting(rows: Rows, kind: str, first: str, last: str) -> list[Row]:
    """The lines of all lists that name a number of this range (inclusive), the earliest first.

    Each with the ``device`` of its list and when that was recorded (``at``, UTC ms).
    """
    found = []
    for line in rows.many("opening_lines", form=kind):
        told = rows.one("openings", ref=line["ref"]) if line["first"] and _meets(line, first, last) else None
        if told is not None:
            found.append(line | {"device": told["device"], "at": told["at"]})
    return sorted(found, key=lambda line: (int(line["at"] or 0), str(line["ref"]), int(line["line"] or 0)))


def _is_own(line: Row, block: Row, rows: Rows) -> bool:
    """Whether list and block are of one station; whose journal was not heard of yet is a sister."""
    homes = [rows.one("journals", device=row["device"]) for row in (line, block)]
    stations = {home["station"] for home in homes if home is not None}
    return len(stations) < 2


def is_list(rows: Rows, ref: Value) -> bool:
    """Whether an entry is the list of a first day."""
    return ref is not None and rows.one("openings", ref=ref) is not None


def former_lines(rows: Rows) -> list[Row]:
    """The lines of every list that give the day from which papers have been kept."""
    return [line for line in rows.many("opening_lines", what=SHEET) if line["since"]]


def kept_since(rows: Rows, sheet: Row, lines: Sequence[Row] | None = None) -> str:
    """The legal day from which a sheet's term of keeping counts (GX-2014 Art. 16).

    For a paper that lies where it was taken over that is the day the list gives, not that of the taking over.
    ``lines``: what :func:`former_lines` gave, where it has been asked already.
    """
    told = legal_date(int(sheet["at"] or 0))
    if sheet["print"] != FORMER or sheet["category"] != CATEGORY:
        return told
    kind, _, digits = str(sheet["number"]).partition(" ")
    given = former_lines(rows) if lines is None else lines
    days = [str(line["since"]) for line in given if line["form"] == kind and _holds(line, digits)]
    return max(days, default=told)  # of two lists that name it the later day: nothing is destroyed early


def is_former(rows: Rows, number: str) -> bool:
    """Whether a paper of a former system was taken over under this number: no other record of it is here."""
    return bool(rows.many("sheets", number=number, print=FORMER))


def _holds(line: Row, digits: str) -> bool:
    return _meets(line, digits, digits)


def _meets(line: Row, first: str, last: str) -> bool:
    return len(first) == len(str(line["first"])) and str(line["first"]) <= last and first <= str(line["last"])
