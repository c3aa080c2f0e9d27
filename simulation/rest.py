"""Rest: with all faults mended, a few contacts bring everybody together, or into a frozen state with a name (I12, I13).

What freezes is issuing and nothing else; who was never copied nor put back is never frozen; two sides that have nothing
to tell each other stay silent.
"""

from __future__ import annotations

from typing import Any

from inspector_app.domain.refusals import Refused
from inspector_app.journal.chain import Head
from inspector_app.journal.feed import RELAYED, read_relayed
from inspector_app.services import declaring, print_jobs
from inspector_app.services.issuing_gates import device_refusals
from province.journal.rows import DjangoRows
from simulation import photographs, scenario, steps
from simulation.agreement import Agreement
from simulation.laptop import Laptop
from simulation.replay import same_in_any_order
from simulation.verdict_checks import all_told
from simulation.violations import Violation
from simulation.world import World

MOST_ROUNDS = 8
REPLAY_EVERY = 4
REASONS = frozenset("rolled_back history_differs fork fenced witness_higher witness_other_hash".split())


def come_to_rest(world: World) -> None:
    """Let everybody finish, catch up and fall silent; then look at everything once more."""
    for laptop in world.at_work():
        _finish_prints(world, laptop)
    _catch_up(world)
    for laptop in world.at_work():
        _must_be_in_sync(world, laptop)
        world.checks.doctor(laptop)
        world.checks.laptop(laptop)
    world.checks.province()
    world.checks.stores()
    world.checks.paper()
    all_told(world)
    photographs.arrive(world)
    agree(world)
    if world.seed % REPLAY_EVERY == 0:
        same_in_any_order(world)
    for laptop in world.at_work():
        if laptop.device.frozen:
            only_issuing_is_frozen(world, laptop)


def agree(world: World) -> None:
    """Station and province show the same, unless a copied disk has made two stories of one in that station.

    Nor is it promised after a restore nobody announced: until it is noticed, the province tells new documents under
    cursors it has used before (SYNC 3.5: what is promised then is that no number is given twice).
    """
    if world.silent_restores:
        return
    agreement, twofold = Agreement(world), _twofold(world)
    for laptop in world.at_work():
        if not (laptop.device.frozen or laptop.device.sheet.station in twofold or _remembers_more(world, laptop)):
            agreement.check(laptop)


def _twofold(world: World) -> set[int]:
    """The stations of which a computer, lost since or not, was copied or put back."""
    devices = DjangoRows(world.server.using).many("devices")
    return {int(row["station"] or 0) for row in devices if row["device"] in world.evidence.tainted}


def _remembers_more(world: World, laptop: Laptop) -> bool:
    """Whether it holds entries of a sister which a restored province lost and which she never comes to say again."""
    told: dict[str, int] = {}
    for document in laptop.device.store.documents_after(0) if world.restores and world.evidence.fenced else []:
        entry = read_relayed(document.content) if document.kind == RELAYED else None
        if entry is not None:
            told[entry.envelope.device] = max(entry.envelope.seq, told.get(entry.envelope.device, 0))
    return any(seq > _journal(world, device)["seq"] for device, seq in told.items())


def _finish_prints(world: World, laptop: Laptop) -> None:
    """Every attempt that is still open gets its answer."""
    for _ in print_jobs.open_attempts(laptop.device):
        laptop.sit_down(_somebody(laptop, "vet", "clerk"))
        world.doing = "answer"
        world.attempt(laptop, lambda: scenario.answer(world, laptop))


def _somebody(laptop: Laptop, *posts: str) -> int:
    return next(person for person in laptop.people if steps.POSTS[person] & set(posts))


def _catch_up(world: World) -> None:
    """Contacts in turn, over good lines on which nothing may fail, until a whole round brings nothing to anybody."""
    news: list[str] = []
    for _ in range(MOST_ROUNDS):
        before = _standing(world)
        news = [laptop.name for laptop in world.at_work() if _brings_news(world, laptop)]
        if not news and _standing(world) == before:
            return
    raise Violation("I12", f"after {MOST_ROUNDS} rounds there is still news at {', '.join(news)}")


def _standing(world: World) -> list[tuple[Head, str]]:
    return [(laptop.device.store.head(), laptop.device.frozen) for laptop in world.at_work()]


def _brings_news(world: World, laptop: Laptop) -> bool:
    world.doing = "sync"
    outcome = world.attempt(laptop, lambda: scenario.sync(world, laptop))
    return not laptop.device.frozen and not outcome.startswith("done sent 0 pulled 0 left 0")


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


def only_issuing_is_frozen(world: World, laptop: Laptop) -> None:
    """A frozen laptop does not issue, whoever signs in; it declares, catches up and stays sound."""
    laptop.open(_somebody(laptop, "vet", "reception", "head"))
    if "device_frozen" not in [refusal.code for refusal in device_refusals(laptop.device)]:
        raise Violation("I12", f"{laptop.name} was frozen, and signing in again thawed it")
    form = scenario.declaration_form(world, laptop.clock.now().at)
    outcome = declaring.record_declaration(laptop.device, form)
    if isinstance(outcome, Refused):
        raise Violation("I12", f"{laptop.name} is frozen and takes no declaration: {outcome.refusals}")
    world.sync(laptop)
    world.checks.doctor(laptop)
