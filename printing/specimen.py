"""The mark of practice (练习 · SPECIMEN), drawn by the renderers themselves so that no layout can leave it out.

Everything made under a practice root carries it across each copy (DESIGN 10). It lies under the text, in a light tint
that survives a monochrome laser and a photocopier, and leaves the QR's quiet zone white.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from printing.fonts import Typefaces
from printing.placed import EM_ASCENT, MM_PER_POINT, CodeMark, GlyphRun, Ink, PlacedPage, Region
from printing.typeset import width_mm

WORDS = "练习 · SPECIMEN"
ROLE = "sans-bold"
SPAN = 0.86
"""Length of the words in parts of the copy's diagonal."""
STEEPEST_DEGREES = 50.0
WORTH_MOVING = 0.6
WIDE_CODE = 0.4
MAX_POINTS = 96.0


def page_runs(page: PlacedPage, fonts: Typefaces) -> Iterator[GlyphRun]:
    """The marks of all copies on a page."""
    codes = [mark.region for mark in page.marks if isinstance(mark, CodeMark)]
    for copy in page.copies:
        yield from runs(copy, codes, fonts)


def runs(copy: Region, codes: Iterable[Region], fonts: Typefaces) -> Iterator[GlyphRun]:
    """The words across the copy, rising to the right, beside a code rather than under it; a long strip repeats them."""
    free = _beside(copy, codes)
    degrees = _slope(free)
    reach = free.w / math.cos(math.radians(degrees))
    per_point = width_mm(WORDS, ROLE, 1.0, fonts)
    size = min(SPAN * reach / per_point, MAX_POINTS)
    rise = reach * math.sin(math.radians(degrees))
    times = max(1, int(free.h / (rise * 1.05)))
    for index in range(times):
        middle = free.y + free.h * (2 * index + 1) / (2 * times)
        yield from _across(free.x + free.w / 2, middle, size, degrees, fonts)


def _slope(part: Region) -> float:
    return min(math.degrees(math.atan2(part.h, part.w)), STEEPEST_DEGREES)


def _beside(copy: Region, codes: Iterable[Region]) -> Region:
    """The copy, or its part right of (on a strip: above) a code that would hide the words."""
    for code in codes:
        if code.w > copy.w * WIDE_CODE:
            return Region(copy.x, copy.y, copy.w, code.y - copy.y)
        right = copy.x + copy.w - code.x - code.w
        inside = code.y >= copy.y and code.y + code.h <= copy.y + copy.h
        if inside and right >= copy.w * WORTH_MOVING and _off_diagonal(copy, code) < code.w:
            return Region(code.x + code.w, copy.y, right, copy.h)
    return copy


def _off_diagonal(copy: Region, code: Region) -> float:
    """How far (mm) the middle of the code lies from the line the words are written along."""
    angle = math.radians(_slope(copy))
    dx = code.x + code.w / 2 - copy.x - copy.w / 2
    dy = code.y + code.h / 2 - copy.y - copy.h / 2
    return abs(dx * math.sin(angle) + dy * math.cos(angle))


def _across(cx: float, cy: float, size: float, degrees: float, fonts: Typefaces) -> Iterator[GlyphRun]:
    """The words centred on a point and turned; one run per font."""
    angle = math.radians(degrees)
    length = width_mm(WORDS, ROLE, size, fonts)
    drop = size * MM_PER_POINT * (EM_ASCENT - 0.5)
    x = cx - length / 2 * math.cos(angle) + drop * math.sin(angle)
    y = cy + length / 2 * math.sin(angle) + drop * math.cos(angle)
    font = fonts.font_for(ROLE, WORDS[0])
    assert font is not None, "the mark's own words are in the shipped font"
    yield GlyphRun(x, y, WORDS, font, size, Ink.GREY, degrees)
