"""The page read back before it goes to paper: does the QR say what it should, and is the number in the text?

Made by the same layout but read by other programs (pdfium draws, zxing-cpp reads), so that a fault of ours is found
while the sheet is still blank.
"""

from __future__ import annotations

from collections.abc import Iterator

from printing import qr
from printing.placed import CodeMark, Placed, Region
from printing.preview import region_image, text_of
from printing.raster import code_picture

PROOF_DPI = 300
MARGIN_MODULES = 3


def selfcheck(pdf: bytes, placed: Placed, code: str) -> list[str]:
    """Why the page must not be printed: ``code_unreadable``, ``code_differs``, ``number_missing``; empty when good."""
    faults = {fault for page, mark in _codes(placed) for fault in _differs(_seen(pdf, page, mark), code)}
    if _bare(placed.number) not in _bare(text_of(pdf)):
        faults.add("number_missing")
    return sorted(faults)


def selfcheck_strip(placed: Placed, code: str, dots: int) -> list[str]:
    """The same for the dots of a thermal strip; its text is a picture and cannot be copied out."""
    return sorted({fault for _, mark in _codes(placed) for fault in _differs(qr.read(code_picture(mark, dots)), code)})


def _bare(text: str) -> str:
    """Readers put spaces where they see gaps."""
    return "".join(text.split())


def _codes(placed: Placed) -> Iterator[tuple[int, CodeMark]]:
    for number, page in enumerate(placed.pages):
        yield from ((number, mark) for mark in page.marks if isinstance(mark, CodeMark))


def _seen(pdf: bytes, page: int, mark: CodeMark) -> list[str]:
    free, box = mark.module * MARGIN_MODULES, mark.region
    around = Region(box.x - free, box.y - free, box.w + 2 * free, box.h + 2 * free)
    return qr.read(region_image(pdf, PROOF_DPI, page, around))


def _differs(found: list[str], code: str) -> Iterator[str]:
    if not found:
        yield "code_unreadable"
    elif found != [code]:
        yield "code_differs"
