"""Stock of the institutions' stores that is destroyed in this world, by four persons, the deputy leader looking on.

Keeper, head, deputy leader and legal representative each take their own step; once in a while somebody takes another's.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.destruction import Step
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_destruction import stock_approvals
from inspector_app.suites import sha256
from province.custody import deciding, destroying
from province.custody.destroying import DestructionRequest, Done
from province.custody.organisations import find
from province.custody.stores import ended_lots
from province.journal.rows import DjangoRows
from simulation.desk import WRONG_PERSON, acting, at_desk, heading
from simulation.institutions import NUMBERED, head_of
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.storing import STORES, few_of, in_a_store
from simulation.world import World

PICTURE = sha256(b"a photograph of this world").hex()
AGREED = (Step.DEPUTY, Step.LEGAL)


def _requests(world: World, *, reviewed: bool) -> list[Row]:
    """The open requests that the head has reviewed, or has not."""
    using = world.server.using
    return [
        row for row in destroying.asked_ends(using) if bool(stock_approvals(DjangoRows(using), row).head) == reviewed
    ]


def _missing(world: World, row: Row) -> list[Step]:
    """Who of deputy and legal representative has not agreed yet."""
    agreed = stock_approvals(DjangoRows(world.server.using), row)
    return [step for step in AGREED if not getattr(agreed, step.value)]


def _organisation(row: Row) -> int:
    return int(row["organisation"] or 0)


def ask(world: World, _laptop: Laptop) -> str:
    """A keeper asks that something be destroyed: what lies there, or what vets gave back."""
    dice, using = world.dice("stores"), world.server.using
    back = [(one, kind, lot) for one in STORES for kind in NUMBERED for lot in ended_lots(using, one, kind)]
    found = dice.among(back) if back and dice.happens(0.4) else in_a_store(world)
    if found is None:
        return NOTHING
    organisation, kind, lot = found
    stated = DestructionRequest(
        organisation=organisation,
        kind=kind,
        by=acting(world, organisation),
        cause="damaged",
        method="shredding",
        planned_on="2099-12-31",
    )
    request = msgspec.structs.replace(stated, **few_of(lot))
    return at_desk(world, lambda at: destroying.ask_destruction(at, request))


def review(world: World, _laptop: Laptop) -> str:
    """The head reviews: it goes on; one in five goes back, some of these as a suspicion; a few count wrongly."""
    waiting, dice = _requests(world, reviewed=False), world.dice("stores")
    if not waiting:
        return NOTHING
    row = dice.among(waiting)
    outcome = dice.weighed(((7, "on"), (1, "back"), (1, "suspected"), (1, "miscounted")))
    counted = int(row["count"] or 0) + (outcome == "miscounted")
    back, by = "" if outcome in ("on", "miscounted") else "count_differs", heading(world, _organisation(row))
    suspected, name = outcome == "suspected", str(row["ask"])
    told = at_desk(
        world,
        lambda at: destroying.review(at, name, counted=counted, by=by, sent_back=back, suspected=suspected),
    )
    return f"{outcome} {told}"


def approve(world: World, _laptop: Laptop) -> str:
    """Deputy leader or legal representative agrees at the desk."""
    waiting = [row for row in _requests(world, reviewed=True) if _missing(world, row)]
    if not waiting:
        return NOTHING
    row = world.dice("stores").among(waiting)
    by = _person(world, row, world.dice("stores").among(_missing(world, row)))
    return at_desk(world, lambda at: destroying.approve(at, str(row["ask"]), by=by))


def _person(world: World, row: Row, step: Step) -> int:
    """Who stands for a step by the register; once in a while the head, who may not agree twice."""
    if world.dice("wrong person").happens(WRONG_PERSON):
        return head_of(world.server.using, _organisation(row))
    sheet = find(world.server.using, _organisation(row))
    assert sheet is not None  # none is ever taken off the register
    return sheet.deputy if step == Step.DEPUTY else sheet.legal


def sign(world: World, _laptop: Laptop) -> str:
    """The keeper enters the request as both signed and sealed it on paper; one in ten has no photograph of it."""
    waiting = [row for row in _requests(world, reviewed=True) if _missing(world, row)]
    if not waiting:
        return NOTHING
    dice = world.dice("stores")
    row = dice.among(waiting)
    name, picture, by = str(row["ask"]), "" if dice.happens(0.1) else PICTURE, acting(world, _organisation(row))
    day = max(legal_date(int(row["at"] or 0)), deciding.today(world.server.using))
    return at_desk(world, lambda at: destroying.enter_signed(at, name, signed_on=day, picture=picture, by=by))


def confirm_signed(world: World, _laptop: Laptop) -> str:
    """The head saw the signed form."""
    using = world.server.using
    waiting = [(row, destroying.unconfirmed_forms(using, str(row["ask"]))) for row in destroying.asked_ends(using)]
    forms = [(row, form) for row, found in waiting for form in found]
    if not forms:
        return NOTHING
    row, form = world.dice("stores").among(forms)
    by = heading(world, _organisation(row))
    return at_desk(world, lambda at: destroying.confirm_signed(at, str(form["record"]), by=by))


def destroy(world: World, _laptop: Laptop) -> str:
    """The keeper destroys it before the deputy who agreed; one in ten goes about it without one."""
    waiting = [row for row in _requests(world, reviewed=True) if not _missing(world, row)]
    if not waiting:
        return NOTHING
    row, dice = world.dice("stores").among(waiting), world.dice("stores")
    agreed = stock_approvals(DjangoRows(world.server.using), row)
    done = Done(
        method=str(row["method"]),
        counted=int(row["count"] or 0),
        supervisor=0 if dice.happens(0.1) else agreed.deputy,
        picture=PICTURE,
    )
    by = acting(world, _organisation(row))
    return at_desk(world, lambda at: destroying.destroy(at, str(row["ask"]), done, by=by))
