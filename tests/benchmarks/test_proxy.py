"""The line of the measurements counts what passes, shapes it, and dies where it is told to."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.proxy import DOWN, PLAIN, Counted, Link, Proxy, Requests

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nheard"


class Hearing(BaseHTTPRequestHandler):
    """Hears a body out and says five bytes, on a connection that stays."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(ANSWER)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def once(proxy: Proxy, body: bytes) -> bytes:
    """Post over a connection of its own."""
    with contextlib.closing(connected(proxy)) as line:
        return post(line, body)


def post(connection: http.client.HTTPConnection, body: bytes) -> bytes:
    connection.putrequest("POST", "/x", skip_host=True, skip_accept_encoding=True)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    with connection.getresponse() as response:
        return response.read()


def said(body: bytes) -> int:
    return len(f"POST /x HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n") + len(body)


def connected(proxy: Proxy) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)


def test_every_byte_and_request_is_counted_until_the_next_look(upstream: int) -> None:
    with Proxy(upstream) as proxy:
        line = connected(proxy)
        assert [post(line, body) for body in (b"one", b"two" * 50_000)] == [b"heard"] * 2
        line.close()
        expected = said(b"one") + said(b"two" * 50_000)
        assert proxy.look() == Counted(up=expected, down=2 * len(ANSWER), requests=2, connections=1)
        assert proxy.look() == Counted()


def test_a_shaped_link_takes_the_time_its_rate_and_distance_take(upstream: int) -> None:
    body = bytes(5_000)
    with Proxy(upstream, Link("slow", up_kbit=100, down_kbit=1_000, round_trip_ms=100)) as proxy:
        line = connected(proxy)
        began = time.monotonic()
        post(line, body)
        line.close()
        spent = time.monotonic() - began
    needed = 0.1 + 0.1 + said(body) * 8 / 100_000 + len(ANSWER) * 8 / 1_000_000
    assert needed <= spent < needed + 1.5


def test_a_cut_lets_so_many_bytes_through_and_then_none_until_it_is_mended(upstream: int) -> None:
    with Proxy(upstream) as proxy:
        line = connected(proxy)
        post(line, b"answered")
        proxy.cut(1_000)
        with pytest.raises((http.client.HTTPException, OSError)):
            post(line, bytes(5_000))
        counted = proxy.look()
        assert (counted.up, counted.unanswered) == (said(b"answered") + 1_000, 1_000)
        line.close()
        with pytest.raises((http.client.HTTPException, OSError)):
            once(proxy, b"again")
        assert proxy.look() == Counted()
        proxy.mend()
        assert once(proxy, b"again") == b"heard"


def test_an_answer_can_be_cut_too(upstream: int) -> None:
    with Proxy(upstream) as proxy:
        proxy.cut(len(ANSWER) - 2, way=DOWN)
        with pytest.raises((http.client.HTTPException, OSError)):
            once(proxy, b"x")
        assert proxy.look().down == len(ANSWER) - 2
        proxy.mend()
        assert once(proxy, b"x") == b"heard"


def test_a_line_behind_which_nobody_is_ends_the_connection() -> None:
    with Proxy(1) as proxy, pytest.raises((http.client.HTTPException, OSError)):
        once(proxy, b"x")


@pytest.mark.parametrize("piece", [1, 7, 1_000])
def test_requests_are_counted_however_they_arrive(piece: int) -> None:
    chunked = b"PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n"
    sent = b"POST /a HTTP/1.1\r\ncontent-length: 10\r\n\r\nGET / HTTP" + chunked + b"GET /c HTTP/1.1\r\nHost: x\r\n\r\n"
    requests = Requests()
    for start in range(0, len(sent), piece):
        requests.feed(sent[start : start + piece])
    assert requests.count == 3


def test_half_a_request_is_none() -> None:
    requests = Requests()
    requests.feed(b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n")
    assert requests.count == 0


def test_the_plain_link_is_as_fast_as_the_machine() -> None:
    assert (PLAIN.up_kbit, PLAIN.down_kbit, PLAIN.round_trip_ms) == (0, 0, 0)
