"""Where every number of a kind lies, from the province's store down to the stations, and how long it will last.

A store holds what came in and was not given on; a station what was drawn for it and is not used yet. Use is what was
issued in the last weeks (:data:`~inspector_app.domain.supply.WINDOW_DAYS`), of an institution by all stations below it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.numbering import range_size
from inspector_app.domain.organisations import Line
from inspector_app.domain.stock import Lot, span
from inspector_app.domain.supply import WINDOW_DAYS
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.uncut import lost_uncut
from province.custody import deciding
from province.custody.receiving import ISSUED_KINDS
from province.custody.stores import drawn_again_of_kind, lots_of_kind
from province.custody.using import NOTICE
from province.journal.rows import DjangoRows


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation's stock of a kind. ``depth`` in the tree; ``coming`` was given to it and is not confirmed yet.

    ``ended`` counts numbers that were given back and are dead: they lie there and are no stock. ``days_left`` is None
    where nothing is used; ``used`` counts the last weeks.
    """

    organisation: int
    station: int
    level: str
    depth: int
    on_hand: int
    ranges: tuple[str, ...]
    coming: int
    ended: int
    used: int
    days_left: int | None


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a tree of one kind is made from, read once."""

    below: dict[int, list[Row]]
    lots: dict[tuple[int, int], list[Lot]]
    at_stations: dict[int, list[tuple[str, int]]]
    coming: dict[int, int]
    ended: dict[int, int]
    used: dict[int, int]


def holdings(using: str, kind: str) -> list[Holding]:
    """Every institution and station with its stock of a kind, each below the one it receives from."""
    return list(_tree(_read(using, kind), 0, 0))


def _tree(known: _Known, superior: int, depth: int) -> Iterator[Holding]:
    for row in known.below.get(superior, []):
        yield _holding(known, row, depth)
        yield from _tree(known, int(row["organisation"] or 0), depth + 1)


def _holding(known: _Known, row: Row, depth: int) -> Holding:
    organisation, station = int(row["organisation"] or 0), int(row["station"] or 0)
    parts = _at_station(known, station) + _in_stores(known, organisation)
    on_hand, used = sum(count for _text, count in parts), _used_below(known, row)
    return Holding(
        organisation=organisation,
        station=station,
        level=str(row["level"]),
        depth=depth,
        on_hand=on_hand,
        ranges=tuple(text for text, _count in parts if text),
        coming=known.coming.get(organisation, 0),
        ended=known.ended.get(organisation, 0),
        used=used,
        days_left=on_hand * WINDOW_DAYS // used if used else None,
    )


def _at_station(known: _Known, station: int) -> list[tuple[str, int]]:
    return known.at_stations.get(station, []) if station else []


def _in_stores(known: _Known, organisation: int) -> list[tuple[str, int]]:
    own = [lot for (owner, _at), lots in sorted(known.lots.items()) if owner == organisation for lot in lots]
    return [(span(lot.first, lot.last) if lot.first else "", lot.count) for lot in own]


def _used_below(known: _Known, row: Row) -> int:
    own = known.used.get(int(row["station"] or 0), 0) if row["station"] else 0
    return own + sum(_used_below(known, lower) for lower in known.below.get(int(row["organisation"] or 0), []))


def _read(using: str, kind: str) -> _Known:
    rows = DjangoRows(using)
    below: dict[int, list[Row]] = {}
    for row in rows.many("organisations", line=Line.INSTITUTION.value):
        below.setdefault(int(row["superior"] or 0), []).append(row)
    return _Known(
        below=below,
        lots=lots_of_kind(using, kind),
        at_stations=_unused(rows, kind) if kind in ISSUED_KINDS else {},
        coming=_coming(rows, kind),
        ended=_ended(using, rows, kind),
        used=_used(using, rows, kind) if kind in ISSUED_KINDS else {},
    )


def _coming(rows: DjangoRows, kind: str) -> dict[int, int]:
    found: dict[int, int] = {}
    given_back = rows.many("stock_returns", kind=kind, received_on=None, ended=0)
    for row in (*rows.many("distributions", kind=kind, received_on=None), *given_back):
        receiver = int(row["receiver"] or 0)
        found[receiver] = found.get(receiver, 0) + int(row["count"] or 0)
    return found


def _ended(using: str, rows: DjangoRows, kind: str) -> dict[int, int]:
    """Numbers given back that lie with each organisation; at a station what its vets gave back and nobody passed on.

    What was drawn again lies there no more.
    """
    found = _returned(rows, kind)
    for row in rows.many("stock_moves", kind=kind, ended=1):
        moved, place = int(row["count"] or 0), int(row["organisation"] or 0)
        found[place] = found.get(place, 0) + (moved if row["flow"] == "in" else -moved)
    for place, gone in drawn_again_of_kind(using, kind).items():
        found[place] = found.get(place, 0) - gone
    return found


def _returned(rows: DjangoRows, kind: str) -> dict[int, int]:
    """What the vets of each using unit gave back so far; what it took over as given back before is not among it."""
    unit_of = {int(row["station"] or 0): int(row["organisation"] or 0) for row in rows.many("organisations")}
    station_of = {str(row["draw"]): int(row["station"] or 0) for row in rows.many("draws", kind=kind)}
    taken_over = {row["ref"] for row in rows.many("openings")}
    draw_of = {row["block"]: str(row["draw"]) for row in rows.many("blocks", kind=kind)}
    found: dict[int, int] = {}
    for (block, ref), count in rows.tally("numbers", "block", "ended_by", kind=kind, state="returned").items():
        if ref not in taken_over:
            unit = unit_of.get(station_of.get(draw_of.get(block, ""), 0), 0)
            found[unit] = found.get(unit, 0) + count
    return found


def _unused(rows: DjangoRows, kind: str) -> dict[int, list[tuple[str, int]]]:
    """Of every station's draws what is still free, in a block or in none yet; a draw used up is left out.

    What was lost before it came into a block is free no more.
    """
    free = {str(block): count for (block,), count in rows.tally("numbers", "block", kind=kind, state="free").items()}
    uncut: dict[str, int] = {}
    for block in rows.many("blocks", kind=kind):
        draw = str(block["draw"])
        uncut[draw] = uncut.get(draw, 0) + free.get(str(block["block"]), 0) - int(block["size"] or 0)
    for name in {row["draw"] for row in rows.many("losses", kind=kind) if row["draw"]}:
        lost = sum(range_size(one.first, one.last) for one in lost_uncut(rows, name))
        uncut[str(name)] = uncut.get(str(name), 0) - lost
    found: dict[int, list[tuple[str, int]]] = {}
    for row in rows.many("draws", kind=kind):
        first, last = str(row["first"]), str(row["last"])
        if left := range_size(first, last) + uncut.get(str(row["draw"]), 0):
            found.setdefault(int(row["station"] or 0), []).append((span(first, last), left))
    return found


def _used(using: str, rows: DjangoRows, kind: str) -> dict[int, int]:
    today = deciding.today(using)
    since = legal_date(day_start(today) - (WINDOW_DAYS - 1) * MS_PER_DAY)
    table = "notices" if kind == NOTICE else "certificates"
    counted = rows.tally(table, "station", column="issued_on", first=since, last=today, kind=kind)
    return {int(station or 0): count for (station,), count in counted.items()}


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was not answered in full; ``overdue`` once its month has passed."""

    order: str
    organisation: int
    superior: int
    kind: str
    wanted: int
    given: int
    month: str
    late: bool
    overdue: bool


def waiting_orders(using: str) -> list[WaitingOrder]:
    """The orders not answered in full, by month."""
    rows, month = DjangoRows(using), deciding.today(using)[:7]
    given: dict[str, int] = {}
    for row in rows.many("distributions"):
        given[str(row["order_no"])] = given.get(str(row["order_no"]), 0) + int(row["count"] or 0)
    found = [_order(row, given.get(str(row["order_no"]), 0), month) for row in rows.many("orders", order="month")]
    return [one for one in found if one.given < one.wanted]


def _order(row: Row, given: int, month: str) -> WaitingOrder:
    return WaitingOrder(
        order=str(row["order_no"]),
        organisation=int(row["organisation"] or 0),
        superior=int(row["superior"] or 0),
        kind=str(row["kind"]),
        wanted=int(row["wanted"] or 0),
        given=given,
        month=str(row["month"]),
        late=bool(row["late"]),
        overdue=str(row["month"]) < month,
    )


FEW_DAYS = 14
"""Fewer days of supply than this are shown as few; the same fortnight the forecast at the stations warns by."""


def is_short(holding: Holding) -> bool:
    """Whether it will not last a fortnight, or nothing is left where something is used."""
    return holding.days_left is not None and holding.days_left < FEW_DAYS
