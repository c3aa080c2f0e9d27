"""How much was used, counted from what was issued: for the cap of a draw and for next year's money."""

from __future__ import annotations

from inspector_app.domain.stock_refusals import StockRefusal
from inspector_app.domain.usage import EstimateLine, Use, coming_window, cost_estimate, recent_window
from province import reference
from province.custody.deciding import kind_of
from province.custody.organisations import stations_below
from province.custody.receiving import ISSUED_KINDS
from province.journal.rows import DjangoRows

NOTICE = "N"


def use_of(using: str, kind: str, day: str, months: int, *, station: int, vet: int = 0) -> Use:
    """The numbers of a kind a vet, or a whole station, used in both windows before a day."""
    whose = {"vet": vet} if vet else {"station": station}
    recent, coming = recent_window(day, months), coming_window(day, months)
    table = _table(kind)
    rows = DjangoRows(using)
    first = rows.lowest(table, "issued_on", kind=kind, **whose)
    return Use(
        recent=rows.count_between(table, column="issued_on", first=recent.first, last=recent.last, kind=kind, **whose),
        coming=rows.count_between(table, column="issued_on", first=coming.first, last=coming.last, kind=kind, **whose),
        is_new=first is None or str(first) >= recent.first,
    )


def _table(kind: str) -> str:
    return "notices" if kind == NOTICE else "certificates"


def estimate(using: str, organisation: int, year: int) -> list[EstimateLine]:
    """An organisation's cost estimate (工本费预算) for the year after ``year``, from what its stations used in it."""
    kinds = reference.catalogue().stock_kinds(f"{year}-12-31")
    stations = stations_below(using, organisation)
    used = {kind.code: sum(_used_by(using, kind.code, station, year) for station in stations) for kind in kinds}
    return cost_estimate(kinds, used)


def _used_by(using: str, kind: str, station: int, year: int) -> int:
    """Numbers issued, or for other goods what the station received, in a legal year."""
    ends = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
    rows = DjangoRows(using)
    if kind in ISSUED_KINDS:
        return rows.count_between(_table(kind), column="issued_on", **ends, kind=kind, station=station)
    unit = rows.one("organisations", station=station)
    if unit is None or isinstance(kind_of(kind, ends["last"]), StockRefusal):
        return 0
    came = rows.between("stock_moves", column="day", **ends, organisation=unit["organisation"], kind=kind, flow="in")
    return sum(int(row["count"] or 0) for row in came)
