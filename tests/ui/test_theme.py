"""Light, dark, as the system; sizes; changed without a restart."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ui import fonts, theme
from ui.stylesheet import SHEET, sheet
from ui.theme import SCALES, Theme, ThemeChoice, nearest_scale
from ui.tokens import DARK, LIGHT, Tokens
from ui.widgets.button import Button


def test_the_style_sheet_stays_short_and_names_only_known_colours() -> None:
    assert len(SHEET.strip().splitlines()) <= 150
    assert set(re.findall(r"\$([a-z_]+)", SHEET)) <= set(Tokens._fields)
    assert "$" not in sheet(LIGHT, 100)


def test_choosing_dark_changes_palette_and_painting_at_once(app: QApplication) -> None:
    chosen = Theme(app, ThemeChoice.LIGHT)
    told: list[bool] = []
    chosen.changed.connect(lambda: told.append(True))
    chosen.choose(ThemeChoice.DARK)
    assert theme.current() == DARK
    assert chosen.is_dark
    assert app.palette().color(QPalette.ColorRole.Base).name() == DARK.panel.lower()
    chosen.choose(ThemeChoice.LIGHT)
    assert theme.current() == LIGHT
    assert told == [True, True]


def test_an_icon_follows_the_theme(app: QApplication) -> None:
    chosen = Theme(app, ThemeChoice.LIGHT)
    button = Button("plain", "printer")
    button.show()
    before = button.icon().cacheKey()
    chosen.choose(ThemeChoice.DARK)
    assert button.icon().cacheKey() != before
    button.close()


def test_without_a_choice_the_system_decides(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Theme(app, ThemeChoice.SYSTEM)
    monkeypatch.setattr(type(app.styleHints()), "colorScheme", lambda _self: Qt.ColorScheme.Dark)
    chosen._on_system_changed()
    assert theme.current() == DARK
    monkeypatch.undo()
    chosen.choose(ThemeChoice.LIGHT)
    chosen._on_system_changed()
    assert theme.current() == LIGHT


@pytest.mark.parametrize("scale", SCALES)
def test_the_size_of_words_follows_the_scale(app: QApplication, scale: int) -> None:
    Theme(app, ThemeChoice.LIGHT, scale)
    assert app.font().pixelSize() == round(14 * scale / 100)


@pytest.mark.parametrize(("asked", "given"), [(0, 90), (100, 100), (107, 100), (108, 115), (999, 175)])
def test_a_size_that_is_not_offered_becomes_the_nearest(asked: int, given: int) -> None:
    assert nearest_scale(asked) == given


def test_the_shipped_fonts_are_the_ones_in_use(app: QApplication) -> None:
    Theme(app, ThemeChoice.LIGHT)
    assert {fonts.SANS, fonts.RARE} <= set(fonts.load())
    assert fonts.SANS in QFontDatabase.families()
    assert app.font().families() == [fonts.SANS, fonts.RARE]
