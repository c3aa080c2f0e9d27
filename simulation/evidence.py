"""What an observer who sees every wire and every sheet of paper knows; the checks hold programs against it."""

from __future__ import annotations

from typing import TypeVar

from inspector_app.journal.chain import entry_hash
from inspector_app.ports import Reply
from simulation.attachments import keeps_promise
from simulation.printer import Sheet
from simulation.server import Server
from simulation.violations import Violation
from sync.frames import FrameFault, Purpose, read_unverified
from sync.protocol import MessageError, Status, SyncAnswer, SyncRequest, from_bytes

M = TypeVar("M", SyncRequest, SyncAnswer)


class Evidence:
    """Frames, promises, sheets, and which devices were ever copied or put back."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.sheets: list[Sheet] = []
        self.tainted: set[str] = set()
        self.fenced: set[str] = set()
        self.kept: dict[str, dict[int, set[bytes]]] = {}

    def copied(self, device: str) -> None:
        """From now on this device may exist twice, or have gone back in time."""
        self.tainted.add(device)

    def province_restored(self) -> None:
        """What the province promised before, it may have forgotten now; the devices have to say it again."""
        self.kept.clear()

    def reached(self, frame: bytes) -> None:
        """A frame reached the province and no answer left it: what is committed of it stands all the same."""
        if opened_request(frame) is not None:
            self.frames.append(frame)

    def answered(self, server: Server, frame: bytes, reply: Reply, *, goes_on: bool = True) -> None:
        """A frame reached the province and this answer left it. Violation I8 when the answer promises too much.

        What was told by a server that does not ``goes_on``, the devices will have to say again.
        """
        request, answer = opened_request(frame), opened_answer(reply)
        if request is None:
            keeps_promise(server, reply)
            return
        self.frames.append(frame)
        if answer is None:
            return
        _check_promise(server, request, answer)
        if not goes_on:
            return
        through = promised_through(answer)
        by_seq = self.kept.setdefault(request.device.hex(), {})
        for seq, hashed in chained(request):
            if seq <= through:
                by_seq.setdefault(seq, set()).add(hashed)


def promised_through(answer: SyncAnswer) -> int:
    """Up to which seq an answer promises that the entries of its request are kept."""
    if answer.status in (Status.FORK, Status.FENCED):
        return answer.evidence
    return answer.head_seq if answer.status in (Status.OK, Status.RECOVERY) else 0


def chained(request: SyncRequest) -> list[tuple[int, bytes]]:
    """Seq and hash of each entry of a request, as its chain has them."""
    found, base = [], request.base_hash
    for seq, entry in enumerate(request.entries, start=request.from_seq):
        base = entry_hash(base, entry.public)
        found.append((seq, base))
    return found


def opened_request(frame: bytes) -> SyncRequest | None:
    """The request in a frame that arrived whole."""
    message = read_unverified(frame, Purpose.SYNC_REQUEST)
    return None if isinstance(message, FrameFault) else _as(SyncRequest, message)


def opened_answer(reply: Reply) -> SyncAnswer | None:
    """The answer in a reply; None for a refusal."""
    message = read_unverified(reply.body, Purpose.SYNC_ANSWER) if reply.status == 200 else FrameFault.MALFORMED
    return None if isinstance(message, FrameFault) else _as(SyncAnswer, message)


def _as(shape: type[M], message: bytes) -> M | None:
    try:
        return from_bytes(shape, message)
    except MessageError:
        return None


def _check_promise(server: Server, request: SyncRequest, answer: SyncAnswer) -> None:
    # Without a hash the answer says: where the request's own base stands.
    # Its receipt signs the same place and hash: a device keeps no other.
    device, seq, hashed = request.device.hex(), answer.head_seq, answer.head_hash or request.base_hash
    with server.committed() as database:
        sql = "SELECT hash FROM entry WHERE device = ? AND seq = ?"
        row = database.execute(sql, (device, seq)).fetchone()
        if seq and (row is None or bytes(row[0]) != hashed):
            raise Violation("I8", f"{device[:8]} was told that {seq} is held, and it is not committed")
