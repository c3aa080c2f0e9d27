"""What came in and went out, number by number and sheet by sheet, each with the entry or document it comes from."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.custody import ON_HAND, SheetFlow
from inspector_app.domain.numbering import NumberState
from inspector_app.journal.books.continuity import PAPERS, blocks_of, devices_of
from inspector_app.journal.books.entries import Entries
from inspector_app.journal.projections import Row, Rows


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A block of numbers came into somebody's custody (领入); digits inclusive."""

    day: str
    at: int
    kind: str
    first: str
    last: str
    size: int
    block: str
    device: str
    holder: int


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A number met its end: used, returned, lost or withdrawn, by the entry ``ref``."""

    day: str
    at: int
    kind: str
    digits: str
    block: str
    what: str
    ref: str
    by: int


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """The paper of a used number: its state now, when it was handed over, when and why it was voided or replaced."""

    kind: str
    digits: str
    state: str
    issued_on: str
    handed_on: str
    ended_on: str
    reason: str
    vet: int
    ref: str


class SheetMove(msgspec.Struct, frozen=True, kw_only=True):
    """Sheets of one print that came on hand or left it by one entry."""

    day: str
    at: int
    kind: str
    number: str
    print: int
    state: str
    flow: SheetFlow
    sheets: int
    ref: str
    by: int


class Flows(msgspec.Struct, frozen=True):
    """Everything that came in and went out at one station, each list by time."""

    received: list[Received]
    ended: list[Ended]
    papers: list[Paper]
    sheets: list[SheetMove]
    free: dict[str, int]
    on_hand: dict[str, int]


def read_flows(rows: Rows, station: int, entries: Entries) -> Flows:
    """Read the flows of one station's numbers and sheets; ``free`` and ``on_hand`` count what there is, by kind."""
    blocks = blocks_of(rows, rows.many("draws", station=station))
    devices = devices_of(blocks)
    keepers = {*devices, *_sisters(rows, station)}
    papers = [row for table in PAPERS for one in devices for row in rows.many(table, device=one)]
    by_number = {str(row["number"]): row for row in papers}
    numbers = [row for block in blocks for row in rows.many("numbers", block=block["block"])]
    writers = _Writers(entries)
    ended = [_ended(row, by_number, writers) for row in numbers if row["state"] != NumberState.FREE]
    moves = _sheet_moves(rows.many("sheet_moves"), keepers)
    return Flows(
        received=sorted(map(_received, blocks), key=lambda one: (one.at, one.first)),
        ended=sorted(ended, key=lambda one: (one.at, *_place(one.ref), one.digits)),
        papers=sorted(map(_paper, papers), key=lambda one: (one.issued_on, one.digits)),
        sheets=sorted(moves, key=lambda one: (one.at, *_place(one.ref), one.number)),
        free=_counted(numbers),
        on_hand=_on_hand(rows, keepers),
    )


def _place(ref: str) -> tuple[str, int]:
    """Device and place in its journal: of one moment the journal's order tells."""
    device, _, seq = ref.partition("/")
    return device, int(seq) if seq.isascii() and seq.isdigit() else 0


class _Writers:
    """Who wrote an entry and when; each is looked up once."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, ref: str) -> tuple[int, int]:
        """UTC ms and person; 0 and 0 for an entry that is not here."""
        if ref not in self._known:
            entry = self._entries.find(ref)
            self._known[ref] = (entry.envelope.at, entry.envelope.actor) if entry else (0, 0)
        return self._known[ref]


def _received(row: Row) -> Received:
    at = int(row["issued_at"] or 0)
    return Received(
        day=legal_date(at),
        at=at,
        kind=str(row["kind"]),
        first=str(row["first"]),
        last=str(row["last"]),
        size=int(row["size"] or 0),
        block=str(row["block"]),
        device=str(row["device"]),
        holder=int(row["holder"] or 0),
    )


def _ended(row: Row, papers: dict[str, Row], writers: _Writers) -> Ended:
    paper = papers.get(str(row["number"])) if row["state"] == NumberState.USED else None
    ref = str(row["ended_by"] or "")
    at, by = (int(paper["issued_at"] or 0), int(paper["vet"] or 0)) if paper else writers.of(ref)
    return Ended(
        day=str(paper["issued_on"]) if paper else legal_date(at),
        at=at,
        kind=str(row["kind"]),
        digits=str(row["digits"]),
        block=str(row["block"]),
        what=str(row["state"]),
        ref=ref,
        by=by,
    )


def _paper(row: Row) -> Paper:
    return Paper(
        kind=str(row["kind"]),
        digits=str(row["digits"]),
        state=str(row["state"]),
        issued_on=str(row["issued_on"] or ""),
        handed_on=legal_date(int(row["handed_over_at"] or 0)) if row["handed_over_at"] else "",
        ended_on=legal_date(int(row["void_at"] or 0)) if row["void_ref"] else "",
        reason=str(row["void_reason"] or ""),
        vet=int(row["vet"] or 0),
        ref=str(row["ref"]),
    )


def _sheet_moves(moves: list[Row], devices: set[str]) -> Iterator[SheetMove]:
    """One move for the sheets of a print that one entry brought or took."""
    together: dict[tuple[str, str, int, str, str], list[Row]] = {}
    for row in moves:
        if row["device"] in devices and row["flow"] != SheetFlow.STAYS:
            key = str(row["ref"]), str(row["number"]), int(row["print"] or 0), str(row["state"]), str(row["flow"])
            together.setdefault(key, []).append(row)
    for (ref, number, print_no, state, flow), rows in together.items():
        yield SheetMove(
            day=str(rows[0]["day"]),
            at=int(rows[0]["at"] or 0),
            kind=number.partition(" ")[0],
            number=number,
            print=print_no,
            state=state,
            flow=SheetFlow(flow),
            sheets=len(rows),
            ref=ref,
            by=int(rows[0]["by"] or 0),
        )


def _sisters(rows: Rows, station: int) -> set[str]:
    """The station's devices, also those that hold no numbers: a print clerk's desk has sheets in its keeping."""
    return {str(row["device"]) for table in ("devices", "journals") for row in rows.many(table, station=station)}


def _counted(numbers: list[Row]) -> dict[str, int]:
    free: dict[str, int] = {}
    for row in numbers:
        free[str(row["kind"])] = free.get(str(row["kind"]), 0) + (row["state"] == NumberState.FREE)
    return free


def _on_hand(rows: Rows, devices: set[str]) -> dict[str, int]:
    held: dict[str, int] = {}
    for device in sorted(devices):
        for row in rows.many("sheets", device=device):
            kind = str(row["number"]).partition(" ")[0]
            held[kind] = held.get(kind, 0) + (row["state"] in ON_HAND)
    return held
