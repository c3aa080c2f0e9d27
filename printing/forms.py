"""Forms (样式): dated template data that says what stands where; certificates change their looks here, not in code.

A form is a TOML file in `resources/forms`. Three kinds: a ``sheet`` has fixed places on a sheet of paper, a ``roll``
is a list of rows on a strip of thermal paper, a ``report`` is running text and tables (:mod:`printing.report`).
Copies and their captions (联次) are data, because sources disagree on which copy travels (DOMAIN 1.8).

No form may be altered by a station (Guangxi measures 2014, Art. 20): the province signs the hashes of the forms in
force, and :func:`require_allowed` refuses any other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Literal, TypeAlias

import msgspec

from inspector_app.errors import StationError
from printing.content import OWN_KEYS
from printing.fonts import ROLES
from printing.placed import Ink

Align: TypeAlias = Literal["left", "centre", "right"]
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
COPY_KEYS = frozenset({"caption"})
MIN_POINTS = 5.0


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A misspelt key in a form is an error, never silently nothing."""


class TextBox(_Strict, frozen=True, kw_only=True):
    """Text in a box, with ``{key}`` for what the content says; millimetres and points.

    Too long a text is made smaller, down to `min_size`, and broken into lines if `wrap`. ``stacked`` sets one
    character below the other. `when` names a key: the box is drawn only if that key has a text.
    """

    text: str
    x: float
    y: float
    w: float
    h: float
    font: str = "serif"
    size: float = 10.5
    min_size: float = 7.0
    align: Align = "left"
    valign: Literal["top", "middle", "bottom"] = "middle"
    wrap: bool = False
    stacked: bool = False
    ink: Ink = Ink.BLACK
    when: str = ""


class CodeBox(_Strict, frozen=True, kw_only=True):
    """Where the QR goes, quiet zone included; modules are `module` mm if the code fits so, never below `min_module`."""

    x: float
    y: float
    size: float
    module: float = 0.508
    min_module: float = 0.5


class SealBox(_Strict, frozen=True, kw_only=True):
    """Where the seal goes, a square in millimetres."""

    x: float
    y: float
    size: float = 42.0


class Copy(_Strict, frozen=True, kw_only=True):
    """One copy (联) of a sheet form: its caption, which page it stands on and how far down."""

    caption: str
    stays: bool = False
    page: int = 1
    dy: float = 0.0


class Form(_Strict, frozen=True, kw_only=True):
    """What all forms say about themselves. `hash` is filled in when the bytes are read."""

    id: str
    version: str
    effective_from: str
    title: str
    source: str
    effective_to: str = ""
    optional: tuple[str, ...] = ()
    print_mark: str = "第{print_no}次打印　此前打印件已被替代"
    hash: str = ""


class SheetForm(Form, frozen=True, kw_only=True, tag_field="kind", tag="sheet"):
    """A form with fixed places on a sheet; everything is drawn once per copy."""

    width: float = 210.0
    height: float = 297.0
    copy_height: float = 297.0
    copies: tuple[Copy, ...]
    texts: tuple[TextBox, ...]
    line_width: float = 0.2
    lines: tuple[tuple[float, float, float, float], ...] = ()
    frames: tuple[tuple[float, float, float, float], ...] = ()
    code: CodeBox | None = None
    seal: SealBox | None = None

    def keys(self) -> Iterator[str]:
        """Keys of the content this form prints."""
        for box in self.texts:
            yield from PLACEHOLDER.findall(box.text)


class Row(_Strict, frozen=True, kw_only=True):
    """One row of a roll form.

    ``text``: `text` aligned. ``pair``: `label` and `text` with a hanging indent. ``sign``: the same with room for a
    signature, `height` mm high. ``rule``: a line, ``dashed`` to be cut along. ``band``: white on black. ``code``: the
    QR. ``seal``: free room `height` mm high, with the seal centred. ``gap``: `height` mm of white.
    """

    row: Literal["text", "pair", "sign", "rule", "dashed", "band", "code", "seal", "gap"]
    text: str = ""
    label: str = ""
    align: Align = "left"
    size: float = 9.0
    font: str = "sans"
    height: float = 0.0
    when: str = ""


class RollForm(Form, frozen=True, kw_only=True, tag_field="kind", tag="roll"):
    """A form on a strip of thermal paper `width` mm wide (printable), as long as its rows; one strip per copy."""

    width: float
    dots: int
    margin: float = 1.0
    module: float = 0.625
    copies: tuple[Copy, ...]
    rows: tuple[Row, ...]

    def keys(self) -> Iterator[str]:
        """Keys of the content this form prints."""
        for row in self.rows:
            yield from PLACEHOLDER.findall(row.label + row.text)


class ReportForm(Form, frozen=True, kw_only=True, tag_field="kind", tag="report"):
    """Running text and tables on A4: what stands below them and who signs (:mod:`printing.report`).

    ``boxes`` are captions of boxes to write an opinion in, sign and seal, two beside each other.
    """

    signatures: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    heading: str = ""
    letter: bool = False
    """Running text in the size and spacing of an official document (公文, GB/T 9704): 三号, each paragraph indented."""

    def keys(self) -> Iterator[str]:
        """A report prints whatever facts and tables it is given."""
        yield from ()


AnyForm: TypeAlias = SheetForm | RollForm | ReportForm


def form_hash(raw: bytes) -> str:
    """Hex SHA-256 of the file: what the province signs and the renderer compares."""
    return hashlib.sha256(raw).hexdigest()


def load_form(raw: bytes) -> AnyForm:
    """Read a form. Raises StationError ``printing.form_damaged`` when it is no valid form."""
    try:
        form = msgspec.toml.decode(raw, type=SheetForm | RollForm | ReportForm)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StationError("printing.form_damaged", reason=str(error)) from error
    fault = _fault(form)
    if fault:
        raise StationError("printing.form_damaged", form=form.id, reason=fault)
    return msgspec.structs.replace(form, hash=form_hash(raw))


def require_allowed(form: AnyForm, allowed: Collection[str]) -> None:
    """Refuse a form the province has not signed. Raises StationError ``printing.form_not_allowed``."""
    if form.hash not in allowed:
        raise StationError("printing.form_not_allowed", form=form.id, hash=form.hash[:16])


def _fault(form: AnyForm) -> str:
    if isinstance(form, SheetForm):
        return _sheet_fault(form)
    if isinstance(form, RollForm):
        return _roll_fault(form)
    return ""


def _sheet_fault(form: SheetForm) -> str:
    if not form.copies:
        return "no copies"
    for box in form.texts:
        inside = box.x >= 0 and box.y >= 0 and box.x + box.w <= form.width and box.y + box.h <= form.copy_height
        if not inside or box.w <= 0 or box.h <= 0:
            return f"text {box.text!r} lies outside the sheet"
        if box.font not in ROLES or not MIN_POINTS <= box.min_size <= box.size:
            return f"text {box.text!r} has no usable font or size"
    for place in (form.code, form.seal):
        if place is not None and (place.x + place.size > form.width or place.y + place.size > form.copy_height):
            return "the QR or the seal lies outside the sheet"
    if any(copy.dy < 0 or copy.dy + form.copy_height > form.height or copy.page < 1 for copy in form.copies):
        return "a copy lies outside the sheet"
    pages = {copy.page for copy in form.copies}
    return "" if pages == set(range(1, len(pages) + 1)) else "pages are not numbered from 1"


def _roll_fault(form: RollForm) -> str:
    if not form.copies or not form.rows:
        return "no copies or no rows"
    if any(row.font not in ROLES or row.size < MIN_POINTS for row in form.rows):
        return "a row has no usable font or size"
    return "" if form.dots == round(form.width * 8) else "dots are not 8 per millimetre"


def known_keys(form: AnyForm) -> frozenset[str]:
    """Keys of the content the form prints and the content must therefore have, unless `optional`."""
    return frozenset(form.keys()) - OWN_KEYS - COPY_KEYS
