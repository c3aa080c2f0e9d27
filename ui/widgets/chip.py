"""A chip says a state in a word, with an icon and a soft colour; the colour alone never says it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme
from ui.tokens import Tone

ICONS = {
    Tone.GOOD: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-x",
    Tone.INFO: "info",
    Tone.OFF: "clock",
}


def chip_font(base: QFont) -> QFont:
    """The font of chips: a little smaller than the text around them."""
    font = QFont(base)
    font.setPixelSize(theme.scaled(12))
    return font


def chip_size(font: QFont, shown: str) -> QSize:
    """How much room a chip needs."""
    metrics = QFontMetrics(font)
    height = metrics.height() + theme.scaled(5)
    return QSize(metrics.horizontalAdvance(shown) + theme.scaled(13) + height + theme.scaled(2), height)


def paint_chip(
    painter: QPainter, rect: QRectF, shown: str, tone: Tone, icon: str = "", *, on_selected: bool = False
) -> None:
    """Draw a chip into ``rect``, the painter's font set by :func:`chip_font`; on a selected row it lies on white."""
    tokens = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.panel if on_selected else tokens.ground(tone)))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    side = theme.scaled(13)
    drawing = icons.pixmap(icon or ICONS[tone], tokens.ink(tone), side)
    left = rect.left() + rect.height() * 0.42
    painter.drawPixmap(int(left), int(rect.center().y() - side / 2 + 0.5), drawing)
    painter.setPen(QColor(tokens.ink(tone)))
    words = QRectF(left + side + theme.scaled(4), rect.top(), rect.right(), rect.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


class Chip(QWidget):
    """One chip as a widget; its words are its accessible name."""

    def __init__(self, shown: str = "", tone: Tone = Tone.OFF, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tone = tone
        self._icon = icon
        self._shown = ""
        self.say(shown, tone, icon)

    @property
    def shown(self) -> str:
        """The word on it."""
        return self._shown

    @property
    def tone(self) -> Tone:
        """Its tone."""
        return self._tone

    def say(self, shown: str, tone: Tone, icon: str = "") -> None:
        """Show another state."""
        self._shown, self._tone, self._icon = shown, tone, icon
        self.setAccessibleName(shown)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as its words need at the font scale in force."""
        return chip_size(chip_font(self.font()), self._shown)

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it in the colours in force."""
        painter = QPainter(self)
        painter.setFont(chip_font(self.font()))
        paint_chip(painter, QRectF(self.rect()), self._shown, self._tone, self._icon)
        painter.end()
