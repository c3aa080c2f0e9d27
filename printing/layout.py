"""Layout: a form and a content become marks in millimetres. Pure; the same input always gives the same places.

A text too long for its box is made smaller and, if the form allows it, broken into lines, never below the form's
smallest size; it is never cut. What still does not fit, or has no glyph, is a
:class:`~printing.content.LayoutProblem`: services call :func:`check` *before* a certificate is issued, so that
:func:`place` never meets one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

from inspector_app.errors import BugError
from printing import qr
from printing.content import FIRST_PRINT, Content, LayoutProblem
from printing.fonts import Typefaces
from printing.forms import COPY_KEYS, PLACEHOLDER, AnyForm, CodeBox, Copy, RollForm, SheetForm, TextBox, known_keys
from printing.placed import (
    MM_PER_POINT,
    Block,
    CodeMark,
    Ink,
    Mark,
    Placed,
    PlacedPage,
    Region,
    SealPlace,
    Stroke,
)
from printing.typeset import LEADING, break_lines, first_baseline, line_height, line_runs, missing_glyphs, width_mm

STEP_POINTS = 0.25
LITTLE_SMALLER = 0.8
"""Down to this part of the form's size one line is preferred to two."""
WRAPPED_CLEAR_MM = 1.6
"""Several lines do not touch the ruling above and below them."""
DASH_MM = (2.0, 1.5)
CUT_MARGIN_MM = 6.0
"""The line between two copies, where they are cut apart, stops short of the sheet's edge."""


class Fitted(NamedTuple):
    """A text as it fits its box."""

    size: float
    lines: list[str]


def check(form: AnyForm, content: Content, fonts: Typefaces) -> list[LayoutProblem]:
    """Everything that keeps the content from being printed on the form; empty when it can be."""
    return _lay_out(form, content, fonts)[1]


def place(form: AnyForm, content: Content, fonts: Typefaces) -> Placed:
    """All copies of one print. Raises BugError when the content was not checked first."""
    pages, problems = _lay_out(form, content, fonts)
    if problems:
        raise BugError(f"{form.id} was not checked before it was placed: {problems}")
    return Placed(
        title=form.title,
        number=content.number,
        form=form.id,
        form_hash=form.hash,
        pages=pages,
        specimen=content.specimen,
        made_at=content.made_at,
        lang=content.lang,
    )


def _lay_out(form: AnyForm, content: Content, fonts: Typefaces) -> tuple[tuple[PlacedPage, ...], list[LayoutProblem]]:
    if content.form != form.id:
        raise BugError(f"content for {content.form} placed on {form.id}")
    problems = {LayoutProblem("missing", key) for key in _lacking(form, content)}
    pages: dict[int, PlacedPage] = {}
    for copy in copies_of(form):
        page, number, found = _place_copy(form, copy, content, fonts)
        problems.update(found)
        pages[number] = _joined(pages[number], page) if number in pages else page
    return tuple(pages[number] for number in sorted(pages)), sorted(problems)


def copies_of(form: AnyForm) -> tuple[Copy, ...]:
    """The form's copies (联)."""
    if isinstance(form, SheetForm | RollForm):
        return form.copies
    raise BugError(f"{form.id} is a report: printing.report places it")


def resolve(text: str, content: Content, copy: Copy) -> str:
    """`text` with every ``{key}`` replaced by what the content says."""
    return PLACEHOLDER.sub(lambda match: _value(match[1], content, copy), text)


def _value(key: str, content: Content, copy: Copy) -> str:
    return copy.caption if key in COPY_KEYS else content.text_of(key) or ""


def _lacking(form: AnyForm, content: Content) -> frozenset[str]:
    return known_keys(form) - content.values.keys() - set(form.optional)


def _joined(first: PlacedPage, second: PlacedPage) -> PlacedPage:
    return PlacedPage(first.width, first.height, first.marks + second.marks, first.copies + second.copies)


def _place_copy(
    form: AnyForm, copy: Copy, content: Content, fonts: Typefaces
) -> tuple[PlacedPage, int, list[LayoutProblem]]:
    """The page part of one copy, the page it belongs to, and the problems."""
    if isinstance(form, RollForm):
        from printing.roll import place_strip

        page, problems = place_strip(form, copy, content, fonts)
        return page, form.copies.index(copy) + 1, problems
    if isinstance(form, SheetForm):
        sheet = _Sheet(form, copy, content, fonts)
        return sheet.page(), copy.page, sheet.problems
    raise BugError(f"{form.id} is a report: printing.report places it")


class _Sheet:
    """One copy of a sheet form being placed; collects its problems."""

    def __init__(self, form: SheetForm, copy: Copy, content: Content, fonts: Typefaces) -> None:
        self.form, self.copy, self.content, self.fonts = form, copy, content, fonts
        self.problems: list[LayoutProblem] = []

    def page(self) -> PlacedPage:
        form, dy = self.form, self.copy.dy
        marks: list[Mark] = [*self._ruling()]
        for box in form.texts:
            marks.extend(self._text(box))
        if self.content.print_no > FIRST_PRINT and form.print_mark:
            marks.extend(self._text(_print_mark(form)))
        marks.extend(self._code())
        if form.seal is not None:
            marks.append(SealPlace(form.seal.x, form.seal.y + dy, form.seal.size))
        part = Region(0, dy, form.width, form.copy_height)
        return PlacedPage(form.width, form.height, tuple(marks), (part,))

    def _ruling(self) -> Iterator[Mark]:
        form, dy = self.form, self.copy.dy
        for x1, y1, x2, y2 in form.lines:
            yield Stroke(x1, y1 + dy, x2, y2 + dy, form.line_width)
        for x, y, w, h in form.frames:
            yield from frame(x, y + dy, w, h, form.line_width * 2)
        bottom = dy + form.copy_height
        if bottom < form.height:
            yield Stroke(CUT_MARGIN_MM, bottom, form.width - CUT_MARGIN_MM, bottom, form.line_width, Ink.GREY, DASH_MM)

    def _text(self, box: TextBox) -> Iterator[Mark]:
        if box.when and not self.content.text_of(box.when):
            return
        text = resolve(box.text, self.content, self.copy)
        if not text:
            return
        put = _set_text if PLACEHOLDER.search(box.text) else _set_fixed_text
        marks, problems = put(text, box, self.copy.dy, self.fonts)
        self.problems.extend(problems)
        yield from marks

    def _code(self) -> Iterator[Mark]:
        box = self.form.code
        if box is None or not self.content.code:
            return
        code = fit_code(self.content.code, box)
        if code is None:
            self.problems.append(LayoutProblem("code_too_big", "code"))
            return
        yield from code_marks(code, box.x + box.size / 2, box.y + self.copy.dy + box.size / 2)


def field_of(text: str) -> str:
    """The content key a problem is reported under: the first one in the form's text, or the text itself."""
    keys = PLACEHOLDER.findall(text)
    return keys[0] if keys else text


def _print_mark(form: SheetForm) -> TextBox:
    numbered = next((box for box in form.texts if "{number}" in box.text), form.texts[0])
    return TextBox(
        text=form.print_mark, x=20, y=numbered.y, w=110, h=numbered.h, font="sans-bold", size=11, ink=Ink.RED
    )


def frame(x: float, y: float, w: float, h: float, width: float) -> Iterator[Stroke]:
    """Four strokes that meet in square corners."""
    half = width / 2
    yield Stroke(x - half, y, x + w + half, y, width)
    yield Stroke(x - half, y + h, x + w + half, y + h, width)
    yield Stroke(x, y, x, y + h, width)
    yield Stroke(x + w, y, x + w, y + h, width)


def fit(text: str, box: TextBox, fonts: Typefaces) -> Fitted | None:
    """A text as it fits its box, None when it does not: a little smaller on its own lines, else in more lines.

    Of a much smaller line and several larger ones the larger size is taken: it is what a person at the roadside reads.
    """
    if box.stacked:
        return _fit_stacked(text, box)
    shrunk = _fit_shrunk(text, box, fonts)
    if not box.wrap or (shrunk is not None and shrunk.size >= box.size * LITTLE_SMALLER):
        return shrunk
    wrapped = _fit_wrapped(text, box, fonts)
    if shrunk is None or wrapped is None:
        return shrunk or wrapped
    return wrapped if wrapped.size > shrunk.size else shrunk


def _fit_shrunk(text: str, box: TextBox, fonts: Typefaces) -> Fitted | None:
    lines = text.split("\n")
    widest = max(width_mm(line, box.font, box.size, fonts) for line in lines)
    size = box.size if widest <= box.w else _floor_step(box.size * box.w / widest)
    fits = size >= box.min_size and _tall(size, len(lines)) <= box.h
    return Fitted(size, lines) if fits else None


def _fit_stacked(text: str, box: TextBox) -> Fitted | None:
    size = _floor_step(min(box.size, box.h / (len(text) * LEADING * MM_PER_POINT)))
    return Fitted(size, list(text)) if size >= box.min_size else None


def _fit_wrapped(text: str, box: TextBox, fonts: Typefaces) -> Fitted | None:
    size = box.size
    while size >= box.min_size:
        lines = break_lines(text, box.font, size, box.w, fonts)
        if _tall(size, len(lines)) <= box.h - WRAPPED_CLEAR_MM:
            return Fitted(size, lines)
        size -= STEP_POINTS
    return None


def _floor_step(size: float) -> float:
    return int(size / STEP_POINTS + 1e-9) * STEP_POINTS


def _tall(size: float, lines: int) -> float:
    return (lines - 1) * line_height(size) + size * MM_PER_POINT


def _set_text(
    text: str, box: TextBox, dy: float, fonts: Typefaces
) -> tuple[tuple[Mark, ...], tuple[LayoutProblem, ...]]:
    """The marks of a text in its box, `dy` down the sheet, and what keeps it from being drawn."""
    problems = []
    lacking = missing_glyphs(text, box.font, fonts)
    if lacking:
        problems.append(LayoutProblem("no_glyph", field_of(box.text), lacking))
    fitted = fit(text, box, fonts)
    if fitted is None:
        return (), (*problems, LayoutProblem("too_long", field_of(box.text), text))
    return tuple(_set_lines(fitted, box, dy, fonts)), tuple(problems)


_set_fixed_text = functools.lru_cache(maxsize=1024)(_set_text)
"""For words of the form itself, the same on every certificate; nobody's name is kept in memory."""


def _set_lines(fitted: Fitted, box: TextBox, dy: float, fonts: Typefaces) -> Iterator[Mark]:
    slack = box.h - _tall(fitted.size, len(fitted.lines))
    top = box.y + dy + slack * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[box.valign]
    y = first_baseline(top, fitted.size)
    for line in fitted.lines:
        spare = box.w - width_mm(line, box.font, fitted.size, fonts)
        share = 0.5 if box.stacked else {"left": 0.0, "centre": 0.5, "right": 1.0}[box.align]
        yield from line_runs(line, box.font, fitted.size, (box.x + spare * share, y), fonts, box.ink)
        y += line_height(fitted.size)


def fit_code(text: str, box: CodeBox) -> qr.Code | None:
    """The code at the form's module size, or smaller if that still can be read; None when it does not fit."""
    code = qr.make(text, box.module)
    if code is None:
        return None
    across = len(code.rows) + 2 * qr.QUIET_MODULES
    module = min(box.module, box.size / across)
    return qr.Code(code.rows, module) if module >= box.min_module else None


def code_marks(code: qr.Code, centre_x: float, centre_y: float) -> Iterator[Mark]:
    """A code around its centre, on white including the quiet zone."""
    half, quiet = code.side_mm / 2, code.quiet_mm
    whole = code.side_mm + 2 * quiet
    yield Block(centre_x - half - quiet, centre_y - half - quiet, whole, whole, Ink.WHITE)
    yield CodeMark(centre_x - half, centre_y - half, code.module_mm, code.rows)
