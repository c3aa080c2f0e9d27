"""What was recorded has been judged, and what was judged has been told (SYNC 3.3, recording and judging are separate).

Each recorded entry took effect and was told to the sisters, or waits for another by name, or has a verdict. Each
verdict is in the feed, and the computer that wrote the entry has heard it.
"""

from __future__ import annotations

from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from inspector_app.domain.verdicts import VerdictSheet
from inspector_app.journal.chain import WrittenEntry, read_entry
from inspector_app.journal.entries.devices import ProvincePulled, RetentionApplied
from inspector_app.journal.projections import Row
from province.journal.rows import DjangoRows
from simulation.laptop import Laptop
from simulation.server import Server
from simulation.violations import Violation
from simulation.world import World

UNSETTLED = (
    "SELECT entry.device, entry.seq, entry.public, before.hash FROM entry "
    "JOIN journal_journal AS journal ON journal.device = entry.device AND entry.seq <= journal.judged "
    "LEFT JOIN entry AS before ON before.device = entry.device AND before.seq = entry.seq - 1 "
    "WHERE NOT EXISTS (SELECT 1 FROM feed WHERE entry_device = entry.device AND entry_seq = entry.seq) "
    "AND NOT EXISTS (SELECT 1 FROM deferred WHERE deferred.device = entry.device AND deferred.seq = entry.seq)"
)
SILENT = (ProvincePulled, RetentionApplied)
"""What concerns its own computer and the province alone: accepted without a word."""
Told = dict[tuple[str, int], str]


def all_told(world: World) -> None:
    """Every entry is settled, and every verdict told; raises Violation I12 otherwise."""
    told = _told(world.server)
    given = {_name(row): str(row["code"]) for row in DjangoRows(world.server.using).many("verdicts")}
    if silent := sorted(given.keys() - told.keys()):
        raise Violation("I12", f"a verdict on {silent[0]} was given and never told")
    for device, seq in _unsettled(world.server):
        if (device, seq) not in told:
            raise Violation("I12", f"entry {seq} of {device[:8]} was judged, has no verdict and took no effect")
    for laptop in world.at_work():
        if not (laptop.device.frozen or world.restores or laptop.device.id in world.evidence.tainted):
            _has_heard(laptop, given)


def _has_heard(laptop: Laptop, given: Told) -> None:
    device = laptop.device
    heard = {_name(row): str(row["code"]) for row in device.rows.many("verdicts", device=device.id)}
    for name, code in given.items():
        if name[0] == device.id and heard.get(name) != code:
            raise Violation("I12", f"{laptop.name} never heard {code} on its entry {name[1]}")


def _name(row: Row) -> tuple[str, int]:
    return str(row["device"]), int(row["seq"] or 0)


def _told(server: Server) -> Told:
    with server.committed() as database:
        raws = [bytes(row[0]) for row in database.execute("SELECT content FROM feed WHERE kind = 'verdict/1'")]
    sheets = [_sheet(raw) for raw in raws]
    return {(sheet.device, sheet.seq): sheet.code for sheet in sheets if sheet is not None}


def _sheet(raw: bytes) -> VerdictSheet | None:
    signed = decode_document(raw)
    value = from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None
    return value if isinstance(value, VerdictSheet) else None


def _unsettled(server: Server) -> list[tuple[str, int]]:
    with server.committed() as database:
        rows = database.execute(UNSETTLED).fetchall()
    found = []
    for device, seq, public, before in rows:
        entry = read_entry(bytes(before or b""), WrittenEntry(bytes(public)))
        if entry is None or not isinstance(entry.fact, SILENT):
            found.append((str(device), int(seq)))
    return found
