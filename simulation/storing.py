"""What else becomes of stock in the institutions' stores of this world: lost, used, destroyed, sent back, counted.

And who keeps it: stores pass from keeper to keeper, seals from holder to holder, the papers of licences go on file.
"""

from __future__ import annotations

from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import Lot
from inspector_app.domain.stock_receipts import Counted
from inspector_app.journal.projections import Row
from inspector_app.suites import sha256
from province.custody import counting, ending, organisations, returning, seals
from province.custody.counting import CountRequest
from province.custody.ending import EndRequest
from province.custody.keepers import in_store
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


def _in_a_store(world: World) -> tuple[int, str, Lot] | None:
    """A lot of an institution's store: whose, of which kind; None where no store holds anything."""
    using, dice = world.server.using, world.dice("stores")
    held = [(one, kind, lot) for one in STORES for kind in (*NUMBERED, MARKS) for lot in lots(using, one, kind)]
    return dice.among(held) if held else None


def _few_of(lot: Lot) -> dict[str, str | int]:
    """Up to three of a lot as somebody types them: its first numbers, or a count."""
    size = min(3, lot.count)
    if not lot.first:
        return {"count": size}
    return {"typed": f"{lot.first}-{str(int(lot.first) + size - 1).zfill(len(lot.first))}"}


def end_stock(world: World, _laptop: Laptop) -> str:
    """Something in a store is lost, is used up (marks), or is to be destroyed, of which the head decides."""
    found = _in_a_store(world)
    if found is None:
        return NOTHING
    organisation, kind, lot = found
    how = world.dice("stores").among(("lost", "destroyed", "used" if kind == MARKS else "lost"))
    goods, cause = _few_of(lot), "" if how == "used" else "damaged"
    by = acting(world, organisation)
    request = EndRequest(organisation=organisation, kind=kind, how=how, by=by, cause=cause, **goods)  # type: ignore[arg-type]
    return f"{how} {at_desk(world, lambda using: ending.end_stock(using, request))}"


def decide_end(world: World, _laptop: Laptop) -> str:
    """The head lets stock be destroyed, or does not."""
    asked = rows_at(world, "stock_end_asks", state="asked")
    if not asked:
        return NOTHING
    row, decline = world.dice("stores").among(asked), world.dice("stores").happens(0.3)
    by = heading(world, int(row["organisation"] or 0))
    return at_desk(world, lambda using: ending.decide_end(using, str(row["ask"]), by=by, decline=decline))


def conclude_loss(world: World, _laptop: Laptop) -> str:
    """The head concludes the case of a loss, or of a surplus."""
    lost = [(str(row["ending"]), row) for row in rows_at(world, "stock_endings", state="open")]
    surplus = [(str(row["count"]), row) for row in rows_at(world, "store_counts", state="open")]
    if not lost + surplus:
        return NOTHING
    name, row = world.dice("stores").among(lost + surplus)
    by = heading(world, int(row["organisation"] or 0))
    said = {"cause": "counting_mistake", "conclusion": "put_right"}
    return at_desk(world, lambda using: ending.conclude_loss(using, name, **said, by=by))


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
    goods, by = _few_of(dice.among(held)), _giver(world, giver)
    request = ReturnRequest(giver=giver, kind=kind, by=by, reason="too_many", **goods)  # type: ignore[arg-type]
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


# --- counted and handed on --------------------------------------------------------------------------------------------


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


def hand_store(world: World, _laptop: Laptop) -> str:
    """The other keeper takes over a store and what lies there, which both count; one in ten counts wrongly."""
    using, one = world.server.using, world.dice("stores").among(CHAIN)
    now = keeper_of(using, one.number)
    then = next(person for person in one.keepers if person != now)
    counted = in_store(using, one.number, 1)
    if counted and world.dice("stores").happens(0.1):
        counted.popitem()
    by = heading(world, one.number)
    named = {"store": "证章标志专用柜", "keeper": then, "by": by, "counted": counted}
    return at_desk(world, lambda at: organisations.place_store(at, one.number, 1, **named))  # type: ignore[arg-type]


# --- single things ----------------------------------------------------------------------------------------------------


def keep_seal(world: World, _laptop: Laptop) -> str:
    """A seal is registered, goes to another holder, or comes to its end."""
    known, one = rows_at(world, "seals"), world.dice("stores").among(CHAIN)
    held = known[-1] if known and world.dice("stores").happens(0.6) else None
    sheet = _next_sheet(world, held) if held is not None else _new_seal(world, one.number, len(known))
    return at_desk(world, lambda using: seals.keep_seal(using, sheet))


def _new_seal(world: World, organisation: int, known: int) -> SealSheet:
    name = f"印{organisation}-{known}-{world.restores}"
    impression, by = sha256(name.encode()).hex(), acting(world, organisation)
    return SealSheet(name, 0, organisation, 0, impression, "2026-01-01", "", by, 0)


def _next_sheet(world: World, held: Row) -> SealSheet:
    organisation, ends = int(held["organisation"] or 0), world.dice("stores").happens(0.2)
    return SealSheet(
        seal=str(held["seal"]),
        ordinal=0,
        organisation=organisation,
        holder=0 if ends else keeper_of(world.server.using, organisation),
        impression=str(held["impression"]),
        since="2026-01-01",
        until="2026-11-01" if ends else "",
        by=acting(world, organisation),
        at=0,
    )


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
