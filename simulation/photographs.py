"""Photographs in this world: taken at many steps, sent after the entries over the line, or carried on a stick."""

from __future__ import annotations

from inspector_app.errors import StationError
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
from sync.frames import Frame, Purpose, read_frame
from sync.frames.bundled import Content, pack, unpack
from sync.pacing import Pace
from sync.protocol import ATTACHMENTS_PATH, SYNC_PATH
from sync.sticks import export_requests, import_answers

LARGEST = 24_000
"""Bytes of a photograph here: several pieces on a bad line, and quickly kept."""
STICK_BYTES = 60_000
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


def carry(world: World, laptop: Laptop) -> str:
    """A stick with entries and photographs goes to the province, cut off at times or read twice, and comes back."""
    dice, device, port = world.dice("stick"), laptop.device, DeviceAttachments(laptop.device)
    out, back = (world.folder / f"{laptop.name}.{name}" for name in ("out", "back"))
    box = world.server.keys.box
    written = export_requests(laptop.caller(), laptop.parts.disk, out, box.public_raw, port, STICK_BYTES)
    raw = out.read_bytes()
    cut = len(raw) if world.calm or not dice.happens(0.3) else dice.between(0, len(raw))
    times = 2 if dice.happens(0.2) else 1
    try:
        answers = [answer for _ in range(times) for answer in _read_there(world, raw[:cut])]
    except StationError as problem:
        return f"the stick brought nothing: {problem.code}"
    back.write_bytes(pack(Content.FROM_PROVINCE, answers, device.identity.box.public_raw))
    report = import_answers(laptop.caller(), laptop.parts.disk, back, device.identity.box, port)
    return f"done {written.attachments} photographs, left {written.attachments_left}, entries left {report.left}"


def _read_there(world: World, raw: bytes) -> list[bytes]:
    """The province reads the stick frame by frame, as it reads the line."""
    replies = [world.deliver(_path_of(frame), frame) for frame in unpack(raw, world.server.keys.box).frames]
    return [reply.body for reply in replies if reply.status == 200]


def _path_of(raw: bytes) -> str:
    frame = read_frame(raw)
    of_photographs = isinstance(frame, Frame) and frame.purpose is Purpose.ATTACHMENT_REQUEST
    return ATTACHMENTS_PATH if of_photographs else SYNC_PATH


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
