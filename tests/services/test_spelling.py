"""What was typed finds a name by its characters, its pinyin or its initials."""

from __future__ import annotations

import pytest

from inspector_app.domain.pinyin import Match
from inspector_app.services.spelling import matches


@pytest.mark.parametrize(
    ("typed", "name", "found"),
    [
        ("三垛鱼种场", "三垛鱼种场", Match.EXACT),
        ("三垛", "三垛鱼种场", Match.START),
        ("鱼种", "三垛鱼种场", Match.INSIDE),
        ("", "三垛鱼种场", Match.INSIDE),
    ],
)
def test_characters_find_a_name(typed: str, name: str, found: Match) -> None:
    assert matches(typed, name) is found


@pytest.mark.parametrize("typed", ["sdyzc", "sanduo", "yzc", "ＳＤ", "sandyz"])
def test_pinyin_and_initials_find_it_too(typed: str) -> None:
    assert matches(typed, "三垛鱼种场") is not None


@pytest.mark.parametrize("typed", ["四垛", "xyz", "sdd", "三 垛 场"])
def test_anything_else_does_not(typed: str) -> None:
    assert matches(typed, "三垛鱼种场") is None
