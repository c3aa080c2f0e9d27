"""The real looks at the line (`sync.diagnosis.Line`): routes, resolver, handshake, plain HTTP, one signed request.

Nothing of the device's is sent before the province has proved who it is: the handshake and the question for its time
carry no name, no key and no entry.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from inspector_app.errors import StationError
from inspector_app.ports import Exchange, Reply
from sync import client, replies
from sync.diagnosis import Contacted, Greeting, Server
from sync.frames import Purpose, seal_frame
from sync.protocol import SYNC_PATH, Status, to_bytes
from sync.transport import has_route, line_fault, tls_fault

PATIENCE_S: Final = 10.0
"""How long one look waits: the whole chain ends within a minute, whatever the line does."""
PLAIN_PORT: Final = 80
IGNORING_DAYS: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""
_REDIRECTS: Final = range(300, 400)


def server_of(address: str) -> Server:
    """Host and port of the province's address. StationError ``network.address_wrong`` where it names none."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else PLAIN_PORT)
    except ValueError as problem:
        raise StationError("network.address_wrong", address=address) from problem
    if not parts.hostname:
        raise StationError("network.address_wrong", address=address)
    return Server(parts.hostname, port, parts.scheme == "https")


Resolver = Callable[[str, int], tuple[str, ...]]
"""Who knows names: the addresses of a host (and port), none when it has none or nobody answers."""


def system_resolver(host: str, port: int) -> tuple[str, ...]:
    """The operating system's resolver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_kind, address in found))


class RealLine:
    """The line to one province, for one device.

    ``ca`` is the pinned CA bundle (None: the system's CAs); ``room`` says how many bytes the home's drive has left.
    ``plain_port`` is where a log-in page would answer in plain HTTP.
    """

    def __init__(
        self,
        device: client.Device,
        exchange: Exchange,
        room: Callable[[], int],
        *,
        ca: str | None = None,
        resolver: Resolver = system_resolver,
        route: Callable[[], bool] = has_route,
        plain_port: int = PLAIN_PORT,
    ) -> None:
        self._device, self._exchange, self._ca = device, exchange, ca
        self._resolver, self._route, self._plain_port = resolver, route, plain_port
        self.room = room

    def has_route(self) -> bool:
        """Whether any way leads out of this computer."""
        return self._route()

    def resolve(self, server: Server) -> tuple[str, ...]:
        """The addresses of the server's name."""
        return self._resolver(server.host, server.port)

    def greet(self, server: Server) -> Greeting:
        """Shake hands. Whoever is not the province is a log-in page if it behaves like one in plain HTTP too."""
        if not server.tls:
            return Greeting(
                at=self._time_said(http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE_S))
            )
        try:
            return Greeting(at=self._asked_in_tls(server, _context(self._ca)))
        except StationError as problem:
            if problem.code == "network.certificate_time":
                return self._greet_out_of_days(server)
            if self._is_portal(server, page_counts=problem.code == "network.identity"):
                raise StationError("network.captive_portal") from problem
            raise

    def _greet_out_of_days(self, server: Server) -> Greeting:
        """The same but for the days of the certificate: the CA and the name are held against it as ever."""
        context = _context(self._ca)
        context.verify_flags = ssl.VerifyFlags(context.verify_flags | IGNORING_DAYS)
        valid_from, valid_until = _days_shown(server, context)
        at = self._asked_in_tls(server, context)
        return Greeting(at=at, in_time=False, valid_from=valid_from, valid_until=valid_until)

    def _asked_in_tls(self, server: Server, context: ssl.SSLContext) -> int | None:
        return self._time_said(
            http.client.HTTPSConnection(server.host, server.port, timeout=PATIENCE_S, context=context)
        )

    def _time_said(self, connection: http.client.HTTPConnection) -> int | None:
        """The time in the head of an answer (UTC ms); the answer itself is of no matter."""
        try:
            connection.request("HEAD", SYNC_PATH)
            answer = connection.getresponse()
            return _milliseconds(answer.headers.get("Date", ""))
        except (OSError, http.client.HTTPException) as problem:
            raise explained(problem) from problem
        finally:
            connection.close()

    def _is_portal(self, server: Server, *, page_counts: bool) -> bool:
        """Whether plain HTTP to the same name is answered by a log-in page (:func:`is_portal`)."""
        connection = http.client.HTTPConnection(server.host, self._plain_port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            said = is_portal(answer.status, answer.headers.get("Location", ""), server.host)
            return said or (page_counts and answer.status == http.client.OK)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def ask(self) -> Contacted:
        """One signed request without any entry; what the answer brings is left for the next round."""
        request = client.prepare_from(self._device, self._device.journal.head().seq + 1, 0)
        frame = seal_frame(Purpose.SYNC_REQUEST, to_bytes(request), self._device.signer)
        reply: Reply = self._exchange.post(SYNC_PATH, frame)
        answer = client.believe(self._device, replies.accepted(reply))
        if answer.status == Status.TOO_OLD:
            raise StationError("network.program_too_old", needs=answer.min_version)
        return Contacted(answer.at, answer.min_version)


def is_portal(status: int, location: str, host: str) -> bool:
    """Whether an answer in plain HTTP is that of a log-in page: it wants a sign-in, or sends one to another place.

    A province that sends plain visitors to its own https is none. A mere page says so only where the certificate was
    somebody else's: the province's own web server may have one on that port.
    """
    if status in _REDIRECTS:
        return (urlsplit(location).hostname or host) != host
    return status == http.client.NETWORK_AUTHENTICATION_REQUIRED


def explained(problem: OSError | http.client.HTTPException) -> StationError:
    """What went wrong while shaking hands or asking the time."""
    if isinstance(problem, ssl.SSLError):
        return tls_fault(str(problem))
    if isinstance(problem, TimeoutError):
        return StationError("network.timeout")
    if isinstance(problem, http.client.RemoteDisconnected):
        return StationError("network.interrupted")
    if isinstance(problem, http.client.HTTPException):
        return StationError("network.captive_portal")  # something answers, and it is not HTTP
    return line_fault(str(problem))


def _context(ca: str | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca)


def _days_shown(server: Server, context: ssl.SSLContext) -> tuple[int, int]:
    """From when until when the certificate is valid (UTC ms)."""
    try:
        with (
            socket.create_connection((server.host, server.port), PATIENCE_S) as plain,
            context.wrap_socket(plain, server_hostname=server.host) as tls,
        ):
            shown = tls.getpeercert() or {}
    except OSError as problem:
        raise explained(problem) from problem
    first, last = (ssl.cert_time_to_seconds(str(shown[name])) * 1_000 for name in ("notBefore", "notAfter"))
    return first, last


def _milliseconds(date: str) -> int | None:
    try:
        return int(parsedate_to_datetime(date).timestamp()) * 1_000
    except (TypeError, ValueError):
        return None
