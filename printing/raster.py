"""A placed page as a picture of black and white dots, drawn by FreeType from the same font files as the PDF.

This is what a thermal head burns, and the same dots are the ticket's PNG. Nothing is grey: text is thresholded, the
QR's modules are whole dots, the specimen mark is a sparse pattern of dots under the text.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from printing import specimen
from printing.content import Licence, require_leave
from printing.fonts import FontSet, shipped_fonts
from printing.placed import Block, CodeMark, GlyphRun, Ink, Mark, Placed, PlacedPage, SealPlace, Stroke
from printing.qr import QUIET_MODULES
from printing.seal import SealImage, practice_circles, practice_runs, stencil

DOTS_PER_MM = 8
"""203 dpi, the pitch of nearly all portable thermal heads."""
PIXELS_PER_POINT = DOTS_PER_MM * 25.4 / 72
INKED = 150
"""Grey level from which an antialiased dot is burnt: a little heavier than half, thin strokes would break."""
_INK = {Ink.BLACK: 0, Ink.RED: 0, Ink.GREY: 0, Ink.WHITE: 255, Ink.SHADE: 255}


def pictures(
    placed: Placed,
    *,
    licence: Licence | None = None,
    seal: SealImage | None = None,
    fonts: FontSet | None = None,
) -> list[Image.Image]:
    """Each page as a one-bit picture (mode ``1``, 255 = white).

    Raises StationError ``printing.unlicensed`` like the PDF renderer.
    """
    require_leave(placed.specimen, placed.form_hash, licence)
    chosen = None if placed.specimen else seal
    return [_Picture(page, placed.specimen, fonts or shipped_fonts(), chosen).draw() for page in placed.pages]


@functools.lru_cache(maxsize=32)
def _pillow_font(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)


def _dots(mm: float) -> int:
    return round(mm * DOTS_PER_MM)


class _Picture:
    """One page being drawn."""

    def __init__(self, page: PlacedPage, is_specimen: bool, fonts: FontSet, seal: SealImage | None) -> None:
        self.page, self.specimen, self.fonts, self.seal = page, is_specimen, fonts, seal
        self.canvas = Image.new("L", (_dots(page.width), _dots(page.height)), 255)
        self.pen = ImageDraw.Draw(self.canvas)

    def draw(self) -> Image.Image:
        if self.specimen:
            self._specimen_mark()
        for mark in self.page.marks:
            self._mark(mark)
        return self.canvas.point(lambda level: 255 if level > INKED else 0).convert("1", dither=Image.Dither.NONE)

    def _mark(self, mark: Mark) -> None:
        if isinstance(mark, GlyphRun):
            self._run(mark, self.canvas)
        elif isinstance(mark, Stroke):
            self._stroke(mark)
        elif isinstance(mark, Block):
            self._block(mark)
        elif isinstance(mark, CodeMark):
            self._code(mark)
        else:
            self._seal(mark)

    def _run(self, run: GlyphRun, canvas: Image.Image) -> None:
        if run.turn:
            self._turned(run, canvas)
            return
        self._glyphs(run, ImageDraw.Draw(canvas), run.x * DOTS_PER_MM, run.y * DOTS_PER_MM, _INK[run.ink])

    def _glyphs(self, run: GlyphRun, pen: ImageDraw.ImageDraw, x: float, y: float, ink: int) -> None:
        """Characters one by one, so that their places are the layout's and not FreeType's rounded advances."""
        pixels = run.size * PIXELS_PER_POINT
        font = _pillow_font(self.fonts.path(run.font), pixels)
        for character in run.text:
            pen.text((round(x), round(y)), character, font=font, fill=ink, anchor="ls")
            x += self.fonts.advance(run.font, character) * pixels

    def _turned(self, run: GlyphRun, canvas: Image.Image) -> None:
        """The run on a patch whose middle is the start of the baseline, turned around that point."""
        length = sum(self.fonts.advance(run.font, character) for character in run.text)
        reach = math.ceil(run.size * PIXELS_PER_POINT * (length + 0.3))
        patch = Image.new("L", (2 * reach, 2 * reach), 255)
        self._glyphs(run, ImageDraw.Draw(patch), reach, reach, 0)
        patch = patch.rotate(run.turn, resample=Image.Resampling.BILINEAR, fillcolor=255)
        left, top = _dots(run.x) - reach, _dots(run.y) - reach
        box = (max(left, 0), max(top, 0), min(left + 2 * reach, canvas.width), min(top + 2 * reach, canvas.height))
        piece = patch.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        canvas.paste(ImageChops.darker(canvas.crop(box), piece), box)

    def _specimen_mark(self) -> None:
        words = Image.new("L", self.canvas.size, 255)
        for run in specimen.page_runs(self.page, self.fonts):
            self._run(run, words)
        solid = words.point(lambda level: 255 if level < INKED else 0)
        sparse = ImageChops.multiply(solid, _pattern(self.canvas.size))
        self.canvas.paste(0, mask=sparse)

    def _stroke(self, stroke: Stroke) -> None:
        thick = max(1, _dots(stroke.width))
        x1, y1, x2, y2 = (_dots(value) for value in (stroke.x1, stroke.y1, stroke.x2, stroke.y2))
        if x1 == x2:
            self.pen.rectangle((x1 - thick // 2, y1, x1 - thick // 2 + thick - 1, y2), fill=0)
            return
        on, off = (_dots(part) for part in stroke.dash) if stroke.dash else (x2 - x1, 1)
        for start in range(x1, x2, on + off):
            end = min(start + on, x2)
            self.pen.rectangle((start, y1 - thick // 2, end - 1, y1 - thick // 2 + thick - 1), fill=0)

    def _block(self, block: Block) -> None:
        left, top = _dots(block.x), _dots(block.y)
        right, bottom = _dots(block.x + block.w), _dots(block.y + block.h)
        self.pen.rectangle((left, top, right - 1, bottom - 1), fill=_INK[block.ink])

    def _code(self, code: CodeMark) -> None:
        self.canvas.paste(_modules(code), (_dots(code.x), _dots(code.y)))

    def _seal(self, place: SealPlace) -> None:
        if self.specimen:
            self._practice_seal(place)
        elif self.seal is not None:
            dots = stencil(self.seal)
            mask = Image.frombytes("1", (dots.side, dots.side), dots.bits).convert("L")
            side = _dots(place.size)
            self.canvas.paste(0, (_dots(place.x), _dots(place.y)), mask.resize((side, side)))

    def _practice_seal(self, place: SealPlace) -> None:
        cx, cy = (place.x + place.size / 2) * DOTS_PER_MM, (place.y + place.size / 2) * DOTS_PER_MM
        for radius, width in practice_circles(place):
            r = radius * DOTS_PER_MM
            self.pen.ellipse((cx - r, cy - r, cx + r, cy + r), outline=0, width=max(2, _dots(width)))
        for run in practice_runs(place, self.fonts):
            self._run(run, self.canvas)


def code_picture(code: CodeMark, dots: int) -> Image.Image:
    """The code alone on a strip `dots` wide, with its quiet zone above and below."""
    modules = _modules(code)
    quiet = _dots(code.module) * QUIET_MODULES
    strip = Image.new("L", (dots, modules.height + 2 * quiet), 255)
    strip.paste(modules, ((dots - modules.width) // 2, quiet))
    return strip.convert("1", dither=Image.Dither.NONE)


def _modules(code: CodeMark) -> Image.Image:
    side, module = len(code.rows), _dots(code.module)
    small = Image.new("L", (side, side), 255)
    small.putdata([0 if dark == "#" else 255 for row in code.rows for dark in row])
    return small.resize((side * module, side * module), Image.Resampling.NEAREST)


@functools.lru_cache(maxsize=4)
def _pattern(size: tuple[int, int]) -> Image.Image:
    """White dots on black, one in eight, in staggered rows."""
    across = (size[0] + 7) // 8
    four_rows = (b"\x88" * across) + bytes(across) + (b"\x22" * across) + bytes(across)
    whole = Image.frombytes("1", (across * 8, 4 * (size[1] // 4 + 1)), four_rows * (size[1] // 4 + 1))
    return whole.crop((0, 0, *size)).convert("L")
