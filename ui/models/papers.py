"""Papers as pictures: the pages the real renderer draws, and how many copies of one content stand on each."""

from __future__ import annotations

from typing import Any, NamedTuple


class Picture(NamedTuple):
    """PNG pages, and how many copies lie below each other on every page."""

    pages: tuple[bytes, ...]
    copies: int


def picture_of(press: Any, content: Any, dpi: int) -> Picture:
    """Draw a paper; takes a while, so it is asked for in the background."""
    pages = press.picture(content, dpi)
    return Picture(pages, max(1, press.copies(content.form) // max(1, len(pages))))
