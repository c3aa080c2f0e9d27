"""What stands around the desktop's window: the station's printers, contact with the province, the code reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from inspector_app import bootstrap
from inspector_app.errors import StationError
from inspector_app.ports import Printer
from inspector_app.practice import world
from inspector_app.practice.mode import PracticeProvince, found_practice, home_folder, is_founded, province_folder
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from sync import diagnosis, schedule

PRINTERS_FILE = "printers.txt"
PDF_FOLDER = "prints"


class Surroundings:
    """Equipment of one home; in practice the province is a child process that lives as long as this."""

    def __init__(self, home: LockedHome, province: PracticeProvince | None = None) -> None:
        self._home = home
        self._province = province
        self.practice_passphrase = world.PASSPHRASE if home.sheet.practice else ""

    def printers(self) -> Mapping[str, Printer]:
        """Printers by name: the station's own list, and a folder for PDF files, which practice proposes first."""
        clock = self._home.parts.clock
        named = {address: bootstrap.printer(address, clock) for address in self.printer_addresses()}
        folder = self._home.paths.folder / PDF_FOLDER
        folder.mkdir(exist_ok=True)
        pdf: dict[str, Printer] = {"PDF": bootstrap.printer(f"pdf:{folder}", clock)}
        return pdf | named if self._home.sheet.practice else named | pdf

    def printer_addresses(self) -> list[str]:
        """The addresses in the station's own list, as they stand there."""
        return [line.strip() for line in self._printer_lines() if line.strip() and not line.startswith("#")]

    def add_printer(self, address: str) -> None:
        """Put a printer on the list. StationError ``printer_unknown`` when the address is none."""
        bootstrap.printer(address, self._home.parts.clock)
        if address not in self.printer_addresses():
            self._write_printers([*self._printer_lines(), address])

    def remove_printer(self, address: str) -> None:
        """Take a printer off the list; whatever else stands in the file stays."""
        self._write_printers([line for line in self._printer_lines() if line.strip() != address])

    def _printer_lines(self) -> list[str]:
        path = self._home.paths.folder / PRINTERS_FILE
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def _write_printers(self, lines: list[str]) -> None:
        path = self._home.paths.folder / PRINTERS_FILE
        try:
            path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        except OSError as error:
            raise StationError("file_unreadable", name=PRINTERS_FILE) from error

    def contact(self, device: Device) -> bootstrap.Contact:
        """The province over the network; practice speaks with its own."""
        return bootstrap.Contact(self._home, device, server=self._province.url if self._province else "")

    def findings(self, last: schedule.Last) -> tuple[diagnosis.Finding, ...]:
        """What the end of the last contact says of each step to the province."""
        return diagnosis.of_last(last.code, last.details).findings

    def read_codes(self, content: bytes) -> list[str]:
        """QR texts in a picture or PDF."""
        return bootstrap.code_reader().read(content)

    def close(self) -> None:
        """Stop the practice province."""
        if self._province is not None:
            self._province.stop()


def open_practice(folder: Path, say: Callable[[str], None]) -> tuple[LockedHome, Surroundings]:
    """Practice mode: its province running, its home open. The first time the home is founded, which takes seconds."""
    if not is_founded(folder):
        say("Preparing the practice station (first time only) …")
    province = PracticeProvince(province_folder(folder))
    try:
        if not is_founded(folder):
            found_practice(folder, province)
        home = bootstrap.open_home(home_folder(folder), doing="desktop")
    except StationError:
        province.stop()
        raise
    return home, Surroundings(home, province)
