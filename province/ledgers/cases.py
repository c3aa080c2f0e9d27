"""Cases of custody, their causes and conclusions (案件上报): what Art. 17 has circulated upward.

Those of every station, and the losses of the institutions' own stores, which are cases until the head concludes them.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_endings import Ending
from inspector_app.journal.projections import Row
from province import provinces
from province.journal.read_once import ReadOnceRows

STORE_LOSS = "loss_report"
"""The kind of the case (list ``custody_case``) that the loss of stock out of a store is."""


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """One case: where, what about (a number range, or what it names), its term; how it ended, "" while it is open.

    ``by`` and ``concluded_by`` are roster numbers; ``overdue`` is only ever of an open one. Of the loss of a store
    ``station`` is 0, ``organisation`` whose store it is and ``about`` the kind of goods.
    """

    case: str
    station: int
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
    organisation: int = 0


@enforces("G21")
def cases(using: str, *, station: int = 0, concluded: bool = True) -> list[CaseState]:
    """The cases of a station (0: all there are), open ones first, each by its term; those concluded if asked for."""
    rows = ReadOnceRows(using, "journals")
    today = legal_date(provinces.of(using).clock.now().at)
    found = [_state(rows, row, today) for row in rows.many("custody_cases", order="due_on")]
    found += [_store_loss(row, today) for row in rows.many("stock_endings", how=Ending.LOST.value)]
    wanted = (one for one in found if station in (0, one.station) and (concluded or not one.concluded_on))
    return sorted(wanted, key=lambda one: (bool(one.concluded_on), one.due_on, one.case))


def _state(rows: ReadOnceRows, row: Row, today: str) -> CaseState:
    home = rows.one("journals", device=row["device"]) or {}
    ended = legal_date(int(row["concluded_at"])) if row["concluded_at"] else ""
    return CaseState(
        case=str(row["ref"]),
        station=int(home.get("station") or 0),
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


def _store_loss(row: Row, today: str) -> CaseState:
    ended = legal_date(int(row["concluded_at"])) if row["concluded_at"] else ""
    return CaseState(
        case=str(row["ending"]),
        station=0,
        organisation=int(row["organisation"] or 0),
        kind=STORE_LOSS,
        about=str(row["kind"]),
        numbers=f"{row['kind']} {row['ranges']}" if row["ranges"] else "",
        opened_on=str(row["day"]),
        due_on=str(row["due_on"]),
        by=int(row["by"] or 0),
        overdue=not ended and str(row["due_on"]) < today,
        cause=str(row["case_cause"] or ""),
        conclusion=str(row["conclusion"] or ""),
        concluded_on=ended,
        concluded_by=int(row["concluded_by"] or 0),
    )


def _numbers(row: Row) -> str:
    """The range a case is about, as people write it; "" for none."""
    if not row["first"]:
        return ""
    last = f"–{row['last']}" if row["last"] != row["first"] else ""
    return f"{row['form']} {row['first']}{last}"
