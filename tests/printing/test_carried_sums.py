"""Long books over several pages: the sums so far go over to the next page (过次页, 承前页)."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from inspector_app.ports import ReportTable
from printing import preview
from printing.paper import StationPaper, shipped_forms
from tests.printing.external import run
from tests.printing.samples import MADE_AT

TITLE = "出入库分类登记表"


ONE_PAGE = 32
"""So many lines fit below the title."""


def book(lines: int, *, carried: bool = True) -> ReportTable:
    """So many lines of one each, with the sum so far."""
    rows = tuple((f"2026-11-{1 + at % 28:02d}", f"99{at:08d}", "1") for at in range(1, lines + 1))
    sums = tuple(("", "", str(at)) for at in range(1, lines + 1))
    return ReportTable("B 证 编号", ("日期", "起止号", "收入"), rows, sums if carried else ())


def pages(lines: int, tmp_path: Path, *, carried: bool = True) -> list[str]:
    drawn = StationPaper(shipped_forms()).report(TITLE, {"站点": "练习站"}, (book(lines, carried=carried),), MADE_AT)
    (tmp_path / "book.pdf").write_bytes(drawn)
    text = run("pdftotext", "-layout", "-enc", "UTF-8", tmp_path / "book.pdf", "-")
    assert preview.page_count(drawn) == text.count("\f")
    return text.split("\f")[:-1]


def after(page: str, label: str) -> int:
    (found,) = re.findall(rf"{label}\D*(\d+)", page)
    return int(found)


def test_each_page_ends_with_the_sum_the_next_begins_with_and_no_line_is_lost(tmp_path: Path) -> None:
    made = pages(120, tmp_path)
    assert len(made) >= 3
    for before, page in pairwise(made):
        assert after(before, "过次页") == after(page, "承前页")
    assert sum(page.count("9900000") for page in made) == 120
    in_first = made[0].count("9900000")
    assert after(made[0], "过次页") == in_first


def test_the_first_page_carries_nothing_from_before_and_the_last_nothing_on(tmp_path: Path) -> None:
    made = pages(120, tmp_path)
    assert "承前页" not in made[0]
    assert "过次页" not in made[-1]


@pytest.mark.parametrize("lines", [1, 10])
def test_a_book_of_one_page_carries_nothing(tmp_path: Path, lines: int) -> None:
    (page,) = pages(lines, tmp_path)
    assert "过次页" not in page
    assert "承前页" not in page


def test_a_table_without_sums_turns_pages_as_before(tmp_path: Path) -> None:
    made = pages(120, tmp_path, carried=False)
    assert not any("过次页" in page for page in made)
    assert sum(page.count("9900000") for page in made) == 120


@pytest.mark.parametrize("lines", range(28, 44))
def test_wherever_the_page_ends_its_row_of_sums_still_fits(tmp_path: Path, lines: int) -> None:
    made = pages(lines, tmp_path)
    assert sum(page.count("9900000") for page in made) == lines
    if lines > ONE_PAGE:
        assert after(made[0], "过次页") == after(made[1], "承前页")
    else:
        assert "过次页" not in made[0], "only the lines to sign on are on another page"
