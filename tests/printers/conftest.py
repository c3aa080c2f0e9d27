"""The print room, started once per module; each test gets it swept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.printers.lab import IppDevice, PrivateCups, open_folder, private_bus


@dataclass
class PrintRoom:
    """A laser with IPP, and a CUPS scheduler whose queue `laser` prints to it."""

    device: IppDevice
    cups: PrivateCups
    queue: str


@pytest.fixture(scope="module")
def running_print_room() -> Iterator[PrintRoom]:
    """Real processes on loopback, ended with the module: where there can be only one, another worker waits for it."""
    with open_folder() as folder, private_bus(folder / "bus") as env, PrivateCups(folder / "cups").running() as cups:
        device = IppDevice(folder / "laser", env)
        device.switch_on()
        try:
            yield PrintRoom(device, cups, cups.uri("laser"))
        finally:
            device.switch_off()


@pytest.fixture
def print_room(running_print_room: PrintRoom) -> Iterator[PrintRoom]:
    """The print room with paper, switched on, no jobs; and left so."""
    _sweep(running_print_room)
    yield running_print_room
    _sweep(running_print_room)


def _sweep(room: PrintRoom) -> None:
    room.cups.run("cancel", "-a", "-x")
    room.device.clear()
    if "laser" not in room.cups.run("lpstat", "-e"):
        room.cups.add_queue("laser", room.device.uri, "-m", "everywhere")
    room.cups.run("cupsenable", "laser")
