"""What else becomes of stock in the institutions' stores of this world: lost, used, sent back, counted.

The papers of licences go on file there.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.stock import Lot
from inspector_app.domain.stock_receipts import Counted
from province.custody import counting, ending, returning, seals
from province.custody.counting import CountRequest
from province.custody.ending import EndRequest
from province.custody.returning import ReturnRequest
from province.custody.stores import ended_lots, lots
from simulation.desk import acting, at_desk, heading, rows_at
from simulation.institutions import CHAIN, MARKS, NUMBERED, UNITS, keeper_of
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.server import STATIONS
from simulation.shipments import as_counted
from simulation.world import World

STATION_NUMBERS = tuple(int(str(station["number"])) for station in STATIONS)
STORES = tuple(one.number for one in CHAIN)
FAR_ABOVE = ("9999999901", "9999999903")
"""Numbers nobody ever printed, which a keeper finds in a store all the same."""


def in_a_store(world: World) -> tuple[int, str, Lot] | None:
    """A lot of an institution's store: whose, of which kind; None where no store holds anything."""
    using, dice = world.server.using, world.dice("stores")
    held = [(one, kind, lot) for one in STORES for kind in (*NUMBERED, MARKS) for lot in lots(using, one, kind)]
    return dice.among(held) if held else None


def few_of(lot: Lot) -> dict[str, str | int]:
    """Up to three of a lot as somebody types them: its first numbers, or a count."""
    size = min(3, lot.count)
    if not lot.first:
        return {"count": size}
    return {"typed": f"{lot.first}-{str(int(lot.first) + size - 1).zfill(len(lot.first))}"}


def end_stock(world: World, _laptop: Laptop) -> str:
    """Something in a store is lost, or is used up (marks)."""
    found = in_a_store(world)
    if found is None:
        return NOTHING
    organisation, kind, lot = found
    how = world.dice("stores").among(("lost", "used" if kind == MARKS else "lost"))
    cause, by = "" if how == "used" else "damaged", acting(world, organisation)
    stated = EndRequest(organisation=organisation, kind=kind, how=how, by=by, cause=cause)
    request = msgspec.structs.replace(stated, **few_of(lot))
    return f"{how} {at_desk(world, lambda using: ending.end_stock(using, request))}"


# --- the way back -----------------------------------------------------------------------------------------------------


def give_back(world: World, _laptop: Laptop) -> str:
    """Unused stock goes up: what a store has too much of, and what vets gave back to the keeper of their station."""
    using, dice = world.server.using, world.dice("stores")
    kind = dice.among((*NUMBERED, MARKS))
    giver = dice.among((*STORES[1:], *(UNITS + station for station in STATION_NUMBERS)))
    dead = ended_lots(using, giver, kind) if kind != MARKS else []
    held = dead or lots(using, giver, kind)
    if not held:
        return NOTHING
    few = few_of(dice.among(held))
    stated = ReturnRequest(giver=giver, kind=kind, by=_giver(world, giver), reason="too_many")
    request = msgspec.structs.replace(stated, **few)
    return at_desk(world, lambda at: returning.give_back(at, request))


def _giver(world: World, organisation: int) -> int:
    return acting(world, organisation) if organisation in STORES else keeper_of(world.server.using, organisation)


def count_return(world: World, _laptop: Laptop) -> str:
    """The superior's keeper counts in what was given back; one in six lacks something."""
    waiting = rows_at(world, "stock_returns", received_on=None)
    if not waiting:
        return NOTHING
    row = world.dice("stores").among(waiting)
    by, counted = acting(world, int(row["receiver"] or 0)), as_counted(world, row)
    return at_desk(world, lambda using: returning.receive_back(using, str(row["record"]), by=by, counted=counted))


# --- counted ----------------------------------------------------------------------------------------------------------


def count_store(world: World, _laptop: Laptop) -> str:
    """A keeper counts a store: it agrees, lacks something, or holds what is in no ledger."""
    dice = world.dice("stores")
    organisation, kind = dice.among(STORES), dice.among((*NUMBERED, MARKS))
    held = lots(world.server.using, organisation, kind)
    find = dice.weighed(((3, "all"), (1, "less"), (1, "more")))
    counted = _pieces(held, find) if kind == MARKS else _numbers(held, find)
    by = acting(world, organisation)
    request = CountRequest(organisation=organisation, kind=kind, by=by, counted=counted)
    return f"{find} {at_desk(world, lambda using: counting.count_store(using, request))}"


def _pieces(held: list[Lot], find: str) -> Counted:
    there = sum(lot.count for lot in held) + {"all": 0, "less": -1, "more": 2}[find]
    return Counted(count=there, cause="lost" if find == "less" else "")


def _numbers(held: list[Lot], find: str) -> Counted:
    ranges = [(lot.first, lot.last) for lot in held]
    if find == "all" or (find == "less" and not ranges):
        return Counted()
    if find == "less":
        first, last = ranges.pop()
        ranges += [(first, str(int(last) - 1).zfill(len(last)))] if first < last else []
    else:
        ranges.append(FAR_ABOVE)
    typed = "，".join(f"{first}-{last}" for first, last in ranges)
    return Counted(count=None if typed else 0, typed=typed, cause="lost" if find == "less" else "")


def confirm_count(world: World, _laptop: Laptop) -> str:
    """The head saw the same."""
    waiting = rows_at(world, "store_counts", confirmed_by=None)
    if not waiting:
        return NOTHING
    row = world.dice("stores").among(waiting)
    by = heading(world, int(row["organisation"] or 0))
    return at_desk(world, lambda using: counting.confirm_count(using, str(row["count"]), by=by))


# --- single things ----------------------------------------------------------------------------------------------------


def keep_file(world: World, _laptop: Laptop) -> str:
    """The papers of a licence's application go on file, are cancelled, and are not thrown away before their time."""
    files = rows_at(world, "licence_files")
    dice, by = world.dice("stores"), acting(world, STORES[-1])
    step = dice.weighed(((2, "open"), (1, "cancel"), (1, "remove"))) if files else "open"
    file = str(dice.among(files)["file"]) if step != "open" else f"许 {len(files)}-{world.restores}"
    acts = {
        "open": lambda using: seals.open_file(using, file, organisation=STORES[-1], licence="苏练防 1", by=by),
        "cancel": lambda using: seals.cancel_licence(using, file, by=by),
        "remove": lambda using: seals.remove_file(using, file, by=by),
    }
    return f"{step} {at_desk(world, acts[step])}"
