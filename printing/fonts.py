"""The shipped typefaces: which font draws a character, how wide it is, and its embedding into a PDF.

A form asks for a *role* (serif, serif-bold, sans, sans-medium). Each role is a chain of fonts: the everyday font
first, then the rare ones, which are read from disk only when a character needs them.
"""

from __future__ import annotations

import functools
import threading
import zlib
from pathlib import Path
from typing import Any, Protocol

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_RARE = ("NotoSerifSC-Rare", "HanaMinB-subset")
ROLES: dict[str, tuple[str, ...]] = {
    "serif": ("NotoSerifSC-Regular", *_RARE),
    "serif-bold": ("NotoSerifSC-Bold", *_RARE),
    "sans": ("NotoSansSC-Regular", *_RARE),
    "sans-medium": ("NotoSansSC-Medium", *_RARE),
    "sans-bold": ("NotoSansSC-Bold", *_RARE),
}
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "fonts"
BEYOND_BMP = 0x10000
MAPPINGS_PER_BLOCK = 100
"""PDF 32000-1, 9.10.3: at most 100 mappings between beginbfchar and endbfchar."""


class Typefaces(Protocol):
    """What layout must know about fonts."""

    def __hash__(self) -> int:
        """Places of a form's own words are kept per set of fonts."""

    def font_for(self, role: str, character: str) -> str | None:
        """Name of the first font of the role's chain that draws the character; None when none does."""

    def advance(self, font: str, character: str) -> float:
        """Width of the character in parts of the font size."""


class EmbeddedFont(TTFont):  # type: ignore[misc]  # reportlab has no types
    """A TrueType font whose text can be copied out of the PDF exactly.

    reportlab writes characters above U+FFFF with five hex digits into ToUnicode, so that 王𬀩 is read back as another
    person (PRINTING 3.2), and compresses at a level that costs more time than the rest of the page.
    """

    def __init__(self, name: str, path: Path) -> None:
        # Not "ASCII readable": that would put 95 unused glyphs into each file. No shaping: Chinese needs none.
        super().__init__(name, str(path), asciiReadable=False, shapable=False)
        # Each subset would copy the whole outline table (megabytes) again.
        self.face.get_table = functools.cache(self.face.get_table)

    def addObjects(self, doc: Any) -> None:  # noqa: N802  # overrides reportlab's
        """Write the font's subsets into the document, with an exact ToUnicode table and fast compression."""
        subsets = self.state[doc].subsets
        super().addObjects(doc)
        for key, thing in list(doc.idToObject.items()):
            if key.startswith("fontFile:" + self.face.filename):
                _deflate(thing, thing.content)
        for number, subset in enumerate(subsets):
            font = doc.idToObject[f"{doc.fontMapping[self.fontName][1:]}+{number}"]
            _deflate(doc.idToObject["toUnicodeCMap:" + font.BaseFont], _to_unicode(subset))


def _deflate(stream: Any, content: bytes) -> None:
    stream.content = zlib.compress(content, 1)
    stream.dictionary["Filter"] = "/FlateDecode"


def _to_unicode(subset: list[int]) -> bytes:
    lines = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)]
    blocks = [lines[start : start + MAPPINGS_PER_BLOCK] for start in range(0, len(lines), MAPPINGS_PER_BLOCK)]
    mappings = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{mappings}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


class FontSet:
    """The fonts of one folder, each read at most once per process."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._fonts: dict[str, EmbeddedFont] = {}
        self._chosen: dict[tuple[str, str], str | None] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def path(self, font: str) -> Path:
        """The font's file."""
        return self._folder / f"{font}.ttf"

    def embedded(self, font: str) -> EmbeddedFont:
        """The font, read and registered with reportlab."""
        found = self._fonts.get(font)
        if found is not None:
            return found
        with self._lock:
            if font not in self._fonts:
                loaded = EmbeddedFont(font, self.path(font))
                pdfmetrics.registerFont(loaded)
                self._fonts[font] = loaded
            return self._fonts[font]

    def font_for(self, role: str, character: str) -> str | None:
        """Name of the first font of the role's chain that draws the character; None when none does."""
        key = (role, character)
        if key not in self._chosen:
            point = ord(character)
            chain = (font for font in ROLES[role] if point in self.embedded(font).face.charToGlyph)
            self._chosen[key] = next(chain, None)
        return self._chosen[key]

    def advance(self, font: str, character: str) -> float:
        """Width of the character in parts of the font size."""
        key = (font, character)
        known = self._widths.get(key)
        if known is None:
            known = self._widths[key] = float(self.embedded(font).face.getCharWidth(ord(character))) / 1000
        return known


@functools.cache
def shipped_fonts() -> FontSet:
    """The fonts in `resources/fonts`."""
    return FontSet()
