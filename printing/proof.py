"""The page read back before it goes to paper: does the QR say what it should, and is the number in the text?

Made by the same layout but read by other programs (pdfium draws, zxing-cpp reads), so that a fault of ours is found
while the sheet is still blank.
"""

from __future__ import annotations

from collections.abc import Iterator

from printing import qr
from printing.placed import CodeMark, Placed, PlacedPage
from printing.preview import page_image, text_of

PROOF_DPI = 300
MARGIN_MODULES = 3


def selfcheck(pdf: bytes, placed: Placed, code: str) -> list[str]:
    """Why the page must not be printed: ``code_unreadable``, ``code_differs``, ``number_missing``; empty when good."""
    faults = set(_code_faults(pdf, placed, code))
    if placed.number and placed.number not in text_of(pdf):
        faults.add("number_missing")
    return sorted(faults)


def _code_faults(pdf: bytes, placed: Placed, code: str) -> Iterator[str]:
    for number, page in enumerate(placed.pages):
        marks = [mark for mark in page.marks if isinstance(mark, CodeMark)]
        if marks:
            yield from _page_faults(pdf, number, page, marks, code)


def _page_faults(pdf: bytes, number: int, page: PlacedPage, marks: list[CodeMark], code: str) -> Iterator[str]:
    picture = page_image(pdf, PROOF_DPI, number, grey=True)
    scale = picture.width / page.width
    for mark in marks:
        free = mark.module * MARGIN_MODULES
        box = mark.region
        corners = (box.x - free, box.y - free, box.x + box.w + free, box.y + box.h + free)
        found = qr.read(picture.crop(tuple(round(corner * scale) for corner in corners)))  # type: ignore[arg-type]
        if not found:
            yield "code_unreadable"
        elif found != [code]:
            yield "code_differs"
