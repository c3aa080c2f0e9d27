"""The network: frames over HTTPS with a pinned CA, or over loopback HTTP in practice. The only user of ``requests``."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from inspector_app.clock import Clock
from inspector_app.errors import StationError
from inspector_app.ports import Reply
from sync.frames import MAX_FRAME_BYTES
from sync.pacing import timeout_seconds
from sync.protocol import CONTENT_TYPE

# What tells requests to leave a header out that it would add by itself.
SKIP_HEADER: Final[str] = requests.packages.urllib3.util.SKIP_HEADER  # type: ignore[attr-defined]
CONNECT_SECONDS: Final = 15.0
_FIRST_RATE: Final = 4_000
_CHUNK: Final = 65_536
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class HttpsExchange:
    """`inspector_app.ports.Exchange` over one connection, kept open for the whole round; close it afterwards.

    ``ca`` is the path of the pinned CA bundle; without one the system's CAs are asked. Redirects are not followed,
    and proxies of the environment are not used: a frame goes to the province or nowhere. ``http`` is allowed to
    loopback only. Raises StationError ``network.*`` when no answer came, which says nothing about arrival.
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
        self._session.mount(self._base, HTTPAdapter(max_retries=0))
        # Everything a browser would say about itself is left out: on a slow line each header costs.
        self._session.headers.clear()

    def post(self, path: str, frame: bytes) -> Reply:
        """Send a frame and wait for the answer."""
        headers = {"Content-Type": CONTENT_TYPE, "User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER}
        started = self._clock.now().mono
        try:
            with self._session.post(
                self._base + path,
                data=frame,
                headers=headers,
                timeout=(CONNECT_SECONDS, timeout_seconds(len(frame), self._rate)),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _read(response)
        except requests.RequestException as problem:
            raise _explained(problem) from problem
        self._note_rate(len(frame) + len(body), self._clock.now().mono - started)
        return Reply(response.status_code, response.headers.get("Content-Type", ""), body)

    def _note_rate(self, size: int, milliseconds: int) -> None:
        # Short exchanges measure the distance, not the line.
        if size > _CHUNK // 4 and milliseconds > 0:
            self._rate = max(size * 1000 // milliseconds, 500)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_FRAME_BYTES:
            raise StationError("network.answer_damaged", fault="too_large")
    return bytes(body)


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
