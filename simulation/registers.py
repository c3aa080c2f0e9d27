"""The province's registers in this world: one person asks for a change, a second agrees, or it is dropped.

Institutions get another deputy leader, stores pass from keeper to keeper, seals from holder to holder.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.organisations import LocationSheet
from inspector_app.domain.register_changes import OrganisationAsked, RegisterState, SealAsked, StoreAsked, Wish
from inspector_app.domain.seals import SealSheet
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.register_changes import wish_of
from inspector_app.suites import sha256
from province.custody import registering
from province.custody.keepers import in_store
from province.custody.organisations import find
from simulation.desk import WRONG_PERSON, acting, at_desk, heading, rows_at
from simulation.institutions import CHAIN, PROVINCE, keeper_of
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.world import World

BESIDE = 0.4
"""How often the second person stands beside and agrees at once."""


def _ask(world: World, wish: Wish) -> str:
    second = _second(world, wish) if world.dice("registers").happens(BESIDE) else 0
    beside = "two" if second else "one"
    return f"{beside} {at_desk(world, lambda using: registering.ask(using, wish, second=second))}"


def _second(world: World, wish: Wish) -> int:
    """Who may agree; once in a while who asked, and who asked where nobody else may."""
    may = registering.seconds(world.server.using, wish)
    if not may or world.dice("wrong person").happens(WRONG_PERSON):
        return wish.sheet.by
    return world.dice("registers").among(may)


def hand_store(world: World, _laptop: Laptop) -> str:
    """A head asks that the other keeper take over the store and what lies there; one in ten counts wrongly."""
    using, one = world.server.using, world.dice("registers").among(CHAIN)
    now = keeper_of(using, one.number)
    then = next(person for person in one.keepers if person != now)
    counted = in_store(using, one.number, 1)
    if counted and world.dice("registers").happens(0.1):
        counted.popitem()
    sheet = LocationSheet(one.number, 1, 0, "证章标志专用柜", then, heading(world, one.number), 0)
    return _ask(world, StoreAsked("", sheet, tuple(sorted(counted.items()))))


def keep_seal(world: World, _laptop: Laptop) -> str:
    """A keeper asks that a seal be registered, go to another holder, or come to its end."""
    known, one = rows_at(world, "seals"), world.dice("registers").among(CHAIN)
    held = known[-1] if known and world.dice("registers").happens(0.6) else None
    sheet = _next_sheet(world, held) if held is not None else _new_seal(world, one.number, len(known))
    return _ask(world, SealAsked("", sheet, 1))


def _new_seal(world: World, organisation: int, known: int) -> SealSheet:
    name = f"印{organisation}-{known}-{world.restores}"
    impression, by = sha256(name.encode()).hex(), acting(world, organisation)
    return SealSheet(
        name, 0, organisation, keeper_of(world.server.using, organisation), impression, "2026-01-01", "", by, 0
    )


def _next_sheet(world: World, held: Row) -> SealSheet:
    organisation, ends = int(held["organisation"] or 0), world.dice("registers").happens(0.2)
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


def change_organisation(world: World, _laptop: Laptop) -> str:
    """An institution gets its other deputy leader: one of its own asks, the head of one above it agrees."""
    one = world.dice("registers").among(CHAIN)
    held = find(world.server.using, one.number)
    assert held is not None  # none is ever taken off the register
    then = next(person for person in one.deputies if person != held.deputy)
    # Above the province's own nobody stands: its keeper asks and its head agrees.
    by = acting(world, one.number) if one.number == PROVINCE else heading(world, one.number)
    return _ask(world, OrganisationAsked("", msgspec.structs.replace(held, deputy=then, by=by)))


def agree(world: World, _laptop: Laptop) -> str:
    """The second person agrees; what has changed meanwhile is refused and stays waiting."""
    wish = _waiting(world)
    if wish is None:
        return NOTHING
    by = _second(world, wish)
    return at_desk(world, lambda using: registering.agree(using, wish.ask, by=by))


def drop(world: World, _laptop: Laptop) -> str:
    """Who asked takes it back, or the second person does not agree."""
    wish = _waiting(world)
    if wish is None:
        return NOTHING
    by = wish.sheet.by if world.dice("registers").happens(0.5) else _second(world, wish)
    return at_desk(world, lambda using: registering.drop(using, wish.ask, by=by))


def _waiting(world: World) -> Wish | None:
    asked = rows_at(world, "register_asks", state=RegisterState.ASKED.value)
    return wish_of(world.dice("registers").among(asked)) if asked else None
