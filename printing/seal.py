"""The seal in its place (检疫专用章): a registered picture, or the practice seal without star or authority name.

A picture is reduced to a stencil, one bit per dot, painted in seal red: it needs no transparency (which PDF/A-1
forbids), stays sharp at 600 dpi and costs a few kilobytes. Neither kind is a signature (DESIGN 15).
"""

from __future__ import annotations

import functools
import io
import math
import zlib
from collections.abc import Iterator

import msgspec
from PIL import Image

from inspector_app.errors import StationError
from printing.fonts import Typefaces
from printing.placed import EM_ASCENT, MM_PER_POINT, GlyphRun, Ink, SealPlace

STENCIL_DOTS = 992
"""42 mm at 600 dpi."""
INKED = 128
PRACTICE_RING = "练习专用不作证明"
PRACTICE_MIDDLE = "练习"
PRACTICE_FOOT = "SPECIMEN"
RING_STEP_DEGREES = 30


class SealImage(msgspec.Struct, frozen=True):
    """The registered seal of a station as its picture file (PNG with transparency, or dark on white)."""

    picture: bytes


class Stencil(msgspec.Struct, frozen=True):
    """A square of dots, rows of whole bytes, bit 1 = paint; also deflated once, as every PDF wants it."""

    side: int
    bits: bytes
    deflated: bytes


@functools.lru_cache(maxsize=8)
def stencil(seal: SealImage) -> Stencil:
    """The seal's dots. Raises StationError ``printing.seal_unreadable``."""
    try:
        picture = Image.open(io.BytesIO(seal.picture)).convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise StationError("printing.seal_unreadable", reason=str(error)) from error
    white = Image.new("RGBA", picture.size, "white")
    # The green channel: red ink is dark in it, paper is light.
    green = Image.alpha_composite(white, picture).getchannel("G").resize((STENCIL_DOTS, STENCIL_DOTS))
    dots = green.point(lambda level: 255 if level < INKED else 0).convert("1")
    bits = dots.tobytes()
    return Stencil(STENCIL_DOTS, bits, zlib.compress(bits, 9))


def practice_circles(place: SealPlace) -> list[tuple[float, float]]:
    """(radius, line width) of the practice seal's two circles, in millimetres."""
    return [(place.size * 0.48, place.size * 0.018), (place.size * 0.44, place.size * 0.006)]


def practice_runs(place: SealPlace, fonts: Typefaces) -> Iterator[GlyphRun]:
    """The practice seal's words: a ring above, one word in the middle, SPECIMEN below."""
    cx, cy = place.x + place.size / 2, place.y + place.size / 2
    radius, size = place.size * 0.345, place.size * 0.34
    first = -RING_STEP_DEGREES * (len(PRACTICE_RING) - 1) / 2
    for index, character in enumerate(PRACTICE_RING):
        yield _around(character, first + index * RING_STEP_DEGREES, radius, size, (cx, cy), fonts)
    yield _centred(PRACTICE_MIDDLE, "serif-bold", place.size * 0.52, (cx, cy + place.size * 0.075), fonts)
    yield _centred(PRACTICE_FOOT, "sans-bold", place.size * 0.24, (cx, cy + place.size * 0.27), fonts)


def _around(
    character: str, degrees: float, radius: float, size: float, centre: tuple[float, float], fonts: Typefaces
) -> GlyphRun:
    """A character whose square is centred on the ring, upright at the top."""
    angle = math.radians(degrees)
    em = size * MM_PER_POINT
    across, below = em / 2, em * (EM_ASCENT - 0.5)
    x = centre[0] + radius * math.sin(angle) - across * math.cos(angle) - below * math.sin(angle)
    y = centre[1] - radius * math.cos(angle) - across * math.sin(angle) + below * math.cos(angle)
    return GlyphRun(x, y, character, _font("serif-bold", character, fonts), size, Ink.RED, -degrees)


def _centred(text: str, role: str, size: float, middle: tuple[float, float], fonts: Typefaces) -> GlyphRun:
    font = _font(role, text[0], fonts)
    width = sum(fonts.advance(font, character) for character in text) * size * MM_PER_POINT
    return GlyphRun(middle[0] - width / 2, middle[1], text, font, size, Ink.RED)


def _font(role: str, character: str, fonts: Typefaces) -> str:
    font = fonts.font_for(role, character)
    assert font is not None, "the practice seal's own words are in every font"
    return font
