"""Sticks in this world: requests carried to the province and answers carried back, by whoever drives that way.

A stick is carried late, twice or never; on the way it may be cut short or a bit of it may turn over. What comes back is
read at the laptop it is meant for, or at another one, or after a newer one. Nothing of it may change what an exchange
over the line would have come to (SYNC 3.4: the same frames).
"""

from __future__ import annotations

from pathlib import Path

from inspector_app.domain.documents import open_as
from inspector_app.errors import StationError
from inspector_app.ports import Reply
from inspector_app.suites import BoxKey, verify
from province.journal import sticks
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.server import ProvinceDown
from simulation.world import Carried, World
from sync.frames.bundled import unpack
from sync.protocol import CONTENT_TYPE, ProvinceBox
from sync.sticks import export_requests, import_answers

BOX = "province_box/1"
MOST = 12
"""So many sticks lie about at once; the oldest is then wiped and used again."""
UNREADABLE = frozenset({"bundle.damaged", "bundle.not_ours"})


def export(world: World, laptop: Laptop) -> str:
    """What the province has not acknowledged is written onto a stick."""
    report = export_requests(laptop.caller(), laptop.parts.disk, _file(laptop), _box_of_province(laptop))
    content = _file(laptop).read_bytes()
    _file(laptop).unlink()
    world.outward = [*world.outward, Carried(laptop.device.id, content)][-MOST:]
    return f"done {report.entries} entries in {report.frames} frames"


def carry(world: World, _laptop: Laptop) -> str:
    """Somebody brings a stick to the province, which answers onto another."""
    if not world.outward:
        return NOTHING
    dice = world.dice("stick")
    chosen = dice.among(world.outward)
    if not dice.happens(0.3):  # three in ten stay in the bag and are brought again
        world.outward.remove(chosen)
    if dice.happens(0.1):
        return "left on the bus"
    return deliver(world, chosen, damaged(world, chosen.content))


def deliver(world: World, stick: Carried, content: bytes) -> str:
    """The province reads a stick; its power may go meanwhile."""
    server = world.server
    server.dare_the_power(world.dice("province power"), 0.0 if world.calm else world.rates.province_down)
    try:
        answers, told = server.work(lambda: sticks.answer_bundle(server.using, content))
    except StationError as error:
        if error.code in UNREADABLE and content != stick.content:
            return f"left unread: {error.code}"
        raise
    except ProvinceDown:
        return "left unread: the province has no power"
    _note_promises(world, stick.device, content, answers)
    world.inward = [*world.inward, Carried(stick.device, answers)][-MOST:]
    return f"done {told['frames']} frames, {told['refused']} refused, {told['answers']} answers"


def read_answer(world: World, laptop: Laptop) -> str:
    """An answer is read: mostly where it belongs, whatever came before it."""
    dice = world.dice("stick")
    own = [one for one in world.inward if one.device == laptop.device.id]
    within_reach = world.inward if dice.happens(0.1) else own
    if not within_reach:
        return NOTHING
    chosen = dice.among(within_reach)
    content = damaged(world, chosen.content)
    _file(laptop).write_bytes(content)
    try:
        report = import_answers(laptop.caller(), laptop.parts.disk, _file(laptop), laptop.device.identity.box)
    except StationError as error:
        if _has_reason(error, laptop, chosen, content):
            return f"left unread: {error.code}"
        raise
    finally:
        _file(laptop).unlink(missing_ok=True)
    return f"done sent {report.sent} pulled {report.pulled} left {report.left} {report.frozen}".strip()


def damaged(world: World, content: bytes) -> bytes:
    """The bytes as they come off the stick."""
    dice = world.dice("stick")
    rate = 0.0 if world.calm else world.rates.stick_damaged
    cut, turned = dice.happens(rate), dice.happens(rate)
    place, bit = dice.between(0, len(content) - 1), dice.between(0, 7)
    if turned:
        content = content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]
    return content[:place] if cut else content


def _has_reason(error: StationError, laptop: Laptop, chosen: Carried, content: bytes) -> bool:
    if chosen.device != laptop.device.id:
        return error.code in {"bundle.for_somebody_else", *UNREADABLE}
    return content != chosen.content and error.code in {"bundle.for_somebody_else", "bundle.not_for_this", *UNREADABLE}


def _file(laptop: Laptop) -> Path:
    return laptop.folder.with_name(laptop.name + ".stick")


def _box_of_province(laptop: Laptop) -> bytes:
    device = laptop.device
    stored = device.store.documents_of(BOX)
    opened = [open_as(ProvinceBox, raw, device.keyring, verify, at_ms=laptop.clock.now().at) for raw in stored]
    boxes = [one.key for one in opened if isinstance(one, ProvinceBox)]
    if not boxes:
        raise StationError("bundle.no_receiver")  # as the product says it; the clock may be wrong
    return boxes[-1]


def _note_promises(world: World, device: str, content: bytes, answers: bytes) -> None:
    """Whoever sees everything looks into both sticks: what was asked, and what was promised for it."""
    box = _box_of(world, device)
    if box is None:
        return
    asked, said = unpack(content, world.server.keys.box).frames, unpack(answers, box).frames
    for frame, answer in zip(asked, said, strict=False):
        world.evidence.answered(world.server, frame, Reply(200, CONTENT_TYPE, answer))


def _box_of(world: World, device: str) -> BoxKey | None:
    found = (laptop.device.identity.box for laptop in world.at_work() if laptop.device.id == device)
    return next(found, None)


def tidy(world: World) -> None:
    """What is still under way arrives before the world rests."""
    for stick in world.outward:
        deliver(world, stick, stick.content)
    world.outward, world.inward = [], []
