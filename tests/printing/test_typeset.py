"""Setting text: nothing is lost, nothing is wider than its line, punctuation stands where it may."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.fonts import shipped_fonts
from printing.placed import MM_PER_POINT
from printing.typeset import NOT_AT_END, NOT_AT_START, break_lines, line_runs, missing_glyphs, width_mm

FONTS = shipped_fonts()
LETTERS = st.text("江苏省高邮市菱塘王𬀩㛃𠮷（）《》，。、；：“”0123456789 ABCxyz.-/@", max_size=60)


@given(LETTERS, st.floats(12, 80), st.floats(6, 14))
def test_breaking_loses_and_adds_nothing(text: str, width: float, size: float) -> None:
    assert "".join(break_lines(text, "serif", size, width, FONTS)) == text


@given(LETTERS, st.floats(12, 80), st.floats(6, 14))
def test_no_line_is_wider_than_asked(text: str, width: float, size: float) -> None:
    for line in break_lines(text, "serif", size, width, FONTS):
        assert width_mm(line, "serif", size, FONTS) <= width + 1e-6 or len(line) == 1


@given(st.text("江苏省高邮市，。）》（《", min_size=1, max_size=40))
def test_punctuation_is_not_torn_from_what_it_belongs_to(text: str) -> None:
    # A run of punctuation longer than the line has to be torn somewhere; such texts are left out.
    longest = max(len(part) for part in text.replace("江", " ").replace("市", " ").split(" "))
    if longest > 3:
        return
    lines = break_lines(text, "serif", 10, 10 * 10 * MM_PER_POINT, FONTS)
    for before, after in itertools.pairwise(lines):
        assert after[0] not in NOT_AT_START
        assert before[-1] not in NOT_AT_END


def test_numbers_and_words_stay_whole_when_they_fit() -> None:
    lines = break_lines("编号 9900000003 共计 1,234.5 万尾", "serif", 10, 26, FONTS)
    assert any("9900000003" in line for line in lines)
    assert any("1,234.5" in line for line in lines)


def test_a_word_longer_than_the_line_is_broken_rather_than_cut() -> None:
    word = "https://practice.example/q/" + "1" * 60
    lines = break_lines(word, "sans", 9, 30, FONTS)
    assert "".join(lines) == word
    assert len(lines) > 3


def test_a_line_feed_always_breaks() -> None:
    assert break_lines("一\n\n二", "serif", 10, 50, FONTS) == ["一", "", "二"]


@pytest.mark.parametrize(
    ("text", "lacking"), [("王\U000323af", "\U000323af"), ("🐟鱼🐟\u2611", "🐟\u2611"), ("赵𠮷", "")]
)
def test_characters_no_font_draws_are_named_once(text: str, lacking: str) -> None:
    assert missing_glyphs(text, "serif", FONTS) == lacking


def test_rare_characters_come_from_the_rare_fonts_and_keep_their_place() -> None:
    runs = line_runs("赵𠮷，王", "serif", 10, (5.0, 7.0), FONTS)
    assert [run.text for run in runs] == ["赵", "𠮷", "，王"]
    assert [run.font for run in runs] == ["NotoSerifSC-Regular", "HanaMinB-subset", "NotoSerifSC-Regular"]
    assert [run.x for run in runs] == pytest.approx([5.0, 5 + 10 * MM_PER_POINT, 5 + 20 * MM_PER_POINT], abs=0.01)


def test_all_196_characters_of_the_national_table_beyond_the_bmp_have_a_glyph() -> None:
    table = (FONTS.path("x").parent / "tgh8105.txt").read_text("utf-8")
    beyond = {character for character in table if ord(character) > 0xFFFF}
    assert len(beyond) >= 196
    assert missing_glyphs("".join(sorted(beyond)), "serif", FONTS) == ""
