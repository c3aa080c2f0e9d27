"""Matching what is typed against the pinyin of a name: full, initials, or a mixture, all readings.

A *reading* is one entry per character, each with its possible syllables (polyphonic characters 多音字 have several):
``(("gui", "jue"),)`` for 鳜. Typed ``gy``, ``gaoyou``, ``gaoy`` and ``gyou`` all match 高邮.
"""

from __future__ import annotations

import enum

Reading = tuple[tuple[str, ...], ...]


class Match(enum.IntEnum):
    """How well a query matched, best first."""

    EXACT = 0
    START = 1
    INITIALS = 2
    MIXED = 3
    INSIDE = 4


def parse_reading(text: str) -> Reading:
    """``"gao you"`` or ``"gui|jue yu"`` → a reading."""
    return tuple(tuple(character.split("|")) for character in text.split())


def match_reading(query: str, reading: Reading) -> Match | None:
    """How ``query`` (:func:`~inspector_app.domain.typed_text.search_key`, ASCII) spells the start of the reading."""
    if not query or not _spells(query, reading, 0, whole=False):
        return None
    if _spells(query, reading, 0, whole=True):
        return Match.EXACT if _takes_all(query, reading) else Match.START
    initials = len(query) <= len(reading) and all(
        any(syllable[0] == letter for syllable in syllables) for letter, syllables in zip(query, reading, strict=False)
    )
    return Match.INITIALS if initials else Match.MIXED


def _spells(query: str, reading: Reading, place: int, *, whole: bool) -> bool:
    """Whether the query is a run of syllables from ``place``; only the last may be cut short if ``whole``."""
    if not query:
        return True
    if place == len(reading):
        return False
    for syllable in reading[place]:
        if syllable.startswith(query):
            return True
        longest = len(syllable)
        for length in range(longest, (longest if whole else 1) - 1, -1):
            if query.startswith(syllable[:length]) and _spells(query[length:], reading, place + 1, whole=whole):
                return True
    return False


def _takes_all(query: str, reading: Reading) -> bool:
    """Whether the query is the whole reading, every syllable in full."""
    if not reading:
        return not query
    return any(query.startswith(s) and _takes_all(query[len(s) :], reading[1:]) for s in reading[0])
