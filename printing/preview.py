"""Pages as pictures, and what a picture or PDF says: for the screen, for the check before printing, for verifying."""

from __future__ import annotations

import io
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image

from inspector_app.errors import StationError
from printing import qr
from printing.placed import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

POINTS_PER_INCH = 72
POINTS_PER_MM = 72 / 25.4
READ_DPI = (300, 150)
"""Resolutions tried one after the other on a PDF."""
MAX_PAGES = 20
"""Pages of a foreign PDF that are searched for codes."""
MAX_PIXELS = 60_000_000
_READ_SIDES = (0, 3000, 1600)
"""Longest side a photograph is reduced to for each try; 0 is as it is."""


_PDFIUM = threading.Lock()
"""pdfium belongs to one thread at a time in the whole process, whatever document it works on."""


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, with pdfium to oneself. Raises StationError ``printing.pdf_unreadable``.

    What is taken from the document is closed with it. What is not its child (a bitmap) the borrower closes before the
    end: left to the collector, it would be freed in the middle of another thread's page.
    """
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise StationError("printing.pdf_unreadable", reason=str(error)) from error
        with closing(document):
            yield document


def page_count(content: bytes) -> int:
    """Number of pages."""
    with _opened(content) as document:
        return len(document)


def page_image(content: bytes, dpi: int, page: int = 0, *, grey: bool = False) -> Image.Image:
    """One page as a picture, by the same renderer the screen, the check and Windows printing use."""
    with _opened(content) as document:
        return _drawn(document[page], dpi, grey=grey)


def region_image(content: bytes, dpi: int, page: int, region: Region) -> Image.Image:
    """A part of one page as a grey picture; much cheaper than the whole page."""
    with _opened(content) as document:
        side = document[page]
        width, height = side.get_size()
        cut_off = (
            region.x * POINTS_PER_MM,
            height - (region.y + region.h) * POINTS_PER_MM,
            width - (region.x + region.w) * POINTS_PER_MM,
            region.y * POINTS_PER_MM,
        )
        return _drawn(side, dpi, grey=True, cut_off=cut_off)


def _drawn(
    page: pypdfium2.PdfPage, dpi: int, *, grey: bool, cut_off: tuple[float, float, float, float] = (0, 0, 0, 0)
) -> Image.Image:
    """The page less what is cut off (left, bottom, right, top, in points)."""
    with closing(page.render(scale=dpi / POINTS_PER_INCH, crop=cut_off, grayscale=grey)) as bitmap:
        picture: Image.Image = bitmap.to_pil()
        return picture  # the pixels are Python's own; closing frees pdfium's handle on them


def text_of(content: bytes) -> str:
    """All text of a PDF, page by page, as another program copies it out."""
    with _opened(content) as document:
        return "\n".join(_text_on(page) for page in document)


def _text_on(page: pypdfium2.PdfPage) -> str:
    with closing(page.get_textpage()) as words:
        text: str = words.get_text_bounded()
        return text


def read_codes(content: bytes) -> list[str]:
    """Texts of all QR codes in a PDF or a picture, each once; empty when there is none.

    Raises StationError ``printing.not_readable`` when the bytes are neither.
    """
    found: dict[str, None] = {}
    for tries in _pdf_pages(content) if is_pdf(content) else [_photo_sizes(content)]:
        found.update(dict.fromkeys(_first_codes(tries)))
    return list(found)


def is_pdf(content: bytes) -> bool:
    """Whether the bytes claim to be a PDF (its mark may stand after some rubbish, as readers allow)."""
    return b"%PDF-" in content[:1024]


def _first_codes(tries: Iterator[Image.Image]) -> list[str]:
    return next((codes for codes in map(qr.read, tries) if codes), [])


def _pdf_pages(content: bytes) -> Iterator[Iterator[Image.Image]]:
    for page in range(min(page_count(content), MAX_PAGES)):
        yield (page_image(content, dpi, page, grey=True) for dpi in READ_DPI)


def _photo_sizes(content: bytes) -> Iterator[Image.Image]:
    photo = _open_photo(content)
    for side in _READ_SIDES:
        if not side:
            yield photo
        elif max(photo.size) > side:
            smaller = photo.copy()
            smaller.thumbnail((side, side))
            yield smaller


def _open_photo(content: bytes) -> Image.Image:
    try:
        photo = Image.open(io.BytesIO(content))
        if photo.width * photo.height > MAX_PIXELS:
            raise StationError("printing.not_readable", reason="too many pixels")
        return photo.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise StationError("printing.not_readable", reason=str(error)) from error


class PageCodeReader:
    """The port `CodeReader`: codes out of a photograph or a PDF."""

    def read(self, content: bytes) -> list[str]:
        """Texts of all codes found; raises StationError when the bytes are neither picture nor PDF."""
        return read_codes(content)
