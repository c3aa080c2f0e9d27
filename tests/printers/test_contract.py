"""The contract of `inspector_app.ports.Printer` on every implementation and on the fake."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.clock import SystemClock
from inspector_app.ports import Printer, PrintJob
from printing.escpos_printers import ASK_IN_ORDER, ASK_STATUS, EscposFilePrinter, EscposTcpPrinter
from printing.file_printer import PdfFilePrinter
from printing.ipp_printer import IppPrinter
from printing.preview import page_count, page_image
from printing.thermal import PrinterProfile
from tests.printers.conftest import PrintRoom
from tests.printers.contract import PrinterContract
from tests.printers.fake import FakePrinter
from tests.printers.thermal_server import ThermalServer
from tests.printing.samples import certificate_pdf, portable_bytes

PROFILE = PrinterProfile(name="lab thermal")


RUNS = itertools.count(1)
"""A printer keeps its history from test to test; names must not come twice, as in real life they do not."""


def pdf_job(name: str) -> PrintJob:
    return PrintJob(f"{name} run {next(RUNS)}", certificate_pdf(), "application/pdf", 2)


def thermal_job(name: str) -> PrintJob:
    return PrintJob(f"{name} run {next(RUNS)}", portable_bytes(), "application/vnd.escpos", 2)


class FakeBench:
    def __init__(self) -> None:
        self.device = FakePrinter()

    def printer(self) -> Printer:
        return self.device

    def unplug(self) -> None:
        self.device.off = True

    def received(self) -> list[bytes]:
        return [job.content for job in self.device.sheets]

    def seen(self, content: bytes) -> object:
        return content

    def job(self, name: str) -> PrintJob:
        return pdf_job(name)


class LaserBench:
    """`through` is the address printed to: the device's own or a queue's."""

    def __init__(self, room: PrintRoom, through: str) -> None:
        self.room, self.through = room, through

    def printer(self) -> Printer:
        return IppPrinter("laser", self.through, SystemClock(), timeout_s=20)

    def unplug(self) -> None:
        self.room.device.switch_off()

    def received(self) -> list[bytes]:
        return [path.read_bytes() for path in self.room.device.printed]

    def seen(self, content: bytes) -> object:
        return content

    def job(self, name: str) -> PrintJob:
        return pdf_job(name)


class QueueBench(LaserBench):
    def seen(self, content: bytes) -> object:
        """CUPS writes the PDF anew; not a dot of the page may move."""
        return [page_image(content, 200, page, grey=True).tobytes() for page in range(page_count(content))]

    def unplug(self) -> None:
        self.room.cups.run("lpadmin", "-x", "laser")


class ThermalBench:
    def __init__(self, server: ThermalServer) -> None:
        self.server, self.plugged = server, True

    def printer(self) -> Printer:
        return EscposTcpPrinter("thermal", "127.0.0.1", PROFILE, port=self.server.port, timeout_s=20, print_limit_s=60)

    def unplug(self) -> None:
        self.server.stop()

    def received(self) -> list[bytes]:
        asked = b"".join(ASK_STATUS)
        jobs = [raw.removeprefix(asked).removesuffix(ASK_IN_ORDER) for raw in self.server.raw]
        return [job for job in jobs if job]

    def seen(self, content: bytes) -> object:
        return content

    def job(self, name: str) -> PrintJob:
        return thermal_job(name)


class DeviceFileBench:
    """A named pipe stands for the character device: it can be opened only while somebody reads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lp0"
        os.mkfifo(self.path)
        self.taken: list[bytes] = []
        self.reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self.reader, True)
        self.keep_open = os.open(self.path, os.O_WRONLY)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        while data := os.read(self.reader, 65536):
            self.taken.append(data)

    def printer(self) -> Printer:
        return EscposFilePrinter("device file", self.path, step_timeout_s=20)

    def unplug(self) -> None:
        if self.keep_open >= 0:
            os.close(self.keep_open)
            self.keep_open = -1
            self.thread.join(5)
            os.close(self.reader)

    def received(self) -> list[bytes]:
        self.unplug()
        whole = b"".join(self.taken)
        return [whole] if whole else []

    def seen(self, content: bytes) -> object:
        return content

    def job(self, name: str) -> PrintJob:
        return thermal_job(name)


class FolderBench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "out"
        self.folder.mkdir()
        self.gone = folder / "gone"

    def printer(self) -> Printer:
        return PdfFilePrinter("folder", self.folder, PlainDisk())

    def unplug(self) -> None:
        self.folder.rename(self.gone)

    def received(self) -> list[bytes]:
        return [path.read_bytes() for path in self.folder.glob("*.pdf")]

    def seen(self, content: bytes) -> object:
        return content

    def job(self, name: str) -> PrintJob:
        return pdf_job(name)


class PlainDisk:
    """The port `Disk` without its durability, which has tests of its own."""

    def read(self, path: Path, most: int = -1) -> bytes | None:
        return path.read_bytes()[: most if most >= 0 else None] if path.exists() else None

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        path.with_suffix(".part").write_bytes(content)
        path.with_suffix(".part").replace(path)

    def exists(self, path: Path) -> bool:
        return path.exists()

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)


class TestFakePrinter(PrinterContract):
    @pytest.fixture
    def bench(self) -> FakeBench:
        return FakeBench()


class TestPrinterItself(PrinterContract):
    """A real IPP printer process, without a queue."""

    @pytest.fixture
    def bench(self, print_room: PrintRoom) -> LaserBench:
        return LaserBench(print_room, print_room.device.uri)


class TestCupsQueue(PrinterContract):
    """The same printer behind a real CUPS scheduler."""

    @pytest.fixture
    def bench(self, print_room: PrintRoom) -> LaserBench:
        return QueueBench(print_room, print_room.queue)


class TestThermalOverTcp(PrinterContract):
    @pytest.fixture
    def bench(self) -> Iterator[ThermalBench]:
        with ThermalServer() as server:
            yield ThermalBench(server)


class TestDeviceFile(PrinterContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[DeviceFileBench]:
        bench = DeviceFileBench(tmp_path)
        yield bench
        bench.unplug()


class TestFolder(PrinterContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> FolderBench:
        return FolderBench(tmp_path)
