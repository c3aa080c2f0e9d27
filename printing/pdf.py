"""A placed document as PDF: fonts embedded, text copied out exactly, the same bytes for the same content.

The renderer itself draws the specimen mark and refuses a page without it unless it is given a licence. The station's
calibration is one transform in front of each page; the file tells viewers not to scale (PRINTING 1.2). Colours are
plain RGB and nothing is transparent.
"""

from __future__ import annotations

import datetime
import functools
import io
import math
import re
import threading
import zlib
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from printing import specimen
from printing.content import Calibration, Licence, require_leave
from printing.fonts import FontSet, shipped_fonts
from printing.placed import Block, CodeMark, GlyphRun, Ink, Mark, Placed, PlacedPage, SealPlace, Stroke
from printing.seal import SealImage, Stencil, practice_circles, practice_runs, stencil

rl_config.useA85 = 0  # a quarter more bytes for nothing: every channel since 1993 carries eight bits
PT = 72 / 25.4
COLOURS = {
    Ink.BLACK: "0 0 0",
    Ink.RED: "0.78 0.04 0.09",
    Ink.GREY: "0.35 0.35 0.35",
    Ink.WHITE: "1 1 1",
    Ink.SHADE: "0.95 0.95 0.95",
}
TINT = "0.93 0.87 0.87"
"""Of the specimen mark: visible after a monochrome laser, yet the text above it stays readable."""
_DARK = re.compile("#+")
_CIRCLE = 0.5522847498
"""Distance of control points of a quarter circle, in parts of the radius."""
_one_at_a_time = threading.Lock()
"""reportlab's font objects keep a reading position, so two documents must not be written at once."""


def render(
    placed: Placed,
    *,
    licence: Licence | None = None,
    seal: SealImage | None = None,
    calibration: Calibration | None = None,
    fonts: FontSet | None = None,
) -> bytes:
    """The PDF of all copies.

    Without `seal` the place stays free for the wet seal; a specimen always carries the practice seal.
    Raises StationError ``printing.unlicensed`` for an unmarked page without a licence for its form.
    """
    require_leave(placed.specimen, placed.form_hash, licence)
    with _one_at_a_time:
        writer = _Writer(placed, fonts or shipped_fonts(), seal)
        for page in placed.pages:
            writer.page(page, calibration or Calibration())
        return writer.finish()


class _Writer:
    """One document being written."""

    def __init__(self, placed: Placed, fonts: FontSet, seal: SealImage | None) -> None:
        self.placed, self.fonts = placed, fonts
        self.seal = None if placed.specimen else seal
        self.file = io.BytesIO()
        first = placed.pages[0]
        # Some font must be current at the start, or reportlab refers to Helvetica, which is not embedded.
        current = fonts.embedded("NotoSerifSC-Regular").fontName
        self.canvas = Canvas(
            self.file,
            pagesize=(first.width * PT, first.height * PT),
            pageCompression=1,
            invariant=1,
            initialFontName=current,
            lang=placed.lang,
        )
        self.canvas.setDateFormatter(lambda *_: _pdf_date(placed.made_at))
        self.canvas.setTitle(f"{placed.title} {placed.number}".strip())
        self.canvas.setSubject(placed.form)
        self.canvas.setAuthor("Inspector")
        self.canvas.setCreator("Inspector")
        self.canvas.setViewerPreference("PrintScaling", "None")
        self.height = first.height

    @property
    def document(self) -> Any:
        """The document inside the canvas: reportlab offers no other way to a font's code of a character."""
        return self.canvas._doc  # noqa: SLF001

    def page(self, page: PlacedPage, calibration: Calibration) -> None:
        self.height = page.height
        self.canvas.setPageSize((page.width * PT, page.height * PT))
        words = self._specimen_form(page) if self.placed.specimen else ""
        self.canvas.addLiteral(_transform(calibration, page.height))
        if words:
            self.canvas.doForm(words)
        self.canvas.addLiteral("\n".join(self._mark(mark) for mark in page.marks))
        self.canvas.showPage()

    def _specimen_form(self, page: PlacedPage) -> str:
        """The mark as a form of its own, shared by pages alike.

        As text of the page itself its large slanted frame makes pdfium take the page for vertical writing, and then
        it tears names apart where the font changes.
        """
        operators = "\n".join(self._run(run, TINT) for run in specimen.page_runs(page, self.fonts))
        name = f"mark{zlib.crc32(operators.encode()):08x}"
        if not self.document.hasForm(name):
            self.canvas.beginForm(name, 0, 0, page.width * PT, page.height * PT)
            self.canvas.addLiteral(operators)
            self.canvas.endForm()
        return name

    def finish(self) -> bytes:
        self.canvas.save()
        return self.file.getvalue()

    def _mark(self, mark: Mark) -> str:
        if isinstance(mark, GlyphRun):
            return self._run(mark, COLOURS[mark.ink])
        if isinstance(mark, Stroke):
            return self._stroke(mark)
        if isinstance(mark, Block):
            return self._block(mark)
        if isinstance(mark, CodeMark):
            return self._code(mark)
        return self._seal(mark)

    def _run(self, run: GlyphRun, colour: str) -> str:
        font = self.fonts.embedded(run.font)
        parts = [f"{colour} rg BT", _text_matrix(run, self._y(run.y))]
        for subset, codes in font.splitString(run.text, self.document):
            parts.append(f"{font.getSubsetInternalName(subset, self.document)} {run.size:g} Tf <{codes.hex()}> Tj")
        return " ".join([*parts, "ET"])

    def _stroke(self, stroke: Stroke) -> str:
        dash = " ".join(f"{part * PT:.3f}" for part in stroke.dash)
        return (
            f"{COLOURS[stroke.ink]} RG {stroke.width * PT:.3f} w [{dash}] 0 d "
            f"{stroke.x1 * PT:.3f} {self._y(stroke.y1):.3f} m {stroke.x2 * PT:.3f} {self._y(stroke.y2):.3f} l S"
        )

    def _block(self, block: Block) -> str:
        corner = f"{block.x * PT:.3f} {self._y(block.y + block.h):.3f}"
        return f"{COLOURS[block.ink]} rg {corner} {block.w * PT:.3f} {block.h * PT:.3f} re f"

    def _code(self, code: CodeMark) -> str:
        """One path of whole modules in a space of one unit per module: no seams between neighbours."""
        unit = code.module * PT
        space = f"{unit:.5f} 0 0 {-unit:.5f} {code.x * PT:.4f} {self._y(code.y):.4f} cm"
        return f"q 0 0 0 rg {space}\n{_modules(code.rows)}\nf Q"

    def _seal(self, place: SealPlace) -> str:
        if self.placed.specimen:
            words = [self._run(run, COLOURS[run.ink]) for run in practice_runs(place, self.fonts)]
            return "\n".join([self._circles(place), *words])
        return "" if self.seal is None else self._stencil(stencil(self.seal), place)

    def _circles(self, place: SealPlace) -> str:
        cx, cy = (place.x + place.size / 2) * PT, self._y(place.y + place.size / 2)
        circles = [_circle(cx, cy, radius * PT, width * PT) for radius, width in practice_circles(place)]
        return f"{COLOURS[Ink.RED]} RG [] 0 d " + " ".join(circles)

    def _stencil(self, dots: Stencil, place: SealPlace) -> str:
        name = f"seal{zlib.crc32(dots.bits):08x}"
        inner = self.document.getXObjectName(name)
        if not self.document.hasForm(name):
            self.document.addForm(name, _stencil_object(dots))
        self.canvas._formsinuse.append(name)  # noqa: SLF001  # what drawImage does, for a kind of picture it lacks
        side = place.size * PT
        at = f"{place.x * PT:.3f} {self._y(place.y + place.size):.3f}"
        return f"q {COLOURS[Ink.RED]} rg {side:.3f} 0 0 {side:.3f} {at} cm /{inner} Do Q"

    def _y(self, y: float) -> float:
        """PDF counts from the bottom, in points."""
        return (self.height - y) * PT


def _stencil_object(dots: Stencil) -> Any:
    entries = {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Image"),
        "Width": dots.side,
        "Height": dots.side,
        "ImageMask": "true",
        "BitsPerComponent": 1,
        "Decode": "[1 0]",
        "Filter": PDFName("FlateDecode"),
    }
    return PDFStream(PDFDictionary(entries), dots.deflated)


@functools.lru_cache(maxsize=8)  # the copies of one print carry the same code
def _modules(rows: tuple[str, ...]) -> str:
    """Each run of dark modules as a rectangle."""
    runs = ((y, run) for y, row in enumerate(rows) for run in _DARK.finditer(row))
    return "\n".join(f"{run.start()} {y} {run.end() - run.start()} 1 re" for y, run in runs)


def _transform(calibration: Calibration, height: float) -> str:
    c = calibration
    lift = (height - c.sy * height - c.dy_mm) * PT
    return f"{c.sx:.6f} 0 0 {c.sy:.6f} {c.dx_mm * PT:.4f} {lift:.4f} cm"


def _text_matrix(run: GlyphRun, y: float) -> str:
    if not run.turn:
        return f"1 0 0 1 {run.x * PT:.3f} {y:.3f} Tm"
    cos, sin = math.cos(math.radians(run.turn)), math.sin(math.radians(run.turn))
    return f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {run.x * PT:.3f} {y:.3f} Tm"


def _circle(cx: float, cy: float, r: float, width: float) -> str:
    k = r * _CIRCLE
    corners = [
        (cx + r, cy + k, cx + k, cy + r, cx, cy + r),
        (cx - k, cy + r, cx - r, cy + k, cx - r, cy),
        (cx - r, cy - k, cx - k, cy - r, cx, cy - r),
        (cx + k, cy - r, cx + r, cy - k, cx + r, cy),
    ]
    curves = " ".join(" ".join(f"{value:.3f}" for value in corner) + " c" for corner in corners)
    return f"{width:.3f} w {cx + r:.3f} {cy:.3f} m {curves} S"


def _pdf_date(at: int) -> str:
    moment = datetime.datetime.fromtimestamp(at / 1000, datetime.timezone(datetime.timedelta(hours=8)))
    return moment.strftime("D:%Y%m%d%H%M%S+08'00'")
