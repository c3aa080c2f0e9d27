"""Holding a count against a book: by range, with pages, and with what moved meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.stocktake import (
    Count,
    CountedRange,
    Difference,
    Place,
    Reconciled,
    StockLine,
    book_of,
    read_scan,
    reconcile,
    runs,
    standing,
)
from tests.proof_samples import code, credential

UNUSED: Place = ("unused", "B")
DESK: Place = ("on_hand", "B")


def line(first: str, last: str, place: Place = UNUSED, pages: int = 1) -> StockLine:
    return StockLine(shelf=place[0], kind=place[1], first=first, last=last, pages=pages)


def count(*ranges: tuple[str, str], place: Place = UNUSED, pages: int = 0, anew: bool = False) -> Count:
    counted = [CountedRange(*one) for one in ranges]
    return Count(shelf=place[0], kind=place[1], ranges=counted, pages=pages, anew=anew)


def told(found: Reconciled | None) -> list[tuple[str, str, str, int, int]]:
    """What differs, in short."""
    return [(d.differs, d.first, d.last, d.expected, d.counted) for d in (found.differences if found else [])]


def test_what_is_all_there_differs_in_nothing() -> None:
    book = book_of([line("01", "05"), line("08", "09")])
    assert reconcile(book, [count(("01", "05"), ("08", "09"))], book) is None


def test_a_hole_and_a_find_are_told_by_range() -> None:
    book = book_of([line("01", "10")])
    found = reconcile(book, [count(("01", "03"), ("06", "12"))], book)
    assert told(found) == [("missing", "04", "05", 2, 0), ("surplus", "11", "12", 0, 2)]


def test_what_was_used_meanwhile_is_explained_on_whichever_side_it_was_counted() -> None:
    before, after = book_of([line("01", "10")]), book_of([line("03", "10")])
    for first in ("01", "02", "03"):
        found = reconcile(before, [count((first, "10"))], after)
        assert told(found) == []
    assert reconcile(before, [count(("03", "10"))], after) == Reconciled([], 2)


def test_what_was_not_counted_and_did_not_move_is_missing_even_where_others_moved() -> None:
    before, after = book_of([line("01", "10")]), book_of([line("03", "10")])
    assert told(reconcile(before, [count(("05", "10"))], after)) == [("missing", "03", "04", 2, 0)]


def test_pages_are_one_figure_for_all_papers_of_a_kind() -> None:
    book = book_of([line("01", "03", DESK, pages=2)])
    assert reconcile(book, [count(("01", "03"), place=DESK, pages=6)], book) is None
    found = reconcile(book, [count(("01", "03"), place=DESK, pages=5)], book)
    assert told(found) == [("pages", "01", "03", 6, 5)]


def test_pages_of_papers_that_moved_meanwhile_may_have_been_counted_or_not() -> None:
    before = book_of([line("01", "03", DESK, pages=2)])
    after = before | {DESK: {**before[DESK], "03": 1}}
    for pages in (4, 5, 6, 8):
        assert told(reconcile(before, [count(("01", "03"), place=DESK, pages=pages)], after)) == []
    found = reconcile(before, [count(("01", "03"), place=DESK, pages=3)], after)
    assert told(found) == [("pages", "01", "03", 4, 3)]


def test_a_paper_that_came_and_went_meanwhile_is_explained() -> None:
    found = reconcile({}, [count(("07", "07"), place=DESK, pages=2)], {}, {DESK: {"07"}})
    assert found == Reconciled([], 1)
    assert told(reconcile({}, [count(("07", "07"), place=DESK, pages=2)], {})) == [("surplus", "07", "07", 0, 1)]


def test_counting_anew_sets_the_earlier_counts_of_that_shelf_and_kind_aside() -> None:
    counts = [count(("01", "02")), count(("01", "01"), place=DESK, pages=1), count(("05", "05"), anew=True)]
    assert [one.ranges[0].first for one in standing(counts, UNUSED)] == ["05"]
    assert [one.ranges[0].first for one in standing(counts, DESK)] == ["01"]


def test_ranges_never_join_numbers_of_different_widths() -> None:
    assert list(runs({"9", "10", "11", "08"})) == [("9", "9"), ("08", "08"), ("10", "11")]
    assert list(runs(set())) == []


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_differences_are_exactly_what_only_one_side_has(book: set[int], counted: set[int]) -> None:
    lines = [line(f"{one:02d}", f"{one:02d}") for one in sorted(book)]
    ranges = [(f"{one:02d}", f"{one:02d}") for one in sorted(counted)]
    found = reconcile(book_of(lines), [count(*ranges)], book_of(lines))
    differing = {int(one) for d in (found.differences if found else []) for one in _numbers(d)}
    assert differing == book ^ counted


def _numbers(one: Difference) -> list[str]:
    return [f"{number:02d}" for number in range(int(one.first), int(one.last) + 1)]


@pytest.mark.parametrize("text", ["９９００００００１２", "B 9900000012", "b9900000012", " 9900000012\n"])
def test_a_scan_is_read_with_or_without_its_kind(text: str) -> None:
    assert read_scan(text, "B") == "9900000012"


def test_the_code_of_a_certificate_counts_as_its_number() -> None:
    facts = credential(12, kind=2)
    assert read_scan(code(facts), "B") == facts.digits
    assert read_scan(code(facts), "A") is None


@pytest.mark.parametrize("text", ["A 9900000012", "9900000012-14", "", "https://q.example/q/99", "十二"])
def test_what_is_no_number_of_the_kind_is_not_read(text: str) -> None:
    assert read_scan(text, "B") is None
