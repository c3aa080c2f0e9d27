"""How the seven ledgers of a station stand (台账现状): one measure, at station and province (GX-2014 Art. 27).

Each ledger is told by how many records it has and how many it lacks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.custody import DESTROYABLE, SheetState
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.numerals import iso_date
from inspector_app.domain.policy import Policy
from inspector_app.domain.stocktake import StocktakeState
from inspector_app.domain.visits import LedgerSeen
from inspector_app.journal.books.draw_sides import receipt_of
from inspector_app.journal.projections.openings import former_lines, kept_since
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import CAME_BACK, is_stub

PAPERS = ("certificates", "notices")


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured, and against what: a station's rows, its policy, the legal day it is.

    ``counters`` are the computers whose stocktake is asked for. ``devices`` and ``station`` pick one station's rows out
    of a province's; a station's own rows are nobody else's (None, 0).
    """

    rows: Rows
    policy: Policy
    today: str
    counters: tuple[str, ...]
    devices: tuple[str, ...] | None = None
    station: int = 0

    def own(self, table: str, **equal: str) -> list[Row]:
        """The station's rows of a table that is kept by device."""
        if self.devices is None:
            return self.rows.many(table, **equal)
        return [row for device in self.devices for row in self.rows.many(table, device=device, **equal)]

    def filed(self, table: str, **equal: str) -> list[Row]:
        """The station's rows of a table that is kept by station."""
        found = self.rows.many(table, **equal)
        return [row for row in found if row["station"] == self.station] if self.station else found


def read_standing(ground: Ground) -> list[LedgerSeen]:
    """The seven ledgers (领用、保管、发放、盘点、使用、核销、销毁)."""
    return [LedgerSeen(name, *measure(ground)) for name, measure in LEDGERS.items()]


def _drawn(ground: Ground) -> tuple[int, int]:
    """Draws, and those nobody took into a store."""
    draws = ground.filed("draws")
    return len(draws), sum(receipt_of(ground.rows, row["draw"]) is None for row in draws)


def _kept(ground: Ground) -> tuple[int, int]:
    """Checks of stores; lacking are a keeper, a profile or a check in time. A station without any store lacks one."""
    known = ground.filed("stores")
    lacking = sum(not row["keeper"] or row["described_ref"] is None or _is_unchecked(ground, row) for row in known)
    return len(ground.filed("store_checks")), lacking if known else 1


def _is_unchecked(ground: Ground, store: Row) -> bool:
    checks = ground.filed("store_checks", store=str(store["store"]))
    return check_due_on(store, checks, ground.policy) < ground.today


def check_due_on(store: Row, checks: list[Row], policy: Policy) -> str:
    """The legal day a store's next check is due; one never checked is due since it is kept or described."""
    begun = int(store["described_at"] or store["since"] or 0)
    last = legal_date(max([begun, *(int(one["at"] or 0) for one in checks)]))
    days = policy.storage_check_days if checks else 0
    return (iso_date(last) + timedelta(days=days)).isoformat()


def _distributed(ground: Ground) -> tuple[int, int]:
    """Blocks, and those whose draw is not on record."""
    blocks = ground.own("blocks")
    return len(blocks), sum(ground.rows.one("draws", draw=row["draw"]) is None for row in blocks)


def _counted(ground: Ground) -> tuple[int, int]:
    """Closed stocktakes; lacking are those that are due, and second persons."""
    closed = ground.own("stocktakes", state=StocktakeState.CLOSED.value)
    acts = (ground.rows.one("acts", ref=row["ended_ref"]) or {} for row in closed)
    late = sum(_is_uncounted(ground, one) for one in ground.counters) if closed else 1
    return len(closed), late + sum(act.get("confirmed_by") is None for act in acts)


def _is_uncounted(ground: Ground, device: str) -> bool:
    due_on = count_due_on(ground.rows, device, ground.policy)
    return bool(due_on) and due_on < ground.today


def count_due_on(rows: Rows, device: str, policy: Policy) -> str:
    """The legal day by which a computer's next stocktake is due; "" when there has been none."""
    closed = rows.many("stocktakes", device=device, state=StocktakeState.CLOSED.value)
    if not closed:
        return ""
    last = legal_date(max(int(row["ended_at"] or 0) for row in closed))
    return (iso_date(last) + timedelta(days=policy.stocktake_days)).isoformat()


def _used(ground: Ground) -> tuple[int, int]:
    """Numbers used, and those without a paper on record."""
    papers = {row["number"] for table in PAPERS for row in ground.own(table)}
    used = _numbers_used(ground)
    return len(used), sum(row["number"] not in papers for row in used)


def _numbers_used(ground: Ground) -> list[Row]:
    state = NumberState.USED.value
    if ground.devices is None:
        return ground.rows.many("numbers", state=state)
    blocks = ground.own("blocks")
    return [row for block in blocks for row in ground.rows.many("numbers", block=block["block"], state=state)]


def _written_off(ground: Ground) -> tuple[int, int]:
    """Checks of papers; lacking are those of sheets that have waited past their working days (Art. 23, 25)."""
    waiting = [row for state in (SheetState.SPOILED, *CAME_BACK) for row in ground.own("sheets", state=state.value)]
    late = (row for row in waiting if _write_off_due(ground, row) < ground.today)
    return len(ground.own("write_offs")), sum(not _is_checked(ground, row) for row in late)


def _write_off_due(ground: Ground, sheet: Row) -> str:
    since = legal_date(int(sheet["at"] or 0))
    return ground.policy.after_working_days(since, ground.policy.spoiled_write_off_working_days)


def _is_checked(ground: Ground, sheet: Row) -> bool:
    check = latest_check(ground.rows, str(sheet["number"]), int(sheet["print"] or 0))
    return check is not None and not came_after(sheet, check)


def latest_check(rows: Rows, number: str, print_no: int) -> Row | None:
    """The check of a print that counts: of several the latest."""
    checks = rows.many("write_offs", number=number, print=print_no)
    return max(checks, key=lambda row: (int(row["at"] or 0), str(row["ref"])), default=None)


def came_after(sheet: Row, check: Row) -> bool:
    """Whether a sheet came back after the check of its print, so that nobody has held it against the record yet."""
    return sheet["state"] in CAME_BACK and int(sheet["at"] or 0) > int(check["at"] or 0)


def _destroyed(ground: Ground) -> tuple[int, int]:
    """Sheets destroyed; lacking are moves that are not on record, and what last quarter's list named (Art. 23).

    What is kept as evidence is not due.
    """
    gone = ground.own("sheets", state=SheetState.DESTROYED.value)
    moves = ground.own("sheet_moves", state=SheetState.DESTROYED.value)
    told = {(row["number"], row["print"], row["sheet"]) for row in moves}
    lacking = sum((row["number"], row["print"], row["sheet"]) not in told for row in gone)
    return len(gone), lacking + _overdue_sheets(ground)


def _overdue_sheets(ground: Ground) -> int:
    """Sheets whose term of keeping ended before this quarter, and which nobody suspects."""
    begun, lines = quarter_begun(ground.today), former_lines(ground.rows)
    rows = [row for state in sorted(DESTROYABLE) for row in ground.own("sheets", state=state.value)]
    due = (row for row in rows if _kept_through(ground, row, lines) < begun)
    return sum(not _is_suspect(ground, row) for row in due)


def _kept_through(ground: Ground, sheet: Row, lines: list[Row]) -> str:
    return ground.policy.sheet_kept_through(kept_since(ground.rows, sheet, lines), stub=is_stub(sheet))


def _is_suspect(ground: Ground, sheet: Row) -> bool:
    check = latest_check(ground.rows, str(sheet["number"]), int(sheet["print"] or 0))
    return bool(check and check["suspect"])


def quarter_begun(day: str) -> str:
    """The first legal day of the quarter a day lies in."""
    month = (int(day[5:7]) - 1) // 3 * 3 + 1
    return f"{day[:4]}-{month:02d}-01"


LEDGERS: dict[str, Callable[[Ground], tuple[int, int]]] = {
    "draw": _drawn,
    "keep": _kept,
    "distribute": _distributed,
    "stocktake": _counted,
    "use": _used,
    "write_off": _written_off,
    "destroy": _destroyed,
}
"""Each ledger with what counts its records and what they lack."""
