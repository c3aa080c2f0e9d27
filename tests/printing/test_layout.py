"""Layout: smaller, then in lines, never cut; what cannot be drawn is named before anything is issued."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.errors import BugError
from printing.content import LayoutProblem
from printing.fonts import shipped_fonts
from printing.forms import SheetForm, TextBox, load_form
from printing.layout import check, fit, place
from printing.placed import CodeMark, GlyphRun, Ink, PlacedPage, SealPlace
from printing.typeset import line_height
from tests.printing.samples import CODE, FORMS, content, form

FONTS = shipped_fonts()
SHEETS = ["certificate_a", "certificate_b"]
ALL = [*SHEETS, "portable_b_80", "portable_b_58"]


def words(page: PlacedPage) -> str:
    return "".join(mark.text for mark in page.marks if isinstance(mark, GlyphRun))


@pytest.mark.parametrize("name", ALL)
def test_the_sample_fits_and_every_copy_says_the_same(name: str) -> None:
    chosen, says = form(name), content(name)
    assert check(chosen, says, FONTS) == []
    whole = "".join(words(page) for page in place(chosen, says, FONTS).pages)
    for value in ("王𬀩", "伍拾万尾", "应于当日内到达有效", "赵𠮷", "二〇二六年十一月二十一日", "B 9900000003"):
        assert whole.replace("\n", "").count(value) == 2


def test_copies_of_a_are_two_pages_and_of_b_two_halves_of_one() -> None:
    a, b = (place(form(name), content(name), FONTS) for name in SHEETS)
    assert [len(a.pages), len(b.pages)] == [2, 1]
    assert [part.y for part in b.pages[0].copies] == [0, 148.5]
    assert "第一联" in words(a.pages[0])
    assert "第二联" in words(a.pages[1])


@pytest.mark.parametrize("name", ALL)
def test_the_same_input_gives_the_same_places(name: str) -> None:
    assert place(form(name), content(name), FONTS) == place(form(name), content(name), FONTS)


def test_a_character_without_a_glyph_is_refused_with_field_and_character() -> None:
    says = content("certificate_b", owner="王🐟", destination="兴化\u2611市")
    assert check(form("certificate_b"), says, FONTS) == [
        LayoutProblem("no_glyph", "destination", "\u2611"),
        LayoutProblem("no_glyph", "owner", "🐟"),
    ]


@pytest.mark.parametrize("name", ALL)
def test_a_missing_value_is_refused_and_an_optional_one_is_not(name: str) -> None:
    says = content(name)
    values = {key: value for key, value in says.values.items() if key not in ("owner", "remarks")}
    problems = check(form(name), msgspec.structs.replace(says, values=values), FONTS)
    assert problems == [LayoutProblem("missing", "owner")]


def test_a_text_too_long_for_its_box_is_refused_not_cut() -> None:
    endless = "江苏省高邮市菱塘回族乡" * 60
    problems = check(form("certificate_b"), content("certificate_b", origin=endless), FONTS)
    assert [(problem.code, problem.field) for problem in problems] == [("too_long", "origin")]


def test_a_strip_longer_than_any_roll_is_refused() -> None:
    problems = check(form("portable_b_58"), content("portable_b_58", owner="很长的名字" * 900), FONTS)
    assert [problem.code for problem in problems] == ["too_long"]


@pytest.mark.parametrize("name", ALL)
def test_a_code_too_large_to_be_read_is_refused(name: str) -> None:
    problems = check(form(name), content(name, code=CODE + "7" * 1500), FONTS)
    assert LayoutProblem("code_too_big", "code") in problems


def test_more_text_than_any_code_holds_is_refused() -> None:
    problems = check(form("certificate_a"), content("certificate_a", code="x" * 9000), FONTS)
    assert LayoutProblem("code_too_big", "code") in problems


def test_placing_what_was_not_checked_is_a_bug_of_ours() -> None:
    with pytest.raises(BugError):
        place(form("certificate_b"), content("certificate_b", owner="🐟"), FONTS)
    with pytest.raises(BugError):
        place(form("certificate_a"), content("certificate_b"), FONTS)
    with pytest.raises(BugError):
        place(form("day_close"), content("day_close"), FONTS)


def test_before_signing_the_place_of_the_code_stays_free() -> None:
    page = place(form("certificate_b"), content("certificate_b", code="", check_code=""), FONTS).pages[0]
    assert not any(isinstance(mark, CodeMark) for mark in page.marks)
    assert "核验码" not in words(page)
    assert any(isinstance(mark, SealPlace) for mark in page.marks)


@pytest.mark.parametrize("name", SHEETS)
def test_modules_on_laser_paper_are_half_a_millimetre_or_more(name: str) -> None:
    marks = [mark for page in place(form(name), content(name), FONTS).pages for mark in page.marks]
    codes = [mark for mark in marks if isinstance(mark, CodeMark)]
    assert len(codes) == 2
    assert all(mark.module >= 0.5 for mark in codes)


@pytest.mark.parametrize("name", ALL)
def test_print_two_says_so_in_every_copy_and_print_one_says_nothing(name: str) -> None:
    first, second = (
        "".join(words(page) for page in place(form(name), content(name, print_no=number), FONTS).pages)
        for number in (1, 2)
    )
    assert "次打印" not in first
    assert second.count("第2次打印") == 2


def test_the_number_is_red() -> None:
    page = place(form("certificate_b"), content("certificate_b"), FONTS).pages[0]
    runs = [mark for mark in page.marks if isinstance(mark, GlyphRun) and "9900000003" in mark.text]
    assert {run.ink for run in runs} == {Ink.RED}


@given(st.integers(0, 120))
def test_a_fitted_text_is_whole_and_inside_its_box(length: int) -> None:
    box = TextBox(text="{owner}", x=0, y=0, w=54, h=9, size=11.5, min_size=6.5, wrap=True)
    text = ("江苏省泰州市兴化市沙沟镇" * 11)[:length]
    fitted = fit(text, box, FONTS)
    if fitted is None:
        assert length > 40
        return
    assert "".join(fitted.lines) == text
    assert box.min_size <= fitted.size <= box.size
    assert (len(fitted.lines) - 1) * line_height(fitted.size) < box.h


def test_a_long_text_is_made_a_little_smaller_before_it_is_broken() -> None:
    box = TextBox(text="{x}", x=0, y=0, w=54, h=9, size=11.5, min_size=6.5, wrap=True)
    sizes = [fit("字" * count, box, FONTS) for count in (10, 15, 20, 30)]
    shapes = [(fitted.size, len(fitted.lines)) for fitted in sizes if fitted]
    assert shapes[0] == (11.5, 1)
    assert shapes[1][0] < 11.5
    assert shapes[1][1] == 1
    assert [lines for _, lines in shapes[2:]] == [2, 2]
    assert shapes[2][0] >= 9  # two readable lines rather than a tiny one


def test_a_box_that_may_not_wrap_refuses_instead() -> None:
    box = TextBox(text="{x}", x=0, y=0, w=20, h=9, size=11.5, min_size=8)
    assert fit("字" * 30, box, FONTS) is None


def test_a_form_changes_the_paper_without_any_code() -> None:
    raw = (FORMS / "certificate_b.toml").read_bytes().replace("随货同行".encode(), "交承运人".encode())
    changed = load_form(raw)
    assert isinstance(changed, SheetForm)
    page = place(changed, content("certificate_b"), FONTS).pages[0]
    assert "交承运人" in words(page)
    assert "随货同行" not in words(page)
