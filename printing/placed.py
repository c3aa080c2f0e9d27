"""A document with every mark in its place: millimetres from the top left corner of the sheet, sizes in points.

Pure values between layout and the renderers (PDF, picture). Nothing here can overflow or lack a glyph any more.
"""

from __future__ import annotations

import enum
from typing import TypeAlias

import msgspec

MM_PER_POINT = 25.4 / 72
EM_ASCENT = 0.88
EM_DESCENT = 0.12
"""The square a Chinese character stands in, from its baseline; all shipped fonts share it."""


class Ink(enum.StrEnum):
    """The few colours of an official form."""

    BLACK = "black"
    RED = "red"
    GREY = "grey"
    WHITE = "white"
    SHADE = "shade"


class Region(msgspec.Struct, frozen=True):
    """A rectangle of the sheet, in millimetres."""

    x: float
    y: float
    w: float
    h: float


class GlyphRun(msgspec.Struct, frozen=True):
    """Characters of one font on one baseline; `turn` is in degrees, anticlockwise around the start of the baseline."""

    x: float
    y: float
    text: str
    font: str
    size: float
    ink: Ink = Ink.BLACK
    turn: float = 0.0


class Stroke(msgspec.Struct, frozen=True):
    """A straight line, `width` in millimetres; `dash` is on/off in millimetres, empty for a solid line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    ink: Ink = Ink.BLACK
    dash: tuple[float, ...] = ()


class Block(msgspec.Struct, frozen=True):
    """A filled rectangle: the dark band behind reversed text, or white to keep a place free."""

    x: float
    y: float
    w: float
    h: float
    ink: Ink = Ink.BLACK


class CodeMark(msgspec.Struct, frozen=True):
    """A QR code: `rows` of modules, each a string of ``#`` and space; x, y the corner of the first module."""

    x: float
    y: float
    module: float
    rows: tuple[str, ...]

    @property
    def region(self) -> Region:
        """The code without its quiet zone."""
        side = len(self.rows) * self.module
        return Region(self.x, self.y, side, side)


class SealPlace(msgspec.Struct, frozen=True):
    """Where the official seal (检疫专用章) goes: a square of `size` millimetres."""

    x: float
    y: float
    size: float


Mark: TypeAlias = GlyphRun | Stroke | Block | CodeMark | SealPlace


class PlacedPage(msgspec.Struct, frozen=True):
    """One side of a sheet; `copies` are the parts of it that are cut apart, each gets its own specimen mark."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    copies: tuple[Region, ...]


class Placed(msgspec.Struct, frozen=True):
    """A whole print, all its copies. `form_hash` names the exact form it was placed on."""

    title: str
    number: str
    form: str
    form_hash: str
    pages: tuple[PlacedPage, ...]
    specimen: bool
    made_at: int
    lang: str = "zh-CN"
