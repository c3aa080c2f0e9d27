"""Colours: whatever carries words can be read in both themes, and a tone is told apart from the ground."""

from __future__ import annotations

import pytest

from ui.tokens import DARK, LIGHT, Tokens, Tone, contrast, sharpened

THEMES = {"light": LIGHT, "dark": DARK, "light sharp": sharpened(LIGHT), "dark sharp": sharpened(DARK)}
READABLE, SEEN = 4.5, 3.0


def pairs(tokens: Tokens) -> dict[str, tuple[str, str]]:
    """Every ink on every ground on which it is written."""
    found = {f"{ink} on {ground}": (getattr(tokens, ink), getattr(tokens, ground))
             for ink in ("text", "muted") for ground in ("background", "panel", "side", "hover", "soft")}  # fmt: skip
    found |= {f"{tone} chip": (tokens.ink(tone), tokens.ground(tone)) for tone in Tone}
    found |= {f"{tone} message": (tokens.ink(tone), tokens.panel) for tone in Tone}
    found["primary button"] = (tokens.on_accent, tokens.accent)
    found["accent word"] = (tokens.accent, tokens.panel)
    found["accent on soft"] = (tokens.accent, tokens.soft)
    found["blocked button"] = (tokens.muted, tokens.off_bg)
    found["toast"] = (tokens.panel, tokens.text)
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_every_word_has_a_contrast_of_four_and_a_half(theme: str) -> None:
    poor = {
        name: round(contrast(*pair), 2) for name, pair in pairs(THEMES[theme]).items() if contrast(*pair) < READABLE
    }
    assert not poor


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_ring_is_seen_on_every_ground(theme: str) -> None:
    tokens = THEMES[theme]
    grounds = (tokens.background, tokens.panel, tokens.side, tokens.soft, tokens.hover)
    assert all(contrast(tokens.accent, ground) >= SEEN for ground in grounds)
    assert contrast(tokens.on_accent, tokens.accent) >= SEEN


def test_contrast_is_computed_as_the_guideline_says() -> None:
    assert round(contrast("#FFFFFF", "#000000"), 1) == 21.0
    assert contrast("#57606A", "#FFFFFF") == contrast("#FFFFFF", "#57606A")
    assert round(contrast("#1F2328", "#FFFFFF"), 1) == 15.8


def test_grey_on_grey_would_be_found() -> None:
    assert contrast("#999999", "#FFFFFF") < READABLE
