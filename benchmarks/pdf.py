"""Certificates per second: our engine against reportlab used the plain way, in the same run, on the same pages.

The peer parses its fonts for each job, makes its QR with qrcode's defaults as a PNG and hands the seal to drawImage. It
is given our finished places, so that it pays nothing for layout; ours checks, lays out and draws each certificate. Both
draw certificate B with two copies, code and seal; every certificate has another number, owner and code. Some
pages of each engine are read back: same text, same code.
"""

from __future__ import annotations

import argparse
import functools
import gc
import io
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import qrcode
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.setting import setting
from printing import layout, pdf, preview
from printing.content import Content, Licence
from printing.fonts import shipped_fonts
from printing.forms import AnyForm
from printing.paper import shipped_forms
from printing.placed import CodeMark, GlyphRun, Ink, Placed, SealPlace, Stroke
from printing.seal import SealImage

PT = 72 / 25.4
FORM = "certificate_b"
AIM = 10.0
ROUND = 12
"""Certificates each engine draws in a row."""
OWNERS = "王𬀩 李㛃 赵𠮷 陈练习 周小鱼 高邮市练习水产苗种场".split()
INKS = {Ink.BLACK: (0, 0, 0), Ink.RED: (0.78, 0.04, 0.09), Ink.GREY: (0.35, 0.35, 0.35)}
VALUES = {
    "owner_phone": "13800000001",
    "species": "草鱼（夏花）",
    "quantity": "伍拾万尾",
    "origin": "江苏省扬州市高邮市菱塘回族乡练习水产苗种场",
    "destination": "江苏省泰州市兴化市沙沟镇练习村",
    "purpose": "养殖",
    "validity": "应于当日内到达有效",
    "ear_tags": "/",
    "vet": "赵练习",
    "issued_on": "二〇二六年十一月二十一日",
    "agency": "高邮市练习水生动物卫生监督所",
}


@functools.cache
def seal() -> SealImage:
    """A ring of 600 × 600 dots with transparency, as stations register them."""
    picture = Image.new("RGBA", (600, 600), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((12, 12, 588, 588), outline=(214, 22, 30, 235), width=18)
    draw.text((300, 300), "检疫专用章", fill=(214, 22, 30, 235), font_size=80, anchor="mm", font=_seal_font())
    file = io.BytesIO()
    picture.save(file, "PNG")
    return SealImage(file.getvalue())


def _seal_font() -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(shipped_fonts().path("NotoSerifSC-Bold")), 80)


def certificate(number: int) -> Content:
    """One certificate; no two have the same owner and code."""
    digits = f"{9_900_000_000 + number:010d}"
    return Content(
        form=FORM,
        number=f"B {digits}",
        values={**VALUES, "owner": OWNERS[number % len(OWNERS)]},
        made_at=1_795_000_000_000,
        code="https://practice.example/q/1" + str(7 ** (400 + number % 50))[:385] + digits,
        check_code="K7M2QX",
        specimen=False,
    )


def ours(form: AnyForm, content: Content) -> bytes:
    """What a service does: lay out (which finds every problem), then draw."""
    leave = Licence("terminal", "template", "grant", form.hash)
    return pdf.render(layout.place(form, content, shipped_fonts()), licence=leave, seal=seal())


def plain(placed: Placed, content: Content, fonts: dict[str, str]) -> bytes:
    """The same page with reportlab's own calls; `fonts` says under which names its fonts are registered."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(210 * PT, 297 * PT))
    code = io.BytesIO()
    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    drawn.add_data(content.code)
    drawn.make()
    drawn.make_image().save(code, "PNG")
    for page in placed.pages:
        for mark in page.marks:
            _plain_mark(canvas, mark, fonts, code)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _plain_mark(canvas: Any, mark: object, fonts: dict[str, str], code: io.BytesIO) -> None:
    if isinstance(mark, GlyphRun):
        canvas.setFillColorRGB(*INKS[mark.ink])
        canvas.setFont(fonts[mark.font], mark.size)
        canvas.drawString(mark.x * PT, (297 - mark.y) * PT, mark.text)
    elif isinstance(mark, Stroke):
        canvas.setLineWidth(mark.width * PT)
        canvas.line(mark.x1 * PT, (297 - mark.y1) * PT, mark.x2 * PT, (297 - mark.y2) * PT)
    elif isinstance(mark, CodeMark):
        side = mark.region.w
        code.seek(0)
        canvas.drawImage(ImageReader(code), mark.x * PT, (297 - mark.y - side) * PT, side * PT, side * PT)
    elif isinstance(mark, SealPlace):
        picture = ImageReader(io.BytesIO(seal().picture))
        at = (mark.x * PT, (297 - mark.y - mark.size) * PT)
        canvas.drawImage(picture, *at, mark.size * PT, mark.size * PT, mask="auto")


def _fonts_of(placed: Placed) -> set[str]:
    return {mark.font for page in placed.pages for mark in page.marks if isinstance(mark, GlyphRun)}


def naive(placed: Placed, content: Content) -> bytes:
    """The peer: fonts parsed for this job."""
    names = {font: f"{font}-{content.number}" for font in _fonts_of(placed)}
    for font, name in names.items():
        pdfmetrics.registerFont(TTFont(name, str(shipped_fonts().path(font))))
    try:
        return plain(placed, content, names)
    finally:
        for name in names.values():
            pdfmetrics._fonts.pop(name, None)  # noqa: SLF001  # or the peer would run out of memory


def kept(placed: Placed, content: Content) -> bytes:
    """For the record: the same with fonts parsed once."""
    for font in _fonts_of(placed):
        if f"kept-{font}" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(f"kept-{font}", str(shipped_fonts().path(font))))
    return plain(placed, content, {font: f"kept-{font}" for font in _fonts_of(placed)})


def measure(form: AnyForm, count: int) -> dict[str, dict[str, float]]:
    """Median seconds, certificates per second and kilobytes of each engine.

    The engines take turns in rounds, so that a busy moment of the machine hits all of them, and each clears up after
    itself: the peer's parsed fonts are megabytes of garbage that the next engine would otherwise have to collect.
    """
    fonts = shipped_fonts()
    engines: dict[str, Callable[[Content, Placed], bytes]] = {
        "reportlab, fonts parsed per job": lambda content, placed: naive(placed, content),
        "reportlab, fonts kept": lambda content, placed: kept(placed, content),
        "inspector": lambda content, _: ours(form, content),
    }
    # Placed beforehand: the code of the last few contents is kept, and ours must not find it made.
    pages = [(content, layout.place(form, content, fonts)) for content in map(certificate, range(count))]
    times: dict[str, list[float]] = {name: [] for name in engines}
    sizes: dict[str, int] = {}
    for first in range(0, count, ROUND):
        for name, engine in engines.items():
            sizes[name] = _round(name, engine, pages[first : first + ROUND], times[name])
            gc.collect()
    return {name: _figures(times[name], sizes[name]) for name in engines}


def _round(
    name: str,
    engine: Callable[[Content, Placed], bytes],
    pages: list[tuple[Content, Placed]],
    times: list[float],
) -> int:
    """Draw some certificates; the first one is checked and warms up. Returns a file's size."""
    content, placed = pages[0]
    drawn = engine(content, placed)
    _require_same(name, drawn, content)
    for content, placed in pages[1:]:
        began = time.perf_counter()
        engine(content, placed)
        times.append(time.perf_counter() - began)
    return len(drawn)


def _require_same(name: str, drawn: bytes, content: Content) -> None:
    """A fast engine that drew something else would be worth nothing."""
    text = preview.text_of(drawn)
    if preview.read_codes(drawn) != [content.code] or "伍拾万尾" not in text:
        raise SystemExit(f"{name} did not draw the certificate")


def _figures(times: list[float], size: int) -> dict[str, float]:
    median = statistics.median(times)
    return {"median_ms": round(median * 1000, 2), "per_s": round(1 / median, 1), "kb": round(size / 1024, 1)}


def main(argv: list[str]) -> int:
    """Print the table (or ``--json``); exit 0 when the aim is met, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks pdf", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--count", type=int, default=36, help="certificates per engine, at least 24")
    options = parser.parse_args(argv)
    figures = measure(shipped_forms()[FORM], max(options.count, 2 * ROUND))
    floor = next(iter(figures.values()))["per_s"]
    ratio = round(figures["inspector"]["per_s"] / floor, 1)
    if options.json:
        print(json.dumps({"setting": setting(), "engines": figures, "ratio": ratio, "aim": AIM}, ensure_ascii=False))
    else:
        _print_table(figures, floor, ratio)
    return 0 if ratio >= AIM else 1


def _print_table(figures: dict[str, dict[str, float]], floor: float, ratio: float) -> None:
    print("\n".join(f"{name:8} {value}" for name, value in setting().items()))
    print(f"\n{'certificate B, two copies, code and seal':42}{'ms':>9}{'per s':>9}{'KB':>8}{'ratio':>8}")
    for name, row in figures.items():
        print(f"{name:42}{row['median_ms']:9.1f}{row['per_s']:9.1f}{row['kb']:8.0f}{row['per_s'] / floor:8.1f}")
    print(f"\naim at least {AIM:g} × the first row: {'met' if ratio >= AIM else 'NOT met'} ({ratio:g} ×)")
