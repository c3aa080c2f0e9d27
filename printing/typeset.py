"""Setting text: how wide it is, where a line of Chinese may break, and the glyph runs of a line.

Line breaking follows the usual rules (GB/T 15834): no closing punctuation at the start of a line, no opening bracket at
its end; numbers and Latin words stay whole unless they are longer than a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from printing.fonts import Typefaces
from printing.placed import EM_ASCENT, MM_PER_POINT, GlyphRun, Ink

NOT_AT_START = frozenset("，。；：！？、）》〉」』】”’％,.;:!?)]}%…—·℃")
NOT_AT_END = frozenset("（《〈「『【“‘([{")
LEADING = 1.28
"""Distance of baselines in parts of the font size."""
TOUCH_MM = 0.004
"""Runs of a line overlap by a hair: pdfium takes two that just do not touch for two lines of text."""
_PIECES = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/@_+\-]*|.", re.DOTALL)


def missing_glyphs(text: str, role: str, fonts: Typefaces) -> str:
    """Characters of `text` no font of the role draws, each once, in order."""
    lacking = (character for character in text if character != "\n" and fonts.font_for(role, character) is None)
    return "".join(dict.fromkeys(lacking))


def width_mm(text: str, role: str, size: float, fonts: Typefaces) -> float:
    """Width of one line of text; characters without a glyph count as nothing."""
    return sum(_advance(character, role, fonts) for character in text) * size * MM_PER_POINT


def _advance(character: str, role: str, fonts: Typefaces) -> float:
    font = fonts.font_for(role, character)
    return 0.0 if font is None else fonts.advance(font, character)


def break_lines(text: str, role: str, size: float, width: float, fonts: Typefaces) -> list[str]:
    """`text` in lines no wider than `width` mm; a line feed in it always breaks."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_fill(paragraph, role, size, width, fonts))
    return lines


def _fill(paragraph: str, role: str, size: float, width: float, fonts: Typefaces) -> list[str]:
    lines, line, used = [], "", 0.0
    for unit in _units(paragraph):
        wide = width_mm(unit, role, size, fonts)
        if line and used + wide > width:
            lines.append(line)
            line, used = "", 0.0
        if wide > width:
            *full, line = _chop(unit, role, size, width, fonts)
            lines.extend(full)
            used = width_mm(line, role, size, fonts)
        else:
            line += unit
            used += wide
    return [*lines, line]


def _chop(unit: str, role: str, size: float, width: float, fonts: Typefaces) -> list[str]:
    """A unit wider than the line, cut wherever it must be."""
    pieces, piece = [], ""
    for character in unit:
        if piece and width_mm(piece + character, role, size, fonts) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def _units(paragraph: str) -> Iterator[str]:
    """Pieces between which a line may break."""
    unit = ""
    for piece in _PIECES.findall(paragraph):
        glued = not unit or piece[0] in NOT_AT_START or unit[-1] in NOT_AT_END
        if not glued:
            yield unit
            unit = ""
        unit += piece
    if unit:
        yield unit


def line_runs(
    text: str, role: str, size: float, at: tuple[float, float], fonts: Typefaces, ink: Ink = Ink.BLACK
) -> list[GlyphRun]:
    """Glyph runs of one line whose baseline starts at `at`; a change of font starts a new run."""
    runs: list[GlyphRun] = []
    x, y = at
    start, font, piece = x, "", ""
    for character in text:
        chosen = fonts.font_for(role, character)
        if chosen is None:
            continue
        if chosen != font and piece:
            runs.append(GlyphRun(start, y, piece, font, size, ink))
            start, piece = x - TOUCH_MM, ""
        font = chosen
        piece += character
        x += fonts.advance(chosen, character) * size * MM_PER_POINT
    if piece:
        runs.append(GlyphRun(start, y, piece, font, size, ink))
    return runs


def line_height(size: float) -> float:
    """Distance of two baselines in millimetres."""
    return size * LEADING * MM_PER_POINT


def first_baseline(top: float, size: float) -> float:
    """Baseline of a line whose characters' square starts at `top` (mm)."""
    return top + size * EM_ASCENT * MM_PER_POINT
