"""Stocktakes, stores and cases in the simulated world: people count what lies there, and are sometimes wrong.

Whatever happens while they count, a stocktake of people who counted rightly finds no difference (G20).
"""

from __future__ import annotations

from inspector_app.domain.refusals import Refused
from inspector_app.domain.stocktake import Shelf, StockLine
from inspector_app.journal.books.draw_sides import receipt_of
from inspector_app.journal.projections import Row
from inspector_app.services import custody_cases, keeping, stocktaking
from inspector_app.services.device import Device
from simulation.laptop import Laptop
from simulation.photographs import taken_or_excused
from simulation.saying import NOTHING, told
from simulation.violations import Violation
from simulation.world import World

MAIN = "main"


def stocktake(world: World, laptop: Laptop) -> str:
    """The next step of this laptop's stocktake: begin, count, close, now and then give it up."""
    row, dice = stocktaking.own_stocktake(laptop.device), world.dice("stocktake")
    if row is None:
        kinds = dice.among((("A",), ("B",), ("A", "B", "N")))
        return f"open {told(stocktaking.open_stocktake(laptop.device, kinds=kinds))}"
    if dice.happens(0.05):
        return f"abandon {told(stocktaking.abandon_stocktake(laptop.device, reason='urgent_work'))}"
    left = stocktaking.uncounted(laptop.device, row)
    return _count(world, laptop, row, _next(left)) if left else _close(world, laptop, row)


def _next(left: list[StockLine]) -> StockLine:
    """The block in use comes last."""
    return min(left, key=lambda line: line.current)


def _count(world: World, laptop: Laptop, row: Row, line: StockLine) -> str:
    """Count what lies there of one line; now and then (``World.miscounts``) one too few."""
    device, dice = laptop.device, world.dice("stocktake")
    lines = [one for one in stocktaking.book(device, (line.kind,)) if _concerns(one, line)]
    wrong = bool(lines) and dice.happens(world.miscounts)
    if wrong:
        world.miscounted.add(str(row["ref"]))  # before it is recorded: the power may go between the two
    found = lines[1:] if wrong else lines
    typed = "，".join(f"{one.first}-{one.last}" for one in found)
    pages = sum(one.pages * (int(one.last) - int(one.first) + 1) for one in found)
    on_hand = line.shelf == Shelf.ON_HAND
    outcome = stocktaking.count_stock(device, line.shelf, line.kind, typed, pages=pages if on_hand else 0, anew=on_hand)
    if wrong and found and on_hand:
        # Whoever overlooked a line looks no further, or the count of many lines would never come to its end.
        outcome = stocktaking.count_stock(device, line.shelf, line.kind, "")
    return f"count {line.shelf} {line.kind} {told(outcome)}"


def _concerns(one: StockLine, line: StockLine) -> bool:
    """Papers of a kind are counted together; unused numbers block by block."""
    if one.shelf != line.shelf:
        return False
    return one.shelf == Shelf.ON_HAND or line.overlaps(one.first, one.last)


def _close(world: World, laptop: Laptop, row: Row) -> str:
    photos, why = taken_or_excused(world, laptop.device, 2)
    outcome = stocktaking.close_stocktake(laptop.device, attachments=photos, no_picture=why)
    if isinstance(outcome, Refused):
        return f"close {told(outcome)}"
    if outcome.differences and row["ref"] not in world.miscounted:
        raise Violation("G20", f"{laptop.name} counted rightly and found {outcome.differences}")
    return f"close done {len(outcome.differences)} differences"


def conclude(world: World, laptop: Laptop) -> str:
    """The head concludes a case; whoever waited for it elsewhere may do so too."""
    cases = custody_cases.open_cases(laptop.device)
    if not cases:
        return NOTHING
    ref = str(world.dice("stocktake").among(cases)["ref"])
    outcome = custody_cases.conclude_case(laptop.device, ref, cause="counting_mistake", conclusion="found_again")
    if not isinstance(outcome, Refused):
        return told(outcome)
    # Until somebody has counted once more, all that can be said is that it was put right.
    return told(custody_cases.conclude_case(laptop.device, ref, cause="counting_mistake", conclusion="put_right"))


def receive(world: World, laptop: Laptop) -> str:
    """The keeper takes the next draw in; the store has its first keeper before."""
    device = laptop.device
    if device.rows.one("stores", store=MAIN) is None:
        return f"assign {told(keeping.assign_store(device, MAIN, device.person()))}"
    waiting = _waiting(device)
    if not waiting:
        return NOTHING
    return told(keeping.receive_draw(device, str(world.dice("stocktake").among(waiting)["draw"]), MAIN))


def _waiting(device: Device) -> list[Row]:
    rows = device.rows.many("draws", station=device.sheet.station)
    return [row for row in rows if receipt_of(device.rows, row["draw"]) is None]
