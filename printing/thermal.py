"""The portable B certificate (便携式动物检疫合格证明) for a thermal printer: letters of the printer, or our own dots.

Letters cost 1 KB and seconds less, but only when a tested profile says that the printer's Chinese letters are what they
should be and each character is among them. Otherwise, and always in practice (the mark must cross the paper), the whole
strip goes out as a picture. The choice is made per ticket, by this module, never by a person.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import msgspec
from PIL import Image

from printing import escpos_bytes as esc
from printing import raster, roll
from printing.content import Content, Licence, require_leave
from printing.fonts import FontSet, shipped_fonts
from printing.forms import Copy, RollForm, Row
from printing.layout import place
from printing.placed import MM_PER_POINT, CodeMark, Placed, PlacedPage
from printing.seal import SealImage
from printing.typeset import break_lines

ROM_DOTS = 24
"""Side of a Chinese character in every printer's ROM."""
DOUBLE_FROM_POINTS = 11.0
LF_DOTS = 30
TEAR_GAP_DOTS = 24
DPI = 203


class PrinterProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one thermal printer; everything unknown has its safe value.

    `dots` across, `charset` of the Chinese ROM once somebody has *tested* it (empty: never send letters), `cuts` it has
    a knife, `answers` it answers GS r in order (no proof of print otherwise), `motion_units` it knows GS P.
    """

    name: str
    dots: int = 576
    charset: str = ""
    cuts: bool = True
    answers: bool = True
    motion_units: bool = True


def known_model(model: str, dots: int = 0) -> PrinterProfile:
    """A profile from python-escpos's collection of models; its Chinese letters count as untested."""
    from escpos.capabilities import get_profile  # a third of a second, and only the printer settings need it

    data = get_profile(model).profile_data
    width = data["media"]["width"]["pixels"]
    known = width if isinstance(width, int) else 576
    cuts = bool(data["features"].get("paperPartCut") or data["features"].get("paperFullCut"))
    return PrinterProfile(name=str(data["name"]), dots=dots or known, cuts=cuts)


def ticket(
    form: RollForm,
    content: Content,
    profile: PrinterProfile,
    *,
    licence: Licence | None = None,
    seal: SealImage | None = None,
    fonts: FontSet | None = None,
) -> bytes:
    """The ESC/POS bytes of all copies. Raises StationError ``printing.unlicensed``, ValueError when too wide."""
    require_leave(content.specimen, form.hash, licence)
    if form.dots > profile.dots:
        raise ValueError(f"{form.id} needs {form.dots} dots, {profile.name} has {profile.dots}")
    chosen = fonts or shipped_fonts()
    placed = place(form, content, chosen)
    if can_send_letters(form, content, profile) and seal is None:
        strips = [list(_Letters(form, content, profile, page).rows(copy)) for copy, page in zip_copies(form, placed)]
    else:
        drawn = raster.pictures(placed, licence=licence, seal=seal, fonts=chosen)
        strips = [[esc.picture(image)] for image in drawn]
    return b"".join(esc.strip(parts, cuts=profile.cuts, motion_units=profile.motion_units) for parts in strips)


def zip_copies(form: RollForm, placed: Placed) -> Iterator[tuple[Copy, PlacedPage]]:
    """Each copy with its page."""
    return zip(form.copies, placed.pages, strict=True)


def can_send_letters(form: RollForm, content: Content, profile: PrinterProfile) -> bool:
    """Whether the printer's own letters may be used for this content."""
    if content.specimen or not profile.charset:
        return False
    texts = (row.label + row.text for copy in form.copies for row in roll.rows_of(form, copy, content))
    return all(esc.in_rom(text, profile.charset) for text in texts)


def portable_picture(
    placed: Placed,
    dots: int,
    *,
    licence: Licence | None = None,
    seal: SealImage | None = None,
    fonts: FontSet | None = None,
) -> bytes:
    """The same dots as a PNG at 203 dpi, copies below each other where the knife would part them."""
    drawn = raster.pictures(placed, licence=licence, seal=seal, fonts=fonts)
    height = sum(image.height for image in drawn) + TEAR_GAP_DOTS * (len(drawn) - 1)
    whole = Image.new("1", (dots, height), 255)
    y = 0
    for image in drawn:
        whole.paste(image, ((dots - image.width) // 2, y))
        y += image.height + TEAR_GAP_DOTS
    file = io.BytesIO()
    whole.save(file, "PNG", dpi=(DPI, DPI), optimize=True)
    return file.getvalue()


class _RomTypeface:
    """The printer's ROM seen as a font: Chinese characters are square, the rest half as wide."""

    def font_for(self, role: str, character: str) -> str | None:
        return role

    def advance(self, _font: str, character: str) -> float:
        return 0.5 if ord(character) < 0x80 else 1.0


class _Letters:
    """One copy in the printer's own letters."""

    def __init__(self, form: RollForm, content: Content, profile: PrinterProfile, page: PlacedPage) -> None:
        self.form, self.content, self.profile, self.page = form, content, profile, page

    def rows(self, copy: Copy) -> Iterator[bytes]:
        kinds: dict[str, Callable[[Row], Iterator[bytes]]] = {
            "text": self._text,
            "pair": self._pair,
            "sign": self._sign,
            "band": self._band,
            "rule": self._rule,
            "dashed": self._rule,
            "code": self._code,
            "seal": self._gap,
            "gap": self._gap,
        }
        for row in roll.rows_of(self.form, copy, self.content):
            yield from kinds[row.row](row)

    def _text(self, row: Row) -> Iterator[bytes]:
        double = row.size >= DOUBLE_FROM_POINTS and self._fits(row.text, 2)
        bold = row.font.endswith("bold")
        yield esc.ALIGN[row.align] + (esc.DOUBLE if double else esc.NORMAL) + (esc.BOLD_ON if bold else b"")
        for text in self._broken(row.text, self.form.dots // (2 if double else 1)):
            yield esc.line(text, self.profile.charset)
        yield (esc.BOLD_OFF if bold else b"") + esc.NORMAL

    def _pair(self, row: Row) -> Iterator[bytes]:
        yield esc.ALIGN["left"]
        for text in self._broken(row.label + row.text, self.form.dots):
            yield esc.line(text, self.profile.charset)

    def _sign(self, row: Row) -> Iterator[bytes]:
        yield from self._pair(row)
        yield esc.feed(round(row.height * raster.DOTS_PER_MM) - LF_DOTS)
        yield from self._rule(row)

    def _band(self, row: Row) -> Iterator[bytes]:
        yield esc.REVERSE_ON
        yield from self._text(msgspec.structs.replace(row, size=0.0, align="centre"))
        yield esc.REVERSE_OFF

    def _rule(self, _row: Row) -> Iterator[bytes]:
        line = Image.new("1", (self.form.dots, 14), 255)
        line.paste(0, (0, 6, self.form.dots, 8))
        yield esc.picture(line)

    def _gap(self, row: Row) -> Iterator[bytes]:
        yield esc.feed(round(row.height * raster.DOTS_PER_MM))

    def _code(self, _row: Row) -> Iterator[bytes]:
        """Always our dots: a printer's own QR command may choose a code too wide for the paper and print nothing."""
        for mark in self.page.marks:
            if isinstance(mark, CodeMark):
                yield esc.ALIGN["left"] + esc.picture(raster.code_picture(mark, self.form.dots))

    def _fits(self, text: str, times: int) -> bool:
        return len(self._broken(text, self.form.dots // times)) == 1

    def _broken(self, text: str, dots: int) -> list[str]:
        points = ROM_DOTS / MM_PER_POINT  # so that the typesetter's millimetres are dots here
        return break_lines(text, "rom", points, dots, _RomTypeface())
