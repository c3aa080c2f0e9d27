"""What must hold of photographs: the province stands for no bytes with another hash, and keeps nothing nobody named.

At rest every photograph that an entry of a laptop at work names is there, and nothing else is.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

from inspector_app.ports import Reply
from simulation.laptop import Laptop
from simulation.server import Server
from simulation.violations import Violation
from sync.frames import FrameFault, Purpose, read_unverified
from sync.protocol import AttachmentAnswer, Held, MessageError, from_bytes

if TYPE_CHECKING:
    from simulation.world import World

WRONG = "attachment"
"""By this name a violation of these is told."""


def keeps_promise(server: Server, reply: Reply) -> None:
    """Whatever an answer calls whole is committed, and its bytes have its hash."""
    message = read_unverified(reply.body, Purpose.ATTACHMENT_ANSWER) if reply.status == 200 else FrameFault.MALFORMED
    if isinstance(message, FrameFault):
        return
    try:
        answer = from_bytes(AttachmentAnswer, message)
    except MessageError:
        return
    whole = [one.name.hex() for one in answer.standings if one.state == Held.WHOLE]
    with server.committed() as database:
        for name in whole:
            _must_be_there(database, name)


def _must_be_there(database: sqlite3.Connection, name: str) -> None:
    rows = database.execute("SELECT id FROM attachment WHERE name = ? AND whole", (name,)).fetchall()
    if not rows:
        raise Violation(WRONG, f"the province says it holds {name[:12]} whole, and it is not committed")
    for (row,) in rows:
        if _digest(database, row) != name:
            raise Violation(WRONG, f"the province holds other bytes for {name[:12]}")


def _digest(database: sqlite3.Connection, row: int) -> str:
    sql = "SELECT content FROM attachment_piece WHERE attachment_id = ? ORDER BY start"
    return hashlib.sha256(b"".join(bytes(piece) for (piece,) in database.execute(sql, (row,)))).hexdigest()


def all_there(world: World) -> None:
    """At rest: what entries name is there with the right hash, and nothing else."""
    with world.server.committed() as database:
        for laptop in world.at_work():
            if not laptop.device.frozen and laptop.device.id not in world.evidence.tainted:
                _must_have_arrived(database, laptop)
        _nothing_else(database)


def _must_have_arrived(database: sqlite3.Connection, laptop: Laptop) -> None:
    device, sql = laptop.device, "SELECT name FROM reg_attachments WHERE device = ?"
    told = {str(name) for (name,) in database.execute(sql, (device.id,))}
    own = {str(row["name"]) for row in device.rows.many("attachments", device=device.id)}
    if told != own:
        raise Violation(WRONG, f"{laptop.name} names {len(own)} photographs, and the province knows of {len(told)}")
    for name in sorted(own):
        _must_be_there(database, name)


def _nothing_else(database: sqlite3.Connection) -> None:
    named = set(database.execute("SELECT device, name FROM reg_attachments"))
    names = {name for _device, name in named}
    for row, device, name, whole in database.execute("SELECT id, device, name, whole FROM attachment").fetchall():
        if whole and (name not in names or _digest(database, row) != name):
            raise Violation(WRONG, f"the province holds {name[:12]}, which nobody named or which has another hash")
        if not whole and (device, name) not in named:
            raise Violation(WRONG, f"the province keeps half of {name[:12]} from a device that never named it")
