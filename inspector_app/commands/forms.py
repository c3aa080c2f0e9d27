"""Forms out of JSON files: what does not fit is named, and nothing in a file is passed over silently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from inspector_app.commands.session import read_file
from inspector_app.errors import StationError

S = TypeVar("S")
MAX_FORM_BYTES = 32_768
MAX_PHOTOS = 200
"""Together well below what one entry holds, with everything a service adds to a form."""


def read_form(name: str, shape: type[S]) -> S:
    """A form from a JSON file.

    StationError ``form_unreadable`` naming what does not fit, ``form_not_utf8``, ``form_key_twice``,
    ``form_too_large``.
    """
    text = _text(name)
    _require_single_keys(name, text)
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.MsgspecError as error:
        raise unfit(name, error) from error


def unfit(name: str, error: Exception) -> StationError:
    """The fault behind a form whose content does not fit."""
    return StationError("form_unreadable", name=Path(name).name, detail=str(error))


def require_few(photos: list[str]) -> None:
    """More photographs than one record can name are refused before any is kept (StationError ``form_too_large``)."""
    if len(photos) > MAX_PHOTOS:
        raise StationError("form_too_large", name="--photo", limit=f"{MAX_PHOTOS}")


def _text(name: str) -> str:
    raw = read_file(name)
    if len(raw) > MAX_FORM_BYTES:
        raise StationError("form_too_large", name=Path(name).name, limit=f"{MAX_FORM_BYTES // 1024} KB")
    try:
        # Windows' editor begins a file with a mark.
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StationError("form_not_utf8", name=Path(name).name) from error


def _require_single_keys(name: str, text: str) -> None:
    def single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _value in pairs]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise StationError("form_key_twice", name=Path(name).name, key=twice)
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=single)
    except (ValueError, RecursionError):
        return  # what is no JSON at all is told by whoever reads it
