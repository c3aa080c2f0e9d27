"""What lies in an organisation's store, and its ledger in the province's format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.continuity import Standing
from inspector_app.domain.numbering import range_size
from inspector_app.domain.stock import LEDGER_COLUMNS, Lot, Move, left_of, on_hand
from inspector_app.domain.stock_refusals import StockCode, StockRefused, refusal
from inspector_app.journal.books.continuity import ENDED_BEFORE
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.openings import lines_meeting
from province.custody import deciding
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from province.numbers.drawing_again import drawable_again, is_numbered


def lots(using: str, organisation: int, kind: str, *, location: int = 1) -> list[Lot]:
    """What lies in a store, the oldest first. What a station has drawn lies in no store, whoever recorded the draw."""
    return on_hand(moves_of(using, organisation, kind, location), drawn(using, kind))


def ended_lots(using: str, organisation: int, kind: str, *, location: int = 1) -> list[Lot]:
    """The numbers given back that lie in a store, the oldest first. On plain paper they are dead for ever."""
    return on_hand([_move(row) for row in _rows_of(using, organisation, kind, location, ended=True)])


def lots_again(using: str, organisation: int, kind: str, *, location: int = 1) -> list[Lot]:
    """What of them may be drawn again: sheets of pre-numbered stock.

    They come before every day. What was drawn once was the oldest then, so it is older than all that nobody has drawn,
    and goes out before it (GX-2014 Art. 11).
    """
    if not is_numbered(using, deciding.today(using)):
        return []
    lying = ended_lots(using, organisation, kind, location=location)
    living = (ends for lot in lying for ends in drawable_again(using, kind, lot.first, lot.last))
    return [Lot("", first, last, range_size(first, last)) for first, last in living]


def lots_to_draw(using: str, organisation: int, kind: str, *, location: int = 1) -> list[Lot]:
    """What of a store a station may draw, the oldest first; what came back too, where it may be drawn again.

    Numbers that a station took over as ended are dead.

    They lie there on paper until they are written off; no draw is to be stopped by them.
    """
    again = lots_again(using, organisation, kind, location=location)
    held = again + lots(using, organisation, kind, location=location)
    rows = DjangoRows(using)
    dead = (line for lot in held for line in lines_meeting(rows, kind, lot.first, lot.last))
    return left_of(held, [(str(line["first"]), str(line["last"])) for line in dead])


def lots_of_kind(using: str, kind: str) -> dict[tuple[int, int], list[Lot]]:
    """What lies in every store of the province, by organisation and location, the oldest first."""
    moves: dict[tuple[int, int], list[Move]] = {}
    for row in DjangoRows(using).many("stock_moves", kind=kind, ended=0):
        moves.setdefault((int(row["organisation"] or 0), int(row["location"] or 0)), []).append(_move(row))
    gone = drawn(using, kind)
    return {place: on_hand(held, gone) for place, held in moves.items()}


def drawn(using: str, kind: str) -> list[tuple[str, str]]:
    """Every range of a kind any station has drawn; those that came back after a restore too.

    What was drawn again is not told twice: it came from another shelf.
    """
    rows = DjangoRows(using).many("draws", kind=kind, turn=1)
    return [(str(row["first"]), str(row["last"])) for row in rows]


def moves_of(using: str, organisation: int, kind: str, location: int) -> list[Move]:
    """Every move in and out of a store, in no order; draws are none."""
    return [_move(row) for row in _rows_of(using, organisation, kind, location)]


def _rows_of(using: str, organisation: int, kind: str, location: int, *, ended: bool = False) -> list[Row]:
    """The moves of one shelf of a store: what was never drawn, or what vets gave back."""
    place: Row = {"organisation": organisation, "kind": kind, "location": location, "ended": int(ended)}
    rows = DjangoRows(using)
    found = rows.many("stock_moves", organisation=organisation, kind=kind, location=location, ended=int(ended))
    if not ended:
        return found
    station = int((rows.one("organisations", organisation=organisation) or {}).get("station") or 0)
    if not station:
        return found + list(drawn_again_out_of(using, kind, found))
    return found + (list(_returned_at(using, station, place)) if location == 1 else [])


def _returned_at(using: str, station: int, place: Row) -> Iterator[Row]:
    """What the vets of a station gave back to its keeper (退库): it came into the store by their own entries.

    What a station took over as given back under a former system went to that one's keeper, and lies nowhere here.
    """
    for one in continuity_of(using, station).stretches if station else ():
        given_back = one.standing is Standing.RETURNED and one.reason != ENDED_BEFORE
        if given_back and one.kind == place["kind"]:
            goods: Row = {"first": one.first, "last": one.last, "count": one.size, "line": 0}
            when: Row = {"day": one.day, "at": day_start(one.day) if one.day else 0, "by": one.place.holder}
            yield place | goods | when | {"record": one.entry, "flow": "in", "counterpart": station}


def _move(row: Row) -> Move:
    return Move(row["flow"] == "in", str(row["first"]), str(row["last"]), int(row["count"] or 0), str(row["day"]))


class LedgerLine(msgspec.Struct, frozen=True):
    """One line of a store's ledger (出入库台账); ``record`` names the document behind it."""

    on: str
    kind: str
    flow: str
    first: str
    last: str
    count: int
    counterpart: int
    record: str
    by: int
    balance: int


class LedgerPage(msgspec.Struct, frozen=True):
    """A store's ledger of one kind over a period, in the format in force: ``opening + in = out + closing``."""

    format: str
    columns: tuple[str, ...]
    opening: int
    came_in: int
    went_out: int
    closing: int
    on_hand: int
    lines: tuple[LedgerLine, ...]

    @property
    def holds(self) -> bool:
        """Whether the page adds up."""
        return self.opening + self.came_in == self.went_out + self.closing


def ledger(
    using: str,
    organisation: int,
    kind: str,
    first_day: str,
    last_day: str,
    *,
    location: int = 1,
    named: str = "",
    ended: bool = False,
) -> LedgerPage | StockRefused:
    """The ledger of one kind in one store, or of the numbers given back there (``ended``).

    Refused in any other format than the province's.
    """
    in_force = deciding.policy(using).ledger_format
    columns = LEDGER_COLUMNS.get(named or in_force)
    if columns is None or (named or in_force) != in_force:
        return StockRefused((refusal(StockCode.FORMAT_FOREIGN, limit=in_force, current=named),))
    every = _lines(using, organisation, kind, location, ended=ended)
    before = [line for line in every if line.on < first_day]
    during = tuple(line for line in every if first_day <= line.on <= last_day)
    opening = before[-1].balance if before else 0
    came_in = sum(line.count for line in during if line.flow == "in")
    went_out = sum(line.count for line in during if line.flow == "out")
    closing = during[-1].balance if during else opening
    lying = (ended_lots if ended else lots)(using, organisation, kind, location=location)
    held = sum(lot.count for lot in lying)
    return LedgerPage(in_force, columns, opening, came_in, went_out, closing, held, during)


def _lines(using: str, organisation: int, kind: str, location: int, *, ended: bool) -> list[LedgerLine]:
    """All lines of one shelf of a store since it began, each with the balance after it."""
    rows = _rows_of(using, organisation, kind, location, ended=ended)
    if not ended:
        rows += list(_draws_out_of(using, kind, on_hand([_move(row) for row in rows])))
    rows.sort(key=_place_in_ledger)
    balance, lines = 0, []
    for row in rows:
        balance += int(row["count"] or 0) * (1 if row["flow"] == "in" else -1)
        lines.append(_line(row, balance))
    return lines


def _place_in_ledger(row: Row) -> tuple[str, int, bool, str, int]:
    """By day, then as recorded; of what was recorded at one moment what came in stands first."""
    said = str(row["day"]), int(row["at"] or 0), row["flow"] == "out"
    return *said, str(row["record"]), int(row["line"] or 0)


def _line(row: Row, balance: int) -> LedgerLine:
    return LedgerLine(
        on=str(row["day"]),
        kind=str(row["kind"]),
        flow=str(row["flow"]),
        first=str(row["first"]),
        last=str(row["last"]),
        count=int(row["count"] or 0),
        counterpart=int(row["counterpart"] or 0),
        record=str(row["record"]),
        by=int(row["by"] or 0),
        balance=balance,
    )


def drawn_again_of_kind(using: str, kind: str) -> dict[int, int]:
    """How many numbers later draws took off the shelves of numbers given back, by organisation."""
    moves: dict[tuple[int, int], list[Row]] = {}
    for row in DjangoRows(using).many("stock_moves", kind=kind, ended=1):
        moves.setdefault((int(row["organisation"] or 0), int(row["location"] or 0)), []).append(row)
    found: dict[int, int] = {}
    for (organisation, _location), held in moves.items():
        out = sum(int(row["count"] or 0) for row in drawn_again_out_of(using, kind, held))
        found[organisation] = found.get(organisation, 0) + out
    return found


def drawn_again_out_of(using: str, kind: str, moves: Sequence[Row]) -> Iterator[Row]:
    """What later draws took off a shelf of numbers given back, each what lay there when it was decided."""
    rows, left = DjangoRows(using), list(moves)
    decided = _deciders(rows)
    for draw in (row for row in rows.many("draws", order="issued_at", kind=kind) if int(row["turn"] or 1) > 1):
        before = [_move(row) for row in left if int(row["at"] or 0) <= int(draw["issued_at"] or 0)]
        out = list(_taken(draw, on_hand(before), decided.get(str(draw["draw"]), 0)))
        left += out
        yield from out


def _draws_out_of(using: str, kind: str, held: list[Lot]) -> Iterator[Row]:
    """What draws took out of what a store would hold without them, as :func:`lots` reckons it."""
    rows = DjangoRows(using)
    decided = _deciders(rows)
    for row in rows.many("draws", kind=kind, turn=1):
        yield from _taken(row, held, decided.get(str(row["draw"]), 0))


def _deciders(rows: DjangoRows) -> dict[str, int]:
    return {str(row["draw"]): int(row["by"] or 0) for row in rows.many("draw_decisions")}


def _taken(draw: Row, held: list[Lot], by: int) -> Iterator[Row]:
    """The moves by which a draw took its numbers out of these lots."""
    for line, lot in enumerate(lot for lot in held if lot.touches(str(draw["first"]), str(draw["last"]))):
        first, last = max(lot.first, str(draw["first"])), min(lot.last, str(draw["last"]))
        goods: Row = {"first": first, "last": last, "count": range_size(first, last), "line": line}
        drawn_at = int(draw["issued_at"] or 0)
        # Numbers drawn before they were ever booked into a store left it at the end of the day on which they were.
        at = day_start(lot.on) + MS_PER_DAY - 1 if legal_date(drawn_at) < lot.on else drawn_at
        made: Row = {"day": legal_date(at), "at": at, "by": by}
        made |= {"record": draw["draw"], "counterpart": draw["station"]}
        yield goods | made | {"kind": draw["kind"], "flow": "out"}
