"""Photographs made small enough to be sent over a bad line, still readable, and free of what the camera wrote in.

The one module that opens a picture somebody else made (with Pillow): it is decoded within bounds and drawn anew, so
nothing of the file itself is kept — no place, time, owner or thumbnail, and nothing hidden behind its end.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageOps, UnidentifiedImageError

from inspector_app.errors import StationError

FORMATS = ("JPEG", "PNG")
MAX_PIXELS = 64_000_000
"""A phone's largest photograph; more is no photograph but an attack on memory."""
SIDES = (1600, 1400, 1200, 1000, 800, 640)
"""The longer side in pixels: at 1,600 a photographed A4 page has 137 dots an inch, its print is read with ease."""
QUALITIES = (78, 66, 54, 42, 34)
"""Writing suffers sooner from fewer pixels than from these."""
LAST_RESORT = 28
_UNREADABLE = (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError)


def reduced(content: bytes, most: int) -> bytes:
    """The photograph as JPEG of at most ``most`` bytes, upright, the largest that fits; the same for the same input.

    Where even the smallest does not fit (noise), that one. StationError ``attachment_unreadable`` for what is no
    picture, or too many pixels.
    """
    picture = _opened(content)
    smallest = b""
    for side, quality in _steps(max(picture.size)):
        smallest = _encoded(_fitted(picture, side), quality)
        if len(smallest) <= most:
            break
    return smallest


def _steps(longest: int) -> Iterator[tuple[int, int]]:
    for side in SIDES:
        if side < longest or side == SIDES[0]:
            yield from ((side, quality) for quality in QUALITIES)
    yield SIDES[-1], LAST_RESORT


def _opened(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:
                raise StationError("attachment_unreadable")
            found.draft("RGB", (SIDES[0], SIDES[0]))
            turned = ImageOps.exif_transpose(found)
            return _on_white(turned)
    except _UNREADABLE as problem:
        raise StationError("attachment_unreadable") from problem


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, which a JPEG has not: as it would lie on paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    paper.paste(layer, mask=layer)
    return paper


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    if max(picture.size) <= side:
        return picture
    scale = side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encoded(picture: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    clean.save(made, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
    return made.getvalue()
