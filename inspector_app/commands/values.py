"""Option values with a spelling of their own; read before anybody signs in, StationError says how each is written.

Not by argparse: it knows neither the language asked for nor a word about what is safe.
"""

from __future__ import annotations

import re
import unicodedata

from inspector_app.clock import moment_of
from inspector_app.errors import StationError
from inspector_app.services.on_desk import Sheet

_SHEET = re.compile(r"[0-9]{1,3}")
_ROWS = re.compile(r"[1-9][0-9]{0,8}")
_PLACE = re.compile(r"([0-9]{1,3})/([0-9]{1,3})")


def moment(text: str | None) -> int | None:
    """``--at``: UTC ms; None when it was not given. StationError ``time_unreadable``."""
    if text is None:
        return None
    try:
        return moment_of(_plain(text))
    except ValueError as error:
        raise StationError("time_unreadable", given=text) from error


def rows(text: str | None) -> int | None:
    """``--first``, ``--count``: a row, or how many; None when not given. StationError ``rows_unreadable``."""
    if text is None:
        return None
    plain = _plain(text)
    if not _ROWS.fullmatch(plain):
        raise StationError("rows_unreadable", given=text)
    return int(plain)


def sheets(text: str) -> list[int]:
    """``--spoiled``: numbers of sheets. StationError ``sheets_unreadable``."""
    pieces = _pieces(text)
    if not all(_SHEET.fullmatch(piece) for piece in pieces):
        raise StationError("sheets_unreadable", given=text)
    return [int(piece) for piece in pieces]


def places(text: str) -> list[Sheet]:
    """``--lost``: sheets, each with its print. StationError ``places_unreadable``."""
    found = [_PLACE.fullmatch(piece) for piece in _pieces(text)]
    read = [Sheet(int(place[1]), int(place[2])) for place in found if place is not None]
    if len(read) < len(found):
        raise StationError("places_unreadable", given=text)
    return read


def place(text: str) -> Sheet:
    """One sheet with its print, ``1/2``. StationError ``places_unreadable``."""
    found = places(text)
    if len(found) != 1:
        raise StationError("places_unreadable", given=text)
    return found[0]


def numbered_places(text: str) -> list[tuple[str, Sheet]]:
    """``--sheets``: sheets each with number and print, ``B 9900000003 1/2, …``. StationError ``places_unreadable``."""
    parts = [piece.rpartition(" ") for piece in _pieces(text)]
    return [(number, place(at)) for number, _blank, at in parts]


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in re.split(r"[,、]", _plain(text)) if piece.strip()]


def _plain(text: str) -> str:
    # A Chinese input method types full-width digits, colons and commas.
    return unicodedata.normalize("NFKC", text).strip()
