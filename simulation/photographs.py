"""Photographs in this world: taken at many steps, sent after the entries over the line; sticks carry them too."""

from __future__ import annotations

from inspector_app.journal.feed import Acknowledged
from inspector_app.services.attaching import DeviceAttachments, attach
from inspector_app.services.device import Device
from simulation.attachments import all_there
from simulation.chance import SeededRandom
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.violations import Violation
from simulation.world import World
from sync.attachments import AttachmentReport, send_attachments
from sync.pacing import Pace

LARGEST = 24_000
"""Bytes of a photograph here: several pieces on a bad line, and quickly kept."""
STICK_BYTES = 60_000
"""Room for photographs on a stick here: not always for all of them."""
LAST_ROUNDS = 6


def taken(world: World, device: Device) -> str:
    """Somebody takes a photograph, or scans a page; no two are alike."""
    dice = world.dice("photograph")
    size, grain = dice.between(200, LARGEST), dice.between(0, 2**48)
    return attach(device, b"%PDF-1.7 " + SeededRandom("photograph", grain).bytes(size))


def taken_or_excused(world: World, device: Device, wanted: int = 1) -> tuple[list[str], str]:
    """So many photographs, or the reason why there are none."""
    if world.dice("camera").happens(0.5):
        return [], "camera_broken"
    return [taken(world, device) for _ in range(wanted)], ""


def send(world: World, laptop: Laptop) -> str:
    """Send the photographs that wait."""
    waiting = _waiting(laptop)
    if not waiting:
        return NOTHING
    report = _sent(world, laptop)
    if report.ended and world.calm:
        raise Violation("crash", f"{laptop.name} sends photographs: a fault nobody caused: {report.ended}")
    if report.ended:
        return f"fault {report.ended}"
    return f"done sent {report.sent} left {report.left}"


def _waiting(laptop: Laptop) -> int:
    note: Acknowledged = laptop.device.store.acknowledged()
    return len(DeviceAttachments(laptop.device).unsent(note.seq, int(note.epoch.partition("-")[0] or 0)))


def _sent(world: World, laptop: Laptop) -> AttachmentReport:
    port, line = DeviceAttachments(laptop.device), world.lines[laptop.name]
    return send_attachments(laptop.caller(), port, line, batch_bytes=Pace.SMALLEST)


def arrive(world: World) -> None:
    """At rest every photograph comes through, over good lines; then look at what the province holds."""
    for laptop in world.at_work():
        for _ in range(LAST_ROUNDS):
            report = _sent(world, laptop)
            if report.ended:
                raise Violation("I12", f"{laptop.name} cannot send its photographs over a good line: {report.ended}")
            if not report.sent:
                break
    all_there(world)
