"""A thermal printer on a TCP port that can be out of paper, die, stall, be slow or never answer.

Real-time status (DLE EOT) is answered at once wherever its bytes turn up, even inside a picture, as real printers do;
GS r only when everything before it is on paper.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from dataclasses import dataclass

from tests.printers.escpos_paper import Paper

CHUNK = 512
READY, OFFLINE = 0x12, 0x1A
PAPER_STOP, PAPER_END, COVER_OPEN = 0x32, 0x72, 0x16


@dataclass(frozen=True)
class Faults:
    """What is wrong: `die_after` and `stall_after` count bytes of one job, `bytes_per_s` is the speed of the head."""

    paper_out: bool = False
    cover_open: bool = False
    die_after: int = 0
    stall_after: int = 0
    bytes_per_s: int = 0
    no_proof: bool = False
    """Answers DLE EOT but not GS r."""
    mute: bool = False
    """Answers nothing, like a cheap clone."""


class ThermalServer:
    """A printer listening on loopback while the ``with`` block runs.

    `papers` has one roll per connection, `raw` its bytes.
    """

    def __init__(self, faults: Faults | None = None, dots: int = 576) -> None:
        self.faults, self.dots = faults or Faults(), dots
        self.papers: list[Paper] = []
        self.raw: list[bytes] = []
        self.errors: list[BaseException] = []
        self.received = 0
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self._port: int = self._socket.getsockname()[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    def __enter__(self) -> ThermalServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Pull the plug: the port is closed and open lines break."""
        self._stopping.set()
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        self._socket.settimeout(0.1)
        while not self._stopping.is_set():
            try:
                line, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with line:
                try:
                    self._job(line)
                except (ConnectionError, BrokenPipeError):
                    continue
                except AssertionError as error:
                    self.errors.append(error)

    def _job(self, line: socket.socket) -> None:
        paper = Paper(self.dots)
        self.papers.append(paper)
        self.raw.append(b"")
        line.settimeout(0.1)
        tail, taken = b"", 0
        while not self._stopping.is_set():
            if self.faults.stall_after and taken >= self.faults.stall_after:
                time.sleep(0.05)
                continue
            try:
                data = line.recv(CHUNK)
            except TimeoutError:
                continue
            if not data:
                return
            taken += len(data)
            self.received += len(data)
            self.raw[-1] += data
            tail = self._answer_real_time(line, tail + data)
            if self.faults.bytes_per_s:
                time.sleep(len(data) / self.faults.bytes_per_s)
            self._print(line, paper, data)
            if self.faults.die_after and taken >= self.faults.die_after:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return

    def _print(self, line: socket.socket, paper: Paper, data: bytes) -> None:
        if self.faults.paper_out or self.faults.cover_open:
            return
        paper.feed(data)
        while paper.answers_due:
            paper.answers_due -= 1
            if not (self.faults.mute or self.faults.no_proof):
                line.sendall(b"\x00")

    def _answer_real_time(self, line: socket.socket, data: bytes) -> bytes:
        """Answer every DLE EOT in the data; the last two bytes may begin the next one."""
        at = data.find(b"\x10\x04")
        while 0 <= at < len(data) - 2:
            if data[at + 2] in (1, 2, 3, 4) and not self.faults.mute:
                line.sendall(bytes([self._status(data[at + 2])]))
            at = data.find(b"\x10\x04", at + 3)
        return data[at:] if at >= 0 else data[-1:] if data[-1:] == b"\x10" else b""

    def _status(self, question: int) -> int:
        faults = self.faults
        if question == 1:
            return OFFLINE if faults.paper_out or faults.cover_open else READY
        if question == 2:
            return PAPER_STOP if faults.paper_out else COVER_OPEN if faults.cover_open else READY
        return PAPER_END if question == 4 and faults.paper_out else READY
