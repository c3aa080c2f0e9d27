"""The network as it is: real sockets, a real TLS server, and everything that may answer in the province's place."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inspector_app.clock import SystemClock
from inspector_app.errors import StationError
from inspector_app.ports import Reply
from sync import replies
from sync.frames import MAX_FRAME_BYTES
from sync.protocol import CONTENT_TYPE
from sync.transport import HttpsExchange

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def answering(status: int, content_type: str, body: bytes, **headers: str) -> Answer:
    """An answer of this shape to whatever is asked."""

    def answer(handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def server(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server on loopback; yields its address and the headers it was sent."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            seen.append(dict(self.headers.items()))
            answer(self, self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        def log_message(self, *_arguments: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    if context is not None:
        made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    scheme = "https" if context else "http"
    try:
        yield (
            f"{scheme}://localhost:{made.server_port}" if context else f"{scheme}://127.0.0.1:{made.server_port}",
            seen,
        )
    finally:
        made.shutdown()
        made.server_close()
        thread.join(10)


def post(address: str, ca: str | None = None) -> Reply:
    with HttpsExchange(address, SystemClock(), ca=ca) as exchange:
        return exchange.post("/api/v1/sync", b"frame")


def code_of(answer: Answer) -> str:
    """What the device makes of an answer."""
    with server(answer) as (address, _seen), pytest.raises(StationError) as refused:
        replies.accepted(post(address))
    return refused.value.code


# --- what answers ---------------------------------------------------------------------------------------------------


def test_a_frame_comes_back_as_it_was_sent() -> None:
    with server(answering(200, CONTENT_TYPE, b"\x00\xffframe")) as (address, seen):
        assert replies.accepted(post(address)) == b"\x00\xffframe"
    assert {name.lower() for name in seen[0]} == {"host", "content-length"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answering(200, "text/html", b"<html>Welcome to Airport WiFi</html>"), "network.captive_portal"),
        (answering(200, "application/json", b"{}"), "network.captive_portal"),
        (answering(302, "text/html", b"", Location="http://login.example/"), "network.captive_portal"),
        (answering(307, CONTENT_TYPE, b"", Location="/api/v1/sync"), "network.captive_portal"),
        (answering(511, "text/html", b"<html>log in</html>"), "network.captive_portal"),
        (answering(511, "application/json", b"{}"), "network.captive_portal"),
        (answering(403, "text/html", b"<html>blocked</html>"), "network.captive_portal"),
        (answering(404, "text/plain", b"path_unknown"), "network.captive_portal"),
        (answering(403, "text/plain", b"frame_unknown_key"), "network.unknown_device"),
        (answering(400, "text/plain", b"frame_malformed"), "network.frame_refused"),
        (answering(413, "text/plain", b"frame_too_large"), "network.too_large"),
        (answering(429, "text/plain", b""), "network.server_busy"),
        (answering(503, "text/plain", b"province_busy"), "network.server_busy"),
        (answering(500, "text/html", b"<h1>Server Error (500)</h1>"), "network.server_error"),
        (answering(502, "text/html", b"<html>nginx</html>"), "network.server_error"),
    ],
)
def test_each_wrong_answer_has_its_own_name(answer: Answer, code: str) -> None:
    assert code_of(answer) == code


def test_the_province_s_own_word_is_passed_on_and_nobody_else_s() -> None:
    for content_type, body, said in (
        ("text/plain; charset=utf-8", b"head_signature_bad", "head_signature_bad"),
        ("text/plain", b"<script>", ""),
        ("text/plain", b"x" * 500, ""),
        ("application/json", b"head_signature_bad", ""),
    ):
        with pytest.raises(StationError) as refused:
            replies.accepted(Reply(400, content_type, body))
        assert refused.value.details["said"] == said


def test_a_redirect_is_never_followed() -> None:
    with server(answering(200, CONTENT_TYPE, b"stolen")) as (elsewhere, seen):
        code = code_of(answering(308, "text/plain", b"", Location=elsewhere + "/api/v1/sync"))
    assert code == "network.captive_portal"
    assert seen == []


def test_an_endless_answer_is_cut_off() -> None:
    def endless(handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", CONTENT_TYPE)
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            for _ in range(MAX_FRAME_BYTES // 65_536 + 40):
                handler.wfile.write(bytes(65_536))
        except OSError:
            pass

    with server(endless) as (address, _seen), pytest.raises(StationError, match=r"network\.answer_damaged"):
        post(address)


# --- what does not answer -------------------------------------------------------------------------------------------


def test_nobody_listening_is_a_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(StationError, match=r"network\.refused"):
        post(f"http://127.0.0.1:{port}")


def test_a_connection_cut_in_the_middle_is_interrupted() -> None:
    def hangs_up(handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    def half_an_answer(handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", CONTENT_TYPE)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    for answer in (hangs_up, half_an_answer):
        with server(answer) as (address, _seen), pytest.raises(StationError, match=r"network\.interrupted"):
            post(address)


def test_an_answer_that_never_comes_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = threading.Event()

    def silent(_handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        waiting.wait()

    monkeypatch.setattr("sync.transport.timeout_seconds", lambda _size, _rate: 0.3)
    with server(silent) as (address, _seen):
        try:
            with pytest.raises(StationError, match=r"network\.timeout"):
                post(address)
        finally:
            waiting.set()


def drip(*first: bytes) -> Answer:
    """Sends what belongs to an answer, and then a byte now and then for as long as anybody listens."""

    def answer(handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        handler.close_connection = True
        handler.wfile.write(b"".join(first))
        try:
            while True:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                threading.Event().wait(0.05)
        except OSError:
            pass

    return answer


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-inspector\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"HTTP/1.1 200 OK\r\nX-Endless: "),
        drip(OK, b"Content-Length: 5000\r\n\r\n"),
        drip(OK, b"Transfer-Encoding: chunked\r\n\r\n1388\r\n"),
        drip(OK, b"Connection: close\r\n\r\n"),
    ],
    ids=["headers", "body", "chunk", "to the end of the connection"],
)
@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_byte_by_byte_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: Answer, tls: bool
) -> None:
    monkeypatch.setattr("sync.transport.whole_seconds", lambda _size: 0.5)
    pinned, context = certificate(tmp_path, "province") if tls else (None, None)
    # The answer never ends: that this comes back at all is the proof.
    with server(answer, context) as (address, _seen), pytest.raises(StationError, match=r"network\.timeout"):
        post(address, ca=str(pinned) if pinned else None)


def test_a_slow_answer_that_brings_something_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.transport.whole_seconds", lambda size: 60 if size > 4_096 else 2)

    def slow(handler: BaseHTTPRequestHandler, _asked: bytes) -> None:
        handler.wfile.write(OK + b"Content-Length: 49152\r\n\r\n")
        for _ in range(12):
            handler.wfile.write(bytes(4096))
            handler.wfile.flush()
            threading.Event().wait(0.2)

    with server(slow) as (address, _seen):
        assert len(post(address).body) == 49_152


def test_a_line_given_up_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([drip(OK, b"Content-Length: 5000\r\n\r\n"), answering(200, CONTENT_TYPE, b"frame")])
    patience = [0.5]
    monkeypatch.setattr("sync.transport.whole_seconds", lambda _size: patience[0])

    def each_in_turn(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
        next(answers)(handler, asked)

    with (
        server(each_in_turn) as (address, _seen),
        HttpsExchange(address, SystemClock()) as exchange,
    ):
        with pytest.raises(StationError, match=r"network\.timeout"):
            exchange.post("/api/v1/sync", b"frame")
        patience[0] = 60.0
        assert exchange.post("/api/v1/sync", b"frame").body == b"frame"


def test_a_name_nobody_knows_is_unreachable() -> None:
    with pytest.raises(StationError, match=r"network\.unreachable"):
        post("https://province.invalid")


@pytest.mark.parametrize(
    "address", ["http://province.example", "ftp://127.0.0.1", "province", "", "http://127.0.0.1.evil.example"]
)
def test_only_https_or_loopback_is_spoken_to(address: str) -> None:
    with pytest.raises(StationError, match=r"network\.address_wrong"):
        HttpsExchange(address, SystemClock())


# --- TLS ------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str, host: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """A CA of one certificate for ``host``: the file to pin, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime.timedelta(days=1)
    start = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - day)
        .not_valid_after(start + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context


def test_the_pinned_ca_and_no_other_is_believed(tmp_path: Path) -> None:
    pinned, context = certificate(tmp_path, "province")
    other, _context = certificate(tmp_path, "other")
    with server(answering(200, CONTENT_TYPE, b"frame"), context) as (address, seen):
        assert post(address, ca=str(pinned)).body == b"frame"
        for ca in (str(other), None):
            with pytest.raises(StationError, match=r"network\.identity"):
                post(address, ca=ca)
    assert len(seen) == 1


def test_a_certificate_for_another_host_is_not_believed(tmp_path: Path) -> None:
    pinned, context = certificate(tmp_path, "province", host="somewhere.example")
    with (
        server(answering(200, CONTENT_TYPE, b"frame"), context) as (address, _seen),
        pytest.raises(StationError, match=r"network\.identity"),
    ):
        post(address, ca=str(pinned))


def test_a_proxy_named_by_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(answering(200, CONTENT_TYPE, b"proxy")) as (proxy, seen_by_proxy):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv("ALL_PROXY", proxy)
        with server(answering(200, CONTENT_TYPE, b"province")) as (address, _seen):
            assert post(address).body == b"province"
    assert seen_by_proxy == []


def test_one_connection_serves_a_whole_round() -> None:
    ports: list[int] = []

    def note(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
        ports.append(handler.client_address[1])
        answering(200, CONTENT_TYPE, asked)(handler, asked)

    with server(note) as (address, _seen), HttpsExchange(address, SystemClock()) as exchange:
        for size in (10, 100_000, 10):
            assert len(exchange.post("/api/v1/sync", bytes(size)).body) == size
    assert len(set(ports)) == 1
