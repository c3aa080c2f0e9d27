"""Cases of custody of every station and store, their causes and conclusions: what Art. 17 has circulated upward."""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import span
from inspector_app.domain.stock_endings import Ending
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from province import provinces
from province.journal.read_once import ReadOnceRows

SHORT_RECEIPT, STORE_LOSS, SURPLUS, SUSPECTED = "short_receipt", "stock_lost", "stock_surplus", "stock_suspected"
"""Kinds of cases of stores, of the list ``store_case``."""


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """One case: where, what about (a number range, or what it names), its term; how it ended, "" while it is open.

    ``kind`` is of the list ``custody_case``, at an institution's store (``organisation``) of the list
    ``store_case``. ``by`` and ``concluded_by`` are roster numbers; ``overdue`` is only ever of an open one.
    """

    case: str
    station: int
    organisation: int
    kind: str
    about: str
    numbers: str
    opened_on: str
    due_on: str
    by: int
    overdue: bool
    cause: str
    conclusion: str
    concluded_on: str
    concluded_by: int


@enforces("G21")
def cases(using: str, *, station: int = 0, organisation: int = 0, concluded: bool = True) -> list[CaseState]:
    """The cases of a station or organisation (0: of every one), the open ones first, each by its term.

    A station's are also those of the organisation it is. Those concluded only if asked for.
    """
    rows = ReadOnceRows(using, "journals", "organisations")
    today = legal_date(provinces.of(using).clock.now().at)
    found = [_state(rows, row, today) for row in rows.many("custody_cases", order="due_on")]
    found += [_in_store(rows, row, today) for row in rows.many("stock_endings", how=Ending.LOST.value)]
    counts = (row for row in rows.many("store_counts") if row["state"])
    found += [_in_store(rows, row | _of_surplus(row), today) for row in counts]
    suspected = rows.many("stock_end_asks", suspected=1)
    found += [_in_store(rows, row | _of_suspicion(row), today) for row in suspected]
    wanted = (one for one in found if station in (0, one.station) and organisation in (0, one.organisation))
    wanted = (one for one in wanted if concluded or not one.concluded_on)
    return sorted(wanted, key=lambda one: (bool(one.concluded_on), one.due_on, one.case))


def _state(rows: ReadOnceRows, row: Row, today: str) -> CaseState:
    home = rows.one("journals", device=row["device"]) or {}
    station = int(home.get("station") or 0)
    unit = next(iter(rows.many("organisations", station=station)), None) if station else None
    ended = legal_date(int(row["concluded_at"])) if row["concluded_at"] else ""
    return CaseState(
        case=str(row["ref"]),
        station=station,
        organisation=int(unit["organisation"] or 0) if unit is not None else 0,
        kind=str(row["kind"]),
        about=str(row["about"] or ""),
        numbers=_numbers(row),
        opened_on=str(row["opened_on"]),
        due_on=str(row["due_on"]),
        by=int(row["opened_by"] or 0),
        overdue=not ended and str(row["due_on"]) < today,
        cause=str(row["cause"] or ""),
        conclusion=str(row["conclusion"] or ""),
        concluded_on=ended,
        concluded_by=int(row["concluded_by"] or 0),
    )


def _in_store(rows: ReadOnceRows, row: Row, today: str) -> CaseState:
    """What a store lost, or what did not come to it."""
    organisation = int(row["organisation"] or 0)
    unit = rows.one("organisations", organisation=organisation) or {}
    ended = legal_date(int(row["concluded_at"])) if row["concluded_at"] else ""
    return CaseState(
        case=str(row["ending"]),
        station=int(unit.get("station") or 0),
        organisation=organisation,
        kind=str(row.get("sort") or (SHORT_RECEIPT if row["shipment"] else STORE_LOSS)),
        about=str(row["shipment"]),
        numbers=_goods(row),
        opened_on=str(row["day"]),
        due_on=str(row["due_on"]),
        by=int(row["by"] or 0),
        overdue=not ended and str(row["due_on"]) < today,
        cause=str(row["case_cause"] or ""),
        conclusion=str(row["conclusion"] or ""),
        concluded_on=ended,
        concluded_by=int(row["concluded_by"] or 0),
    )


def _of_surplus(row: Row) -> Row:
    """A count that found more than the ledger has, as a case of its store."""
    goods: Row = {"ranges": row["surplus"], "count": row["surplus_count"]}
    return goods | {"ending": row["count"], "shipment": row["count"], "sort": SURPLUS}


def _of_suspicion(row: Row) -> Row:
    """A request for destruction under which the head suspected an offence, as a case of its store."""
    day = legal_date(int(row["at"] or 0))
    return {"ending": row["ask"], "shipment": row["ask"], "sort": SUSPECTED, "by": row["reviewed_by"], "day": day}


def _goods(row: Row) -> str:
    """What a store lost as people write it: ranges, or a count."""
    ranges = "、".join(span(*ends) for ends in ranges_of(str(row["ranges"])))
    return f"{row['kind']} {ranges or row['count']}"


def _numbers(row: Row) -> str:
    """The range a case is about, as people write it; "" for none."""
    if not row["first"]:
        return ""
    last = f"–{row['last']}" if row["last"] != row["first"] else ""
    return f"{row['form']} {row['first']}{last}"
