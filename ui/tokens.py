"""Colours by what they are for (UX 3.3), light and dark; every pair that carries text keeps a contrast of 4.5 : 1.

Nothing here needs a running application: the contrast of each pair is computed by a test.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class Tone(enum.StrEnum):
    """What a chip, banner or cell says besides its words; a tone never carries the meaning alone."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    OFF = "off"


class Tokens(NamedTuple):
    """One theme; all values are ``#RRGGBB``. ``<tone>`` is written on ``<tone>_bg``."""

    background: str
    panel: str
    side: str
    line: str
    edge: str
    hover: str
    text: str
    muted: str
    accent: str
    on_accent: str
    soft: str
    good: str
    good_bg: str
    warn: str
    warn_bg: str
    bad: str
    bad_bg: str
    info: str
    info_bg: str
    off: str
    off_bg: str

    def ink(self, tone: Tone) -> str:
        """The colour of words and icon in this tone."""
        return str(getattr(self, tone.value))

    def ground(self, tone: Tone) -> str:
        """The colour beneath them."""
        return str(getattr(self, f"{tone.value}_bg"))


LIGHT = Tokens(
    background="#F6F7F9",
    panel="#FFFFFF",
    side="#FBFBFC",
    line="#E3E6EA",
    edge="#C6CCD4",
    hover="#EEF1F4",
    text="#1F2328",
    muted="#57606A",
    accent="#0B5CAD",
    on_accent="#FFFFFF",
    soft="#E8F1FC",
    good="#14532D",
    good_bg="#E5F5EA",
    warn="#6B4400",
    warn_bg="#FFF4D6",
    bad="#A61B1B",
    bad_bg="#FDECEC",
    info="#0B3D91",
    info_bg="#E8F1FC",
    off="#3D4450",
    off_bg="#E4E7EB",
)

DARK = Tokens(
    background="#17191D",
    panel="#1E2126",
    side="#1A1D21",
    line="#30343B",
    edge="#474D57",
    hover="#282C33",
    text="#E6E8EB",
    muted="#A9B1BB",
    accent="#7AB7F5",
    on_accent="#0B1A2B",
    soft="#1F3146",
    good="#9BE3B3",
    good_bg="#12331F",
    warn="#FFD98A",
    warn_bg="#3A2E12",
    bad="#FFB4AB",
    bad_bg="#3A1A1A",
    info="#A9CDF7",
    info_bg="#1F3146",
    off="#C6CCD4",
    off_bg="#2A2E35",
)


def sharpened(tokens: Tokens) -> Tokens:
    """The same theme for a system that asks for high contrast: lines and quiet words in the colour of the text."""
    return tokens._replace(line=tokens.muted, edge=tokens.text, muted=tokens.text, off=tokens.text)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
