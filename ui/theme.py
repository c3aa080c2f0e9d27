"""How the window looks: light, dark or as the system, at a font scale of 90–175 %; changes show at once.

``current()`` gives painting code the colours in force; widgets that keep pictures made from them (icons) renew them
when Qt tells them of a new palette.
"""

from __future__ import annotations

import enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui import fonts
from ui.stylesheet import sheet
from ui.tokens import DARK, LIGHT, Tokens, sharpened

SCALES = (90, 100, 115, 130, 150, 175)
BASE_PX = 14


class ThemeChoice(enum.StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class _InForce:
    """The colours and scale in force; one application, one look."""

    tokens: Tokens = LIGHT
    scale: int = 100


def current() -> Tokens:
    """The colours in force."""
    return _InForce.tokens


def scaled(px: int) -> int:
    """A length in pixels at the font scale in force."""
    return round(px * _InForce.scale / 100)


class Theme(QObject):
    """Keeps the application's palette, style sheet and font in step with the choice and with the system.

    Signals:
        changed: colours or scale are new and already applied.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM, scale: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._scale = nearest_scale(scale)
        fonts.load()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    @property
    def scale(self) -> int:
        """The font scale in percent."""
        return self._scale

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        return current().panel == DARK.panel

    def choose(self, choice: ThemeChoice) -> None:
        """Change between light, dark and as the system."""
        self._choice = choice
        self._apply()

    def set_scale(self, scale: int) -> None:
        """Change the font scale to the nearest offered one (percent)."""
        self._scale = nearest_scale(scale)
        self._apply()

    def _on_system_changed(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        tokens = DARK if self._wants_dark() else LIGHT
        _InForce.tokens = sharpened(tokens) if _wants_contrast() else tokens
        _InForce.scale = self._scale
        self._app.setFont(base_font(self._scale))
        self._app.setPalette(palette(current()))
        self._app.setStyleSheet(sheet(current(), self._scale))
        self.changed.emit()

    def _wants_dark(self) -> bool:
        if self._choice is ThemeChoice.SYSTEM:
            return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._choice is ThemeChoice.DARK


def nearest_scale(scale: int) -> int:
    """The offered scale nearest to ``scale`` percent."""
    return min(SCALES, key=lambda offered: abs(offered - scale))


def base_font(scale: int) -> QFont:
    """The font of everything that says nothing else; digits all have one width."""
    font = QFont([fonts.SANS, fonts.RARE])
    font.setPixelSize(round(BASE_PX * scale / 100))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def palette(tokens: Tokens) -> QPalette:
    """Qt's roles in our colours, for all that Fusion paints itself."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.background,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.background,
        role.Button: tokens.panel,
        role.Text: tokens.text,
        role.WindowText: tokens.text,
        role.ButtonText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.text,
        role.ToolTipText: tokens.panel,
        role.Mid: tokens.line,
        role.Dark: tokens.edge,
        role.Light: tokens.panel,
        role.Shadow: tokens.edge,
    }
    made = QPalette()
    for one, colour in colours.items():
        made.setColor(one, QColor(colour))
    for one in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor(tokens.muted))
    return made


def _wants_contrast() -> bool:
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)  # Qt 6.10 and later
    if accessibility is None:
        return False
    return accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
