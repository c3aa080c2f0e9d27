"""A book of thousands of ranges is counted in one stocktake, in several pages of one act, and in a reasonable time."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.stocktake import PAGE_LINES, CountedRange, Covered, pages_of
from inspector_app.journal.entries.stocktakes import StocktakeCounted, StocktakeListed, StocktakeOpened
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from inspector_app.services.opening import record_opening
from inspector_app.services.sheet_custody import hand_in, to_hand_in
from inspector_app.services.stock_freeze import lines_of
from inspector_app.services.stocktaking import (
    Closed,
    close_stocktake,
    count_stock,
    open_stocktake,
    own_stocktake,
    scan_stock,
    uncounted,
)
from tests.office import HEAD
from tests.services.work import assert_sound, done, only

LISTS, ROWS = 10, 300
MANY = LISTS * ROWS


def digits() -> Iterator[str]:
    """Numbers of which no two lie beside each other, so that each is a range of its own."""
    return (f"32{2 * at:08d}" for at in range(1, MANY + 1))


@pytest.fixture
def full(device: Device, head: Session) -> Device:
    """A cabinet with thousands of papers, none beside another."""
    device.session = head
    done(assign_store(device, "main", HEAD))
    numbers = list(digits())
    for at in range(LISTS):
        rows = "\n".join(f"sheet,N,{one},1,spoiled" for one in numbers[at * ROWS : (at + 1) * ROWS])
        done(record_opening(device, f"what,kind,first,pages,state\n{rows}\n".encode(), "main"))
    return device


def facts(device: Device, kind: type) -> list[object]:
    return [entry.fact for entry in device.store.entries() if isinstance(entry.fact, kind)]


def test_a_book_of_thousands_of_ranges_is_counted_in_one_stocktake(full: Device) -> None:
    begun = monotonic()
    done(open_stocktake(full, kinds=("N",)))
    row = own_stocktake(full)
    assert row is not None
    book = [line for line in lines_of(row) if line.shelf == "on_hand"]
    assert [line.first for line in book] == list(digits())
    only(hand_in(full, to_hand_in(full), to="county_keeper"), C.STOCKTAKE_OPEN)
    done(scan_stock(full, "on_hand", "N", list(digits())[:-1]))
    assert [line.first for line in uncounted(full, row) if line.shelf == "on_hand"] == [list(digits())[-1]]
    only(scan_stock(full, "on_hand", "N", list(digits())[-2:]), C.ALREADY_RECORDED, "numbers")
    done(count_stock(full, "on_hand", "N", ""))
    done(count_stock(full, "unused", "N", ""))
    closed = close_stocktake(full, no_picture="camera_broken")
    assert isinstance(closed, Closed)
    assert [(one.differs, one.first) for one in closed.differences if one.shelf == "on_hand"] == [
        ("missing", list(digits())[-1])
    ]
    assert monotonic() - begun < 60
    assert_sound(full)


def test_each_page_is_an_entry_of_the_same_act_and_well_below_its_limit(full: Device) -> None:
    done(open_stocktake(full, kinds=("N",)))
    done(scan_stock(full, "on_hand", "N", list(digits())))
    opened, *listed = facts(full, StocktakeOpened) + facts(full, StocktakeListed)
    assert isinstance(opened, StocktakeOpened)
    assert len(opened.lines) == PAGE_LINES
    assert [len(page.lines) for page in listed if isinstance(page, StocktakeListed)][:-1] == [PAGE_LINES] * (LISTS - 1)
    counted = [fact for fact in facts(full, StocktakeCounted) if isinstance(fact, StocktakeCounted)]
    assert [(len(page.ranges), page.pages) for page in counted] == [(PAGE_LINES, MANY)] + [(PAGE_LINES, 0)] * (
        LISTS - 1
    )
    (longest,) = full.store.database.one("SELECT MAX(LENGTH(public)) FROM entries") or (0,)
    assert 0 < longest < 60_000


def test_counting_anew_sets_every_page_of_the_count_before_aside(full: Device) -> None:
    done(open_stocktake(full, kinds=("N",)))
    done(scan_stock(full, "on_hand", "N", list(digits())))
    done(scan_stock(full, "on_hand", "N", list(digits())[:PAGE_LINES], anew=True))
    row = own_stocktake(full)
    assert row is not None
    assert len([line for line in uncounted(full, row) if line.shelf == "on_hand"]) == MANY - PAGE_LINES


@pytest.mark.parametrize(
    ("ranges", "asked", "meets"),
    [
        ([], ("1", "9"), False),
        ([("10", "20"), ("30", "30")], ("21", "29"), False),
        ([("10", "20"), ("30", "30")], ("20", "25"), True),
        ([("10", "20"), ("30", "30")], ("05", "40"), True),
        ([("10", "40"), ("15", "20")], ("35", "36"), True),
        ([("10", "20")], ("010", "020"), False),
        ([("30", "40"), ("10", "20")], ("40", "99"), True),
    ],
)
def test_ranges_meet_by_numbers_of_one_width(
    ranges: list[tuple[str, str]], asked: tuple[str, str], meets: bool
) -> None:
    assert Covered(CountedRange(*one) for one in ranges).meets(*asked) is meets


def test_an_empty_book_has_one_empty_page() -> None:
    assert pages_of([]) == [[]]
    assert [len(page) for page in pages_of(range(PAGE_LINES + 1))] == [PAGE_LINES, 1]
