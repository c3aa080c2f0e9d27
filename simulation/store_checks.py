"""The stock equation of every store (G03), and where each number is that ever came from the printing house.

A number lies in one store, is on its way between two, was drawn by a station, or ended: one of them, never two and
never none.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector_app.domain.stock import Lot, left_of
from inspector_app.journal.projections.stock import ranges_of
from province.custody.stores import LedgerPage, drawn, ledger, lots_of_kind
from province.journal.rows import DjangoRows
from simulation.institutions import MARKS, NUMBERED
from simulation.violations import Violation

FIRST_DAY, LAST_DAY = "2000-01-01", "2099-12-31"
Span = tuple[str, str]


def stores_hold(using: str, *, restored: bool = False) -> None:
    """Violation ``stock`` when a ledger does not add up, or a number of a kind is in two places or in none.

    After a restore (``restored``) people may have told of the same numbers once more before a forgotten draw of them
    came back: then only the ledgers are asked.
    """
    shelves = {(row["organisation"], row["kind"], row["ended"]) for row in DjangoRows(using).many("stock_moves")}
    for organisation, kind, ended in sorted(shelves, key=str):
        _page_holds(using, int(organisation or 0), str(kind), ended=bool(ended))
    if restored:
        return
    for kind in NUMBERED:
        _each_number_once(using, kind)
    _pieces_hold(using)


def _page_holds(using: str, organisation: int, kind: str, *, ended: bool) -> None:
    page = ledger(using, organisation, kind, FIRST_DAY, LAST_DAY, ended=ended)
    where = f"{organisation} {kind}{' ended' if ended else ''}"
    if not isinstance(page, LedgerPage):
        raise Violation("stock", f"the store of {where} has no ledger: {page.codes}")
    balances = [line.balance for line in page.lines]
    if not page.holds or page.closing != page.on_hand or min(balances, default=0) < 0:
        raise Violation("stock", f"the store of {where}: {balances[-6:]}, {page.on_hand} on hand")


def _each_number_once(using: str, kind: str) -> None:
    received = [_span(row) for row in _moves(using, kind) if row["flow"] == "in" and not row["counterpart"]]
    there = _within(drawn(using, kind), received) + _ended(using, kind) + _on_the_way(using, kind)
    there += [(lot.first, lot.last) for lots in lots_of_kind(using, kind).values() for lot in lots]
    if joined(kind, there) != joined(kind, received):
        raise Violation("stock", f"{kind}: received {joined(kind, received)}, accounted for {joined(kind, there)}")


def _pieces_hold(using: str) -> None:
    """What came in of goods that bear no number lies somewhere, is on its way, or ended."""
    came = sum(int(row["count"] or 0) for row in _moves(using, MARKS) if row["flow"] == "in" and not row["counterpart"])
    there = sum(lot.count for lots in lots_of_kind(using, MARKS).values() for lot in lots)
    rows = DjangoRows(using)
    for table in ("distributions", "stock_returns"):
        there += sum(int(row["count"] or 0) for row in rows.many(table, kind=MARKS, received_on=None))
    there += sum(int(row["count"] or 0) for row in rows.many("stock_endings", kind=MARKS))
    if came != there:
        raise Violation("stock", f"{came} pieces came, {there} are accounted for")


def _moves(using: str, kind: str) -> list[dict[str, str | int | None]]:
    return DjangoRows(using).many("stock_moves", kind=kind, ended=0)


def _span(row: dict[str, str | int | None]) -> Span:
    return str(row["first"]), str(row["last"])


def _ended(using: str, kind: str) -> list[Span]:
    """Lost or destroyed in a store or on the way; not what vets gave back, which was drawn before."""
    rows = DjangoRows(using).many("stock_endings", kind=kind, ended=0)
    dead = _given_back(using, kind)
    return [one for row in rows if row["shipment"] not in dead for one in ranges_of(str(row["ranges"]))]


def _given_back(using: str, kind: str) -> set[object]:
    return {row["record"] for row in DjangoRows(using).many("stock_returns", kind=kind, ended=1)}


def _on_the_way(using: str, kind: str) -> list[Span]:
    rows = DjangoRows(using)
    waiting = rows.many("distributions", kind=kind, received_on=None)
    waiting += rows.many("stock_returns", kind=kind, received_on=None, ended=0)
    return [one for row in waiting for one in ranges_of(str(row["ranges"]))]


def _within(spans: Iterable[Span], received: list[Span]) -> list[Span]:
    """What of some ranges was ever received; a world's first draws were made before there were institutions."""
    found = []
    for first, last in spans:
        whole = Lot("", first, last, int(last) - int(first) + 1)
        outside = [(lot.first, lot.last) for lot in left_of([whole], received)]
        found += [(lot.first, lot.last) for lot in left_of([whole], outside)]
    return found


def joined(kind: str, spans: Iterable[Span]) -> list[Span]:
    """Ranges in order, neighbours in one. Violation ``stock`` when two of them share a number."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            raise Violation("stock", f"{kind} {first}-{last} and {found[-1][0]}-{found[-1][1]} share a number")
        touches = bool(found) and int(first) == int(found[-1][1]) + 1
        found[-1:] = [(found[-1][0], last)] if touches else [*found[-1:], (first, last)]
    return found
