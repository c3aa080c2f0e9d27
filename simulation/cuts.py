"""Every cut: one act, done again and again in the same world, with the power cut at its first point, its second, its
third … until it comes through. Systematic where the long worlds are random.

After each cut the laptop starts from what its disk held at that moment. The act then has happened wholly or not at all,
the product's own check is silent, the act can be done (again, or for the first time), and province and laptop agree.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.refusals import Refused
from inspector_app.errors import BugError, StationError
from inspector_app.services import (
    case_moves,
    day_close,
    declaring,
    handing_over,
    issuing,
    lists,
    noticing,
    print_jobs,
    print_orders,
)
from inspector_app.services.issuing import Issued
from inspector_app.services.marked_sheets import Marked
from simulation import scenario
from simulation.batches import LOACH, XINGHUA, producers_form
from simulation.faults import PROFILES
from simulation.laptop import Laptop
from simulation.power import PowerCut
from simulation.server import CLERK, VET
from simulation.violations import Violation
from simulation.workshop import Workshop, found_laptop, must, one_time_code
from simulation.world import World

SEED = 1
MOST_POINTS = 400


class Act(msgspec.Struct, frozen=True):
    """What is done under cuts: ``prepare`` gives the subject, ``do`` does it and may be called again."""

    prepare: Callable[[World, Laptop], Any]
    do: Callable[[World, Laptop, Any], object]


def every_cut(shop: Workshop, name: str) -> int:
    """Cut the power at every point of an act; returns how many points it has. Raises Violation."""
    for nth in count(1):
        if nth > MOST_POINTS:
            raise Violation("I12", f"{name} has more than {MOST_POINTS} points")
        with World(shop, SEED, PROFILES["calm"]) as world:
            if not _comes_through(world, ACTS[name], nth):
                continue
        return nth - 1
    raise BugError("unreachable: counting never ends")


def _comes_through(world: World, act: Act, nth: int) -> bool:
    world.become_calm()
    laptop = world.laptops[0]
    laptop.open(VET)
    subject = act.prepare(world, laptop)
    before = laptop.device.store.head()
    laptop.power.arm(nth)
    try:
        outcome = act.do(world, laptop, subject)
    except PowerCut:
        laptop.lose_power()
    else:
        laptop.power.disarm()
        must_be_done(outcome)
        must_agree(world, laptop)
        return True
    must_be_sound(world, laptop)
    happened = laptop.device.store.head() != before
    outcome = act.do(world, laptop, subject)
    if not happened:
        must_be_done(outcome)
    must_be_sound(world, laptop)
    must_agree(world, laptop)
    return False


def every_province_cut(shop: Workshop) -> int:
    """Cut the province's power before every statement of a contact with news both ways; returns how many there are."""
    for nth in count(1):
        with World(shop, SEED, PROFILES["calm"]) as world:
            world.become_calm()
            laptop = world.laptops[0]
            laptop.open(VET)
            _news_both_ways(world, laptop)
            world.server.arm(nth)
            try:
                world.sync(laptop)
            except StationError as error:
                if error.code != "network.interrupted":
                    raise
            if not world.server.cuts:
                return nth - 1
            world.checks.province()
            must_be_sound(world, laptop)
            must_agree(world, laptop)
    raise BugError("unreachable: counting never ends")


def every_enrolment_cut(shop: Workshop, *, first: int = 1, step: int = 1) -> int:
    """Cut a new laptop's power at every point from the first key to its first person; returns the last one tried.

    There are hundreds, most of them while the empty tables are made: ``step`` takes only every so many.
    """
    for nth in count(first, step):
        with World(shop, SEED, PROFILES["calm"]) as world:
            world.become_calm()
            laptop, code = world.add_laptop("L4"), one_time_code(world.server)
            laptop.power.arm(nth)
            try:
                found_laptop(laptop, (VET,), world.lines[laptop.name], code)
            except PowerCut:
                laptop.lose_power()
            else:
                return nth - step
            _enrol_again(world, laptop, code)
            must_be_sound(world, laptop)
            must_agree(world, laptop)
    raise BugError("unreachable: counting never ends")


def _enrol_again(world: World, laptop: Laptop, code: str) -> None:
    """Go on where the wizard was cut off: sign in to a founded home, else begin again, with a new code if need be."""
    laptop.people = laptop.people or (VET,)
    if (laptop.folder / "home.json").exists():
        laptop.open(VET)
        return
    try:
        found_laptop(laptop, (VET,), world.lines[laptop.name], code)
    except StationError as error:
        if error.code != "enrol.code_used":
            raise
        found_laptop(laptop, (VET,), world.lines[laptop.name], one_time_code(world.server))


def must_be_done(outcome: object) -> None:
    """Violation when an act that had not happened was refused."""
    if isinstance(outcome, Refused):
        raise Violation("I12", f"what never happened cannot be done: {outcome.refusals}")


def must_be_sound(world: World, laptop: Laptop) -> None:
    """All checks on one laptop."""
    world.checks.doctor(laptop)
    world.checks.laptop(laptop)
    world.checks.paper()


def must_agree(world: World, laptop: Laptop) -> None:
    """A contact brings laptop and province to the same head, and nobody is alarmed."""
    world.sync(laptop)
    world.checks.province()
    device, head = laptop.device, laptop.device.store.head()
    if device.frozen or device.store.acknowledged().seq != head.seq:
        raise Violation("I12", f"{laptop.name} is at {head.seq}, {device.store.acknowledged().seq} is acknowledged")


# --- the acts ---------------------------------------------------------------------------------------------------------


def _nothing(_world: World, _laptop: Laptop) -> None:
    return None


def _whole_batch(_world: World, laptop: Laptop) -> IssueDraft:
    one = next(one for one in lists.issuables(laptop.device) if one.kind == "B")
    return scenario.draft_of(laptop.clock.now().at, one, one.left)


def _issued(world: World, laptop: Laptop) -> str:
    outcome = issuing.issue_certificate(laptop.device, _whole_batch(world, laptop))
    if not isinstance(outcome, Issued):
        raise BugError(f"cannot prepare: {outcome}")
    return outcome.number


def _printed(world: World, laptop: Laptop) -> str:
    number = _issued(world, laptop)
    _print(world, laptop, number)
    return number


def _hand_over(laptop: Laptop, number: str) -> object:
    return handing_over.hand_over(laptop.device, number, wet_signature=True, wet_seal=True, receipt_signed=True)


def _spoiled(world: World, laptop: Laptop) -> str:
    number = _issued(world, laptop)
    attempt = print_jobs.submit(laptop.device, number, laptop.printer)
    if isinstance(attempt, Refused):
        raise BugError(f"cannot prepare: {attempt}")
    must_be_done(print_jobs.answer(laptop.device, attempt.ref, "spoiled"))
    return number


def _failed_batch(world: World, laptop: Laptop) -> noticing.NoticeDraft:
    device = laptop.device
    declaration = must(_declare(world, laptop, None))
    must(declaring.accept_declaration(device, declaration, inspect_on=device.today(), short_notice="weather"))
    row = device.rows.one("declarations", ref=declaration) or {}
    return scenario.notice_draft(must(scenario.inspect_batch(laptop, row, passed=False)))


def _print(world: World, laptop: Laptop, number: str) -> object:
    """Send to the printer unless that was done already, and say what came out."""
    device = laptop.device
    if not print_jobs.open_attempts(device):
        outcome = print_jobs.submit(device, number, laptop.printer)
        if isinstance(outcome, Refused):
            return outcome
    return scenario.answer(world, laptop)


def _replace(_world: World, laptop: Laptop, number: str) -> object:
    return scenario.replace_certificate(laptop, laptop.device.rows.one("certificates", number=number) or {})


def _sister(laptop: Laptop, world: World) -> Laptop:
    return next(one for one in world.laptops if one is not laptop and CLERK in one.people)


def _order(world: World, laptop: Laptop, number: str) -> object:
    return print_orders.order_print(laptop.device, number, _sister(laptop, world).device.id)


def _ordered(world: World, laptop: Laptop) -> bytes:
    """An order from a sister's vet for this laptop."""
    sister = _sister(laptop, world)
    sister.open(VET)
    sealed = print_orders.order_print(sister.device, _issued(world, sister), laptop.device.id)
    if isinstance(sealed, Refused):
        raise BugError(f"cannot prepare: {sealed}")
    return sealed


def _case(world: World, laptop: Laptop) -> str:
    """An accepted case of this laptop's own."""
    declaration = must(_declare(world, laptop, None))
    today = laptop.device.today()
    must(declaring.accept_declaration(laptop.device, declaration, inspect_on=today, short_notice="weather"))
    return declaration


def _handed(world: World, laptop: Laptop) -> bytes:
    """A case of a sister's on a stick for this laptop."""
    sister = _sister(laptop, world)
    sister.open(VET)
    file = case_moves.hand_case(sister.device, _case(world, sister), laptop.device.id)
    world.checks.laptop(sister)
    if isinstance(file, Refused):
        raise BugError(f"cannot prepare: {file}")
    return file


def _lent(world: World, laptop: Laptop) -> str:
    """A case of a sister's that is here."""
    taken = case_moves.take_case(laptop.device, _handed(world, laptop))
    if isinstance(taken, Refused):
        raise BugError(f"cannot prepare: {taken}")
    return taken.declaration


def _hand_case(world: World, laptop: Laptop, case: str) -> object:
    return case_moves.hand_case(laptop.device, case, _sister(laptop, world).device.id)


def _news_both_ways(world: World, laptop: Laptop) -> None:
    """Something to push from here, something to pull from a sister."""
    sister = _sister(laptop, world)
    sister.open(VET)
    _printed(world, sister)
    world.sync(sister)
    _printed(world, laptop)
    scenario.decide_grant(world, laptop)


def _declare(_world: World, laptop: Laptop, _subject: None) -> str | Refused:
    now = laptop.clock.now().at
    return declaring.record_declaration(laptop.device, producers_form(LOACH, XINGHUA, 50, now + scenario.DAY))


ACTS = {
    "declare": Act(_nothing, _declare),
    "issue": Act(_whole_batch, lambda _world, laptop, draft: issuing.issue_certificate(laptop.device, draft)),
    "notice": Act(_failed_batch, lambda _world, laptop, draft: noticing.issue_notice(laptop.device, draft)),
    "replace": Act(_issued, _replace),
    "print": Act(_issued, _print),
    "spare": Act(
        _spoiled,
        lambda _world, laptop, number: print_jobs.release_spare(laptop.device, number, reason="paper_jam", spoiled=[1]),
    ),
    "hand over": Act(_printed, lambda _world, laptop, number: _hand_over(laptop, number)),
    "void": Act(
        _printed,
        lambda _world, laptop, number: handing_over.void_certificate(
            laptop.device,
            number,
            reason="wrong_entry",
            on_desk=handing_over.sheets_on_desk(laptop.device, number),
            marked=Marked(no_picture="too_dark"),
        ),
    ),
    "order": Act(_issued, _order),
    "hand case": Act(_case, _hand_case),
    "take case": Act(_handed, lambda _world, laptop, file: case_moves.take_case(laptop.device, file)),
    "return case": Act(_lent, lambda _world, laptop, case: case_moves.return_case(laptop.device, case)),
    "receive": Act(_ordered, lambda _world, laptop, sealed: print_orders.receive_order(laptop.device, sealed)),
    "close day": Act(
        _printed, lambda _world, laptop, _number: day_close.close_day(laptop.device, laptop.device.today())
    ),
    "sync": Act(_news_both_ways, lambda world, laptop, _subject: world.sync(laptop)),
}
"""Everything a station does that must not be torn; each may be asked for twice."""
