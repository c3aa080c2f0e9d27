"""A strict thermal head: ESC/POS bytes in, paper out. What it does not know is an error, as rubbish is on real paper.

Written from the command reference (Epson ESC/POS, Chinese models), independently of `printing.escpos_bytes`. Units and
limits are those of a real 203 dpi head: feeds count in motion units, a picture wider than the head or taller than the
buffer is an error, and two bytes that are no character of the ROM too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
HEAD_DPI = 203
EPSON_UNITS = 406
"""Vertical motion units to the inch before GS P: half a dot each."""
BUFFER_ROWS = 256
LINE_DOTS = 30
CELL = 24


class PaperError(AssertionError):
    """The bytes are not what a real printer would print as meant."""


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), CELL)


@dataclass
class Mode:
    """What ESC @ resets."""

    align: int = 0
    wide: int = 1
    tall: int = 1
    bold: bool = False
    reverse: bool = False
    chinese: bool = False
    units: int = EPSON_UNITS


@dataclass
class Paper:
    """The roll so far. `text` are the lines of letters, `events` what happened, in order."""

    dots: int = 576
    charset: str = "gb18030"
    mode: Mode = field(default_factory=Mode)
    text: list[str] = field(default_factory=list)
    events: list[tuple[str, int]] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    answers_due: int = 0
    _rows: list[Image.Image] = field(default_factory=list)
    _line: str = ""
    _pending: bytes = b""
    _height: int = 0

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; an unfinished command waits for its rest."""
        self._pending += data
        while self._pending:
            used = self._one()
            if not used:
                return
            self._pending = self._pending[used:]

    def finish(self) -> Paper:
        """No more bytes will come. Raises PaperError when a command or a line was left unfinished."""
        if self._pending or self._line:
            raise PaperError(f"ends in the middle: {self._pending[:8]!r} {self._line!r}")
        return self

    @property
    def image(self) -> Image.Image:
        """The paper, 255 = white."""
        whole = Image.new("L", (self.dots, max(self._height, 1)), 255)
        y = 0
        for row in self._rows:
            whole.paste(row, (0, y))
            y += row.height
        return whole

    @property
    def height_mm(self) -> float:
        """Length of paper used."""
        return self._height / 8

    def codes(self) -> list[str]:
        """QR codes a reader finds on the paper."""
        return [code.text for code in zxingcpp.read_barcodes(self.image)]

    def _one(self) -> int:
        """Execute one command or character; number of bytes used, 0 when more are needed."""
        head = self._pending[0]
        if head == 0x0A:
            self._end_line()
            return 1
        if head in LEADS:
            return self._command()
        if head >= 0x20:
            return self._character()
        raise PaperError(f"unknown control byte {head:#04x}")

    def _command(self) -> int:
        if len(self._pending) < 2:
            return 0
        name = self._pending[:2]
        known = COMMANDS.get(name)
        if known is None:
            raise PaperError(f"unknown command {name!r}")
        length, run = known
        needed = 2 + (length if isinstance(length, int) else length(self._pending))
        if len(self._pending) < needed:
            return 0
        run(self, self._pending[2:needed])
        return needed

    def _character(self) -> int:
        if self._pending[0] < 0x80:
            self._put(chr(self._pending[0]))
            return 1
        if not self.mode.chinese:
            raise PaperError("a Chinese character before FS &")
        length = 4 if len(self._pending) > 1 and 0x30 <= self._pending[1] <= 0x39 else 2
        if len(self._pending) < length:
            return 0
        try:
            self._put(self._pending[:length].decode(self.charset))
        except UnicodeDecodeError as error:
            raise PaperError(f"not in the ROM: {self._pending[:length]!r}") from error
        return length

    def _put(self, character: str) -> None:
        if self._width(self._line + character) > self.dots:
            raise PaperError(f"line too wide: {self._line + character}")
        self._line += character

    def _width(self, line: str) -> int:
        return sum((CELL if ord(character) > 0x7F else CELL // 2) * self.mode.wide for character in line)

    def _end_line(self) -> None:
        height = CELL * self.mode.tall
        row = Image.new("L", (self.dots, max(height, LINE_DOTS)), 255)
        spare = self.dots - self._width(self._line)
        x = (0, spare // 2, spare)[self.mode.align]
        for character in self._line:
            cell = self._cell(character)
            row.paste(cell, (x, 0))
            x += cell.width
        self.text.append(self._line)
        self._line = ""
        self._add(row)

    def _cell(self, character: str) -> Image.Image:
        width = CELL if ord(character) > 0x7F else CELL // 2
        cell = Image.new("L", (width, CELL), 255)
        ImageDraw.Draw(cell).text((0, CELL - 4), character, font=_font(), fill=0, anchor="ls")
        cell = cell.point(lambda level: 255 if level > 140 else 0)
        if self.mode.reverse:
            cell = cell.point(lambda level: 255 - level)
        return cell.resize((width * self.mode.wide, CELL * self.mode.tall), Image.Resampling.NEAREST)

    def _add(self, row: Image.Image) -> None:
        self._rows.append(row)
        self._height += row.height

    def reset(self, _: bytes) -> None:
        if self._line:
            raise PaperError("ESC @ throws away an unfinished line")
        self.mode = Mode()
        self.events.append(("reset", 0))

    def feed_units(self, argument: bytes) -> None:
        if self._line:
            raise PaperError("ESC J in the middle of a line")
        dots = round(argument[0] * HEAD_DPI / self.mode.units)
        if dots:
            self._add(Image.new("L", (self.dots, dots), 255))
        self.events.append(("feed", dots))

    def set_units(self, argument: bytes) -> None:
        self.mode.units = argument[1] or EPSON_UNITS

    def set_align(self, argument: bytes) -> None:
        self.mode.align = self._among(argument[0], (0, 1, 2))

    def set_size(self, argument: bytes) -> None:
        self.mode.wide, self.mode.tall = (argument[0] >> 4) + 1, (argument[0] & 7) + 1

    def set_bold(self, argument: bytes) -> None:
        self.mode.bold = bool(self._among(argument[0], (0, 1)))

    def set_reverse(self, argument: bytes) -> None:
        self.mode.reverse = bool(self._among(argument[0], (0, 1)))

    def chinese_on(self, _: bytes) -> None:
        self.mode.chinese = True

    def raster(self, argument: bytes) -> None:
        kind, mode = argument[0], argument[1]
        across, rows = int.from_bytes(argument[2:4], "little"), int.from_bytes(argument[4:6], "little")
        if kind != 0x30 or mode != 0:
            raise PaperError(f"raster mode {kind:#x} {mode}")
        if across * 8 > self.dots or not 0 < rows <= BUFFER_ROWS or not across:
            raise PaperError(f"a picture of {across * 8} × {rows} dots")
        inked = Image.frombytes("1", (across * 8, rows), argument[6:]).convert("L")
        row = Image.new("L", (self.dots, rows), 255)
        row.paste(inked.point(lambda level: 255 - level), (0, 0))
        self._add(row)
        self.events.append(("raster", rows))

    def cut(self, argument: bytes) -> None:
        self._among(argument[0], (66,))
        self.cuts.append(self._height)
        self.events.append(("cut", self._height))

    def status_due(self, argument: bytes) -> None:
        self._among(argument[0], (1,))
        self.answers_due += 1

    def real_time(self, argument: bytes) -> None:
        if argument[0] != 4 and argument[0] not in (1, 2, 3, 4):
            raise PaperError(f"DLE EOT {argument[0]}")

    @staticmethod
    def _among(value: int, allowed: tuple[int, ...]) -> int:
        if value not in allowed:
            raise PaperError(f"value {value}, known are {allowed}")
        return value


def _raster_length(pending: bytes) -> int:
    """GS v 0 m xL xH yL yH and the picture."""
    if len(pending) < 8:
        return 6
    return 6 + int.from_bytes(pending[4:6], "little") * int.from_bytes(pending[6:8], "little")


LEADS = frozenset((0x1B, 0x1C, 0x1D, 0x10))
COMMANDS: dict[bytes, tuple[int | Callable[[bytes], int], Callable[[Paper, bytes], None]]] = {
    b"\x1b@": (0, Paper.reset),
    b"\x1bJ": (1, Paper.feed_units),
    b"\x1ba": (1, Paper.set_align),
    b"\x1bE": (1, Paper.set_bold),
    b"\x1c&": (0, Paper.chinese_on),
    b"\x1d!": (1, Paper.set_size),
    b"\x1dB": (1, Paper.set_reverse),
    b"\x1dP": (2, Paper.set_units),
    b"\x1dV": (2, Paper.cut),
    b"\x1dr": (1, Paper.status_due),
    b"\x1dv": (_raster_length, Paper.raster),
    b"\x10\x04": (1, Paper.real_time),
}


def decode(data: bytes, dots: int = 576) -> Paper:
    """Print all bytes of a job on a new roll."""
    paper = Paper(dots)
    paper.feed(data)
    return paper.finish()
