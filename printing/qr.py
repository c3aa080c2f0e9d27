"""QR codes: made with a fixed mask, read back with a second program.

Level M; the URL in a byte segment and the decimal digits in a numeric one, which makes a signed certificate one to two
versions smaller than a single segment (PRINTING 4.1). The mask is fixed: scoring all eight costs five times the rest
and any of them is legal; every page is read back before it is printed anyway.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING

import msgspec
import qrcode
import zxingcpp
from qrcode import util
from qrcode.exceptions import DataOverflowError

if TYPE_CHECKING:
    from PIL import Image

MASK = 2
QUIET_MODULES = 4
"""Width of the free zone around the code (ISO/IEC 18004, 9.1)."""
LASER_MIN_MODULE_MM = 0.5
THERMAL_MIN_MODULE_MM = 0.625
_ONLY_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class Code(msgspec.Struct, frozen=True):
    """A QR code: `rows` of modules, each a string of ``#`` and space, and the size of a module in millimetres."""

    rows: tuple[str, ...]
    module_mm: float

    @property
    def side_mm(self) -> float:
        """Side of the code without its quiet zone."""
        return len(self.rows) * self.module_mm

    @property
    def quiet_mm(self) -> float:
        """Width of the quiet zone."""
        return QUIET_MODULES * self.module_mm


def make(text: str, module_mm: float) -> Code | None:
    """The code for `text`; None when it is longer than any QR code holds."""
    rows = _rows(text)
    return None if rows is None else Code(rows, module_mm)


@functools.lru_cache(maxsize=8)  # the copies of one print carry the same code
def _rows(text: str) -> tuple[str, ...] | None:
    prefix = text.rstrip(string.digits)
    digits = text[len(prefix) :]
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    if prefix:
        code.add_data(util.QRData(prefix.encode(), mode=util.MODE_8BIT_BYTE), optimize=0)
    if digits:
        code.add_data(util.QRData(digits.encode("ascii"), mode=util.MODE_NUMBER), optimize=0)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return None
    return tuple("".join("#" if dark else " " for dark in row) for row in code.get_matrix())


def read(image: Image.Image) -> list[str]:
    """Texts of all QR codes in a picture, in reading order; empty when there is none."""
    found = zxingcpp.read_barcodes(image, formats=_ONLY_QR)
    return [code.text for code in found]
