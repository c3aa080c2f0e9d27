"""Which stations of its area an institution visits next, drawn by lot, once a day."""

from __future__ import annotations

from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.domain.visit_plans import VisitsDrawn, draw_lots
from province import provinces
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, stations_below
from province.journal.rows import DjangoRows

SEED_BYTES = 16


def draw_visits(using: str, organisation: int, count: int, *, by: int) -> VisitsDrawn | StockRefused:
    """Draw ``count`` of the stations below an organisation; its head, or the keeper of its store, asks for it.

    A second lot on one day is refused: nobody draws again until the lot pleases.
    """
    with deciding.deciding(using):
        pool = tuple(sorted(stations_below(using, organisation)))
        if found := _refusals(using, organisation, pool, count, by):
            return refuse(using, Sides(act="draw_visits", by=by, organisation=organisation), found)
        seed = provinces.of(using).random.bytes(SEED_BYTES).hex()
        made = VisitsDrawn(
            plan=deciding.name(using, "V", "visit_plans"),
            organisation=organisation,
            on=deciding.today(using),
            seed=seed,
            pool=pool,
            drawn=draw_lots(seed, pool, count),
            by=by,
            at=deciding.moment(using),
        )
        record(using, made)
        return made


def _refusals(using: str, organisation: int, pool: tuple[int, ...], count: int, by: int) -> list[StockRefusal]:
    rows, sheet = DjangoRows(using), find(using, organisation)
    if sheet is None:
        return [refusal(StockCode.ORGANISATION_UNKNOWN, current=organisation)]
    found = []
    keeps = rows.many("stock_locations", organisation=organisation, keeper=by)
    if by != sheet.head and not (by and keeps):
        found.append(refusal(StockCode.NOT_THE_HEAD, limit=sheet.head or "", current=by or ""))
    if not 0 < count <= len(pool):
        found.append(refusal(StockCode.NOT_ON_HAND, current=count, limit=len(pool)))
    if held := rows.many("visit_plans", organisation=organisation, day=deciding.today(using)):
        found.append(refusal(StockCode.RECORD_SETTLED, current=str(held[0]["plan"])))
    return found
