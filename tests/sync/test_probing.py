"""The looks at a real line: sockets, handshakes and a real province on loopback, and whatever may answer there."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inspector_app.clock import SystemClock
from inspector_app.errors import StationError
from inspector_app.ports import Reply
from sync.client import Device
from sync.diagnosis import Diagnosis, Here, Server, Step, diagnose
from sync.probing import RealLine, is_portal, server_of, system_resolver
from sync.protocol import CONTENT_TYPE
from sync.transport import HttpsExchange, has_route
from tests.province import work
from tests.province.fixtures import Province
from tests.sync.fakes import FakeDevice
from tests.sync.test_client import Meddler, replacing
from tests.sync.test_transport import Answer, answering, certificate, server

PLENTY = 1 << 40
TEN_MINUTES_MS = 600_000


class Behind(NamedTuple):
    """A device and the province it belongs to, whose answers a server passes on."""

    device: FakeDevice
    province: Province

    def answer(self, post: Callable[[str, bytes], Reply] | None = None) -> Answer:
        """The province's answers over HTTP."""
        said = post or self.province.exchange.post

        def answer(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
            reply = said(handler.path, asked)
            answering(reply.status, reply.content_type, reply.body)(handler, asked)

        return answer


@pytest.fixture
def behind(province: Province) -> Behind:
    """A device that has caught up."""
    device = province.enrol()
    device.sync(province.exchange)
    return Behind(device, province)


class Trial(NamedTuple):
    """What is different on this line."""

    answer: Answer
    context: ssl.SSLContext | None = None
    ca: Path | None = None
    date: str | None = None
    resolver: Callable[[str, int], tuple[str, ...]] = lambda _host, _port: ("127.0.0.1",)
    route: bool = True
    room: int = PLENTY
    plain_port: int = 1
    program: str = "0.1.0"


def http_date(at: int) -> str:
    """A moment (UTC ms) as a server says it in the head of an answer."""
    return format_datetime(datetime.datetime.fromtimestamp(at / 1000, datetime.UTC), usegmt=True)


def found(behind: Behind, trial: Trial) -> Diagnosis:
    date = trial.date or http_date(behind.province.clock.now().at)
    with server(trial.answer, trial.context, date=date) as (address, _seen):
        return looked(behind, trial, address)


def looked(behind: Behind, trial: Trial, address: str) -> Diagnosis:
    device = behind.device
    ca = str(trial.ca) if trial.ca else None
    here = Here(trial.program, TEN_MINUTES_MS, lambda: behind.province.clock.now().at)
    with HttpsExchange(address, SystemClock(), ca=ca) as exchange:
        line = RealLine(
            Device(device, device.signer, device.clock),
            exchange,
            lambda: trial.room,
            ca=ca,
            resolver=trial.resolver,
            route=lambda: trial.route,
            plain_port=trial.plain_port,
        )
        return diagnose(line, server_of(address), here)


def failing(behind: Behind, trial: Trial) -> tuple[Step, str]:
    one = found(behind, trial).failing
    assert one is not None
    return one.step, one.code


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """The province's certificate."""
    return certificate(tmp_path, "province")


# --- a real province ------------------------------------------------------------------------------------------------


def test_a_province_that_is_well_passes_every_step(behind: Behind, tls: tuple[Path, ssl.SSLContext]) -> None:
    diagnosis = found(behind, Trial(behind.answer(), tls[1], tls[0]))
    assert diagnosis.failing is None
    assert diagnosis.findings[1].seen == {"addresses": "127.0.0.1"}


def test_a_diagnosis_records_nothing_and_takes_nothing_in(behind: Behind) -> None:
    work.declare(behind.device)
    head, note, stored = behind.device.head(), behind.device.note, len(behind.device.stored)
    assert found(behind, Trial(behind.answer())).failing is None
    assert (behind.device.head(), behind.device.note, len(behind.device.stored)) == (head, note, stored)
    assert behind.device.sync(behind.province.exchange).sent == head.seq - note.seq


@pytest.mark.parametrize(
    ("changes", "step", "code"),
    [
        ({"at": 40 * 86_400_000}, Step.CLOCK, "network.clock_wrong"),
        ({"status": "too_old", "min_version": "9.0"}, Step.VERSION, "network.program_too_old"),
        ({"min_version": "9.0"}, Step.VERSION, "network.below_minimum"),
        ({"to": b"12345678"}, Step.IDENTITY, "network.identity"),
    ],
)
def test_what_the_province_says_is_held_against_what_is_here(
    behind: Behind, changes: dict[str, Any], step: Step, code: str
) -> None:
    if "at" in changes:  # so much later than this computer's clock
        changes = {"at": behind.province.clock.now().at + changes["at"]}
    meddler = Meddler(behind.province, replacing(**changes))
    assert failing(behind, Trial(behind.answer(meddler.post))) == (step, code)


def test_a_newer_program_than_the_province_s_is_no_fault(behind: Behind) -> None:
    assert found(behind, Trial(behind.answer(), program="99.0")).failing is None


@pytest.mark.parametrize(
    ("status", "step", "code"),
    [
        (403, Step.IDENTITY, "network.unknown_device"),
        (400, Step.VERSION, "network.frame_refused"),
        (413, Step.QUOTA, "network.too_large"),
        (429, Step.QUOTA, "network.server_busy"),
        (503, Step.QUOTA, "network.server_busy"),
        (507, Step.QUOTA, "network.server_full"),
        (500, Step.QUOTA, "network.server_error"),
    ],
)
def test_each_refusal_of_the_server_has_its_step(behind: Behind, status: int, step: Step, code: str) -> None:
    assert failing(behind, Trial(answering(status, "text/plain", b"word"))) == (step, code)


def test_a_full_disk_here_is_told(behind: Behind) -> None:
    assert failing(behind, Trial(behind.answer(), room=1_000)) == (Step.QUOTA, "disk_full")


# --- a line that ends before the province ---------------------------------------------------------------------------


def test_no_way_out_is_told_apart_from_a_name_nobody_knows(behind: Behind) -> None:
    nobody = Trial(behind.answer(), resolver=lambda _host, _port: ())
    for trial, expected in (
        (nobody._replace(route=False), (Step.LINK, "network.no_link")),
        (nobody, (Step.DNS, "network.name_unknown")),
    ):
        one = looked(behind, trial, "https://province.example").failing
        assert one is not None
        assert (one.step, one.code) == expected


def test_nobody_listening_is_named(behind: Behind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    one = looked(behind, Trial(behind.answer()), f"https://localhost:{port}").failing
    assert one is not None
    assert (one.step, one.code) == (Step.TLS, "network.refused")


def test_a_server_that_says_nothing_is_given_up(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.probing.PATIENCE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = looked(behind, Trial(behind.answer()), f"https://localhost:{silent.getsockname()[1]}").failing
    assert one is not None
    assert (one.step, one.code) == (Step.TLS, "network.timeout")


def test_the_resolver_of_the_system_knows_localhost_and_not_a_name_that_cannot_be() -> None:
    assert set(system_resolver("localhost", 80)) & {"127.0.0.1", "::1"}
    assert system_resolver("province.invalid", 80) == ()
    assert system_resolver("a" * 80 + ".example", 80) == ()


def test_the_way_out_is_read_off_the_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unrouted(socket.socket):
        def connect(self, _address: Any) -> None:
            raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "socket", Unrouted)
    assert has_route() is False


# --- log-in pages ---------------------------------------------------------------------------------------------------


def test_a_page_in_place_of_a_frame_is_a_log_in_page(behind: Behind) -> None:
    page = answering(200, "text/html", b"<html>Welcome</html>")
    assert failing(behind, Trial(page)) == (Step.TLS, "network.captive_portal")


def test_plain_http_where_a_handshake_was_expected_is_a_log_in_page(behind: Behind) -> None:
    with server(answering(200, "text/html", b"log in")) as (address, _seen):
        one = looked(behind, Trial(behind.answer()), address.replace("http://127.0.0.1", "https://localhost")).failing
    assert one is not None
    assert (one.step, one.code) == (Step.TLS, "network.captive_portal")


@contextmanager
def plain(answer: Answer) -> Iterator[int]:
    """What answers in plain HTTP beside the handshake; yields its port."""
    with server(answer) as (address, _seen):
        yield int(address.rpartition(":")[2])


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (answering(302, "text/html", b"", Location="http://login.example/"), (Step.TLS, "network.captive_portal")),
        (answering(511, "text/html", b"log in"), (Step.TLS, "network.captive_portal")),
        (answering(200, "text/html", b"log in"), (Step.TLS, "network.captive_portal")),
        (answering(404, "text/html", b""), (Step.IDENTITY, "network.identity")),
        (answering(301, "text/html", b"", Location="https://localhost/"), (Step.IDENTITY, "network.identity")),
    ],
)
def test_somebody_else_s_certificate_is_a_log_in_page_only_if_it_behaves_like_one(
    behind: Behind, tmp_path: Path, beside: Answer, expected: tuple[Step, str]
) -> None:
    pinned, _ = certificate(tmp_path, "province")
    _, theirs = certificate(tmp_path, "hotel")
    with plain(beside) as port:
        assert failing(behind, Trial(behind.answer(), theirs, pinned, plain_port=port)) == expected


def test_a_province_that_is_down_behind_its_own_web_server_is_no_log_in_page(behind: Behind) -> None:
    with plain(answering(200, "text/html", b"It works")) as port, socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
        free.close()
        one = looked(behind, Trial(behind.answer(), plain_port=port), f"https://localhost:{closed}").failing
    assert one is not None
    assert one.code == "network.refused"


def test_whose_certificate_does_not_hold_is_sent_no_frame(behind: Behind, tmp_path: Path) -> None:
    pinned, _ = certificate(tmp_path, "province")
    _, theirs = certificate(tmp_path, "hotel")
    with server(answering(200, CONTENT_TYPE, b""), theirs) as (address, seen):
        looked(behind, Trial(behind.answer(), ca=pinned), address)
    assert seen == []


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [(302, "http://login.example/", True), (301, "https://province.example/", False), (302, "/login", False),
     (511, "", True), (200, "", False), (404, "", False)],
)  # fmt: skip
def test_what_counts_as_a_log_in_page(status: int, location: str, expected: bool) -> None:
    assert is_portal(status, location, "province.example") is expected


# --- clocks and certificates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "date_after", "expected"),
    [
        ((300, 500), 400, (Step.CLOCK, "network.clock_wrong")),  # the device lives a year behind
        ((-500, -300), -400, (Step.CLOCK, "network.clock_wrong")),  # … and a year ahead
        ((-500, -1), 0, (Step.TLS, "network.certificate_ended")),
        ((1, 500), 0, (Step.TLS, "network.certificate_ended")),
    ],
)
def test_a_certificate_out_of_its_days_is_the_clock_s_fault_or_the_province_s(
    behind: Behind, tmp_path: Path, days: tuple[int, int], date_after: int, expected: tuple[Step, str]
) -> None:
    pinned, context = certificate(tmp_path, "province", days=days)
    now = datetime.datetime.now(datetime.UTC)
    behind.province.clock.at = int(now.timestamp()) * 1_000
    date = http_date(behind.province.clock.at + date_after * 86_400_000)
    assert failing(behind, Trial(behind.answer(), context, pinned, date=date)) == expected


def test_a_certificate_out_of_its_days_and_of_another_ca_is_somebody_else_s(behind: Behind, tmp_path: Path) -> None:
    pinned, _ = certificate(tmp_path, "province")
    _, theirs = certificate(tmp_path, "hotel", days=(-9, -1))
    assert failing(behind, Trial(behind.answer(), theirs, pinned)) == (Step.IDENTITY, "network.identity")


# --- addresses ------------------------------------------------------------------------------------------------------


def test_an_address_is_taken_apart() -> None:
    assert server_of("https://province.example/x") == Server("province.example", 443, tls=True)
    assert server_of("http://127.0.0.1:8000") == Server("127.0.0.1", 8000, tls=False)


@pytest.mark.parametrize("address", ["", "province", "https://", "https://host:notaport", "https://host:99999"])
def test_what_names_no_host_is_a_wrong_address(address: str) -> None:
    with pytest.raises(StationError, match=r"network\.address_wrong"):
        server_of(address)
