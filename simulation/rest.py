"""Rest: with all faults mended, a few contacts bring everybody together, or into a frozen state with a name (I12, I13).

What freezes is issuing and nothing else; who was never copied nor put back is never frozen; two sides that have nothing
to tell each other stay silent.
"""

from __future__ import annotations

from typing import Any

from inspector_app.domain.refusals import Refused
from inspector_app.services import declaring, print_jobs
from inspector_app.services.issuing_gates import device_refusals
from inspector_app.store.doctor import examine
from simulation import scenario
from simulation.agreement import Agreement
from simulation.laptop import Laptop
from simulation.replay import same_in_any_order
from simulation.violations import Violation
from simulation.world import World

ROUNDS = 4
REPLAY_EVERY = 1
REASONS = ("rolled_back", "history_differs", "fork", "fenced", "witness_higher", "witness_other_hash")


def come_to_rest(world: World) -> None:
    """Let everybody finish, catch up and fall silent; then look at everything once more."""
    for laptop in world.at_work():
        world.checks.doctor(laptop)
        _finish_prints(world, laptop)
    for _ in range(ROUNDS):
        for laptop in world.at_work():
            catch_up(world, laptop)
    for laptop in world.at_work():
        _must_be_silent(world, laptop)
        _must_be_in_sync(world, laptop)
        world.checks.doctor(laptop)
        world.checks.laptop(laptop)
    world.checks.province()
    world.checks.paper()
    agree(world)
    if world.seed % REPLAY_EVERY == 0:
        same_in_any_order(world)


def agree(world: World) -> None:
    """Station and province show the same, unless a copied disk has made two stories of one."""
    if world.evidence.tainted:
        return
    agreement = Agreement(world)
    for laptop in world.at_work():
        if not laptop.device.frozen:
            agreement.check(laptop)


def catch_up(world: World, laptop: Laptop) -> None:
    """A contact over a good line, in which nothing may fail."""
    world.doing = "sync"
    world.attempt(laptop, lambda: scenario.sync(world, laptop))


def _finish_prints(world: World, laptop: Laptop) -> None:
    """Every attempt that is still open gets its answer."""
    for _ in print_jobs.open_attempts(laptop.device):
        laptop.open(_clerk(laptop))
        world.doing = "answer"
        world.attempt(laptop, lambda: scenario.answer(world, laptop))


def _clerk(laptop: Laptop) -> int:
    return next(person for person in laptop.people if scenario.POSTS[person] & {"vet", "clerk"})


def _must_be_silent(world: World, laptop: Laptop) -> None:
    before = laptop.device.store.head()
    report = world.sync(laptop)
    if (report.sent, report.pulled, report.left) != (0, 0, 0) and not laptop.device.frozen:
        raise Violation("I12", f"{laptop.name} and the province do not come to rest: {report}")
    if laptop.device.store.head() != before:
        raise Violation("I12", f"{laptop.name} writes entries although there is no news")


def _must_be_in_sync(world: World, laptop: Laptop) -> None:
    device = laptop.device
    if device.frozen:
        _must_be_rightly_frozen(world, laptop)
        return
    head, journal = device.store.head(), _journal(world, device.id)
    if (journal["seq"], bytes(journal["hash"])) != (head.seq, head.hash):
        raise Violation("I12", f"{laptop.name} is at {head.seq}, its copy at the province at {journal['seq']}")
    if journal["state"] != "active":
        raise Violation("I12", f"{laptop.name} is {journal['state']} at the province and does not know")


def _journal(world: World, device: str) -> dict[str, Any]:
    with world.server.committed() as database:
        row = database.execute("SELECT seq, hash, state FROM journal_journal WHERE device = ?", (device,)).fetchone()
    return dict(zip(("seq", "hash", "state"), row, strict=True))


def _must_be_rightly_frozen(world: World, laptop: Laptop) -> None:
    device = laptop.device
    if device.id not in world.evidence.tainted | world.evidence.fenced:
        raise Violation("I13", f"{laptop.name} was never copied nor put back and is frozen: {device.frozen}")
    if device.frozen not in REASONS:
        raise Violation("I12", f"{laptop.name} is frozen without a name: {device.frozen!r}")
    _only_issuing_is_frozen(world, laptop)


def _only_issuing_is_frozen(world: World, laptop: Laptop) -> None:
    codes = [refusal.code for refusal in device_refusals(laptop.device)]
    if "device_frozen" not in codes:
        raise Violation("I12", f"{laptop.name} is frozen and issues")
    able = [person for person in laptop.people if scenario.POSTS[person] & {"vet", "reception", "head"}]
    laptop.open(able[0])
    if not laptop.device.frozen:
        raise Violation("I12", f"{laptop.name} was frozen, and signing in again thawed it")
    outcome = declaring.record_declaration(laptop.device, scenario.declaration_form(world, laptop.clock.now().at))
    if isinstance(outcome, Refused):
        raise Violation("I12", f"{laptop.name} is frozen and takes no declaration: {outcome.refusals}")
    world.sync(laptop)
    if examine(laptop.device.store, laptop.device.files):
        raise Violation("doctor", f"{laptop.name} is not sound after it was frozen")
