"""The program's own fonts, so that a station sees the same characters on every computer."""

from __future__ import annotations

import functools

from PySide6.QtGui import QFontDatabase

from inspector_app import config

SANS = "Noto Sans SC"
RARE = "HanaMinB Subset"
FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf", "NotoSansSC-Bold.ttf", "HanaMinB-subset.ttf")


@functools.cache
def load() -> tuple[str, ...]:
    """Make the shipped fonts known to Qt, once; returns their families. A font Qt cannot read is left out."""
    found: list[str] = []
    for name in FILES:
        made = QFontDatabase.addApplicationFont(str(config.RESOURCES / "fonts" / name))
        if made >= 0:
            found += QFontDatabase.applicationFontFamilies(made)
    return tuple(found)
