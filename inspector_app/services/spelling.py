"""Finding a name of the station's own registers by pinyin, initials or what it is written with (U30, U31)."""

from __future__ import annotations

import functools

from inspector_app import config
from inspector_app.domain.pinyin import Match, Reading, match_reading
from inspector_app.domain.typed_text import search_key


@functools.cache
def _readings() -> dict[str, tuple[str, ...]]:
    lines = config.read_resource("pinyin/readings.txt").decode("utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return {character: tuple(syllables.split("|")) for character, syllables in pairs}


@functools.lru_cache(maxsize=4096)
def reading_of(name: str) -> Reading:
    """The reading of a name, all readings of each character; a letter or digit reads as itself."""
    known = _readings()
    return tuple(known.get(one, (one,)) for one in search_key(name))


def matches(typed: str, name: str) -> Match | None:
    """How well what was typed finds the name; None when it does not. Any name is found by nothing at all."""
    wanted, written = search_key(typed), search_key(name)
    if not wanted:
        return Match.INSIDE
    if written == wanted:
        return Match.EXACT
    if written.startswith(wanted):
        return Match.START
    if wanted in written:
        return Match.INSIDE
    return _inside(wanted, reading_of(name)) if wanted.isascii() else None


def _inside(wanted: str, reading: Reading) -> Match | None:
    """The start counts most; 三垛鱼种场 is also found by yzc."""
    found = match_reading(wanted, reading)
    if found is not None:
        return found
    later = any(match_reading(wanted, reading[at:]) is not None for at in range(1, len(reading)))
    return Match.INSIDE if later else None
