"""Stock on its way down in this world: ordered, delivered, distributed, counted in, charged for, drawn by a station.

Each step is one person's act at the province's desk. Only what was counted in goes on, only what was paid for is
followed by more, so most of them wait for another one.
"""

from __future__ import annotations

from province.custody import approving, distributing, drawing, fees, hand_ins, ordering, receiving
from province.custody.distributing import DistributionRequest
from province.custody.drawing import DrawRequest
from province.custody.ordering import OrderRequest
from province.custody.stores import lots, lots_to_draw
from province.journal.rows import DjangoRows
from simulation import institutions
from simulation.desk import acting, at_desk, heading, rows_at
from simulation.institutions import CHAIN, CITY, COUNTY, MARKS, NUMBERED, PROVINCE, UNITS
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.server import STATIONS
from simulation.shipments import as_counted
from simulation.world import World

GOODS = (*NUMBERED, MARKS)
DELIVERED = 120
FURTHER = 40
"""So many numbers a station draws at once."""
PRICE_FEN = 20


def deliver(world: World, _laptop: Laptop) -> str:
    """The printing house brings a delivery to the province's store."""
    kind = world.dice("supply").among(GOODS)
    return at_desk(world, lambda using: receiving.receive(using, institutions.delivery(using, kind, DELIVERED)))


def place_order(world: World, _laptop: Laptop) -> str:
    """County or city orders of its superior; after the county's window with a reason, of which the head decides."""
    dice, lower = world.dice("supply"), world.dice("supply").among(CHAIN[1:])
    request = OrderRequest(
        organisation=lower.number,
        superior=lower.superior,
        kind=dice.among(GOODS),
        wanted=dice.between(20, 200),
        by=acting(world, lower.number),
        reason="release_season" if dice.happens(0.4) else "",
    )
    return at_desk(world, lambda using: ordering.place_order(using, request))


def answer_approval(world: World, _laptop: Laptop) -> str:
    """A head lets happen what a keeper asked for, or does not."""
    waiting = rows_at(world, "stock_approvals", state="asked")
    if not waiting:
        return NOTHING
    dice = world.dice("supply")
    row = dice.among(waiting)
    answer = approving.decline if dice.happens(0.4) else approving.approve
    by = heading(world, int(row["organisation"] or 0))
    return at_desk(world, lambda using: answer(using, str(row["ask"]), by=by))


def distribute(world: World, _laptop: Laptop) -> str:
    """An institution gives stock to whom it stands above; certificates go no further than the county."""
    dice = world.dice("supply")
    giver, receiver, kinds = dice.among(
        ((PROVINCE, CITY, GOODS), (CITY, COUNTY, GOODS), (COUNTY, UNITS + _station(world), (MARKS,)))
    )
    request = DistributionRequest(
        giver=giver,
        receiver=receiver,
        kind=dice.among(kinds),
        by=acting(world, giver),
        count=dice.between(10, 60),
        order=_order_of(world, giver, receiver),
    )
    if request.kind != MARKS and dice.happens(0.3):
        return _out_of_turn(world, request)
    return at_desk(world, lambda using: distributing.distribute(using, request))


def _station(world: World) -> int:
    return int(str(world.dice("supply").among(STATIONS)["number"]))


def _order_of(world: World, giver: int, receiver: int) -> str:
    """Now and then it answers an order, which may be one of another kind."""
    placed = rows_at(world, "orders", organisation=receiver, superior=giver)
    if not placed or not world.dice("supply").happens(0.3):
        return ""
    return str(world.dice("supply").among(placed)["order_no"])


def _out_of_turn(world: World, request: DistributionRequest) -> str:
    """The last numbers of the youngest lot, with a reason, of which the head decides."""
    held = lots(world.server.using, request.giver, request.kind)
    if not held:
        return NOTHING
    last = held[-1].last
    first = str(int(last) - min(4, held[-1].count - 1)).zfill(len(last))
    asked = DistributionRequest(
        giver=request.giver,
        receiver=request.receiver,
        kind=request.kind,
        by=request.by,
        typed=f"{first}-{last}",
        reason="whole_boxes",
    )
    return at_desk(world, lambda using: distributing.distribute(using, asked))


def count_shipment(world: World, _laptop: Laptop) -> str:
    """The receiver's keeper counts a distribution in; one in six lacks something."""
    open_rows = rows_at(world, "distributions", received_on=None)
    if not open_rows:
        return NOTHING
    row = world.dice("supply").among(open_rows)
    by, counted = acting(world, int(row["receiver"] or 0)), as_counted(world, row)
    name = str(row["distribution"])
    return at_desk(world, lambda using: receiving.confirm_receipt(using, name, by=by, counted=counted))


# --- the cost fee -----------------------------------------------------------------------------------------------------


def charge(world: World, _laptop: Laptop) -> str:
    """The giver charges the cost fee of a distribution or a draw."""
    rows = rows_at(world, "distributions")
    named = {str(row["distribution"]): row for row in rows} | {
        str(row["draw"]): row for row in rows_at(world, "draw_decisions")
    }
    left = sorted(named.keys() - {str(row["distribution"]) for row in rows_at(world, "fees")})
    if not left:
        return NOTHING
    name = world.dice("supply").among(left)
    by, invoice = acting(world, int(named[name]["giver"] or 0)), f"FP-{name}"
    amount = PRICE_FEN * world.dice("supply").between(10, 60)
    return at_desk(world, lambda using: fees.charge(using, name, amount_fen=amount, invoice=invoice, by=by))


def settle(world: World, _laptop: Laptop) -> str:
    """A fee is paid, or a part of it."""
    owed = rows_at(world, "fees", settled_on=None)
    if not owed:
        return NOTHING
    dice = world.dice("supply")
    row = dice.among(owed)
    fee, left = str(row["fee"]), int(row["amount_fen"] or 0) - int(row["paid_fen"] or 0)
    paid = dice.between(1, left) if dice.happens(0.2) else left
    by, receipt = acting(world, int(row["payee"] or 0)), f"SJ-{fee}-{left}"
    return at_desk(world, lambda using: fees.settle(using, fee, amount_fen=paid, receipt=receipt, by=by))


# --- the last step ----------------------------------------------------------------------------------------------------


def draw(world: World, _laptop: Laptop) -> str:
    """The county's keeper lets a station draw; what is more than the cap waits for the county's head."""
    dice = world.dice("drawn")
    kind = dice.among(("A", "B"))
    restock(world, kind)
    request = DrawRequest(
        station=int(str(dice.among(STATIONS)["number"])),
        kind=kind,
        by=acting(world, COUNTY),
        count=_in_one_range(world, kind),
        reason="season",
    )
    return at_desk(world, lambda using: drawing.draw(using, request))


def _in_one_range(world: World, kind: str) -> int:
    """A draw is one range: where the oldest lot is smaller, that comes first."""
    held = lots_to_draw(world.server.using, COUNTY, kind)
    return min(FURTHER, held[0].count) if held else FURTHER


def restock(world: World, kind: str) -> None:
    """Before the county's store runs short the whole chain hands further stock down."""
    using = world.server.using
    if sum(lot.count for lot in lots(using, COUNTY, kind)) < FURTHER and not _is_in_debt(world):
        world.server.work(lambda: institutions.stock_up(using, (kind,)))
        world.note("province", f"STOCKED UP with {kind}")


def _is_in_debt(world: World) -> bool:
    """Whether the city or the county owes a fee, before which nothing more is given to it."""
    rows = DjangoRows(world.server.using)
    return any(rows.many("fees", payer=payer, settled_on=None) for payer in (CITY, COUNTY))


def answer_draw(world: World, _laptop: Laptop) -> str:
    """The county's head lets a draw over the cap happen, or does not."""
    waiting = rows_at(world, "draw_asks", state="asked")
    if not waiting:
        return NOTHING
    dice = world.dice("drawn")
    ask, by = str(dice.among(waiting)["ask"]), heading(world, COUNTY)
    answer = drawing.decline if dice.happens(0.4) else drawing.confirm
    return at_desk(world, lambda using: answer(using, ask, by=by))


def count_in(world: World, _laptop: Laptop) -> str:
    """The county's keeper counts in what a station handed in; one slip in six names a sheet that is not there."""
    slips = world.server.work(lambda: hand_ins.open_hand_ins(world.server.using))
    if not slips:
        return NOTHING
    dice = world.dice("counted_in")
    slip = dice.among(slips)
    missing = slip.sheets[:1] if not slip.counts and dice.happens(0.16) else ()
    counted = len(slip.sheets) - len(missing)
    count = hand_ins.Count(hand_in=slip.hand_in, counted=counted, missing=missing, by=acting(world, COUNTY))
    return f"{counted} of {slip.hand_in} {at_desk(world, lambda using: hand_ins.count_in(using, count))}"
