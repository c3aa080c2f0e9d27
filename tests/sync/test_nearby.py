"""A case over the local network, on loopback: who waits, who sends, and what becomes of everything else that knocks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from inspector_app.errors import StationError
from sync import nearby

HERE, OTHER = "0a" * 16, "ff" * 16
FILE = b"a sealed case" * 1_000


class Ear:
    """A computer that waits on a thread of its own, and what it took in."""

    def __init__(self, waiting: nearby.Waiting, accept: Callable[[bytes], bool]) -> None:
        self.address = f"127.0.0.1:{waiting.port}"
        self.taken: list[bytes] = []
        self.outcome: object = None
        self._thread = threading.Thread(target=self._run, args=(waiting, accept))
        self._thread.start()

    def _run(self, waiting: nearby.Waiting, accept: Callable[[bytes], bool]) -> None:
        def heard(file: bytes) -> bool:
            self.taken.append(file)
            return accept(file)

        try:
            self.outcome = waiting.take(heard, seconds=2)
        except StationError as error:
            self.outcome = error.code

    def done(self) -> object:
        self._thread.join(timeout=20)
        return self.outcome


@contextmanager
def waits(accept: Callable[[bytes], bool] = lambda _file: True) -> Iterator[Ear]:
    with nearby.Waiting(HERE, host="127.0.0.1") as waiting:
        ear = Ear(waiting, accept)
        yield ear
        ear.done()


def refused(address: str, *, to: str = HERE) -> str:
    with pytest.raises(StationError) as caught:
        nearby.send(address, FILE, to=to)
    return caught.value.code


def test_a_case_arrives_byte_by_byte_and_the_sender_hears_that_it_was_taken() -> None:
    with waits() as ear:
        nearby.send(ear.address, FILE, to=HERE)
        assert ear.done() is True
    assert ear.taken == [FILE]


def test_a_case_that_is_not_taken_in_is_told_the_sender() -> None:
    with waits(lambda _file: False) as ear:
        assert refused(ear.address) == "nearby_refused"
        assert ear.done() is False


def test_nothing_is_sent_to_another_computer_than_the_one_meant() -> None:
    with waits() as ear:
        assert refused(ear.address, to=OTHER) == "nearby_other"
    assert ear.taken == []


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:", "127.0.0.1", ":80", "nowhere.invalid:1", "h:99999"])
def test_where_nobody_waits_it_is_said(address: str) -> None:
    assert refused(address) == "nearby_nobody"


def test_whoever_knocks_with_something_else_does_not_end_the_waiting() -> None:
    with waits() as ear:
        host, _, port = ear.address.partition(":")
        for rubbish in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 4, b"\x00\x00\x00\x09half"):
            with socket.create_connection((host, int(port)), timeout=5) as line:
                line.sendall(rubbish)
        nearby.send(ear.address, FILE, to=HERE)
        assert ear.done() is True
    assert ear.taken == [FILE]


def test_a_sender_that_breaks_off_half_way_leaves_nothing() -> None:
    with waits() as ear:
        host, _, port = ear.address.partition(":")
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(len(FILE).to_bytes(4, "big") + FILE[: len(FILE) // 2])
        assert ear.done() == "nearby_nobody_came"
    assert ear.taken == []


def test_one_who_waits_and_goes_away_is_a_broken_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet_and_go() -> None:
            line, _address = server.accept()
            line.sendall(nearby.GREETING + HERE.encode())
            line.close()

        thread = threading.Thread(target=greet_and_go)
        thread.start()
        assert refused(f"127.0.0.1:{server.getsockname()[1]}") == "nearby_cut"
        thread.join()


def test_nobody_waits_for_ever() -> None:
    with nearby.Waiting(HERE, host="127.0.0.1") as waiting, pytest.raises(StationError, match="nearby_nobody_came"):
        waiting.take(lambda _file: True, seconds=0.1)


def test_a_port_that_is_taken_is_said() -> None:
    with nearby.Waiting(HERE, host="127.0.0.1") as first, pytest.raises(StationError, match="nearby_port"):
        nearby.Waiting(HERE, host="127.0.0.1", port=first.port)


def test_a_scanner_does_not_keep_it_open_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "CALLERS", 2)
    with waits() as ear:
        host, _, port = ear.address.partition(":")
        for _ in range(2):
            socket.create_connection((host, int(port)), timeout=5).close()
        assert ear.done() == "nearby_nobody_came"


def test_both_show_the_same_six_digits_and_another_file_others() -> None:
    assert nearby.code_of(FILE) == nearby.code_of(bytes(FILE))
    assert nearby.code_of(FILE) != nearby.code_of(FILE + b"x")
    assert len(nearby.code_of(b"")) == len("123 456")
