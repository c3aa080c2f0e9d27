"""What lies between a client and its server in a measurement: counts application bytes and requests, shapes, cuts.

Bytes are those of the connections as the two sides wrote them, HTTP headers included. A shaped link has one queue for
each direction, shared by all connections, and a round trip that a new connection pays once more for its handshake.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Final, Self

import msgspec

_PIECE: Final = 65_536
_PACKET: Final = 1_400
"""What a shaped link carries at once; larger pieces would arrive in jumps."""
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*(\d+)")
_CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding:[^\r]*chunked")
_HEAD_END: Final = b"\r\n\r\n"
_LAST_CHUNK: Final = 0
UP, DOWN = "up", "down"


class Link(msgspec.Struct, frozen=True):
    """A line: kbit/s in each direction (0: as fast as the machine), and the round trip in milliseconds."""

    name: str
    up_kbit: float = 0
    down_kbit: float = 0
    round_trip_ms: float = 0


PLAIN: Final = Link("plain")
SHAPED: Final = Link("shaped", 40, 80, 700)
"""GPRS on a good day (SYNC 5.3)."""


class Counted(msgspec.Struct):
    """What passed since the last look; ``unanswered`` bytes of it went up after the last byte came down."""

    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0
    unanswered: int = 0

    @property
    def total(self) -> int:
        """Bytes both ways."""
        return self.up + self.down


class Requests:
    """Counts the HTTP/1.1 requests in what a client sends, framed by length or in chunks."""

    def __init__(self) -> None:
        self.count = 0
        self._held = b""
        self._skip = 0
        self._chunked = False

    def feed(self, data: bytes) -> None:
        """Take in what was sent next."""
        passed = min(self._skip, len(data))
        self._skip -= passed
        self._held += data[passed:]
        while not self._skip and self._step():
            passed = min(self._skip, len(self._held))
            self._held, self._skip = self._held[passed:], self._skip - passed

    def _step(self) -> bool:
        return self._chunk() if self._chunked else self._head()

    def _head(self) -> bool:
        head, end, rest = self._held.partition(_HEAD_END)
        if not end:
            return False
        self.count += 1
        self._held = rest
        length = _LENGTH.search(head)
        self._skip = int(length[1]) if length else 0
        self._chunked = _CHUNKED.search(head) is not None
        return True

    def _chunk(self) -> bool:
        line, end, rest = self._held.partition(b"\r\n")
        if not end:
            return False
        size = int(line.partition(b";")[0], 16)
        self._held, self._skip = rest, size + len(end)
        self._chunked = size != _LAST_CHUNK
        return True


class _Direction:
    """One direction of the link: when what is sent now will have gone through it."""

    def __init__(self) -> None:
        self._free_at = 0.0

    def through_at(self, now: float, size: int, kbit: float) -> float:
        """The moment (seconds of the loop's clock) at which the last byte is through."""
        if not kbit:
            return now
        self._free_at = max(self._free_at, now) + size * 8 / (kbit * 1000)
        return self._free_at


class Proxy:
    """A proxy on loopback in a thread of its own, for as long as the ``with`` lasts."""

    def __init__(self, upstream: int, link: Link = PLAIN) -> None:
        self.port = 0
        self._upstream, self._link = upstream, link
        self._counted = Counted()
        self._cut_after: dict[str, int] = {}
        self._dead = False
        self._up, self._down = _Direction(), _Direction()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        server = self._call(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self._server = server
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Where a client finds the server behind the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def look(self) -> Counted:
        """What passed since the last look; counting begins anew."""
        counted: Counted = self._call(self._look())
        return counted

    def shape(self, link: Link) -> None:
        """Behave like this link from now on."""
        self._link = link

    def cut(self, after: int, *, way: str = UP) -> None:
        """Carry so many more bytes ``up`` or ``down``, then be dead until :meth:`mend`."""
        self._cut_after[way] = after

    def mend(self) -> None:
        """Carry everything again."""
        self._cut_after, self._dead = {}, False

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _look(self) -> Counted:
        counted, self._counted = self._counted, Counted()
        return counted

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except asyncio.CancelledError:
            pass  # the measurement is over
        finally:
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._dead:
            writer.transport.abort()
            return
        self._counted.connections += 1
        await asyncio.sleep(self._link.round_trip_ms / 1000)
        further = await asyncio.open_connection("127.0.0.1", self._upstream)
        try:
            await asyncio.gather(self._pump_up(reader, further[1]), self._pump_down(further[0], writer))
        except OSError:
            pass  # one side has gone; the other learns it below
        finally:
            for one in (writer, further[1]):
                one.transport.abort()

    async def _pump_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests = Requests()
        async with _Delayed(writer) as delayed:
            while data := await reader.read(self._piece(self._link.up_kbit)):
                passing = self._before_cut(data, UP)
                seen = requests.count
                requests.feed(passing)
                self._counted.up += len(passing)
                self._counted.unanswered += len(passing)
                self._counted.requests += requests.count - seen
                delayed.put(self._arrival(self._up, len(passing), self._link.up_kbit), passing)
                if len(passing) < len(data):
                    await delayed.done()
                    raise ConnectionAbortedError

    async def _pump_down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with _Delayed(writer) as delayed:
            while data := await reader.read(self._piece(self._link.down_kbit)):
                passing = self._before_cut(data, DOWN)
                self._counted.down += len(passing)
                self._counted.unanswered = 0 if passing else self._counted.unanswered
                delayed.put(self._arrival(self._down, len(passing), self._link.down_kbit), passing)
                if len(passing) < len(data):
                    await delayed.done()
                    raise ConnectionAbortedError

    def _before_cut(self, data: bytes, way: str) -> bytes:
        left = self._cut_after.get(way, len(data))
        self._dead |= left < len(data)
        if way in self._cut_after:
            self._cut_after[way] = max(left - len(data), 0)
        return data[:left]

    def _arrival(self, direction: _Direction, size: int, kbit: float) -> float:
        return direction.through_at(self._loop.time(), size, kbit) + self._link.round_trip_ms / 2000

    @staticmethod
    def _piece(kbit: float) -> int:
        return _PACKET if kbit else _PIECE


class _Delayed:
    """Writes each piece when it has arrived; the end of the stream follows the last piece."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._failed = False
        self._task = asyncio.create_task(self._write())

    def put(self, at: float, data: bytes) -> None:
        """Let a piece arrive at this moment of the loop's clock."""
        self._queue.put_nowait((at, data))

    async def done(self) -> None:
        """Wait until everything has arrived."""
        await self._queue.join()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at, data = await self._queue.get()
            if at > loop.time():
                await asyncio.sleep(at - loop.time())
            await self._pass_on(data)
            self._queue.task_done()

    async def _pass_on(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError:
            self._failed = True  # whoever should have read it has gone; reading goes on until the sender has

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.done()
        self._task.cancel()
        if kind is None and not self._failed and self._writer.can_write_eof():
            self._writer.write_eof()
