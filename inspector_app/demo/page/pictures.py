"""Papers as pictures, with the places on them to which a remark points."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from inspector_app.demo.papers import Print, printed_content
from printing import layout
from printing.fonts import shipped_fonts
from printing.forms import Copy, RollForm, SheetForm, TextBox
from printing.paper import shipped_forms
from printing.placed import MM_PER_POINT, CodeMark, GlyphRun, PlacedPage, SealPlace
from printing.preview import page_image
from printing.typeset import LEADING

COLOURS = 48
UNFILLED = {"动物卫生\n监督检查站\n签　　章": "checkpoint", "当事人签收：": "receipt"}
"""Places on a form that are filled by hand, by their printed labels."""
STRIP_MARGIN_MM, OFF_MM, PIN_MM = 9.0, 6.0, 4.6
"""White room beside a strip for its remarks; how far a remark keeps from what it explains; half a remark and a bit."""


class Spot(NamedTuple):
    """Where on a picture something stands, in parts of its width and height."""

    x: float
    y: float


class Shot(NamedTuple):
    """A picture of the first copy of a print, and where its fields stand."""

    png: bytes
    spots: dict[str, Spot]


def shot(folder: Path, print_: Print, dpi: int, *, upper: float = 1.0) -> Shot:
    """The first copy of a print as it came out, or the upper part of it."""
    form = shipped_forms()[print_.content.form]
    if isinstance(form, RollForm) and print_.strip is not None:
        return _strip(folder / print_.strip, form, print_)
    if isinstance(form, SheetForm):
        return _sheet(folder / print_.pdf, form, dpi, upper)
    raise ValueError(f"no picture of {print_.content.form}")


def sheet_picture(pdf: Path, dpi: int, *, upper: float = 1.0) -> bytes:
    """The first page of a PDF, or the upper part of it."""
    page = page_image(pdf.read_bytes(), dpi)
    return small(page.crop((0, 0, page.width, round(page.height * upper))))


def small(picture: Image.Image) -> bytes:
    """The picture as a PNG of few colours."""
    file = io.BytesIO()
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _sheet(pdf: Path, form: SheetForm, dpi: int, upper: float) -> Shot:
    copy, height = form.copies[0], form.copy_height * upper
    part = height / form.height
    spots = {name: Spot(x / form.width, y / height) for name, x, y in _places(form, copy) if y < height}
    return Shot(sheet_picture(pdf, dpi, upper=part), spots)


def _places(form: SheetForm, copy: Copy) -> Iterator[tuple[str, float, float]]:
    """Field, and a place beside it where a remark covers no text: left of its label."""
    left = form.frames[0][0]
    for box in form.texts:
        name = box.text.partition("{")[2].partition("}")[0]
        if box.stacked:
            yield name, box.x + box.w / 2, copy.dy + _top_of_stack(box, copy) - OFF_MM
        elif "No." in box.text:
            yield name, box.x + box.w + OFF_MM, box.y + box.h / 2 + copy.dy
        elif name and not box.text.startswith("{"):
            yield name, min(left, box.x - PIN_MM), box.y + box.h / 2 + copy.dy
        elif box.text in UNFILLED:
            beside = left - 1 if box.align == "centre" else box.x - PIN_MM
            yield UNFILLED[box.text], beside, box.y + box.h / 2 + copy.dy
        elif name:
            yield name, _label_left(form, box, left), box.y + box.h / 2 + copy.dy
    if form.code is not None:
        yield "code", left, form.code.y + copy.dy + OFF_MM
    if form.seal is not None:
        yield "seal", form.seal.x + form.seal.size, form.seal.y + copy.dy + OFF_MM
    number = next(box for box in form.texts if "{number}" in box.text)
    yield "print_mark", left - PIN_MM, number.y + number.h / 2 + copy.dy


def _label_left(form: SheetForm, box: TextBox, left: float) -> float:
    beside = [other for other in form.texts if "{" not in other.text and other.x < box.x and _level(other, box)]
    if not beside:
        return min(left, box.x - PIN_MM)
    label = max(beside, key=lambda other: other.x)
    widest = max(len(line) for line in label.text.split("\n")) * label.size * MM_PER_POINT
    free = (label.w - widest) / 2 if label.align == "centre" else 0.0
    return label.x - max(0.0, PIN_MM - free)


def _level(one: TextBox, other: TextBox) -> bool:
    return abs(one.y + one.h / 2 - other.y - other.h / 2) < 1


def _top_of_stack(box: TextBox, copy: Copy) -> float:
    tall = len(copy.caption) * box.size * LEADING * MM_PER_POINT
    return box.y + (box.h - tall) / 2


def _strip(png: Path, form: RollForm, print_: Print) -> Shot:
    placed = layout.place(form, printed_content(print_.content), shipped_fonts())
    page = placed.pages[0]
    picture = Image.open(png).convert("L")
    height = round(page.height * picture.width / page.width)
    wide = round(picture.width * (page.width + STRIP_MARGIN_MM) / page.width)
    cut = Image.new("L", (wide, height), 255)
    cut.paste(picture.crop((0, 0, picture.width, height)))
    file = io.BytesIO()
    cut.convert("1").save(file, "PNG", optimize=True)
    return Shot(file.getvalue(), dict(_strip_places(form, page)))


def _strip_places(form: RollForm, page: PlacedPage) -> Iterator[tuple[str, Spot]]:
    """Fields by the text that begins their line; remarks stand in the white room at the right."""
    begins = {row.text.strip("{}"): row.label for row in form.rows if row.label and row.text.startswith("{")}
    begins |= {"number": "No.", "caption": form.copies[0].caption, "validity": "本批动物"}
    x = (page.width + STRIP_MARGIN_MM / 2) / (page.width + STRIP_MARGIN_MM)
    for mark in page.marks:
        if isinstance(mark, GlyphRun):
            y = (mark.y - mark.size * MM_PER_POINT * 0.35) / page.height
            for name in [name for name, text in begins.items() if mark.text.startswith(text[:4])][:1]:
                yield name, Spot(x, y)
                del begins[name]
        elif isinstance(mark, CodeMark):
            yield "code", Spot(x, (mark.y + 3) / page.height)
        elif isinstance(mark, SealPlace):
            yield "seal", Spot(x, (mark.y + 4) / page.height)
