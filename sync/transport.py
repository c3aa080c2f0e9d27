"""The network: frames over HTTPS with a pinned CA, or over loopback HTTP in practice. The only user of ``requests``."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from inspector_app.clock import Clock
from inspector_app.errors import StationError
from inspector_app.ports import Reply
from sync.frames import MAX_FRAME_BYTES
from sync.pacing import SLOWEST, timeout_seconds, whole_seconds

# What tells requests to leave a header out that it would add by itself.
SKIP_HEADER: Final[str] = requests.packages.urllib3.util.SKIP_HEADER  # type: ignore[attr-defined]
CONNECT_SECONDS: Final = 15.0
_FIRST_RATE: Final = 4_000
_CHUNK: Final = 4_096
_MEASURABLE: Final = 16_384
_LOOK_AGAIN_S: Final = 0.2
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class HttpsExchange:
    """`inspector_app.ports.Exchange` over one connection, kept open for the whole round; close it afterwards.

    ``ca`` is the path of the pinned CA bundle; without one the system's CAs are asked. Redirects are not followed,
    and proxies of the environment are not used: a frame goes to the province or nowhere. ``http`` is allowed to
    loopback only. A server that sends byte after byte for ever is given up in the end. Raises StationError
    ``network.*`` when no answer came, which says nothing about arrival.
    """

    def __init__(self, base_url: str, clock: Clock, *, ca: str | None = None) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise StationError("network.address_wrong", address=base_url)
        self._base = base_url.rstrip("/")
        self._clock = clock
        self._rate = _FIRST_RATE
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca or True
        self._line = _Line()
        self._session.mount(self._base, _Adapter(self._line))
        # Everything a browser would say about itself is left out: on a slow line each header costs.
        self._session.headers.clear()

    def post(self, path: str, frame: bytes) -> Reply:
        """Send a frame and wait for the answer."""
        # No Content-Type either: a frame says in its first bytes what it is, and goes to no other kind of server.
        headers = {"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER}
        started = self._clock.now().mono
        body = bytearray()
        with _Deadline(self._line, self._clock, len(frame), body) as deadline:
            try:
                with self._session.post(
                    self._base + path,
                    data=frame,
                    headers=headers,
                    timeout=(CONNECT_SECONDS, timeout_seconds(len(frame), self._rate)),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    _read(response, body)
            except requests.RequestException as problem:
                raise StationError("network.timeout") if deadline.passed else _explained(problem) from problem
        if deadline.passed:  # an answer that ends with the connection looks whole when it is cut
            raise StationError("network.timeout")
        self._note_rate(len(frame) + len(body), self._clock.now().mono - started)
        return Reply(response.status_code, response.headers.get("Content-Type", ""), bytes(body))

    def _note_rate(self, size: int, milliseconds: int) -> None:
        # Short exchanges measure the distance, not the line.
        if size > _MEASURABLE and milliseconds > 0:
            self._rate = max(size * 1000 // milliseconds, SLOWEST)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Line:
    """The socket of the connection last made."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None

    def cut(self) -> None:
        """End whatever is being waited for on it. The plain socket's way: TLS would want to say goodbye first."""
        if self.socket is not None:
            try:
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended by itself


class _Adapter(HTTPAdapter):
    """An adapter whose connections tell which socket they use."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """As requests does, with connections of our own."""
        super().init_poolmanager(*arguments, **named)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {scheme: self._telling(pool) for scheme, pool in pools.items()}

    def _telling(self, pool: Any) -> Any:
        line = self._line

        class Connection(pool.ConnectionCls):  # type: ignore[misc]
            def connect(self) -> None:
                super().connect()
                line.socket = self.sock

        return type("Pool", (pool,), {"ConnectionCls": Connection})


class _Deadline:
    """Cuts the line when an exchange takes longer than what it carried can explain.

    The time-out of a socket begins anew with every byte; who sends one now and then is never timed out by it.
    """

    def __init__(self, line: _Line, clock: Clock, sent: int, body: bytearray) -> None:
        self._line, self._clock, self._sent, self._body = line, clock, sent, body
        self._done = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self.passed = False

    def _watch(self) -> None:
        started = self._clock.now().mono
        while not self._done.wait(_LOOK_AGAIN_S):
            spent = (self._clock.now().mono - started) / 1000
            if spent > whole_seconds(self._sent + len(self._body)):
                self.passed = True
                self._line.cut()

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watching.join()


def _read(response: requests.Response, body: bytearray) -> None:
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_FRAME_BYTES:
            raise StationError("network.answer_damaged", fault="too_large")


def _explained(problem: requests.RequestException) -> StationError:
    """Each failure by what it means; ConnectTimeout is also a ConnectionError, so the order matters."""
    if isinstance(problem, requests.exceptions.SSLError):
        return StationError("network.identity")
    if isinstance(problem, requests.exceptions.ConnectTimeout):
        return StationError("network.unreachable")
    if isinstance(problem, requests.exceptions.Timeout):
        return StationError("network.timeout")
    if isinstance(problem, requests.exceptions.ConnectionError):
        text = str(problem)
        if "refused" in text or "10061" in text:
            return StationError("network.refused")
        interrupted = "aborted" in text or "reset" in text or "Broken" in text or "RemoteDisconnected" in text
        return StationError("network.interrupted" if interrupted else "network.unreachable")
    if isinstance(problem, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return StationError("network.interrupted")
    return StationError("network.unreachable")
