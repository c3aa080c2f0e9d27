"""Line icons (Lucide, ISC) drawn from SVG in any colour; always beside a word, never instead of one."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from inspector_app import config

_SHARPNESS = 3  # drawn this many times larger than shown, so that a mixed-density screen stays sharp


@functools.cache
def _source(name: str) -> bytes:
    return config.read_resource(f"icons/{name}.svg")


@functools.lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The icon in ``colour`` (``#RRGGBB``), ``size`` logical pixels square."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode("ascii"))))
    drawn = QPixmap(QSize(size, size) * _SHARPNESS)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(_SHARPNESS)
    return drawn


def icon(name: str, colour: str, size: int = 18) -> QIcon:
    """The icon for a button or menu; the same drawing in all modes, since colour follows the button's state."""
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled, QIcon.Mode.Selected, QIcon.Mode.Active):
        made.addPixmap(pixmap(name, colour, size), mode)
    return made
