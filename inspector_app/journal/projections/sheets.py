"""Sheets of paper and the moves by which a keeper's book is balanced.

A sheet is one copy (联) of one print: the two halves of a B on one A4 page count as two. They are numbered in the order
of the form; sheet 1 is the station's stub (存根).

A sheet is in the keeping of the device at which it came on hand, whoever records what becomes of it: so the book of
every keeper balances by itself.

Two computers may tell of the same sheet without knowing of each other. Whatever the order in which their reports are
heard, every computer of the station and the province come to show the same sheet.
"""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.custody import SheetFlow, SheetState, flow, reconcile_sheet
from inspector_app.journal.chain import Entry
from inspector_app.journal.projections.rows import Row, Rows

STUB = 1
ON_DESK = (SheetState.PRINTED, SheetState.KEPT)
CAME_BACK = (SheetState.COLLECTED, SheetState.FOUND)
"""States in which a sheet is in the keeping of whoever told of it."""
VOID = "void"
"""Why the sheets of a voided or replaced paper are spoiled."""
MOST_SHEETS = 100


def make_sheets(
    rows: Rows, entry: Entry, number: str, print_no: int, sheets: int, state: SheetState, *, category: str
) -> None:
    """Sheets came out of the printer and lie on the desk, good or spoiled; ValueError for more than any form has."""
    if sheets > MOST_SHEETS:
        raise ValueError(f"a print of {sheets} sheets")
    for sheet in range(1, sheets + 1):
        if rows.one("sheets", number=number, print=print_no, sheet=sheet) is None:
            make_sheet(rows, entry, {"number": number, "print": print_no, "sheet": sheet}, state, category=category)


def make_sheet(rows: Rows, entry: Entry, key: Row, state: SheetState, *, category: str) -> None:
    """One sheet comes on hand at the computer that tells of it; ``key`` is its number, print and place in the form."""
    keeper = entry.envelope.device
    made: Row = {"state": state.value, "device": keeper, "at": entry.envelope.at, "filed": 0}
    rows.insert("sheets", key | made | {"category": category or None, "box": None})
    _note_move(rows, entry, key | {"device": keeper}, None, state)


def give_sheets(rows: Rows, entry: Entry, number: str, print_no: int, count: int) -> None:
    """The holder has ``count`` travelling sheets of a print, whatever else was told of them (lost, 作废)."""
    held = rows.many("sheets", number=number, print=print_no)
    travelling = [row for row in held if row["sheet"] != STUB and not _spoiled_before(rows, entry, row)]
    for row in travelling[:count]:
        tell_sheet(rows, entry, row, SheetState.HANDED_OVER)
    for row in rows.many("sheets", number=number):
        if row["state"] == SheetState.SPOILED and row["category"] == VOID:
            _unspoil(rows, entry, row)


def _spoiled_before(rows: Rows, entry: Entry, row: Row) -> bool:
    # One computer's own words have an order: what it had spoiled it did not hand over, unless only the paper was void.
    if row["state"] != SheetState.SPOILED or row["category"] == VOID:
        return False
    number, print_no, sheet = sheet_key(row).values()
    spoiled = rows.many("sheet_moves", number=number, print=print_no, sheet=sheet, state=SheetState.SPOILED.value)
    return any(str(move["ref"]).partition("/")[0] == entry.envelope.device for move in spoiled)


def _unspoil(rows: Rows, entry: Entry, row: Row) -> None:
    # The void came before its hand-over was heard of: what is left here belongs to a paper its holder was given.
    _move(rows, entry, row, SheetState.KEPT if row["filed"] else SheetState.PRINTED)


def file_stubs(rows: Rows, entry: Entry, number: str, print_no: int, count: int, box: str = "") -> None:
    """The stub is on file, and stays known to be where a void spoils it before its hand-over is heard of.

    Of two boxes told at once the first by name stands, whichever is heard of first.
    """
    for row in rows.many("sheets", number=number, print=print_no, sheet=STUB)[:count]:
        boxes = [one for one in (box, str(row["box"] or "")) if one]
        rows.update("sheets", sheet_key(row), {"filed": 1, "box": min(boxes, default=None)})
        tell_sheet(rows, entry, row, SheetState.KEPT)


def spoil_desk(rows: Rows, entry: Entry, number: str) -> None:
    """The paper is void: what still lies on the desk is marked 作废 and kept as evidence."""
    for row in rows.many("sheets", number=number):
        if row["state"] in ON_DESK:
            tell_sheet(rows, entry, row, SheetState.SPOILED, VOID)


def tell_sheet(rows: Rows, entry: Entry, row: Row, to: SheetState, category: str = "") -> None:
    """A computer tells what became of a sheet; what another one told meanwhile may outweigh it and stands then."""
    before = SheetState(str(row["state"]))
    if before is to:
        _tell_again(rows, entry, row, category)
    elif reconcile_sheet(before, to) is to:
        _move(rows, entry, row, to, category)


def name_again(rows: Rows, entry: Entry, row: Row) -> None:
    """A further entry names a sheet for what it is already: nothing moves, and both entries are known of it."""
    write_move(
        rows,
        _told_by(entry),
        sheet_key(row) | {"device": row["device"]},
        SheetState(str(row["state"])),
        SheetFlow.STAYS,
    )


def _tell_again(rows: Rows, entry: Entry, row: Row, category: str) -> None:
    # Told by two: the earlier stands, but anything says more than that the paper was void.
    came_back, keeper = row["state"] in CAME_BACK, entry.envelope.device
    told = (category == VOID, entry.envelope.at, category, keeper if came_back else "")
    held = (row["category"] == VOID, int(row["at"] or 0), str(row["category"] or ""))
    stands = told >= (*held, str(row["device"]) if came_back else "")
    if came_back and row["device"] != keeper:
        _share(rows, entry, row, stands=stands)
    if not stands:
        rows.update("sheets", sheet_key(row), {"at": entry.envelope.at, "category": category or None})


def _share(rows: Rows, entry: Entry, row: Row, *, stands: bool) -> None:
    """Two had it in hand: who had it first keeps it, and it leaves the other's book as it came, so that both balance.

    The moves are the same in whatever order the two are heard of.
    """
    key, state = sheet_key(row), SheetState(str(row["state"]))
    told = _told_by(entry)
    here: Row = {"device": entry.envelope.device}
    if not stands:
        write_move(rows, told, key | {"device": row["device"]}, state, SheetFlow.OUT)
        write_move(rows, told, key | here, state, SheetFlow.IN)
        rows.update("sheets", key, here)
    elif (first := _came_in(rows, row)) is not None:
        write_move(rows, told, key | here, state, SheetFlow.IN)
        write_move(rows, first, key | here, state, SheetFlow.OUT)


def _came_in(rows: Rows, row: Row) -> Row | None:
    """The move by which a sheet came back into the book of its keeper."""
    moves = rows.many("sheet_moves", number=row["number"], print=row["print"], sheet=row["sheet"])
    wanted = (row["device"], row["state"], SheetFlow.IN.value)
    came = [move for move in moves if (move["device"], move["state"], move["flow"]) == wanted]
    return max(came, key=lambda move: int(move["at"] or 0), default=None)


def _move(rows: Rows, entry: Entry, row: Row, to: SheetState, category: str = "") -> None:
    before, key = SheetState(str(row["state"])), sheet_key(row)
    # Only what comes back on hand changes its keeper.
    keeper = entry.envelope.device if flow(before, to) is SheetFlow.IN else row["device"]
    changes: Row = {"state": to.value, "device": keeper, "at": entry.envelope.at, "category": category or None}
    rows.update("sheets", key, changes)
    _note_move(rows, entry, key | {"device": keeper}, before, to)


def is_stub(row: Row) -> bool:
    """Whether a sheet belongs to the work record: the station's copy that is, or was, on file (存根)."""
    return row["sheet"] == STUB and (row["state"] == SheetState.KEPT or bool(row["filed"]))


def sheet_key(row: Row) -> Row:
    """What names a sheet: its number, print and place in the form."""
    return {name: row[name] for name in ("number", "print", "sheet")}


def _note_move(rows: Rows, entry: Entry, sheet: Row, before: SheetState | None, after: SheetState) -> None:
    write_move(rows, _told_by(entry), sheet, after, flow(before, after))


def _told_by(entry: Entry) -> Row:
    return {"ref": entry.ref, "at": entry.envelope.at, "by": entry.envelope.actor}


def write_move(rows: Rows, told: Row, sheet: Row, after: SheetState, meaning: SheetFlow) -> None:
    """A move by the entry ``told`` names (``ref``, ``at``, ``by``), in the book of the sheet's ``device``."""
    at = int(told["at"] or 0)
    row: Row = {"ref": told["ref"], "by": told["by"], "state": after.value, "at": at, "day": legal_date(at)}
    rows.insert("sheet_moves", row | sheet | {"flow": meaning.value})
