"""The two sides of a draw: who decided it, and who took it in (领用入库); never one person both (GX-2014 Art. 10)."""

from __future__ import annotations

from inspector_app.journal.projections import Row, Rows


def who_decided(rows: Rows, draw: object) -> int:
    """Who decided a draw, by roster number; 0 where nobody did, or where it was not heard yet."""
    decision = rows.one("draw_decisions", draw=str(draw))
    return int(decision["by"] or 0) if decision is not None else 0


def receipt_of(rows: Rows, draw: object) -> Row | None:
    """Who took a draw in: the earliest receipt that is not by who decided it, in whatever order they are heard."""
    decided_by = who_decided(rows, draw)
    told = (row for row in rows.many("draw_receipts", draw=str(draw)) if not decided_by or row["by"] != decided_by)
    return min(told, key=lambda row: (int(row["at"] or 0), str(row["ref"])), default=None)


def keeper_decided(rows: Rows, station: int, store: str, draw: object) -> bool:
    """Whether a draw was decided by who keeps the store it goes into, or kept it once: then somebody else takes it."""
    decided_by = who_decided(rows, draw)
    kept = rows.many("store_keepers", station=station, store=store)
    return bool(decided_by) and any(row["keeper"] == decided_by for row in kept)
