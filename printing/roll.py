"""Laying out a strip of thermal paper: rows below each other, as long as the text needs.

The printable width is 8 dots to the millimetre, and everything that a picture must show exactly (lines, QR) starts on a
whole dot.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from printing import qr
from printing.content import FIRST_PRINT, Content, LayoutProblem
from printing.fonts import Typefaces
from printing.forms import PLACEHOLDER, Copy, RollForm, Row
from printing.layout import DASH_MM, code_marks, field_of, resolve
from printing.placed import MM_PER_POINT, Block, Ink, Mark, PlacedPage, Region, SealPlace, Stroke
from printing.typeset import break_lines, first_baseline, line_height, line_runs, missing_glyphs, width_mm

DOT_MM = 0.125
RULE_MM = 0.25
LONGEST_MM = 900.0
"""A strip longer than this is a fault in the content, not a certificate."""
BAND_PADDING_MM = 0.8
BAND_FILL = 0.96
"""A band's text is made small enough to stand on one line with some black on either side."""
ROW_GAP_MM = 0.5
WIDEST_LABEL = 0.45
"""Widest label of a pair in parts of the strip; a longer one gets its value on the next line."""


def rows_of(form: RollForm, copy: Copy, content: Content) -> Iterator[Row]:
    """The rows of one copy with the content's text in them; the print mark stands below the number."""
    for row in form.rows:
        if row.when and not content.text_of(row.when):
            continue
        text, label = resolve(row.text, content, copy), resolve(row.label, content, copy)
        if row.row == "text" and not text:
            continue
        yield msgspec.structs.replace(row, text=text, label=label)
        if "{number}" in row.text and content.print_no > FIRST_PRINT:
            mark = resolve(form.print_mark, content, copy)
            yield Row(row="band", text=mark, font="sans-bold", size=9.0, align="centre")


def place_strip(
    form: RollForm, copy: Copy, content: Content, fonts: Typefaces
) -> tuple[PlacedPage, list[LayoutProblem]]:
    """One copy as a page as wide as the print head and as long as its rows."""
    strip = _Strip(form, content, fonts)
    for row in rows_of(form, copy, content):
        strip.add(row)
    height = _whole_dots(strip.y + form.margin)
    if height > LONGEST_MM:
        strip.problems.append(LayoutProblem("too_long", form.id))
    page = PlacedPage(form.width, height, tuple(strip.marks), (Region(0, 0, form.width, height),))
    return page, [*strip.problems, *_glyph_problems(form, copy, content, fonts)]


def _glyph_problems(form: RollForm, copy: Copy, content: Content, fonts: Typefaces) -> Iterator[LayoutProblem]:
    for row in form.rows:
        for text in (row.label, row.text):
            lacking = missing_glyphs(resolve(text, content, copy), row.font, fonts)
            if lacking and PLACEHOLDER.search(text):
                yield LayoutProblem("no_glyph", field_of(text), lacking)


def _whole_dots(mm: float) -> float:
    return round(mm / DOT_MM) * DOT_MM


class _Strip:
    """A strip being filled from the top; `y` is where the next row starts."""

    def __init__(self, form: RollForm, content: Content, fonts: Typefaces) -> None:
        self.form, self.content, self.fonts = form, content, fonts
        self.left, self.right = form.margin, form.width - form.margin
        self.y = form.margin
        self.marks: list[Mark] = []
        self.problems: list[LayoutProblem] = []

    def add(self, row: Row) -> None:
        kinds = {"rule": self._rule, "dashed": self._rule, "band": self._band, "code": self._code}
        kinds |= {"seal": self._seal, "gap": self._gap, "pair": self._pair, "sign": self._pair, "text": self._text}
        kinds[row.row](row)

    def _text(self, row: Row) -> None:
        self._lines(row.text, row, self.left)
        self.y += ROW_GAP_MM

    def _lines(self, text: str, row: Row, left: float) -> None:
        room = self.right - left
        for line in break_lines(text, row.font, row.size, room, self.fonts):
            spare = room - width_mm(line, row.font, row.size, self.fonts)
            x = left + spare * {"left": 0.0, "centre": 0.5, "right": 1.0}[row.align]
            at = (x, first_baseline(self.y, row.size))
            self.marks.extend(line_runs(line, row.font, row.size, at, self.fonts))
            self.y += line_height(row.size)

    def _pair(self, row: Row) -> None:
        top = self.y
        indent = self.left + width_mm(row.label, row.font, row.size, self.fonts)
        at = (self.left, first_baseline(top, row.size))
        self.marks.extend(line_runs(row.label, row.font, row.size, at, self.fonts))
        below = indent - self.left > (self.right - self.left) * WIDEST_LABEL
        if below:
            self.y += line_height(row.size)
            indent = self.left
        self._lines(row.text, row, indent)
        if row.row == "sign":
            # Where the printed name takes a line of its own, the hand needs the whole height below it.
            self.y = self.y + row.height if below else max(self.y, top + row.height)
            self.marks.append(Stroke(indent, self.y, self.right, self.y, RULE_MM))
            self.y += RULE_MM
        self.y += ROW_GAP_MM

    def _rule(self, row: Row) -> None:
        y = _whole_dots(self.y + ROW_GAP_MM) + RULE_MM / 2
        dash = DASH_MM if row.row == "dashed" else ()
        self.marks.append(Stroke(self.left, y, self.right, y, RULE_MM, Ink.BLACK, dash))
        self.y = y + ROW_GAP_MM * 2

    def _band(self, row: Row) -> None:
        self.y = _whole_dots(self.y)
        block = len(self.marks)
        top, self.y = self.y, self.y + BAND_PADDING_MM
        size = min(row.size, row.size * (self.right - self.left) / width_mm(row.text, row.font, row.size, self.fonts))
        row = msgspec.structs.replace(row, align="centre", size=size * BAND_FILL)
        self._lines(row.text, row, self.left)
        self.y += BAND_PADDING_MM - (line_height(row.size) - row.size * MM_PER_POINT) / 2
        white = [msgspec.structs.replace(run, ink=Ink.WHITE) for run in self.marks[block:]]
        self.marks[block:] = [Block(self.left, top, self.right - self.left, self.y - top), *white]
        self.y += ROW_GAP_MM * 2

    def _code(self, _row: Row) -> None:
        if not self.content.code:
            return
        code = qr.make(self.content.code, self.form.module)
        if code is None or code.side_mm + 2 * code.quiet_mm > self.form.width:
            self.problems.append(LayoutProblem("code_too_big", "code"))
            return
        half = code.side_mm / 2
        x, y = _whole_dots(self.form.width / 2 - half), _whole_dots(self.y + code.quiet_mm)
        self.marks.extend(code_marks(code, x + half, y + half))
        self.y = y + code.side_mm + code.quiet_mm

    def _seal(self, row: Row) -> None:
        self.marks.append(SealPlace((self.form.width - row.height) / 2, self.y, row.height))
        self.y += row.height + ROW_GAP_MM

    def _gap(self, row: Row) -> None:
        self.y += row.height
