"""A case over the local network: one computer waits for it, the other sends the file, and nothing else is spoken.

The file is the same as on a stick, sealed to the one that waits and signed by the one that gives: the network is
trusted with nothing. Who waits says who it is, so that a file is not sent to the wrong desk; both show six digits of
the file's hash, which two people can read out to each other. It waits only while a person asked, and for one case.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from inspector_app.errors import StationError
from inspector_app.suites import sha256

GREETING: Final = b"inspector-case/1 "
DEVICE: Final = 32
LENGTH: Final = 4
MOST: Final = 4_194_304
PATIENCE: Final = 10.0
"""Seconds a silent other side is waited for, at each read."""
CALLERS: Final = 20
"""So many may knock with something else before the waiting ends: a scanner is no reason to stay open for ever."""
TAKEN, REFUSED = b"+", b"-"
Accept = Callable[[bytes], bool]


def code_of(file: bytes) -> str:
    """Six digits that both computers show for the same file: ``123 456``."""
    digits = f"{int.from_bytes(sha256(file)[:8], 'big') % 1_000_000:06d}"
    return f"{digits[:3]} {digits[3:]}"


class Waiting:
    """An open ear for one case. ``port`` 0 takes any free one; ``host`` "" is every address of this computer."""

    def __init__(self, device: str, *, host: str = "", port: int = 0) -> None:
        self._device = device
        try:
            self._ear = socket.create_server((host, port), backlog=1)
        except (OSError, OverflowError) as problem:
            raise StationError("nearby_port", port=port) from problem
        self.port: int = self._ear.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ear.close()

    def take(self, accept: Accept, *, seconds: float) -> bool:
        """Wait for a case and hand it to ``accept``; whether it was accepted is also told the sender.

        StationError ``nearby_nobody_came`` when none came within ``seconds`` of silence.
        """
        for _ in range(CALLERS):
            file, caller = self._next(seconds)
            with caller:
                if file:
                    return _answered(caller, taken=accept(file))
        raise StationError("nearby_nobody_came")

    def _next(self, seconds: float) -> tuple[bytes, socket.socket]:
        self._ear.settimeout(seconds)
        try:
            caller, _address = self._ear.accept()
        except OSError as problem:
            raise StationError("nearby_nobody_came") from problem
        try:
            caller.settimeout(PATIENCE)
            caller.sendall(GREETING + self._device.encode())
            size = int.from_bytes(_exactly(caller, LENGTH), "big")
            return (_exactly(caller, size) if size <= MOST else b""), caller
        except OSError:
            return b"", caller  # whoever that was, it was no case


def _answered(caller: socket.socket, *, taken: bool) -> bool:
    try:
        caller.sendall(TAKEN if taken else REFUSED)
    except OSError:
        pass  # it is taken in all the same; sent again, the file changes nothing
    return taken


def _exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes; ConnectionError when the other side ends before."""
    found = bytearray()
    while len(found) < size:
        part = line.recv(min(65_536, size - len(found)))
        if not part:
            raise ConnectionError
        found += part
    return bytes(found)


def send(address: str, file: bytes, *, to: str) -> None:
    """Send a case to the computer ``to`` that waits at ``host:port``.

    StationError ``nearby_nobody`` (nobody waits there), ``nearby_other`` (somebody else does), ``nearby_cut`` (the line
    broke; it may have arrived, and sending again is safe) or ``nearby_refused`` (its screen says why).
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise StationError("nearby_nobody", address=address)
    try:
        line = socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
    except (OSError, OverflowError, ValueError) as problem:
        raise StationError("nearby_nobody", address=address) from problem
    with line:
        if (answer := _spoken(line, file, to)) != TAKEN:
            raise StationError("nearby_refused" if answer == REFUSED else "nearby_cut")


def _spoken(line: socket.socket, file: bytes, to: str) -> bytes:
    try:
        waits = _exactly(line, len(GREETING) + DEVICE)
        if waits != GREETING + to.encode():
            raise StationError("nearby_other", device=to)
        line.sendall(len(file).to_bytes(LENGTH, "big") + file)
        return _exactly(line, 1)
    except OSError as problem:
        raise StationError("nearby_cut") from problem
